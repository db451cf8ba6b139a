"""What changes about customers from week to week, and who is there in a week."""

from dataclasses import dataclass, field

import numpy as np

from churnml.simulate.calendar import NEVER
from churnml.simulate.draws import Flags, Floats, Ints
from churnml.simulate.people import People
from churnml.simulate.world import CAUSES


@dataclass
class State:
    """The customers of a part, now; every array has shape (n,) unless said otherwise.

    Attributes:
        alive: whether they are customers; nobody sees it.
        left: day on which they decided to leave, the last time; NEVER.
        cause: why, an index of CAUSES or len(CAUSES) for none.
        grievances: shape (causes, n), 0 to 1.5.
        fading: weeks for which their need goes on shrinking.
        waning: whether their need wanes without any cause.
        need: how much they need since the last order; they buy when it reaches `enough`.
        unattended: weeks since somebody cared for them.
        seen: last day on which the company saw them buy, visit or log in.
        complaint_open: until which moment a complaint of theirs is open.
        gripe: cause about which they will open a ticket this week, or -1.
        begun: day on which the running contract began; NEVER without one.
        ends: day on which it ends; NEVER while nobody has ended it.
        plan: index of the plan.
        dearer: whether the contract has the higher prices.
        stated: what the customer said was the reason for cancelling, or -1.
        silent: whether the contract runs out without a word.
    """

    alive: Flags
    left: Ints
    cause: Ints
    grievances: Floats
    fading: Ints
    waning: Flags
    need: Floats
    enough: Floats
    unattended: Ints
    seen: Ints
    complaint_open: Ints
    gripe: Ints
    begun: Ints
    ends: Ints
    plan: Ints
    dearer: Flags
    stated: Ints
    silent: Flags

    @classmethod
    def before(cls, people: People) -> "State":
        """Nobody is there yet."""
        n = len(people)

        def all_are(value: int) -> Ints:
            return np.full(n, value, dtype=np.int64)

        return cls(
            alive=np.zeros(n, dtype=bool),
            left=all_are(NEVER),
            cause=all_are(-1),
            grievances=np.zeros((len(CAUSES), n)),
            fading=all_are(0),
            waning=np.zeros(n, dtype=bool),
            need=np.zeros(n),
            enough=np.zeros(n),
            unattended=all_are(0),
            seen=all_are(-NEVER),
            complaint_open=all_are(-NEVER),
            gripe=all_are(-1),
            begun=all_are(NEVER),
            ends=all_are(NEVER),
            plan=people.plan.copy(),
            dearer=np.zeros(n, dtype=bool),
            stated=all_are(-1),
            silent=np.zeros(n, dtype=bool),
        )


@dataclass
class Week:
    """One week, from the midnight that begins it.

    Attributes:
        number: counted from 0.
        day: its first day.
        new: who signs up or comes back in this week.
        since: first day of the week, 0 to 6, on which a customer is there; 7: not there.
        until: day of the week on which a customer is there no more; 7: stays.
        lively: factor on orders, visits and answers: mood and season.
        signals: rows of activity that come with what stirred a customer: (event, who, day of the week).
    """

    number: int
    new: Flags
    since: Ints
    until: Ints
    lively: Floats
    signals: list[tuple[int, Ints, Ints]] = field(default_factory=list)

    @property
    def day(self) -> int:
        """Its first day."""
        return 7 * self.number

    def here(self, offset: int) -> Flags:
        """Who is there on a day of the week."""
        return (self.since <= offset) & (offset < self.until)

    def there(self, who: Ints, offset: Ints) -> Flags:
        """Whether these customers are there on these days of the week."""
        return (self.since[who] <= offset) & (offset < self.until[who])

"""Which cause family the evidence speaks for.

A model tells how much risk a feature adds, not why the customer goes: whoever leaves falls silent, whatever the cause. So the
cause is read from evidence that is specific, from the most telling kind to the least: what customers say themselves, what
they do about it, what was done to them, what they use of it, whether anybody cared, and complaints of a kind that many have.
The first kind that is there decides. Which cause each feature speaks for is in the catalog. Without such evidence there is no
clear cause, and that is said.

Time tells a cause from a farewell. Value fades over months: who unsubscribes and is gone within the month only takes leave, and
whose complaint of little use is a last word may as well go for how it was answered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from churnml.contracts.segments import NONE
from churnml.reasons.facts import Facts, Mask
from churnml.reasons.statement import Holds, Topic

BILL_DAYS, NEGLECT_DAYS = 3, 90
"""How long after the last sign of life a late payment is still counted as before; a quarter without a word is neglect."""
AS_DEEP = 0.9
"""A use of a feature is as large as before, give or take a tenth."""


def _late_while_there(facts: Facts) -> Mask:
    """A bill that stays open once a customer has fallen silent is no cause but the end of the story."""
    return np.asarray(facts.of("payment_late_days") >= facts.silence - BILL_DAYS)


def _neglected_while_there(facts: Facts) -> Mask:
    """Whoever looked after the customer had stopped long before the customer fell silent; of whom nobody does, nobody stopped."""
    return np.asarray((facts.unattended >= NEGLECT_DAYS) & ~(facts.owned == 0))


def _stayed_on(*names: str) -> Holds:
    """The customer was there for a month after it: who has decided to go turns away from everything at once."""
    return lambda facts: np.asarray(facts.newest(*names) >= facts.silence + facts.recent)


def _less_to_them(facts: Facts) -> Mask:
    """Who stays, and goes on using features as deeply as before, has had enough of mails and of nothing else."""
    return _stayed_on("mail_off_days")(facts) & ~(facts.depth_lately > AS_DEEP)


@dataclass(frozen=True)
class Evidence:
    """A topic that suffices as evidence where one of its statements holds.

    Attributes:
        topic: its name.
        if_: what must hold as well.
    """

    topic: str
    if_: Holds | None = None


TELLING = (
    Evidence("notice"),
    Evidence("voice_contact"),
    Evidence("voice_bills"),
    Evidence("voice_price"),
    Evidence("asked_to_cancel"),
    Evidence("late_payment", _late_while_there),
    Evidence("voice_use", _stayed_on("ticket_about_use_days", "survey_about_use_days")),
    Evidence("price"),
    Evidence("smaller_plan"),
    Evidence("mail_off", _less_to_them),
    Evidence("key_contact"),
    Evidence("replies"),
    Evidence("depth"),
    Evidence("last_uses"),
    Evidence("voice_use"),
    Evidence("owner", _neglected_while_there),
    Evidence("voice_waiting"),
    Evidence("tickets"),
)
"""The most telling first."""


def evidence(topics: Sequence[Topic], chosen: np.ndarray, facts: Facts) -> np.ndarray:
    """Which topic decides about each customer's cause, as its place among the topics; -1: none does.

    What the model makes of it is no matter: who still complains is there, and a model may well count that for them.

    Args:
        topics: those that the model has features of, and those that are told beside it.
        chosen: customers × topics, which statement holds; -1: none.
        facts: the customers' numbers.
    """
    place = {topic.name: number for number, topic in enumerate(topics)}
    decides = np.full(len(facts), -1)
    for one in reversed([one for one in TELLING if one.topic in place]):
        here = place[one.topic]
        there = chosen[:, here] >= 0
        decides[there if one.if_ is None else there & one.if_(facts)] = here
    return decides


def causes(
    topics: Sequence[Topic], decides: np.ndarray, chosen: np.ndarray, facts: Facts, of_feature: Mapping[str, str]
) -> np.ndarray:
    """Cause family of each customer, `none` where nothing is clear.

    Args:
        topics: as for `evidence`.
        decides: what `evidence` found.
        chosen: customers × topics, which statement holds.
        facts: they know how a feature's name reads.
        of_feature: cause of each feature of the catalog.
    """
    found = np.full(len(decides), NONE, dtype=object)
    for row in np.flatnonzero(decides >= 0):
        statement = topics[decides[row]].statements[chosen[row, decides[row]]]
        found[row] = statement.cause or of_feature.get(facts.named(statement.feature), NONE)
    return found

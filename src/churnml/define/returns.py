"""How many come back, though nobody can be watched for ever: the Kaplan-Meier estimate."""

from collections.abc import Iterable
from dataclasses import dataclass

FEW = 30
"""Fewer people than that say little; of less than 300, a tenth must do."""

FOR_EVER = 1 << 20


def enough(people: int) -> int:
    """How many of so many people must still be watched for what is seen of them to count.

    >>> enough(1000), enough(50), enough(3)
    (30, 5, 1)
    """
    return max(1, min(FEW, people // 10))


@dataclass(frozen=True)
class Wait:
    """People who were watched for so long.

    Attributes:
        days: until they came back, or until the data ended.
        back: whether they came back then.
        people: how many.
    """

    days: int
    back: bool
    people: int


class Returns:
    """Share of people who came back, by days: 1 - the product over days t of (1 - back at t / watched at t).

    Who is watched for c days is at risk on days 1 to c; who came back on day t isn't afterwards. Each wait weighs the
    same.

    Source: Kaplan and Meier (1958), Nonparametric estimation from incomplete observations.

    >>> three = Returns([Wait(2, True, 1), Wait(3, False, 1), Wait(5, True, 1)])
    >>> round(three.within(2), 3), round(three.within(4), 3), three.within(5)
    (0.333, 0.333, 1.0)
    """

    def __init__(self, waits: Iterable[Wait]) -> None:
        back: dict[int, int] = {}
        ending: dict[int, int] = {}
        for wait in waits:
            ending[wait.days] = ending.get(wait.days, 0) + wait.people
            back[wait.days] = back.get(wait.days, 0) + wait.people * wait.back
        self._last = max(ending, default=0)
        watched, away = sum(ending.values()), 1.0
        self._watched, self._away = [watched], [away]
        watched -= ending.get(0, 0)
        for day in range(1, self._last + 1):
            away *= 1 - back.get(day, 0) / watched
            self._watched.append(watched)
            self._away.append(away)
            watched -= ending.get(day, 0)

    def watched(self, day: int) -> int:
        """How many were still away on the day before, and watched on this one."""
        return self._watched[day] if day <= self._last else 0

    @property
    def seen_days(self) -> int:
        """How long enough of them were still watched."""
        needed = enough(self._watched[0])
        return max((day for day in range(1, self._last + 1) if self._watched[day] >= needed), default=0)

    @property
    def known_days(self) -> int:
        """How long the estimate holds: until nobody is watched any more, and for ever if all came back by then."""
        return self._last if self._away[-1] else FOR_EVER

    def within(self, days: int, *, after: int = 0) -> float | None:
        """Share that came back within so many days, of those who were away for `after` days; None if nobody shows it."""
        if days <= 0 or not self.watched(after + 1) or after + days > self.known_days:
            return None
        away = self._away[min(after + days, self._last)] / self._away[after]
        return min(1.0, max(0.0, 1 - away))

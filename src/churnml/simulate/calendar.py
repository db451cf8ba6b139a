"""Days of the world, counted from its first one, as dates."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from churnml.simulate.draws import Flags, Ints

DAY = 86_400
"""Seconds of a day. Moments are seconds from the first midnight on."""

NEVER = 10**12
"""A moment, or a day, that doesn't come."""

LAST_DAY_OF_BILLING = 28
"""Contracts that begin later in a month are billed on this day of it."""


@dataclass(frozen=True)
class Calendar:
    """Dates of a world that begins on `start`.

    >>> calendar = Calendar(date(2024, 1, 1))
    >>> calendar.month(np.array([-1, 0, 31])).tolist(), calendar.day_of_month(np.array([-1, 0, 31])).tolist()
    ([647, 648, 649], [31, 1, 1])
    """

    start: date

    def month(self, day: Ints) -> Ints:
        """Months since January 1970."""
        months: Ints = self._date(day).astype("M8[M]").astype(np.int64)
        return months

    def day_of_month(self, day: Ints) -> Ints:
        """1 to 31."""
        dates = self._date(day)
        within: Ints = (dates - dates.astype("M8[M]").astype("M8[D]")).astype(np.int64)
        return within + 1

    def day_in(self, month: Ints, day_of_month: Ints) -> Ints:
        """The day with this number in a month."""
        first = month.astype("M8[M]").astype("M8[D]")
        day: Ints = (first - np.datetime64(self.start, "D")).astype(np.int64) + day_of_month - 1
        return day

    def billed_on(self, begun: Ints) -> Ints:
        """Day of the month on which a contract that began on this day is billed."""
        return np.minimum(self.day_of_month(begun), LAST_DAY_OF_BILLING)

    def next_billing(self, begun: Ints, yearly: Flags, after: Ints) -> Ints:
        """First day after `after` on which a contract begun on `begun` begins a new month, or a new year.

        >>> calendar = Calendar(date(2024, 1, 1))
        >>> begun, yearly = np.array([14, 14, 30]), np.array([False, True, False])
        >>> calendar.next_billing(begun, yearly, np.array([14, 14, 40])).tolist()
        [45, 380, 58]
        """
        billed = self.billed_on(begun)
        ahead = self.month(after) - self.month(begun) + (self.day_of_month(after) >= billed)
        months = np.where(yearly, -(-ahead // 12) * 12, ahead)
        return self.day_in(self.month(begun) + np.maximum(months, np.where(yearly, 12, 1)), billed)

    def _date(self, day: Ints) -> np.ndarray:
        return np.datetime64(self.start, "D") + day.astype("m8[D]")

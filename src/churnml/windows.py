"""The time contract, said once: who may see what, and which days a label looks at.

All days are calendar days in `project.timezone`. An as_of is a midnight, written as the day that begins there.

* **known**: something is visible at as_of when the day it became known is before as_of.
* **lookback** of w days: the half-open window [as_of - w, as_of).
* **label window**: the half-open window [as_of, as_of + horizon). A label looks there and nowhere else.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from churnml.errors import DataError, LeakageError


def literal(day: date) -> str:
    """A day as an SQL literal.

    >>> literal(date(2017, 11, 5))
    "DATE '2017-11-05'"
    """
    return f"DATE '{day.isoformat()}'"


def known(day_column: str, as_of: date) -> str:
    """SQL: the day in this column lies before as_of.

    >>> known("answered_on", date(2017, 11, 5))
    "answered_on < DATE '2017-11-05'"
    """
    return f"{day_column} < {literal(as_of)}"


def lookback_start(as_of: date, days: int) -> date:
    """First day of the lookback window [as_of - days, as_of).

    >>> lookback_start(date(2017, 11, 5), 28)
    datetime.date(2017, 10, 8)
    """
    return as_of - timedelta(days=days)


def months(first: date, last: date) -> str:
    """The months that two days lie in, for people.

    >>> months(date(2017, 2, 3), date(2017, 5, 31)), months(date(2017, 2, 3), date(2017, 2, 3))
    ('2017-02 to 2017-05', '2017-02')
    """
    ends = f"{first:%Y-%m}", f"{last:%Y-%m}"
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)


def in_lookback(day_column: str, as_of: date, days: int) -> str:
    """SQL: the day in this column lies in [as_of - days, as_of)."""
    return f"{day_column} >= {literal(lookback_start(as_of, days))} AND {known(day_column, as_of)}"


def label_end(as_of: date, horizon_days: int) -> date:
    """First day after the label window [as_of, as_of + horizon)."""
    return as_of + timedelta(days=horizon_days)


def in_label_window(day_column: str, as_of: date, horizon_days: int) -> str:
    """SQL: the day in this column lies in [as_of, as_of + horizon)."""
    return f"{day_column} >= {literal(as_of)} AND {day_column} < {literal(label_end(as_of, horizon_days))}"


def counted_back(first_day: date, end_day: date, *, step_days: int, history_days: int, horizon_days: int) -> list[date]:
    """Cutoffs counted back from the newest whose label window is complete, oldest first.

    Args:
        first_day: day of the first event.
        end_day: the day after the last event's day.
        step_days: days between cutoffs.
        history_days: days of history that the oldest cutoff must have before it.
        horizon_days: length of the label window.

    >>> counted_back(date(2024, 1, 1), date(2024, 4, 1), step_days=28, history_days=28, horizon_days=28)
    [datetime.date(2024, 2, 5), datetime.date(2024, 3, 4)]
    """
    cutoffs = []
    cutoff = end_day - timedelta(days=horizon_days)
    while lookback_start(cutoff, history_days) >= first_day:
        cutoffs.append(cutoff)
        cutoff -= timedelta(days=step_days)
    return cutoffs[::-1]


def require_purged(train: Sequence[date], test: Sequence[date], horizon_days: int) -> None:
    """Refuse a split in which a training label window ends after the first test cutoff.

    Raises:
        LeakageError: naming the cutoffs and the newest one that would be allowed.
    """
    if not test:
        return
    first_test = min(test)
    leaking = sorted(cutoff for cutoff in train if label_end(cutoff, horizon_days) > first_test)
    if leaking:
        allowed = first_test - timedelta(days=horizon_days)
        raise LeakageError(
            f"panel.train: {_few(leaking)}: the {horizon_days}-day label window ends after the first test cutoff "
            f"{first_test}, so the test answers would be trained on; use training cutoffs up to {allowed}"
        )


def require_labelled(
    cutoffs: Sequence[date], end_day: date, horizon_days: int, what_ends: str = "the events end"
) -> None:
    """Refuse cutoffs whose label window isn't over yet.

    Args:
        cutoffs: training and test cutoffs.
        end_day: the day after the last event's day.
        horizon_days: length of the label window.
        what_ends: words for the message.

    Raises:
        DataError: naming the cutoffs and the newest one that would be allowed.
    """
    early = sorted(cutoff for cutoff in cutoffs if label_end(cutoff, horizon_days) > end_day)
    if early:
        allowed = end_day - timedelta(days=horizon_days)
        raise DataError(
            f"panel: {_few(early)}: the label window of {horizon_days} days isn't over, {what_ends} on "
            f"{end_day - timedelta(days=1)}; use cutoffs up to {allowed}"
        )


def _few(days: Sequence[date]) -> str:
    shown = ", ".join(str(day) for day in days[:3])
    return shown if len(days) <= 3 else f"{shown} and {len(days) - 3} more"

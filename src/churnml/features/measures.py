"""Measures that families share, as SQL: recency, counts in a window, and now against the customer's own past."""

from collections.abc import Sequence

MONTH_DAYS = 28

_BITS = 60


def longer(windows_days: Sequence[int]) -> list[int]:
    """Windows of a month and longer, for what happens rarely; the longest one if none is.

    >>> longer([7, 14, 28, 56]), longer([7, 14])
    ([28, 56], [14])
    """
    return [days for days in windows_days if days >= MONTH_DAYS] or [windows_days[-1]]


def month(windows_days: Sequence[int]) -> int:
    """The window that comes nearest to a month, the shorter of two.

    >>> month([7, 14, 28, 56, 112]), month([7, 21, 35])
    (28, 21)
    """
    return min(windows_days, key=lambda days: (abs(days - MONTH_DAYS), days))


def recency(day: str, condition: str = "TRUE") -> str:
    """SQL: days since the last row that meets a condition; unknown where none does."""
    return f"date_diff('day', max(CASE WHEN {condition} THEN {day} END), {{as_of}})"


def counted(day: str, condition: str = "TRUE") -> str:
    """SQL: rows of the window that meet a condition."""
    return f"count(CASE WHEN {day} >= {{since}} AND {condition} THEN 1 END)"


def days_with(ago: str, days: int, back: int = 0) -> str:
    """SQL: on how many days of a window something was done.

    Each day is a bit, 60 to a number: no set of days is kept per customer, which takes four times as long, and windows
    that meet the same 60 days share their number.

    Args:
        ago: SQL of the days from a row back to as_of, yesterday is 1; empty in rows that don't count.
        days: length of the window.
        back: days between the end of the window and as_of.
    """
    counts = []
    for first in range(1 + back // _BITS * _BITS, back + days + 1, _BITS):
        bits = (
            f"bit_or(CASE WHEN {ago} BETWEEN {first} AND {first + _BITS - 1} THEN 1::BIGINT << ({ago} - {first}) END)"
        )
        inside = (1 << min(back + days + 1 - first, _BITS)) - (1 << max(back + 1 - first, 0))
        counts.append(f"coalesce(CAST(bit_count({bits} & {inside}) AS BIGINT), 0)")
    return f"({' + '.join(counts)})"


def share(of: str, condition: str) -> str:
    """SQL: among the rows that meet a condition, the share of those for which `of` holds, too."""
    both = f"count(CASE WHEN {condition} AND {of} THEN 1 END)"
    return f"CAST({both} AS DOUBLE) / nullif(count(CASE WHEN {condition} THEN 1 END), 0)"


def mean(number: str) -> str:
    """SQL: a mean by way of an exact sum, so that it is the same to the bit whatever the order of rows."""
    return f"CAST(sum({number}) AS DOUBLE) / nullif(count({number}), 0)"


def change(times: str, days: int, ago: str = "age") -> str:
    """SQL: the rate of the last days against the rate before, (now - before) / (now + before), from -1 to 1.

    The rate before is that from the customer's first row in the reach of features on. Unknown unless it spans at least
    as many days as the window: a customer of yesterday has no baseline.

    Args:
        times: SQL of how often something happened by a row.
        days: length of the window.
        ago: SQL of the days from a row back to as_of, yesterday is 1; empty in rows that don't count.
    """
    now = f"coalesce(sum(CASE WHEN {ago} <= {days} THEN {times} END), 0)"
    before = f"coalesce(sum(CASE WHEN {ago} > {days} THEN {times} END), 0)"
    first = f"max({ago})"
    # Both rates times both lengths: the counts stay whole until the one division.
    now, before = f"CAST({now} * ({first} - {days}) AS DOUBLE)", f"CAST({before} * {days} AS DOUBLE)"
    return f"CASE WHEN {first} >= {2 * days} THEN ({now} - {before}) / ({now} + {before}) END"


def silence(day: str) -> str:
    """SQL: days since the last time, divided by the usual days between two; unknown with less than two different days."""
    gaps = f"(count(DISTINCT {day}) - 1)"
    spanned = f"nullif(date_diff('day', min({day}), max({day})), 0)"
    return f"CAST(date_diff('day', max({day}), {{as_of}}) * {gaps} AS DOUBLE) / {spanned}"


def newest_first(time: str, *ties: str, within: Sequence[str] = ("customer_id",)) -> str:
    """SQL: a customer's rows numbered from the newest on, the same numbers however the rows are ordered.

    Args:
        time: SQL of the moment to order by; rows without one come last.
        ties: what decides between rows of the same moment.
        within: what is numbered separately.
    """
    same = ", ".join(within)
    order = ", ".join([f"{time} DESC NULLS LAST", *(f"{name} NULLS LAST" for name in ties)])
    return f"row_number() OVER (PARTITION BY {same} ORDER BY {order})"


def in_a_row(time: str, ended: str, condition: str = "TRUE") -> str:
    """SQL, per row: whether it is one of the latest rows in a row that haven't ended.

    Args:
        time: by which rows follow each other.
        ended: SQL of what ends the row of them.
        condition: which rows are looked at.
    """
    last = f"max(CASE WHEN {condition} AND {ended} THEN {time} END) OVER (PARTITION BY customer_id)"
    return f"{condition} AND NOT ({ended}) AND {time} > coalesce({last}, CAST('1900-01-01' AS TIMESTAMP))"

"""Return by silence: how many come back who have been silent for so long."""

from collections.abc import Sequence
from dataclasses import dataclass

from churnml.define.events import Span
from churnml.define.returns import Returns
from churnml.windows import literal

SILENT = (7, 14, 28, 30, 60, 90, 120, 180, 365)
HORIZONS = (30, 60, 90, 180)
YEAR = 365
HALF_A_YEAR = 180


@dataclass(frozen=True)
class Silent:
    """Customers after so many whole days without an event.

    Attributes:
        days: of silence so far.
        silences: how many lasted that long and were watched for longer.
        within: share that came back within so many more days, by horizon; None where the data don't show it.
        seen_days: a year, or how long the data show them.
        seen: share that came back within seen_days.
    """

    days: int
    silences: int
    within: dict[int, float | None]
    seen_days: int
    seen: float | None


def silence_waits(span: Span) -> str:
    """SQL over `silences`: (days, back, people): how long silences lasted.

    A silence lasts from the day after an event to the next event: `days` is the distance of the two. One that is still
    open was watched up to the last day of the data.
    """
    return f"""
    SELECT coalesce(date_diff('day', day, next_day), date_diff('day', day, {literal(span.end)}) - 1) AS days,
        next_day IS NOT NULL AS back, count(*) AS people
    FROM silences GROUP BY 1, 2 ORDER BY 1, 2"""


def by_silence(returns: Returns, silent_days: Sequence[int] = SILENT) -> list[Silent]:
    """Return by silence, as far as the data allow: each silence weighs the same, however many a customer has."""
    rows = []
    limit = returns.seen_days
    for days in silent_days:
        if days >= limit:
            break
        within = {more: returns.within(more, after=days) if days + more <= limit else None for more in HORIZONS}
        seen_days = min(YEAR, limit - days)
        rows.append(Silent(days, returns.watched(days + 1), within, seen_days, returns.within(seen_days, after=days)))
    return rows


def settled_days(returns: Returns, most_back: float) -> int | None:
    """The shortest silence after which at most such a share comes back, as seen for half a year more or longer.

    None where the data show no such silence.
    """
    for row in by_silence(returns, range(1, returns.seen_days - HALF_A_YEAR + 1)):
        if row.seen is not None and row.seen <= most_back:
            return row.days
    return None

"""Which tables there are, and which days their events span."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pyarrow.parquet as pq

from churnml.config import Churn
from churnml.contracts.tables import CANCELLATIONS, SUBSCRIPTIONS, TABLES
from churnml.errors import DataError
from churnml.ports import Engine

_ENDS = 10
"""How many of the oldest and of the newest days are looked at for a gap: a mistyped year is no history."""


@dataclass(frozen=True)
class History:
    """The days that the events span.

    Attributes:
        start: day of the first event; a few stray ones long before all others don't count.
        end: the day after the last event's day, the first midnight at which every event was known.
        longest_pause_days: between two days with events; within it, nobody can tell a cut from a closed shop.
        what_ends: words for a message, "the events end", or which table was cut.
    """

    start: date
    end: date
    longest_pause_days: int
    what_ends: str = "the events end"


_YEAR_DAYS = 366

_DECIDING = (SUBSCRIPTIONS.name, CANCELLATIONS.name)
"""Tables that say who left, where leaving is a cancellation."""


def table_paths(tables: Path) -> dict[str, Path]:
    """The tables that are there, by name.

    Raises:
        DataError: there is none.
    """
    paths = {name: tables / f"{name}.parquet" for name in TABLES if (tables / f"{name}.parquet").is_file()}
    if not paths:
        raise DataError(f"{tables}: no tables there; run `churnml ingest` first")
    return paths


def columns_of(paths: Mapping[str, Path]) -> dict[str, list[str]]:
    """Column names of each table."""
    return {name: pq.read_schema(path).names for name, path in paths.items()}


def history(tables: Path, churn: Churn, engine: Engine, work: Path) -> History:
    """Read off the event tables which days they span.

    Of several, the one that ends last says how far the exports reach; but where one stopped earlier, by more than its
    own longest pause, it was cut (of a handful of days nobody can say so), and the days after it are not complete.
    Contracts and cancellations are looked at in the same way where they decide who left, and say themselves how far the
    exports reach where no events do.

    Args:
        tables: folder of canonical tables.
        churn: its events count.
        engine: where the SQL runs.
        work: a folder for work in progress.

    Raises:
        DataError: an event table isn't there or holds no event, or the last events come long after all others.
    """
    paths = table_paths(tables)
    if not churn.is_dated and not churn.events:
        return History(_labelled_on(churn), _labelled_on(churn), 1)
    for name in churn.events:
        if name not in paths:
            raise DataError(f"churn.events: there is no table '{name}'; run `churnml ingest` again")
    deciding = [name for name in _DECIDING if name in paths] if churn.definition == "cancellation" else []
    longest_gap = churn.horizon_days + (churn.active_within_days or churn.horizon_days)
    spans, sparse = {}, set()
    for name in dict.fromkeys([*churn.events, *deciding]):
        days = _event_days(name, paths, engine, work / f"days_{name}.parquet")
        if days:
            # Months may pass without a new contract or a cancellation, and nobody mistyped a year.
            spans[name] = _span(days, longest_gap if name in churn.events else max(longest_gap, _YEAR_DAYS))
            if len(days) < 2 * _ENDS:
                sparse.add(name)
        elif name in churn.events:
            raise DataError(f"{name}: no row shows that anybody was alive; check the sign of the amounts")
    if not spans:
        raise DataError(f"{' and '.join(deciding or _DECIDING)}: no rows, so nothing says who left; check the exports")
    telling = [spans[name] for name in churn.events or spans]
    last = max(span.end for span in telling)
    cut = {
        name: span.end
        for name, span in spans.items()
        if name not in sparse and (last - span.end).days > span.longest_pause_days
    }
    first_cut = min(cut, key=lambda name: (cut[name], name)) if cut else ""
    return History(
        max(span.start for span in telling),
        cut.get(first_cut, last),
        max(span.longest_pause_days for span in telling),
        f"the rows of {first_cut} end" if first_cut else _ends(churn, spans),
    )


def _ends(churn: Churn, spans: Collection[str]) -> str:
    return "the events end" if churn.events else f"the rows of {' and '.join(spans)} end"


def _labelled_on(churn: Churn) -> date:
    if churn.labelled_on is None:
        raise ValueError("definition label without its day")
    return churn.labelled_on


def _event_days(name: str, paths: Mapping[str, Path], engine: Engine, out: Path) -> list[date]:
    table = TABLES[name]
    rows = table.alive or "TRUE"
    engine.run(f"SELECT DISTINCT {table.day} AS day FROM {name} WHERE {rows} ORDER BY day", paths, out)
    days: list[date] = pq.read_table(out)["day"].to_pylist()
    return days


def _span(days: list[date], longest_gap: int) -> History:
    """The span of the days, in order; a longer gap than that parts stray days from the rest.

    Raises:
        DataError: the last days come so long after all others that either they are mistyped or an export is missing.
    """
    for before, after in pairwise(days[-_ENDS:]):
        if (after - before).days > longest_gap and len(days) >= 2 * _ENDS:
            raise DataError(
                f"the events stop on {before} and go on on {after}, {(after - before).days} days later: correct the "
                f"dates from {after} on in the export, or add what is missing in between"
            )
    start = days[0]
    for before, after in pairwise(days[:_ENDS]):
        if (after - before).days > longest_gap:
            start = after
    pauses = [(after - before).days for before, after in pairwise(days) if before >= start]
    return History(start, days[-1] + timedelta(days=1), max(pauses, default=1))

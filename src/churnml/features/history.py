"""Which tables there are, and which days their events span."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pyarrow.parquet as pq

from churnml.config import Churn
from churnml.contracts.tables import TABLES
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
    """

    start: date
    end: date
    longest_pause_days: int


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

    Args:
        tables: folder of canonical tables.
        churn: its events count.
        engine: where the SQL runs.
        work: a folder for work in progress.

    Raises:
        DataError: an event table isn't there or holds no event, or the last events come long after all others.
    """
    paths = table_paths(tables)
    spans = []
    for name in churn.events:
        if name not in paths:
            raise DataError(f"churn.events: there is no table '{name}'; run `churnml ingest` again")
        days = _event_days(name, paths, engine, work / f"days_{name}.parquet")
        if not days:
            raise DataError(f"{name}: no row shows that anybody was alive; check the sign of the amounts")
        spans.append(_span(days, churn.horizon_days + churn.active_within_days))
    return History(
        max(span.start for span in spans),
        max(span.end for span in spans),
        max(span.longest_pause_days for span in spans),
    )


def _event_days(name: str, paths: Mapping[str, Path], engine: Engine, out: Path) -> list[date]:
    table = TABLES[name]
    engine.run(f"SELECT DISTINCT {table.day} AS day FROM {name} WHERE {table.alive} ORDER BY day", paths, out)
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

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

_STRAY = 0.001
"""Share of the earliest rows that don't show where a history begins: one mistyped year is no history."""
_NEWEST = 10
"""How many of the newest days are looked at for a gap: a mistyped year is no new month."""


@dataclass(frozen=True)
class History:
    """The days that the events span.

    Attributes:
        first: day of the first event.
        start: day from which on all event tables hold events in numbers.
        end: the day after the last event's day, the first midnight at which every event was known.
    """

    first: date
    start: date
    end: date


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
    days: set[date] = set()
    starts = []
    for name in churn.events:
        if name not in paths:
            raise DataError(f"churn.events: there is no table '{name}'; run `churnml ingest` again")
        counts = _events_per_day(name, paths, engine, work / f"days_{name}.parquet")
        if not counts:
            raise DataError(f"{name}: no row shows that anybody was alive; check the sign of the amounts")
        days |= set(counts)
        starts.append(_start(counts))
    _require_no_leap(sorted(days), churn)
    return History(min(days), max(starts), max(days) + timedelta(days=1))


def _events_per_day(name: str, paths: Mapping[str, Path], engine: Engine, out: Path) -> dict[date, int]:
    table = TABLES[name]
    engine.run(
        f"SELECT {table.day} AS day, count(*) AS events FROM {name} WHERE {table.alive} GROUP BY {table.day} "
        f"ORDER BY day",
        paths,
        out,
    )
    rows = pq.read_table(out)
    return dict(zip(rows["day"].to_pylist(), rows["events"].to_pylist(), strict=True))


def _start(counts: Mapping[date, int]) -> date:
    """The first day after the earliest stray events; `counts` is in order of time."""
    seen, stray = 0, _STRAY * sum(counts.values())
    for day, count in counts.items():
        seen += count
        if seen > stray:
            return day
    raise AssertionError("no event")


def _require_no_leap(days: list[date], churn: Churn) -> None:
    """A gap longer than a horizon among the newest days: either dates are mistyped or most of the export is missing."""
    newest = days[-_NEWEST:]
    for before, after in pairwise(newest):
        if (after - before).days > churn.horizon_days + churn.active_within_days:
            raise DataError(
                f"the events stop on {before} and go on on {after}, {(after - before).days} days later: correct the "
                f"dates from {after} on in the export, or add what is missing in between"
            )

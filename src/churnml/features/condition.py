"""In which condition the tables of an export are at an as_of: what came, how much of it, and up to which day."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq

from churnml.config import Churn, Features
from churnml.contracts.columns import quoted
from churnml.contracts.tables import CONTACTS, CUSTOMERS, TABLES
from churnml.features.attributes import NUMBER
from churnml.features.context import volume_sql
from churnml.features.history import columns_of, table_paths
from churnml.ports import Engine
from churnml.reference import Condition
from churnml.windows import known, literal


def condition(
    *, tables: Path, churn: Churn, params: Features, engine: Engine, snapshots: Path, as_of: date, work: Path
) -> Condition:
    """The condition of the tables that these snapshots were made from.

    Args:
        tables: folder of canonical tables.
        churn: its horizon.
        params: attributes that are learned from, and of which kind.
        engine: where the SQL runs.
        snapshots: of this as_of, and maybe others.
        as_of: the moment of knowledge.
        work: a folder for work in progress.
    """
    paths = table_paths(tables)
    columns = columns_of(paths)
    timed = [name for name in paths if TABLES[name].time]
    last_days = {name: _last(name, known(TABLES[name].day, as_of), paths, engine, work) for name in timed}
    counted = volumes(paths, churn, engine, snapshots=snapshots, as_of=as_of, work=work)
    no_numbers = _no_numbers(paths, columns, params, engine, work)
    pauses_before = gaps(paths, engine, as_of, params.reach_days, work)
    return Condition(columns, counted, last_days, no_numbers, pauses_before, _later(paths, engine, as_of, work))


def volumes(
    paths: Mapping[str, Path], churn: Churn, engine: Engine, *, snapshots: Path, as_of: date, work: Path
) -> dict[str, float]:
    """Rows per customer and day of each table of what customers did, over a horizon before as_of."""
    found = {}
    for name in of_customers(paths):
        out = work / "volume.parquet"
        engine.run(volume_sql(name, as_of, churn.horizon_days), {name: paths[name], "snapshots": snapshots}, out)
        found[name] = round(float(pq.read_table(out)["volume"][0].as_py()), 6)
    return found


def pauses(paths: Mapping[str, Path], engine: Engine, work: Path) -> dict[str, int]:
    """Days of the longest pause between two days with rows, by table of what customers did."""
    found = {name: _longest(name, "true", paths, engine, work) for name in of_customers(paths)}
    return {name: pause[0] + 1 if pause else 0 for name, pause in found.items()}


def gaps(
    paths: Mapping[str, Path], engine: Engine, as_of: date, reach_days: int, work: Path
) -> dict[str, tuple[int, date]]:
    """The longest pause within the history that features look at: days without a row, and the first of them."""
    since = literal(as_of - timedelta(days=reach_days))
    rows = {name: f"{TABLES[name].day} >= {since} AND {known(TABLES[name].day, as_of)}" for name in of_customers(paths)}
    found = {name: _longest(name, which, paths, engine, work) for name, which in rows.items()}
    return {name: pause for name, pause in found.items() if pause}


def _later(paths: Mapping[str, Path], engine: Engine, as_of: date, work: Path) -> dict[str, date]:
    """The last day of each table that goes on at as_of."""
    found = {name: _last(name, "true", paths, engine, work) for name in of_customers(paths)}
    return {name: day for name, day in found.items() if day and day >= as_of}


def _last(name: str, rows: str, paths: Mapping[str, Path], engine: Engine, work: Path) -> date | None:
    """The last day with rows."""
    out = work / "last_day.parquet"
    engine.run(f"SELECT max({TABLES[name].day}) AS day FROM {name} WHERE {rows}", paths, out)
    day: date | None = pq.read_table(out)["day"][0].as_py()
    return day


def _longest(name: str, rows: str, paths: Mapping[str, Path], engine: Engine, work: Path) -> tuple[int, date] | None:
    """Days without a row between two that have some, and the first of them; None of less than two days with rows."""
    day, out = TABLES[name].day, work / "pause.parquet"
    engine.run(
        f"""SELECT date_diff('day', before, day) - 1 AS days, before + 1 AS first FROM (
            SELECT day, lag(day) OVER (ORDER BY day) AS before FROM (
                SELECT DISTINCT {day} AS day FROM {name} WHERE {rows}) AS d) AS p
        WHERE before IS NOT NULL ORDER BY days DESC, first LIMIT 1""",
        paths,
        out,
    )
    found = pq.read_table(out).to_pylist()
    return (int(found[0]["days"]), found[0]["first"]) if found else None


def of_customers(paths: Mapping[str, Path]) -> list[str]:
    """Tables of what customers did: neither lasting, nor ours, nor master data."""
    ours = (CONTACTS.name, CUSTOMERS.name)
    return [name for name, table in TABLES.items() if name in paths and not table.lasting and name not in ours]


def _no_numbers(
    paths: Mapping[str, Path], columns: Mapping[str, Sequence[str]], params: Features, engine: Engine, work: Path
) -> dict[str, tuple[int, int]]:
    numbers = [name for name, kind in params.attributes.items() if kind == "number" and name in columns[CUSTOMERS.name]]
    if not numbers:
        return {}
    said = ", ".join(
        f"count(*) FILTER (WHERE NOT regexp_matches(CAST({quoted(name)} AS VARCHAR), '{NUMBER}')) AS strange_{place}, "
        f"count({quoted(name)}) AS cells_{place}"
        for place, name in enumerate(numbers)
    )
    out = work / "numbers.parquet"
    engine.run(f"SELECT {said} FROM {CUSTOMERS.name}", paths, out)
    row = pq.read_table(out).to_pylist()[0]
    return {name: (row[f"strange_{place}"], row[f"cells_{place}"]) for place, name in enumerate(numbers)}

"""One customer: the rows that the tables hold, and what was known of them at an as_of."""

from collections.abc import Callable, Collection
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from churnml.contracts.columns import quoted, text
from churnml.contracts.tables import ACTIVITY, CONTACTS, TABLES, TICKETS
from churnml.errors import DataError
from churnml.features.activity import SIGNAL
from churnml.features.contacts import made
from churnml.features.history import columns_of, table_paths
from churnml.features.visible import visible
from churnml.features.words import COMPLAINT, says
from churnml.ports import Engine

_EVER_DAYS = 36_525
"""A hundred years."""

_FREE_TEXT = "text"
_NEAR = 3
"""Signs by which an id may differ from one that is meant, and how many such are named."""


def write_only(tables: Path, customer: str, engine: Engine, work: Path, out: Path) -> None:
    """Write the same tables with the rows of one customer alone, as they are and in their order.

    Args:
        tables: folder of canonical tables.
        customer: the id.
        engine: where the SQL runs.
        work: a folder for work in progress.
        out: folder to write them into.

    Raises:
        DataError: no table has a row of this customer; ids that are written nearly so are named.
    """
    paths, found = table_paths(tables), 0
    out.mkdir()
    for path in paths.values():
        rows = pq.read_table(path, filters=[("customer_id", "=", customer)])
        pq.write_table(rows, out / path.name)
        found += rows.num_rows
    if not found:
        near = _near(paths, customer, engine, work / "near.parquet")
        meant = f"; did you mean {' or '.join(near)}?" if near else ""
        raise DataError(f"{tables}: no customer {_shown(customer)} there{meant}")


def lived(
    *, tables: Path, engine: Engine, as_of: date, private: Callable[[str], Collection[str]], work: Path
) -> dict[str, list[dict[str, Any]]]:
    """What was known at as_of, row by row and table by table.

    Nothing private and no free text is among it. Activity has `signal`, the name of the signal that an event is; tickets
    have `complaint`; contacts are those that were made.

    Args:
        tables: folder of tables, of few customers.
        engine: where the SQL runs.
        as_of: the moment of knowledge.
        private: by name of a table, columns that may be seen in the lists alone.
        work: a folder for work in progress.
    """
    paths, told = table_paths(tables), {}
    for name, columns in columns_of(paths).items():
        open_ = [column for column in columns if column != _FREE_TEXT and column not in private(name)]
        table, out = TABLES[name], work / f"lived_{name}.parquet"
        rows = visible(table, open_, as_of, reach_days=_EVER_DAYS)
        engine.run(f"SELECT *{_further(name, open_)} FROM ({rows}) AS rows {_which(name, open_)}", paths, out)
        told[name] = pq.read_table(out).to_pylist()
    return told


def _further(name: str, columns: Collection[str]) -> str:
    if name == ACTIVITY.name:
        return f", {SIGNAL if 'event' in columns else 'NULL'} AS signal"
    if name == TICKETS.name and "kind" in columns:
        return f", {says('kind', COMPLAINT)} AS complaint"
    return ""


def _which(name: str, columns: Collection[str]) -> str:
    return f"WHERE {made(columns)}" if name == CONTACTS.name else ""


def _near(paths: dict[str, Path], customer: str, engine: Engine, out: Path) -> list[str]:
    """Ids that are the same but for capitals and leading zeros, else those that differ in few signs."""
    ids = " UNION ".join(f"SELECT customer_id FROM {quoted(name)}" for name in paths)
    bare = "ltrim(lower(trim({})), '0')"
    far = f"levenshtein({bare.format('customer_id')}, {bare.format(text(customer[:100]))})"
    sql = f"""
        SELECT customer_id, {far} AS far FROM ({ids}) AS ids WHERE {far} <= {min(_NEAR, len(customer) // 3)}
        ORDER BY far, customer_id LIMIT {_NEAR}"""
    engine.run(sql, paths, out)
    found = pq.read_table(out).to_pylist()
    return [_shown(row["customer_id"]) for row in found if row["far"] == 0 or found[0]["far"] > 0]


def _shown(customer: str) -> str:
    return "'" + "".join(sign if sign.isprintable() else "?" for sign in customer[:60]) + "'"

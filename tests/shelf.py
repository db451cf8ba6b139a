"""Canonical tables written as text that one can read and check by hand."""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from churnml.config import Churn, Features
from churnml.contracts.columns import Column
from churnml.contracts.tables import TABLES
from churnml.features.history import columns_of, table_paths
from churnml.features.query import snapshot_sql
from churnml.ports import Engine

AS_OF = date(2024, 3, 1)
CHURN = Churn(horizon_days=28, active_within_days=365)
FEATURES = Features(windows_days=(7, 28), history_days=3650)

_TYPES = {
    "text": pa.string(),
    "time": pa.timestamp("us"),
    "amount": pa.decimal128(18, 4),
    "number": pa.decimal128(18, 4),
}


def table(name: str, text: str) -> pa.Table:
    """A canonical table from words in columns below their names; `-` is NULL, a time without an hour is the morning of its day."""
    header, *rows = [line.split() for line in text.strip().splitlines()]
    out: dict[str, pa.Array] = {}
    for position, column_name in enumerate(header):
        column = TABLES[name].column(column_name) or Column(column_name, "text", "")
        cells = [None if row[position] == "-" else row[position] for row in rows]
        out[column_name] = pa.array([_typed(cell, column.kind) for cell in cells], _TYPES[column.kind])
        if column.kind == "time":
            days = [date.fromisoformat(cell[:10]) if cell else None for cell in cells]
            out[column.day] = pa.array(days, pa.date32())
    return pa.table(out)


def write_tables(folder: Path, tables: Mapping[str, str]) -> Path:
    """A folder of canonical tables."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in tables.items():
        pq.write_table(table(name, text), folder / f"{name}.parquet")
    return folder


def snapshots(
    folder: Path,
    engine: Engine,
    *,
    as_of: date = AS_OF,
    churn: Churn = CHURN,
    params: Features = FEATURES,
    split: str = "train",
) -> dict[str, dict[str, Any]]:
    """What the panel says of each customer at one as_of."""
    paths = table_paths(folder)
    sql = snapshot_sql(columns_of(paths), churn, params, as_of=as_of, split=split)
    engine.run(sql, paths, folder / "snapshots.out")
    return {row["customer_id"]: row for row in pq.read_table(folder / "snapshots.out").to_pylist()}


def _typed(cell: str | None, kind: str) -> object:
    if cell is None or kind == "text":
        return cell
    if kind != "time":
        return Decimal(cell)
    return datetime.fromisoformat(cell) if "T" in cell else datetime.combine(date.fromisoformat(cell), time(10))

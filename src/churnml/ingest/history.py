"""Canonical tables of earlier exports, such as those of the training: a history that new exports go on with."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from churnml.contracts.columns import Column, Table
from churnml.contracts.tables import TABLES
from churnml.errors import ExportError

_NEXT = "name a folder that `churnml ingest` wrote, such as data/tables of the training"
_NUMBER = pa.decimal128(18, 4)
_TYPES = {"text": pa.string(), "amount": _NUMBER, "number": _NUMBER, "time": pa.timestamp("us")}


@dataclass(frozen=True)
class Known:
    """A table of the history.

    Attributes:
        path: Parquet, as ingest writes it.
        columns: canonical columns and attributes; the days that ingest derives go with their times.
        rows: how many.
    """

    path: Path
    columns: list[str]
    rows: int


def history_of(folder: Path, fed: Collection[str]) -> dict[str, Known]:
    """The tables of a history, checked against their contracts, by name.

    Args:
        folder: <table>.parquet, as ingest writes them.
        fed: tables that the sources feed; of the others nothing is read.

    Raises:
        ExportError: there is none of them, or one breaks its contract.
    """
    names = [name for name in TABLES if name in fed]
    there = {name: path for name in names if (path := folder / f"{name}.parquet").is_file()}
    if not there:
        raise ExportError(f"{folder}: holds none of the tables {', '.join(names)} that make a history; {_NEXT}")
    return {name: _known(TABLES[name], path) for name, path in there.items()}


def _known(table: Table, path: Path) -> Known:
    try:
        schema, rows = pq.read_schema(path), pq.read_metadata(path).num_rows
    except (pa.ArrowException, OSError) as error:
        raise ExportError(f"{path}: can't be read as Parquet; {_NEXT}") from error
    for problem in _problems(table, schema):
        raise ExportError(f"{path}: isn't a table {table.name} as ingest writes it: {problem}; {_NEXT}")
    days = {column.day for column in table.columns if column.kind == "time"}
    return Known(path, [name for name in schema.names if name not in days], rows)


def _problems(table: Table, schema: pa.Schema) -> Iterator[str]:
    """What breaks the contract, what is missing first."""
    expected = {name: kind for column in table.columns for name, kind in _written(column)}
    needed = [column for column in table.columns if column.required or column.name in schema.names]
    for name in (name for column in needed for name, _ in _written(column) if name not in schema.names):
        yield f"column '{name}' is missing"
    for field in schema:
        wanted = expected.get(field.name, pa.string() if table.open else None)
        if wanted is None:
            yield f"it has no column '{field.name}'"
        elif field.type != wanted:
            yield f"column '{field.name}' is {field.type}, not {wanted}"


def _written(column: Column) -> list[tuple[str, pa.DataType]]:
    """The columns that ingest writes for one of the contract, with their types."""
    own = (column.name, _TYPES[column.kind])
    return [own, (column.day, pa.date32())] if column.kind == "time" else [own]

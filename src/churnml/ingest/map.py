"""Headers of an export -> columns of a canonical table, still text."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from churnml.config import Source
from churnml.contracts.columns import Table
from churnml.contracts.tables import TABLES
from churnml.errors import ExportError, did_you_mean
from churnml.ingest.read import Malformed, batches, header


class Staged:
    """Rows of one source as text, with the file and row that each came from.

    Attributes:
        path: Parquet with file, row and one text column per canonical column and attribute.
        columns: the canonical columns and attributes.
        malformed: rows without as many fields as the header, by file.
        rows: number of rows in the files, malformed ones included, blank ones not.
        ignored: headers that nothing is mapped from.
    """

    def __init__(self, path: Path, columns: list[str], ignored: list[str]) -> None:
        self.path = path
        self.columns = columns
        self.ignored = ignored
        self.malformed: dict[str, Malformed] = {}
        self.rows = 0


def attributes(table: Table, source: Source, headers: Sequence[str]) -> list[str]:
    """Headers that an open table keeps under their own name.

    Raises:
        ExportError: such a header is also the name of a canonical column or holds no word.
    """
    if not table.open:
        return []
    taken = {column.name for column in table.columns} | {
        column.day for column in table.columns if column.kind == "time"
    }
    kept = [name for name in headers if name not in source.columns.values()]
    for name in kept:
        if name in taken:
            raise ExportError(
                f"{source.path}: column '{name}' has the name of a column of {table.name} but isn't mapped to it; "
                f"add it to sources[].columns in params.yaml"
            )
    return [name for name in kept if name.strip()]


def stage_source(exports: Path, files: Sequence[Path], source: Source, out: Path) -> Staged:
    """Write the rows of all files of a source, as text, under canonical names.

    Raises:
        ExportError: a file can't be read or lacks a mapped column.
    """
    table = TABLES[source.table]
    headers = {path: header(path, source) for path in files}
    for path, names in headers.items():
        _require_mapped(path, names, source)
    every = list(dict.fromkeys(name for names in headers.values() for name in names))
    kept = attributes(table, source, every)
    origin = {**source.columns, **{name: name for name in kept}}
    used = set(origin.values())
    staged = Staged(out, sorted(origin), [name for name in every if name not in used])
    schema = pa.schema([("file", pa.string()), ("row", pa.int64()), *((name, pa.string()) for name in staged.columns)])
    with pq.ParquetWriter(out, schema, compression="zstd", compression_level=1) as writer:
        for path in files:
            name = path.relative_to(exports).as_posix()
            malformed = staged.malformed.setdefault(name, Malformed())
            for batch, numbers in batches(path, source, malformed):
                part = _canonical(batch, numbers, name, origin, schema).filter(_filled(batch))
                writer.write_table(part)
                staged.rows += part.num_rows
            staged.rows += len(malformed.rows)
    return staged


def _require_mapped(path: Path, names: Sequence[str], source: Source) -> None:
    for column, wanted in source.columns.items():
        if wanted not in names:
            raise ExportError(
                f"{path}: no column '{wanted}' for {source.table}.{column}{did_you_mean(wanted, list(names))} "
                f"(columns there: {', '.join(names)}); correct the export or sources[].columns in params.yaml"
            )


def _canonical(
    batch: pa.RecordBatch, numbers: np.ndarray, file: str, origin: dict[str, str], schema: pa.Schema
) -> pa.Table:
    nothing = pa.nulls(batch.num_rows, pa.string())
    present = set(batch.schema.names)
    columns = [
        batch.column(batch.schema.names.index(origin[name])) if origin[name] in present else nothing
        for name in schema.names[2:]
    ]
    return pa.Table.from_arrays(
        [pa.repeat(pa.scalar(file), batch.num_rows), pa.array(numbers), *columns], schema=schema
    )


def _filled(batch: pa.RecordBatch) -> pa.BooleanArray:
    """Which rows hold anything, be it in a column that nothing is mapped from; blank lines are no rows."""
    filled = pa.repeat(pa.scalar(False), batch.num_rows)
    for column in batch.columns:
        filled = pc.or_(filled, pc.fill_null(pc.not_equal(column, ""), False))
    return filled

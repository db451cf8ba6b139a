"""The embedded engine: DuckDB on local Parquet files, out of core within its memory limit."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from churnml.contracts.columns import quoted, text
from churnml.errors import DataError
from churnml.ports import LASTING, PASSING

ROW_GROUP = 1 << 17
_AHEAD = "32MB"  # of a result that is computed while what came before is written


class DuckDBEngine:
    """`churnml.ports.Engine` on DuckDB.

    DuckDB computes, pyarrow writes in row groups of a fixed size: the bytes of a result don't depend on the number of
    threads or on how DuckDB batches its output.

    One database serves all statements, each in its own cursor: to open one takes longer than most statements do. What
    doesn't fit into memory is spilled beside the result, on the disk that has room for it. A database keeps the first
    folder that it spilled to, so that after spilling, as after an error, the next statement gets a new database.
    """

    def __init__(self, memory_limit: str, threads: int | None = None) -> None:
        self._memory_limit = memory_limit
        self._threads = threads
        self._database: duckdb.DuckDBPyConnection | None = None

    def run(self, sql: str, tables: Mapping[str, Path], out: Path, *, passing: bool = False) -> int:
        """Run one SELECT over Parquet files into `out`; see `churnml.ports.Engine.run`.

        Raises:
            DataError: the disk is full or the memory limit too small.
        """
        return self._write([sql], tables, out, PASSING if passing else LASTING)[0]

    def stack(self, statements: Iterable[str], tables: Mapping[str, Path], out: Path) -> list[int]:
        """Run SELECTs of the same columns into `out`, one below the other; see `churnml.ports.Engine.stack`.

        Raises:
            DataError: the disk is full or the memory limit too small.
        """
        return self._write(statements, tables, out, LASTING)

    def map(self, table: Path, function: Callable[[pa.Table], pa.Table], out: Path) -> int:
        """Apply a function batch by batch into `out`; see `churnml.ports.Engine.map`."""
        source = pq.ParquetFile(table)
        parts = (function(pa.Table.from_batches([batch])) for batch in source.iter_batches(ROW_GROUP))
        first = next(parts, None)
        if first is None:
            first = function(source.schema_arrow.empty_table())
        rows: int = first.num_rows
        with pq.ParquetWriter(out, first.schema, **LASTING) as writer:
            writer.write_table(first)
            for part in parts:
                writer.write_table(part)
                rows += part.num_rows
        return rows

    def _write(
        self, statements: Iterable[str], tables: Mapping[str, Path], out: Path, how: Mapping[str, Any]
    ) -> list[int]:
        database, self._database = self._database or self._opened(), None
        with TemporaryDirectory(dir=out.parent, prefix=".spill-") as spill, database.cursor() as cursor:
            cursor.execute(f"SET GLOBAL temp_directory = {text(spill)}")
            cursor.execute(f"SET streaming_buffer_size = '{_AHEAD}'")
            for name, path in tables.items():
                cursor.execute(f"CREATE TEMP VIEW {quoted(name)} AS FROM read_parquet({text(str(path))})")
            try:
                with _RowGroups(out, how) as groups:
                    rows = [groups.add(cursor.sql(sql).to_arrow_reader(ROW_GROUP)) for sql in statements]
            except duckdb.OutOfMemoryException as error:
                raise DataError(
                    f"the engine ran out of memory at features.memory_limit {self._memory_limit}; raise it"
                ) from error
            if not any(Path(spill).iterdir()):
                self._database = database
        return rows

    def _opened(self) -> duckdb.DuckDBPyConnection:
        database = duckdb.connect()
        database.execute(f"SET memory_limit = '{self._memory_limit}'")
        database.execute("SET GLOBAL TimeZone = 'UTC'")
        if self._threads:
            database.execute(f"SET threads = {self._threads}")
        return database


class _RowGroups:
    """A Parquet file in row groups of exactly ROW_GROUP rows, the last one shorter, whatever the sizes of the batches."""

    def __init__(self, out: Path, how: Mapping[str, Any]) -> None:
        self._out, self._how = out, how
        self._writer: pq.ParquetWriter | None = None
        self._held: list[pa.RecordBatch] = []
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._writer is not None:
            if self._count:
                self._write()
            self._writer.close()

    def add(self, reader: pa.RecordBatchReader) -> int:
        """Write the rows below those that are there, and count them."""
        rows = 0
        self._writer = self._writer or pq.ParquetWriter(self._out, reader.schema, **self._how)
        for arriving in reader:
            batch = arriving
            rows += batch.num_rows
            while self._count + batch.num_rows >= ROW_GROUP:
                missing = ROW_GROUP - self._count
                self._hold(batch.slice(0, missing))
                self._write()
                batch = batch.slice(missing)
            self._hold(batch)
        return rows

    def _hold(self, batch: pa.RecordBatch) -> None:
        self._held.append(batch)
        self._count += batch.num_rows

    def _write(self) -> None:
        assert self._writer is not None
        self._writer.write_table(pa.Table.from_batches(self._held).combine_chunks(), row_group_size=ROW_GROUP)
        self._held, self._count = [], 0

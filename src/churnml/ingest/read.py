"""One export file -> batches of text with the row that each line came from. Nothing is interpreted here."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from churnml.config import Source
from churnml.errors import ExportError
from churnml.ingest.encoding import encoding_of
from churnml.ingest.quotes import refusal, refuse_swallowed_rows, swallowed_column
from churnml.ingest.workbook import sheet_batches, sheet_header

_CHUNK = 1 << 22
_BYTE_ORDER_MARK = "\ufeff"


@dataclass
class Malformed:
    """Rows of a CSV that don't have as many fields as the header, by row number as a spreadsheet counts them."""

    expected: int = 0
    rows: list[tuple[int, int]] = field(default_factory=list)  # (row, number of fields)
    swallowed: tuple[int, str] | None = None  # (row, column) of the first quote that never closes


def header(path: Path, source: Source) -> list[str]:
    """The column names of an export file; of a Parquet file those that are mapped or can be read as text.

    Raises:
        ExportError: the file can't be read or is empty.
    """
    if path.suffix.lower() == ".parquet":
        with _refusing(path):
            return [field.name for field in _readable(pq.read_schema(path), source)]
    if is_workbook(path):
        names = sheet_header(path)
        _require_names(path, names, has_rows=bool(names))
        return names
    names, _ = _csv_header(path, encoding_of(path, source.encoding), source.delimiter)
    return names


def is_workbook(path: Path) -> bool:
    """Whether a file is read as a workbook."""
    return path.suffix.lower() == ".xlsx"


def format_of(path: Path, source: Source) -> str:
    """How a file is read, in words."""
    if path.suffix.lower() == ".csv":
        return f"csv, {encoding_of(path, source.encoding)}"
    return path.suffix.lower().removeprefix(".")


def batches(path: Path, source: Source, malformed: Malformed) -> Iterator[tuple[pa.RecordBatch, np.ndarray]]:
    """Batches of text columns, each with its rows' numbers in the file; the header is row 1.

    Raises:
        ExportError: the file can't be read.
    """
    if path.suffix.lower() == ".parquet":
        yield from _parquet_batches(path, source)
        return
    if is_workbook(path):
        yield from sheet_batches(path, source)
        return
    encoding = encoding_of(path, source.encoding)
    names, has_rows = _csv_header(path, encoding, source.delimiter)
    if not has_rows:
        return
    following = 2
    with _refusing(path), _open_csv(path, names, encoding, source.delimiter, malformed) as reader:
        if reader.schema != pa.schema([(name, pa.string()) for name in names]):
            raise ExportError(f"{path}: the header can't be read as CSV; quote its names properly or rename them")
        for batch in reader:
            if malformed.swallowed:
                raise refusal(path, *malformed.swallowed)
            numbers = _row_numbers(following, batch.num_rows, malformed)
            refuse_swallowed_rows(path, batch, numbers, source.delimiter)
            following = int(numbers[-1]) + 1 if len(numbers) else following
            yield batch, numbers
        if malformed.swallowed:
            raise refusal(path, *malformed.swallowed)


def _csv_header(path: Path, encoding: str, delimiter: str) -> tuple[list[str], bool]:
    """The names in the first record, and whether anything follows it."""
    with _refusing(path), path.open("r", encoding=encoding, newline="") as text:
        if text.read(1) != _BYTE_ORDER_MARK:
            text.seek(0)
        names = next(csv.reader(text, delimiter=delimiter), [])
        has_rows = text.read(1) != ""
    _require_names(path, names, has_rows)
    return names, has_rows


def _require_names(path: Path, names: list[str], has_rows: bool) -> None:
    if not any(name.strip() for name in names):
        problem = "has no header in its first line" if has_rows else "is empty"
        raise ExportError(f"{path}: {problem}; export it again with its header")


def _open_csv(
    path: Path, names: list[str], encoding: str, delimiter: str, malformed: Malformed
) -> pa.csv.CSVStreamingReader:
    def set_aside(row: pa.csv.InvalidRow) -> str:
        malformed.expected = row.expected_columns
        malformed.rows.append((row.number, row.actual_columns))
        if malformed.swallowed is None and (column := swallowed_column(row.text, delimiter, names)):
            malformed.swallowed = (row.number, column)
        return "skip"

    return pa.csv.open_csv(
        path,
        read_options=pa.csv.ReadOptions(encoding=encoding, use_threads=False, block_size=_CHUNK),
        parse_options=pa.csv.ParseOptions(
            delimiter=delimiter,
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=set_aside,
        ),
        convert_options=pa.csv.ConvertOptions(
            column_types={name: pa.string() for name in names}, strings_can_be_null=False
        ),
    )


def _row_numbers(start: int, count: int, malformed: Malformed) -> np.ndarray:
    """Numbers of the next `count` good rows from `start` on, leaving out the rows that were set aside."""
    aside = np.array([row for row, _ in malformed.rows if row >= start], dtype=np.int64)
    candidates = np.arange(start, start + count + len(aside), dtype=np.int64)
    return candidates[~np.isin(candidates, aside)][:count]


def _parquet_batches(path: Path, source: Source) -> Iterator[tuple[pa.RecordBatch, np.ndarray]]:
    following = 2
    with _refusing(path):
        file = pq.ParquetFile(path)
        fields = _readable(file.schema_arrow, source)
        places = [file.schema_arrow.names.index(field.name) for field in fields]
        for batch in file.iter_batches():
            text = pa.RecordBatch.from_arrays(
                [_as_text(batch.column(place)) for place in places], names=[field.name for field in fields]
            )
            yield text, np.arange(following, following + batch.num_rows, dtype=np.int64)
            following += batch.num_rows


def _readable(schema: pa.Schema, source: Source) -> list[pa.Field]:
    """Fields that are mapped or, by their type, always text: no lists, structures or bytes."""
    return [field for field in schema if field.name in source.columns.values() or _is_text(field.type)]


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return False
    try:
        pa.array([], kind).cast(pa.string())
    except pa.ArrowException:
        return False
    return True


def _as_text(column: pa.Array) -> pa.Array:
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_nan(column), None, column)
    return column.cast(pa.string())


class _refusing:  # noqa: N801  reads as a clause: `with _refusing(path):`
    """Turn what libraries raise about a file into one line."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if isinstance(error, pa.ArrowException | OSError | ValueError | csv.Error):
            reason = str(error).splitlines()[0].split(". Row #")[0][:160]
            raise ExportError(f"{self._path}: can't be read: {reason}; export it again or correct the file") from error

"""One export file -> batches of text with the row that each line came from. Nothing is interpreted here."""

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from churnml.config import Source
from churnml.errors import ExportError

_CHUNK = 1 << 22
_BYTE_ORDER_MARK = "\ufeff"


@dataclass
class Malformed:
    """Rows of a CSV that don't have as many fields as the header, by row number as a spreadsheet counts them."""

    expected: int = 0
    rows: list[tuple[int, int]] = field(default_factory=list)  # (row, number of fields)


def header(path: Path, source: Source) -> list[str]:
    """The column names of an export file.

    Raises:
        ExportError: the file can't be read, is empty, or names a column twice.
    """
    if path.suffix.lower() == ".parquet":
        with _refusing(path):
            names: list[str] = pq.read_schema(path).names
    else:
        names, _ = _csv_header(path, encoding_of(path, source.encoding), source.delimiter)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ExportError(f"{path}: the header names '{twice[0]}' twice; rename one of them in the export")
    return names


def batches(path: Path, source: Source, malformed: Malformed) -> Iterator[tuple[pa.RecordBatch, np.ndarray]]:
    """Batches of text columns, each with its rows' numbers in the file; the header is row 1.

    Raises:
        ExportError: the file can't be read.
    """
    if path.suffix.lower() == ".parquet":
        yield from _parquet_batches(path)
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
            numbers = _row_numbers(following, batch.num_rows, malformed)
            following = int(numbers[-1]) + 1 if len(numbers) else following
            yield batch, numbers


def encoding_of(path: Path, declared: str | None) -> str:
    """The encoding of a text file: the declared one, or strict UTF-8, or else strict GB18030.

    Raises:
        ExportError: the bytes don't fit; the message gives the place of the first that doesn't.
    """
    if declared is not None:
        try:
            codecs.lookup(declared)
        except LookupError:
            raise ExportError(f"{path}: no encoding '{declared}'; use a name such as utf-8 or gb18030") from None
        wrong = _first_misfit(path, declared)
        if wrong is not None:
            raise ExportError(
                f"{path}: isn't {declared} at byte {wrong}; remove `encoding` from its source or correct it"
            )
        return declared
    wrong = _first_misfit(path, "utf-8")
    if wrong is None:
        return "utf-8"
    if _first_misfit(path, "gb18030") is not None:
        raise ExportError(f"{path}: isn't UTF-8 (byte {wrong}) nor GB18030; set `encoding` of its source")
    return "gb18030"


def _csv_header(path: Path, encoding: str, delimiter: str) -> tuple[list[str], bool]:
    """The names in the first record, and whether anything follows it."""
    with _refusing(path), path.open("r", encoding=encoding, newline="") as text:
        if text.read(1) != _BYTE_ORDER_MARK:
            text.seek(0)
        names = next(csv.reader(text, delimiter=delimiter), [])
        has_rows = text.read(1) != ""
    if not any(name.strip() for name in names):
        problem = "has no header in its first line" if has_rows else "is empty"
        raise ExportError(f"{path}: {problem}; export it again with its header")
    return names, has_rows


def _open_csv(
    path: Path, names: list[str], encoding: str, delimiter: str, malformed: Malformed
) -> pa.csv.CSVStreamingReader:
    def set_aside(row: pa.csv.InvalidRow) -> str:
        malformed.expected = row.expected_columns
        malformed.rows.append((row.number, row.actual_columns))
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


def _parquet_batches(path: Path) -> Iterator[tuple[pa.RecordBatch, np.ndarray]]:
    following = 2
    with _refusing(path):
        for batch in pq.ParquetFile(path).iter_batches():
            text = pa.RecordBatch.from_arrays(
                [column.cast(pa.string()) for column in batch.columns], names=batch.schema.names
            )
            yield text, np.arange(following, following + batch.num_rows, dtype=np.int64)
            following += batch.num_rows


def _first_misfit(path: Path, encoding: str) -> int | None:
    """Place of the first byte that the encoding can't read, or None; a file is read once for that."""
    facts = path.stat()
    return _misfit_of(path, encoding, (facts.st_mtime_ns, facts.st_size))


@lru_cache(maxsize=1024)
def _misfit_of(path: Path, encoding: str, _version: tuple[int, int]) -> int | None:
    decoder = codecs.getincrementaldecoder(encoding)()
    done = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            pending = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                return done - pending + error.start
            done += len(chunk)
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            return done - len(decoder.getstate()[0]) + error.start
    return None


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

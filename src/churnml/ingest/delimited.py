"""One delimited text -> batches of text with the row that each line came from."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.csv

from churnml.config import Source
from churnml.errors import ExportError
from churnml.ingest.encoding import encoding_of
from churnml.ingest.find import ExportFile
from churnml.ingest.layout import Layout, layout_of
from churnml.ingest.quotes import refusal, refuse_swallowed_rows, swallowed_column
from churnml.ingest.refusing import refusing

_CHUNK = 1 << 22


@dataclass
class Malformed:
    """Rows of a text that don't have as many fields as the header, by row number as a spreadsheet counts them."""

    expected: int = 0
    rows: list[tuple[int, int]] = field(default_factory=list)  # (row, number of fields)
    swallowed: tuple[int, str] | None = None  # (row, column) of the first quote that never closes


def text_layout(file: ExportFile, source: Source) -> Layout:
    """Where a text's header stands and how its cells are separated.

    Raises:
        ExportError: the file can't be read or is empty.
    """
    with refusing(file):
        layout = layout_of(file.path, text_encoding(file, source), source.delimiter, source.headers)
    require_names(file, layout.names, _has_rows(file, layout))
    return layout


def text_encoding(file: ExportFile, source: Source) -> str:
    """The encoding of a text: the stated one, or what its bytes and the mapped headers say."""
    return encoding_of(file, source.encoding, source.headers)


def text_batches(file: ExportFile, source: Source, malformed: Malformed) -> Iterator[tuple[pa.RecordBatch, np.ndarray]]:
    """Batches of text columns below the header, each with its rows' numbers as a spreadsheet counts them.

    Raises:
        ExportError: the file can't be read.
    """
    layout = text_layout(file, source)
    if not _has_rows(file, layout):
        return
    following = layout.row + 1
    with refusing(file), _opened(file, layout, malformed) as reader:
        for batch in reader:
            if malformed.swallowed:
                raise refusal(file, *malformed.swallowed)
            numbers = _row_numbers(following, batch.num_rows, malformed)
            refuse_swallowed_rows(file, batch, numbers, layout.delimiter)
            following = int(numbers[-1]) + 1 if len(numbers) else following
            yield batch, numbers
        if malformed.swallowed:
            raise refusal(file, *malformed.swallowed)


def require_names(file: ExportFile, names: tuple[str, ...] | list[str], has_rows: bool) -> None:
    """A header names something.

    Raises:
        ExportError: it doesn't.
    """
    if not any(name.strip() for name in names):
        problem = "has no header in its first line" if has_rows else "is empty"
        raise ExportError(f"{file}: {problem}; export it again with its header")


def _has_rows(file: ExportFile, layout: Layout) -> bool:
    return layout.start < file.path.stat().st_size


def _opened(file: ExportFile, layout: Layout, malformed: Malformed) -> pa.csv.CSVStreamingReader:
    names = list(layout.names)

    def set_aside(row: pa.csv.InvalidRow) -> str:
        number = layout.row + row.number
        malformed.expected = row.expected_columns
        malformed.rows.append((number, row.actual_columns))
        if malformed.swallowed is None and (column := swallowed_column(row.text, layout.delimiter, names)):
            malformed.swallowed = (number, column)
        return "skip"

    stream = pa.OSFile(str(file.path))
    stream.seek(layout.start)
    return pa.csv.open_csv(
        stream,
        read_options=pa.csv.ReadOptions(
            encoding=layout.encoding, use_threads=False, block_size=_CHUNK, column_names=names
        ),
        parse_options=pa.csv.ParseOptions(
            delimiter=layout.delimiter,
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

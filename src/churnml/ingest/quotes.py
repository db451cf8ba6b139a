"""A quote that opens a cell and never closes swallows the rows below it; that must not pass in silence."""

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from churnml.errors import ExportError
from churnml.ingest.cells import written_bytes
from churnml.ingest.find import ExportFile

_ALIKE = 50
_DIGIT = re.compile(r"\d")
_LINE_END = re.compile("\r\n|\r|\n")


def refuse_swallowed_rows(file: ExportFile, batch: pa.RecordBatch, numbers: np.ndarray, delimiter: str) -> None:
    """Look for whole rows inside cells.

    Raises:
        ExportError: a cell holds the rest of its row and at least one row more.
    """
    last = batch.num_columns - 1
    for index, column in enumerate(batch.columns):
        if b"\n" not in written_bytes(column):
            continue
        for row in pc.indices_nonzero(pc.match_substring(column, "\n")).to_pylist():
            cell = column[row].as_py()
            if _swallowed(cell, delimiter, last, index) or _swallowed_one(cell, delimiter, last, index, batch):
                raise refusal(file, int(numbers[row]), batch.schema.names[index] or f"number {index + 1}")


def swallowed_column(text: str, delimiter: str, names: list[str]) -> str | None:
    """The column whose quote swallowed rows, when a record doesn't even have as many fields as the header."""
    first, *inner = _LINE_END.split(text)
    last = len(names) - 1
    if not last or first.count(delimiter) != last or '"' not in first:
        return None
    if not any(line.count(delimiter) == last for line in inner[:-1]):
        return None
    index = first[: first.rindex('"')].count(delimiter)
    return names[index] or f"number {index + 1}"


def refusal(file: ExportFile, row: int, column: str) -> ExportError:
    """What is said about a quote that never closes."""
    return ExportError(
        f"{file}: row {row}, column '{column}': an opening quote seems never to be closed, so that the rows below it "
        f"became part of the cell; close or remove the quote in the export"
    )


def _swallowed_one(cell: str, delimiter: str, last: int, index: int, batch: pa.RecordBatch) -> bool:
    """Whether a cell over two lines begins with the rest of its row and ends within another.

    That alone may be what somebody wrote. But where cells of the columns before all look alike, such as days and numbers of
    an order, and what stands in the second line looks like them, it is a row.
    """
    first, *inner = _LINE_END.split(cell)
    ending = inner[0].split(delimiter) if len(inner) == 1 else []
    if not last or first.count(delimiter) != last - index or len(ending) != index + 1 or not index:
        return False
    shapes = [{_shape(text) for text in column[:_ALIKE].to_pylist()} for column in batch.columns[:index]]
    alike = [place for place, shape in enumerate(shapes) if len(shape) == 1 and "9" in min(shape)]
    return bool(alike) and all(_shape(ending[place]) in shapes[place] for place in alike)


def _shape(cell: str) -> str:
    """What a cell looks like, whatever it says.

    >>> _shape("2024-01-05 9:03")
    '9999-99-99 9:99'
    """
    return _DIGIT.sub("9", cell)


def _swallowed(cell: str, delimiter: str, last: int, index: int) -> bool:
    """Whether a cell begins with the rest of its row, goes on with whole rows and ends within one.

    Text that people wrote over several lines may hold such a line by chance, but hardly begins and ends like that.
    """
    first, *inner = _LINE_END.split(cell)
    ending = next((line for line in reversed(inner) if line), "")
    return (
        last > 0
        and first.count(delimiter) == last - index
        and any(line.count(delimiter) == last for line in inner[:-1])
        and ending.count(delimiter) >= index
    )

"""A quote that opens a cell and never closes swallows the rows below it; that must not pass in silence."""

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from churnml.errors import ExportError
from churnml.ingest.cells import written_bytes
from churnml.ingest.find import ExportFile

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
            if _swallowed(column[row].as_py(), delimiter, last, index):
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

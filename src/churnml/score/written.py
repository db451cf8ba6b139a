"""A CSV of the pack, a part of its rows at a time."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from churnml.score.cells import of_csv
from churnml.score.columns import Column, Rows
from churnml.spreadsheet import write_columns

_AT_ONCE = 100_000


def write_rows(path: Path, columns: Sequence[Column], rows: Rows, csv_ids: Literal["excel", "plain"]) -> None:
    """These rows of the columns, a part at a time."""
    parts = (rows[begin : begin + _AT_ONCE] for begin in range(0, len(rows), _AT_ONCE))
    cells = ([of_csv(column.only(part), csv_ids) for column in columns] for part in parts)
    write_columns(path, [column.header for column in columns], cells)

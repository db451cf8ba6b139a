"""Files that grow part by part, and are the same bytes whatever the size of the parts."""

import codecs
import io
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from churnml.errors import OutputError
from churnml.simulate.systems import Shape
from churnml.spreadsheet import workbook

ROW_GROUP = 1 << 17
SHEET_ROWS = 1 << 20
"""As many as a sheet of a workbook can have."""


class Sheet(Protocol):
    """A table of text that grows.

    Attributes:
        rows: rows written so far, the lines above them included; the next row is one below, as a spreadsheet counts.
    """

    rows: int

    def add(self, rows: pa.Table) -> None:
        """Append rows of text."""

    def add_short(self, cells: Sequence[str]) -> None:
        """Append one row that has fewer cells than the header."""

    def close(self) -> None:
        """Nothing follows."""


class CsvSheet:
    """A CSV as a system writes it."""

    def __init__(self, path: Path, shape: Shape, headers: Sequence[str]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("wb")
        self._shape = shape
        self._encoder = codecs.getincrementalencoder(shape.encoding)()  # writes a byte order mark once, if any
        self.rows = 0
        self.add_short(headers)

    def add(self, rows: pa.Table) -> None:
        """Append rows of text."""
        lines = io.BytesIO()
        options = pa.csv.WriteOptions(include_header=False, delimiter=self._shape.delimiter, quoting_style="needed")
        pa.csv.write_csv(rows, lines, options)
        self._write(lines.getvalue().decode())
        self.rows += rows.num_rows

    def add_short(self, cells: Sequence[str]) -> None:
        """Append one row, however many cells it has; none of them needs quotes."""
        self._write(self._shape.delimiter.join(cells) + "\n")
        self.rows += 1

    def close(self) -> None:
        """Nothing follows."""
        self._file.close()

    def _write(self, text: str) -> None:
        self._file.write(self._encoder.encode(text))


class ExcelSheet:
    """A workbook of one sheet: ids are text, times and numbers are cells of their kind, whatever else is text."""

    def __init__(self, path: Path, shape: Shape, headers: Sequence[str], above: Sequence[str] = ()) -> None:
        self._path, self._times = path, shape.times
        self._book = workbook(path)
        self._sheet = self._book.add_worksheet("export")
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self.rows = 0
        for line in above:
            self.add_short([line])
        self._headers = list(headers)
        self.add_short(headers)

    def add(self, rows: pa.Table) -> None:
        """Append rows of text; what reads as a moment or a number of its column becomes one."""
        if self.rows + rows.num_rows > SHEET_ROWS:
            raise OutputError(f"{self._path.name}: a sheet holds {SHEET_ROWS:,} rows; write csv, or fewer customers")
        kinds = [self._kind(field) for field in rows.schema]
        for cells in zip(*(column.to_pylist() for column in rows.columns), strict=True):
            for place, (kind, cell) in enumerate(zip(kinds, cells, strict=True)):
                self._put(place, kind, cell)
            self.rows += 1

    def add_short(self, cells: Sequence[str]) -> None:
        """Append one row of text."""
        for place, cell in enumerate(cells):
            self._sheet.write_string(self.rows, place, cell)
        self.rows += 1

    def close(self) -> None:
        """Nothing follows."""
        self._book.close()

    @staticmethod
    def _kind(field: pa.Field) -> str:
        return str((field.metadata or {}).get(b"kind", b"text"), "ascii")

    def _put(self, place: int, kind: str, cell: str | None) -> None:
        if cell is None:
            return
        try:
            if kind == "time":
                moment = datetime.strptime(cell, self._times)  # noqa: DTZ007  as the system shows it
                self._sheet.write_datetime(self.rows, place, moment, self._moment)
            elif kind == "number":
                self._sheet.write_number(self.rows, place, float(cell))
            else:
                self._sheet.write_string(self.rows, place, cell)
        except ValueError:
            self._sheet.write_string(self.rows, place, cell)


class Growing:
    """A Parquet file whose row groups don't depend on how its rows came."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._writer: pq.ParquetWriter | None = None
        self._waiting: list[pa.Table] = []
        self.rows = 0

    def add(self, rows: pa.Table) -> None:
        """Append rows."""
        self._waiting.append(rows)
        self.rows += rows.num_rows
        while sum(part.num_rows for part in self._waiting) >= ROW_GROUP:
            whole = pa.concat_tables(self._waiting)
            self._write(whole.slice(0, ROW_GROUP))
            self._waiting = [whole.slice(ROW_GROUP)]

    def close(self) -> None:
        """Nothing follows."""
        if self._waiting:
            self._write(pa.concat_tables(self._waiting))
        if self._writer:
            self._writer.close()

    def _write(self, rows: pa.Table) -> None:
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._path, rows.schema, compression="zstd")
        self._writer.write_table(rows.combine_chunks(), row_group_size=ROW_GROUP)


def month_name(months_since_1970: int) -> str:
    """A month as it stands in file names.

    >>> month_name(648)
    '2024-01'
    """
    return f"{date(1970 + months_since_1970 // 12, months_since_1970 % 12 + 1, 1):%Y-%m}"

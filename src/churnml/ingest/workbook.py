"""The first sheet of a workbook as text: the rows that a CSV of the same sheet would hold, numbered alike."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from churnml.config import Source
from churnml.contracts.tables import TABLES
from churnml.errors import ExportError
from churnml.ingest.find import ExportFile

_ROWS = 1 << 16
_NEXT = "open and save it again, or export a CSV"


def sheet_header(file: ExportFile) -> list[str]:
    """The cells of the first row, as text; empty where the sheet holds nothing.

    Raises:
        ExportError: the file can't be read.
    """
    return [_text(cell) for cell in next(_rows(file), [])]


def sheet_batches(file: ExportFile, source: Source) -> Iterator[tuple[pa.RecordBatch, np.ndarray]]:
    """Batches of text columns below the first row, each with its rows' numbers as the spreadsheet shows them.

    Moments of columns that hold times are written in the source's `date_format`, in which they are read again.

    Raises:
        ExportError: the file can't be read.
    """
    rows = _rows(file)
    names = [_text(cell) for cell in next(rows, [])]
    formats = _formats(source)
    following = 2
    while part := list(islice(rows, _ROWS)):
        columns = [
            pa.array([_text(cell, formats.get(name)) for cell in column], pa.string())
            for name, column in zip(names, zip(*part, strict=True), strict=True)
        ]
        numbers = np.arange(following, following + len(part), dtype=np.int64)
        yield pa.RecordBatch.from_arrays(columns, names=names), numbers
        following += len(part)


def _formats(source: Source) -> dict[str, str]:
    """Headers of columns that hold times -> how the source says that they are written."""
    times = [column.name for column in TABLES[source.table].columns if column.kind == "time"]
    wanted = {header for name, header in source.columns.items() if name in times}
    return dict.fromkeys(wanted, source.date_format) if source.date_format else {}


def _rows(file: ExportFile) -> Iterator[list[Any]]:
    """All rows from the first on, each as wide as the widest."""
    try:
        with CalamineWorkbook.from_path(file.path) as book:
            yield from book.get_sheet_by_index(0).iter_rows()
    except PasswordError as error:
        raise ExportError(f"{file}: is protected by a password; save it without one") from error
    except (CalamineError, OSError) as error:
        raise ExportError(f"{file}: can't be read as a workbook ({type(error).__name__}); {_NEXT}") from error


def _text(cell: Any, times: str | None = None) -> str:
    """A cell as text: whole numbers without decimals, others to the 15 digits that spreadsheets show, moments as ISO.

    >>> [_text(cell) for cell in ("007", 5.0, 19.989999999999998, True, datetime(2024, 1, 3, 10), date(2024, 1, 3), "")]
    ['007', '5', '19.99', 'TRUE', '2024-01-03 10:00:00', '2024-01-03', '']
    >>> _text(date(2024, 1, 3), "%d/%m/%Y %H:%M")
    '03/01/2024 00:00'
    """
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return str(int(cell)) if float(cell).is_integer() else f"{cell:.15g}"
    if times and isinstance(cell, date):
        return cell.strftime(times)
    return cell.isoformat(" ") if isinstance(cell, datetime) else str(cell)

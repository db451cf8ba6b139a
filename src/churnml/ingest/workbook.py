"""Sheets of a workbook as text: the rows that a CSV of the same sheet would hold, numbered alike."""

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from itertools import islice
from typing import Any
from zipfile import BadZipFile, ZipFile

import numpy as np
import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from churnml.config import Source
from churnml.errors import ExportError, did_you_mean
from churnml.ingest.exact import MOMENT, exact, headers_of
from churnml.ingest.find import ExportFile
from churnml.ingest.names import SEARCHED, held, is_header, named

_ROWS = 1 << 16
_SHOWN = 12
_WHOLE = 1e15  # spreadsheets keep fifteen digits of a number, and make up those behind them
_ZEROS = re.compile(rb'formatCode="0{2,}"')
_NEXT = "open and save it again, or export a CSV"


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook: its name, the row of its header, and what the cells of that are called."""

    name: str
    row: int
    names: tuple[str, ...]
    hits: int


def parted(file: ExportFile, source: Source) -> list[ExportFile]:
    """The sheets of a workbook that are read, each as a file of its own; named so where there are several.

    That is the stated one; or all visible ones with a header, of which one must hold all mapped headers; or the one with
    most of them. What one of several lacks is refused later, as it is in one of several files.

    Raises:
        ExportError: the file can't be read, or the stated sheet isn't there.
    """
    sheets = _sheets_of(file, source)
    wanted = set(source.headers)
    full = [sheet for sheet in sheets if sheet.hits == len(wanted)]
    alike = [sheet for sheet in sheets if is_header(sheet.hits, wanted)] if full else []
    if len(alike) > 1:
        return [replace(file, name=f"{file.name} ({sheet.name})", sheet=sheet.name) for sheet in alike]
    others = [sheet for sheet in sheets[1:] if is_header(sheet.hits, wanted)]
    best = max((*sheets[:1], *others), key=lambda sheet: sheet.hits, default=None)
    return [replace(file, sheet=best.name if best else None)]


def unread_sheets(file: ExportFile, source: Source) -> list[str]:
    """Visible sheets with cells that nothing is read from, though no sheet is stated."""
    read = {part.sheet for part in parted(file, source)}
    return [sheet.name for sheet in _sheets_of(file, source) if sheet.name not in read and any(sheet.names)]


def shows_leading_zeros(file: ExportFile) -> bool:
    """Whether a number format of the workbook, such as 00000, shows zeros that its numbers don't have."""
    try:
        with ZipFile(file.path) as parts:
            return bool(_ZEROS.search(parts.read("xl/styles.xml")))
    except (BadZipFile, KeyError, OSError):
        return False


def header_row(file: ExportFile, source: Source) -> int:
    """The row in which the header of a sheet stands, as the spreadsheet counts them."""
    sheet = _sheet_of(file, source)
    return sheet.row if sheet else 1


def sheet_header(file: ExportFile, source: Source) -> list[str]:
    """The cells of the header, as the params call them; empty where the sheet holds nothing.

    Raises:
        ExportError: the file can't be read.
    """
    sheet = _sheet_of(file, source)
    return list(sheet.names) if sheet else []


def sheet_batches(file: ExportFile, source: Source, typed: set[str]) -> Iterator[tuple[pa.RecordBatch, np.ndarray]]:
    """Batches of text columns below the header, each with its rows' numbers as the spreadsheet shows them.

    `typed` is as for `read.batches`.

    Raises:
        ExportError: the file can't be read.
    """
    sheet = _sheet_of(file, source)
    if sheet is None:
        return
    stated = bool(source.date_format) and not source.order
    times, numbers_of = headers_of(source, "time"), headers_of(source, "amount", "number")
    counted = {place for place, name in enumerate(sheet.names) if name in numbers_of}
    rows = islice(_rows(file, sheet.name, sheet.row, counted), sheet.row, None)
    following = sheet.row + 1
    while part := list(islice(rows, _ROWS)):
        cells = dict(enumerate(zip(*part, strict=True)))
        columns = [
            pa.array(
                [
                    exact(_text(cell))
                    if place in counted and _is_number(cell)
                    else _text(cell, stated and name in times)
                    for cell in cells[place]
                ],
                pa.string(),
            )
            for place, name in enumerate(sheet.names)
        ]
        typed |= {name for place, name in enumerate(sheet.names) if any(map(_is_number, cells[place]))}
        numbers = np.arange(following, following + len(part), dtype=np.int64)
        yield pa.RecordBatch.from_arrays(columns, names=list(sheet.names)), numbers
        following += len(part)


def _sheet_of(file: ExportFile, source: Source) -> Sheet | None:
    return next((sheet for sheet in _sheets_of(file, source) if sheet.name == file.sheet), None)


def _sheets_of(file: ExportFile, source: Source) -> tuple[Sheet, ...]:
    facts = file.path.stat()
    wanted = tuple(dict.fromkeys(source.headers))
    return _sheets(replace(file, sheet=None, name=""), source.sheet, wanted, (facts.st_mtime_ns, facts.st_size))


@lru_cache(maxsize=256)
def _sheets(
    file: ExportFile, stated: str | None, wanted: tuple[str, ...], _version: tuple[int, int]
) -> tuple[Sheet, ...]:
    with _book(file) as book:
        if stated is not None and stated not in book.sheet_names:
            there = ", ".join(book.sheet_names[:_SHOWN])
            raise ExportError(
                f"{file}: no sheet '{stated}'{did_you_mean(stated, book.sheet_names)} (sheets there: {there}); "
                f"correct `sheet` of its source"
            )
        visible = [
            about.name
            for about in book.sheets_metadata
            if about.typ == SheetTypeEnum.WorkSheet and about.visible == SheetVisibleEnum.Visible
        ]
        names = [stated] if stated is not None else visible or book.sheet_names[:1]
        return tuple(_sheet(name, book.get_sheet_by_name(name).iter_rows(), wanted) for name in names)


def _sheet(name: str, rows: Iterator[list[Any]], wanted: tuple[str, ...]) -> Sheet:
    """Of the first rows, the one that holds most of the wanted headers; else the first."""
    first = [[_text(cell) for cell in row] for row in islice(rows, SEARCHED)]
    hits = [held(cells, wanted) for cells in first]
    headers = [place for place, count in enumerate(hits) if not place or is_header(count, wanted)]
    best = max(headers, key=lambda place: (hits[place], all(first[place])), default=0)
    return Sheet(name, best + 1, tuple(named(first[best], wanted)) if first else (), hits[best] if first else 0)


def _rows(file: ExportFile, name: str, first: int, counted: Collection[int]) -> Iterator[list[Any]]:
    """All rows from the first on, each as wide as the widest; what is merged over several rows stands in each of them.

    Args:
        file: the workbook.
        name: of the sheet.
        first: number of rows above the first one below the header; what is merged there stays as it is.
        counted: places of columns of numbers, of which one that is merged over rows is meant once for all of them.
    """
    with _book(file) as book:
        sheet = book.get_sheet_by_name(name)
        merged = {
            (top, left): bottom
            for (top, left), (bottom, _) in sheet.merged_cell_ranges or ()
            if first <= top < bottom and left not in counted
        }
        lasting: dict[int, tuple[int, Any]] = {}
        for place, row in enumerate(sheet.iter_rows()):
            for column, (bottom, cell) in lasting.items():
                if place <= bottom and row[column] == "":
                    row[column] = cell
            lasting |= (
                {left: (bottom, row[left]) for (top, left), bottom in merged.items() if top == place} if merged else {}
            )
            yield row


@contextmanager
def _book(file: ExportFile) -> Iterator[CalamineWorkbook]:
    try:
        with CalamineWorkbook.from_path(file.path) as book:
            yield book
    except PasswordError as error:
        raise ExportError(f"{file}: is protected by a password; save it without one") from error
    except (CalamineError, OSError, OverflowError, ValueError) as error:
        raise ExportError(f"{file}: can't be read as a workbook ({type(error).__name__}); {_NEXT}") from error


def _is_number(cell: Any) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _text(cell: Any, marked: bool = False) -> str:
    """A cell as text: whole numbers without decimals, others to the 15 digits that spreadsheets show, moments as ISO.

    Moments may be `marked` as such.

    >>> [_text(cell) for cell in ("007", 5.0, 19.989999999999998, True, datetime(2024, 1, 3, 10), date(2024, 1, 3), "")]
    ['007', '5', '19.99', 'TRUE', '2024-01-03 10:00:00', '2024-01-03', '']
    >>> _text(date(2024, 1, 3), marked=True)
    ':2024-01-03'
    """
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if _is_number(cell):
        return str(int(cell)) if float(cell).is_integer() and abs(cell) < _WHOLE else f"{cell:.15g}"
    text = cell.isoformat(" ") if isinstance(cell, datetime) else str(cell)
    return f"{MOMENT}{text}" if marked and isinstance(cell, date) else text

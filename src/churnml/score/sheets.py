"""The workbook's lists: one sheet per tier that is called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from xlsxwriter.utility import xl_range

from churnml.contracts.listed import TIERS
from churnml.language import shown
from churnml.score.calls import Files
from churnml.score.cells import of_book
from churnml.score.columns import Column
from churnml.score.looks import BAR, LONG, Formats, colour, width, wrapped
from churnml.score.words import COLUMNS
from churnml.spreadsheet import put_text

SHEET_ROWS = 5_000
"""At most so many customers are on a sheet, the most urgent ones; nobody calls more, and large sheets are slow."""

_TAKEN = "history"
"""A name of a sheet that Excel keeps for itself."""
_LONGEST_NAME = 31
_LINE_POINTS = 15


@dataclass(frozen=True)
class Tab:
    """A sheet of one tier.

    Attributes:
        tier: its name.
        title: of the sheet.
        rows: positions of the customers who are called, most urgent first; a sheet shows the first ones.
    """

    tier: str
    title: str
    rows: np.ndarray[Any, np.dtype[np.int64]]


def tabs(how: Files, called: Mapping[str, np.ndarray[Any, np.dtype[np.int64]]]) -> list[Tab]:
    """The sheets of a workbook, under names that spreadsheets accept."""
    made: list[Tab] = []
    for tier in how.contacted:
        title = shown(TIERS, tier, how.locale)[:_LONGEST_NAME]
        if title == _TAKEN or title in [tab.title for tab in made]:
            title = f"{title[: _LONGEST_NAME - 4]} ({len(made) + 1})"
        made.append(Tab(tier, title, called[tier]))
    return made


def write_sheets(book: Any, formats: Formats, how: Files, calls: Sequence[Column], sheets: Sequence[Tab]) -> None:
    """Add a sheet per tier that is called.

    Args:
        book: the workbook.
        formats: of its cells.
        how: language and tiers.
        calls: columns of all customers.
        sheets: of which customers each sheet shows the first.
    """
    for tab in sheets:
        fill = colour(tab.tier, how.tiers)
        sheet = book.add_worksheet(tab.title)
        sheet.set_tab_color(fill)
        _fill(sheet, formats, fill, [in_book(column, how).only(tab.rows[:SHEET_ROWS]) for column in calls])


def in_book(column: Column, how: Files) -> Column:
    """A column of a CSV as a workbook has it: a risk is a number that is shown with a percent sign."""
    if column.name != "risk_percent":
        return column
    return Column("risk", shown(COLUMNS, "risk", how.locale), "risk", column.values)


def _fill(sheet: Any, formats: Formats, fill: str, columns: Sequence[Column]) -> None:
    rows, last = len(columns[0].values), len(columns) - 1
    _lay_out(sheet, columns, rows)
    for place, column in enumerate(columns):
        put_text(sheet, 0, place, column.header, formats.header(fill, column.form, room=2))
    looks = [formats.cell(column) for column in columns]
    wide = {place: LONG[column.name] for place, column in enumerate(columns) if column.name in LONG}
    for row, cells in enumerate(zip(*(of_book(column) for column in columns), strict=True), start=1):
        if (lines := max((wrapped(cells[place], room) for place, room in wide.items()), default=1)) > 1:
            sheet.set_row(row, _LINE_POINTS * lines)
        for place, (cell, look) in enumerate(zip(cells, looks, strict=True)):
            if cell is None:
                sheet.write_blank(row, place, None, look)
            elif isinstance(cell, str):
                put_text(sheet, row, place, cell, look)
            else:
                sheet.write_number(row, place, cell, look)
    sheet.autofilter(0, 0, rows, last)
    sheet.ignore_errors({"number_stored_as_text": xl_range(0, 0, rows, last)})


def _lay_out(sheet: Any, columns: Sequence[Column], rows: int) -> None:
    """Widths, a header that stays, bars behind the risks, and how it is printed."""
    sheet.set_row(0, 33)
    sheet.freeze_panes(1, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&L&F  &A&R&P / &N")
    bar = {"type": "data_bar", "bar_color": BAR, "bar_solid": True, "bar_no_border": True}
    limits = {"min_type": "num", "min_value": 0, "max_type": "num", "max_value": 1}
    for place, column in enumerate(columns):
        sheet.set_column(place, place, width(column))
        if column.form == "risk" and rows:
            sheet.conditional_format(1, place, rows, place, bar | limits)

"""How the workbook looks: colours of tiers, formats of cells, widths of columns."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import pyarrow.compute as pc
import xlsxwriter

from churnml.score.columns import Column, Form, texts

COLOURS = ("#B42318", "#B54708", "#8A6A00", "#175CD3", "#475467")
"""Of tiers, from the top; white text on them can be read."""
BAR, LINE, SOFT, TO_FILL, WARN = "#F3C6C0", "#E4E7EC", "#475467", "#FFF9DB", "#FEF0C7"

_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "CNY": "¥", "JPY": "¥"}
_NARROWEST, _WIDEST = 9, 42
LONG = {"why": 44, "evidence": 34, "to_do": 34, "script": 64}
"""Columns of sentences, and how wide they are; they are wrapped."""
_PATTERNS: Mapping[Form, str] = {
    "id": "@",
    "text": "@",
    "note": "@",
    "number": "General",
    "whole": "#,##0",
    "tenths": "#,##0.0",
    "risk": "0.0%",
    "day": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm:ss",
}


def colour(tier: str, tiers: Sequence[str]) -> str:
    """Of a tier, by its place from the top; the last one of several is quiet."""
    place = list(tiers).index(tier)
    return COLOURS[-1] if 0 < place == len(tiers) - 1 else COLOURS[min(place, len(COLOURS) - 2)]


def money(currency: str) -> str:
    """The number format of amounts.

    >>> money("CNY"), money("CHF")
    ('"¥"#,##0.00;-"¥"#,##0.00', '#,##0.00" CHF"')
    """
    if sign := _SIGNS.get(currency):
        return f'"{sign}"#,##0.00;-"{sign}"#,##0.00'
    unit = currency.replace('"', "").strip()
    return f'#,##0.00" {unit}"' if unit else "#,##0.00"


class Formats:
    """Formats of one workbook, each made once."""

    def __init__(self, book: xlsxwriter.Workbook, currency: str) -> None:
        self._book = book
        self._patterns = {**_PATTERNS, "money": money(currency)}
        self.of = cache(self._of)

    def cell(self, column: Column) -> Any:
        """Of the cells of a column."""
        look: dict[str, Any] = {"num_format": self._patterns[column.form], "bottom": 1, "bottom_color": LINE}
        if column.form in ("id", "text"):
            look["indent"] = 1
        if column.name in LONG:
            look["text_wrap"] = True
        if column.form in ("day", "moment"):
            look["align"] = "center"
        if column.form == "note":
            look |= {"bg_color": TO_FILL, "left": 1, "right": 1, "left_color": LINE, "right_color": LINE}
        if column.name == "contacted_at":
            look["num_format"] = _PATTERNS["day"]
        return self.of(**look)

    def header(self, fill: str, form: Form = "text", room: int = 0) -> Any:
        """Of a row of headers: above its cells; on the right with room for the button of a filter."""
        beside: dict[str, Any] = {"indent": 1} if form in ("id", "text", "note") else {"align": "right", "indent": room}
        ink = {"bold": True, "font_color": "#FFFFFF", "bg_color": fill}
        return self.of(**ink, text_wrap=True, border=1, border_color=fill, **beside)

    def _of(self, **look: Any) -> Any:
        return self._book.add_format({"valign": "vcenter", **look})


def width(column: Column) -> float:
    """Of a column in characters, by its header and content; a Chinese character counts as two."""
    header = places(column.header) if column.header.isascii() else min(places(column.header), 10)  # Chinese is wrapped
    if column.name in LONG:
        return LONG[column.name]
    if column.form == "note":
        return max(header, 22 if column.name != "contacted_at" else 14)
    if column.form in ("id", "text"):
        cells = texts(column.values)
        characters = pc.utf8_length(cells)
        further = pc.divide(pc.subtract(pc.binary_length(cells), characters), 2)  # Chinese: three bytes, two places
        content = pc.max(pc.add(characters, further)).as_py() or 0
    else:
        content = {"money": 11, "moment": 19, "day": 11}.get(column.form, 9)
    return float(np.clip(max(header + 3, content + 2), _NARROWEST, _WIDEST))


def places(text: str) -> int:
    """How wide text is, in characters; a Chinese one counts as two."""
    return len(text) + (len(text.encode()) - len(text)) // 2


def wrapped(text: object, room: int) -> int:
    """Lines that a cell takes, in a column that is so many characters wide.

    >>> wrapped("a" * 30, 34), wrapped("a" * 40, 34), wrapped(None, 34)
    (1, 2, 1)
    """
    return -(-max(places(text), 1) // (room - 4)) if isinstance(text, str) else 1

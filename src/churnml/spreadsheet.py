"""Files for spreadsheets: text stays the text it is, and is never run as a formula.

A CSV has no types: whoever opens it by double click gets what the spreadsheet guesses. Two rules guard text cells:

* **Never a formula.** Text that starts with = + - @, a tab or a carriage return, also full-width or behind spaces, gets
  an apostrophe in front.
* **Never a number** (`kept_as_text`, for ids and the like). Text that holds nothing but digits and the marks of numbers,
  dates and times is written as ="00123", which spreadsheets show as 00123. Words, addresses and ids with letters are
  written as they are.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

LONGEST_LITERAL = 255
"""Characters of text that Excel takes within a formula."""

_SPACE = " \n\v\f\u0085\u00a0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"
RUNS = f"[{_SPACE}]*[=+\\-@\t\r＝＋－＠]"
"""How text begins that would be run."""
_DIGIT = "[0-9０-９]"
_MARK = "[ \u00a0\u3000+\\-.,:/()%$€£¥￥−＋－．，：／（）％＄]"
_UNIT = "(?:[年月日时時分秒]|上午|下午)"
_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    "nov(?:ember)?|dec(?:ember)?)"
)
_QUANTITY = f"(?:{_MARK}|{_UNIT})*{_DIGIT}(?:{_DIGIT}|{_MARK}|{_UNIT}|[ed][+-]?{_DIGIT})*(?: [ap]|[ap]m)?"
_ANY = f"(?:{_DIGIT}|{_MARK})*"
_DATE = f"{_ANY}{_DIGIT}{_ANY}{_MONTH}{_ANY}|{_ANY}{_MONTH}{_ANY}{_DIGIT}{_ANY}"
BENDS = f"{_QUANTITY}|{_DATE}|true|false"
"""What a spreadsheet takes for a number, a date or a time, in whatever case."""
# Explicit classes only: Python and Arrow (RE2) then mean the same by them.


def defused(cell: object) -> object:
    """Text that a spreadsheet would run as a formula gets a leading apostrophe; numbers are left alone.

    >>> defused("=1+1"), defused(-3.5), defused("Ann")
    ("'=1+1", -3.5, 'Ann')
    """
    return f"'{cell}" if isinstance(cell, str) and re.match(RUNS, cell) else cell


def all_defused(texts: pa.Array) -> pa.Array:
    """A column of text under the rule of `defused`; nulls stay.

    >>> all_defused(pa.array(["+86 138", None, "Ann"])).to_pylist()
    ["'+86 138", None, 'Ann']
    """
    runs = pc.match_substring_regex(texts, f"^{RUNS}")
    return pc.replace_with_mask(texts, runs, _between("'", texts.filter(runs), ""))


def kept_as_text(texts: pa.Array) -> pa.Array:
    """A column of text of which a spreadsheet makes neither numbers, dates nor formulas; nulls stay.

    What reads as a number, date or time becomes ="…" (one that is longer than Excel takes is left as it is); what would
    run is defused.

    >>> kept_as_text(pa.array(["00123", "+86 138", "1E5", "MAR1", "A-12", "12 Hill Road", "=1+1"])).to_pylist()
    ['="00123"', '="+86 138"', '="1E5"', '="MAR1"', 'A-12', '12 Hill Road', "'=1+1"]
    """
    short = pc.less_equal(pc.utf8_length(texts), LONGEST_LITERAL)
    bends = pc.and_(pc.match_substring_regex(texts, f"^(?i:{BENDS})$"), short)
    return pc.replace_with_mask(all_defused(texts), bends, _between('="', texts.filter(bends), '"'))


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a small table for people to open: UTF-8 with BOM, no text a formula; None is an empty cell."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([defused(name) for name in header])
        writer.writerows([defused(cell) for cell in row] for row in rows)


def write_columns(path: Path, header: Sequence[str], parts: Iterable[Sequence[pa.Array]]) -> None:
    """Write a large table, part by part, in the bytes that `write_csv` gives, at the speed of columns.

    Args:
        path: of the CSV.
        header: names; made harmless here.
        parts: of each part its columns, two or more: text that is harmless already, or what is written without quotes
            as Arrow casts it to text, such as numbers and dates; null is an empty cell.
    """
    write_csv(path, header, [])
    with path.open("ab") as file:
        for columns in parts:
            cells = [pc.fill_null(_written(column), "") for column in columns]
            lines = _between("", pc.binary_join_element_wise(*cells, ","), "\r\n")
            if size := pc.sum(pc.binary_length(lines)).as_py():
                file.write(lines.buffers()[2].slice(0, size))


def workbook(path: Path) -> xlsxwriter.Workbook:
    """A new workbook that is written row by row, and is the same bytes on every day.

    What it needs meanwhile lies beside it, not among the machine's temporary files: it holds names and phone numbers.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    literal = {"strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "tmpdir": str(path.parent), **literal})
    book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001  a workbook knows no timezone
    return book


def put_text(sheet: Worksheet, row: int, column: int, text: str, look: Format | None = None) -> None:
    """Write one cell as the text that it is, whatever it looks like."""
    if text.startswith("<r>") and text.endswith("</r>"):  # which XlsxWriter takes for its own and writes unescaped
        sheet.write_rich_string(row, column, "<", "r", text[2:], *([look] if look else []))
    else:
        sheet.write_string(row, column, text, look)


def _between(before: str, texts: pa.Array, after: str) -> pa.Array:
    return pc.binary_join_element_wise(pa.scalar(before, texts.type), texts, pa.scalar(after, texts.type), "")


def _written(column: pa.Array) -> pa.Array:
    return _quoted(column) if pa.types.is_string(column.type) else column.cast(pa.string())


def _quoted(texts: pa.Array) -> pa.Array:
    """As `csv` quotes: only where a cell would be read as another one."""
    quotes = pc.match_substring_regex(texts, '[",\r\n]')
    return pc.replace_with_mask(
        texts, quotes, _between('"', pc.replace_substring(texts.filter(quotes), '"', '""'), '"')
    )

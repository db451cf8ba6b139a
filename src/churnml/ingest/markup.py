"""Tables of web pages and of XML spreadsheets, which many systems export under the name of a workbook."""

import csv
import io
import re
from html.parser import HTMLParser

_ROWS, _CELLS = ("tr", "row"), ("td", "th", "cell")
_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?([\w-]+)""", re.IGNORECASE)
_HEAD, _WIDEST = 1 << 11, 1 << 14


def as_csv(content: bytes) -> str:
    r"""All rows of all tables, one below the other, as a CSV; a page leaves out what is empty.

    >>> as_csv(b"<table><tr><th>id<th>paid</tr><tr><td>007</td><td>1&nbsp;234 &euro;</td></tr></table>")
    'id,paid\r\n007,1\xa0234 €\r\n'
    """
    reader = _Rows()
    reader.feed(_text(content))
    reader.close()
    width = max((place for row in reader.rows for place, cell in enumerate(row, 1) if cell), default=0)
    out = io.StringIO()
    csv.writer(out).writerows([*row, *[""] * (width - len(row))][:width] for row in reader.rows)
    return out.getvalue()


def _text(content: bytes) -> str:
    """By a byte order mark, what the page says of itself, or what fits."""
    said = _CHARSET.search(content[:_HEAD])
    stated = [said[1].decode("ascii").lower().replace("gb2312", "gb18030").replace("gbk", "gb18030")] if said else []
    marked = ["utf-16"] if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig"]
    for encoding in (*marked, *stated, "gb18030"):
        try:
            return content.decode(encoding)
        except (UnicodeError, LookupError):
            continue
    return content.decode("cp1252", "replace")


def _number(said: str | None) -> int:
    """A number of columns, at most as many as a sheet can have; 0 where none is said."""
    return min(int(said), _WIDEST) if said and said.isascii() and said.isdigit() else 0


class _Rows(HTMLParser):
    """Collects the cells of each row; a cell ends where its end is marked or the next one begins.

    What reaches over several rows stands in the first of them; in the others its place is empty.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self._cell: list[str] | None = None
        self._span = self._down = 1
        self._taken: dict[int, int] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _ROWS:
            self._end_cell()
            self._taken = {place: rows - 1 for place, rows in self._taken.items() if rows > 1}
            self.rows.append([])
        elif tag in _CELLS and self.rows:
            self._end_cell()
            said = dict(attrs)
            self.rows[-1] += [""] * (_number(said.get("ss:index")) - 1 - len(self.rows[-1]))
            while self._taken.get(len(self.rows[-1])):
                self.rows[-1].append("")
            self._cell, self._span = [], _number(said.get("colspan")) or 1
            self._down = _number(said.get("rowspan")) or _number(said.get("ss:mergedown")) + 1
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in (*_ROWS, *_CELLS, "table"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is not None:
            if self._down > 1:
                first = len(self.rows[-1])
                self._taken |= dict.fromkeys(range(first, first + self._span), self._down)
            self.rows[-1] += ["".join(self._cell).strip(), *[""] * (self._span - 1)]
            self._cell = None

"""How a delimited text is laid out: its delimiter, where its header stands, and where its rows begin."""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path

from churnml.ingest.names import SEARCHED, held, is_header, named

DELIMITERS = (",", ";", "\t", "|")
"""Those that are found out."""
_HEAD = 1 << 20
_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True)
class Layout:
    """The header of a delimited text.

    Attributes:
        delimiter: between its cells.
        row: in which it stands, as a spreadsheet counts them.
        names: what its cells are called.
        start: byte at which the rows below it begin.
        encoding: in which they go on, without a byte order mark.
        hits: how many of the wanted headers it holds.
    """

    delimiter: str
    row: int
    names: tuple[str, ...]
    start: int
    encoding: str
    hits: int


def layout_of(path: Path, encoding: str, delimiter: str | None, wanted: Sequence[str]) -> Layout:
    """The layout under which one of the first rows holds the wanted headers, or most of them; else the first row.

    Args:
        path: of the file.
        encoding: that every byte fits.
        delimiter: that is stated; None: the one under which most of the wanted headers are found.
        wanted: headers that are mapped.

    Raises:
        csv.Error: the first row can't be read.
    """
    facts = path.stat()
    return _layout(path, encoding, delimiter, tuple(dict.fromkeys(wanted)), (facts.st_mtime_ns, facts.st_size))


@lru_cache(maxsize=1024)
def _layout(
    path: Path, encoding: str, delimiter: str | None, wanted: tuple[str, ...], _version: tuple[int, int]
) -> Layout:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    text = codecs.getincrementaldecoder(encoding)().decode(head).removeprefix(_BYTE_ORDER_MARK)
    found: tuple[int, int, str, list[str], int] | None = None
    for sign in [delimiter] if delimiter else DELIMITERS:
        for row, (cells, end) in enumerate(_records(text, sign), 1):
            hits = held(cells, wanted)
            better = found is None or (hits, all(cells), -row) > (found[0], all(found[3]), -found[1])
            if better and hits and (row == 1 or is_header(hits, wanted)):
                found = hits, row, sign, cells, end
            if hits == len(wanted) and all(cells):
                break
    if found is None:
        sign = delimiter or ","
        _require_record(text, sign)
        cells, end = next(_records(text, sign), ([], len(text)))
        found = 0, 1, sign, cells, end
    hits, row, sign, cells, end = found
    start = _place(head, encoding, end) if text else len(head)
    names = tuple(named([*cells, *[""] * _unnamed(text, sign, row, len(cells))], wanted))
    return Layout(sign, row, names, start, _going_on(encoding, head), hits)


def _unnamed(text: str, delimiter: str, row: int, width: int) -> int:
    """How many more cells all rows below the header have, if nothing stands in any: some systems end rows by a delimiter."""
    below = [cells for cells, _ in islice(_records(text, delimiter), row, None) if cells]
    more = {len(cells) - width for cells in below}
    return more.pop() if len(more) == 1 and min(more) > 0 and not any(any(cells[width:]) for cells in below) else 0


def _records(text: str, delimiter: str) -> Iterator[tuple[list[str], int]]:
    """The first records, each with the place of the character behind it; none from one on that can't be read."""
    read = 0

    def lines() -> Iterator[str]:
        nonlocal read
        for line in io.StringIO(text, newline=""):
            read += len(line)
            yield line

    try:
        for cells in islice(csv.reader(lines(), delimiter=delimiter), SEARCHED):
            yield cells, read
    except csv.Error:
        return


def _require_record(text: str, delimiter: str) -> None:
    """Let the library say why not even the first record can be read."""
    next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), None)


def _place(head: bytes, encoding: str, end: int) -> int:
    """The byte behind so many characters, a byte order mark not counted."""
    decoder = codecs.getincrementaldecoder(encoding)()
    characters = 0
    for place in range(len(head)):
        if characters >= end:
            return place
        characters += len(
            decoder.decode(head[place : place + 1]).removeprefix(_BYTE_ORDER_MARK if not characters else "")
        )
    return len(head)


def _going_on(encoding: str, head: bytes) -> str:
    """The encoding with its byte order, where only the mark at the beginning tells it."""
    name = codecs.lookup(encoding).name
    if name not in ("utf-16", "utf-32"):
        return encoding
    return f"{name}-le" if head.startswith(b"\xff\xfe") else f"{name}-be"

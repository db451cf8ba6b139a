"""Cells of an export as text, without what surrounds or hides in them; nothing is interpreted here."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from churnml.spreadsheet import RUNS

_CONTROL = "".join(map(chr, [*range(0x20), *range(0x7F, 0xA0)]))
_SPACES = " \u00a0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
# Zero-width spaces, joiners, marks of direction, and the byte order mark: pasted along with an id, seen by nobody.
_INVISIBLE = r"[\x{180e}\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}-\x{2064}\x{2066}-\x{2069}\x{feff}]"
DESTROYED = r"-?\d+(?:[.,]\d+)?[eE]\+\d+|-?\d+[.,]\d+[eE]\d+"
"""A number of many digits, after a spreadsheet showed and saved it as 1.38E+10."""
_SHOWN_AS_TEXT = r'(?s)^="((?:[^"]|"")*)"$'
_DEFUSED = rf"^'({RUNS}|\d+$)"


def written_bytes(column: pa.Array) -> bytes:
    """What all cells of a text column say, and maybe their neighbours; to look for what most columns hold nowhere."""
    cells = column.buffers()[2]
    return cells.to_pybytes() if cells else b""


def spans(column: pa.Array) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All bytes of a text column, and where each of its filled cells begins and ends among them."""
    column = pc.fill_null(column, "") if column.null_count else column
    _, offsets, data = column.buffers()
    if not len(column) or data is None:
        return np.zeros(0, np.uint8), np.zeros(0, np.int32), np.zeros(0, np.int32)
    places = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1]
    filled = places[:-1] < places[1:]
    return np.frombuffer(data, np.uint8), places[:-1][filled], places[1:][filled]


def trimmed(column: pa.Array) -> pa.Array:
    """Text without white space of any kind at both ends."""
    return pc.utf8_trim_whitespace(column) if _may_be_spaced(column) else column


def identifier(column: pa.Array) -> pa.Array:
    """Ids without zero-width characters, and without spaces and control characters at both ends."""
    if not written_bytes(column).isascii():
        column = pc.replace_substring_regex(column, _INVISIBLE, "")
    return pc.utf8_trim(column, characters=_CONTROL + _SPACES) if _may_be_spaced(column) else column


def _may_be_spaced(column: pa.Array) -> bool:
    """Whether a cell begins or ends with anything but a printed character of ASCII."""
    data, begins, ends = spans(column)
    edges = np.concatenate([data.take(begins), data.take(ends - 1)])
    return bool(((edges < ord("!")) | (edges > ord("~"))).any())


def undestroyed(column: pa.Array) -> tuple[pa.Array, int]:
    """Numbers of orders and the like, empty where a spreadsheet left only the size of them, and how many those are.

    >>> undestroyed(pa.array(["A1", "4.01235E+18", "12"]))[0].to_pylist()
    ['A1', None, '12']
    """
    written = written_bytes(column)
    if not any(sign in written for sign in (b"+", b".", b",")):
        return column, 0
    gone = pc.fill_null(pc.match_substring_regex(column, f"^(?:{DESTROYED})$"), False)
    return pc.if_else(gone, None, column) if gone.true_count else column, gone.true_count


def unwrapped(column: pa.Array) -> pa.Array:
    """Text without what a CSV needs so that spreadsheets neither bend nor run it.

    That is `="00123"`, an apostrophe before `=` or before digits alone, a grave accent before anything.

    >>> unwrapped(pa.array(['="00123"', "'=1+1", "'tis", "00123", "'00123", "`¥12.00"])).to_pylist()
    ['00123', '=1+1', "'tis", '00123', '00123', '¥12.00']
    """
    written = written_bytes(column)
    if b'"' in written and b'="' in written:
        shown = pc.match_substring_regex(column, _SHOWN_AS_TEXT)
        inner = pc.replace_substring(pc.replace_substring_regex(column, _SHOWN_AS_TEXT, r"\1"), '""', '"')
        column = pc.if_else(shown, inner, column)
    if b"'" in written:
        defused = pc.match_substring_regex(column, _DEFUSED)
        column = pc.if_else(defused, pc.utf8_slice_codeunits(column, 1), column)
    if b"`" in written:
        column = pc.if_else(pc.starts_with(column, "`"), pc.utf8_slice_codeunits(column, 1), column)
    return column

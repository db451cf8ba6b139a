"""Cells that a system garbled on the way and that can be put right without a doubt; each kind of repair is counted."""

import html
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from churnml.ingest.cells import written_bytes
from churnml.ingest.words import LINES, REPAIRS
from churnml.language import Locale, phrase, shown

_ENTITY = re.compile("&(amp|lt|gt|quot|apos|nbsp|#[0-9]{2,6}|#[xX][0-9a-fA-F]{2,5});")
_UNSEEN = re.compile("[\u180e\u200b\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
# Emoji and Arabic or Hebrew text need joiners and marks of direction; ids, numbers and times don't.
_UNSEEN_IN_TEXT_ALONE = re.compile(f"{_UNSEEN.pattern[:-1]}\u200c-\u200f]")
_LOST = "\N{REPLACEMENT CHARACTER}"
_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ]")
_NARROW = {code: code - 0xFEE0 for first, last in ("０９", "ＡＺ", "ａｚ") for code in range(ord(first), ord(last) + 1)}


RepairKind = Literal["html_entities", "invisible_characters", "full_width"]


@dataclass(frozen=True)
class Repair:
    """How many cells of a column were repaired in one way."""

    repair: RepairKind
    column: str
    cells: int

    def line(self, locale: Locale) -> str:
        """For the terminal, below the line of its table."""
        repair = shown(REPAIRS, self.repair, locale)
        return phrase(LINES, "repaired", locale, cells=self.cells, repair=repair, column=self.column)


def repaired(column: pa.Array, done: Counter[RepairKind], *, is_text: bool) -> pa.Array:
    """Cells without HTML's names of characters, invisible characters, and letters and digits in full width.

    Punctuation stays as wide as it is: in Chinese text that is its proper form.

    Args:
        column: text.
        done: kind of repair -> number of cells; added to.
        is_text: whether people wrote the cells; if not, they are ids, numbers or times.
    """
    written = written_bytes(column)
    if b"&" in written and b";" in written:
        column = _mended(column, _ENTITY, _meant, "html_entities", done)
        written = written_bytes(column)
    if written.isascii():
        return column
    unseen = _UNSEEN if is_text else _UNSEEN_IN_TEXT_ALONE
    column = _mended(column, unseen, lambda cell: unseen.sub("", cell), "invisible_characters", done)
    return _mended(column, _WIDE, _narrow, "full_width", done)


def lost(column: pa.Array) -> int:
    """How many cells hold a replacement character: nobody can say what stood there."""
    written = written_bytes(column)
    if written.isascii() or _LOST.encode() not in written:
        return 0
    return pc.sum(pc.match_substring(column, _LOST)).as_py() or 0


def _mended(
    column: pa.Array, sign: re.Pattern[str], mend: Callable[[str], str], repair: RepairKind, done: Counter[RepairKind]
) -> pa.Array:
    broken = pc.fill_null(pc.match_substring_regex(column, sign.pattern), False)
    if not broken.true_count:
        return column
    done[repair] += broken.true_count
    cells = [mend(cell) for cell in column.filter(broken).to_pylist()]
    return pc.replace_with_mask(column, broken, pa.array(cells, column.type))


def _meant(cell: str) -> str:
    """The characters that HTML's names stand for.

    >>> _meant("Smith &amp; Sons &#8211; A&B; &copy")
    'Smith & Sons – A&B; &copy'
    """
    return _ENTITY.sub(lambda name: html.unescape(name[0]), cell)


def _narrow(cell: str) -> str:
    """Letters and digits in their usual width.

    >>> _narrow("ＶＩＰ（１级），好")
    'VIP（1级），好'
    """
    return cell.translate(_NARROW)

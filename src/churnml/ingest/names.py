"""Header cells -> the names that the params have for them."""

import re
import unicodedata
from collections.abc import Collection, Sequence

_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)
_BESIDE = re.compile(
    r"[(\[【]((单位:)?(元|人民币|rmb|cny|¥|usd|us\$|\$|eur|€)|必填项?|选填|可选|required|optional|北京时间|utc(\+8)?)[)\]】]$"
)
_SHOWN = 30
SEARCHED = 50
"""The header is looked for in so many rows; above it are titles and notes of the export."""


def plain(name: str) -> str:
    r"""A name without white space around it, line breaks in it, and characters that nobody sees.

    >>> plain("\ufeff Order\nno. ")
    'Order no.'
    """
    return " ".join(_INVISIBLE.sub("", name).split())


def shown(name: str) -> str:
    r"""A name as messages show it: plain, and its beginning where it is long.

    >>> shown("a note on\nthe whole of the order and its lines")
    'a note on the whole of the ord…'
    """
    bare = plain(name)
    return bare if len(bare) <= _SHOWN else bare[:_SHOWN] + "…"


def folded(name: str) -> str:
    """A plain name with full-width forms as their usual ones.

    >>> folded("ＩＤ（客户）")
    'ID(客户)'
    """
    return plain(unicodedata.normalize("NFKC", name))


def loose(name: str) -> str:
    """A folded name without any white space, capitals, and the signs around it.

    >>> loose("*客户 编号：") == loose("客户编号"), loose("Customer ID") == loose("customerid")
    (True, True)
    """
    return "".join(folded(name).split()).strip("*:#").casefold()


def unitless(name: str) -> str:
    """A loose name without the currency behind it, or what a form says to who fills it in.

    >>> unitless("金额（单位：元）"), unitless("Amount (USD)"), unitless("*客户编号（必填）"), unitless("金额（万元）")
    ('金额', 'amount', '客户编号', '金额(万元)')
    """
    return _BESIDE.sub("", loose(name))


def named(cells: Sequence[str], wanted: Collection[str]) -> list[str]:
    r"""What each header cell is called: as the params write it, where they want it, else plainly.

    A cell that is wanted to the letter comes first, then one that is so plainly, then in usual forms, then one alone that is so
    loosely, then without its currency. A cell keeps its letters where its plain name would stand there twice; but no name holds control characters, at which engines stumble.

    >>> named(["ID ", "id", "日期\n", "（元）", "金 额（元）"], ["ID", "日期", "(元)", "金额"])
    ['ID', 'id', '日期', '(元)', '金额']
    """
    names: list[str | None] = [cell if cell in wanted else None for cell in cells]
    for form in (plain, folded):
        sought = {form(name): name for name in wanted if name not in names and form(name)}
        for place, cell in enumerate(cells):
            if names[place] is None and form(cell) in sought:
                names[place] = sought[form(cell)]
    for form in (loose, unitless):
        sought = {form(name): name for name in wanted if name not in names and form(name)}
        for called, name in sought.items():
            alike = [place for place, cell in enumerate(cells) if names[place] is None and form(cell) == called]
            if len(alike) == 1:
                names[alike[0]] = name
    taken = {*cells, *(name for name in names if name is not None)}
    return [
        name if name is not None else cell if plain(cell) in taken and not _CONTROL.search(cell) else plain(cell)
        for name, cell in zip(names, cells, strict=True)
    ]


def held(cells: Sequence[str], wanted: Collection[str]) -> int:
    """How many of the wanted names the header cells hold."""
    return len(set(named(cells, wanted)) & set(wanted))


def is_header(hits: int, wanted: Collection[str]) -> bool:
    """Whether a row with so many wanted names is a header wherever it stands; the first row may hold fewer."""
    return hits >= min(2, len(set(wanted))) and hits > 0

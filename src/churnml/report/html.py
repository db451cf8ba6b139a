"""Sections as HTML. The numbers stand in tables; pictures are drawn from these, so that each number is there once."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import singledispatch
from html import escape
from itertools import groupby
from typing import Any

from churnml.language import shown
from churnml.report.parts import Both, Cell, Column, Grid, Part, Picture, Row, Section, Table, Text, Tiles, Titled
from churnml.report.words import PAGE

_NOTHING = "–"


def said(words: Both) -> str:
    """Words in both languages; the page shows one of them."""
    english, chinese = words
    if english == chinese:
        return _marked_up(english)
    return f'<span lang="en">{_marked_up(english)}</span><span lang="zh-CN">{_marked_up(chinese)}</span>'


def _marked_up(text: str) -> str:
    """Text, in which what stands between backticks is code."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(text))


def section(one: Section) -> str:
    """A section with its anchor."""
    parts: list[str] = []
    for half, run in groupby(one.parts, _is_half):
        drawn = "\n".join(part(each) for each in run)
        parts.append(f'<div class="side">{drawn}</div>' if half else drawn)
    body = "\n".join(parts)
    return f'<section id="{one.name}" aria-labelledby="{one.name}-title"><h2 id="{one.name}-title">{said(one.title)}</h2>\n{body}\n</section>\n'


def _is_half(one: Part) -> bool:
    return isinstance(one, Picture) and one.half


@singledispatch
def part(one: Part) -> str:
    """A part of a section."""
    raise TypeError(one)


@part.register
def _tiles(one: Tiles) -> str:
    tiles = "".join(
        f'<div class="tile{" alarm" if tile.alarm else ""}"><dt>{said(tile.label)}</dt><dd><strong>{said(tile.number)}</strong>'
        f"<span>{said(tile.beside)}</span></dd></div>"
        for tile in one.tiles
    )
    return f'<dl class="tiles">{tiles}</dl>'


@part.register
def _text(one: Text) -> str:
    return f'<p class="{one.kind}">{said(one.words)}</p>'


@part.register
def _picture(one: Picture) -> str:
    return (
        f'<figure id="picture-{one.name}" class="picture" data-rows="{one.name}"><figcaption><h3 id="{one.name}-head">{said(one.title)}</h3>'
        f"</figcaption>{_note(one.note)}"
        f'<div class="canvas" style="min-height:{one.height}px" aria-labelledby="{one.name}-head" role="img"></div>'
        f"{_behind(one.table)}</figure>"
    )


@part.register
def _titled(one: Titled) -> str:
    if one.folded:
        return f"<details><summary>{said(one.title)}</summary>{_note(one.note)}{table(one.table)}</details>"
    return f'<div class="titled"><h3>{said(one.title)}</h3>{_note(one.note)}{table(one.table)}</div>'


@part.register
def _grid(one: Grid) -> str:
    head = "".join(f'<th scope="col">{said(title)}</th>' for title in one.across)
    rows = "".join(
        f'<tr><th scope="row">{said(title)}</th>{"".join(_cell(one, down, right, cell) for right, cell in enumerate(cells))}</tr>'
        for down, (title, cells) in enumerate(zip(one.down, one.cells, strict=True))
    )
    heads = "".join(_head(column) for column in one.columns)
    return (
        f'<figure class="grid{" small" if one.small else ""}" id="grid-{one.name}"><figcaption><h3 id="{one.name}-head">{said(one.title)}</h3></figcaption>{_note(one.note)}'
        f'<div class="wide" tabindex="0" role="region" aria-labelledby="{one.name}-head"><table class="heat"><thead><tr>'
        f'<th scope="col" class="corner">{said(one.corner)}</th>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
        f'<div class="opened" id="opened-{one.name}" hidden aria-live="polite"><h4></h4>'
        f'<div class="wide" tabindex="0" role="region" aria-labelledby="{one.name}-head">'
        f'<table id="table-{one.name}-ids" data-name="{one.name}_ids"><thead><tr>{heads}</tr></thead><tbody></tbody></table></div>'
        f"{_take(f'{one.name}-ids')}</div>{_behind(one.table)}</figure>"
    )


def cells_of(one: Grid) -> dict[str, list[list[Any]]]:
    """Whom each cell of a grid holds, by its place: texts and numbers as shown, with the value behind."""
    return {
        f"{one.name}-{down}-{right}": [
            [_shown(cell_value, column) for cell_value, column in zip(row, one.columns, strict=True)]
            for row in cell.rows
        ]
        for down, cells in enumerate(one.cells)
        for right, cell in enumerate(cells)
        if cell and cell.rows
    }


def _shown(value: Any, column: Column) -> list[Any]:
    english, chinese = written(value, column)
    return [value, english] if english == chinese else [value, english, chinese]


def _cell(one: Grid, down: int, right: int, cell: Cell | None) -> str:
    if cell is None:
        return "<td></td>"
    lines = "".join(f"<span>{said(words)}</span>" for words in cell.words)
    look = f'class="cell" style="--weight:{cell.weight:.3f}"'
    if not cell.rows:
        return f"<td><div {look}>{lines}</div></td>"
    place = f"{one.name}-{down}-{right}"
    return (
        f'<td><button type="button" {look} data-cell="{place}" aria-expanded="false" aria-controls="opened-{one.name}">'
        f"{lines}</button></td>"
    )


def _note(words: Both) -> str:
    return f'<p class="soft">{said(words)}</p>' if any(words) else ""


def _behind(one: Table) -> str:
    words = (shown(PAGE, "numbers", "en"), shown(PAGE, "numbers", "zh-CN"))
    return f"<details><summary>{said(words)}</summary>{table(one)}</details>"


def _take(name: str) -> str:
    words = (shown(PAGE, "csv", "en"), shown(PAGE, "csv", "zh-CN"))
    return f'<p class="take"><button type="button" class="csv" data-table="table-{name}">{said(words)}</button></p>'


def _head(column: Column) -> str:
    side = "" if column.kind in ("text", "id", "day") else ' class="number"'
    return (
        f'<th scope="col"{side} data-name="{escape(column.name)}" data-kind="{column.kind}">'
        f'<button type="button" class="sort">{said(column.title)}</button></th>'
    )


def table(one: Table) -> str:
    """A table; each cell carries the value behind what it shows."""
    heads = "".join(_head(column) for column in one.columns)
    rows = "".join(f"<tr>{''.join(_td(row, column) for column in one.columns)}</tr>" for row in one.rows)
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{escape(one.name)}"><table id="table-{one.name}" data-name="{one.name}"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>{_take(one.name)}"
    )


def _td(row: Row, column: Column) -> str:
    value = plain(row.get(column.name))
    side = "" if column.kind in ("text", "id", "day") else ' class="number"'
    behind = "" if value is None else f' data-v="{escape(str(value))}"'
    return f"<td{side}{behind}>{said(written(value, column))}</td>"


def plain(value: Any) -> Any:
    """A value as Python and JSON know it; what isn't known is None."""
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, float):
        return round(value, 6)
    return value.isoformat() if isinstance(value, date) else value


def written(value: Any, column: Column) -> Both:
    """A cell as people read it.

    >>> written(1234, Column("spent", ("spent", "消费"), "money")), written(None, Column("age", ("age", "年龄")))
    (('1,234', '1,234'), ('–', '–'))
    """
    value = plain(value)
    if value is None or value == "":
        return _NOTHING, _NOTHING
    match column.kind:
        case "share":
            text = f"{100 * value:.1f}\u00a0%"
        case "money" | "count":
            text = f"{value:,.0f}"
        case "number":
            text = f"{value:,.3f}".rstrip("0").rstrip(".") if abs(value) < 100 else f"{value:,.1f}"
        case _:
            return shown(column.words, str(value), "en"), shown(column.words, str(value), "zh-CN")
    return text, text


def script_json(content: Any) -> str:
    """JSON that can't end the script element it stands in; a pair of words becomes `{"@": [English, Chinese]}`."""
    return json.dumps(_marked(content), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _marked(content: Any) -> Any:
    if isinstance(content, tuple):
        return {"@": list(content)}
    if isinstance(content, Mapping):
        return {key: _marked(value) for key, value in content.items()}
    if isinstance(content, Sequence) and not isinstance(content, str):
        return [_marked(value) for value in content]
    return plain(content)

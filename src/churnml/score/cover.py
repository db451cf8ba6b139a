"""The workbook's first sheet: what this is, whom it is about, and what to fill in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from churnml.contracts.listed import TIERS
from churnml.language import phrase, shown
from churnml.score.calls import NOTES, Files
from churnml.score.looks import LINE, SOFT, WARN, Formats, colour, places
from churnml.score.sheets import SHEET_ROWS, Tab
from churnml.score.words import COLUMNS, COVER, MEANINGS
from churnml.spreadsheet import put_text

_WIDTHS = (2, 22, 12, 12, 12, 36, 60)
_TABLE = ("customers", "held", "to_call", "where", "said")
_POINTS = 16
"""Height of a line."""


@dataclass(frozen=True)
class Counts:
    """How many customers there are.

    Attributes:
        customers: per tier, with those who are left alone.
        held: per tier, left alone.
        unscored: without a risk.
        changes: whose tier is another one.
        grid: per tier and layer: customers, value, expected_loss.
        layer_a: its shares of all customers and of all value.
        alerts: of whom a rule is told.
    """

    customers: Mapping[str, int]
    held: Mapping[str, int]
    unscored: int
    changes: int
    grid: Mapping[str, Mapping[str, Mapping[str, float]]]
    layer_a: Mapping[str, float]
    alerts: int = 0


@dataclass(frozen=True)
class Told:
    """What the first sheet tells.

    Attributes:
        how: language, tiers and project.
        counts: how many customers there are.
        sheets: of those who are called.
        columns: which columns they have, in their order.
        said: tier -> what happened to its like; "" -> what holds for all.
    """

    how: Files
    counts: Counts
    sheets: Sequence[Tab]
    columns: Sequence[str]
    said: Mapping[str, str]

    def word(self, name: str, **facts: object) -> str:
        """A word or sentence of the pack's language."""
        return phrase(COVER, name, self.how.locale, **facts)

    def header(self, name: str) -> str:
        """What stands above a column."""
        return shown(COLUMNS, name, self.how.locale)

    def where(self, tier: str) -> str:
        """In which sheet and file a tier's customers are."""
        for tab in self.sheets:
            if tab.tier == tier:
                name = "in_part" if len(tab.rows) > SHEET_ROWS else "in_sheet"
                return self.word(name, sheet=tab.title, rows=f"{SHEET_ROWS:,}", file=f"{tier}.csv")
        return f"{tier}.csv"

    def sections(self) -> Iterator[tuple[str, list[str]]]:
        """Titles and sentences below the table."""
        yield self.word("fill"), [self.word("fill_how", **{name: self.header(name) for name in NOTES})]
        if held := sum(self.counts.held.values()):
            yield self.word("alone"), [self.word("alone_why", count=f"{held:,}")]
        counts = {"alerts": self.counts.alerts, "unscored": self.counts.unscored, "changes": self.counts.changes}
        others = [self.word(name, count=f"{count:,}") for name, count in counts.items() if count]
        yield self.word("others"), [*others, self.word("csv")]


def write_cover(book: Any, formats: Formats, told: Told) -> None:
    """Add the first sheet to a book."""
    page = _Page(book.add_worksheet(told.word("sheet")), formats)
    page.say(told.word("title", project=told.how.project), 26, bold=True, font_size=18)
    page.say(told.word("as_of", as_of=told.how.as_of), font_color=SOFT)
    if general := told.said.get("", "").strip():
        page.skip()
        for line in general.splitlines():
            page.say(line, bold=True, bg_color=WARN)
    page.skip()
    _tiers(page, told)
    if told.counts.layer_a["value"]:
        page.skip()
        _grid(page, told)
    for title, sentences in told.sections():
        page.skip()
        page.say(title, 20, bold=True, font_size=13)
        for sentence in sentences:
            page.say(sentence)
    page.skip()
    page.say(told.word("columns"), 20, bold=True, font_size=13)
    for name in told.columns:
        if name in MEANINGS:
            meaning = phrase(MEANINGS, name, told.how.locale, currency=told.how.currency)
            page.pair(told.header(name), meaning)


def _tiers(page: "_Page", told: Told) -> None:
    heads = [page.formats.header(SOFT, form) for form in ("text", "whole", "whole", "whole", "text", "text")]
    page.row([told.header("tier"), *(told.word(name) for name in _TABLE)], heads)
    text = page.formats.of(bottom=1, bottom_color=LINE, text_wrap=True, indent=1)
    number = page.formats.of(bottom=1, bottom_color=LINE, num_format="#,##0")
    for tier in told.how.tiers:
        customers, held = told.counts.customers[tier], told.counts.held[tier]
        counts = [customers, held, customers - held] if tier in told.how.contacted else [customers, None, None]
        name = page.formats.header(colour(tier, told.how.tiers))
        cells = [shown(TIERS, tier, told.how.locale), *counts, told.where(tier), told.said.get(tier, "")]
        page.row(cells, [name, number, number, number, text, text])


def _grid(page: "_Page", told: Told) -> None:
    """Value against risk: how many customers each tier has in each layer, and their money."""
    page.say(told.word("grid"), 20, bold=True, font_size=13)
    page.say(told.word("layer_a", **told.counts.layer_a))
    names = ("customers", "value", "expected_loss")
    heads = [page.formats.header(SOFT, form) for form in ("text", "whole", "whole", "whole")]
    page.row(["", told.word("customers"), *(told.header(name) for name in names[1:])], heads)
    number = page.formats.of(bottom=1, bottom_color=LINE, num_format="#,##0")
    for tier in told.how.tiers:
        for layer, cell in told.counts.grid.get(tier, {}).items():
            label = told.word("cell", tier=shown(TIERS, tier, told.how.locale), layer=layer)
            looks = [page.formats.header(colour(tier, told.how.tiers)), number, number, number]
            page.row([label, *(round(cell[name]) for name in names)], looks)


class _Page:
    """A sheet that is filled from the top."""

    def __init__(self, sheet: Any, formats: Formats) -> None:
        self.formats = formats
        self._sheet, self._row = sheet, 0
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        for place, characters in enumerate(_WIDTHS):
            sheet.set_column(place, place, characters)

    def skip(self) -> None:
        """Leave a row empty."""
        self._row += 1

    def say(self, text: str, height: float | None = None, **look: Any) -> None:
        """A sentence over the whole width."""
        self._sheet.set_row(self._row, height or _height(text, sum(_WIDTHS[1:])))
        self._merged(1, text, self.formats.of(text_wrap=True, **look))
        self._row += 1

    def pair(self, name: str, text: str) -> None:
        """A name and what it means."""
        self._sheet.set_row(self._row, _height(text, sum(_WIDTHS[2:])))
        put_text(self._sheet, self._row, 1, name, self.formats.of(bold=True, font_color=SOFT))
        self._merged(2, text, self.formats.of(text_wrap=True))
        self._row += 1

    def row(self, cells: Sequence[str | int | None], looks: Sequence[Any]) -> None:
        """A row of a table."""
        room = dict(enumerate(_WIDTHS[1:]))
        self._sheet.set_row(self._row, max(_height(str(cell), room[place]) for place, cell in enumerate(cells)) + 4)
        for place, (cell, look) in enumerate(zip(cells, looks, strict=True), start=1):
            if isinstance(cell, str):
                put_text(self._sheet, self._row, place, cell, look)
            elif cell is None:
                self._sheet.write_blank(self._row, place, None, look)
            else:
                self._sheet.write_number(self._row, place, cell, look)
        self._row += 1

    def _merged(self, first: int, text: str, look: Any) -> None:
        self._sheet.merge_range(self._row, first, self._row, len(_WIDTHS) - 1, "", look)
        put_text(self._sheet, self._row, first, text, look)


def _height(text: str, room: int) -> float:
    """Of a cell that is so many characters wide, in points."""
    return _POINTS * max(1, sum(-(-max(places(line), 1) // (room - 2)) for line in text.splitlines()))

"""What the page is made of: sections of sentences, pictures and tables, each in both languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from churnml.language import Words, phrase, shown

Both = tuple[str, str]
"""The same words in English and in Chinese."""

Kind = Literal["text", "id", "count", "number", "share", "money", "day"]
Row = Mapping[str, Any]
Spec = Mapping[str, Any]
"""A picture in Vega-Lite, without its data; every text in it that people read is in both languages."""


def both(words: Words, name: str, **filled: object) -> Both:
    """A word or sentence in both languages; what is filled in may differ by language.

    >>> both({"left": ("{who} left", "{who}已流失")}, "left", who=("all", "全部"))
    ('all left', '全部已流失')
    """
    english = {key: value[0] if isinstance(value, tuple) else value for key, value in filled.items()}
    chinese = {key: value[1] if isinstance(value, tuple) else value for key, value in filled.items()}
    return phrase(words, name, "en", **english), phrase(words, name, "zh-CN", **chinese)


def word(words: Words, name: str) -> Both:
    """The word for a name in both languages; a name without a word is shown as it is."""
    return shown(words, name, "en"), shown(words, name, "zh-CN")


def same(text: str) -> Both:
    """What reads alike in both languages: names, ids, numbers."""
    return text, text


def joined(sentences: Sequence[Both]) -> Both:
    """Sentences that follow each other."""
    return " ".join(one for one, _ in sentences), "".join(one for _, one in sentences)


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        name: of the column in rows, in the CSV, and in pictures.
        title: what people read.
        kind: how its cells are written; money comes in currency units, shares from 0 to 1.
        words: of texts that are codes.
    """

    name: str
    title: Both
    kind: Kind = "text"
    words: Words = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """Rows that people may sort and take with them as CSV.

    Attributes:
        name: unique on the page, the name of its CSV.
        columns: from left to right.
        rows: in the order in which they are first shown; None: not known.
    """

    name: str
    columns: Sequence[Column]
    rows: Sequence[Row]


@dataclass(frozen=True)
class Picture:
    """A picture and the numbers behind it.

    Attributes:
        title: what is seen.
        spec: how it is drawn from the rows of the table.
        table: the numbers; the picture bears its name.
        note: how to read it.
        height: of the picture in pixels, so that nothing moves when it is drawn.
        half: two such stand side by side where there is room.
    """

    title: Both
    spec: Spec
    table: Table
    note: Both = ("", "")
    height: int = 240
    half: bool = False

    @property
    def name(self) -> str:
        """Unique on the page."""
        return self.table.name


@dataclass(frozen=True)
class Cell:
    """One cell of a grid.

    Attributes:
        words: what stands in it, a line each.
        weight: how dark it is, from 0 to 1.
        rows: whom it holds, in the order of the columns of the grid's list; empty: nothing to open.
    """

    words: Sequence[Both]
    weight: float
    rows: Sequence[Sequence[Any]] = ()


@dataclass(frozen=True)
class Grid:
    """A heat map whose cells can be opened.

    Attributes:
        name: unique on the page.
        title: what is seen.
        corner: what rows and columns are.
        across: titles of the columns.
        down: titles of the rows.
        cells: by row, then by column; None where nobody is.
        columns: of the list that a cell opens.
        note: how to read it.
        table: all of it as numbers.
        small: its cells are low, since there are many.
    """

    name: str
    title: Both
    corner: Both
    across: Sequence[Both]
    down: Sequence[Both]
    cells: Sequence[Sequence[Cell | None]]
    columns: Sequence[Column]
    table: Table
    note: Both = ("", "")
    small: bool = False


@dataclass(frozen=True)
class Titled:
    """A table that stands for itself.

    Attributes:
        title: what is told.
        table: the numbers.
        note: how to read it.
        folded: shown once somebody asks.
    """

    title: Both
    table: Table
    note: Both = ("", "")
    folded: bool = False


@dataclass(frozen=True)
class Tile:
    """A number that is seen first.

    Attributes:
        label: of what.
        number: as people read it.
        beside: what to hold it against.
        alarm: something is wrong with it.
    """

    label: Both
    number: Both
    beside: Both = ("", "")
    alarm: bool = False


@dataclass(frozen=True)
class Tiles:
    """Numbers side by side."""

    tiles: Sequence[Tile]


@dataclass(frozen=True)
class Text:
    """A paragraph.

    Attributes:
        words: what is said.
        kind: lead: the first to read; plain; soft: aside; warning: don't overlook.
    """

    words: Both
    kind: Literal["lead", "plain", "soft", "warning"] = "plain"


Part = Tiles | Text | Picture | Grid | Titled


@dataclass(frozen=True)
class Section:
    """A part of the page that answers one question.

    Attributes:
        name: of its anchor.
        title: of the section.
        parts: from top to bottom.
    """

    name: str
    title: Both
    parts: Sequence[Part]

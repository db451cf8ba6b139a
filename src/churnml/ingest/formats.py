"""How a file was read: its kind, encoding, delimiter and the row of its header."""

from dataclasses import dataclass
from typing import Literal

from churnml.ingest.words import FORMATS, SIGNS
from churnml.language import Locale, phrase, shown

_USUAL = ("utf-8", "utf8", "utf-8-sig")

TraitKind = Literal["as", "separated", "header_row"]


@dataclass(frozen=True)
class Trait:
    """Something in which the reading of a file isn't the usual: a kind, an encoding, a delimiter or a row."""

    kind: TraitKind
    value: str

    def words(self, locale: Locale) -> str:
        """What follows where it is told that a file was read.

        >>> Trait("separated", ";").words("en"), Trait("separated", ";").words("zh-CN")
        ("separated by ';'", '以分号（;）分隔读取')
        """
        return phrase(FORMATS, self.kind, locale, value=shown(SIGNS, self.value, locale))


@dataclass(frozen=True)
class Format:
    """How a file was read.

    Attributes:
        suffix: how its name ends.
        real: how it should end, where what is in it is of another kind.
        encoding: of a text.
        delimiter: that was found out, where it isn't the comma.
        row: in which the header stands, as a spreadsheet counts them.
    """

    suffix: str
    real: str = ""
    encoding: str = ""
    delimiter: str = ""
    row: int = 1

    def __str__(self) -> str:
        """For ingest.json, which is the same in every language.

        >>> str(Format("csv", encoding="utf-8", delimiter=";", row=3))
        "csv, utf-8, separated by ';', with its header in row 3"
        """
        said = [name for name in (self.suffix, self.real, self.encoding) if name]
        return ", ".join(said + [trait.words("en") for trait in self._layout])

    @property
    def unusual(self) -> list[Trait]:
        """What differs from an UTF-8 text with commas under a header in the first row."""
        names = [name for name in (self.real, self.encoding) if name and name.lower() not in _USUAL]
        return [*(Trait("as", name) for name in names), *self._layout]

    @property
    def _layout(self) -> list[Trait]:
        sign = [Trait("separated", self.delimiter)] if self.delimiter else []
        return sign + ([Trait("header_row", str(self.row))] if self.row > 1 else [])

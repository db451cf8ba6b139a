"""What was found out while a table was read, or is stated of it, and people should know: facts, and then words."""

from dataclasses import dataclass
from typing import Literal

from churnml.ingest.words import NOTES, first_of, joined
from churnml.language import Locale, phrase

NoteKind = Literal[
    "day_first", "month_first", "times_as_numbers", "decimal_comma", "unit_in_header", "unread_sheets", "lost_characters",
    "destroyed_ids", "zeros_by_format", "refunds",
]  # fmt: skip


@dataclass(frozen=True)
class Note:
    """One thing to know.

    Attributes:
        kind: what it is.
        header: of the column that it is about.
        count: of cells or rows.
        names: of the sheets that weren't read, or of the files that it is true of, where it isn't of all.
    """

    kind: NoteKind
    header: str = ""
    count: int = 0
    names: tuple[str, ...] = ()

    def line(self, locale: Locale) -> str:
        """For the terminal, below the line of its table."""
        where = phrase(NOTES, "where", locale, names=first_of(self.names, locale)) if self.names else ""
        names = joined(self.names, locale)
        return phrase(NOTES, self.kind, locale, header=self.header, count=self.count, where=where, names=names)

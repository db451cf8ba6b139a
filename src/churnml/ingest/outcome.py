"""What came of reading exports."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from churnml.ingest.profile import TableProfile
from churnml.ingest.told import told
from churnml.ingest.unfed import Unfed
from churnml.ingest.words import LINES, joined
from churnml.language import Locale, phrase


@dataclass(frozen=True)
class Ingested:
    """What came in, and what didn't.

    Attributes:
        profiles: one per table, in the order of the sources.
        unmatched: names of files that no source takes.
        without: sources that found no file.
    """

    profiles: Sequence[TableProfile]
    unmatched: Sequence[str]
    without: Sequence[Unfed]

    def as_json(self) -> dict[str, Any]:
        """Plain values in one language, whatever that of the lists, for ingest.json."""
        return {
            "tables": {profile.table: profile.as_json() for profile in self.profiles},
            "unmatched_files": list(self.unmatched),
            "sources_without_file": [one.line("en") for one in self.without],
        }

    def lines(self, locale: Locale) -> list[str]:
        """For the terminal: counts, rows set aside, what nothing took or fed."""
        unmatched = phrase(LINES, "unmatched", locale, files=joined(self.unmatched, locale))
        return [
            *(line for profile in self.profiles for line in [*profile.lines(locale), *told(profile, locale)]),
            *([unmatched] if self.unmatched else []),
            *(phrase(LINES, "warning", locale, line=one.line(locale)) for one in self.without),
        ]

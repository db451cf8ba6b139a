"""Sources that found no file: refused in training; in scoring named, unless something needs their table."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from churnml.config import Source
from churnml.errors import ExportError
from churnml.ingest.find import ExportFile, NoFile, why_none
from churnml.ingest.folders import Folder
from churnml.ingest.words import LINES, OTHERWISE
from churnml.language import Locale, phrase, shown

Needs = Mapping[str, Sequence[str]]
"""Table -> what can't be told without it, in words."""

Otherwise = Literal["elsewhere", "not_needed"]


@dataclass(frozen=True)
class Unfed:
    """A source that found no file, which stops nobody.

    Attributes:
        table: that it would feed.
        why: it found none.
        otherwise: why the table isn't missed.
    """

    table: str
    why: NoFile
    otherwise: Otherwise

    def line(self, locale: Locale) -> str:
        """For a warning."""
        otherwise = shown(OTHERWISE, self.otherwise, locale)
        return phrase(LINES, "unfed", locale, table=self.table, why=self.why.line(locale), otherwise=otherwise)


def unfed(
    folders: Sequence[Folder],
    sources: Sequence[Source],
    found: Sequence[Sequence[ExportFile]],
    known: Collection[str],
    needs: Needs | None,
) -> list[Unfed]:
    """The sources without a file.

    Args:
        folders: that were looked through.
        sources: all of them.
        found: their files.
        known: tables that a history holds.
        needs: what needs which table; None: every source must find a file.

    Raises:
        ExportError: a source must find a file and doesn't; the message lists what is there.
    """
    fed = {source.table for source, files in zip(sources, found, strict=True) if files} | set(known)
    without = []
    for source in (source for source, files in zip(sources, found, strict=True) if not files):
        why = why_none(folders, source.path)
        if needs is None:
            raise ExportError(f"{source.table}: {why.line('en')}; put the export there or change sources[].path")
        if source.table not in fed and source.table in needs:
            raise ExportError(
                f"{source.table}: {why.line('en')}; the table is needed by {' and '.join(needs[source.table])}: put the export there, "
                f"or name tables that hold it by --history"
            )
        without.append(Unfed(source.table, why, "elsewhere" if source.table in fed else "not_needed"))
    return without

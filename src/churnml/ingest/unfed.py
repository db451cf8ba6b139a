"""Sources that found no file: refused in training; in scoring named, unless something needs their table."""

from collections.abc import Collection, Mapping, Sequence

from churnml.config import Source
from churnml.errors import ExportError
from churnml.ingest.find import ExportFile, why_none
from churnml.ingest.folders import Folder

Needs = Mapping[str, Sequence[str]]
"""Table -> what can't be told without it, in words."""


def unfed(
    folders: Sequence[Folder],
    sources: Sequence[Source],
    found: Sequence[Sequence[ExportFile]],
    known: Collection[str],
    needs: Needs | None,
) -> list[str]:
    """A line for each source without a file.

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
    said = []
    for source in (source for source, files in zip(sources, found, strict=True) if not files):
        why = why_none(folders, source.path)
        if needs is None:
            raise ExportError(f"{source.table}: {why}; put the export there or change sources[].path")
        if source.table not in fed and source.table in needs:
            raise ExportError(
                f"{source.table}: {why}; the table is needed by {' and '.join(needs[source.table])}: put the export there, "
                f"or name tables that hold it by --history"
            )
        other = "comes from elsewhere" if source.table in fed else "isn't needed to score"
        said.append(f"{source.table}: {why}; the table {other}")
    return said

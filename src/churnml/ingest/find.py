"""Which files of an export folder feed which source."""

from collections.abc import Sequence
from pathlib import Path

from churnml.config import Source
from churnml.errors import ExportError

SUFFIXES = (".csv", ".parquet")


def matched(exports: Path, sources: Sequence[Source]) -> list[list[Path]]:
    """The files of each source, sorted by name.

    Raises:
        ExportError: the folder is missing, or a source finds no file; the message lists what is there.
    """
    if not exports.is_dir():
        raise ExportError(f"{exports}: no such folder of exports; name the folder that holds the exported files")
    found = [_files(exports, source.path) for source in sources]
    for source, files in zip(sources, found, strict=True):
        if not files:
            raise ExportError(
                f"{source.table}: no file in {exports} matches '{source.path}'; {_what_is_there(exports)}; "
                f"put the export there or change sources[].path in params.yaml"
            )
    return found


def unmatched(exports: Path, found: Sequence[Sequence[Path]]) -> list[str]:
    """Files of the folder that no source takes, relative to it."""
    taken = {path for files in found for path in files}
    return [path.relative_to(exports).as_posix() for path in _everything(exports) if path not in taken]


def _files(exports: Path, pattern: str) -> list[Path]:
    folder = exports / pattern
    paths = folder.rglob("*") if folder.is_dir() else exports.glob(pattern)
    return sorted(path for path in paths if path.is_file() and path.suffix.lower() in SUFFIXES)


def _everything(exports: Path) -> list[Path]:
    return sorted(path for path in exports.rglob("*") if path.is_file() and not path.name.startswith("."))


def _what_is_there(exports: Path) -> str:
    names = [path.relative_to(exports).as_posix() for path in _everything(exports)]
    if not names:
        return "the folder is empty"
    return f"files there: {', '.join(names[:3])}" + (f" and {len(names) - 3} more" if len(names) > 3 else "")

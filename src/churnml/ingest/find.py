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
                f"{source.table}: {_why_none(exports, source.path)}; put the export there or change sources[].path"
            )
    return found


def unmatched(exports: Path, found: Sequence[Sequence[Path]]) -> list[str]:
    """Files of the folder that no source takes, relative to it."""
    taken = {path for files in found for path in files}
    return [path.relative_to(exports).as_posix() for path in _everything(exports) if path not in taken]


def _files(exports: Path, pattern: str) -> list[Path]:
    return [path for path in _matching(exports, pattern) if path.suffix.lower() in SUFFIXES]


def _matching(exports: Path, pattern: str) -> list[Path]:
    if Path(pattern).is_absolute():
        raise ExportError(f"sources[].path '{pattern}' is absolute; give it relative to the folder of the exports")
    # Python versions differ in what they make of such a pattern.
    if "\0" in pattern or any("**" in part and part != "**" for part in Path(pattern).parts):
        raise ExportError(
            f"sources[].path '{pattern}' is no pattern; use a file, a folder, or a pattern such as transactions*.csv"
        )
    folder = exports / pattern
    paths = list(folder.rglob("*") if folder.is_dir() else exports.glob(pattern))
    return sorted(path for path in paths if path.is_file() and not path.name.startswith("."))


def _why_none(exports: Path, pattern: str) -> str:
    others = [path.relative_to(exports).as_posix() for path in _matching(exports, pattern)]
    if others:
        return f"'{pattern}' matches {_first(others)}, but only {' and '.join(SUFFIXES)} files are read"
    return f"no file in {exports} matches '{pattern}'; {_what_is_there(exports)}"


def _everything(exports: Path) -> list[Path]:
    return sorted(path for path in exports.rglob("*") if path.is_file() and not path.name.startswith("."))


def _what_is_there(exports: Path) -> str:
    names = [path.relative_to(exports).as_posix() for path in _everything(exports)]
    return f"files there: {_first(names)}" if names else "the folder is empty"


def _first(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")

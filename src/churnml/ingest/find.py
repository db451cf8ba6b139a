"""Which files of the export folders feed which source."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from churnml.config import Source
from churnml.errors import ExportError
from churnml.ingest.folders import Folder
from churnml.ingest.kinds import SUFFIXES, kinds_read, suffix_of
from churnml.ingest.words import NO_FILE, first_of, joined
from churnml.language import Locale, phrase

_NUMBERS, _COPY = re.compile(r"(\d+)"), re.compile(r" ?[(（](\d+)[)）]$")
_HIDDEN = (".", "~$")  # a workbook that somebody has open lies beside itself


@dataclass(frozen=True)
class ExportFile:
    """A file that feeds a source.

    Attributes:
        path: where it lies.
        name: what it is called in reports and quarantine.
        age: of its folder; a higher number is a newer one.
        shown: what messages call it, where that isn't its path.
        sheet: of a workbook, where it is known which.
    """

    path: Path
    name: str
    age: int = 0
    sheet: str | None = None
    shown: str = ""

    def __str__(self) -> str:
        """What messages call it."""
        return self.shown or str(self.path)


@dataclass(frozen=True)
class NoFile:
    """Why a pattern finds no file that is read.

    Attributes:
        pattern: of a source or a lookup.
        folders: that were looked through.
        not_read: names of files that match it, but are of a kind that isn't read.
        there: names of all files.
    """

    pattern: str
    folders: tuple[str, ...]
    not_read: tuple[str, ...]
    there: tuple[str, ...]

    def line(self, locale: Locale) -> str:
        """For a refusal or a warning, with what is there."""
        if self.not_read:
            names, kinds = first_of(self.not_read, locale), kinds_read(locale)
            return phrase(NO_FILE, "not_read", locale, pattern=self.pattern, names=names, kinds=kinds)
        there = phrase(NO_FILE, self._there, locale, names=first_of(self.there, locale))
        folders = joined(self.folders, locale)
        return phrase(NO_FILE, "no_match", locale, pattern=self.pattern, folders=folders, there=there)

    @property
    def _there(self) -> str:
        return "there" if self.there else "empty" if len(self.folders) == 1 else "all_empty"


def matched(folders: Sequence[Folder], sources: Sequence[Source]) -> list[list[ExportFile]]:
    """The files of each source, by folder and name.

    Where a folder has none of a source's, but the same of another kind, such as customers.xlsx for customers.csv, that is
    it, unless another source asks for it.

    Raises:
        ExportError: a path is absolute, or no pattern.
    """
    own = {(folder.path, source.path): _files(folder, source.path) for folder in folders for source in sources}
    asked = {file.path for files in own.values() for file in files}

    def files(folder: Folder, source: Source) -> list[ExportFile]:
        others = (_files(folder, pattern) for pattern in _of_another_kind(source.path))
        free = ([file for file in other if file.path not in asked] for other in others)
        return own[folder.path, source.path] or next(filter(None, free), [])

    return [[file for folder in folders for file in files(folder, source)] for source in sources]


def unmatched(folders: Sequence[Folder], found: Sequence[Sequence[ExportFile]]) -> list[str]:
    """Names of files in the folders that no source takes."""
    taken = {file.path for files in found for file in files}
    return [folder.name_of(path) for folder in folders for path in _everything(folder.path) if path not in taken]


def why_none(folders: Sequence[Folder], pattern: str) -> NoFile:
    """Why a pattern finds no file that is read, with what is there."""
    matching = [folder.name_of(path) for folder in folders for path in _matching(folder.path, pattern)]
    there = [folder.name_of(path) for folder in folders for path in _everything(folder.path)]
    return NoFile(pattern, tuple(str(folder.path) for folder in folders), tuple(matching), tuple(there))


def natural(name: str) -> tuple[tuple[str, int], ...]:
    """By what names of files are in the order in which people count them.

    >>> sorted(["o_10.csv", "o_2.csv", "o (1).csv", "o.csv"], key=natural)
    ['o.csv', 'o (1).csv', 'o_2.csv', 'o_10.csv']
    """
    stem, dot, suffix = name.partition(".")
    copy = _COPY.search(stem)
    stem, number = (stem[: copy.start()], int(copy[1])) if copy else (stem, 0)
    parts = _NUMBERS.split(f"{stem}{dot}{suffix}")
    return (
        *((word, int(digits or 0)) for word, digits in zip(parts[::2], [*parts[1::2], ""], strict=True)),
        ("", number),
    )


def _of_another_kind(pattern: str) -> list[str]:
    """The pattern with each other suffix that is read; none where it doesn't end in one."""
    kind = suffix_of(pattern)
    return [pattern[: -len(kind)] + suffix for suffix in SUFFIXES if suffix != kind] if kind else []


def _files(folder: Folder, pattern: str) -> list[ExportFile]:
    paths = [path for path in _matching(folder.path, pattern) if suffix_of(path.name)]
    return [ExportFile(path, folder.name_of(path), folder.age) for path in paths]


def _matching(exports: Path, pattern: str) -> list[Path]:
    if Path(pattern).is_absolute():
        raise ExportError(f"sources[].path '{pattern}' is absolute; give it relative to the folder of the exports")
    # Python versions differ in what they make of such a pattern.
    if "\0" in pattern or any("**" in part and part != "**" for part in Path(pattern).parts):
        raise ExportError(
            f"sources[].path '{pattern}' is no pattern; use a file, a folder, or a pattern such as transactions*.csv"
        )
    folder = exports / pattern
    suffix = suffix_of(pattern) or ""
    capital = pattern.removesuffix(suffix) + suffix.upper()  # EXPORT.CSV; some systems of files tell them apart
    found = folder.rglob("*") if folder.is_dir() else {*exports.glob(pattern), *exports.glob(capital)}
    return sorted(path for path in found if _is_file(path))


def _everything(exports: Path) -> list[Path]:
    return sorted(path for path in exports.rglob("*") if _is_file(path))


def _is_file(path: Path) -> bool:
    return path.is_file() and not path.name.startswith(_HIDDEN)

"""Which folders of exports are read, from older to newer, and what their files are called in reports."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

from churnml.errors import ExportError


@dataclass(frozen=True)
class Folder:
    """A folder of exports.

    Attributes:
        path: as it was given.
        age: its place among all of them; a higher number is a newer folder.
        prefix: what the names of its files begin with in reports and quarantine; empty where it is the only folder.
    """

    path: Path
    age: int = 0
    prefix: str = ""

    def name_of(self, path: Path) -> str:
        """What a file of the folder is called: no two files of all folders share a name."""
        return self.prefix + path.relative_to(self.path).as_posix()


def folders_of(exports: Sequence[Path]) -> list[Folder]:
    """The folders in the order given; files are called by their folder's name, or by its path where names repeat.

    Raises:
        ExportError: one is missing, is named twice, or lies within another.
    """
    for path in exports:
        if not path.is_dir():
            raise ExportError(f"{path}: no such folder of exports; name the folder that holds the exported files")
    _require_apart(exports)
    if len(exports) == 1:
        return [Folder(exports[0])]
    counts = Counter(path.name for path in exports)
    names = [path.name if path.name and counts[path.name] == 1 else path.as_posix() for path in exports]
    return [Folder(path, age, f"{name}/") for age, (path, name) in enumerate(zip(exports, names, strict=True))]


def _require_apart(exports: Sequence[Path]) -> None:
    """A file that two folders hold would be older and newer than itself."""
    for one, other in permutations(exports, 2):
        if one.resolve() == other.resolve():
            raise ExportError(f"{one}: is named twice; name each folder of exports once, the oldest first")
        if one.resolve().is_relative_to(other.resolve()):
            raise ExportError(f"{one}: lies within {other}, which is named as well; name only one of the two")

"""All or nothing: an output is written beside its place and swapped in whole.

A folder that exists is exchanged with the new one in a single system call where the platform has one (Linux, macOS),
so that at every moment the place holds the old output or the new one. Elsewhere two renames do it, and a run that was
killed between them is put right by the next one.
"""

import csv
import ctypes
import io
import json
import os
import platform
import shutil
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import psutil

from churnml.errors import OutputError

_AT_FDCWD = -100
_LINUX_RENAME_EXCHANGE = 2
_MACOS_RENAME_SWAP = 2

_IN_USE: set[Path] = set()
"""Folders that this process is writing. In a container every run may have the same process id as a killed one."""


@contextmanager
def replacing(
    *targets: Path, private: bool = False, on_replaced: Callable[[Path], None] = lambda _: None
) -> Iterator[list[Path]]:
    """Give one empty folder beside each target; on success swap them in, on any failure leave the targets untouched.

    Args:
        targets: folders that are replaced.
        private: for the owner's eyes alone, while they are written and afterwards (no effect on Windows).
        on_replaced: is told where an old folder lies that was swapped out, just before it is deleted.

    Raises:
        OutputError: a target is a file, or its parent can't be written to.
    """
    drafts = []
    try:
        for target in targets:
            drafts.append(_draft(target, 0o700 if private else 0o777))
        yield drafts
        for draft, target in zip(drafts, targets, strict=True):
            if private:
                _for_the_owner(draft)
            _swap_in(draft, target, on_replaced)
    finally:
        for draft in drafts:
            _clear(draft)


@contextmanager
def scratch(beside: Path) -> Iterator[Path]:
    """An empty folder for work in progress, on the same disk as `beside`; gone afterwards."""
    try:
        beside.parent.mkdir(parents=True, exist_ok=True)
        _put_right(beside.parent)
        folder = Path(mkdtemp(prefix=f".{beside.name}-work.", suffix=f".{writer(os.getpid())}.new", dir=beside.parent))
    except OSError as error:
        raise OutputError(f"{beside}: can't be written ({error.strerror}); choose another place") from error
    _IN_USE.add(folder.absolute())
    try:
        yield folder
    finally:
        _clear(folder)


def write_text(path: Path, text: str) -> None:
    """Write a text file whole: beside its place, then renamed over it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _put_right(path.parent)
        draft = path.with_name(f".{path.name}.{writer(os.getpid())}.new")
        draft.write_text(text, encoding="utf-8", newline="\n")
        draft.replace(path)
    except OSError as error:
        raise OutputError(f"{path}: can't be written ({error.strerror}); choose another place") from error


def write_json(path: Path, content: object) -> None:
    """Write JSON for people and diffs: indented, in the order given, UTF-8; whole or not at all."""
    write_text(path, json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def write_rows(path: Path, header: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    """Write a CSV for programs, such as `dvc plots`: plain UTF-8, the columns of the header, None is an empty cell."""
    lines = io.StringIO()
    writer = csv.DictWriter(lines, header, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_text(path, lines.getvalue())


def read_json(path: Path) -> Any:
    """What `write_json` wrote.

    Raises:
        OutputError: it isn't there or isn't JSON.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise OutputError(f"{path}: can't be read ({type(error).__name__}); make it with `dvc repro`") from error


def _draft(target: Path, mode: int) -> Path:
    if target.exists() and not target.is_dir():
        raise OutputError(f"{target}: is a file, a folder is written here; move it away or choose another place")
    if target.resolve() in (Path.cwd(), *Path.cwd().parents):
        raise OutputError(
            f"{target}: is the folder that you are in, or above it, and would be replaced; name another one"
        )
    draft = target.with_name(f".{target.name}.{writer(os.getpid())}.new")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _put_right(target.parent)
        draft.mkdir(mode)
    except OSError as error:
        raise OutputError(f"{target}: can't be written ({error.strerror}); choose another place") from error
    _IN_USE.add(draft.absolute())
    return draft


def _clear(draft: Path) -> None:
    shutil.rmtree(draft, ignore_errors=True)
    _IN_USE.discard(draft.absolute())


def writer(pid: int) -> str:
    """Who writes a draft: the machine and the process. On a shared drive, a process id alone says nothing."""
    return f"{zlib.crc32(platform.node().encode()):08x}-{pid}"


def _put_right(folder: Path) -> None:
    """Clear away what killed runs on this machine left behind; restore an old output that was left aside."""
    for leftover in [*folder.glob(".*.new"), *folder.glob(".*.old")]:
        name, who, kind = leftover.name[1:].rsplit(".", 2) if leftover.name.count(".") >= 3 else ("", "", "")
        pid = who.rpartition("-")[2]
        if not pid.isdigit() or who != writer(int(pid)) or _in_use(leftover, int(pid)):
            continue
        if kind == "old" and not (folder / name).exists():
            leftover.rename(folder / name)
        elif leftover.is_dir():
            shutil.rmtree(leftover, ignore_errors=True)
        else:
            leftover.unlink(missing_ok=True)


def _in_use(leftover: Path, pid: int) -> bool:
    return leftover.absolute() in _IN_USE if pid == os.getpid() else psutil.pid_exists(pid)


def _for_the_owner(folder: Path) -> None:
    for path in folder.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)


def _swap_in(draft: Path, target: Path, on_replaced: Callable[[Path], None]) -> None:
    try:
        draft.rename(target)  # works where the target doesn't exist or is an empty folder
        return
    except OSError:
        pass
    if _exchange(draft, target):
        on_replaced(draft)
        return
    aside = target.with_name(f".{target.name}.{writer(os.getpid())}.old")
    target.rename(aside)
    draft.rename(target)
    on_replaced(aside)
    shutil.rmtree(aside, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one system call; False where the platform or the file system has none."""
    if sys.platform not in ("linux", "darwin"):
        return False
    library = ctypes.CDLL(None, use_errno=True)
    paths = os.fsencode(one), os.fsencode(other)
    if hasattr(library, "renameat2"):
        done = library.renameat2(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _LINUX_RENAME_EXCHANGE)
    elif hasattr(library, "renamex_np"):
        done = library.renamex_np(*paths, _MACOS_RENAME_SWAP)
    else:
        return False
    return bool(done == 0)

"""Packed files, and files that are another kind than they are called, as the files that they are, in a folder of our own."""

import gzip
import io
import lzma
import re
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from shutil import copyfileobj
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo

from churnml.errors import ExportError
from churnml.ingest.find import ExportFile
from churnml.ingest.kinds import PACKED, kind_of, suffix_in_truth, suffix_of
from churnml.ingest.markup import as_csv

_UTF8 = 0x800  # the flag of a name that is UTF-8
_ENCRYPTED = 0x1
_HEAD = 1 << 12
_NOTES = re.compile(r"^(read.?me|licen[cs]e|说明|使用说明|下载说明).*\.txt$", re.IGNORECASE)
"""What systems pack beside an export for people to read."""
_BROKEN = (
    OSError, EOFError, zlib.error, lzma.LZMAError, struct.error, BadZipFile, NotImplementedError, RuntimeError, ValueError,
)  # fmt: skip


def unpacked(files: Sequence[ExportFile], work: Path) -> list[ExportFile]:
    """Files as they are read: what is packed is unpacked below `work`, under numbers, so that no name leads elsewhere.

    What is called a workbook and is a web page or a text, or is called a text and is a workbook, is read as what it is.

    Raises:
        ExportError: one can't be unpacked, is encrypted, holds nothing that is read, or is nothing that is.
    """
    return [part for file in files for part in _unpacked(file, work)]


def _unpacked(file: ExportFile, work: Path) -> Iterator[ExportFile]:
    try:
        if kind_of(file.path.name) == "archive":
            yield from _members(file, work)
        elif file.path.name.lower().endswith(PACKED):
            with gzip.open(file.path) as packed:
                yield replace(
                    file,
                    path=_written(packed, (suffix_of(file.name) or "").removesuffix(PACKED), work),
                    shown=str(file),
                )
        else:
            yield from _in_truth(file, work)
    except _BROKEN as error:
        raise ExportError(f"{file}: can't be unpacked ({type(error).__name__}); export or pack it again") from error


def _in_truth(file: ExportFile, work: Path) -> Iterator[ExportFile]:
    """The file as the kind that its first bytes say."""
    with file.path.open("rb") as content:
        real = suffix_in_truth(file.path.name, content.read(_HEAD))
    if real is None:
        yield file
    elif real == ".pdf":
        raise ExportError(f"{file}: is a PDF; export it as CSV or as a workbook")
    elif real == ".html":
        rows = io.BytesIO(as_csv(file.path.read_bytes()).encode())
        yield replace(file, path=_written(rows, ".csv", work), shown=str(file))
    else:
        with file.path.open("rb") as content:
            path = _written(content, real, work)
        yield from _unpacked(replace(file, path=path, shown=str(file)), work)


def _members(file: ExportFile, work: Path) -> Iterator[ExportFile]:
    with ZipFile(file.path) as archive:
        members = {_name(member): member for member in archive.infolist() if _is_read(_name(member))}
        if not members:
            raise ExportError(f"{file}: holds no file that is read; pack an export into it")
        for name, member in sorted(members.items()):
            if member.flag_bits & _ENCRYPTED:
                raise ExportError(f"{file}: is protected by a password; pack it without one")
            with archive.open(member) as packed:
                path = _written(packed, suffix_of(name) or "", work)
            yield from _unpacked(replace(file, path=path, name=f"{file.name}/{name}", shown=f"{file}/{name}"), work)


def _name(member: ZipInfo) -> str:
    """The name of a member; old tools write it in the system's encoding."""
    if member.flag_bits & _UTF8 or member.filename.isascii():
        return member.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return member.filename.encode("cp437").decode(encoding)
        except UnicodeError:
            continue
    return member.filename


def _is_read(name: str) -> bool:
    path = PurePosixPath(name)
    hidden = path.name.startswith((".", "~$")) or "__MACOSX" in path.parts or _NOTES.search(path.name)
    return not name.endswith("/") and not hidden and kind_of(name) not in (None, "archive")


def _written(packed: IO[bytes] | gzip.GzipFile, suffix: str, work: Path) -> Path:
    work.mkdir(exist_ok=True)
    path = work / f"{len(list(work.iterdir()))}{suffix}"
    with path.open("wb") as file:
        copyfileobj(packed, file, 1 << 20)
    return path

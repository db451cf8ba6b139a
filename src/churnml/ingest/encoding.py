"""In which encoding a text file is written: declared, or proven by its bytes."""

import codecs
import re
from functools import lru_cache
from itertools import islice
from pathlib import Path

from churnml.errors import ExportError
from churnml.ingest.find import ExportFile

_CHUNK = 1 << 22
# Bytes of Western text often pass as GB18030, but then as rare characters: "Müller" reads "M黮ler". Chinese text is
# almost wholly made of the 6,763 common characters and the punctuation of GB 2312.
_COMMON_SHARE = 0.9
_SAMPLE = 10_000
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f\ufeff]")


def encoding_of(file: ExportFile, declared: str | None) -> str:
    """The encoding of a text file: the declared one, or strict UTF-8, or else strict GB18030 that reads as Chinese.

    Raises:
        ExportError: the bytes don't fit; the message gives the place of the first that doesn't.
    """
    path = file.path
    if declared is not None:
        return _believed(file, declared)
    wrong = _first_misfit(path, "utf-8")
    if wrong is None:
        return "utf-8"
    if _first_misfit(path, "gb18030") is not None or not _reads_as_chinese(path, _version(path)):
        raise ExportError(
            f"{file}: isn't UTF-8 (byte {wrong}) and doesn't read as Chinese; "
            f"set `encoding` of its source, e.g. cp1252 or gb18030"
        )
    return "gb18030"


def _believed(file: ExportFile, declared: str) -> str:
    try:
        "a".encode(declared)
    except (LookupError, ValueError):
        raise ExportError(f"{file}: no encoding '{declared}'; use a name such as utf-8 or gb18030") from None
    wrong = _first_misfit(file.path, declared)
    if wrong is not None:
        raise ExportError(f"{file}: isn't {declared} at byte {wrong}; remove `encoding` from its source or correct it")
    return declared


def _version(path: Path) -> tuple[int, int]:
    facts = path.stat()
    return facts.st_mtime_ns, facts.st_size


def _first_misfit(path: Path, encoding: str) -> int | None:
    """Place of the first byte that the encoding can't read, or None; a file is read once for that."""
    return _misfit_of(path, encoding, _version(path))


@lru_cache(maxsize=1024)
def _misfit_of(path: Path, encoding: str, _version: tuple[int, int]) -> int | None:
    decoder = codecs.getincrementaldecoder(encoding)()
    done = 0
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            pending = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return done - pending + error.start
            except UnicodeError:
                return done
            if not chunk:
                return None
            done += len(chunk)


@lru_cache(maxsize=1024)
def _reads_as_chinese(path: Path, _version: tuple[int, int]) -> bool:
    """Whether nearly all of the first characters beyond ASCII are common Chinese ones."""
    seen: list[str] = []
    with path.open("r", encoding="gb18030", newline="") as text:
        while len(seen) < _SAMPLE and (chunk := text.read(_CHUNK)):
            seen += (match[0] for match in islice(_BEYOND_ASCII.finditer(chunk), _SAMPLE - len(seen)))
    return sum(map(_is_common, seen)) >= _COMMON_SHARE * len(seen)


def _is_common(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True

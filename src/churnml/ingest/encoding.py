"""In which encoding a text file is written: declared, or proven by its bytes."""

import codecs
import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path

from churnml.errors import ExportError
from churnml.ingest.find import ExportFile
from churnml.ingest.scripts import COMMON_SHARE, reads_as_western, share, simplified, traditional

_CHUNK = 1 << 22
_HEAD = 1 << 16
_SAMPLE = 10_000
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f\ufeff]")
_MARKS = {codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32", codecs.BOM_UTF8: "utf-8",
          codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}  # fmt: skip
# Big5 often passes as GB18030, but then as rare characters, as Western text does: "Müller" reads "M黮ler".
_CHINESE = {"gb18030": simplified, "cp950": traditional, "big5hkscs": traditional}
_WESTERN = "cp1252"
MENDED = "gb18030-mended"
"""GB18030 in which the euro is the one byte that Windows writes, and halves of characters are replacement characters."""
_LOST, _FEW, _HARDLY_ANY = "\N{REPLACEMENT CHARACTER}", 0.02, 3


def _mended(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "€" if error.object[error.start] == 0x80 else _LOST, error.start + 1


class _MendedDecoder(codecs.getincrementaldecoder("gb18030")):  # type: ignore[misc]  # a class of the library, found by name
    def __init__(self, errors: str = "strict") -> None:
        super().__init__(errors)
        self.errors = MENDED


def _mended_codec(name: str) -> codecs.CodecInfo | None:
    if name.replace("_", "-") != MENDED:
        return None
    gb18030 = codecs.lookup("gb18030")
    return codecs.CodecInfo(
        gb18030.encode, lambda content, _="": gb18030.decode(content, MENDED), gb18030.streamreader, gb18030.streamwriter,
        gb18030.incrementalencoder, _MendedDecoder, MENDED,
    )  # fmt: skip


codecs.register_error(MENDED, _mended)
codecs.register(_mended_codec)


def encoding_of(file: ExportFile, declared: str | None, wanted: Sequence[str] = ()) -> str:
    """The encoding of a text file: the declared one, or what its bytes prove.

    That is what a byte order mark says, else strict UTF-8, else UTF-16 by its zero bytes. Of older encodings that every
    byte fits it is the one in which wanted headers are found, else the one in which it reads as Chinese, else
    Windows-1252 where it reads as Western text.

    Raises:
        ExportError: the bytes don't fit; the message gives the place of the first that doesn't.
    """
    path = file.path
    if declared is not None:
        return _believed(file, declared)
    with path.open("rb") as bytes_of:
        head = bytes_of.read(_HEAD)
    for encoding in _by_first_bytes(head):
        if _first_misfit(path, encoding) is None:
            return encoding
    wrong = _first_misfit(path, "utf-8")
    if wrong is None:
        return "utf-8"
    found = _older(path, tuple(name for name in dict.fromkeys(wanted) if not name.isascii()), _version(path))
    if found is None and _reads_as_mended(path, _version(path)):
        return MENDED
    if found is None:
        raise ExportError(
            f"{file}: isn't UTF-8 (byte {wrong}) and doesn't read as Chinese or Western text; "
            f"set `encoding` of its source, e.g. cp1252 or gb18030"
        )
    return found


def _by_first_bytes(head: bytes) -> list[str]:
    """What a byte order mark says; UTF-16 where every other byte is often zero."""
    marked = [encoding for mark, encoding in _MARKS.items() if head.startswith(mark)][:1]
    even, odd = head[::2].count(0), head[1::2].count(0)
    often = len(head) // 20
    if marked or max(even, odd) <= often or min(even, odd) > often:
        return marked
    # Less than half of the characters are ASCII then; the bytes of the others hardly ever read as UTF-8. A short text with
    # a few NULs in it does.
    few = 4 * head.count(0) < len(head)
    if few and "\ufffd" not in head[:-4].decode("utf-8", "replace"):
        return []
    return ["utf-16-le" if odd > even else "utf-16-be"]


@lru_cache(maxsize=1024)
def _older(path: Path, wanted: tuple[str, ...], _version: tuple[int, int]) -> str | None:
    """The older encoding that the file's bytes and wanted headers speak for, or None."""
    # To read a large file once per encoding takes longer than all else: only what its beginning speaks for is proved.
    fitting = [name for name in (*_CHINESE, _WESTERN) if _begins_in(path, name)]
    while best := _likeliest(path, fitting, wanted):
        if _first_misfit(path, best) is None:
            return best
        fitting.remove(best)
    return None


def _begins_in(path: Path, encoding: str) -> bool:
    with path.open("rb") as file:
        try:
            codecs.getincrementaldecoder(encoding)().decode(file.read(_CHUNK))
        except UnicodeError:
            return False
    return True


def _likeliest(path: Path, fitting: Sequence[str], wanted: Sequence[str]) -> str | None:
    """Of several encodings the one in which most wanted headers are found, else the one in which the text reads best."""
    found = {name: sum(header in _head(path, name) for header in wanted) for name in fitting}
    if found and max(found.values()):
        return max(found, key=lambda name: found[name])
    shares = {name: share(_beyond_ascii(path, name), _CHINESE[name]) for name in fitting if name in _CHINESE}
    best = max(shares, key=lambda name: shares[name], default=None)
    if best and shares[best] >= COMMON_SHARE:
        return best
    western = _WESTERN in fitting and not _cut(path) and reads_as_western(_western_sample(path))
    return _WESTERN if western else None


@lru_cache(maxsize=1024)
def _reads_as_mended(path: Path, _version: tuple[int, int]) -> bool:
    """Whether a text reads as Chinese but for a few characters, which a system cut in half or wrote as only Windows does."""
    with path.open("rb") as file:
        head = file.read(_CHUNK).decode(MENDED)
    broken, beyond = head.count(_LOST), len(_BEYOND_ASCII.findall(head))
    if broken > max(_FEW * beyond, _HARDLY_ANY):
        return False
    return share(_beyond_ascii(path, MENDED), simplified) >= COMMON_SHARE


def _cut(path: Path) -> bool:
    """Whether a text is UTF-8 up to a character that its end cuts off."""
    wrong = _first_misfit(path, "utf-8")
    with path.open("rb") as file:
        file.seek(wrong or 0)
        rest = file.read(4)
    return rest[:1] >= b"\xc2" and len(rest) < 4 and all(0x80 <= byte < 0xC0 for byte in rest[1:])


def _head(path: Path, encoding: str) -> str:
    with path.open("r", encoding=encoding, errors="replace", newline="") as text:
        return text.read(_HEAD)


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


def _beyond_ascii(path: Path, encoding: str) -> list[str]:
    """The first characters beyond ASCII."""
    seen: list[str] = []
    with path.open("r", encoding=encoding, errors="replace", newline="") as text:
        while len(seen) < _SAMPLE and (chunk := text.read(_CHUNK)):
            seen += (match[0] for match in islice(_BEYOND_ASCII.finditer(chunk), _SAMPLE - len(seen)))
    return seen


def _western_sample(path: Path) -> str:
    """The first lines that hold characters beyond ASCII."""
    with path.open("r", encoding=_WESTERN, errors="replace") as text:
        return "".join(islice((line for line in text if not line.isascii()), _SAMPLE))

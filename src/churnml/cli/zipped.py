"""A bundle that travelled as a zip: unpacked beside nothing of ours, and only if every file stays where it belongs."""

import shutil
import stat
import zlib
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from churnml.errors import BundleError
from churnml.manifest import MANIFEST

_AGAIN = "zip the folder of the bundle again"
_ENCRYPTED = 0x1
_LIMIT_BYTES = 4 << 30


def unzipped(path: Path, work: Path) -> Path:
    """Unpack the bundle in a zip: its manifest lies at the root, or in one folder inside.

    Args:
        path: of the zip.
        work: an empty folder.

    Returns:
        the folder of the bundle.

    Raises:
        BundleError: the file is no zip, is broken or encrypted, holds no bundle, or a name in it leads elsewhere.
    """
    try:
        with ZipFile(path) as archive:
            within = _bundle_within(path, archive.namelist())
            for member in archive.infolist():
                place = PurePosixPath(member.filename)
                # What a Mac adds, such as .DS_Store, is no part of a bundle.
                if not member.is_dir() and place.is_relative_to(within) and not place.name.startswith("."):
                    _unpack(path, archive, member, work / place.relative_to(within))
    except (BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise BundleError(f"{path}: can't be read as a zip ({type(error).__name__}); {_AGAIN}") from error
    return work


def _bundle_within(path: Path, names: list[str]) -> PurePosixPath:
    """The folder inside that holds the manifest."""
    for name in names:
        if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
            raise BundleError(f"{path}: a name in it leads out of the zip, which no bundle does; {_AGAIN}")
    places = sorted({place.parent for name in names if (place := PurePosixPath(name)).name == MANIFEST})
    near = [place for place in places if len(place.parts) <= 1]
    if len(near) != 1:
        problem = f"no {MANIFEST} at its root or in one folder inside" if not near else "several bundles"
        raise BundleError(f"{path}: holds {problem}; {_AGAIN}, that one alone")
    return near[0]


def _unpack(path: Path, archive: ZipFile, member: ZipInfo, target: Path) -> None:
    if member.flag_bits & _ENCRYPTED:
        raise BundleError(f"{path}: is encrypted; {_AGAIN}, without a password")
    if stat.S_ISLNK(member.external_attr >> 16) or member.file_size > _LIMIT_BYTES:
        raise BundleError(f"{path}: holds a link or a file that no bundle holds; {_AGAIN}")
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(member) as source, target.open("wb") as file:
        shutil.copyfileobj(source, file)

"""What a folder held when it was written: a manifest with the hash of every file, and of itself."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from churnml import __version__
from churnml.errors import BundleError
from churnml.publish import read_json

MANIFEST = "manifest.json"


def verify(folder: Path) -> str:
    """Check every file of a folder against its manifest, and the manifest against itself.

    Returns:
        the manifest's own hash, which stands for the whole folder.

    Raises:
        BundleError: naming the first file that is missing, changed or not listed.
    """
    path = folder / MANIFEST
    if not path.is_file():
        raise BundleError(
            f"{folder}: holds no {MANIFEST}, so there is nothing to check it against; name a bundle or a pack"
        )
    again = "restore it from where it came from, or make it again"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        stated = manifest.pop("sha256")
        intact = path.read_bytes() == _manifest_bytes(manifest) and stated == _digest(manifest)
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        intact = False
    if not intact:
        raise BundleError(f"{path}: was changed after it was written, or is missing; {again}")
    files: dict[str, str] = manifest["files"]
    for name, wanted in files.items():
        if not (folder / name).is_file():
            raise BundleError(f"{folder / name}: is missing; {again}")
        if file_digest(folder / name) != wanted:
            raise BundleError(f"{folder / name}: was changed after it was written; {again}")
    extra = sorted(set(_listed(folder)) - set(files))
    if extra:
        raise BundleError(f"{folder / extra[0]}: isn't in the manifest; move it elsewhere")
    return str(stated)


def write_manifest(folder: Path, facts: Mapping[str, Any]) -> None:
    """Write the manifest of all files in a folder: their hashes, the version, and the given facts."""
    files = {name: file_digest(folder / name) for name in _listed(folder)}
    (folder / MANIFEST).write_bytes(_manifest_bytes({**facts, "churnml": __version__, "files": files}))


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a folder, unchecked."""
    manifest: dict[str, Any] = read_json(folder / MANIFEST)
    return manifest


def digest(path: Path) -> str:
    """Content hash of a file, or of a folder: names and contents of all files in it."""
    if path.is_file():
        return file_digest(path)
    whole = hashlib.sha256()
    for file in sorted(file for file in path.rglob("*") if file.is_file()):
        whole.update(f"{file.relative_to(path).as_posix()}\0{file_digest(file)}\n".encode())
    return whole.hexdigest()


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _listed(folder: Path) -> list[str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in files if path != folder / MANIFEST)


def _digest(manifest: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(manifest, ensure_ascii=False).encode()).hexdigest()


def _manifest_bytes(manifest: Mapping[str, Any]) -> bytes:
    whole = {**manifest, "sha256": _digest(manifest)}
    return (json.dumps(whole, indent=2, ensure_ascii=False) + "\n").encode()

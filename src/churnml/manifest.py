"""What a folder held when it was written, and what it was made from: the hash of every file, and of itself.

The manifest's own hash is the identity of its folder. `made_from` holds the identities of what the folder was made from,
back to the tables, so that a bundle that travels alone still names them.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from churnml import __version__
from churnml.errors import BundleError
from churnml.publish import read_json

MANIFEST = "manifest.json"


def verify(folder: Path, only: Collection[str] = ()) -> str:
    """Check every file of a folder against its manifest, and the manifest against itself.

    Args:
        folder: with a manifest.
        only: names of files to check, of those that the manifest lists; others may have changed since, or come.

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
        if only and name not in only:
            continue
        if not (folder / name).is_file():
            raise BundleError(f"{folder / name}: is missing; {again}")
        if file_digest(folder / name) != wanted:
            raise BundleError(f"{folder / name}: was changed after it was written; {again}")
    extra = [] if only else sorted(set(_listed(folder)) - set(files))
    if extra:
        raise BundleError(f"{folder / extra[0]}: isn't in the manifest; move it elsewhere")
    return str(stated)


def changed(folder: Path) -> list[str]:
    """Names of files that aren't any more as the manifest lists them, of those that are there; nothing without a manifest."""
    listed = read_manifest(folder).get("files", {}) if (folder / MANIFEST).is_file() else {}
    there = {name: wanted for name, wanted in listed.items() if (folder / name).is_file()}
    return [name for name, wanted in there.items() if file_digest(folder / name) != wanted]


def write_manifest(
    folder: Path, kind: str, made_from: Mapping[str, str], facts: Mapping[str, Any] | None = None
) -> None:
    """Write the manifest of all files in a folder.

    Args:
        folder: that is described.
        kind: panel, boosters, bundle or lists.
        made_from: kind -> identity of what the folder was made from.
        facts: further things worth knowing.
    """
    files = {name: file_digest(folder / name) for name in _listed(folder)}
    said = {"kind": kind, **(facts or {}), "made_from": made_from, "churnml": __version__, "files": files}
    (folder / MANIFEST).write_bytes(_manifest_bytes(said))


def origin(folder: Path, maker: str) -> dict[str, str]:
    """What is made from a folder is made from this: kind -> identity, the folder's own last.

    Args:
        folder: with a manifest.
        maker: the command that makes it.

    Raises:
        BundleError: the folder isn't what its manifest says.
    """
    if not (folder / MANIFEST).is_file():
        raise BundleError(f"{folder}: has no {MANIFEST}, an older version wrote it or a file is lost; run `{maker}`")
    identity, manifest = verify(folder), read_manifest(folder)
    return {**manifest.get("made_from", {}), manifest["kind"]: identity}


def identity(path: Path) -> str:
    """What a file or folder is known by: the hash that its manifest states, else the hash of its content."""
    if (path / MANIFEST).is_file():
        return str(read_manifest(path)["sha256"])
    return digest(path)


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a folder, unchecked."""
    manifest: dict[str, Any] = read_json(folder / MANIFEST)
    return manifest


def digest(path: Path) -> str:
    """Content hash of a file, or of a folder: names and contents of all files in it."""
    if path.is_file():
        return file_digest(path)
    files = [file for file in path.rglob("*") if file.is_file()]
    return combined({file.relative_to(path).as_posix(): file_digest(file) for file in files})


def combined(digests: Mapping[str, str]) -> str:
    """Content hash of several files: name -> hash, in whatever order."""
    lines = "".join(f"{name}\0{digest}\n" for name, digest in sorted(digests.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


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

"""Check a thing and everything it was made from, hash by hash, as far as it is here."""

from collections.abc import Iterator
from pathlib import Path

from churnml.errors import BundleError
from churnml.lineage.shelf import Shelf, Thing, files_of
from churnml.lineage.trace import Node, NoMemory, origins
from churnml.manifest import MANIFEST, digest, file_digest, verify
from churnml.publish import read_json


def check(path: Path, shelf: Shelf) -> Iterator[str]:
    """Lines that say what is whole, thing by thing, from a bundle or pack back to the exports.

    Args:
        path: a thing of the project, a folder with a manifest, or a file in one.
        shelf: what lies in the project.

    Raises:
        BundleError: naming the first file that isn't as it was written.
    """
    known = (thing.path.resolve() for thing in shelf.things if thing.path)
    if path.is_file() and (path.parent / MANIFEST).is_file():
        path = path.parent
    if (path / MANIFEST).is_file() or path.resolve() not in known:
        verify(path)
    # One line for each, however many ways lead to it.
    things = {(thing.kind, thing.identity): thing for thing in _chain(origins(shelf.at(path), shelf, NoMemory()))}
    for thing in things.values():
        yield _checked(thing, shelf)
    missing = sum(not thing.path for thing in things.values())
    if missing:
        yield f"not complete: {missing} of {len(things)} are not in this project and could not be checked"


def _chain(node: Node) -> Iterator[Thing]:
    yield node.thing
    for before in node.further:
        yield from _chain(before)


def _checked(thing: Thing, shelf: Shelf) -> str:
    if thing.path:
        _require_whole(thing, thing.path, shelf)
        return f"{thing.path}: whole, sha256 {thing.identity}"
    other = shelf.instead_of(thing.kind)
    instead = f"; {other.path} is another one, {other.identity[:12]}" if other else ""
    return f"{thing.kind} {thing.identity[:12]}: not here{instead}"


def _require_whole(thing: Thing, folder: Path, shelf: Shelf) -> None:
    if (folder / MANIFEST).is_file():
        verify(folder)
    elif thing.kind == "tables" and digest(folder) != thing.identity:
        raise BundleError(f"{folder}: changed after `churnml ingest` wrote it; run `dvc repro`")
    elif thing.kind == "exports":
        for name, sha in files_of(read_json(shelf.report)).items():
            if not (folder / name).is_file() or file_digest(folder / name) != sha:
                raise BundleError(
                    f"{folder / name}: isn't the file that was read; restore it with `dvc checkout`, or run `dvc repro`"
                )

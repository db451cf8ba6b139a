"""Check a thing and everything it was made from, hash by hash, as far as it is here."""

from collections.abc import Iterator
from pathlib import Path

from churnml.errors import BundleError
from churnml.lineage.shelf import INPUTS, Shelf, Thing, files_of
from churnml.manifest import MANIFEST, digest, file_digest, verify
from churnml.publish import read_json


def check(path: Path, shelf: Shelf, report: Path) -> Iterator[str]:
    """Lines that say what is whole, thing by thing, from a bundle or pack back to the exports.

    Args:
        path: a folder with a manifest.
        shelf: what lies in the project.
        report: ingest.json of the project.

    Raises:
        BundleError: naming the first file that isn't as it was written.
    """
    known = (thing.path.resolve() for thing in shelf.things if thing.path)
    if path.is_file() and (path.parent / MANIFEST).is_file():
        path = path.parent
    if (path / MANIFEST).is_file() or path.resolve() not in known:
        verify(path)
    said: set[str] = set()
    for line in _checked(shelf.at(path), shelf, report, {}):
        if line not in said:
            yield line
        said.add(line)
    missing = sum(": not here" in line for line in said)
    if missing:
        yield f"not complete: {missing} of {len(said)} are not in this project and could not be checked"


def _checked(thing: Thing, shelf: Shelf, report: Path, known: dict[str, str]) -> Iterator[str]:
    if thing.path:
        _require_whole(thing, report)
        yield f"{thing.path}: whole, sha256 {thing.identity}"
    else:
        other = shelf.instead_of(thing.kind)
        instead = f"; {other.path} is another one, {other.identity[:12]}" if other else ""
        yield f"{thing.kind} {thing.identity[:12]}: not here{instead}"
    sources = {**known, **thing.made_from}
    for kind in INPUTS[thing.kind]:
        if kind in sources:
            before = shelf.holds(kind, sources[kind]) or Thing(kind, sources[kind])
            passed = {} if kind == "bundle" else sources
            yield from _checked(before, shelf, report, dict(passed))


def _require_whole(thing: Thing, report: Path) -> None:
    folder = thing.path
    if folder is None:
        return
    if (folder / MANIFEST).is_file():
        verify(folder)
    elif thing.kind == "tables" and digest(folder) != thing.identity:
        raise BundleError(f"{folder}: changed after `churnml ingest` wrote it; run `dvc repro`")
    elif thing.kind == "exports":
        for name, sha in files_of(read_json(report)).items():
            if not (folder / name).is_file() or file_digest(folder / name) != sha:
                raise BundleError(
                    f"{folder / name}: isn't the file that was read; restore it with `dvc checkout`, or run `dvc repro`"
                )

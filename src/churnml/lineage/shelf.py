"""What lies in a project right now, by identity. Identities are those that manifests and reports state."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from churnml.contracts.files import House
from churnml.errors import BundleError, OutputError
from churnml.manifest import MANIFEST, combined, file_digest, read_manifest
from churnml.publish import read_json

INPUTS: Mapping[str, Sequence[str]] = {
    "exports": (),
    "tables": ("exports",),
    "panel": ("tables",),
    "boosters": ("panel",),
    "bundle": ("boosters",),
    "lists": ("bundle", "tables"),
}
"""Kind -> the kinds that it is made from, in the order of the flow."""


@dataclass(frozen=True)
class Thing:
    """An exports folder, tables, a panel, boosters, a bundle or a pack of lists.

    Attributes:
        kind: which of these.
        identity: the hash that its manifest states, else of its content.
        path: where it lies; None if it isn't here.
        made_from: kind -> identity of what it was made from, as far back as it says.
        facts: one line worth knowing.
    """

    kind: str
    identity: str
    path: Path | None = None
    made_from: Mapping[str, str] = field(default_factory=dict)
    facts: str = ""


class Shelf:
    """The things of a project."""

    def __init__(self, house: House, exports: Path, packs: Path) -> None:
        """Look where things lie.

        Args:
            house: the project.
            exports: its folder of exports.
            packs: the folder of packs that analysts wrote.

        Its `report` says which exports the last ingest read.
        """
        self._house, self._exports, self._packs = house, exports, packs
        self.report = house.reports / "ingest.json"
        self.things = list(self._look())

    def holds(self, kind: str, identity: str) -> Thing | None:
        """The thing of this identity, if it is here."""
        return next((thing for thing in self.things if (thing.kind, thing.identity) == (kind, identity)), None)

    def instead_of(self, kind: str) -> Thing | None:
        """What lies in the place of a kind of which there is only one."""
        return next((thing for thing in self.things if thing.kind == kind and kind != "lists"), None)

    def at(self, path: Path) -> Thing:
        """The thing that a path belongs to: the folder itself, or one that a file lies in.

        Raises:
            BundleError: nothing there whose origin is known.
        """
        if not is_there(path):
            raise BundleError(f"{path}: no such file or folder; name a list, a bundle, another output, or a run")
        for folder in [path, *path.parents]:
            if (folder / MANIFEST).is_file():
                return _with_manifest(folder)
            for thing in self.things:
                if thing.path and thing.path.resolve() == folder.resolve():
                    return thing
            if found := self._exported(folder):
                return found
        raise BundleError(
            f"{path}: nothing is known of its origin; name a list, a bundle, another output of a stage, or a run"
        )

    def _look(self) -> Iterator[Thing]:
        yield from self._of_ingest()
        folders = [self._house.panel, self._house.boosters, self._house.bundle]
        packs = [folder for place in (self._house.lists, self._packs) for folder in sorted(place.glob("*"))]
        for folder in [*folders, *packs]:
            if (folder / MANIFEST).is_file():
                with suppress(BundleError, OutputError):
                    yield _with_manifest(folder)

    def _of_ingest(self) -> Iterator[Thing]:
        """Exports and tables as the last ingest says; they have no manifest, so that equal rows give equal tables."""
        try:
            said = read_json(self.report)
            exports, tables = said["made_from"]["exports"], said["made"]["tables"]
        except (OutputError, KeyError, TypeError):
            return
        if self._exports.is_dir():
            yield Thing("exports", exports, self._exports, facts=", ".join(sorted(files_of(said))))
        if self._house.tables.is_dir():
            yield Thing("tables", tables, self._house.tables, {"exports": exports})

    def _exported(self, folder: Path) -> Thing | None:
        """An analyst's exports, by the report that lies in their pack."""
        if not folder.is_dir():
            return None
        for report in sorted(self._packs.glob("*/ingest.json")):
            files = files_of(read_json(report))
            # Of several folders, the files are called by the name of theirs.
            together = any(name.startswith(f"{folder.name}/") for name in files)
            if _holds(folder, files) or (together and _holds(folder.parent, files)):
                return Thing("exports", combined(files), folder, facts=", ".join(sorted(files)))
        return None


def _holds(folder: Path, files: Mapping[str, str]) -> bool:
    return all((folder / name).is_file() and file_digest(folder / name) == sha for name, sha in files.items())


def is_there(path: Path) -> bool:
    """Whether something lies there; a word that is too long for a path is none."""
    try:
        return path.exists()
    except OSError:
        return False


def files_of(report: Mapping[str, Any]) -> dict[str, str]:
    """Name -> content hash of the files that an ingest read."""
    return {name: file["sha256"] for table in report["tables"].values() for name, file in table["files"].items()}


def _with_manifest(folder: Path) -> Thing:
    manifest = read_manifest(folder)
    try:
        kind, identity = manifest["kind"], manifest["sha256"]
    except (KeyError, TypeError) as error:
        raise BundleError(f"{folder / MANIFEST}: isn't a manifest of churnml; restore it or make it again") from error
    facts = ""
    if kind == "lists":
        facts = f"as of {manifest.get('as_of')}, {sum(manifest.get('customers', {}).values()) + manifest.get('held', 0):,} customers"
    return Thing(kind, identity, folder, manifest.get("made_from", {}), facts)

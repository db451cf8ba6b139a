"""A project of one-line files: enough for everything that has a manifest or a report to be found and checked."""

import shutil
from pathlib import Path

import pytest

from churnml.contracts.files import House
from churnml.lineage import Shelf
from churnml.manifest import combined, digest, file_digest, identity, write_manifest
from churnml.publish import write_json


def write(folder: Path, **files: str) -> Path:
    """A folder of files, `high="1"` is high.csv."""
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text)
    return folder


def report(path: Path, exports: Path, tables: str) -> dict[str, str]:
    """What ingest reports of exports that became tables.

    Returns:
        kind -> identity of the exports.
    """
    files = {file.name: {"sha256": file_digest(file)} for file in sorted(exports.iterdir())}
    made_from = {"exports": combined({name: file["sha256"] for name, file in files.items()})}
    write_json(path, {"made_from": made_from, "made": {"tables": tables}, "tables": {"transactions": {"files": files}}})
    return made_from


@pytest.fixture
def house(tmp_path, monkeypatch) -> House:
    """Exports, tables, panel, boosters, bundle and lists, each made from the one before; we stand in the project."""
    monkeypatch.chdir(tmp_path)
    house = House()
    exports, tables = write(Path("data/raw"), may="1", june="2"), write(house.tables, transactions="1 2")
    report(house.reports / "ingest.json", exports, digest(tables))
    made_from = {"tables": digest(tables)}
    for kind, folder in (("panel", house.panel), ("boosters", house.boosters), ("bundle", house.bundle)):
        write_manifest(write(folder, **{kind: "1"}), kind, made_from)
        made_from[kind] = identity(folder)
    lists = write(house.lists / "2024-07-01", high="ann")
    write_manifest(
        lists,
        "lists",
        {"tables": made_from["tables"], "bundle": made_from["bundle"]},
        {"as_of": "2024-07-01", "customers": {"high": 1}},
    )
    return house


@pytest.fixture
def pack(house) -> Path:
    """Lists that an analyst made from other exports, in `july`, with the project's bundle."""
    exports, folder = write(Path("july"), july="3"), write(Path("lists/2024-08-01"), high="bob")
    made_from = report(folder / "ingest.json", exports, "t-july")
    made_from = {**made_from, "tables": "t-july", "bundle": identity(house.bundle)}
    write_manifest(folder, "lists", made_from, {"as_of": "2024-08-01", "customers": {"high": 1, "low": 1000}})
    return folder


@pytest.fixture
def another_bundle(house) -> str:
    """The project holds another bundle now; the identity of the one before."""
    before = identity(house.bundle)
    shutil.rmtree(house.bundle)
    write_manifest(write(house.bundle, bundle="2"), "bundle", {"boosters": identity(house.boosters)})
    return before


@pytest.fixture
def shelf(house):
    """What lies in the project when this is called."""
    return lambda: Shelf(house, Path("data/raw"), Path("lists"))

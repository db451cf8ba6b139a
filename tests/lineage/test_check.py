"""`churnml verify`: a thing and all that it was made from, hash by hash."""

import json
import re
import shutil
from pathlib import Path

import pytest

from churnml.errors import BundleError
from churnml.lineage import check
from churnml.manifest import digest, identity, write_manifest

REPORT = Path("reports/ingest.json")
LISTS = Path("data/lists/2024-07-01")


def lines(path, shelf):
    return list(check(Path(path), shelf()))


def missing(count, of):
    """The last line, where not all of them are here."""
    return f"not complete: {count} of {of} are not in this project and could not be checked"


def whole(path, sha=None):
    return f"{path}: whole, sha256 {sha or identity(Path(path))}"


def test_lists_back_to_the_exports(house, shelf):
    """Each thing once, from the lists back to the exports."""
    assert lines(LISTS, shelf) == [
        whole("data/lists/2024-07-01"),
        whole("models/bundle"),
        whole("models/boosters"),
        whole("data/panel"),
        whole("data/tables", digest(house.tables)),
        whole("data/raw", digest(Path("data/raw"))),
    ]


@pytest.mark.parametrize("start", ["data/tables", "{here}/data/tables"])
def test_from_anywhere_on_the_way(house, shelf, start):
    """What has no manifest is checked against the report of ingest, wherever the path is named from."""
    assert lines(start.format(here=Path.cwd()), shelf) == [
        whole("data/tables", digest(house.tables)),
        whole("data/raw", digest(Path("data/raw"))),
    ]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            "data/lists/2024-07-01/high.csv",
            "{}: was changed after it was written; restore it from where it came from, or",
        ),
        ("models/bundle/bundle.csv", "{}: was changed after it was written; restore it from where it came from, or"),
        (
            "models/boosters/boosters.csv",
            "{}: was changed after it was written; restore it from where it came from, or",
        ),
        ("data/panel/panel.csv", "{}: was changed after it was written; restore it from where it came from, or"),
        ("data/tables/transactions.csv", "data/tables: changed after `churnml ingest` wrote it; run `dvc repro`"),
        ("data/raw/may.csv", "{}: isn't the file that was read; restore it with `dvc checkout`, or run `dvc repro`"),
    ],
)
def test_a_changed_file_is_named(house, shelf, changed, said):
    """Wherever on the way it lies. Tables have one hash together, so that their folder is named."""
    Path(changed).write_text("another")
    with pytest.raises(BundleError, match=f"^{re.escape(said.format(changed))}"):
        lines(LISTS, shelf)


def test_a_missing_export_is_named(house, shelf):
    """A file that ingest read isn't there any more."""
    Path("data/raw/june.csv").unlink()
    with pytest.raises(BundleError, match=r"^data/raw/june.csv: isn't the file that was read"):
        lines(LISTS, shelf)


def test_an_export_that_nobody_read_is_no_matter(house, shelf):
    """Notes beside the exports change nothing."""
    Path("data/raw/notes.txt").write_text("mine")
    assert lines("data/tables", shelf)[-1] == whole("data/raw", json.loads(REPORT.read_text())["made_from"]["exports"])


def test_lists_of_another_bundle(house, another_bundle, shelf):
    """The bundle that made them isn't here any more: that is said, and what is here is checked."""
    assert lines(LISTS, shelf) == [
        whole("data/lists/2024-07-01"),
        f"bundle {another_bundle[:12]}: not here; models/bundle is another one, {identity(house.bundle)[:12]}",
        whole("data/tables", digest(house.tables)),
        whole("data/raw", digest(Path("data/raw"))),
        missing(1, 4),
    ]


def test_lists_that_travelled_alone(house, pack, shelf):
    """Far from its project, a pack is whole in itself; the things that it names aren't here."""
    for folder in ("data", "models", "reports"):
        shutil.rmtree(folder)
    made_from = json.loads((pack / "manifest.json").read_text())["made_from"]
    assert lines(pack, shelf) == [
        whole("lists/2024-08-01"),
        f"bundle {made_from['bundle'][:12]}: not here",
        "tables t-july: not here",
        f"exports {made_from['exports'][:12]}: not here",
        missing(3, 4),
    ]


def test_the_two_branches_of_a_pack_dont_mix(house, pack, shelf):
    """An analyst's tables aren't those that the bundle was learned from; each leads to its own exports."""
    made_from = json.loads((pack / "manifest.json").read_text())["made_from"]
    assert lines(pack, shelf)[4:] == [
        whole("data/tables", digest(house.tables)),
        whole("data/raw", digest(Path("data/raw"))),
        f"tables t-july: not here; data/tables is another one, {digest(house.tables)[:12]}",
        f"exports {made_from['exports'][:12]}: not here; data/raw is another one, {digest(Path('data/raw'))[:12]}",
        missing(2, 8),
    ]


def test_the_exports_of_a_pack_are_not_lent_to_its_bundle(house, pack, shelf):
    """Where the report of ingest is gone, nobody says which exports the bundle was learned from."""
    REPORT.unlink()
    said = lines(pack, shelf)
    made_from = json.loads((pack / "manifest.json").read_text())["made_from"]
    assert said[4:] == [
        f"tables {digest(house.tables)[:12]}: not here",
        "tables t-july: not here",
        f"exports {made_from['exports'][:12]}: not here",
        missing(3, 7),
    ]


def test_what_has_no_hash_cant_be_checked(house, shelf):
    """Neither manifest nor report speaks of it."""
    with pytest.raises(BundleError, match=r"^reports: holds no manifest.json, so there is nothing to check it against"):
        lines("reports", shelf)


def test_a_forged_manifest_is_refused(house, shelf):
    """A manifest that was edited together with its file doesn't agree with what the lists say of their bundle."""
    (house.bundle / "bundle.csv").write_text("forged")
    write_manifest(house.bundle, "bundle", json.loads((house.bundle / "manifest.json").read_text())["made_from"])
    assert lines(LISTS, shelf)[1].endswith(f"not here; models/bundle is another one, {identity(house.bundle)[:12]}")


def test_a_file_of_a_pack_stands_for_the_pack(house, shelf):
    """`verify high.csv` checks the list that it lies in."""
    first = next(path for path in LISTS.iterdir() if path.name != "manifest.json")
    assert lines(first, shelf) == lines(LISTS, shelf)

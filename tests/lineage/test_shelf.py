"""What lies in a project right now."""

import json
from pathlib import Path

import pytest

from churnml.errors import BundleError
from churnml.manifest import digest, identity


def test_everything_is_found(house, pack, shelf):
    """In the order of the flow: what ingest reports, what has a manifest, the pipeline's lists and the analysts'."""
    assert [(thing.kind, str(thing.path)) for thing in shelf().things] == [
        ("exports", "data/raw"),
        ("tables", "data/tables"),
        ("panel", "data/panel"),
        ("boosters", "models/boosters"),
        ("bundle", "models/bundle"),
        ("lists", "data/lists/2024-07-01"),
        ("lists", "lists/2024-08-01"),
    ]


def test_things_are_known_by_their_hashes(house, shelf):
    """What the report or the manifest states, and what it says of the origin."""
    things = {thing.kind: thing for thing in shelf().things}
    assert things["exports"].identity == digest(Path("data/raw"))
    assert things["tables"].made_from == {"exports": digest(Path("data/raw"))}
    assert things["bundle"].identity == identity(house.bundle)
    assert things["lists"].made_from == {"tables": digest(house.tables), "bundle": identity(house.bundle)}


def test_facts_in_one_line(house, pack, shelf):
    """Which files exports are; of which day lists are, and how many are on them."""
    said = {str(thing.path): thing.facts for thing in shelf().things}
    assert said["data/raw"] == "june.csv, may.csv"
    assert said["lists/2024-08-01"] == "as of 2024-08-01, 1,001 customers"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("data/lists/2024-07-01/high.csv", "lists"),
        ("lists/2024-08-01", "lists"),
        ("models/bundle/bundle.csv", "bundle"),
        ("data/panel/", "panel"),
        ("data/tables/transactions.csv", "tables"),
        ("data/raw", "exports"),
        ("data/raw/may.csv", "exports"),
        ("july/july.csv", "exports"),
    ],
)
def test_a_path_belongs_to_a_thing(pack, shelf, path, kind):
    """A folder itself or a file in it, relative or not; an analyst's exports by the report in their pack."""
    things = [shelf().at(Path(path)), shelf().at(Path(path).absolute())]
    assert [thing.kind for thing in things] == [kind, kind]
    assert things[0].identity == things[1].identity


def test_exports_of_analysts_are_those_that_were_read(pack, shelf):
    """Once a file is another one, nothing is known of the folder."""
    assert shelf().at(Path("july")).identity == digest(Path("july"))
    Path("july/july.csv").write_text("4")
    with pytest.raises(
        BundleError, match=r"^july: nothing is known of its origin; name a list, a bundle, another output"
    ):
        shelf().at(Path("july"))


@pytest.mark.parametrize("path", ["gone.csv", "data/raw/gone.csv"])
def test_no_such_path(house, shelf, path):
    """The message says what may be named."""
    with pytest.raises(BundleError) as refused:
        shelf().at(Path(path))
    assert str(refused.value) == f"{path}: no such file or folder; name a list, a bundle, another output, or a run"


def test_what_is_broken_is_not_here(house, shelf):
    """A manifest that can't be read, or a report of another version, hides its own thing alone."""
    (house.bundle / "manifest.json").write_text("{")
    (house.panel / "manifest.json").write_text("{}")
    (house.reports / "ingest.json").write_text(json.dumps({"tables": {}}))
    assert [thing.kind for thing in shelf().things] == ["boosters", "lists"]
    with pytest.raises(BundleError, match=r"^data/panel/manifest.json: isn't a manifest of churnml; restore it"):
        shelf().at(house.panel)


def test_what_is_held_instead(house, another_bundle, shelf):
    """Of most kinds there is one place, so that something else can lie there; of lists there are many."""
    assert shelf().holds("bundle", another_bundle) is None
    assert shelf().instead_of("bundle").identity == identity(house.bundle)
    assert shelf().instead_of("lists") is None
    assert shelf().instead_of("panel") == shelf().holds("panel", identity(house.panel))

"""From a thing to what it was made from, and to what was made from it. `t1` is the identity of some tables, and so on."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from churnml.contracts.files import House
from churnml.lineage import NoMemory, Shelf, Thing, made_of, origins, uses
from churnml.manifest import digest, identity
from churnml.ports import Remembered

MORNING = datetime(2024, 1, 1, 8, tzinfo=UTC)


class FakeMemory:
    """`churnml.ports.Memory` of a few runs, newest first."""

    def __init__(self, *runs):
        self.runs = [
            Remembered(f"id-{stage}", stage, stage, MORNING, kinds(reads), kinds(writes))
            for stage, reads, writes in runs
        ]

    def makers(self, kind, identity):
        return [run for run in self.runs if run.writes.get(kind) == identity]

    def readers(self, kind, identity):
        return [run for run in self.runs if run.reads.get(kind) == identity]

    def run(self, word):
        return next((run for run in self.runs if word in (run.name, run.run_id)), None)


def kinds(words):
    return dict(word.split("=") for word in words.split())


def tree(node):
    """(kind, identity, further): what hangs on what."""
    return (node.thing.kind, node.thing.identity, [tree(other) for other in node.further])


def shape(node):
    """The same without identities."""
    return (node.thing.kind, [shape(other) for other in node.further])


REMEMBERED = FakeMemory(
    ("score", "bundle=b2 exports=e2", "lists=l2"),
    ("score", "bundle=b1 tables=t1", "lists=l1"),
    ("calibrate", "boosters=m1", "bundle=b1"),
    ("train", "panel=p1", "boosters=m1"),
    ("features", "tables=t1", "panel=p1"),
    ("ingest", "exports=e1", "tables=t1 quarantine=q1"),
)
BACK_FROM_THE_BUNDLE = (
    "bundle", "b1", [("boosters", "m1", [("panel", "p1", [("tables", "t1", [("exports", "e1", [])])])])]
)  # fmt: skip


NOTHING_HERE = Shelf(House(Path("nowhere")), Path("nowhere/raw"), Path("nowhere/lists"))


def test_manifests_alone_lead_back_to_the_exports(house, shelf):
    """Without a tracker: what lies here says itself what it was made from."""
    node = origins(shelf().at(Path("data/lists/2024-07-01")), shelf(), NoMemory())
    tables = ("tables", [("exports", [])])
    assert shape(node) == ("lists", [("bundle", [("boosters", [("panel", [tables])])]), tables])
    assert [other.thing.path for other in node.further] == [house.bundle, house.tables]


def test_runs_alone_lead_back_to_the_exports():
    """Without the files: the runs say what they read."""
    node = origins(Thing("lists", "l1"), NOTHING_HERE, REMEMBERED)
    tables = ("tables", "t1", [("exports", "e1", [])])
    assert tree(node) == ("lists", "l1", [BACK_FROM_THE_BUNDLE, tables])
    assert [run.stage for run in node.makers] == ["score"]


def test_what_a_thing_says_counts_for_more_than_what_runs_say():
    """A manifest is nearer to the truth than a run of the same output that read something else."""
    thing = Thing("panel", "p1", made_from={"tables": "t9"})
    assert made_of(thing, NOTHING_HERE, REMEMBERED) == {"tables": "t9"}
    assert made_of(Thing("panel", "p1"), NOTHING_HERE, REMEMBERED) == {"tables": "t1"}
    assert made_of(Thing("panel", "p9"), NOTHING_HERE, REMEMBERED) == {}


def test_what_is_gone_is_still_named(another_bundle, shelf):
    """A bundle that isn't here any more has the name that its lists give it; further back nobody knows."""
    node = origins(shelf().at(Path("data/lists/2024-07-01")), shelf(), NoMemory())
    assert tree(node.further[0]) == ("bundle", another_bundle, [])
    assert node.further[0].thing.path is None


def test_the_tables_of_lists_are_not_those_of_their_bundle(house, pack, shelf):
    """An analyst's lists have two origins, which don't mix."""
    node = origins(shelf().at(pack), shelf(), NoMemory())
    learned_from = node.further[0].further[0].further[0].further[0]
    scored = node.further[1]
    assert (learned_from.thing.identity, scored.thing.identity) == (digest(house.tables), "t-july")
    assert [shape(learned_from), shape(scored)] == [("tables", [("exports", [])])] * 2
    assert learned_from.further[0].thing.identity != scored.further[0].thing.identity


def test_the_exports_of_lists_are_not_lent_to_their_bundle(house, pack, shelf):
    """Where nobody knows any more which exports the bundle was learned from, the analyst's aren't named instead."""
    (house.reports / "ingest.json").unlink()
    node = origins(shelf().at(pack), shelf(), NoMemory())
    tables = node.further[0].further[0].further[0].further[0]
    assert (tables.thing.kind, tables.further) == ("tables", [])


def test_exports_down_to_the_lists(house, shelf):
    """Each thing below the nearest that it was made from, once."""
    node = uses(shelf().at(Path("data/raw")), shelf(), NoMemory())
    below = ("bundle", [("lists", [])])
    assert shape(node) == ("exports", [("tables", [("panel", [("boosters", [below])])])])


def test_exports_of_an_analyst_down_to_their_lists(pack, shelf):
    """Their tables were never kept; the lists that were made from them are."""
    assert tree(uses(shelf().at(Path("july")), shelf(), NoMemory())) == (
        "exports", digest(Path("july")), [("lists", identity(pack), [])]
    )  # fmt: skip


def test_runs_alone_lead_down_to_the_lists():
    """What isn't here any more was made nevertheless; what is no part of the flow isn't named."""
    below = ("boosters", "m1", [("bundle", "b1", [("lists", "l1", [])])])
    tables = ("tables", "t1", [("panel", "p1", [below]), ("lists", "l1", [])])
    assert tree(uses(Thing("exports", "e1"), NOTHING_HERE, REMEMBERED)) == ("exports", "e1", [tables])
    assert tree(uses(Thing("exports", "e2"), NOTHING_HERE, REMEMBERED)) == ("exports", "e2", [("lists", "l2", [])])


@pytest.mark.parametrize("walk", [origins, uses])
def test_what_nobody_knows_stands_alone(walk):
    """No manifest, no run: nothing is invented."""
    node = walk(Thing("tables", "t9"), NOTHING_HERE, REMEMBERED)
    assert (tree(node), node.makers) == (("tables", "t9", []), [])

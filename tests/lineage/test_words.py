"""A lineage as lines."""

from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

from rich.console import Console

from churnml.lineage import Node, Thing, run_tree, thing_tree
from churnml.ports import Remembered

RUN = Remembered("0123456789abcdef", "train", "train", datetime(2024, 1, 1, 8, tzinfo=UTC))


def printed(tree):
    out = StringIO()
    Console(file=out, width=200, highlight=False).print(tree)
    return out.getvalue().splitlines()


def test_a_thing_and_what_is_further():
    """Kind, hash, where, facts; whoever made it; then one step further."""
    exports = Node(Thing("exports", "e" * 64, Path("data/raw"), facts="may.csv"), [], [])
    tables = Node(Thing("tables", "t" * 64, Path("data/tables")), [replace(RUN, name="ingest")], [exports])
    assert printed(thing_tree(tables)) == [
        "tables tttttttttttt  data/tables",
        "├── made by ingest (run 0123456789ab), 2024-01-01 08:00 UTC",
        "└── exports eeeeeeeeeeee  data/raw  may.csv",
    ]


def test_what_was_shown_is_not_opened_again():
    """The same tables on two branches: once with their origins, once as above."""
    tables = Node(Thing("tables", "t1"), [], [Node(Thing("exports", "e1"), [], [])])
    bundle = Node(Thing("bundle", "b1"), [], [tables])
    assert printed(thing_tree(Node(Thing("lists", "l1"), [], [bundle, tables]))) == [
        "lists l1  not here",
        "├── bundle b1  not here",
        "│   └── tables t1  not here",
        "│       └── exports e1  not here",
        "└── tables t1  not here  as above",
    ]


def test_what_is_gone_was_somewhere():
    """Where it was when it was made, if a run remembers."""
    made = replace(RUN, paths={"b1": "models/bundle"})
    assert printed(thing_tree(Node(Thing("bundle", "b1"), [made], [])))[0] == "bundle b1  not here, was models/bundle"


def test_made_more_than_once():
    """The first run made it; the others made the same again."""
    again = [replace(RUN, name=name) for name in ("third", "second", "first")]
    assert printed(thing_tree(Node(Thing("panel", "p1"), again, [])))[1] == (
        "└── made by first (run 0123456789ab), 2024-01-01 08:00 UTC, and 2 more times since"
    )


def test_a_run_says_what_it_knows():
    """Pipeline, commit and model, where there are such; what it read and wrote, and where."""
    run = replace(
        RUN,
        reads={"panel": "p1"},
        writes={"boosters": "m1"},
        paths={"p1": "data/panel"},
        parent="brave-rook",
        commit="abc with changes in a.py",
        model="churnml version 1 (champion)",
    )
    assert printed(run_tree(run)) == [
        "train (run 0123456789ab), 2024-01-01 08:00 UTC, in brave-rook, commit abc with changes in a.py, "
        "model churnml version 1 (champion)",
        "├── read panel p1  data/panel",
        "└── wrote boosters m1  ",
    ]


def test_a_pipeline_says_which_stages_it_ran():
    """A stage from the cache is told apart by the id of its pipeline: two within a minute have the same name."""
    stages = [
        replace(RUN, run_id="1" * 32, name="ingest", parent="shop 08:00", parent_id="other"),
        replace(RUN, run_id="2" * 32, parent="shop 08:00", parent_id="this"),
    ]
    assert printed(run_tree(replace(RUN, run_id="this", name="shop 08:00", stage="", stages=stages))) == [
        "shop 08:00 (run this), 2024-01-01 08:00 UTC",
        "├── from the cache, made by ingest (run 111111111111), 2024-01-01 08:00 UTC, in shop 08:00",
        "└── train (run 222222222222), 2024-01-01 08:00 UTC, in shop 08:00",
    ]


def test_names_are_no_markup():
    """Brackets in the names of people's folders are shown as they are."""
    exports = Thing("exports", "e1", Path("raw [old]"), facts="may [1].csv")
    made = replace(RUN, name="[bold]", parent="[red]", paths={"e1": "[dim]"}, reads={"exports": "e1"})
    assert printed(thing_tree(Node(exports, [made], []))) == [
        "exports e1  raw [old]  may [1].csv",
        "└── made by [bold] (run 0123456789ab), 2024-01-01 08:00 UTC, in [red]",
    ]
    assert printed(run_tree(made))[1] == "└── read exports e1  [dim]"

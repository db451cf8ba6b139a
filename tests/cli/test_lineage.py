"""`churnml lineage`: from a list to all that it was made from, and back."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import worlds
from churnml.cli.app import app


@pytest.fixture(autouse=True)
def standing_in_it(remembered, monkeypatch):
    """These tests change nothing."""
    monkeypatch.chdir(remembered.house.root)


def lineage(word: str) -> str:
    """What is said, with times and hashes shortened to words that are always the same."""
    done = CliRunner().invoke(app, ["lineage", word])
    assert (done.exit_code, done.stderr) == (0, "")
    assert worlds.PRIVATE not in done.stdout
    return re.sub(r"\b\d{4}-\d\d-\d\d \d\d:\d\d\b", "NOW", re.sub(r"\b[0-9a-f]{12}\b", "HASH", done.stdout))


BACK = """\
bundle HASH  models/bundle
├── made by calibrate (run HASH), NOW UTC, in tiny-shop NOW, model churnml version 1 (champion)
└── boosters HASH  models/boosters
    ├── made by train (run HASH), NOW UTC, in tiny-shop NOW
    └── panel HASH  data/panel
        ├── made by features (run HASH), NOW UTC, in tiny-shop NOW
        └── tables HASH  data/tables
            ├── made by ingest (run HASH), NOW UTC, in tiny-shop NOW
            └── exports HASH  data/raw  contacts.csv, customers.csv, transactions.csv
"""


def below(text: str, first: str, others: str) -> str:
    """A block as a branch of a tree."""
    lines = text.splitlines(keepends=True)
    return "".join([first + lines[0], *(others + line for line in lines[1:])])


def test_a_list_names_its_exports_and_runs():
    """From one CSV to the bundle, panel, tables, exports, and the run that made each."""
    assert lineage("lists/2024-07-29/high.csv") == (
        "lists HASH  lists/2024-07-29  as of 2024-07-29, 119 customers\n"
        "├── made by score 2024-07-29 (run HASH), NOW UTC\n"
        f"{below(BACK, '├── ', '│   ')}"
        "└── tables HASH  data/tables  as above\n"
    )


def test_exports_name_the_lists_made_from_them():
    """The other way: down to the pipeline's lists and the analyst's."""
    said = lineage("data/raw")
    head, down = said.split("\n\nmade from it\n")
    assert head == "exports HASH  data/raw  contacts.csv, customers.csv, transactions.csv"
    kinds = re.findall(r"^[ │├└─]*(exports|tables|panel|boosters|bundle|lists) HASH  (\S+)", down, re.MULTILINE)
    assert kinds == [
        ("tables", "data/tables"),
        ("panel", "data/panel"),
        ("boosters", "models/boosters"),
        ("bundle", "models/bundle"),
        ("lists", "data/lists/2024-07-29"),
        ("lists", "lists/2024-07-29"),
    ]


def test_a_run_says_what_it_was_and_goes_both_ways():
    """By its name: what it read and wrote, back to the exports, and on to what was made from it."""
    assert lineage("calibrate") == (
        "calibrate (run HASH), NOW UTC, in tiny-shop NOW, model churnml version 1 (champion)\n"
        "├── read boosters HASH  models/boosters\n"
        "└── wrote bundle HASH  models/bundle\n"
        f"{BACK}"
        "\nmade from it\n"
        "lists HASH  data/lists/2024-07-29  as of 2024-07-29, 119 customers\n"
        "└── made by score (run HASH), NOW UTC, in tiny-shop NOW\n"
        "\nmade from it\n"
        "lists HASH  lists/2024-07-29  as of 2024-07-29, 119 customers\n"
        "└── made by score 2024-07-29 (run HASH), NOW UTC\n"
    )


def test_a_run_by_its_id():
    """The twelve letters that are shown are enough to ask again."""
    done = CliRunner().invoke(app, ["lineage", "calibrate"])
    shown = re.search(r"run ([0-9a-f]{12})", done.stdout)[1]
    assert CliRunner().invoke(app, ["lineage", shown]).stdout == done.stdout


def test_a_pipeline_says_its_stages():
    """By the name of the parent: each stage with what it read and wrote."""
    name = re.search(r"in (tiny-shop [\d-]+ [\d:]+)", CliRunner().invoke(app, ["lineage", "calibrate"]).stdout)[1]
    stages = re.findall(r"^[├└]── (\w+) \(run HASH\)", lineage(name), re.MULTILINE)
    assert stages == ["ingest", "features", "train", "calibrate", "score"]


@pytest.mark.parametrize("word", ["nope", "it's", "100%", "deadbeef"])
def test_an_unknown_word_is_refused(word):
    """One line, exit 1."""
    done = CliRunner().invoke(app, ["lineage", word])
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == f"error: {word}: no such file or folder; name a list, a bundle, another output, or a run\n"


def test_without_the_store_files_speak_for_themselves(monkeypatch):
    """An unreachable store costs a warning and the runs; what lies here names its origins itself."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://ann:s3cret@127.0.0.1:9")
    done = CliRunner().invoke(app, ["lineage", "lists/2024-07-29/high.csv"])
    assert done.exit_code == 0
    assert done.stderr == (
        "warning: MLflow at http://127.0.0.1:9 can't be read (ConnectionRefusedError); its runs are left out\n"
    )
    kinds = re.findall(r"^[ │├└─]*(\w+) [0-9a-f]{12}  ", done.stdout, re.MULTILINE)
    assert kinds == ["lists", "bundle", "boosters", "panel", "tables", "exports", "tables"]
    assert "made by" not in done.stdout
    assert not Path(".churnml/outbox").is_dir() or not list(Path(".churnml/outbox").glob("*/*.json"))

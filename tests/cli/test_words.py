"""What verbs say: words on stderr, data on stdout."""

import os
import shutil
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from churnml import __version__
from churnml.cli.app import app
from churnml.contracts.files import House
from churnml.publish import read_json


@pytest.fixture
def house(project: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """A finished project, standing in its folder, with a store of its own."""
    monkeypatch.chdir(project.root)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{project.root / 'runs.db'}")
    return project


def test_score_says_what_it_read(house: House) -> None:
    """An analyst sees how many rows were kept, set aside and repeated, and which files nothing was read from."""
    path = house.root / "data/raw/contacts.csv"
    first = path.read_text().splitlines()[1]
    path.write_text(path.read_text() + f"{first}\n00001,someday,mail,,\n")
    (house.root / "data/raw/notes.csv").write_text("a\n1\n")
    result = CliRunner().invoke(app, ["score", "data/raw"])
    assert result.exit_code == 1
    assert "1 of 62 rows break the contract" in result.stderr
    path.write_text(path.read_text().replace("00001,someday,mail,,\n", ""))
    result = CliRunner().invoke(app, ["score", "data/raw"])
    assert result.exit_code == 0
    assert result.stdout == ""
    assert result.stderr.splitlines()[1:6] == [
        "contacts: 61 rows in = 60 kept + 0 set aside + 1 exact duplicates; 60 customers, 2024-01-26 to 2024-07-22",
        "  3 of 60 rows are older than the sign-up of their customer",
        "customers: 240 rows in = 240 kept + 0 set aside + 0 exact duplicates; 240 customers",
        "not read, no source matches: notes.csv",
        "as of 2024-07-29: 119 customers",
    ]
    assert result.stderr.splitlines()[-3:] == [
        f"warning: {read_json(house.reports / 'metrics.json')['verdict']['sentence']}",
        "lists/2024-07-29",
        "lists/2024-07-29.html",
    ]


def test_score_of_a_history(house: House) -> None:
    """Two folders, or tables and a folder, give the lists of one folder; what is superseded or without a file is said."""
    lines = (house.root / "data/raw/transactions.csv").read_text().splitlines()
    for folder, kept in (("june", lines[: len(lines) // 2]), ("july", [lines[0], *lines[len(lines) // 2 :]])):
        shutil.copytree(house.root / "data/raw", house.root / folder)
        (house.root / folder / "transactions.csv").write_text("\n".join(kept) + "\n")
    (house.root / "july/contacts.csv").unlink()
    once, at_once, one_by_one = (
        CliRunner().invoke(app, ["score", *words, "--out", out])
        for out, words in (
            ("once", ["data/raw"]), ("at-once", ["june", "july"]), ("one-by-one", ["july", "--history", "data/tables"]),
        )
    )  # fmt: skip
    assert [done.exit_code for done in (once, at_once, one_by_one)] == [0, 0, 0], at_once.stderr + one_by_one.stderr
    assert "customers: 480 rows in = 240 kept + 0 set aside + 0 exact duplicates + 240 superseded; 240 customers" in (
        at_once.stderr.splitlines()
    )
    assert (
        "warning: contacts: no file in july matches 'contacts*.csv'; files there: customers.csv, transactions.csv; the "
        "table comes from elsewhere"
    ) in one_by_one.stderr.splitlines()
    for name in ("high.csv", "medium.csv", "low.csv", "scored.parquet"):
        assert (
            len({(house.root / out / "2024-07-29" / name).read_bytes() for out in ("once", "at-once", "one-by-one")})
            == 1
        )


def test_rows_set_aside_are_named(house: House) -> None:
    """A rule that was broken is said with its count and the places to look at."""
    path = house.root / "data/raw/transactions.csv"
    path.write_text(path.read_text() + "00001,someday,5,b,1,0\n")
    lines = len(path.read_text().splitlines())
    result = CliRunner().invoke(app, ["ingest"])
    assert f"  1 x not_a_time in column 'when', e.g. transactions.csv row {lines}" in result.stderr.splitlines()


def test_report_is_data(house: House) -> None:
    """The summary goes to stdout, so that it can be piped; where the page is goes to stderr."""
    assert CliRunner().invoke(app, ["report", "--no-page"]).stderr == ""
    assert not (house.reports / "report.html").exists()
    result = CliRunner().invoke(app, ["report"])
    assert result.stderr == "reports/report.html\n"
    assert (house.reports / "report.html").is_file()
    assert result.stdout.startswith("tiny-shop, as of 2024-07-29: who will not come back within 28 days?\n")


def test_version() -> None:
    """`churnml --version` says which one."""
    assert CliRunner().invoke(app, ["--version"]).stdout == f"{__version__}\n"


def test_verify_says_whole(house: House) -> None:
    """A bundle that is as it was written is called whole, with its hash."""
    result = CliRunner().invoke(app, ["verify", "models/bundle"])
    assert result.exit_code == 0
    assert result.stdout.startswith("models/bundle: whole, sha256 ")


@pytest.mark.parametrize("day", ["0001-01-01", "2300-01-01", "tomorrow"])
def test_a_day_that_is_none(house: House, day: str) -> None:
    """A moment that nobody could mean is a usage error."""
    assert CliRunner().invoke(app, ["score", "--as-of", day]).exit_code == 2


def test_interrupted_while_tracking(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C after the outputs were published says that they are there."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("churnml.adapters.sender.OutboxTracker.record", interrupted)
    result = CliRunner().invoke(app, ["calibrate"])
    assert result.exit_code == 130
    assert result.stderr.splitlines()[2:] == ["stopped before MLflow was told; the outputs are there, whole"]


def test_report_is_of_the_projects_bundle(house: House) -> None:
    """Lists of another bundle aren't told beside this one's quality."""
    house.params.write_text(house.params.read_text().replace("capacity: 15", "capacity: 10"))
    assert CliRunner().invoke(app, ["calibrate"]).exit_code == 0
    result = CliRunner().invoke(app, ["report"])
    assert result.exit_code == 1
    assert result.stderr == (
        "error: data/lists/2024-07-29: made with another bundle than models/bundle; run `dvc repro` or `churnml score`\n"
    )


def test_a_reader_that_has_seen_enough(house: House) -> None:
    """`churnml … | head` ends without a word about a pipe."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "churnml", "verify", "models/bundle"],
            check=False,
            stdout=writer,
            stderr=subprocess.PIPE,
            text=True,
        )
    finally:
        os.close(writer)
    assert (ended.returncode, ended.stderr) == (141, "")

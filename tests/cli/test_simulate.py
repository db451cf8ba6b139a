"""`churnml simulate`: what it says, and what it refuses."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from churnml.cli.app import app


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder, in which we stand."""
    monkeypatch.chdir(tmp_path)


def simulate(*words: str) -> tuple[int, list[str]]:
    done = CliRunner().invoke(app, ["simulate", *words])
    assert done.stdout == ""
    return done.exit_code, done.stderr.splitlines()


def test_says_what_it_wrote() -> None:
    """A line per system with its rows, the faults that were planted, and the next command."""
    code, said = simulate("--scenario", "saas", "--customers", "60", "--weeks", "24", "--dirty")
    assert code == 0
    systems = [line.split(":")[0] for line in said if line.startswith("simulated/data/raw/")]
    assert systems == [
        f"simulated/data/raw/{name}"
        for name in (
            "app/events (6 files)", "billing/contracts.csv", "billing/invoices (6 files)", "billing/notices.csv",
            "crm/customers.csv", "helpdesk/tickets.csv", "outreach/contacts.csv", "survey/answers.csv",
        )
    ]  # fmt: skip
    assert any(line.startswith("planted ") and line.endswith("repeated_row (drop)") for line in said)
    assert said[-1] == (
        "The truth is in simulated/truth, and is for judging only. Next: cd simulated && churnml ingest"
    )


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--with", "sesaon"], 2, "error: --with: no 'sesaon'; did you mean 'season'?"),
        (["--with", "no_signal"], 2, "error: --with: no_signal needs customers who are all alike"),
        (["--with", "season", "--with", "season"], 2, "error: --with: season is named twice"),
        (["--scenario", "bank"], 2, ""),
        (["--customers", "0"], 2, ""),
    ],
)
def test_refuses(words: list[str], code: int, said: str) -> None:
    """What can't be meant is refused in one line, and nothing is written."""
    got, lines = simulate("x", *words)
    assert got == code
    assert lines[0].startswith(said)
    assert not list(Path().iterdir())


def test_a_folder_with_files_is_left_alone() -> None:
    """Exit 1, and the files are there as they were."""
    Path("x").mkdir()
    Path("x/mine.txt").write_text("mine")
    assert simulate("x") == (1, ["error: x: holds files already and is left as it is; name an empty or new folder"])
    assert [path.name for path in Path("x").iterdir()] == ["mine.txt"]


def test_a_sheet_that_would_be_too_long() -> None:
    """A workbook that can't hold the rows is refused before anything is simulated."""
    code, said = simulate("x", "--format", "xlsx", "--customers", "2000000")
    assert code == 1
    assert said == [
        "error: --format xlsx: a sheet holds 1,048,575 rows below its header, 2,000,000 customers don't fit; use csv"
    ]
    assert not list(Path().iterdir())

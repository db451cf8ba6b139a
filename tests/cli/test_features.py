"""`churnml features`, to its words."""

import pytest
from typer.testing import CliRunner

from ahead import look_a_day_ahead
from churnml.cli.app import app
from churnml.publish import read_json


@pytest.fixture
def run(project, monkeypatch):
    """Called with words: what `churnml features` does in a copy of the finished project, at two cutoffs."""
    monkeypatch.chdir(project.root)
    counted, listed = "{step_days: 14, test: 2, min_history_days: 56}", "{train: ['2024-02-26'], test: ['2024-07-01']}"
    text = project.params.read_text(encoding="utf-8")
    assert counted in text
    project.params.write_text(text.replace(counted, listed), encoding="utf-8")
    return lambda *words: CliRunner().invoke(app, ["features", *words])


def test_prove_says_no_leak_and_touches_nothing_else(run, project):
    """The verdict on stdout, the place of the details on stderr, exit 0; the panel stays as it is."""
    before = (project.panel / "manifest.json").read_bytes()
    done = run("--prove")
    assert done.exit_code == 0
    first, *rest = done.stdout.splitlines()
    features = read_json(project.reports / "proof.json")["features"]
    assert first == (
        f"no leak: {features} features of rfm, rhythm, trend, lifecycle, contacts, profile stay the same to the bit at "
        f"2 cutoffs × 3 other futures (customers, transactions, contacts)"
    )
    assert "columns without a history:" in rest
    assert done.stderr == "details: reports/proof.json\n"
    assert (project.panel / "manifest.json").read_bytes() == before


def test_it_says_which_families_the_tables_gave(run, project):
    """As many snapshots, cutoffs and features as are written, and the families by name."""
    done = run()
    assert done.exit_code == 0
    features = len(read_json(project.panel / "catalog.json"))
    said = f" snapshots, 2 cutoffs, {features} features of rfm, rhythm, trend, lifecycle, contacts, profile\n"
    assert said in done.output


def test_prove_fails_where_something_leaks(run, monkeypatch):
    """A leak is exit 1 and names the feature, the cutoff, what was done to the future, and three customers."""
    look_a_day_ahead(monkeypatch)
    done = run("--prove")
    assert done.exit_code == 1
    first, second, *_ = done.stdout.splitlines()
    assert first.startswith("LEAK: features change with what was known at as_of or later; 2 cutoffs × 3 other futures")
    assert second.startswith("  recency_days: at 2024-02-26, the future deleted: ")
    assert second.count(",") == 4

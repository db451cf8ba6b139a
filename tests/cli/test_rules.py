"""`churnml rules`, and what `churnml calibrate` says of rules that nobody understands."""

import pytest
from typer.testing import CliRunner

from churnml.bundle import ModelBundle
from churnml.cli.app import app
from churnml.contracts.files import House
from churnml.errors import BundleError

RULES = """\
rules:
  - name: silent
    title: Silent
    when: {feature: recency_days, at_least: 14}
    then: Call
  - name: logins
    title: Logins
    when: {feature: login_recency_days, at_least: 14}
    then: Call
"""


@pytest.fixture
def house(project: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """A finished project, standing in its folder."""
    monkeypatch.chdir(project.root)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{project.root / 'runs.db'}")
    return project


def test_the_table_goes_to_stdout(house: House) -> None:
    """A row per rule and one for all; what sleeps is said; silence beats the base rate in this shop."""
    (house.root / "rules.yaml").write_text(RULES)
    done = CliRunner().invoke(app, ["rules"])
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert lines[0].startswith("2 rules at ")
    assert [line.split()[0] for line in lines[2:4]] == ["silent", "all"]
    assert "  asleep, needs table activity: logins" in lines
    rows = (house.reports / "rules.csv").read_text().splitlines()
    silent = dict(zip(rows[0].split(","), rows[1].split(","), strict=True))
    assert float(silent["lift"]) > 1
    assert done.stderr.endswith("details: reports/rules.csv\n")


def test_calibrate_refuses_what_nobody_knows(house: House) -> None:
    """One line with the rule and the nearest name, exit code 2, and the bundle stays as it was."""
    before = (house.bundle / "manifest.json").read_bytes()
    (house.root / "rules.yaml").write_text(RULES.replace("login_recency_days", "login_recency_day"))
    done = CliRunner().invoke(app, ["calibrate"])
    assert done.exit_code == 2
    assert done.stderr.splitlines()[-1] == (
        "error: rules.yaml: rule 'logins': no feature 'login_recency_day'; did you mean 'login_recency_days'?"
    )
    assert (house.bundle / "manifest.json").read_bytes() == before


def test_a_bundle_without_rules_is_of_an_older_version(house: House) -> None:
    """It can't say what to alert to; training again packs them."""
    import worlds

    (house.bundle / "rules.json").unlink()
    worlds.resealed(house.bundle)
    with pytest.raises(BundleError, match="made by an older version of churnml; train it again"):
        ModelBundle.load(house.bundle)

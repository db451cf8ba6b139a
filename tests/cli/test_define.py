"""`churnml define`: a screen on stdout, three files, and one clear line where it can't."""

import csv
import json
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

import shelf
import worlds
from churnml.cli.app import app
from churnml.config import read_params
from churnml.contracts.files import House

PARAMS = """\
project: {name: kiosk}
sources:
  - {table: transactions, path: t.csv, columns: {customer_id: id, occurred_at: at, amount: paid}}
  - {table: customers, path: c.csv, columns: {customer_id: id, region: area, owner: secret}}
churn: {horizon_days: 10, active_within_days: 20}
panel: {step_days: 10, test: 1}
features: {windows_days: [5, 10]}
calibrate: {tiers: [{name: low}]}
score: {pii: [secret, phone]}
"""
PEOPLE = """\
customer_id segment region owner phone
ann web north - -
dan shop north - -
"""
DAYS = ["01-01", "01-10", "01-20", "01-30", "02-09", "02-19", "02-29"]
BOUGHT = "\n".join(["customer_id occurred_at amount", "ann 2024-01-16 10", *(f"dan 2024-{day} 10" for day in DAYS)])


@pytest.fixture
def kiosk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """Dan buys every ten days for sixty days, ann once; we stand in the project."""
    (tmp_path / "params.yaml").write_text(PARAMS)
    shelf.write_tables(tmp_path / "data/tables", {"transactions": BOUGHT, "customers": PEOPLE})
    monkeypatch.chdir(tmp_path)
    return House()


def test_a_screen(kiosk: House) -> None:
    """The whole report, to the letter."""
    result = CliRunner().invoke(app, ["define"])
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    assert result.stdout == SCREEN


def test_three_files(kiosk: House) -> None:
    """All numbers as JSON, the table as CSV, the picture; the same bytes twice, elsewhere too."""
    CliRunner().invoke(app, ["define"])
    first = worlds.files_of(Path("reports"))
    assert sorted(first) == ["define.csv", "define.json", "plots/define/define.png"]
    assert first["plots/define/define.png"].startswith(b"\x89PNG")
    said = json.loads(first["define.json"])
    own = [row for row in said["definitions"] if row["in_params"]]
    rows = list(csv.DictReader(first["define.csv"].decode("utf-8-sig").splitlines()))
    assert [row["segment"] for row in own] == [None, "shop", "web"]
    assert [row["segment"] for row in rows if row["in_params"] == "True"] == ["", "shop", "web"]
    assert (own[0]["left"], own[0]["churn_rate"]) == (2, 0.25)
    CliRunner().invoke(app, ["define", "--out", "elsewhere"])
    CliRunner().invoke(app, ["define"])
    assert worlds.files_of(Path("elsewhere")) == worlds.files_of(Path("reports")) == first


def test_by_another_column(kiosk: House) -> None:
    """`--segment region` tells customers apart by region."""
    result = CliRunner().invoke(app, ["define", "--segment", "region"])
    assert "  region  customers" in result.stdout
    assert "  north " in result.stdout


@pytest.mark.parametrize(
    ("column", "line"),
    [
        ("regin", "no such column of customers; did you mean 'region'? (segment, region)"),
        ("phone", "is in score.pii; private columns are seen in the lists alone"),
        ("owner", "is in score.pii; private columns are seen in the lists alone"),
    ],
)
def test_a_column_that_is_none_or_private(kiosk: House, column: str, line: str) -> None:
    """Unknown columns are refused with the nearest one, private ones under their own name and under the export's."""
    result = CliRunner().invoke(app, ["define", "--segment", column])
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"error: --segment {column}: {line}\n"


def test_without_tables(kiosk: House) -> None:
    """What to run first is said, and nothing is written."""
    for path in kiosk.tables.iterdir():
        path.unlink()
    result = CliRunner().invoke(app, ["define"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "error: data/tables: no tables there; run `churnml ingest` first\n"
    assert not Path("reports").exists()


def test_a_table_that_was_cut(kiosk: House) -> None:
    """Where one event table stops early, the days after it aren't counted, and that is said on stderr."""
    used = "\n".join(["customer_id occurred_at event", *(f"dan 2024-01-{day:02} login" for day in range(1, 26))])
    shelf.write_tables(kiosk.tables, {"activity": used})
    text = PARAMS.replace("churn: {", "churn: {events: [transactions, activity], ")
    source = "  - {table: activity, path: a.csv, columns: {customer_id: id, occurred_at: at, event: what}}\nchurn:"
    Path("params.yaml").write_text(text.replace("churn:", source))
    result = CliRunner().invoke(app, ["define"])
    assert result.stderr == "warning: the rows of activity end on 2024-01-25; later days aren't counted\n"


def test_the_advice_can_be_pasted(project: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The advised lines, in place of the sections that they name, make a valid params.yaml and a panel."""
    monkeypatch.chdir(project.root)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{project.root / 'runs.db'}")
    assert CliRunner().invoke(app, ["define"]).exit_code == 0
    advised = json.loads(Path("reports/define.json").read_text())["recommendation"]["params"]
    yaml = YAML(typ="safe")
    whole = {**yaml.load(Path("params.yaml")), **yaml.load("\n".join(advised))}
    with Path("params.yaml").open("w") as file:
        yaml.dump(whole, file)
    assert read_params(Path("params.yaml")).churn.horizon_days == whole["churn"]["horizon_days"]
    assert CliRunner().invoke(app, ["features"]).exit_code == 0


SCREEN = """\
kiosk: what leaving could mean, by transactions
2 customers, 8 days with an event, 2024-01-01 to 2024-02-29 (60 days)

SILENCE: of 100 who were silent for so long, how many came back in so many more days
  silent for  silences  in 30  in 60  in 90  in 180  seen   days
  7 days             7     86      ·      ·       ·    86  in 37
  14 days            1      0      ·      ·       ·     0  in 30
  28 days            1      ·      ·      ·       ·     0  in 16
  30 days            1      ·      ·      ·       ·     0  in 14
  after how long at most 20% come back isn't seen: no such silence was watched for 180 days more

DEFINITIONS: who could leave, who would count as having left, and how many of those came back later
  left =            active in  cutoffs  customers  left %  low-high  drift  back % in 30  later spend %
  silent 10 days *         20        4          2    25.0      0-50  -50.0             0            0.0  only 2 left
  silent 30 days           60        0          0       ·         ·      ·             ·              ·  120 days short
  silent 60 days          120        0          0       ·         ·      ·             ·              ·  300 days short
  silent 90 days          180        0          0       ·         ·      ·             ·              ·  480 days short
  silent 180 days         360        0          0       ·         ·      ·             ·              ·  1020 days short
  * as params.yaml has it
  ok: 4 cutoffs or more, 2% to 80% leaving, at most 20% back; customers and left %: mean over the cutoffs

SEGMENTS: silent 10 days (all definitions are in define.csv)
  segment  customers  left %  back % in 30
  shop             1     0.0           few
  web              1   100.0           few

RECOMMENDED, for params.yaml:
churn:
  definition: inactivity
  events: [transactions]
  horizon_days: 10
  active_within_days: 20
No definition passes the rule; 10 days of silence comes nearest, but only 2 left, at all cutoffs together.
"""

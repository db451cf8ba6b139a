"""Customers with a column that says who left, and nothing else: the same pipeline, with one as_of."""

from datetime import date

import numpy as np
import pyarrow.parquet as pq
import pytest

from churnml.beside import run_proof
from churnml.bundle import ModelBundle
from churnml.config import read_params
from churnml.contracts.files import House
from churnml.errors import DataError
from churnml.pipeline import run_features, score_export
from churnml.publish import read_json
from churnml.report.summary import summary

PARAMS = """\
project: {name: telco}
sources:
  - {table: customers, path: customers*.csv, columns: {customer_id: id}}
churn: {definition: label, column: Gone, left: ['Yes'], labelled_on: '2024-06-01', horizon_days: 30}
panel: {test: 0.25}
features: {memory_limit: 1GB}
score: {pii: [mail]}
train: {threads: 1, rounds: 30, bootstrap: 50, params: {num_leaves: 4, min_child_samples: 20}}
calibrate: {order: risk, tiers: [{name: high, share: 0.1}, {name: low}]}
"""
SHARE = {"basic": 0.6, "pro": 0.2, "team": 0.05}


@pytest.fixture(scope="module")
def telco(tmp_path_factory, engine):
    """600 customers; one in twenty has an empty cell for whether they left."""
    from conftest import run_all

    house = House(tmp_path_factory.mktemp("telco"))
    (house.root / "data/raw").mkdir(parents=True)
    house.params.write_text(PARAMS)
    rng = np.random.default_rng(5)
    lines = ["id,tariff,age,branch,name,mail,Gone"]
    for number in range(600):
        tariff = str(rng.choice(list(SHARE)))
        gone = "" if number % 20 == 0 else ("Yes", "YES ")[number % 2] if rng.random() < SHARE[tariff] else "No"
        age = "" if number % 9 == 0 else f"{rng.integers(18, 90)}"
        lines.append(f"{number:04d},{tariff},{age},{number % 7:03d},Ms {number},{number}@x.org,{gone}")
    (house.root / "data/raw/customers.csv").write_text("\n".join(lines) + "\n")
    run_all(house, engine)
    return house


def test_an_empty_cell_is_no_label(telco):
    """Who has no label isn't learned from; the label is what the column says, in capitals or not."""
    panel = pq.read_table(telco.panel / "snapshots.parquet").to_pylist()
    tables = {row["customer_id"]: row["Gone"] for row in pq.read_table(telco.tables / "customers.parquet").to_pylist()}
    assert {row["customer_id"]: row["label"] for row in panel} == {
        name: int(gone.strip().lower() == "yes") for name, gone in tables.items() if gone
    }
    assert {str(row["as_of"]) for row in panel} == {"2024-06-01"}


def test_it_learns_from_what_describes_customers(telco):
    """Neither the label nor what is private or names each of them; an age is a number, a branch like 003 is none."""
    catalog = {entry["name"]: entry["kind"] for entry in read_json(telco.panel / "catalog.json")}
    assert catalog == {"profile_tariff": "category", "profile_age": "number", "profile_branch": "category"}
    assert ModelBundle.load(telco.bundle).params.features.profile == {
        "tariff": "category",
        "age": "number",
        "branch": "category",
    }


def test_about_a_quarter_is_held_back(telco):
    """Customers are held back by a hash of their id, whoever else is there."""
    splits = pq.read_table(telco.panel / "snapshots.parquet")["split"].to_pylist()
    assert set(splits) == {"train", "test"}
    assert splits.count("test") / len(splits) == pytest.approx(0.25, abs=0.06)


def test_everybody_is_scored_and_the_report_says_of_what(telco):
    """All 600 are in the lists, the unlabelled, too; the tariff ranks; nothing claims to be a forecast."""
    [pack] = telco.lists.iterdir()
    assert pq.read_metadata(pack / "scored.parquet").num_rows == 600
    assert read_json(telco.reports / "metrics.json")["test"]["auc"] > 0.7
    said = summary(read_params(telco.params), telco).splitlines()
    assert said[0] == "telco, as of 2024-06-01: who is like those whose 'Gone' says that they left?"
    assert said[3].startswith("Verdict    usable: ranking (AUC) 0.")
    assert max(len(line) for line in said) <= 120
    [end] = [place for place, line in enumerate(said) if line.startswith("Quality")]
    spoken = " ".join(line.strip() for line in said[3:end])
    assert "the columns aren't as of a day before the answer, so this is no forecast" in spoken
    assert said[end].startswith("Quality    on customers held back, which the model had not seen (")


def test_predictions_are_of_customers_held_back(telco):
    """Each customer with a label was predicted three times by a model that hadn't seen them."""
    rolling = pq.read_table(telco.boosters / "rolling.parquet")
    pairs = list(zip(rolling["customer_id"].to_pylist(), rolling["repeat"].to_pylist(), strict=True))
    assert len(pairs) == len(set(pairs)) == 3 * 570


def test_a_word_that_no_cell_holds_is_refused(telco, engine, tmp_path):
    """`y` isn't `Yes`; read as such, everybody would have stayed. The panel stays as it was."""
    params = read_params(telco.params)
    churn, before = params.churn.model_copy(update={"left": ("y", "1")}), (telco.panel / "manifest.json").read_bytes()
    with pytest.raises(DataError) as refused:
        run_features(params.model_copy(update={"churn": churn}), telco, engine)
    assert str(refused.value) == (
        "churn.left: no cell of 'Gone' in customers says 'y', '1'; write the words as the export does"
    )
    assert (telco.panel / "manifest.json").read_bytes() == before


def test_a_new_export_needs_no_label_but_a_day(telco, engine, tmp_path):
    """Nothing in such an export tells which day it shows; without one it is refused."""
    exports, bundle = tmp_path / "new", ModelBundle.load(telco.bundle)
    exports.mkdir()
    (exports / "customers.csv").write_text("id,tariff,age,branch,mail,colour\n1,basic,,001,,red\n2,team,33,002,,blue\n")
    with pytest.raises(DataError, match=r"^no event in these exports tells which day they show; say it with --as-of$"):
        score_export([exports], bundle, engine, None, tmp_path / "lists")
    pack = score_export([exports], bundle, engine, date(2024, 7, 1), tmp_path / "lists")
    assert pack.lines[1] == "as of 2024-07-01: 2 customers"


def test_the_proof_says_what_it_cant_prove(telco, engine):
    """The label is no feature; that the tariff never changes is taken on trust."""
    proof = run_proof(read_params(telco.params), telco, engine)
    assert proof.leaks == []
    reasons = {one["name"]: one["reason"] for one in proof.without_history}
    assert "no feature sees it" in reasons["Gone"]
    assert "nothing here can prove it" in reasons["tariff"]


def test_the_page_has_no_past(telco, engine, tmp_path):
    """Leaving has no day here: nobody is looked back at, and nothing is counted by month."""
    from churnml.pipeline import run_report
    from churnml.report import newest_pack

    sections = run_report(telco, ModelBundle.load(telco.bundle), engine, newest_pack(telco), tmp_path / "report.html")
    names = [one.name for one in sections]
    assert "back" not in names
    [said] = sections[names.index("kpis")].parts
    assert said.words[0].startswith("The tables hold no whole month of events")

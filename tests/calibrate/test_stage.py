"""The calibrate stage: measures and packs, never refits."""

import csv
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from churnml.config import read_params
from churnml.errors import DataError
from churnml.metrics import measure
from churnml.pipeline import run_calibrate


def reverse_scores(path):
    """Turn the order of scores over."""
    rows = pq.read_table(path)
    turned = pa.array(1 - rows["score"].to_numpy())
    pq.write_table(rows.set_column(rows.schema.get_field_index("score"), "score", turned), path)


def test_quality_comes_from_the_test_predictions_alone(project):
    """Worse rolling predictions change what is said of tiers, not the quality; worse test predictions do the reverse."""
    params = read_params(project.params)
    before = run_calibrate(params, project)
    reverse_scores(project.boosters / "rolling.parquet")
    rolled = run_calibrate(params, project)
    assert (rolled["test"], rolled["baselines"]) == (before["test"], before["baselines"])
    assert rolled["tiers"] != before["tiers"]
    reverse_scores(project.boosters / "test.parquet")
    tested = run_calibrate(params, project)
    assert tested["tiers"] == rolled["tiers"]
    assert tested["test"]["auc"] == pytest.approx(1 - before["test"]["auc"], abs=1e-6)


def test_the_report_holds_the_numbers_of_the_test_predictions(finished):
    """metrics.json can be computed again from test.parquet."""
    said = json.loads((finished.reports / "metrics.json").read_text(encoding="utf-8"))
    rows = pq.read_table(finished.boosters / "test.parquet")
    label = rows["label"].to_numpy()
    for stated, column in ((said["test"], "score"), (said["baselines"]["recency"], "recency")):
        for name, number in measure(label, rows[column].to_numpy()).items():
            assert stated[name] == round(number, 6)


def test_the_bundle_remembers_what_the_report_says_of_tiers(finished):
    """One history, in both places."""
    decided = json.loads((finished.bundle / "tiers.json").read_text(encoding="utf-8"))
    assert decided["history"] == json.loads((finished.reports / "metrics.json").read_text(encoding="utf-8"))["tiers"]
    assert [tier["name"] for tier in decided["tiers"]] == ["high", "medium", "low"]


def test_the_plot_has_every_test_snapshot_in_ten_groups(finished):
    """calibration.csv: equally large groups, from the safest."""
    with (finished.reports / "plots/calibrate/calibration.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["group"]) for row in rows] == list(range(1, 11))
    assert sum(int(row["customers"]) for row in rows) == pq.read_metadata(finished.boosters / "test.parquet").num_rows
    assert [float(row["risk"]) for row in rows] == sorted(float(row["risk"]) for row in rows)


def test_without_boosters_the_message_names_the_stage_before(project):
    """A project that hasn't trained is sent to train, and its old bundle stays."""
    before = {path.name: path.read_bytes() for path in project.bundle.iterdir()}
    (project.boosters / "test.parquet").unlink()
    with pytest.raises(DataError, match="no boosters there; run `churnml train` first"):
        run_calibrate(read_params(project.params), project)
    assert {path.name: path.read_bytes() for path in project.bundle.iterdir()} == before

"""The calibrate stage: measures and packs, never refits."""

import csv
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import worlds
from churnml.bundle import ModelBundle
from churnml.config import read_params
from churnml.errors import BundleError, DataError
from churnml.manifest import digest, identity
from churnml.metrics import measure
from churnml.pipeline import run_calibrate


def reverse_scores(path):
    """Turn the order of scores over, as if train had written them so."""
    rows = pq.read_table(path)
    turned = pa.array(1 - rows["score"].to_numpy())
    pq.write_table(rows.set_column(rows.schema.get_field_index("score"), "score", turned), path)
    worlds.resealed(path.parent)


def plotted(house, name):
    """Rows of a plot."""
    with (house.reports / f"plots/calibrate/{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def reported(house, name):
    """A report."""
    return json.loads((house.reports / f"{name}.json").read_text(encoding="utf-8"))


def test_quality_comes_from_the_test_predictions_alone(project):
    """Worse rolling predictions change what is said of tiers, not the quality; worse test predictions do the reverse.

    So where probability is chosen beforehand: a backtest may choose it by the rolling predictions of training cutoffs.
    """
    params = with_calibrate(project, method="none", base_rate="trained")
    before = run_calibrate(params, project)
    reverse_scores(project.boosters / "rolling.parquet")
    rolled = run_calibrate(params, project)
    assert (rolled["test"], rolled["baselines"]) == (before["test"], before["baselines"])
    assert rolled["tiers"] != before["tiers"]
    assert rolled["backtest"] != before["backtest"]
    reverse_scores(project.boosters / "test.parquet")
    tested = run_calibrate(params, project)
    assert tested["tiers"] == rolled["tiers"]
    assert tested["test"]["auc"] == pytest.approx(1 - before["test"]["auc"], abs=1e-6)


def test_the_report_holds_the_numbers_of_the_test_predictions(finished):
    """metrics.json can be computed again from test.parquet."""
    said = reported(finished, "metrics")
    rows = pq.read_table(finished.boosters / "test.parquet")
    label = rows["label"].to_numpy()
    for stated, column in ((said["test"], "score"), (said["baselines"]["recency"], "recency")):
        for name, number in measure(label, rows[column].to_numpy()).items():
            assert stated[name] == round(number, 6)


def test_the_bundle_remembers_what_the_report_says_of_tiers(finished):
    """One history, in both places."""
    decided = json.loads((finished.bundle / "tiers.json").read_text(encoding="utf-8"))
    assert decided["history"] == reported(finished, "metrics")["tiers"]
    assert [tier["name"] for tier in decided["tiers"]] == ["high", "medium", "low"]


def test_the_plot_has_every_test_snapshot_in_ten_groups(finished):
    """calibration.csv: equally large groups, from the safest."""
    rows = plotted(finished, "calibration")
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


@pytest.mark.parametrize("name", ["evaluation.txt", "final.json", "final.txt", "rolling.parquet", "test.parquet"])
def test_boosters_changed_after_they_were_written_are_refused(project, name):
    """No bundle is packed around what train didn't write; bundle, plots and report stay."""
    worlds.tampered(project.boosters / name)
    before = worlds.files_of(project.root)
    with pytest.raises(BundleError, match=rf"boosters/{name}: was changed after it was written"):
        run_calibrate(read_params(project.params), project)
    assert worlds.files_of(project.root) == before


def test_a_file_among_the_boosters_that_train_did_not_write_is_refused(project):
    """Boosters are whole: nothing more."""
    (project.boosters / "notes.txt").write_text("ours", encoding="utf-8")
    before = worlds.files_of(project.root)
    with pytest.raises(BundleError, match=r"boosters/notes.txt: isn't in the manifest"):
        run_calibrate(read_params(project.params), project)
    assert worlds.files_of(project.root) == before


def test_the_bundle_says_what_it_was_made_from(finished):
    """Boosters, panel and tables: a bundle that travels alone still names them."""
    assert ModelBundle.load(finished.bundle).made_from == {
        "tables": digest(finished.tables),
        "panel": identity(finished.panel),
        "boosters": identity(finished.boosters),
    }


def test_other_boosters_make_another_bundle(project):
    """The identity of the boosters is in the bundle's, even where a change reaches nothing else that it holds."""
    before = ModelBundle.load(project.bundle)
    worlds.tampered(project.boosters / "evaluation.txt")
    worlds.resealed(project.boosters)
    run_calibrate(read_params(project.params), project)
    after = ModelBundle.load(project.bundle)
    assert after.made_from == {**before.made_from, "boosters": identity(project.boosters)}
    assert after.digest != before.digest
    assert after.history == before.history


def test_the_report_holds_each_cutoff_that_was_predicted_out_of_time(finished):
    """The numbers of metrics.json can be computed again from rolling.parquet, cutoff by cutoff."""
    rows = pq.read_table(finished.boosters / "rolling.parquet").to_pandas()
    rows["as_of"] = rows["as_of"].astype(str)
    said = reported(finished, "metrics")["cutoffs"]
    assert [cutoff["as_of"] for cutoff in said] == sorted(set(rows["as_of"]))
    assert len(said) == 6
    for cutoff in said:
        part = rows[rows["as_of"] == cutoff["as_of"]]
        measured = measure(part["label"].to_numpy(), part["score"].to_numpy())
        assert cutoff["customers"] == len(part)
        assert (cutoff["auc"], cutoff["log_loss"]) == (round(measured["auc"], 6), round(measured["log_loss"], 6))


def test_plots_are_what_the_report_says(finished):
    """cutoffs.csv and tiers.csv hold the numbers of metrics.json, in its order."""
    said = reported(finished, "metrics")
    cutoffs = [{name: str(value) for name, value in cutoff.items()} for cutoff in said["cutoffs"]]
    assert plotted(finished, "cutoffs") == cutoffs
    tiers = plotted(finished, "tiers")
    assert [row.pop("tier") for row in tiers] == ["high", "medium", "low"]
    for row, past in zip(tiers, said["tiers"].values(), strict=True):
        assert row == {name: str(past[name]) for name in row}
        assert {"churn_rate", "churn_rate_low", "churn_rate_high", "money_share"} < set(row)


@pytest.mark.parametrize(("label", "did"), [(1, "left"), (0, "stayed")])
def test_one_class_cant_be_measured(project, label, did):
    """Where everybody did the same there is no ranking to judge."""
    path = project.boosters / "test.parquet"
    rows = pq.read_table(path)
    same = pa.array([label] * rows.num_rows, pa.int8())
    pq.write_table(rows.set_column(rows.schema.get_field_index("label"), rows.field("label"), same), path)
    worlds.resealed(project.boosters)
    with pytest.raises(DataError) as refused:
        run_calibrate(read_params(project.params), project)
    assert str(refused.value) == (
        f"all {rows.num_rows:,} test snapshots {did}: quality can't be measured; choose other panel.test cutoffs"
    )


def with_calibrate(project, **given):
    """The params, with another calibrate section."""
    params = read_params(project.params)
    return params.model_copy(update={"calibrate": params.calibrate.model_copy(update=given)})


def test_a_calibrator_that_is_asked_for_is_used_and_travels(project):
    """Platt: the test risks aren't the scores any more; the bundle holds its numbers, and ranks as before."""
    before = run_calibrate(with_calibrate(project, method="none"), project)
    after = run_calibrate(with_calibrate(project, method="platt"), project)
    assert after["probability"]["method"] == "platt"
    assert after["test"]["auc"] == before["test"]["auc"]
    assert after["test"]["log_loss"] != before["test"]["log_loss"]
    assert ModelBundle.load(project.bundle).probability.calibrator.method == "platt"


def test_a_churn_rate_that_is_stated_is_what_is_said(project):
    """base_rate 0.9: on the average of the newest cutoff that is what comes out, so about that on the test cutoffs."""
    said = run_calibrate(with_calibrate(project, base_rate=0.9), project)
    assert said["test"]["risk"] == pytest.approx(0.9, abs=0.03)
    assert said["probability"]["base_rate"] == "number"


def test_the_last_cutoff_decides_the_level(project):
    """The shift in the bundle is that of the newest labelled cutoff, under which the final booster gives its churn rate."""
    run_calibrate(with_calibrate(project, base_rate="last_cutoff"), project)
    final = json.loads((project.boosters / "levels.json").read_text())["models"]["final"]
    assert ModelBundle.load(project.bundle).probability.shift == final[max(final)]["shift"]


def test_a_season_without_a_year_is_refused(project):
    """The tiny shop has half a year: there is no cutoff a year before the test."""
    before = worlds.files_of(project.root)
    with pytest.raises(DataError) as refused:
        run_calibrate(with_calibrate(project, base_rate="same_season"), project)
    assert str(refused.value).startswith("calibrate.base_rate same_season: 2024-")
    assert "that has six months (182 days) of history; events begin on 2024-" in str(refused.value)
    assert worlds.files_of(project.root) == before


def test_what_is_chosen_doesnt_look_at_the_test(project):
    """Turning the labels of the test cutoffs over changes no candidate of the backtest."""
    before = run_calibrate(read_params(project.params), project)["probability"]["trials"]
    assert before
    for name in ("rolling", "test"):
        path = project.boosters / f"{name}.parquet"
        rows = pq.read_table(path).to_pandas()
        rows["label"] = rows["label"].where(rows["split"] == "train", 1 - rows["label"])
        schema = pq.read_schema(path)
        pq.write_table(pa.Table.from_pandas(rows, schema, preserve_index=False), path)
    worlds.resealed(project.boosters)
    assert run_calibrate(read_params(project.params), project)["probability"]["trials"] == before


def test_the_verdict_is_in_report_and_bundle(finished):
    """One verdict, in both places."""
    verdict = reported(finished, "metrics")["verdict"]
    assert verdict["word"] in ("good", "usable", "no better than recency", "leakage suspected")
    assert ModelBundle.load(finished.bundle).verdict == verdict

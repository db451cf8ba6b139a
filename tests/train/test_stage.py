"""The train stage: which snapshots each booster saw."""

import csv
import json
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

import worlds
from churnml.config import Churn, Train, read_params
from churnml.contracts.files import PREDICTIONS
from churnml.errors import BundleError, DataError, LeakageError
from churnml.manifest import digest, identity, read_manifest
from churnml.model import Model
from churnml.train import train

QUICK = Train(rounds=5, threads=1, min_cutoffs=2, params={"num_leaves": 4, "min_child_samples": 20})
TUNED = QUICK.model_copy(update={"trials": 3})


@pytest.fixture
def run(project):
    """Called: train on the project's panel with quick parameters."""

    def trained(churn=None, settings=QUICK):
        params = read_params(project.params)
        return train(
            panel=project.panel,
            churn=churn or params.churn,
            windows_days=params.features.windows_days,
            params=settings,
            boosters=project.boosters,
            report=project.reports / "train.json",
            plots=project.reports / "plots/train",
        )

    return trained


def change(project, column, values):
    """One column of the project's panel is another, as if features had written it so."""
    path = project.panel / "snapshots.parquet"
    panel = pq.read_table(path)
    position = panel.schema.get_field_index(column)
    pq.write_table(panel.set_column(position, panel.schema.field(position), values(panel)), path)
    worlds.resealed(project.panel)


def flipped(which):
    """The labels, turned over where `which(panel)` says so."""

    def labels(panel):
        label, chosen = panel["label"].to_numpy(), np.asarray(which(panel))
        return pa.array(np.where(chosen, 1 - label, label), pa.int8())

    return labels


def scrambled(panel):
    """The recency of the test snapshots is another one's, and ten times as long."""
    recency, test = panel["recency_days"].to_numpy(), np.asarray(pc.equal(panel["split"], "test"))
    return pa.array(np.where(test, recency[::-1] * 10, recency))


def rolling_scores(project):
    """Scores by cutoff."""
    rows = pq.read_table(project.boosters / "rolling.parquet")
    days = rows["as_of"].to_pylist()
    return {day: rows.filter(pc.equal(rows["as_of"], day))["score"].to_pylist() for day in sorted(set(days))}


def test_test_labels_dont_reach_the_evaluation_booster(run, project):
    """Turning all test labels over changes no byte of the evaluation booster; the final one does learn from them."""
    run()
    before = {name: (project.boosters / f"{name}.txt").read_bytes() for name in ("evaluation", "final")}
    change(project, "label", flipped(lambda panel: pc.equal(panel["split"], "test")))
    run()
    after = {name: (project.boosters / f"{name}.txt").read_bytes() for name in ("evaluation", "final")}
    assert after["evaluation"] == before["evaluation"]
    assert after["final"] != before["final"]


def test_test_rows_dont_reach_the_evaluation_booster(run, project):
    """Scrambling a feature of the test snapshots changes no byte of it either."""
    run()
    before = (project.boosters / "evaluation.txt").read_bytes()
    change(project, "recency_days", scrambled)
    run()
    assert (project.boosters / "evaluation.txt").read_bytes() == before


def test_test_snapshots_dont_reach_tuning(run, project):
    """Other labels and other features of the test cutoffs: the same trials, the same choice, the same evaluation booster."""
    whole = run(settings=TUNED)
    said, tested = whole["tuning"], {one["as_of"] for one in whole["cutoffs"] if one["split"] == "test"}
    before = (project.boosters / "evaluation.txt").read_bytes()
    change(project, "label", flipped(lambda panel: pc.equal(panel["split"], "test")))
    change(project, "recency_days", scrambled)
    assert run(settings=TUNED)["tuning"] == said
    assert (project.boosters / "evaluation.txt").read_bytes() == before
    assert len(tested) == 2
    assert not tested & set(said["folds"])


def test_tuning_learns_from_what_the_booster_learns_from(run, project):
    """Without those whom we contacted, if they are to be left out; and other training labels are another task."""
    one = QUICK.model_copy(update={"trials": 1})
    said = [run(settings=one)["tuning"], run(settings=one.model_copy(update={"contacted": "leave_out"}))["tuning"]]
    change(project, "label", flipped(lambda panel: pc.equal(panel["as_of"], date(2024, 4, 22))))
    said.append(run(settings=one)["tuning"])
    assert len({each["default"] for each in said}) == 3


def test_what_was_tuned_fits_all_boosters(run, project):
    """Evaluation and final booster have the parameters that tuning chose, and the report says them."""
    stumps = TUNED.model_copy(update={"params": {"min_child_samples": 100_000}})
    said = run(settings=stumps)["tuning"]
    assert said["chosen"] > 0
    for name in ("evaluation", "final"):
        text = (project.boosters / f"{name}.txt").read_text()
        assert f"[learning_rate: {said['params']['learning_rate']}]" in text
        assert f"[num_leaves: {said['params']['num_leaves']}]" in text


def test_without_trials_nothing_is_tuned(finished):
    """The report says so: null."""
    assert json.loads((finished.reports / "train.json").read_text(encoding="utf-8"))["tuning"] is None


def test_a_label_reaches_rolling_predictions_when_its_window_is_over(run, project):
    """A label of 2024-04-22 is known on 05-20: predictions for 05-06 don't know it, those from 05-20 on do."""
    run()
    before = rolling_scores(project)
    change(project, "label", flipped(lambda panel: pc.equal(panel["as_of"], date(2024, 4, 22))))
    run()
    after = rolling_scores(project)
    changed = {str(day): before[day] != after[day] for day in before}
    assert {"2024-05-06", "2024-05-20", "2024-07-01"} < set(changed)
    assert changed == {day: day >= "2024-05-20" for day in changed}


def test_predictions_keep_their_contract(run, project):
    """Rolling and test predictions have the columns that the contract promises; baselines follow."""
    run()
    others = ["base_rate", "recency", "rfm", "logistic", "bg_nbd", "previous"]
    for name in ("rolling", "test"):
        rows = pq.read_table(project.boosters / f"{name}.parquet")
        assert rows.schema.names == [*PREDICTIONS.names, *others]
        assert rows.select(PREDICTIONS.names).schema.equals(PREDICTIONS)
    tested = pq.read_table(project.boosters / "test.parquet")
    assert set(tested["split"].to_pylist()) == {"test"}


def test_a_leaking_panel_is_refused(run):
    """The split is checked again where it is used: labels of 29 days would reach into the test period."""
    with pytest.raises(LeakageError, match=r"panel.train: 2024-05-20: the 29-day label window ends after"):
        run(Churn(horizon_days=29, active_within_days=56))


def test_a_panel_without_a_split_is_refused(run, project):
    """Without test snapshots nothing could be measured."""
    change(project, "split", lambda panel: pa.array(["train"] * panel.num_rows))
    with pytest.raises(DataError, match=r"^the panel has no test snapshots; check panel in params.yaml"):
        run()


def test_a_refused_run_leaves_the_old_boosters(run, project):
    """One class only: the message, and every file as it was."""
    before = {path.name: path.read_bytes() for path in project.boosters.iterdir()}
    change(project, "label", lambda panel: pa.array([0] * panel.num_rows, pa.int8()))
    with pytest.raises(DataError, match=r"^all 1,417 training snapshots stayed: nothing to learn from"):
        run()
    assert {path.name: path.read_bytes() for path in project.boosters.iterdir()} == before


def test_without_rfm_there_is_no_value(run, project):
    """Value is measured by money spent in the longest window; a panel without it is refused."""
    path = project.panel / "snapshots.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["spend_56d"]), path)
    worlds.resealed(project.panel)
    with pytest.raises(DataError, match="the panel has no 'spend_56d', by which value is measured; add rfm"):
        run()


def test_the_report_says_whether_churn_drifts(run, project):
    """Churn rates per cutoff, and how far the test cutoffs are from the training cutoffs."""
    said = run()
    rates = {split: [one for one in said["cutoffs"] if one["split"] == split] for split in ("train", "test")}
    mean = {
        split: np.average([one["churn_rate"] for one in ours], weights=[one["customers"] for one in ours])
        for split, ours in rates.items()
    }
    assert said["drift"]["difference"] == pytest.approx(mean["test"] - mean["train"], abs=2e-6)
    assert said == json.loads((project.reports / "train.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["catalog.json", "snapshots.parquet"])
def test_a_panel_changed_after_it_was_written_is_refused(run, project, name):
    """Nothing is learned from a panel that features didn't write; boosters, plots and report stay."""
    worlds.tampered(project.panel / name)
    before = worlds.files_of(project.root)
    with pytest.raises(BundleError, match=rf"panel/{name}: was changed after it was written"):
        run()
    assert worlds.files_of(project.root) == before


def test_a_panel_without_its_manifest_is_refused(run, project):
    """Where nothing says what the panel is, boosters couldn't say what they were made from."""
    (project.panel / "manifest.json").unlink()
    before = worlds.files_of(project.root)
    with pytest.raises(
        BundleError,
        match=r"panel: has no manifest.json, an older version wrote it or a file is lost; run `churnml features`",
    ):
        run()
    assert worlds.files_of(project.root) == before


def test_boosters_say_what_they_were_made_from(finished):
    """The panel and, through it, the tables."""
    said = read_manifest(finished.boosters)
    assert said["kind"] == "boosters"
    assert said["made_from"] == {"tables": digest(finished.tables), "panel": identity(finished.panel)}


def test_another_panel_makes_other_boosters(run, project):
    """The panel's identity is in theirs, and its catalog with them, even where a change reaches no model."""
    run()
    before = read_manifest(project.boosters)
    path = project.panel / "catalog.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"unit": "days"', '"unit": "nights"'), encoding="utf-8")
    worlds.resealed(project.panel)
    run()
    after = read_manifest(project.boosters)
    assert after["files"]["evaluation.txt"] == before["files"]["evaluation.txt"]
    assert after["files"]["catalog.json"] != before["files"]["catalog.json"]
    assert after["made_from"] == {**before["made_from"], "panel": identity(project.panel)}
    assert after["made_from"] != before["made_from"]


def test_the_plot_of_importance_is_of_the_evaluation_booster(finished):
    """importance.csv: the twenty features with the largest share of its gain, the largest first."""
    with (finished.reports / "plots/train/importance.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    model = Model.load(finished.boosters, "evaluation")
    gain = model.booster.feature_importance("gain")
    shares = dict(zip(model.columns.features, gain / gain.sum(), strict=True))
    said = {row["feature"]: float(row["gain"]) for row in rows}
    assert list(said.values()) == pytest.approx(sorted(shares.values(), reverse=True)[:20], abs=1e-6)
    assert said == {name: pytest.approx(shares[name], abs=1e-6) for name in said}
    assert rows[0]["feature"] == "recency_days"


def test_a_panel_that_cannot_be_read_any_more_is_refused(run, project):
    """A file that was cut is named before anybody tries to read it."""
    path = project.panel / "snapshots.parquet"
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(BundleError, match=r"panel/snapshots.parquet: was changed after it was written"):
        run()

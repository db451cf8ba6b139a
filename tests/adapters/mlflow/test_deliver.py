"""What waits in the outbox is told: whole, once, in order, whatever else goes wrong."""

import json
from dataclasses import replace
from datetime import date
from importlib import import_module

import pytest

from churnml.adapters.mlflow import MlflowStore, deliver
from churnml.ports import Dataset, Pipeline, PipelineEnd
from records import BY_HAND, MORNING, parents, stage, stages_of, tagged, tell, the_run

DELIVERING = import_module("churnml.adapters.mlflow.deliver")  # the package has a function of this name


def test_what_a_run_holds(store):
    """Params, metrics, times and tags are kept as they were given."""
    run = stage("train", params={"train.seed": 7}, metrics={"auc": 0.75}, tags={"churnml.dirty": "false"})
    tell(store, run)
    told = the_run(store, "train")
    assert (told.info.run_name, told.info.status) == ("train", "FINISHED")
    assert told.info.start_time == run.started_at.timestamp() * 1000
    assert told.info.end_time == run.ended_at.timestamp() * 1000
    assert (told.data.params, told.data.metrics) == ({"train.seed": "7"}, {"auc": 0.75})
    assert told.data.tags["churnml.dirty"] == "false"


def test_what_it_read_and_wrote(store):
    """Each thing is a tag with its whole hash; what was read is also one of MLflow's datasets, with its rows."""
    read = Dataset("tables", "data/tables", "a" * 64, {"customers": 2, "transactions": 5})
    written = Dataset("panel", "data/panel", "b" * 64)
    tell(store, replace(stage("features"), reads=[read], writes=[written]))
    told = the_run(store, "features")
    assert tagged(told, "churnml.reads.") == {"tables": "a" * 64}
    assert tagged(told, "churnml.writes.") == {"panel": "b" * 64}
    assert tagged(told, "churnml.path.") == {"tables": "data/tables", "panel": "data/panel"}
    (dataset,) = [given.dataset for given in told.inputs.dataset_inputs]
    assert (dataset.name, dataset.digest) == ("tables", "a" * 36)
    assert json.loads(dataset.source) == {"uri": "data/tables", "sha256": "a" * 64}
    assert json.loads(dataset.profile) == {"num_rows": 7, "customers": 2, "transactions": 5}


def test_a_series_has_a_step_per_cutoff(store):
    """A step is the same cutoff in all metrics, also where one of them couldn't be measured at the first."""
    january, february = date(2024, 1, 1), date(2024, 2, 1)
    tell(store, stage("calibrate", series={"risk": [(january, 0.1), (february, 0.2)], "auc": [(february, 0.75)]}))
    told = the_run(store, "calibrate").info.run_id
    points = {
        name: [(point.step, point.value) for point in store.client.get_metric_history(told, name)]
        for name in ("risk", "auc")
    }
    assert points == {"risk": [(0, 0.1), (1, 0.2)], "auc": [(1, 0.75)]}
    assert (
        store.client.get_metric_history(told, "auc")[0].timestamp == MORNING.replace(month=2, hour=0).timestamp() * 1000
    )


def test_plots_are_pictures(store, tmp_path):
    """Files are kept as they are; what can be drawn is also a picture, beside the stage and its pipeline."""
    (tmp_path / "train").mkdir()
    (tmp_path / "train/importance.csv").write_text("feature,gain\nrecency_days,0.75\n")
    (tmp_path / "train.json").write_text("{}")
    outbox = tell(store, stage("train", artifacts=[tmp_path / "train", tmp_path / "train.json"]))

    def kept(run, folder=""):
        return [file.path for file in store.client.list_artifacts(run.info.run_id, folder)]

    assert outbox.names() == []
    assert kept(the_run(store, "train")) == ["pictures", "train", "train.json"]
    assert kept(the_run(store, "train"), "train") == ["train/importance.csv"]
    (parent,) = parents(store)
    assert kept(parent, "pictures") == ["pictures/importance.png"]


def test_an_unreachable_store_loses_nothing(store, tmp_path):
    """Each record says why it wasn't told, and waits; once the store is back, all are told in order."""
    nobody = MlflowStore(f"sqlite:///{tmp_path / 'nowhere' / 'runs.db'}", "churnml")
    outbox = tell(store)
    names = [outbox.put(stage(name)) for name in ("ingest", "train")]
    deliver(outbox, nobody)
    assert [(name, outbox.refusal(name)) for name in outbox.names()] == [(name, "OperationalError") for name in names]
    deliver(outbox, store)
    assert outbox.names() == []
    assert [run.data.tags["churnml.record"] for run in store.runs("") if "churnml.record" in run.data.tags] == names[
        ::-1
    ]


def test_a_broken_record_stands_in_nobodys_way(store):
    """What can't be read says so and stays; what came after it is told."""
    outbox = tell(store)
    broken = outbox.put(stage("ingest"))
    (outbox.folder / broken / "StageRun.json").write_text("{")
    outbox.put(stage("train"))
    deliver(outbox, store)
    assert (outbox.names(), outbox.refusal(broken)) == ([broken], "ValidationError")
    assert the_run(store, "train").info.status == "FINISHED"


@pytest.mark.parametrize("step", ["log_params", "log_artifacts", "link", "_tell_parent"])
def test_a_record_that_was_cut_is_told_once(store, monkeypatch, step):
    """Wherever the telling broke off, it goes on in the same run, under the same parent, to the end."""
    run = stage("train", "panel=p1", "boosters=b1", params={"seed": 7}, series={"auc": [(date(2024, 1, 1), 0.75)]})
    with monkeypatch.context() as cut:
        cut.setattr(DELIVERING, step, lambda *_: 1 / 0)
        outbox = tell(store, run)
        assert [outbox.refusal(name) for name in outbox.names()] == ["ZeroDivisionError"]
    deliver(outbox, store)
    assert outbox.names() == []
    (parent,) = parents(store)
    assert (stages_of(store, parent), parent.info.status) == (["train"], "FINISHED")
    told = the_run(store, "train")
    assert (told.info.status, told.data.params) == ("FINISHED", {"seed": "7"})
    assert len(store.client.get_metric_history(told.info.run_id, "auc")) == 1


def test_a_run_deleted_by_a_user_comes_back(store, monkeypatch):
    """A half-told run that somebody deletes in MLflow doesn't keep its record in the outbox."""
    with monkeypatch.context() as cut:
        cut.setattr(DELIVERING, "link", lambda *_: 1 / 0)
        outbox = tell(store, stage("train"))
    store.client.delete_run(the_run(store, "train").info.run_id)
    deliver(outbox, store)
    assert (outbox.names(), the_run(store, "train").info.status) == ([], "FINISHED")


def test_how_a_pipeline_ended(store):
    """What is known at the end goes to the parent; where no stage was executed there is none, and nothing to say."""
    repro = Pipeline("repro", "1-2")
    ends = [PipelineEnd(key, MORNING, {"churnml.dvc_lock": "abc"}) for key in ("1-2", "3-4")]
    outbox = tell(store, stage("train", pipeline=repro), *ends)
    (parent,) = parents(store)
    assert (outbox.names(), parent.data.tags["churnml.dvc_lock"]) == ([], "abc")


def test_the_parent_holds_what_decides(store):
    """Quality and sizes of the lists are numbers of the parent, the params of the whole pipeline too."""
    whole = Pipeline(BY_HAND.name, params={"churn.horizon_days": 28})
    numbers = {"test.auc": 0.75, "tiers.high.churn_rate": 0.5, "baselines.recency.auc": 0.7, "baselines.other.auc": 0.6}
    calibrate = stage("calibrate", "", "bundle=u1", whole, metrics=numbers)
    tell(store, calibrate, stage("score", "bundle=u1", "lists=l1", whole, metrics={"customers.high": 15.0}))
    (parent,) = parents(store)
    assert parent.data.params == {"churn.horizon_days": "28"}
    assert parent.data.metrics == {
        "test.auc": 0.75,
        "tiers.high.churn_rate": 0.5,
        "baselines.recency.auc": 0.7,
        "customers.high": 15,
    }

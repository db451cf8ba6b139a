"""What MLflow remembers of a project, and nothing that it shouldn't know."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

import worlds
from churnml.adapters import sender
from churnml.adapters.mlflow import MlflowStore
from churnml.adapters.mlflow.store import has
from churnml.cli.app import app
from churnml.manifest import digest, identity
from records import parents, stages_of, tagged

OURS = ("data", "lists")  # what holds rows; everything else may be shown


def store_of(root):
    return MlflowStore(f"sqlite:///{Path(root).absolute() / 'mlflow.db'}", "churnml")


def the_run(store, name):
    """The run of this name."""
    (run,) = store.runs(f"attributes.run_name = '{name}'")
    return run


def holding(root, word):
    """Files outside of data and lists that hold a word."""
    files = (path for path in sorted(Path(root).rglob("*")) if path.is_file())
    shown = [path for path in files if path.relative_to(root).parts[0] not in OURS]
    assert shown
    return [path.relative_to(root).as_posix() for path in shown if word.encode() in path.read_bytes()]


def test_stages_by_hand_are_one_pipeline(remembered):
    """Five stages below one parent; an analyst's lists beside it."""
    store = store_of(remembered.house.root)
    (parent,) = parents(store)
    assert stages_of(store, parent) == ["ingest", "features", "train", "calibrate", "score"]
    assert parent.info.run_name.startswith("tiny-shop 20")
    assert parent.data.params["churn.horizon_days"] == "28"
    assert {"test.log_loss", "test.log_loss_low", "test.log_loss_high"} <= parent.data.metrics.keys()
    assert "mlflow.parentRunId" not in the_run(store, "score 2024-07-29").data.tags


def test_what_a_real_run_holds(remembered):
    """Params, metrics per cutoff, hashes and rows of what was read, versions, pictures, and the model."""
    store, house = store_of(remembered.house.root), remembered.house
    run = the_run(store, "calibrate")
    assert run.data.params["calibrate.tiers.high.capacity"] == "15"
    points = store.client.get_metric_history(run.info.run_id, "cutoff.log_loss_low")
    assert [point.step for point in points] == list(range(len(points)))
    assert tagged(run, "churnml.reads.") == {"boosters": identity(house.boosters)}
    assert tagged(run, "churnml.writes.") == {"bundle": identity(house.bundle)}
    assert tagged(run, "churnml.from.") == {"boosters": the_run(store, "train").info.run_id}
    assert " lightgbm " in run.data.tags["churnml.versions"]
    pictures = [file.path for file in store.client.list_artifacts(run.info.run_id, "pictures")]
    names = ("against", "calibration", "groups", "past_tiers", "ranking", "rates")
    assert pictures == [f"pictures/{name}.png" for name in names]
    tables = the_run(store, "ingest").data.tags["churnml.writes.tables"]
    assert tables == digest(house.tables)
    assert store.client.get_model_version("churnml", "1").aliases == ["champion"]


def test_nothing_private_is_remembered(remembered):
    """Store, artifacts, outbox, logs, reports, models and words: no name, no phone, not even one in a broken cell."""
    root = remembered.house.root
    assert worlds.PRIVATE in (root / "lists/2024-07-29/high.csv").read_text()
    assert "1 x not_a_time in column 'joined', e.g. customers.csv row 242" in remembered.said
    assert (holding(root, worlds.PRIVATE), worlds.PRIVATE in remembered.said) == ([], False)
    assert holding(root, "recency_days")


def test_a_store_that_is_gone_stops_nobody(tracked, monkeypatch):
    """Stages go on as ever: a warning each, without the password; what waits holds nothing private, and is told later."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://ann:s3cret@127.0.0.1:9")
    before = [worlds.files_of(folder) for folder in (Path("data"), Path("models"))]
    for verb in ("calibrate", "score"):
        done = CliRunner().invoke(app, [verb])
        assert done.exit_code == 0
        assert [line for line in done.stderr.splitlines() if "MLflow" in line] == [
            f"warning: MLflow at http://127.0.0.1:9 can't be written (ConnectionRefusedError); {verb} is kept in "
            f".churnml/outbox and sent with the next run"
        ]
        assert worlds.PRIVATE not in done.output
    assert [worlds.files_of(folder) for folder in (Path("data"), Path("models"))] == before
    assert len(list(Path(".churnml/outbox").glob("*/StageRun.json"))) == 2
    assert (holding(Path(), worlds.PRIVATE), holding(Path(), "s3cret")) == ([], [])
    monkeypatch.delenv("MLFLOW_TRACKING_URI")
    assert CliRunner().invoke(app, ["lineage", "calibrate"]).exit_code == 0
    assert not list(Path(".churnml/outbox").glob("*/StageRun.json"))
    assert len(list(store_of(Path()).runs(has("churnml.stage", "calibrate")))) == 2


def test_stopped_before_anything_was_done(tracked, monkeypatch):
    """Ctrl-C while MLflow is being opened: nothing was written, and nothing else is said."""

    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(sender, "served", interrupted)
    before = worlds.files_of(Path())
    done = CliRunner().invoke(app, ["features"])
    assert done.exit_code == 130
    assert done.stderr == "stopped; what was unfinished is discarded, what was published before stays\n"
    assert worlds.files_of(Path()) == before


def test_the_champion_scores_like_its_folder(tracked, tmp_path):
    """`--model models:/churnml@champion` and `--model models/bundle`: every file of the packs is the same in every byte."""
    for out, model in (("a", "models:/churnml@champion"), ("b", "models/bundle")):
        done = CliRunner().invoke(app, ["score", "data/raw", "--model", model, "--out", str(tmp_path / out)])
        assert done.exit_code == 0, done.output
    packs = [worlds.files_of(tmp_path / out) for out in "ab"]
    assert packs[0] == packs[1]
    assert {Path(name).name for name in packs[0]} >= {"high.csv", "scored.parquet", "manifest.json", "ingest.json"}
    runs = list(store_of(Path()).runs(has("churnml.stage", "score")))[:2]
    assert [run.data.tags["churnml.path.bundle"] for run in runs] == ["models/bundle", "models:/churnml@champion"]
    assert len({run.data.tags["churnml.reads.bundle"] for run in runs}) == 1


@pytest.mark.parametrize("model", ["models:/churnml@nobody", "models:/churnml/7", "runs:/abc/model"])
def test_no_such_model_is_one_line(tracked, model):
    """Exit 1, one line, no lists."""
    done = CliRunner().invoke(app, ["score", "data/raw", "--model", model, "--out", "elsewhere"])
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith(f"error: {model}: can't be fetched from sqlite:///")
    assert not Path("elsewhere").exists()

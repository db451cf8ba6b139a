"""`churnml train` with tuning."""

import json

from typer.testing import CliRunner

import stores
from churnml.adapters.mlflow import MlflowStore
from churnml.adapters.mlflow.store import has
from churnml.cli.app import app


def test_tuning_is_said_in_a_line_and_remembered(project, monkeypatch):
    """Two trials: a line on stderr, the result in the report, and a child run each."""
    monkeypatch.chdir(project.root)
    store = stores.write_empty(project.root / "mlflow.db")
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)  # where MLflow itself notes the last store
    text = project.params.read_text().replace("rounds: 40,", "rounds: 5, trials: 2,")
    project.params.write_text(text)
    done = CliRunner().invoke(app, ["train"])
    assert done.exit_code == 0, done.output
    said = json.loads((project.reports / "train.json").read_text())["tuning"]
    found = f"log loss {said['default']:.4f} -> {said['best']:.4f}" if said["chosen"] else "the defaults hold"
    assert f"tuning: 2 trials (0 pruned) on {len(said['folds'])} training cutoffs, {found}" in done.stderr.splitlines()
    runs = MlflowStore(f"sqlite:///{store}", "churnml")
    train = runs.newest(has("churnml.stage", "train"))
    children = list(runs.runs(has("mlflow.parentRunId", train.info.run_id)))
    assert {child.data.tags["churnml.trial.number"]: child.data.metrics["cv.log_loss"] for child in children}["0"] == (
        said["default"]
    )
    assert len(children) == train.data.metrics["tuning.trials"] == 2
    assert train.data.params["tuned.num_leaves"] == str(said["params"]["num_leaves"])
    assert train.data.params["train.params.num_leaves"] == "4"

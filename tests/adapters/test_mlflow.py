"""MLflow remembers what ran, and nothing that it shouldn't know."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import mlflow
import pytest
from mlflow.entities import Run
from typer.testing import CliRunner

import worlds
from churnml.adapters.mlflow import MlflowTracker
from churnml.cli.app import app
from churnml.contracts.files import House
from churnml.manifest import digest
from churnml.ports import StageRun

MORNING = datetime(2024, 1, 1, 8, tzinfo=UTC)


def stage_run(stage: str, pipeline: str | None, metrics: Mapping[str, float] | None = None) -> StageRun:
    return StageRun(
        stage=stage,
        started_at=MORNING,
        ended_at=MORNING,
        params={"train.seed": 7},
        metrics=metrics or {},
        reads={"data/panel": "abc"},
        pipeline=pipeline,
    )


def store_in(folder: Path) -> str:
    """MLflow keeps one connection per address, so each test has its own."""
    return f"sqlite:///{folder / 'runs.db'}"


def runs_of(store: str) -> list[Run]:
    client = mlflow.MlflowClient(store)
    return list(client.search_runs([client.get_experiment_by_name("churnml").experiment_id]))


def test_stages_of_one_pipeline_share_a_parent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Same key, same parent; another key, another parent; no key, no parent."""
    monkeypatch.chdir(tmp_path)
    tracker = MlflowTracker(store_in(tmp_path), "churnml", "shop", pytest.fail)
    for stage, pipeline in (("train", "a"), ("score", "a"), ("score", "b"), ("score", None)):
        tracker.record(stage_run(stage, pipeline, {"auc": 0.8}))
    runs = runs_of(store_in(tmp_path))
    parents = [run.info.run_id for run in runs if "churnml.pipeline" in run.data.tags]
    children = [run.data.tags.get("mlflow.parentRunId") for run in runs if "churnml.stage" in run.data.tags]
    assert len(parents) == 2
    assert sorted(children.count(parent) for parent in parents) == [1, 2]
    assert children.count(None) == 1


def test_what_a_run_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Params, metrics, times and content hashes are kept as they were given."""
    monkeypatch.chdir(tmp_path)
    MlflowTracker(store_in(tmp_path), "churnml", "shop", pytest.fail).record(stage_run("train", None, {"auc": 0.8}))
    (run,) = runs_of(store_in(tmp_path))
    assert run.info.run_name == "train"
    assert run.info.status == "FINISHED"
    assert run.info.start_time == MORNING.timestamp() * 1000
    assert run.data.params == {"train.seed": "7"}
    assert run.data.metrics == {"auc": 0.8}
    assert run.data.tags["churnml.reads.data/panel"] == "abc"


def test_unreachable_store_costs_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that can't be written never stops a run."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs.db").mkdir()
    warnings: list[str] = []
    MlflowTracker(store_in(tmp_path), "churnml", "shop", warnings.append).record(stage_run("train", None))
    assert len(warnings) == 1
    assert warnings[0].startswith(f"MLflow at {store_in(tmp_path)} can't be written (")
    assert warnings[0].endswith("; train isn't tracked")


def test_whole_pipeline_leaves_nothing_private(project: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Section 7, point 8: after all verbs ran, no private value is in the store, its artifacts or any word said."""
    monkeypatch.chdir(project.root)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", store_in(project.root))
    said = ""
    for verb in (["ingest"], ["features"], ["train"], ["calibrate"], ["score"], ["score", "data/raw"], ["report"]):
        result = CliRunner().invoke(app, verb)
        assert result.exit_code == 0, result.output
        said += result.output
    runs = runs_of(store_in(project.root))
    assert sorted(run.info.run_name for run in runs) == [
        "calibrate", "features", "ingest", "score", "score", "train",
    ]  # fmt: skip
    kept = [path for path in (project.root / "mlruns").rglob("*") if path.is_file()]
    assert any(path.name == "model.txt" for path in kept)
    private = worlds.PRIVATE.encode()
    assert private in (project.root / "lists/2024-07-29/high.csv").read_bytes()
    assert [path for path in [*kept, project.root / "runs.db"] if private in path.read_bytes()] == []
    assert worlds.PRIVATE not in said
    (scored,) = [run for run in runs if "churnml.reads.data/raw" in run.data.tags and run.info.run_name == "score"]
    assert scored.data.tags["churnml.reads.models/bundle"] == digest(project.bundle)

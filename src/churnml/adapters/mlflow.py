"""MLflow remembers what ran: one run per executed stage, under one parent per pipeline run."""

import logging
import os
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from churnml.ports import StageRun

_STAGE, _PIPELINE = "churnml.stage", "churnml.pipeline"
_LONGEST_VALUE = 5000


class MlflowTracker:
    """`churnml.ports.Tracker` on an MLflow store. What can't be recorded costs a warning, never the run."""

    def __init__(self, uri: str, experiment: str, name: str, warn: Callable[[str], None]) -> None:
        self._uri = os.environ.get("MLFLOW_TRACKING_URI") or uri
        self._experiment = experiment
        self._name = name
        self._warn = warn

    def record(self, run: StageRun) -> None:
        """Remember one executed stage; see `churnml.ports.Tracker.record`."""
        try:
            self._record(run)
        except Exception as error:
            self._warn(f"MLflow at {self._uri} can't be written ({type(error).__name__}); {run.stage} isn't tracked")

    def _record(self, run: StageRun) -> None:
        client = _client(self._uri)
        experiment = self._experiment_id(client)
        tags = {_STAGE: run.stage, **_hashes("reads", run.reads), **_hashes("writes", run.writes)}
        if run.pipeline:
            tags["mlflow.parentRunId"] = self._parent(client, experiment, run.pipeline, run.started_at)
        child = client.create_run(experiment, _millis(run.started_at), tags, run.stage).info.run_id
        _log(client, child, run)
        client.set_terminated(child, "FINISHED", _millis(run.ended_at))
        if run.pipeline:
            _log_metrics(client, tags["mlflow.parentRunId"], run.metrics)
            client.set_terminated(tags["mlflow.parentRunId"], "FINISHED", _millis(run.ended_at))

    def _experiment_id(self, client: Any) -> str:
        from mlflow.exceptions import MlflowException

        known = client.get_experiment_by_name(self._experiment)
        if known:
            return str(known.experiment_id)
        try:
            return str(client.create_experiment(self._experiment))
        except MlflowException:  # another run was faster
            return str(client.get_experiment_by_name(self._experiment).experiment_id)

    def _parent(self, client: Any, experiment: str, pipeline: str, started_at: datetime) -> str:
        found = client.search_runs([experiment], f"tags.`{_PIPELINE}` = '{pipeline}'", max_results=1)
        if found:
            return str(found[0].info.run_id)
        parent = client.create_run(experiment, _millis(started_at), {_PIPELINE: pipeline}, self._name)
        return str(parent.info.run_id)


def _client(uri: str) -> Any:
    """MLflow's client, silent and without telemetry."""
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    _require_sqlite(uri)
    import mlflow

    for name in ("mlflow", "alembic"):
        logging.getLogger(name).setLevel(logging.ERROR)
    return mlflow.MlflowClient(tracking_uri=uri)


def _require_sqlite(uri: str) -> None:
    """Fail at once where MLflow would try for minutes to open a file that is no database."""
    path = uri.removeprefix("sqlite:///")
    if path != uri:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA schema_version")


def _log(client: Any, run_id: str, run: StageRun) -> None:
    from mlflow.entities import Param

    params = [Param(name, str(value)[:_LONGEST_VALUE]) for name, value in run.params.items()]
    if params:
        client.log_batch(run_id, params=params)
    _log_metrics(client, run_id, run.metrics)
    for path in run.artifacts:
        if path.is_dir():
            client.log_artifacts(run_id, str(path), path.name)
        else:
            client.log_artifact(run_id, str(path))


def _log_metrics(client: Any, run_id: str, metrics: Mapping[str, float]) -> None:
    from mlflow.entities import Metric

    # The time is part of a metric's key; 0 keeps the same metric of the same run from being written twice.
    if metrics:
        client.log_batch(run_id, metrics=[Metric(name, float(value), 0, 0) for name, value in metrics.items()])


def _hashes(prefix: str, paths: Mapping[str, str]) -> dict[str, str]:
    return {f"churnml.{prefix}.{path}": content for path, content in paths.items()}


def _millis(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def pipeline_key() -> str | None:
    """What the stages of one `dvc repro` share: the DVC process above them; None where there is none."""
    import psutil

    if "DVC_STAGE" not in os.environ and "DVC_ROOT" not in os.environ:
        return None
    for process in psutil.Process().parents():
        if any(Path(word).name.split(".")[0] == "dvc" for word in _command(process)[:3]):
            return f"{process.pid}-{int(process.create_time() * 1000)}"
    return None


def _command(process: Any) -> list[str]:
    import psutil

    try:
        return list(process.cmdline())
    except psutil.Error:
        return []


__all__ = ["MlflowTracker", "pipeline_key"]

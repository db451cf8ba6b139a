"""How params, numbers, datasets, files and pictures are written into a run."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from churnml.ports import Dataset
from churnml.report import draw

_LONGEST_VALUE = 5000
_BATCH = 100
_DIGEST_LETTERS = 36


def log_params(client: Any, run_id: str, params: Mapping[str, object]) -> None:
    """Write parameters; long ones are cut."""
    from mlflow.entities import Param

    said = [Param(name, str(value)[:_LONGEST_VALUE]) for name, value in params.items()]
    for start in range(0, len(said), _BATCH):
        client.log_batch(run_id, params=said[start : start + _BATCH])


def log_metrics(client: Any, run_id: str, metrics: Mapping[str, float]) -> None:
    """Write numbers that have no time."""
    from mlflow.entities import Metric

    # The time is part of a metric's key; 0 keeps the same metric of the same run from being written twice.
    if metrics:
        client.log_batch(run_id, metrics=[Metric(name, float(value), 0, 0) for name, value in metrics.items()])


def log_series(client: Any, run_id: str, series: Mapping[str, Sequence[tuple[date, float]]]) -> None:
    """One step per moment of knowledge, the same in all metrics, at the time of that moment."""
    from mlflow.entities import Metric

    moments = sorted({moment for points in series.values() for moment, _ in points})
    metrics = [
        Metric(name, float(value), millis(datetime.combine(moment, time(), UTC)), moments.index(moment))
        for name, points in series.items()
        for moment, value in points
    ]
    if metrics:
        client.log_batch(run_id, metrics=metrics)


def log_inputs(client: Any, run_id: str, reads: Sequence[Dataset]) -> None:
    """Say which datasets a run read: hashes and numbers of rows, no row."""
    from mlflow.entities import Dataset as Input
    from mlflow.entities import DatasetInput, InputTag

    inputs = [
        DatasetInput(
            Input(
                name=thing.kind,
                digest=thing.identity[:_DIGEST_LETTERS],
                source_type="local",
                source=json.dumps({"uri": thing.path, "sha256": thing.identity}),
                profile=json.dumps({"num_rows": sum(thing.rows.values()), **thing.rows}) if thing.rows else None,
            ),
            [InputTag("mlflow.data.context", thing.kind)],
        )
        for thing in reads
    ]
    if inputs:
        client.log_inputs(run_id, inputs)


def log_artifacts(client: Any, run_ids: Sequence[str], paths: Sequence[Path]) -> None:
    """Files and folders, and pictures of what can be drawn."""
    for path in paths:
        if path.is_dir():
            client.log_artifacts(run_ids[0], str(path), path.name)
            with tempfile.TemporaryDirectory() as pictures:
                if draw(path, Path(pictures)):
                    for run_id in run_ids:
                        client.log_artifacts(run_id, pictures, "pictures")
        elif path.is_file():
            client.log_artifact(run_ids[0], str(path))


def millis(moment: datetime) -> int:
    """A moment as MLflow's milliseconds."""
    return int(moment.timestamp() * 1000)

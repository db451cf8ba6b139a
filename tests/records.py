"""Records of stages, as small as they can be, and what MLflow made of them."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from churnml.adapters.mlflow import MlflowStore, deliver
from churnml.adapters.mlflow.store import has
from churnml.adapters.outbox import Outbox, Record
from churnml.ports import Dataset, Pipeline, StageRun

MORNING = datetime(2024, 1, 1, 8, tzinfo=UTC)
BY_HAND = Pipeline("by hand")
_minutes = count()


def stage(
    name: str, reads: str = "", writes: str = "", pipeline: Pipeline | None = BY_HAND, /, **more: Any
) -> StageRun:
    """One minute later than the one before; reads and writes as in `tables=t1 bundle=b1`."""
    started_at = MORNING + timedelta(minutes=next(_minutes))
    return StageRun(
        stage=name,
        **{
            "name": name,
            "started_at": started_at,
            "ended_at": started_at + timedelta(seconds=30),
            "reads": _things(reads),
            "writes": _things(writes),
            "pipeline": pipeline,
            **more,
        },
    )


def tell(store: MlflowStore, *records: Record) -> Outbox:
    """Tell these through an outbox beside the store."""
    outbox = Outbox(Path(store.uri.removeprefix("sqlite:///")).parent / "outbox")
    for record in records:
        outbox.put(record)
    deliver(outbox, store)
    return outbox


def the_run(store: MlflowStore, name: str) -> Any:
    """The only run of a stage."""
    (run,) = store.runs(has("churnml.stage", name))
    return run


def parents(store: MlflowStore) -> list[Any]:
    """The runs that stand for pipelines, oldest first."""
    return [run for run in store.runs("") if "churnml.pipeline" in run.data.tags][::-1]


def stages_of(store: MlflowStore, parent: Any) -> list[str]:
    """Names of the stages that were executed in a pipeline, oldest first."""
    return [run.data.tags["churnml.stage"] for run in store.runs(has("mlflow.parentRunId", parent.info.run_id))][::-1]


def tagged(run: Any, prefix: str) -> Mapping[str, str]:
    """Tags that begin with a word, without it."""
    return {name.removeprefix(prefix): value for name, value in run.data.tags.items() if name.startswith(prefix)}


def _things(words: str) -> list[Dataset]:
    pairs = (word.split("=") for word in words.split())
    return [Dataset(kind, f"data/{kind}", identity, {"rows": 3}) for kind, identity in pairs]

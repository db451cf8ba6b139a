"""Tell an MLflow store what waits in the outbox."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from churnml.adapters.mlflow.link import link, link_cached, parent_of
from churnml.adapters.mlflow.registry import register
from churnml.adapters.mlflow.store import NOTE, PARENT, PIPELINE, RECORD, STAGE, MlflowStore, has, tag
from churnml.adapters.mlflow.trials import log_trials
from churnml.adapters.mlflow.verdict import headline, standings, verdict
from churnml.adapters.mlflow.write import log_artifacts, log_inputs, log_metrics, log_params, log_series, millis
from churnml.adapters.outbox import Outbox
from churnml.ports import PipelineEnd, StageRun

_LOG = logging.getLogger("churnml.tracking")
_LOG.addHandler(logging.NullHandler())
_LOG.propagate = False


def deliver(outbox: Outbox, store: MlflowStore) -> None:
    """Tell all records that wait, oldest first; those that can't be told now say why, and stay."""
    with outbox.alone():
        waiting = outbox.names()
        try:
            store.require_open()
        except Exception as error:
            for name in waiting:
                _refuse(outbox, name, error)
            return
        for name in waiting:
            try:
                _tell(store, name, outbox.read(name))
            except Exception as error:
                _refuse(outbox, name, error)
            else:
                outbox.remove(name)


def _refuse(outbox: Outbox, name: str, error: Exception) -> None:
    """The type of an error says enough to the user; its message may hold anything, so it goes to the log alone."""
    _LOG.warning("%s", name, exc_info=error)
    outbox.refuse(name, type(error).__name__)


def _tell(store: MlflowStore, name: str, record: StageRun | PipelineEnd) -> None:
    if isinstance(record, PipelineEnd):
        _tell_end(store, record)
    else:
        _tell_stage(store, name, record)


def _tell_stage(store: MlflowStore, name: str, run: StageRun) -> None:
    client = store.client
    told = store.newest(has(RECORD, name))
    if told:  # A sender that was killed in the middle of it. All that follows may be said again.
        child, parent = told.info.run_id, told.data.tags.get(PARENT)
    else:
        child, parent = _begun(store, name, run)
    log_params(client, child, run.params)
    log_metrics(client, child, run.metrics)
    log_series(client, child, run.series)
    for run_id in [child, *([parent] if parent else [])]:
        log_inputs(client, run_id, run.reads)
    log_artifacts(client, [child, *([parent] if parent else [])], run.artifacts)
    link(store, child, parent)
    log_trials(store, child, run)
    if run.bundle:
        register(store, child, parent, run.bundle)
    client.set_terminated(child, "FINISHED", millis(run.ended_at))
    if parent:
        _tell_parent(store, parent, [client.get_run(child)], run.ended_at)


def _begun(store: MlflowStore, name: str, run: StageRun) -> tuple[str, str | None]:
    """A run for a record, and its parent."""
    parent = parent_of(store, run)
    tags = {
        STAGE: run.stage,
        RECORD: name,
        "mlflow.source.name": f"churnml {run.stage}",
        "mlflow.source.type": "LOCAL",
        **run.tags,
        **{tag("reads", thing.kind): thing.identity for thing in run.reads},
        **{tag("writes", thing.kind): thing.identity for thing in run.writes},
        **{tag("path", thing.kind): thing.path for thing in [*run.reads, *run.writes]},
        **({PARENT: parent} if parent else {}),
    }
    return store.client.create_run(store.experiment_id, millis(run.started_at), tags, run.name).info.run_id, parent


def _tell_end(store: MlflowStore, end: PipelineEnd) -> None:
    parent = store.newest(has(PIPELINE, end.key))
    if not parent:  # no stage was executed
        return
    for name, value in end.tags.items():
        store.client.set_tag(parent.info.run_id, name, value)
    _tell_parent(store, parent.info.run_id, link_cached(store, parent.info.run_id, end.holds), end.ended_at)


def _tell_parent(store: MlflowStore, parent: str, stages: Sequence[Any], ended_at: datetime) -> None:
    """What a stranger should see first: the numbers that decide, and a few lines that say what they mean."""
    for stage in stages:
        log_metrics(store.client, parent, headline(stage))
    store.client.set_tag(parent, NOTE, verdict(store, parent))
    store.client.set_terminated(parent, "FINISHED", millis(ended_at))
    best = standings(store)
    if best:
        store.client.set_experiment_tag(store.experiment_id, NOTE, best)

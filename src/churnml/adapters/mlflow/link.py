"""Where a run belongs: under which parent, and made from the outputs of which runs."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import uuid4

from churnml.adapters.mlflow.store import MODEL_VERSION, PARENT, PIPELINE, STAGE, MlflowStore, has, tag, things
from churnml.adapters.mlflow.write import log_params, millis
from churnml.ports import StageRun

_BY_HAND = "by-hand-"
_STAGE_OF = {"tables": "ingest", "panel": "features", "boosters": "train", "bundle": "calibrate", "lists": "score"}


def parent_of(store: MlflowStore, run: StageRun) -> str | None:
    """The run of the pipeline that a stage belongs to, made if it isn't there; None if the stage stands alone.

    Stages that DVC runs share the key of its process. Stages run by hand share a parent while each reads what the one
    before wrote and none comes twice.
    """
    pipeline = run.pipeline
    if pipeline is None:
        return None
    known = store.newest(has(PIPELINE, pipeline.key)) if pipeline.key else next(_open_sequences(store, run), None)
    if known:
        return str(known.info.run_id)
    tags = {
        PIPELINE: pipeline.key or f"{_BY_HAND}{uuid4().hex}",
        "mlflow.source.name": "dvc" if pipeline.key else "by hand",
        "mlflow.source.type": "PROJECT",
        **run.tags,
    }
    created = store.client.create_run(store.experiment_id, millis(run.started_at), tags, pipeline.name)
    log_params(store.client, created.info.run_id, pipeline.params)
    return str(created.info.run_id)


def maker(store: MlflowStore, kind: str, identity: str) -> Any | None:
    """The newest run that wrote this."""
    return store.newest(has(tag("writes", kind), identity))


def link(store: MlflowStore, run_id: str, parent: str | None) -> None:
    """Tag a run with the runs that made what it read, and its parent with those that belong to other parents."""
    makers = dict(_makers(store, store.client.get_run(run_id)))
    for kind, made in makers.items():
        store.client.set_tag(run_id, tag("from", kind), made.info.run_id)
    if parent:
        executed = _executed(store, parent)
        for made in _upstream(store, makers.values()):
            stage = made.data.tags[STAGE]
            if stage not in executed:
                store.client.set_tag(parent, tag("cached", stage), made.info.run_id)


def link_cached(store: MlflowStore, parent: str, holds: Mapping[str, str]) -> list[Any]:
    """Tag a parent with the makers of what lies in the project but no stage of this pipeline wrote.

    Returns:
        the runs that are linked, those of `link` included.
    """
    executed, linked = _executed(store, parent), things(store.client.get_run(parent), "cached")
    makers = []
    for kind, stage in _STAGE_OF.items():
        if stage in linked:
            made = store.run(linked[stage])
        elif stage not in executed and kind in holds:
            made = maker(store, kind, holds[kind])
        else:
            made = None
        if made:
            makers.append(made)
            store.client.set_tag(parent, tag("cached", stage), made.info.run_id)
            if MODEL_VERSION in made.data.tags:
                store.client.set_tag(parent, MODEL_VERSION, made.data.tags[MODEL_VERSION])
    return makers


def _open_sequences(store: MlflowStore, run: StageRun) -> Iterator[Any]:
    for thing in run.reads:
        made = maker(store, thing.kind, thing.identity)
        known = store.run(made.data.tags[PARENT]) if made and PARENT in made.data.tags else None
        if not known or known.info.lifecycle_stage != "active":
            continue
        by_hand = known.data.tags.get(PIPELINE, "").startswith(_BY_HAND)
        if by_hand and run.stage not in _executed(store, known.info.run_id):
            yield known


def _executed(store: MlflowStore, parent: str) -> set[str]:
    """Names of the stages that a pipeline executed itself."""
    return {child.data.tags.get(STAGE, "") for child in store.runs(has(PARENT, parent))}


def _makers(store: MlflowStore, run: Any) -> Iterator[tuple[str, Any]]:
    for kind, identity in things(run, "reads").items():
        made = maker(store, kind, identity)
        if made:
            yield kind, made


def _upstream(store: MlflowStore, nearest: Iterable[Any]) -> Iterator[Any]:
    """These runs and all whose outputs they were made from."""
    for run in nearest:
        yield run
        linked = [store.run(run_id) for run_id in things(run, "from").values()]
        yield from _upstream(store, [made for made in linked if made])

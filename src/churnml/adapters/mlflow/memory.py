"""What an MLflow store can be asked: `churnml.ports.Memory`."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from churnml.adapters.mlflow.registry import version_of
from churnml.adapters.mlflow.store import MODEL_VERSION, PARENT, PIPELINE, STAGE, MlflowStore, has, tag, things
from churnml.ports import Remembered

_SHORTEST_PREFIX = 8


class MlflowMemory:
    """`churnml.ports.Memory` on an MLflow store."""

    def __init__(self, store: MlflowStore) -> None:
        self._store = store
        self._parents: dict[str, Any] = {}

    def makers(self, kind: str, identity: str) -> Sequence[Remembered]:
        """Runs that wrote this, newest first."""
        return [self._remembered(run) for run in self._store.runs(has(tag("writes", kind), identity))]

    def readers(self, kind: str, identity: str) -> Sequence[Remembered]:
        """Runs that read this, newest first."""
        return [self._remembered(run) for run in self._store.runs(has(tag("reads", kind), identity))]

    def run(self, word: str) -> Remembered | None:
        """See `churnml.ports.Memory.run`."""
        found = self._store.newest(f"attributes.run_name = '{word.replace(chr(39), chr(39) * 2)}'")
        if not found and len(word) >= _SHORTEST_PREFIX:
            found = next((run for run in self._store.runs("") if run.info.run_id.startswith(word)), None)
        if not found:
            return None
        said = self._remembered(found)
        if PIPELINE not in found.data.tags:
            return said
        executed = list(self._store.runs(has(PARENT, found.info.run_id)))
        cached = [self._store.run(run_id) for run_id in things(found, "cached").values()]
        stages = sorted([*executed, *filter(None, cached)], key=lambda run: int(run.info.start_time))
        return replace(said, stages=[self._remembered(run) for run in stages])

    def _remembered(self, run: Any) -> Remembered:
        tags = run.data.tags
        reads, writes = things(run, "reads"), things(run, "writes")
        parent = self._parent(tags.get(PARENT, ""))
        commit = tags.get("mlflow.source.git.commit", "")[:12]
        dirty = f" with changes in {tags['churnml.changed']}" if tags.get("churnml.changed") else ""
        return Remembered(
            run_id=run.info.run_id,
            name=run.info.run_name,
            stage=tags.get(STAGE, ""),
            started_at=datetime.fromtimestamp(run.info.start_time / 1000, UTC),
            reads=reads,
            writes=writes,
            paths={identity: tags.get(tag("path", kind), "") for kind, identity in {**reads, **writes}.items()},
            parent=parent.info.run_name if parent else "",
            parent_id=tags.get(PARENT, ""),
            commit=f"{commit}{dirty}" if commit else "",
            model=self._model(tags.get(MODEL_VERSION, "")),
            lock=(parent or run).data.tags.get("churnml.dvc_lock", ""),
        )

    def _parent(self, run_id: str) -> Any | None:
        if run_id and run_id not in self._parents:
            self._parents[run_id] = self._store.run(run_id)
        return self._parents.get(run_id)

    def _model(self, number: str) -> str:
        found = version_of(self._store, number) if number else None
        return found.words if found else ""

"""Where stages meet the tracker: what one of them did, in the words of `churnml.ports`."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from churnml.cli.boundary import say

if TYPE_CHECKING:
    from churnml.config import Params, Track
    from churnml.ports import Dataset, Pipeline, StageRun, Tracker, Trial


@dataclass
class Stage:
    """One executed stage, as the tracker will remember it.

    Attributes:
        params: flat parameters.
        metrics: flat numbers.
        series: per metric, its values in order of time.
        writes: kind -> path that was written.
        rows: number of rows per file, by kind.
        identities: by kind, where the stage knows better than the hash of the path's content.
        labels: by kind, what to call it, if not by its path.
        artifacts: files and folders to keep with the run.
        bundle: the model to register.
        trials: what tuning tried.
        tags: further facts in words.
        name: for people, if it isn't the stage's.
        said: lines for the terminal.
    """

    params: Mapping[str, object] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    series: "Mapping[str, Sequence[tuple[date, float]]]" = field(default_factory=dict)
    writes: Mapping[str, Path] = field(default_factory=dict)
    rows: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    identities: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    artifacts: Sequence[Path] = ()
    bundle: Path | None = None
    trials: "list[Trial]" = field(default_factory=list)
    tags: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    said: Sequence[str] = ()

    def tried(self, trial: "Trial") -> None:
        """Note a trial of tuning that is over now."""
        self.trials.append(replace(trial, ended_at=datetime.now(UTC)))


@contextmanager
def tracked(name: str, track: "Track", reads: Mapping[str, Path], pipeline: "Pipeline | None") -> Iterator[Stage]:
    """Time a stage and record it once it is done; a stage that is refused leaves no run.

    Args:
        name: of the stage.
        track: the track section.
        reads: kind -> path that the stage reads.
        pipeline: that it is a stage of; None if it stands alone.
    """
    stage, started_at = Stage(), datetime.now(UTC)
    tracker: Tracker | None = None
    with untracked_is_said(name):
        tracker = tracker_for(track)
    yield stage
    ended_at = datetime.now(UTC)
    for line in stage.said:
        say(line)
    try:
        with untracked_is_said(name):
            if tracker:
                tracker.record(_run(name, reads, pipeline, stage, started_at, ended_at))
    except KeyboardInterrupt:
        say("stopped before MLflow was told; the outputs are there, whole")
        raise typer.Exit(130) from None


@contextmanager
def untracked_is_said(name: str) -> Iterator[None]:
    """Remembering never stops a run: whatever goes wrong there costs a warning."""
    try:
        yield
    except Exception as error:
        say(f"warning: {name} isn't tracked ({type(error).__name__})")


def tracker_for(track: "Track") -> "Tracker":
    """Who remembers the runs of the project in the current folder."""
    from churnml.adapters import dvc
    from churnml.adapters.mlflow import resolved, without_password
    from churnml.adapters.sender import OutboxTracker, outbox_of, served, service_for

    root = dvc.project_root()
    service = service_for(resolved(track.uri, root), track.experiment, dvc.owner())
    shown = without_password(os.environ.get("MLFLOW_TRACKING_URI") or track.uri)
    since = datetime.fromtimestamp(service.since, UTC) if service.key else None
    return OutboxTracker(outbox_of(root), served(service), shown, lambda words: say(f"warning: {words}"), since)


def pipeline_of(params: "Params") -> "Pipeline":
    """The pipeline that a stage of this project belongs to, with the params that decide its outcome."""
    from churnml.adapters import dvc
    from churnml.ports import Pipeline

    owner = dvc.owner()
    said = params.model_dump(mode="json", exclude={"sources", "track"})
    name = dvc.experiment() or f"{params.project.name} {datetime.now(UTC):%Y-%m-%d %H:%M}"
    return Pipeline(name, dvc.key_of(owner) if owner else None, flat(said))


def _run(
    name: str,
    reads: Mapping[str, Path],
    pipeline: "Pipeline | None",
    stage: Stage,
    started_at: datetime,
    ended_at: datetime,
) -> "StageRun":
    from churnml.adapters.git import code_tags
    from churnml.manifest import identity
    from churnml.ports import Dataset, StageRun

    def known(things: Mapping[str, Path]) -> "list[Dataset]":
        return [
            Dataset(
                kind=kind,
                path=stage.labels.get(kind) or path.as_posix(),
                identity=stage.identities.get(kind) or identity(path),
                rows=stage.rows.get(kind, {}),
            )
            for kind, path in things.items()
        ]

    return StageRun(
        stage=name,
        name=stage.name or name,
        started_at=started_at,
        ended_at=ended_at,
        params=stage.params,
        metrics=stage.metrics,
        series=stage.series,
        reads=known(reads),
        writes=known(stage.writes),
        tags={**code_tags(Path()), "churnml.versions": versions(), **stage.tags},
        artifacts=tuple(stage.artifacts),
        bundle=stage.bundle,
        trials=tuple(stage.trials),
        pipeline=pipeline,
    )


def versions() -> str:
    """What computed: Python and the libraries whose versions may change a result."""
    from importlib.metadata import PackageNotFoundError, version
    from platform import python_version

    found = [f"python {python_version()}"]
    for name in (
        "churnml",
        "lightgbm",
        "duckdb",
        "pyarrow",
        "pandas",
        "numpy",
        "scikit-learn",
        "optuna",
        "mlflow",
        "dvc",
    ):
        with suppress(PackageNotFoundError):
            found.append(f"{name} {version(name)}")
    return ", ".join(found)


def rows_in(folder: Path) -> dict[str, int]:
    """Number of rows of each Parquet file in a folder."""
    import pyarrow.parquet as pq

    return {path.stem: pq.read_metadata(path).num_rows for path in sorted(folder.glob("*.parquet"))}


def series(prefix: str, points: "Sequence[Mapping[str, Any]]") -> "dict[str, list[tuple[date, float]]]":
    """Rows with an `as_of` -> per number, its values in order of time.

    >>> series("cutoff", [{"as_of": "2024-03-01", "auc": 0.8, "split": "test"}])
    {'cutoff.auc': [(datetime.date(2024, 3, 1), 0.8)]}
    """
    out: dict[str, list[tuple[date, float]]] = {}
    for point in points:
        for name, value in numbers(point).items():
            out.setdefault(f"{prefix}.{name}", []).append((date.fromisoformat(point["as_of"]), value))
    return out


def flat(content: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested mappings as dotted names; members of a list of mappings go by their name, what isn't set is left out.

    >>> flat({"a": {"b": 1}, "tiers": [{"name": "high", "capacity": 200, "share": None}]})
    {'a.b': 1, 'tiers.high.capacity': 200}
    """
    out: dict[str, Any] = {}
    for name, value in content.items():
        if isinstance(value, Mapping):
            out.update(flat(value, f"{prefix}{name}."))
        elif isinstance(value, list) and value and all(isinstance(item, Mapping) and "name" in item for item in value):
            for item in value:
                rest = {key: part for key, part in item.items() if key != "name"}
                out.update(flat(rest, f"{prefix}{name}.{item['name']}."))
        elif value is not None:
            out[f"{prefix}{name}"] = value
    return out


def numbers(content: Mapping[str, Any]) -> dict[str, float]:
    """The numbers of a nested mapping, as dotted names; NaN and infinity are none.

    >>> numbers({"test": {"auc": 0.8, "auc_low": float("nan")}, "split": "test"})
    {'test.auc': 0.8}
    """
    from math import isfinite

    found = {name: value for name, value in flat(content).items() if isinstance(value, int | float)}
    return {name: float(value) for name, value in found.items() if isfinite(value)}

"""What stages may ask of the outside. The CLI wires adapters in; rooms never import them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

LASTING: Mapping[str, Any] = {"compression": "zstd"}
PASSING: Mapping[str, Any] = {"compression": "lz4", "use_dictionary": ["customer_id"], "write_statistics": False}
"""How Parquet is written that stays, and such as is read soon and once: three times as fast, and half as small again."""


class Engine(Protocol):
    """Where SQL runs. Paths cross the port, never an engine's own frames."""

    def run(self, sql: str, tables: Mapping[str, Path], out: Path, *, passing: bool = False) -> int:
        """Run one SELECT over Parquet files into the Parquet file `out`; one in `passing` is written to be read soon and once.

        The statement is in DuckDB's dialect and names the tables by the keys of `tables`. Where it ends in a total
        ORDER BY, the same rows give the same bytes.

        Returns:
            the number of rows written.
        """
        ...

    def stack(self, statements: Iterable[str], tables: Mapping[str, Path], out: Path) -> list[int]:
        """Run SELECTs of the same columns as `run` does, one after another, into one Parquet file: each below the one before.

        Returns:
            the number of rows that each wrote.
        """
        ...

    def map(self, table: Path, function: Callable[[pa.Table], pa.Table], out: Path) -> int:
        """Apply a function to a Parquet file batch by batch, in order, into the Parquet file `out`.

        Returns:
            the number of rows written.
        """
        ...


@dataclass(frozen=True)
class Dataset:
    """Something that a stage read or wrote, known by its content. Holds no row of it.

    Attributes:
        kind: exports, tables, quarantine, panel, boosters, bundle or lists.
        path: where it was, as the command named it.
        identity: the hash that its manifest states, else the hash of its content.
        rows: number of rows per file.
    """

    kind: str
    path: str
    identity: str
    rows: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Pipeline:
    """What the stages of one `dvc repro`, one DVC experiment or one sequence by hand have in common.

    Attributes:
        name: for people; the experiment's name where DVC gave one.
        key: of the DVC process; None for stages that are run by hand, which follow each other by what they read.
        params: flat params.yaml.
    """

    name: str
    key: str | None = None
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Trial:
    """One set of parameters that tuning tried.

    Attributes:
        number: in order of trying; 0 are the parameters as they stood.
        params: LightGBM's.
        log_loss: over all folds; of a pruned trial over those that it got to.
        folds: how many folds that were.
        pruned: given up, since others had done better by then.
        ended_at: when it ended (UTC); None where nobody looked at a clock.
    """

    number: int
    params: Mapping[str, float | int | str | bool]
    log_loss: float
    folds: int
    pruned: bool = False
    ended_at: datetime | None = None


@dataclass(frozen=True)
class StageRun:
    """What one executed stage did, as a tracker remembers it. Holds no row of data.

    Attributes:
        stage: name of the stage.
        name: for people.
        started_at: when it started (UTC).
        ended_at: when it ended (UTC).
        params: flat parameters of the stage.
        metrics: flat numbers.
        series: per metric, its values in order of time: (moment of knowledge, value).
        reads: what it read.
        writes: what it wrote.
        tags: further facts, such as the commit.
        artifacts: files and folders to keep with the run.
        bundle: the model to register, if the stage made one.
        trials: what tuning tried, in that order.
        pipeline: what it is a stage of; None for a run that stands alone.
    """

    stage: str
    name: str
    started_at: datetime
    ended_at: datetime
    params: Mapping[str, object] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    series: Mapping[str, Sequence[tuple[date, float]]] = field(default_factory=dict)
    reads: Sequence[Dataset] = ()
    writes: Sequence[Dataset] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    artifacts: Sequence[Path] = ()
    bundle: Path | None = None
    trials: Sequence[Trial] = ()
    pipeline: Pipeline | None = None


@dataclass(frozen=True)
class PipelineEnd:
    """What is only known once the last stage of a pipeline is done.

    Attributes:
        key: of the pipeline.
        ended_at: when it ended (UTC).
        tags: further facts, such as the hash of dvc.lock.
        holds: kind -> identity of what lay in the project then, whether made by this pipeline or taken from the cache.
    """

    key: str
    ended_at: datetime
    tags: Mapping[str, str] = field(default_factory=dict)
    holds: Mapping[str, str] = field(default_factory=dict)


class Tracker(Protocol):
    """Who remembers what ran. It never stops a run: what can't be remembered costs a warning."""

    def record(self, run: StageRun) -> None:
        """Remember one executed stage."""
        ...


@dataclass(frozen=True)
class Remembered:
    """A run, as a tracker remembers it.

    Attributes:
        run_id: of the run.
        name: for people.
        stage: what ran; empty for the parent of several stages.
        started_at: when (UTC).
        reads: kind -> identity.
        writes: kind -> identity.
        paths: identity -> where it was then.
        parent: name of the run that it is a stage of.
        parent_id: of that run.
        commit: of the code, with a word if files differed from it.
        model: name, version and aliases, if it made a registered model.
        lock: content hash of dvc.lock once the pipeline had ended; empty where DVC didn't run it.
        stages: of a parent, its executed stages and those taken from a cache.
    """

    run_id: str
    name: str
    stage: str
    started_at: datetime
    reads: Mapping[str, str] = field(default_factory=dict)
    writes: Mapping[str, str] = field(default_factory=dict)
    paths: Mapping[str, str] = field(default_factory=dict)
    parent: str = ""
    parent_id: str = ""
    commit: str = ""
    model: str = ""
    lock: str = ""
    stages: Sequence["Remembered"] = ()


class Memory(Protocol):
    """What a tracker can be asked later."""

    def makers(self, kind: str, identity: str) -> Sequence[Remembered]:
        """Runs that wrote this, newest first."""
        ...

    def readers(self, kind: str, identity: str) -> Sequence[Remembered]:
        """Runs that read this, newest first."""
        ...

    def run(self, word: str) -> Remembered | None:
        """The run with this id, this beginning of an id (8 letters or more), or this name; the newest of several."""
        ...

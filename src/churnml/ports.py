"""What stages may ask of the outside. The CLI wires adapters in; rooms never import them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

import pyarrow as pa


class Engine(Protocol):
    """Where SQL runs. Paths cross the port, never an engine's own frames."""

    def run(self, sql: str, tables: Mapping[str, Path], out: Path) -> int:
        """Run one SELECT over Parquet files into the Parquet file `out`.

        The statement is in DuckDB's dialect and names the tables by the keys of `tables`. Where it ends in a total
        ORDER BY, the same rows give the same bytes.

        Returns:
            the number of rows written.
        """
        ...

    def map(self, table: Path, function: Callable[[pa.Table], pa.Table], out: Path) -> int:
        """Apply a function to a Parquet file batch by batch, in order, into the Parquet file `out`.

        Returns:
            the number of rows written.
        """
        ...


@dataclass(frozen=True)
class StageRun:
    """What one executed stage did, as a tracker remembers it. Holds no row of data.

    Attributes:
        stage: name of the stage; an analyst's `churnml score` is `score` without a pipeline.
        started_at: when it started (UTC).
        ended_at: when it ended (UTC).
        params: flat parameters of the stage.
        metrics: flat numbers.
        reads: content hash per path that was read.
        writes: content hash per path that was written.
        artifacts: files and folders to keep with the run.
        pipeline: key shared by the stages of one pipeline run; None for a run that stands alone.
    """

    stage: str
    started_at: datetime
    ended_at: datetime
    params: Mapping[str, object] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    reads: Mapping[str, str] = field(default_factory=dict)
    writes: Mapping[str, str] = field(default_factory=dict)
    artifacts: tuple[Path, ...] = ()
    pipeline: str | None = None


class Tracker(Protocol):
    """Who remembers what ran. It never stops a run: what can't be remembered costs a warning."""

    def record(self, run: StageRun) -> None:
        """Remember one executed stage."""
        ...

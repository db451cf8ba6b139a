"""Where words meet people: refusals become one line and an exit code, stages meet engine and tracker."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from churnml.errors import ChurnmlError

if TYPE_CHECKING:
    from churnml.config import Params, Track
    from churnml.contracts.files import House


def say(words: str) -> None:
    """Words go to stderr; stdout is for data."""
    print(words, file=sys.stderr)


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what churnml refuses into one line and its exit code; nothing else reaches a user either."""
    try:
        yield
    except ChurnmlError as error:
        say(f"error: {error}")
        raise typer.Exit(error.exit_code) from error
    except KeyboardInterrupt as error:
        say("stopped; what was unfinished is discarded, what was published before stays")
        raise typer.Exit(130) from error
    except (typer.Exit, typer.BadParameter):
        raise
    except Exception as error:
        if os.environ.get("CHURNML_DEBUG"):
            raise
        say(f"error: {type(error).__name__} inside churnml, a bug; run again with CHURNML_DEBUG=1 and report it")
        raise typer.Exit(1) from error


def opened() -> "tuple[Params, House]":
    """The params and places of the project in the current folder."""
    from churnml.config import read_params
    from churnml.contracts.files import House

    house = House()
    return read_params(house.params), house


def engine_for(memory_limit: str) -> Any:
    """The engine that params.yaml names."""
    from churnml.adapters.duckdb import DuckDBEngine

    return DuckDBEngine(memory_limit)


@dataclass
class Stage:
    """One executed stage, as the tracker will remember it.

    Attributes:
        params: flat parameters.
        metrics: flat numbers.
        writes: paths that were written.
        artifacts: files and folders to keep with the run.
        said: lines for the terminal.
    """

    params: Mapping[str, object] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    writes: Sequence[Path] = ()
    artifacts: Sequence[Path] = ()
    said: Sequence[str] = ()


@contextmanager
def tracked(name: str, track: "Track", project: str, reads: Sequence[Path]) -> Iterator[Stage]:
    """Time a stage and record it once it is done; a stage that is refused leaves no run.

    Args:
        name: of the stage.
        track: the track section.
        project: name of the project; the parent run's name.
        reads: paths that the stage reads.
    """
    stage, started_at = Stage(), datetime.now(UTC)
    yield stage
    ended_at = datetime.now(UTC)
    for line in stage.said:
        say(line)
    try:
        _record(name, track, project, reads, stage, started_at, ended_at)
    except KeyboardInterrupt:
        say("stopped before MLflow was told; the outputs are there, whole")
        raise typer.Exit(130) from None
    except OSError as error:
        say(f"warning: {name} isn't tracked ({type(error).__name__})")


def _record(
    name: str,
    track: "Track",
    project: str,
    reads: Sequence[Path],
    stage: Stage,
    started_at: datetime,
    ended_at: datetime,
) -> None:
    from churnml.adapters.mlflow import MlflowTracker, pipeline_key
    from churnml.manifest import digest
    from churnml.ports import StageRun

    tracker = MlflowTracker(track.uri, track.experiment, project, lambda words: say(f"warning: {words}"))
    tracker.record(
        StageRun(
            stage=name,
            started_at=started_at,
            ended_at=ended_at,
            params=stage.params,
            metrics=stage.metrics,
            reads={path.as_posix(): digest(path) for path in reads},
            writes={path.as_posix(): digest(path) for path in stage.writes},
            artifacts=tuple(stage.artifacts),
            pipeline=pipeline_key(),
        )
    )


def flat(content: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested mappings as dotted names.

    >>> flat({"a": {"b": 1}, "c": 2})
    {'a.b': 1, 'c': 2}
    """
    out: dict[str, Any] = {}
    for name, value in content.items():
        if isinstance(value, Mapping):
            out.update(flat(value, f"{prefix}{name}."))
        else:
            out[f"{prefix}{name}"] = value
    return out


def numbers(content: Mapping[str, Any]) -> dict[str, float]:
    """The numbers of a nested mapping, as dotted names."""
    return {name: float(value) for name, value in flat(content).items() if isinstance(value, int | float)}

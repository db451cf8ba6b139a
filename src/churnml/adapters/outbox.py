"""What waits to be told to the tracker: one folder per record, written whole, read in the order of its making."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from filelock import FileLock
from pydantic import TypeAdapter

from churnml.ports import PipelineEnd, StageRun
from churnml.publish import replacing

Record = StageRun | PipelineEnd
_REFUSED, _SAID = "refused.txt", "said.txt"


class Outbox:
    """A folder of records. They hold what `churnml.ports` describes, and copies of small artifacts: no row of data."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, record: Record) -> str:
        """Keep a record, with copies of its artifacts.

        Returns:
            its name.
        """
        name = f"{stamp(datetime.now(UTC))}-{uuid4().hex[:8]}"
        with replacing(self.folder / name) as (draft,):
            if isinstance(record, StageRun):
                record = _with_copies(record, draft)
            (draft / f"{type(record).__name__}.json").write_bytes(TypeAdapter(type(record)).dump_json(record))
        return name

    def names(self) -> list[str]:
        """The records that wait, oldest first."""
        if not self.folder.is_dir():
            return []
        return sorted(path.name for path in self.folder.iterdir() if path.is_dir() and not path.name.startswith("."))

    def holds(self, name: str) -> bool:
        """Whether a record still waits."""
        return (self.folder / name).is_dir()

    def read(self, name: str) -> Record:
        """A record that waits.

        Raises:
            ValueError: it can't be read.
        """
        for path in (self.folder / name).glob("*.json"):
            kind = {"StageRun": StageRun, "PipelineEnd": PipelineEnd}[path.stem]
            record: Record = TypeAdapter[Record](kind).validate_json(path.read_bytes())
            return _at(path.parent, record) if isinstance(record, StageRun) else record
        raise ValueError(f"{name}: no record")

    def stage_of(self, name: str) -> str:
        """Whose record this is, for words."""
        try:
            return getattr(self.read(name), "stage", "a pipeline")
        except (OSError, ValueError):
            return "a record"

    def remove(self, name: str) -> None:
        """Forget a record that was told."""
        shutil.rmtree(self.folder / name, ignore_errors=True)

    def refuse(self, name: str, why: str) -> None:
        """Say why a record could not be told now."""
        (self.folder / name / _REFUSED).write_text(why, encoding="utf-8")

    def refusal(self, name: str) -> str:
        """Why a record could not be told; empty if nobody has tried in vain."""
        try:
            return (self.folder / name / _REFUSED).read_text(encoding="utf-8")
        except OSError:
            return ""

    def is_said(self, name: str) -> bool:
        """Whether the user was told that this record waits."""
        return (self.folder / name / _SAID).is_file()

    def mark_said(self, name: str) -> None:
        """Remember that the user was told."""
        (self.folder / name / _SAID).touch()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One sender at a time: nothing is told twice."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self.folder / ".lock"):
            yield


def stamp(moment: datetime) -> str:
    """A moment as names of records begin with it.

    >>> stamp(datetime(2024, 3, 1, 8, tzinfo=UTC))
    '20240301T080000000000'
    """
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%S%f}"


def _with_copies(run: StageRun, draft: Path) -> StageRun:
    """Copy artifacts and bundle into a draft; the record names them by where they lie in it."""
    kept = [path for path in run.artifacts if path.exists()]
    for path in kept:
        _copy(path, draft / "artifacts" / path.name)
    if run.bundle:
        _copy(run.bundle, draft / "bundle")
    artifacts = tuple(Path("artifacts") / path.name for path in kept)
    return replace(run, artifacts=artifacts, bundle=Path("bundle") if run.bundle else None)


def _at(folder: Path, run: StageRun) -> StageRun:
    """A record with its copies where they lie now; a project may have been moved since."""
    artifacts = tuple(folder / path for path in run.artifacts)
    return replace(run, artifacts=artifacts, bundle=folder / run.bundle if run.bundle else None)


def _copy(path: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        shutil.copytree(path, to)
    else:
        shutil.copy2(path, to)

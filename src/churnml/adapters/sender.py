"""Telling MLflow beside the pipeline: opening it takes seconds, so one process opens it once for all stages.

A stage puts its record into the outbox and waits until it is told. The sender serves until its owner is gone: the
`dvc` process above a stage, or the command itself. Whatever can't be told stays in the outbox for the next sender.
"""

import json
import logging
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from churnml.adapters import dvc
from churnml.adapters.outbox import Outbox, stamp
from churnml.contracts.files import House
from churnml.lineage import Shelf
from churnml.ports import PipelineEnd, StageRun

HOME = ".churnml"
_LAST = "report"
_PAUSE = 0.02
_GLANCE_SECONDS = 0.3
_PATIENCE_SECONDS = 60
_LONGEST_WAIT_SECONDS = 300


@dataclass(frozen=True)
class Service:
    """What a sender is started for.

    Attributes:
        root: the project's folder, where store and outbox lie.
        workspace: the folder that the stages run in; a queued experiment has a copy of its own.
        uri: of the tracker's store.
        experiment: in which runs are kept.
        owner: process id of whom to serve.
        since: when that process started, since ids are used again.
        key: of the owner's pipeline; None if it is a command that was run by hand.
    """

    root: str
    workspace: str
    uri: str
    experiment: str
    owner: int
    since: float
    key: str | None

    @property
    def note(self) -> Path:
        """Where the sender of a pipeline says who it is."""
        return Path(self.root) / HOME / f"sender-{self.key}"

    @property
    def needed(self) -> bool:
        """Whether the owner is still there."""
        return _alive(self.owner, self.since)


class OutboxTracker:
    """`churnml.ports.Tracker` that puts records into an outbox and waits until somebody has told them."""

    def __init__(
        self,
        outbox: Outbox,
        is_served: Callable[[], bool],
        shown_uri: str,
        warn: Callable[[str], None],
        since: datetime | None = None,
    ) -> None:
        """Wait at this outbox.

        Args:
            outbox: where records are put.
            is_served: asked again and again while a record waits: whether there is still somebody to tell it.
            shown_uri: of the store, for words.
            warn: how to tell the user what could not be told.
            since: when the pipeline of DVC began that these stages belong to; None for a command that was run by hand.
        """
        self._outbox, self._is_served = outbox, is_served
        self._uri, self._warn = shown_uri, warn
        self._since = stamp(since) if since else ""

    def record(self, run: StageRun) -> None:
        """Remember one executed stage; see `churnml.ports.Tracker.record`.

        Within a pipeline of DVC, the next stage computes while this one is told, and waits for it then; a glance is
        enough to see a store that can't be reached. The last stage waits for its own record, too, and so does a command
        that was run by hand. Of each record that has to wait, the user is told once.
        """
        before = [name for name in self._outbox.names() if self._since and name >= self._since]
        name = self._outbox.put(run)
        for earlier in before:
            if not self._outbox.is_said(earlier):
                self._wait_for(earlier)
        last = not self._since or run.stage == _LAST
        self._wait_for(name, None if last else _GLANCE_SECONDS)

    def _wait_for(self, name: str, at_most: float | None = None) -> None:
        began = time.monotonic()
        while self._outbox.holds(name):
            ended = "" if self._is_served() else "its sender ended"
            if at_most and time.monotonic() - began > at_most and not ended:
                return
            if time.monotonic() - began > _LONGEST_WAIT_SECONDS:
                ended = f"not done after {_LONGEST_WAIT_SECONDS} s"
            why = self._outbox.refusal(name) or ended
            if why and self._outbox.holds(name):
                self._warn(
                    f"MLflow at {self._uri} can't be written ({why}); {self._outbox.stage_of(name)} is kept in "
                    f"{HOME}/outbox and sent with the next run"
                )
                self._outbox.mark_said(name)
                return
            time.sleep(_PAUSE)


def served(service: Service) -> Callable[[], bool]:
    """Start the process of a service, or find the one that an earlier stage of the same pipeline started.

    Returns:
        whether it is still there.
    """
    process = _found(service) or _started(service)
    return lambda: _alive(*process)


def service_for(uri: str, experiment: str, owner: psutil.Process | None) -> Service:
    """The service that a stage in the current folder needs.

    Args:
        uri: of the tracker's store.
        experiment: in which runs are kept.
        owner: the process of the pipeline; None for a command that was run by hand.
    """
    process = owner or psutil.Process()
    return Service(
        root=str(dvc.project_root()),
        workspace=str(Path.cwd()),
        uri=uri,
        experiment=experiment,
        owner=process.pid,
        since=process.create_time(),
        key=dvc.key_of(owner) if owner else None,
    )


def outbox_of(root: Path) -> Outbox:
    """The outbox of a project."""
    return Outbox(root / HOME / "outbox")


def serve(service: Service) -> None:
    """Tell all records that come, until the owner is gone; then say how its pipeline ended."""
    # Opening the store takes seconds; it happens while the first stage still computes.
    from churnml.adapters.mlflow import MlflowStore, deliver

    outbox, tried = outbox_of(Path(service.root)), set[str]()
    store = MlflowStore(service.uri, service.experiment)
    deliver(outbox, store)
    while service.needed:
        waiting = set(outbox.names())
        if waiting - tried:
            deliver(outbox, store)
            tried = waiting
        time.sleep(_PAUSE)
    if service.key:
        outbox.put(_end(service.key, Path(service.root), Path(service.workspace)))
        service.note.unlink(missing_ok=True)
    deliver(outbox, store)


def _end(key: str, root: Path, workspace: Path) -> PipelineEnd:
    house = House(workspace)
    # Packs that analysts wrote are no part of the pipeline.
    things = Shelf(house, workspace / "data/raw", house.lists).things
    holds = {thing.kind: thing.identity for thing in things}
    ended_at, patience = datetime.now(UTC), time.monotonic() + _PATIENCE_SECONDS
    lock = dvc.lock_of(root, dvc.experiment())
    # DVC brings a queued experiment home only after its process ended.
    while dvc.experiment() and not lock and time.monotonic() < patience:
        time.sleep(1)
        lock = dvc.lock_of(root, dvc.experiment())
    return PipelineEnd(key, ended_at, lock, holds)


def _found(service: Service) -> tuple[int, float] | None:
    """The running sender of this pipeline: its process id and when it started."""
    if not service.key or not service.note.is_file():
        return None
    pid, since = json.loads(service.note.read_text(encoding="utf-8"))
    return (pid, since) if _alive(pid, since) else None


def _started(service: Service) -> tuple[int, float]:
    (Path(service.root) / HOME).mkdir(parents=True, exist_ok=True)
    with (Path(service.root) / HOME / "sender.log").open("w", encoding="utf-8") as log:
        # A session of its own: Ctrl-C stops the pipeline, not the telling of what it has done.
        process = subprocess.Popen(
            [sys.executable, "-m", "churnml.adapters.sender"],
            cwd=service.root,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=log,
            start_new_session=True,
            text=True,
        )
    # Not on the command line, which everybody on the machine can read: the address may hold a password.
    if process.stdin:
        with process.stdin as words:
            json.dump(asdict(service), words)
    started = process.pid, psutil.Process(process.pid).create_time()
    if service.key:
        service.note.write_text(json.dumps(started), encoding="utf-8")
    return started


def _alive(pid: int, since: float) -> bool:
    try:
        process = psutil.Process(pid)
        return process.create_time() == since and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def main() -> None:
    """Serve as standard input says, a `Service` as JSON."""
    warnings.simplefilter("ignore")  # MLflow's advice to those who write models by hand
    logging.getLogger("churnml.tracking").addHandler(logging.StreamHandler())
    serve(Service(**json.load(sys.stdin)))


if __name__ == "__main__":
    main()

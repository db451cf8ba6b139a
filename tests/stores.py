"""MLflow stores for tests. Migrating an empty database takes seconds, so it is done once and copied."""

from collections.abc import Callable
from contextlib import chdir
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from churnml.adapters.mlflow import MlflowStore, deliver
from churnml.adapters.sender import Service, outbox_of

NAME = "runs.db"


@cache
def _empty() -> bytes:
    with TemporaryDirectory() as folder, chdir(folder):
        MlflowStore(f"sqlite:///{folder}/{NAME}", "none").client.search_experiments()
        return Path(NAME).read_bytes()


def new_store(folder: Path) -> MlflowStore:
    """A store without runs, its artifacts in `mlruns` beside it. MLflow keeps one connection per address."""
    store = MlflowStore(f"sqlite:///{write_empty(folder / NAME)}", "churnml")
    with chdir(folder):
        store.require_open()
    return store


def write_empty(path: Path) -> Path:
    """A database without experiments."""
    empty = _empty()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(empty)
    return path


def told_here(service: Service) -> Callable[[], bool]:
    """Instead of `sender.served`: tell MLflow in this process, which has it open already."""
    outbox, store = outbox_of(Path(service.root)), MlflowStore(service.uri, service.experiment)

    def tell() -> bool:
        deliver(outbox, store)
        return True

    return tell

"""Where verbs that look back find things: bundles, what lies in the project, what the tracker remembers."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from churnml.cli.boundary import say

if TYPE_CHECKING:
    from churnml.adapters.mlflow import MlflowStore
    from churnml.bundle import ModelBundle
    from churnml.config import Params
    from churnml.contracts.files import House
    from churnml.lineage import Shelf
    from churnml.ports import Memory


def params_in(house: "House") -> "Params | None":
    """The params of a project; None where there is no params.yaml."""
    from churnml.config import read_params

    return read_params(house.params) if house.params.is_file() else None


def opened_shelf() -> "Shelf":
    """What lies in the project in the current folder."""
    from churnml.contracts.files import House
    from churnml.lineage import Shelf

    house = House()
    params = params_in(house)
    if not params:
        say("warning: no params.yaml in this folder; run churnml in the project's folder to see where things come from")
    exports = params.exports if params else Path("data/raw")
    return Shelf(house, house.root / exports, house.root / "lists")


@contextmanager
def bundle_at(model: str, house: "House") -> "Iterator[tuple[Path, ModelBundle]]":
    """The bundle in a folder, in a zip, or of a registered model; the last two are unpacked for as long as they are used."""
    from tempfile import TemporaryDirectory

    from churnml.bundle import ModelBundle
    from churnml.errors import BundleError

    registered = model.startswith(("models:/", "runs:/"))
    if not registered and not Path(model).is_file():
        yield Path(model), ModelBundle.load(Path(model))
        return
    with TemporaryDirectory() as work:
        if registered:
            from churnml.adapters.mlflow import fetch

            say_that_it_takes_time()
            folder = fetch(model, store_of(house), Path(work))
        else:
            from churnml.cli.zipped import unzipped

            folder = unzipped(Path(model), Path(work))
        try:
            bundle = ModelBundle.load(folder)
        except BundleError as error:  # nobody knows the folder that it was unpacked to
            raise BundleError(str(error).replace(folder.as_posix(), model)) from error
        yield folder, bundle


def memory() -> "Memory":
    """What the tracker of the project in the current folder remembers; what waits in the outbox is told first."""
    from churnml.adapters import dvc
    from churnml.adapters.mlflow import MlflowMemory, deliver, without_password
    from churnml.adapters.sender import outbox_of
    from churnml.contracts.files import House
    from churnml.lineage import NoMemory

    store, outbox = store_of(House()), outbox_of(dvc.project_root())
    if not store.is_there and not outbox.names():
        return NoMemory()
    say_that_it_takes_time()
    try:
        store.require_open()
    except Exception as error:
        shown = without_password(store.uri)
        say(f"warning: MLflow at {shown} can't be read ({type(error).__name__}); its runs are left out")
        return NoMemory()
    if outbox.names():
        deliver(outbox, store)
    return MlflowMemory(store)


def say_that_it_takes_time() -> None:
    """Opening MLflow takes some seconds, in which nothing else is seen."""
    if sys.stderr.isatty():
        say("opening MLflow …")


def store_of(house: "House") -> "MlflowStore":
    """The MLflow store of a project; its defaults where there is no params.yaml."""
    from churnml.adapters import dvc
    from churnml.adapters.mlflow import MlflowStore, resolved
    from churnml.config import Track

    params = params_in(house)
    track = params.track if params else Track()
    return MlflowStore(resolved(track.uri, dvc.project_root()), track.experiment)

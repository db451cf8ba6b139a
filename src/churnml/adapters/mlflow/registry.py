"""The bundle as a registered model: served as it is, without pickle, and fetched back byte for byte."""

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from churnml.adapters.mlflow.store import MODEL_VERSION, MlflowStore, without_password
from churnml.errors import BundleError
from churnml.manifest import MANIFEST, read_manifest, verify
from churnml.publish import read_json

CHAMPION, CHALLENGER = "champion", "challenger"
_NEEDED = ("churnml", "mlflow", "lightgbm", "numpy", "pandas", "pyarrow", "pydantic", "psutil", "tzdata")


def register(store: MlflowStore, run_id: str, parent: str | None, folder: Path) -> None:
    """Log a bundle as the model of a run, and register it: champion if it is the first, else challenger.

    A bundle that is registered already keeps its version; the runs are tagged with it.

    Args:
        store: where to.
        run_id: of the run that made it.
        parent: of that run.
        folder: of the bundle.
    """
    client, name, digest = store.client, store.experiment, verify(folder)
    known = _versions(store, digest)
    made = known[0] if known else _new_version(store, run_id, folder, digest)
    if CHAMPION not in client.get_registered_model(name).aliases:
        client.set_registered_model_alias(name, CHAMPION, made.version)
    elif not known:
        client.set_registered_model_alias(name, CHALLENGER, made.version)
    for run in (run_id, parent):
        if run:
            client.set_tag(run, MODEL_VERSION, str(made.version))
    if parent and made.source.startswith("models:/"):
        _show(client, parent, made.source.removeprefix("models:/"))


def _show(client: Any, run_id: str, model_id: str) -> None:
    """Show a model beside a run that has it but didn't log it."""
    from mlflow.entities import LoggedModelOutput

    client.log_outputs(run_id, [LoggedModelOutput(model_id, step=0)])


def fetch(uri: str, store: MlflowStore, into: Path) -> Path:
    """Download the bundle of a registered model.

    Args:
        uri: models:/name@alias, models:/name/version, or runs:/id/model.
        store: of the model.
        into: an empty folder.

    Returns:
        the folder of the bundle.

    Raises:
        BundleError: there is no such model, or it holds no bundle of churnml.
    """
    try:
        if not store.is_there:
            raise FileNotFoundError
        store.require_reachable()
        artifacts = store.mlflow.artifacts
        folder = Path(artifacts.download_artifacts(uri, dst_path=str(into), tracking_uri=store.uri))
    except Exception as error:
        raise BundleError(
            f"{uri}: can't be fetched from {without_password(store.uri)} ({type(error).__name__}); see `mlflow ui` for the "
            f"models that are there, or name a bundle's folder"
        ) from error
    for manifest in sorted(folder.rglob(MANIFEST)):
        if read_manifest(manifest.parent).get("kind") == "bundle":
            return manifest.parent
    if not any(folder.iterdir()):
        raise BundleError(
            f"{uri}: its files aren't where {without_password(store.uri)} keeps them; a store in a file remembers whole "
            f"paths, so a project that was moved needs its old place, or name a bundle's folder"
        )
    raise BundleError(f"{uri}: holds no bundle of churnml; name a model that `churnml calibrate` registered")


@dataclass(frozen=True)
class Version:
    """A version of the experiment's registered model."""

    name: str
    number: str
    aliases: tuple[str, ...]

    @property
    def words(self) -> str:
        """Name, number and aliases."""
        aliases = f" ({', '.join(self.aliases)})" if self.aliases else ""
        return f"{self.name} version {self.number}{aliases}"


def version_of(store: MlflowStore, number: str) -> Version | None:
    """A version of the experiment's model, with the aliases that it has now; None if it is gone."""
    from mlflow.exceptions import MlflowException

    try:
        found = store.client.get_model_version(store.experiment, number)
    except MlflowException:
        return None
    return Version(store.experiment, number, tuple(sorted(found.aliases)))


def _new_version(store: MlflowStore, run_id: str, folder: Path, digest: str) -> Any:
    logged = _logged(store, run_id, folder)
    _require_model(store.client, store.experiment)
    tags = {"churnml.bundle": digest}
    return store.client.create_model_version(
        store.experiment, logged.model_uri, run_id, tags=tags, model_id=logged.model_id
    )


def _versions(store: MlflowStore, digest: str) -> list[Any]:
    found = store.client.search_model_versions(f"name = '{store.experiment}'")
    return [model for model in found if model.tags.get("churnml.bundle") == digest]


def _require_model(client: Any, name: str) -> None:
    from mlflow.exceptions import MlflowException

    try:
        client.create_registered_model(name, description="Risk of leaving, from churnml; one version per bundle.")
    except MlflowException:
        client.get_registered_model(name)


def _logged(store: MlflowStore, run_id: str, folder: Path) -> Any:
    with store.mlflow.start_run(run_id=run_id):
        return store.mlflow.pyfunc.log_model(
            name="model",
            loader_module="churnml.adapters.mlflow.serving",
            data_path=str(folder),
            signature=_signature(folder),
            pip_requirements=[f"{name}=={version(name)}" for name in _NEEDED],
        )


def _signature(folder: Path) -> Any:
    """Features by name, numbers as doubles so that they may be missing; out comes the risk."""
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, Schema

    # Read as JSON: opening the model itself would import LightGBM, which takes seconds.
    columns = read_json(folder / "model.json")
    kinds = {name: "string" if name in columns["categories"] else "double" for name in columns["features"]}
    return ModelSignature(
        inputs=Schema([ColSpec(kind, name) for name, kind in kinds.items()]),
        outputs=Schema([ColSpec("double", "risk")]),
    )

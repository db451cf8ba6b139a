"""The bundle as a registered model."""

from importlib.metadata import version

import mlflow.models
import pytest

import worlds
from churnml.adapters.mlflow import MlflowStore, deliver, fetch
from churnml.adapters.mlflow.registry import version_of
from churnml.adapters.mlflow.store import has
from churnml.bundle import ModelBundle
from churnml.errors import BundleError
from records import parents, stage, tell, the_run


def versions(store):
    return [found.version for found in store.client.search_model_versions("name = 'churnml'")]


def words(store, number):
    return version_of(store, number).words


def test_the_first_is_champion_then_come_challengers(registered):
    """One version per bundle. Who takes the champion's place is for people to decide."""
    assert (words(registered, "1"), words(registered, "2")) == (
        "churnml version 1 (champion)",
        "churnml version 2 (challenger)",
    )
    assert version_of(registered, "3") is None


def test_stage_and_pipeline_name_their_model(registered):
    """Both runs are tagged with the version, and MLflow shows the model beside both."""
    calibrated = list(registered.runs(has("churnml.stage", "calibrate")))[::-1]
    for number, pair in enumerate(zip(calibrated, parents(registered), strict=True), start=1):
        source = registered.client.get_model_version("churnml", str(number)).source
        for run in pair:
            assert run.data.tags["churnml.model_version"] == str(number)
            assert [f"models:/{shown.model_id}" for shown in run.outputs.model_outputs] == [source]


def test_the_same_bundle_is_registered_once(store, finished):
    """Calibrated again to the same bytes, by hand or elsewhere: no second version, the run names the one there is."""
    tell(store, *(stage("calibrate", "", "bundle=u1", bundle=finished.bundle) for _ in range(2)))
    assert len(versions(store)) == 1
    assert [parent.data.tags["churnml.model_version"] for parent in parents(store)] == ["1", "1"]
    assert words(store, "1") == "churnml version 1 (champion)"


@pytest.mark.parametrize("call", ["create_model_version", "set_registered_model_alias"])
def test_a_registration_that_broke_off_is_finished(store, finished, monkeypatch, call):
    """The store went away after the model was logged: once it is back, there is one version, and it is champion."""
    with monkeypatch.context() as cut:
        cut.setattr(store.client, call, lambda *_, **__: 1 / 0)
        outbox = tell(store, stage("calibrate", "", "bundle=u1", bundle=finished.bundle))
        assert len(outbox.names()) == 1
    deliver(outbox, store)
    assert (outbox.names(), len(versions(store))) == ([], 1)
    assert words(store, "1") == "churnml version 1 (champion)"
    assert the_run(store, "calibrate").data.tags["churnml.model_version"] == "1"


def test_a_broken_bundle_is_not_registered(store, project):
    """What was changed by hand never becomes a model."""
    (project.bundle / "notes.txt").write_text("ours")
    outbox = tell(store, stage("calibrate", bundle=project.bundle))
    assert [outbox.refusal(name) for name in outbox.names()] == ["BundleError"]
    assert versions(store) == []


def test_what_a_model_needs(registered):
    """Signature: the features by name, numbers may be missing; requirements: pinned to what made the bundle."""
    mlflow.set_tracking_uri(registered.uri)
    info = mlflow.models.get_model_info("models:/churnml@champion")
    kinds = {column.name: column.type.name for column in info.signature.inputs.inputs}
    assert {"recency_days": "double", "profile_town": "string"}.items() <= kinds.items()
    assert [(column.name, column.type.name) for column in info.signature.outputs.inputs] == [("risk", "double")]
    pinned = mlflow.artifacts.load_text("models:/churnml@champion/requirements.txt").split()
    assert {f"{name}=={version(name)}" for name in ("churnml", "lightgbm", "numpy")} <= set(pinned)


def test_what_is_fetched_is_what_was_registered(registered, finished, other_bundle, tmp_path):
    """By alias, number or run: byte for byte, under the same hash."""
    run_id = registered.client.get_model_version("churnml", "1").run_id
    for number, (uri, bundle) in enumerate(
        {
            "models:/churnml@champion": finished.bundle,
            "models:/churnml@challenger": other_bundle,
            "models:/churnml/1": finished.bundle,
            f"runs:/{run_id}/model": finished.bundle,
        }.items()
    ):
        fetched = fetch(uri, registered, tmp_path / str(number))
        assert worlds.files_of(fetched) == worlds.files_of(bundle)
        assert ModelBundle.load(fetched).digest == ModelBundle.load(bundle).digest


@pytest.mark.parametrize(
    "uri",
    [
        "models:/churnml@nobody",
        "models:/churnml/9",
        "models:/churnml",
        "models:/other/1",
        "runs:/abc/model",
        "models:/",
    ],
)
def test_no_such_model(registered, tmp_path, uri):
    """One line that says which, where, and what to do."""
    with pytest.raises(BundleError) as refused:
        fetch(uri, registered, tmp_path)
    assert str(refused.value) == (
        f"{uri}: can't be fetched from {registered.uri} (MlflowException); see `mlflow ui` for the models that are there, "
        f"or name a bundle's folder"
    )


def test_a_model_that_is_not_ours(registered, tmp_path):
    """Other models of the same store hold no bundle."""
    mlflow.set_tracking_uri(registered.uri)
    with mlflow.start_run(experiment_id=registered.experiment_id) as run:
        mlflow.log_dict({"kind": "model"}, "model/manifest.json")
    with pytest.raises(
        BundleError, match="holds no bundle of churnml; name a model that `churnml calibrate` registered"
    ):
        fetch(f"runs:/{run.info.run_id}/model", registered, tmp_path)


@pytest.mark.parametrize("place", ["ann:s3cret@127.0.0.1:9", "ann:s3/cret@127.0.0.1:9", "ann:s3@cret@127.0.0.1:9"])
def test_a_password_is_never_said(tmp_path, place):
    """A store that can't be reached is named without user and password."""
    with pytest.raises(BundleError) as refused:
        fetch("models:/churnml@champion", MlflowStore(f"http://{place}", "churnml"), tmp_path)
    assert str(refused.value).startswith("models:/churnml@champion: can't be fetched from http://127.0.0.1:9 (")
    assert "cret" not in str(refused.value)

"""What tests of MLflow share: stores without runs, and one with two models."""

from dataclasses import replace

import pytest

import stores
from churnml.bundle import ModelBundle
from churnml.ports import Pipeline
from records import stage, tell


@pytest.fixture
def store(tmp_path):
    """A store of a test's own."""
    return stores.new_store(tmp_path / "store")


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A store for tests that don't disturb each other."""
    return stores.new_store(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="session")
def other_bundle(finished, tmp_path_factory):
    """A bundle that isn't the finished project's: its customers are in another order."""
    folder = tmp_path_factory.mktemp("other") / "bundle"
    folder.mkdir()
    bundle = ModelBundle.load(finished.bundle)
    replace(bundle, decision=replace(bundle.decision, order="risk")).save(folder)
    return folder


@pytest.fixture(scope="session")
def registered(finished, other_bundle, tmp_path_factory):
    """A store in which two bundles were calibrated, the finished project's first."""
    store = stores.new_store(tmp_path_factory.mktemp("registered"))
    tell(store, stage("calibrate", "", "bundle=u1", Pipeline("first"), bundle=finished.bundle))
    tell(store, stage("calibrate", "", "bundle=u2", Pipeline("second"), bundle=other_bundle))
    return store

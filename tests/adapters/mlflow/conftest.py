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
    replace(ModelBundle.load(finished.bundle), order="risk").save(folder)
    return folder


@pytest.fixture(scope="module")
def registered(shared, finished, other_bundle):
    """A store in which two bundles were calibrated, the finished project's first."""
    first, second = Pipeline("first"), Pipeline("second")
    tell(shared, stage("calibrate", "", "bundle=u1", first, bundle=finished.bundle))
    tell(shared, stage("calibrate", "", "bundle=u2", second, bundle=other_bundle))
    return shared

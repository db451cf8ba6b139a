"""What tests share: an engine, a tiny shop, and a project in which the whole pipeline has run on it."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import stores
import worlds
from churnml.adapters import sender
from churnml.adapters.duckdb import DuckDBEngine
from churnml.bundle import ModelBundle
from churnml.cli.app import app
from churnml.config import read_params
from churnml.contracts.files import House
from churnml.pipeline import run_calibrate, run_features, run_ingest, run_train, score_tables


@pytest.fixture(autouse=True)
def told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs are told to MLflow in this process, which has it open already; tests of the sender start the real one."""
    monkeypatch.setattr(sender, "served", stores.told_here)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)  # where MLflow itself notes the last store


@pytest.fixture(scope="session")
def engine() -> DuckDBEngine:
    """The embedded engine."""
    return DuckDBEngine("1GB")


def run_all(house: House, engine: DuckDBEngine) -> None:
    """All five stages, without DVC and MLflow."""
    params = read_params(house.params)
    run_ingest(params, house, engine)
    run_features(params, house, engine)
    run_train(params, house)
    run_calibrate(params, house)
    score_tables(house.tables, ModelBundle.load(house.bundle), engine, None, house.lists)


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory, engine: DuckDBEngine) -> House:
    """A project in which all stages have run on the tiny shop. Read it, don't change it."""
    house = House(tmp_path_factory.mktemp("finished"))
    worlds.write_project(house.root)
    run_all(house, engine)
    return house


@pytest.fixture
def project(finished: House, tmp_path: Path) -> House:
    """A copy of the finished project, to be changed and broken."""
    shutil.copytree(finished.root, tmp_path / "project")
    return House(tmp_path / "project")


@dataclass(frozen=True)
class Tracked:
    """A project whose verbs were run by hand, as its owner would, and all that they said."""

    house: House
    said: str


@pytest.fixture(scope="session")
def remembered(finished: House, tmp_path_factory: pytest.TempPathFactory) -> Tracked:
    """The five stages and an analyst's `churnml score`, told to MLflow. Read it, don't change it."""
    root = tmp_path_factory.mktemp("remembered") / "project"
    shutil.copytree(finished.root, root)
    stores.write_empty(root / "mlflow.db")
    customers = root / "data/raw/customers.csv"
    customers.write_text(f"{customers.read_text()}99999,{worlds.PRIVATE},{worlds.PRIVATE},{worlds.PRIVATE},Ash\n")
    said = ""
    with pytest.MonkeyPatch.context() as here:
        here.chdir(root)
        here.setattr(sender, "served", stores.told_here)
        here.delenv("MLFLOW_TRACKING_URI", raising=False)
        for words in (["ingest"], ["features"], ["train"], ["calibrate"], ["score"], ["score", "data/raw"]):
            done = CliRunner().invoke(app, words)
            assert done.exit_code == 0, done.output
            said += done.output
    return Tracked(House(root), said)


@pytest.fixture
def tracked(remembered: Tracked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """A copy of it, to go on with; we stand in its folder."""
    shutil.copytree(remembered.house.root, tmp_path / "project")
    monkeypatch.chdir(tmp_path / "project")
    return House()


@pytest.fixture
def stages(engine: DuckDBEngine) -> Callable[[House], None]:
    """Runs all five stages in a project."""
    return lambda house: run_all(house, engine)


def room_of(nodeid: str) -> str:
    """Which tests go to one process together: a folder, whose tests share what takes long; a journey has one of its own."""
    path = nodeid.partition("::")[0]
    return path if path.startswith("tests/e2e/") else path.rpartition("/")[0]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest come first, so that two processes end at about the same time."""
    items.sort(key=lambda item: not item.nodeid.startswith("tests/e2e/"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """How pytest-xdist deals tests out."""
    from xdist.scheduler import LoadScopeScheduling

    class ByRoom(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return room_of(nodeid)

    return ByRoom(config, log)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Where CHURNML_FORBID_SKIPS is set (CI), a skipped test is a failed run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CHURNML_FORBID_SKIPS") and reporter and reporter.stats.get("skipped") and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED

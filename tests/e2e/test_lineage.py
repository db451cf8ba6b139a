"""One lineage: what DVC ran is what MLflow remembers, on a file and on a server, also when the server dies."""

import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import mlflow
import pytest
from ruamel.yaml import YAML

import worlds
from churnml.contracts.files import House
from churnml.manifest import file_digest, identity
from clones import fresh_clone, shell

STAGES = ["ingest", "features", "train", "calibrate", "score", "report"]


def small_project(folder: Path) -> House:
    """A clone whose params and exports are those of the tiny shop, committed."""
    house = fresh_clone(folder)
    yaml = YAML()
    params, ours = yaml.load(house.params), YAML(typ="safe").load(worlds.PARAMS)
    for section, content in ours.items():
        if isinstance(content, dict) and section != "panel":
            params[section].update(content)
        else:
            params[section] = content
    params["features"]["history_days"] = 112
    params["panel"]["min_history_days"] = 112  # five cutoffs instead of nine; the way is the same
    yaml.dump(params, house.params)
    worlds.write_exports(house.root / "data/raw")
    commit(house, "the tiny shop")
    return house


def commit(house: House, why: str) -> None:
    """Commit all that Git sees."""
    shell(house.root, "git", "add", "--all")
    shell(house.root, "git", "-c", "user.name=Ann", "-c", "user.email=ann@example.org", "commit", "--quiet", "-m", why)


@contextmanager
def served(folder: Path, port: int) -> Iterator[str]:
    """A real `mlflow server` that keeps runs and artifacts in a folder."""
    folder.mkdir(exist_ok=True)
    words = [
        *(str(Path(sys.executable).parent / "mlflow"), "server", "--host", "127.0.0.1", "--port", str(port)),
        *("--backend-store-uri", f"sqlite:///{folder / 'runs.db'}", "--artifacts-destination", str(folder / "kept")),
        *("--workers", "1"),
    ]
    with (folder / "server.log").open("a") as log:
        without_jobs = {**os.environ, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}  # of language models
        process = subprocess.Popen(words, stdout=log, stderr=log, env=without_jobs, start_new_session=True)
    try:
        wait_for(lambda: answers(port), "the server to start")
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, 9)
        process.wait()


def answers(port: int) -> bool:
    """Whether somebody listens at a port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(happened: Callable[[], Any], what: str, seconds: float = 120) -> Any:
    """Ask again and again, for at most so long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = happened()
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError(f"waited {seconds} s for {what}")


class Runs:
    """What a store holds, seen through MLflow's own client."""

    def __init__(self, uri: str) -> None:
        self.client = mlflow.MlflowClient(uri, registry_uri=uri)

    def all(self) -> list[Any]:
        known = self.client.get_experiment_by_name("churnml")
        return list(self.client.search_runs([known.experiment_id])) if known else []

    def parents(self) -> list[Any]:
        """Oldest first."""
        found = [run for run in self.all() if "churnml.pipeline" in run.data.tags]
        return sorted(found, key=lambda run: run.info.start_time)

    def stages_of(self, parent: Any) -> dict[str, Any]:
        found = [run for run in self.all() if run.data.tags.get("mlflow.parentRunId") == parent.info.run_id]
        assert len({run.data.tags["churnml.stage"] for run in found}) == len(found), "a stage was logged twice"
        return {run.data.tags["churnml.stage"]: run for run in found}

    def version(self, alias: str) -> str:
        return str(self.client.get_model_version_by_alias("churnml", alias).version)

    def ended(self, count: int) -> Any:
        """The newest of so many pipelines, once its end is told."""
        return wait_for(
            lambda: (
                len(self.parents()) == count
                and "churnml.dvc_lock" in self.parents()[-1].data.tags
                and self.parents()[-1]
            ),
            f"the end of pipeline {count}",
        )


def set_store(house: House, uri: str) -> None:
    """Name the store in params.yaml, as a user does."""
    text = house.params.read_text(encoding="utf-8")
    house.params.write_text(re.sub(r"uri: sqlite:///mlflow.db", f"uri: {uri}", text), encoding="utf-8")
    commit(house, "our store")


@pytest.fixture(params=["sqlite", "server"])
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[House, Runs, Path]]:
    """The tiny shop, what its store holds, and where all of that lies."""
    house = small_project(tmp_path / "shop")
    if request.param == "sqlite":
        yield house, Runs(f"sqlite:///{house.root / 'mlflow.db'}"), house.root / "mlruns"
        return
    with served(tmp_path / "server", free_port()) as uri:
        set_store(house, uri)
        yield house, Runs(uri), tmp_path / "server"


def test_from_repro_to_lineage_and_back(project: tuple[House, Runs, Path], tmp_path: Path) -> None:
    """Repro -> cached repro -> experiment -> score -> lineage: each executed stage once, each cached one linked."""
    house, runs, kept = project
    shell(house.root, "dvc", "repro")
    first = runs.ended(1)
    made = runs.stages_of(first)
    assert sorted(made) == sorted(STAGES)
    assert first.data.tags["churnml.dvc_lock"] == file_digest(house.root / "dvc.lock")
    assert first.info.run_name.startswith("tiny-shop ")
    assert made["score"].data.tags["churnml.reads.bundle"] == identity(house.bundle)
    [exports] = [given.dataset for given in made["ingest"].inputs.dataset_inputs]
    assert json.loads(exports.profile)["customers"] == 240
    assert runs.version("champion") == "1"
    commit(house, "first run")
    kept_in = shell(house.root, "git", "rev-parse", "HEAD").stdout[:12]
    said = shell(house.root, "churnml", "lineage", "data/lists/2024-07-29").stdout
    assert f"get it back: git checkout {kept_in} && dvc checkout" in said

    shell(house.root, "dvc", "repro")
    time.sleep(1)
    assert len(runs.all()) == 7

    shell(house.root, "dvc", "exp", "run", "--name", "idea", "--set-param", "train.params.learning_rate=0.3")
    second = runs.ended(2)
    tags = second.data.tags
    assert second.info.run_name == "idea"
    assert sorted(runs.stages_of(second)) == ["calibrate", "report", "score", "train"]
    assert tags["churnml.cached.ingest"] == made["ingest"].info.run_id
    assert tags["churnml.cached.features"] == made["features"].info.run_id
    assert (tags["churnml.dirty"], tags["churnml.changed"]) == ("true", "params.yaml")
    lock = shell(house.root, "git", "show", f"{tags['churnml.experiment_commit']}:dvc.lock").stdout
    assert tags["churnml.dvc_lock"] == hashlib.sha256(lock.encode()).hexdigest()
    assert second.data.params["train.params.learning_rate"] == "0.3"
    assert "train.params.learning_rate 0.3 (0.1)" in tags["mlflow.note.content"]
    assert runs.version("challenger") == "2"

    for model, out in (("models:/churnml@challenger", "fetched"), ("models/bundle", "lying-there")):
        shell(house.root, "churnml", "score", "data/raw", "--model", model, "--out", out)
    [fetched] = [path for path in (house.root / "fetched").iterdir() if path.is_dir()]
    again = house.root / "lying-there" / fetched.name
    assert {path.name: path.read_bytes() for path in fetched.iterdir() if path.is_file()} == {
        path.name: path.read_bytes() for path in again.iterdir() if path.is_file()
    }
    pages = [house.root / out / f"{fetched.name}.html" for out in ("fetched", "lying-there")]
    assert pages[0].read_bytes() == pages[1].read_bytes()

    said = shell(house.root, "churnml", "lineage", "fetched/2024-07-29/high.csv").stdout
    for word in ("lists", "bundle", "boosters", "panel", "tables", "exports", "in idea", f"in {first.info.run_name}"):
        assert word in said
    assert made["ingest"].info.run_id[:12] in said
    assert "churnml version 2 (challenger)" in said
    back = shell(house.root, "churnml", "lineage", "data/raw").stdout
    assert identity(house.lists / "2024-07-29")[:12] in back
    assert "features" in shell(house.root, "churnml", "lineage", "idea").stdout
    whole = shell(house.root, "churnml", "verify", "data/lists/2024-07-29").stdout
    assert whole.count(": whole, ") == 6

    assert private_places(house, kept) == []


def test_a_queue_of_ideas(tmp_path: Path) -> None:
    """Queued experiments run in copies of the project, yet each is a run of its name in the project's own store.

    Applied to the workspace, DVC shows how one differs in params, metrics and plots.
    """
    house = small_project(tmp_path / "shop")
    shell(house.root, "dvc", "repro")
    commit(house, "first run")
    shell(house.root, "dvc", "exp", "run", "--queue", "--set-param", "train.rounds=10,20")
    shell(house.root, "dvc", "queue", "start")
    runs = Runs(f"sqlite:///{house.root / 'mlflow.db'}")
    wait_for(
        lambda: all("churnml.dvc_lock" in run.data.tags for run in runs.parents()) and len(runs.parents()) == 3,
        "the queue",
        600,
    )
    rounds = {run.info.run_name: run.data.params["train.rounds"] for run in runs.parents()[1:]}
    assert sorted(rounds.values()) == ["10", "20"]
    names = shell(house.root, "git", "for-each-ref", "--format=%(refname:lstrip=-1)", "refs/exps").stdout.split()
    assert set(rounds) <= set(names)
    assert all("churnml.cached.features" in run.data.tags for run in runs.parents()[1:])

    shell(house.root, "dvc", "exp", "apply", next(iter(rounds)))
    assert "test.log_loss" in shell(house.root, "dvc", "metrics", "diff").stdout
    assert "train.rounds" in shell(house.root, "dvc", "params", "diff").stdout
    assert "train.rounds" in shell(house.root, "dvc", "exp", "show", "--only-changed", "--csv").stdout
    shell(house.root, "dvc", "plots", "diff")
    assert "Share that left, by tenth of the risk" in (house.root / "dvc_plots/index.html").read_text(encoding="utf-8")


def test_a_store_that_dies_in_the_middle(tmp_path: Path) -> None:
    """The pipeline finishes with warnings; what could not be told waits, and is told once the store is back."""
    house, port = small_project(tmp_path / "shop"), free_port()
    with served(tmp_path / "server", port) as uri:
        set_store(house, uri)
        runs = Runs(uri)
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        pipeline = subprocess.Popen(
            ["dvc", "repro"], cwd=house.root, env={**os.environ, "PATH": path}, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        wait_for(lambda: [run for run in runs.all() if run.info.status == "FINISHED"], "the first stage")
    said, _ = pipeline.communicate(timeout=300)
    assert pipeline.returncode == 0, said
    assert "is kept in .churnml/outbox and sent with the next run" in said
    assert "Traceback" not in said
    assert (house.lists / "2024-07-29/high.csv").is_file()
    assert private_places(house) == []
    assert len(list((house.root / ".churnml/outbox").iterdir())) >= 2
    with served(tmp_path / "server", port) as uri:
        shell(house.root, "churnml", "lineage", "models/bundle")
        [parent] = Runs(uri).parents()
        assert sorted(Runs(uri).stages_of(parent)) == sorted(STAGES)
        assert parent.data.tags["churnml.dvc_lock"] == file_digest(house.root / "dvc.lock")
    assert [path for path in (house.root / ".churnml/outbox").iterdir() if path.is_dir()] == []


def private_places(house: House, *folders: Path) -> list[Path]:
    """Files of stores, artifacts and outboxes that hold a private value of the shop, once nobody writes there."""
    wait_for(lambda: not list((house.root / ".churnml").glob("sender-*")), "the sender to end")
    places = [*folders, house.root / "mlflow.db", house.root / ".churnml"]
    files = [path for place in places for path in ([place] if place.is_file() else place.rglob("*")) if path.is_file()]
    assert files
    return [path for path in files if worlds.PRIVATE.encode() in path.read_bytes()]


@pytest.fixture(autouse=True, scope="module")
def tidy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Clones are large."""
    yield
    for folder in tmp_path_factory.getbasetemp().glob("test_*/shop/.dvc/cache"):
        shutil.rmtree(folder, ignore_errors=True)

"""What DVC says of the pipeline that a stage runs in."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from churnml.adapters import dvc
from churnml.adapters.git import git

OWNER = "import os; from churnml.adapters import dvc; found = dvc.owner(); print(os.getppid(), found and found.pid)"
RUNS_IT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {OWNER!r}], check=True)"


@pytest.fixture(autouse=True)
def outside(monkeypatch):
    """These tests may be run by a DVC stage themselves."""
    for name in [name for name in os.environ if name.startswith("DVC_")]:
        monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("program", "stage", "found"), [("dvc", "train", True), ("dvc", None, False), ("make", "train", False)]
)
def test_who_runs_a_stage(tmp_path, monkeypatch, program, stage, found):
    """The nearest `dvc` above a stage that DVC runs; nobody for what is run by hand, be it below a `dvc` too."""
    (tmp_path / program).write_text(RUNS_IT)
    if stage:
        monkeypatch.setenv("DVC_STAGE", stage)
    done = subprocess.run([sys.executable, tmp_path / program, "repro"], capture_output=True, text=True, check=True)
    parent, owner = done.stdout.split()
    assert owner == (parent if found else "None")


def test_a_key_is_of_one_process_run():
    """Process ids are used again; the moment of the start tells two runs apart."""
    this = psutil.Process()
    assert dvc.key_of(this) == f"{os.getpid()}-{int(this.create_time() * 1000)}"


def test_where_the_project_is(tmp_path, monkeypatch):
    """The current folder; where DVC runs an experiment in a copy, the project's own."""
    monkeypatch.chdir(tmp_path)
    assert dvc.project_root() == tmp_path
    monkeypatch.setenv("DVC_ROOT", "/shop")
    assert dvc.project_root() == Path("/shop")


def test_the_lock_of_a_pipeline(tmp_path):
    """The hash of dvc.lock as it lies there; nothing if there is none."""
    assert dvc.lock_of(tmp_path, "") == {}
    (tmp_path / "dvc.lock").write_bytes(b"schema: '2.0'\n")
    assert dvc.lock_of(tmp_path, "") == {"churnml.dvc_lock": hashlib.sha256(b"schema: '2.0'\n").hexdigest()}


def committed(folder, lock):
    """Commit a dvc.lock of this content.

    Returns:
        the commit.
    """
    (folder / "dvc.lock").write_text(lock)
    git(folder, "add", ".")
    git(folder, "-c", "user.name=Ann", "-c", "user.email=ann@example.org", "commit", "--quiet", "-m", lock)
    return git(folder, "rev-parse", "HEAD")


def test_the_way_back(tmp_path):
    """The first commit that holds this dvc.lock, else the experiment; nothing where nobody kept it."""
    first, second, third = (hashlib.sha256(f"{word}\n".encode()).hexdigest() for word in ("one", "two", "three"))
    assert dvc.way_back(tmp_path, first, "") == ""
    git(tmp_path, "init", "--quiet")
    commits = [committed(tmp_path, f"{word}\n") for word in ("one", "two", "one", "three")]
    git(tmp_path, "update-ref", f"refs/exps/ab/{'c' * 38}/brave-rook", commits[3])
    git(tmp_path, "reset", "--quiet", "--hard", commits[2])
    assert dvc.way_back(tmp_path, first, "brave-rook") == f"git checkout {commits[0][:12]} && dvc checkout"
    assert dvc.way_back(tmp_path, second, "brave-rook") == f"git checkout {commits[1][:12]} && dvc checkout"
    assert dvc.way_back(tmp_path, third, "brave-rook") == "dvc exp apply brave-rook"
    assert dvc.way_back(tmp_path, "f" * 64, "brave-rook") == ""


def test_the_lock_of_an_experiment(tmp_path):
    """An experiment's commit isn't checked out: commit and dvc.lock are those that DVC's ref of this name holds."""
    assert dvc.lock_of(tmp_path, "brave-rook") == {}
    git(tmp_path, "init", "--quiet")
    commit = committed(tmp_path, "of the experiment\n")
    git(tmp_path, "update-ref", f"refs/exps/ab/{'c' * 38}/brave-rook", commit)
    (tmp_path / "dvc.lock").write_bytes(b"of the workspace\n")
    assert dvc.lock_of(tmp_path, "calm-hen") == {}
    assert dvc.lock_of(tmp_path, "brave-rook") == {
        "churnml.experiment_commit": commit,
        "churnml.dvc_lock": hashlib.sha256(b"of the experiment\n").hexdigest(),
    }

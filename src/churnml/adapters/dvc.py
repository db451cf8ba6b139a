"""What DVC says of the pipeline that a stage runs in. DVC itself is never imported: a stage runs without it, too."""

import hashlib
import os
from pathlib import Path
from typing import Any

from churnml.adapters.git import git
from churnml.manifest import file_digest


def owner() -> Any | None:
    """The DVC process that runs this stage, a `psutil.Process`; None where there is none."""
    import psutil

    if "DVC_STAGE" not in os.environ:
        return None
    for process in psutil.Process().parents():
        if any(Path(word).name.split(".")[0] == "dvc" for word in _command(process)[:3]):
            return process
    return None


def key_of(process: Any) -> str:
    """What tells one run of a process from all others on this machine, and from its own earlier runs."""
    return f"{process.pid}-{int(process.create_time() * 1000)}"


def experiment() -> str:
    """The name that DVC gave to this experiment; empty outside `dvc exp run`."""
    return os.environ.get("DVC_EXP_NAME", "")


def project_root() -> Path:
    """The project's own folder, also where a queued experiment runs in a copy that is deleted afterwards."""
    return Path(os.environ.get("DVC_ROOT") or ".").absolute()


def lock_of(root: Path, name: str) -> dict[str, str]:
    """The hash of dvc.lock once all stages are done; of an experiment, its commit and the dvc.lock in there.

    Args:
        root: the project's folder.
        name: of the experiment; empty for `dvc repro`.
    """
    if not name:
        lock = root / "dvc.lock"
        return {"churnml.dvc_lock": file_digest(lock)} if lock.is_file() else {}
    refs = git(root, "for-each-ref", "--sort=-committerdate", "--format=%(objectname)", f"refs/exps/**/{name}")
    if not refs:
        return {}
    commit = refs.splitlines()[0]
    lock_text = git(root, "show", f"{commit}:dvc.lock", strip=False)
    return {
        "churnml.experiment_commit": commit,
        **({"churnml.dvc_lock": _digest(lock_text)} if lock_text else {}),
    }


def is_versioned(root: Path) -> bool:
    """Whether Git keeps this project."""
    return bool(git(root, "rev-parse", "--git-dir"))


def way_back(root: Path, lock: str, name: str) -> str:
    """The command that brings back what lay in the project when dvc.lock had this content; empty if none does.

    Args:
        root: the project's folder.
        lock: content hash of dvc.lock.
        name: of the pipeline, in case it was an experiment.
    """
    for commit in git(root, "log", "--branches", "--tags", "--reverse", "--format=%H", "--", "dvc.lock").splitlines():
        if _digest(git(root, "show", f"{commit}:dvc.lock", strip=False)) == lock:
            return f"git checkout {commit[:12]} && dvc checkout"
    return f"dvc exp apply {name}" if lock_of(root, name).get("churnml.dvc_lock") == lock else ""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _command(process: Any) -> list[str]:
    import psutil

    try:
        return list(process.cmdline())
    except psutil.Error:
        return []

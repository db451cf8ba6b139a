"""Fresh clones of the repository, in which programs of this environment are run as a user runs them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from churnml.contracts.files import House

REPOSITORY = Path(__file__).parents[1]


def shell(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a program of this environment in a folder; it must succeed."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    without = {name: value for name, value in os.environ.items() if not name.startswith(("DVC_", "MLFLOW_"))}
    done = subprocess.run(words, cwd=folder, env={**without, "PATH": path}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{words}: {done.stdout}\n{done.stderr}"
    return done


def fresh_clone(folder: Path) -> House:
    """What `git clone` gives, of the files as they are now."""
    tracked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    for name in tracked:
        if (REPOSITORY / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPOSITORY / name, folder / name)
    shell(folder, "git", "init", "--quiet")
    return House(folder)

"""What Git says of the code that ran."""

import os
import subprocess
from pathlib import Path

_MOST_FILES = 3
_OUTPUTS = (":!dvc.lock", ":!reports")


def git(folder: Path, *words: str, strip: bool = True) -> str:
    """What a Git command prints; empty where there is no Git, no repository or no answer."""
    try:
        done = subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=False, timeout=30)
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return ""
    said = done.stdout if done.returncode == 0 else ""
    return said.strip() if strip else said


def code_tags(folder: Path) -> dict[str, str]:
    """The commit, whether files differ from it (outputs of stages aside), and which."""
    commit = os.environ.get("DVC_EXP_BASELINE_REV") or git(folder, "rev-parse", "HEAD")
    if not commit:
        return {}
    changed = [
        line[3:] for line in git(folder, "status", "--porcelain", "--", ".", *_OUTPUTS, strip=False).splitlines()
    ]
    return {
        "mlflow.source.git.commit": commit,
        "churnml.dirty": str(bool(changed)).lower(),
        **({"churnml.changed": _few(changed)} if changed else {}),
    }


def _few(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_FILES} more" if len(names) > _MOST_FILES else ""
    return f"{', '.join(names[:_MOST_FILES])}{more}"

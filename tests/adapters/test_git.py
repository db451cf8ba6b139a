"""What Git says of the code that ran."""

import pytest

from churnml.adapters.git import code_tags, git


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A repository with one commit, in which five files are tracked."""
    monkeypatch.delenv("DVC_EXP_BASELINE_REV", raising=False)
    git(tmp_path, "init", "--quiet")
    for name in ("a.py", "b.py", "c.py", "d.py", "dvc.lock"):
        (tmp_path / name).write_text("1\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "-c", "user.name=Ann", "-c", "user.email=ann@example.org", "commit", "--quiet", "-m", "One")
    return tmp_path


def test_a_clean_commit(repository):
    """The commit is named, and that no file differs from it."""
    assert code_tags(repository) == {
        "mlflow.source.git.commit": git(repository, "rev-parse", "HEAD"),
        "churnml.dirty": "false",
    }


def test_outputs_of_stages_dont_count(repository):
    """dvc.lock and reports change in every run; they are no code."""
    (repository / "dvc.lock").write_text("2\n")
    (repository / "reports").mkdir()
    (repository / "reports/metrics.json").write_text("{}")
    assert code_tags(repository)["churnml.dirty"] == "false"


def test_changed_files_are_named(repository):
    """Changed and new files make it dirty; three are named, the others counted."""
    (repository / "b.py").write_text("2\n")
    (repository / "new.py").write_text("2\n")
    assert (code_tags(repository)["churnml.dirty"], code_tags(repository)["churnml.changed"]) == (
        "true",
        "b.py, new.py",
    )
    for name in ("a.py", "c.py", "d.py"):
        (repository / name).write_text("2\n")
    assert code_tags(repository)["churnml.changed"] == "a.py, b.py, c.py and 2 more"


def test_an_experiment_counts_from_its_baseline(repository, monkeypatch):
    """In an experiment HEAD is DVC's own commit; what the user knows is the baseline."""
    monkeypatch.setenv("DVC_EXP_BASELINE_REV", "f" * 40)
    assert code_tags(repository)["mlflow.source.git.commit"] == "f" * 40


def test_without_git_nothing_is_said(tmp_path, monkeypatch):
    """No repository, no commit yet or no Git: no tags, no error."""
    monkeypatch.delenv("DVC_EXP_BASELINE_REV", raising=False)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert code_tags(tmp_path) == {}
    git(tmp_path, "init", "--quiet")
    assert code_tags(tmp_path) == {}
    monkeypatch.setenv("PATH", "")
    assert code_tags(tmp_path) == {}

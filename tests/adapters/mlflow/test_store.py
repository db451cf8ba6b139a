"""Where the store is, and whether it is there."""

import socket
import sqlite3
import time
from pathlib import Path

import pytest

from churnml.adapters.mlflow import MlflowStore, resolved


def test_the_environment_has_the_last_word(monkeypatch):
    """MLFLOW_TRACKING_URI counts for more than params.yaml; a relative file lies in the project's folder."""
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    assert resolved("sqlite:///mlflow.db", Path("/shop")) == "sqlite:////shop/mlflow.db"
    assert resolved("sqlite:////runs/mlflow.db", Path("/shop")) == "sqlite:////runs/mlflow.db"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "https://ann:s3cret@runs.example.org")
    assert resolved("sqlite:///mlflow.db", Path("/shop")) == "https://ann:s3cret@runs.example.org"


def test_nobody_there_is_known_within_seconds():
    """Where MLflow would try for minutes, one attempt to connect is enough."""
    with socket.socket() as taken:  # bound, but nobody listens
        taken.bind(("127.0.0.1", 0))
        store = MlflowStore(f"http://127.0.0.1:{taken.getsockname()[1]}", "churnml")
        began = time.monotonic()
        with pytest.raises(OSError):
            store.require_open()
        assert time.monotonic() - began < 4


def test_a_file_that_is_no_database(tmp_path):
    """What lies in the place of the store is left as it is."""
    (tmp_path / "runs.db").write_text("notes of a meeting, long enough to be taken for the head of a file\n" * 20)
    with pytest.raises(sqlite3.DatabaseError):
        MlflowStore(f"sqlite:///{tmp_path / 'runs.db'}", "churnml").require_open()
    assert (tmp_path / "runs.db").read_text().startswith("notes of a meeting")


def test_an_experiment_is_made_once(shared):
    """Opened again, it is the same, and MLflow shows it as one of models, not of conversations."""
    again = MlflowStore(shared.uri, shared.experiment)
    again.require_open()
    assert again.experiment_id == shared.experiment_id
    tags = shared.client.get_experiment(shared.experiment_id).tags
    assert tags["mlflow.experimentKind"] == "custom_model_development"

"""An MLflow store that is opened once, silently, and fails fast."""

import logging
import os
import re
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_SQLITE = "sqlite:///"
_PATIENCE_SECONDS = 3
_PAGE = 500
PARENT, STAGE, PIPELINE = "mlflow.parentRunId", "churnml.stage", "churnml.pipeline"
RECORD, MODEL_VERSION, NOTE = "churnml.record", "churnml.model_version", "mlflow.note.content"
"""Names of tags that several places read or write."""

_CLASSIC = {"mlflow.experimentKind": "custom_model_development"}
"""MLflow opens such an experiment with metrics and charts, not with traces of language models."""


def resolved(uri: str, root: Path) -> str:
    """The address of the store: the environment's if it names one; a relative file lies in the project's folder."""
    chosen = os.environ.get("MLFLOW_TRACKING_URI") or uri
    path = chosen.removeprefix(_SQLITE)
    return f"{_SQLITE}{root / path}" if path != chosen else chosen


def without_password(uri: str) -> str:
    """An address as it may be shown.

    >>> without_password("https://ann:secret@runs.example.org/x")
    'https://runs.example.org/x'
    >>> without_password("postgresql://ann:a/b@c@runs.example.org/x?password=secret")
    'postgresql://runs.example.org/x'
    """
    return re.sub(r"//.*@", "//", uri.partition("?")[0])


class MlflowStore:
    """One experiment of an MLflow store.

    Attributes:
        uri: of the store.
        experiment: name of the experiment, also of its registered model.
    """

    def __init__(self, uri: str, experiment: str) -> None:
        self.uri, self.experiment = uri, experiment
        self._client: Any = None
        self._experiment_id = ""

    @property
    def client(self) -> Any:
        """MLflow's client."""
        if self._client is None:
            self._client = self.mlflow.MlflowClient(tracking_uri=self.uri, registry_uri=self.uri)
        return self._client

    @property
    def experiment_id(self) -> str:
        """Of the experiment, which is made if it isn't there."""
        if not self._experiment_id:
            self._experiment_id = self._known_experiment() or self._new_experiment()
        return self._experiment_id

    @property
    def mlflow(self) -> Any:
        """MLflow itself, silent and set to this store: for what its client doesn't offer."""
        module = _silent_mlflow()
        module.set_tracking_uri(self.uri)
        return module

    def require_reachable(self) -> None:
        """Fail within seconds where MLflow would try for minutes.

        Raises:
            OSError: nobody answers there.
            sqlite3.Error: the file is no database.
        """
        self._experiment_id = ""
        if self.uri.startswith(_SQLITE):
            with closing(sqlite3.connect(self.uri.removeprefix(_SQLITE))) as connection:
                connection.execute("PRAGMA schema_version")
        elif self.uri.startswith(("http://", "https://")):
            address = urlsplit(self.uri)
            port = address.port or (443 if address.scheme == "https" else 80)
            socket.create_connection((address.hostname or "", port), _PATIENCE_SECONDS).close()

    @property
    def is_there(self) -> bool:
        """Whether a store that is a file has been made already; others are thought to be there."""
        return not self.uri.startswith(_SQLITE) or Path(self.uri.removeprefix(_SQLITE)).exists()

    def require_open(self) -> None:
        """Open the store and the experiment.

        Raises:
            Exception: that can't be done now, for whatever reason.
        """
        self.require_reachable()
        self._experiment_id = self.experiment_id

    def runs(self, filter_string: str) -> Iterator[Any]:
        """Runs of the experiment, newest first."""
        token = None
        while True:
            page = self.client.search_runs(
                [self.experiment_id],
                filter_string,
                max_results=_PAGE,
                order_by=["attributes.start_time DESC"],
                page_token=token,
            )
            yield from page
            token = page.token
            if not token:
                return

    def newest(self, filter_string: str) -> Any | None:
        """The newest such run."""
        return next(self.runs(filter_string), None)

    def run(self, run_id: str) -> Any | None:
        """A run, deleted or not; None once `mlflow gc` has removed it."""
        from mlflow.exceptions import MlflowException

        try:
            return self.client.get_run(run_id)
        except MlflowException as error:
            if error.error_code == "RESOURCE_DOES_NOT_EXIST":
                return None
            raise

    def _known_experiment(self) -> str:
        known = self.client.get_experiment_by_name(self.experiment)
        return str(known.experiment_id) if known else ""

    def _new_experiment(self) -> str:
        from mlflow.exceptions import MlflowException

        try:
            return str(self.client.create_experiment(self.experiment, tags=_CLASSIC))
        except MlflowException:
            made_meanwhile = self._known_experiment()
            if not made_meanwhile:
                raise
            return made_meanwhile


def tag(word: str, kind: str) -> str:
    """Name of the tag that says what a run read or wrote.

    >>> tag("reads", "panel")
    'churnml.reads.panel'
    """
    return f"churnml.{word}.{kind}"


def has(name: str, value: str) -> str:
    """MLflow's filter for a tag.

    >>> has("churnml.stage", "train")
    "tags.`churnml.stage` = 'train'"
    """
    return f"tags.`{name}` = '{value}'"


def things(run: Any, word: str) -> dict[str, str]:
    """Kind -> identity of what a run read or wrote."""
    prefix = tag(word, "")
    return {
        name.removeprefix(prefix): value for name, value in sorted(run.data.tags.items()) if name.startswith(prefix)
    }


def _silent_mlflow() -> Any:
    """MLflow without telemetry, progress bars and good advice."""
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("DO_NOT_TRACK", "true")
    os.environ.setdefault("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "30")
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    import mlflow

    for name in ("mlflow", "alembic"):
        logging.getLogger(name).setLevel(logging.ERROR)
    return mlflow

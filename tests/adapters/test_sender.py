"""Telling MLflow beside the pipeline. Those tests that say so start real processes, which takes them seconds."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from urllib.request import urlopen

import psutil
import pytest

import stores
from churnml.adapters import sender
from churnml.adapters.mlflow import MlflowStore
from churnml.adapters.outbox import Outbox
from churnml.adapters.sender import OutboxTracker, Service, outbox_of, serve
from churnml.manifest import file_digest, identity
from churnml.ports import Pipeline
from records import parents, stage, stages_of, tagged, tell, the_run

START = sender.served  # the real one, which told_at_once replaces
GONE = 2**22 + 1  # above every process id


def tracker(outbox, is_served, warnings):
    return OutboxTracker(outbox, is_served, "https://runs.example.org", warnings.append)


def service(root, uri, owner=GONE, since=0.0, key=None):
    return Service(str(root), str(root), uri, "churnml", owner, since, key)


def test_a_record_that_is_told_is_not_spoken_of(tmp_path):
    """The stage waits until somebody has told it, and says nothing."""
    outbox, warnings, asked = Outbox(tmp_path), [], []

    def told_when_asked_twice():
        asked.append(outbox.names())
        if len(asked) == 2:
            outbox.remove(outbox.names()[0])
        return True

    tracker(outbox, told_when_asked_twice, warnings).record(stage("train"))
    assert ([len(names) for names in asked], warnings) == ([1, 1], [])


def test_a_record_that_is_refused_costs_a_warning(tmp_path):
    """Why, and that it is kept; the address is said as it may be shown."""
    outbox, warnings = Outbox(tmp_path), []

    def refused():
        outbox.refuse(outbox.names()[0], "ConnectionRefusedError")
        return True

    tracker(outbox, refused, warnings).record(stage("train"))
    assert warnings == [
        "MLflow at https://runs.example.org can't be written (ConnectionRefusedError); train is kept in .churnml/outbox "
        "and sent with the next run"
    ]
    assert len(outbox.names()) == 1


def test_nobody_waits_for_a_sender_that_ended(tmp_path):
    """A sender that was killed tells nothing any more."""
    outbox, warnings = Outbox(tmp_path), []
    tracker(outbox, lambda: False, warnings).record(stage("train"))
    assert [warning[:70] for warning in warnings] == [
        "MLflow at https://runs.example.org can't be written (its sender ended)"
    ]
    assert len(outbox.names()) == 1


def test_at_the_end_all_is_told(project, tmp_path):
    """Once the owner is gone: what waits, then how its pipeline ended, and whose outputs the project holds."""
    store, outbox = stores.new_store(tmp_path / "store"), outbox_of(project.root)
    (project.root / "dvc.lock").write_text("schema: '2.0'\n")
    made = f"lists={identity(project.lists / '2024-07-29')}"
    tell(store, stage("score", "", made, Pipeline("earlier", "1-1")))
    outbox.put(stage("train", "", "boosters=m1", Pipeline("repro", "2-2")))
    serve(service(project.root, store.uri, key="2-2"))
    assert outbox.names() == []
    _, parent = parents(store)
    assert stages_of(store, parent) == ["train"]
    assert parent.data.tags["churnml.dvc_lock"] == file_digest(project.root / "dvc.lock")
    assert tagged(parent, "churnml.cached.") == {"score": the_run(store, "score").info.run_id}


def test_packs_of_analysts_are_no_part_of_a_pipeline(project, tmp_path):
    """Lists that were made beside it in the meantime aren't taken for those of its own score stage."""
    store = stores.new_store(tmp_path / "store")
    (project.root / "lists").mkdir()
    pack = (project.lists / "2024-07-29").rename(project.root / "lists/2024-07-29")
    tell(store, stage("score", "", f"lists={identity(pack)}", None), stage("train", "", "", Pipeline("repro", "2-2")))
    serve(service(project.root, store.uri, key="2-2"))
    (parent,) = parents(store)
    assert tagged(parent, "churnml.cached.") == {}


def killed(process):
    """Kill a process that was started in a session of its own, with all its workers."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def started(words, folder, env):
    return psutil.Popen(
        words, cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A real `mlflow server` that was told to start, its port and its folder.

    The test before the one that needs it asks for it, too: meanwhile it comes up.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = stores.write_empty(tmp_path_factory.mktemp("server") / stores.NAME).parent
    words = ["server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    words += [
        "--backend-store-uri",
        f"sqlite:///{folder / stores.NAME}",
        "--artifacts-destination",
        str(folder / "kept"),
    ]
    without_jobs = {**os.environ, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}  # of language models
    process = started([sys.executable, "-m", "mlflow", *words], folder, without_jobs)
    yield process, port, folder
    killed(process)


@pytest.fixture
def owner():
    """A process that does nothing; whoever serves it lives as long."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
    yield psutil.Process(process.pid)
    process.kill()
    process.wait()


def seconds_until(happened, most=60):
    """Wait for something that must happen."""
    began = time.monotonic()
    while not happened():
        assert time.monotonic() - began < most
        time.sleep(0.05)
    return time.monotonic() - began


def test_a_real_sender_lives_as_long_as_its_owner(tmp_path, owner, server):
    """Real: one process for all stages of an owner; it tells what comes, ends when the owner does, and leaves no note.

    Its command line, which everybody on the machine can read, doesn't hold the address.
    """
    store, root, warnings = stores.new_store(tmp_path / "store"), tmp_path / "project", []
    root.mkdir()
    repro = Pipeline("repro", "1-2")
    wanted = service(root, store.uri, owner.pid, owner.create_time(), "1-2")
    is_served = START(wanted)
    pid = int(wanted.note.read_text().strip("[]").split(",")[0])
    tracker(outbox_of(root), is_served, warnings).record(stage("ingest", "", "tables=t1", repro))
    again = START(wanted)
    tracker(outbox_of(root), again, warnings).record(stage("features", "tables=t1", "panel=p1", repro))
    assert warnings == []
    (parent,) = parents(store)
    assert stages_of(store, parent) == ["ingest", "features"]
    assert int(wanted.note.read_text().strip("[]").split(",")[0]) == pid
    assert not any(store.uri in word for word in psutil.Process(pid).cmdline())
    owner.kill()
    seconds_until(lambda: not (is_served() or again()))
    assert (wanted.note.exists(), outbox_of(root).names()) == (False, [])
    assert (root / ".churnml/sender.log").read_text() == ""


def worker_of(server):
    """How `mlflow server` started its worker. Starting it again alone takes half the time."""
    (worker,) = (child for child in server.children() if "uvicorn" in child.cmdline())
    return worker.cmdline(), worker.cwd(), worker.environ()


def answers(port):
    try:
        with urlopen(f"http://127.0.0.1:{port}/health", timeout=1) as answer:
            return answer.status == 200
    except OSError:
        return False


def test_a_real_server_that_comes_back(tmp_path, owner, server):
    """Real: while the server is gone, a stage costs a warning and waits; the next one takes it along, in order."""
    (process, port, folder), warnings = server, []
    (tmp_path / "report.json").write_text("{}")
    wanted = service(tmp_path, f"http://127.0.0.1:{port}", owner.pid, owner.create_time())
    told = tracker(outbox_of(tmp_path), START(wanted), warnings)
    seconds_until(lambda: answers(port))
    told.record(stage("ingest", "", "tables=t1"))
    assert warnings == []
    again = worker_of(process)
    killed(process)
    told.record(stage("features", "tables=t1", "panel=p1", artifacts=[tmp_path / "report.json"]))
    assert len(warnings) == len(outbox_of(tmp_path).names()) == 1
    worker = started(*again)
    try:
        seconds_until(lambda: answers(port))
        told.record(stage("train", "panel=p1", "boosters=m1"))
    finally:
        killed(worker)
    assert (len(warnings), outbox_of(tmp_path).names()) == (1, [])
    store = MlflowStore(f"sqlite:///{folder / stores.NAME}", "churnml")
    (parent,) = parents(store)
    assert stages_of(store, parent) == ["ingest", "features", "train"]
    assert [path.read_text() for path in (folder / "kept").rglob("report.json")] == ["{}"]


def test_within_a_pipeline_a_stage_is_told_while_the_next_one_computes(tmp_path):
    """Only the last stage waits, for all of them, whoever else's records lie there from earlier days."""
    outbox, warnings = Outbox(tmp_path), []
    old = outbox.put(stage("train"))
    since = datetime.now(UTC)
    slow = OutboxTracker(outbox, lambda: True, "https://runs.example.org", warnings.append, since)
    slow.record(stage("ingest"))
    assert [outbox.read(name).stage for name in outbox.names()] == ["train", "ingest"]

    def told_when_asked():
        outbox.remove(next(name for name in outbox.names() if name != old))
        return True

    quick = OutboxTracker(outbox, told_when_asked, "https://runs.example.org", warnings.append, since)
    quick.record(stage("score"))
    assert (outbox.names(), warnings) == ([old], [])


def test_a_refusal_that_came_too_late_for_its_stage_is_said_by_the_next(tmp_path):
    """A glance isn't always enough; nobody's record waits unsaid, and none is spoken of twice."""
    outbox, warnings = Outbox(tmp_path), []
    waiting = OutboxTracker(outbox, lambda: True, "https://runs.example.org", warnings.append, datetime.now(UTC))
    waiting.record(stage("ingest"))
    assert warnings == []
    outbox.refuse(outbox.names()[0], "ConnectionRefusedError")
    for name in ("features", "train"):
        waiting.record(stage(name))
        outbox.remove(outbox.names()[-1])
    assert [warning.split("; ")[1].split(" ")[0] for warning in warnings] == ["ingest"]


def test_each_stage_of_a_pipeline_says_once_that_it_is_not_told(tmp_path):
    """A glance shows that the store can't be reached; the next stage doesn't say it again."""
    outbox, warnings = Outbox(tmp_path), []

    def refused():
        for name in outbox.names():
            outbox.refuse(name, "ConnectionRefusedError")
        return True

    waiting = OutboxTracker(outbox, refused, "https://runs.example.org", warnings.append, datetime.now(UTC))
    for name in ("ingest", "features", "score"):
        waiting.record(stage(name))
    assert [warning.split("; ")[1].split(" ")[0] for warning in warnings] == ["ingest", "features", "score"]

"""What an MLflow store can be asked. `t1` is the identity of some tables, and so on."""

from datetime import UTC, datetime

import pytest

from churnml.adapters.mlflow import MlflowMemory
from churnml.ports import Pipeline, PipelineEnd
from records import MORNING, parents, stage, tell, the_run

FIRST, SECOND = Pipeline("first repro", "1-1"), Pipeline("second repro", "2-2")


@pytest.fixture(scope="module")
def told(shared):
    """Two pipelines: the second took ingest from the cache. And lists of an analyst."""
    tags = {"mlflow.source.git.commit": "0123456789abcdef", "churnml.changed": "a.py"}
    tell(
        shared,
        stage("ingest", "exports=e1", "tables=t1", FIRST, tags=tags),
        stage("features", "tables=t1", "panel=p1", FIRST),
        stage("features", "tables=t1", "panel=p1", SECOND),
        PipelineEnd("2-2", MORNING, {"churnml.dvc_lock": "d2"}, {"tables": "t1", "panel": "p1"}),
        stage("score", "bundle=u1 exports=e2", "lists=l1", None, name="score 2024-02-01"),
    )
    return shared


@pytest.fixture(scope="module")
def memory(told):
    """What can be asked."""
    return MlflowMemory(told)


def test_who_made_and_who_read_it(memory):
    """By kind and hash, newest first; nobody, if nobody did."""
    assert [(run.name, run.parent) for run in memory.makers("panel", "p1")] == [
        ("features", "second repro"),
        ("features", "first repro"),
    ]
    assert [run.stage for run in memory.readers("tables", "t1")] == ["features", "features"]
    assert [run.name for run in memory.makers("lists", "l1")] == ["score 2024-02-01"]
    assert (memory.makers("tables", "p1"), memory.readers("panel", "p1")) == ([], [])


def test_what_is_remembered_of_a_run(memory, told):
    """What it read and wrote and where that was, when, in which pipeline, and of which code."""
    (said,) = memory.makers("tables", "t1")
    run = the_run(told, "ingest")
    assert (said.run_id, said.name, said.stage, said.parent) == (run.info.run_id, "ingest", "ingest", "first repro")
    assert said.started_at == datetime.fromtimestamp(run.info.start_time / 1000, UTC)
    assert (said.reads, said.writes) == ({"exports": "e1"}, {"tables": "t1"})
    assert said.paths == {"e1": "data/exports", "t1": "data/tables"}
    assert said.commit == "0123456789ab with changes in a.py"
    assert said.model == ""


def test_a_stage_has_the_lock_of_its_pipeline(memory):
    """dvc.lock is known once all stages are done, so the parent holds it; an analyst's run has none."""
    assert [run.lock for run in memory.makers("panel", "p1")] == ["d2", ""]
    assert [run.lock for run in memory.makers("lists", "l1")] == [""]


def test_a_run_is_found_by_its_name_or_id(memory, told):
    """Name, whole id, or its first 8 letters or more; of several of one name the newest."""
    score = the_run(told, "score").info.run_id
    assert {memory.run(word).run_id for word in ("score 2024-02-01", score, score[:8])} == {score}
    assert memory.run("features").parent == "second repro"


@pytest.mark.parametrize("word", ["nope", "", "it's", '"', "a`b", "100%", "x\\", "' OR '1' = '1", "e1"])
def test_an_unknown_word_is_nobody(memory, word):
    """Whatever a user may write."""
    assert memory.run(word) is None


def test_too_few_letters_are_nobody(memory, told):
    """Seven letters of an id are too few."""
    assert memory.run(the_run(told, "score").info.run_id[:7]) is None


def test_a_pipeline_tells_its_stages(memory, told):
    """Executed and cached, in the order of time; a cached one keeps the pipeline that made it."""
    second = parents(told)[1].info.run_id
    said = memory.run("second repro")
    assert (said.run_id, said.stage) == (second, "")
    assert [(run.name, run.parent) for run in said.stages] == [("ingest", "first repro"), ("features", "second repro")]
    assert [run.parent_id == second for run in said.stages] == [False, True]


def test_a_model_is_named_with_its_aliases(registered):
    """Version and aliases as they are now."""
    made = MlflowMemory(registered).makers("bundle", "u1")
    assert [run.model for run in made] == ["churnml version 1 (champion)"]


def test_what_gc_removed_is_forgotten(store):
    """A run that `mlflow gc` removed is no stage any more; its own stages have no parent."""
    tell(store, stage("ingest", "", "tables=t1", FIRST), stage("features", "tables=t1", "panel=p1", SECOND))
    for run in (the_run(store, "ingest"), parents(store)[0]):
        store.client.delete_run(run.info.run_id)
        store.client._tracking_client.store._hard_delete_run(run.info.run_id)
    memory = MlflowMemory(store)
    assert [run.name for run in memory.run("second repro").stages] == ["features"]
    tell(store, stage("ingest", "", "tables=t3", FIRST))
    store.client._tracking_client.store._hard_delete_run(parents(store)[-1].info.run_id)
    assert [run.parent for run in memory.makers("tables", "t3")] == [""]

"""Where a run belongs, and from whose outputs it was made. `t1` is the identity of some tables, and so on."""

import pytest

from churnml.ports import Pipeline, PipelineEnd
from records import MORNING, parents, stage, stages_of, tagged, tell, the_run

FIRST, SECOND = Pipeline("first repro", "1-1"), Pipeline("second repro", "2-2")


def of_dvc(pipeline, *names):
    """The stages of these names, as DVC runs them on the same exports."""
    flow = {
        "ingest": ("exports=e1", "tables=t1"),
        "features": ("tables=t1", "panel=p1"),
        "train": ("panel=p1", "boosters=b1"),
        "calibrate": ("boosters=b1", "bundle=u1"),
        "score": ("bundle=u1 tables=t1", "lists=l1"),
    }
    return [stage(name, *flow[name], pipeline) for name in names]


def test_stages_by_hand_share_a_parent(store):
    """Each reads what the one before wrote: one sequence. A stage that comes again begins another one."""
    tell(store, *of_dvc(Pipeline("by hand"), "ingest", "features", "train", "features", "train"))
    assert [stages_of(store, parent) for parent in parents(store)] == [
        ["ingest", "features", "train"],
        ["features", "train"],
    ]


def test_what_doesnt_follow_begins_a_sequence(store):
    """A stage that reads what no run wrote has nobody to follow."""
    tell(store, stage("ingest", "exports=e1", "tables=t1"), stage("features", "tables=t2", "panel=p2"))
    assert [stages_of(store, parent) for parent in parents(store)] == [["ingest"], ["features"]]


def test_stages_of_dvc_share_a_key(store):
    """Same process of DVC, same parent, whatever they read; by hand nothing is added to DVC's."""
    tell(store, *of_dvc(FIRST, "ingest", "score"), *of_dvc(SECOND, "train"), *of_dvc(Pipeline("by hand"), "features"))
    assert [(parent.info.run_name, stages_of(store, parent)) for parent in parents(store)] == [
        ("first repro", ["ingest", "score"]),
        ("second repro", ["train"]),
        ("by hand", ["features"]),
    ]


def test_a_run_may_stand_alone(store):
    """An analyst's lists belong to no pipeline."""
    tell(store, stage("score", "bundle=u1 exports=e1", "lists=l1", None))
    assert parents(store) == []
    assert "mlflow.parentRunId" not in the_run(store, "score").data.tags


def test_a_run_names_those_it_was_made_from(store):
    """By the hash of what it read, whoever ran them; what nobody wrote has no name."""
    tell(
        store, *of_dvc(FIRST, "ingest", "calibrate"), stage("score", "bundle=u1 exports=e2 tables=t1", "lists=l2", None)
    )
    assert tagged(the_run(store, "score"), "churnml.from.") == {
        "tables": the_run(store, "ingest").info.run_id,
        "bundle": the_run(store, "calibrate").info.run_id,
    }


def test_what_came_from_the_cache_before_is_linked(store):
    """DVC took ingest and features from its cache: they are linked to the runs that made them, and not run again."""
    tell(store, *of_dvc(FIRST, "ingest", "features"), *of_dvc(SECOND, "train", "calibrate"))
    _, second = parents(store)
    assert stages_of(store, second) == ["train", "calibrate"]
    made = {name: the_run(store, name).info.run_id for name in ("ingest", "features")}
    assert tagged(second, "churnml.cached.") == made


def test_what_came_from_the_cache_after_is_linked_at_the_end(store):
    """Only once DVC is done it is known that the last outputs are those of an earlier pipeline."""
    holds = {"exports": "e1", "tables": "t1", "panel": "p1", "boosters": "b1", "bundle": "u1", "lists": "l1"}
    tell(store, *of_dvc(FIRST, "ingest", "features", "train", "calibrate", "score"))
    train = of_dvc(SECOND, "train")
    before = [the_run(store, name).info.run_id for name in ("ingest", "features", "calibrate", "score")]
    tell(store, *train, PipelineEnd("2-2", MORNING, {}, holds))
    _, second = parents(store)
    assert stages_of(store, second) == ["train"]
    cached = tagged(second, "churnml.cached.")
    assert [cached[name] for name in ("ingest", "features", "calibrate", "score")] == before
    assert "train" not in cached


def test_what_nobody_made_is_linked_to_nobody(store):
    """Outputs that were made before MLflow was there have no run."""
    tell(store, *of_dvc(FIRST, "train"), PipelineEnd("1-1", MORNING, {}, {"bundle": "u0", "lists": "l0"}))
    (parent,) = parents(store)
    assert tagged(parent, "churnml.cached.") == {}


def test_the_numbers_of_what_is_cached_count(store):
    """A parent shows the quality of its bundle, also where the bundle came from the cache."""
    calibrate = stage("calibrate", "boosters=b1", "bundle=u1", FIRST, metrics={"tiers.high.risk": 0.5})
    tell(store, calibrate, *of_dvc(SECOND, "train"), PipelineEnd("2-2", MORNING, {}, {"bundle": "u1"}))
    _, second = parents(store)
    assert second.data.metrics == {"tiers.high.risk": 0.5}


def test_what_was_executed_is_not_called_cached(store):
    """New tables, scored with a bundle of older ones: this pipeline's ingest is its own."""
    by_hand = Pipeline("by hand")
    tell(store, *of_dvc(FIRST, "ingest", "features", "train", "calibrate"))
    tell(store, stage("ingest", "exports=e2", "tables=t2", by_hand), stage("score", "bundle=u1 tables=t2", "", by_hand))
    _, second = parents(store)
    assert stages_of(store, second) == ["ingest", "score"]
    assert sorted(tagged(second, "churnml.cached.")) == ["calibrate", "features", "train"]


@pytest.mark.parametrize("whose", ["ingest", "parent"])
@pytest.mark.parametrize("for_good", [False, True])
def test_deleted_runs_stop_nobody(store, whose, for_good):
    """Users delete runs in MLflow, and `mlflow gc` removes them: what comes later is told nevertheless."""
    tell(store, *of_dvc(Pipeline("by hand"), "ingest", "features"))
    run = the_run(store, "ingest") if whose == "ingest" else parents(store)[0]
    store.client.delete_run(run.info.run_id)
    if for_good:
        store.client._tracking_client.store._hard_delete_run(run.info.run_id)
    outbox = tell(store, *of_dvc(Pipeline("by hand"), "train"), *of_dvc(FIRST, "calibrate"))
    assert outbox.names() == []
    assert the_run(store, "train").info.status == "FINISHED"
    assert stages_of(store, parents(store)[-1]) == ["calibrate"]

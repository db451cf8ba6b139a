"""Each trial of tuning is a run below the run of its stage."""

from dataclasses import replace
from datetime import timedelta

from churnml.adapters.mlflow.store import has
from churnml.adapters.mlflow.trials import log_trials
from churnml.ports import Trial
from records import parents, stage, stages_of, tagged, tell, the_run


def tuned():
    """A train stage of half a minute, in which two trials were tried."""
    run = stage("train", "panel=p1", "boosters=b1")
    trials = [
        Trial(0, {"num_leaves": 8}, 0.28, 5, ended_at=run.started_at + timedelta(seconds=10)),
        Trial(1, {"num_leaves": 31}, 0.31, 2, pruned=True, ended_at=run.started_at + timedelta(seconds=14)),
    ]
    return replace(run, trials=trials)


def children(store):
    """The trials, in the order of trying."""
    return list(store.runs(has("mlflow.parentRunId", the_run(store, "train").info.run_id)))[::-1]


def test_a_trial_is_a_child_of_its_stage(store):
    """Params, log loss, how it ended and how long it took; one that was pruned can be told from the others."""
    run = tuned()
    tell(store, run)
    first, second = children(store)
    assert [first.info.run_name, second.info.run_name] == ["params as they stand", "trial 1"]
    assert (first.data.params, first.data.metrics) == ({"num_leaves": "8"}, {"cv.log_loss": 0.28, "cv.folds": 5})
    assert (second.data.params, second.data.metrics) == ({"num_leaves": "31"}, {"cv.log_loss": 0.31, "cv.folds": 2})
    assert [child.info.status for child in (first, second)] == ["FINISHED", "KILLED"]
    assert [tagged(child, "churnml.trial.") for child in (first, second)] == [
        {"number": "0", "state": "complete"},
        {"number": "1", "state": "pruned"},
    ]
    assert [child.info.end_time - child.info.start_time for child in (first, second)] == [10_000, 4_000]


def test_trials_are_no_stages(store):
    """The pipeline's stages are what they were."""
    tell(store, tuned())
    (parent,) = parents(store)
    assert stages_of(store, parent) == ["train"]


def test_trials_that_are_told_again_are_there_once(store):
    """A sender that was killed in the middle of it begins again, and doubles nothing."""
    run = tuned()
    tell(store, replace(run, trials=run.trials[:1]))
    train = the_run(store, "train").info.run_id
    for _ in range(2):
        log_trials(store, train, run)
    assert [child.info.run_name for child in children(store)] == ["params as they stand", "trial 1"]

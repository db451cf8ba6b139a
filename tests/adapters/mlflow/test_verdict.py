"""What a stranger reads first in MLflow."""

import pytest

import stores
from churnml.ports import Pipeline, PipelineEnd
from records import MORNING, parents, stage, tell, the_run


def quality(log_loss, auc=0.75):
    """Numbers of a calibrate stage."""
    return {
        "test.log_loss": log_loss, "test.log_loss_low": log_loss - 0.05, "test.log_loss_high": log_loss + 0.05,
        "test.auc": auc, "test.auc_low": auc - 0.05, "test.auc_high": auc + 0.05,
        "test.risk": 0.25, "test.churn_rate": 0.2,
        "baselines.recency.log_loss": 0.6, "baselines.recency.auc": 0.7,
    }  # fmt: skip


def calibrate(name, log_loss, bundle=None, **params):
    """A pipeline that measured this; `horizon` and `rounds` are two of its params."""
    said = {"churn.horizon_days": params.get("horizon", 28), "train.rounds": params.get("rounds", 300)}
    tags = {"mlflow.source.git.commit": params.get("commit", "a" * 40)}
    pipeline = Pipeline(name, name, said)
    return stage("calibrate", "", f"bundle={name}", pipeline, metrics=quality(log_loss), bundle=bundle, tags=tags)


@pytest.fixture(scope="module")
def compared(tmp_path_factory, finished, other_bundle):
    """Runs beside a champion: a challenger that is better, and one without a model that answers another question."""
    store = stores.new_store(tmp_path_factory.mktemp("store"))
    tell(
        store,
        calibrate("champion", 0.5, finished.bundle),
        calibrate("challenger", 0.4904, other_bundle, rounds=400, commit="b" * 40),
        calibrate("same", 0.5, finished.bundle),
        calibrate("other", 0.3, horizon=56),
    )
    return store


def note(store, name):
    (run,) = [parent for parent in parents(store) if parent.info.run_name == name]
    return run.data.tags["mlflow.note.content"].split("\n\n")


QUALITY = (
    "**Log loss 0.5000** [0.4500, 0.5500], lower is better, on cutoffs that the model had not seen; **AUC 0.750** "
    "[0.700, 0.800], higher is better; days since the last purchase alone: 0.6000 and 0.700."
)


def test_quality_beside_the_simplest_answer(compared):
    """The numbers that decide, with their intervals, beside those of recency alone; said and happened."""
    assert note(compared, "champion") == [
        QUALITY,
        "Said 25.0% would leave, 20.0% did.",
        "Its model is `churnml version 1 (champion)`.",
    ]


def test_a_challenger_beside_the_champion(compared):
    """The difference, what it may be worth, and what was done otherwise."""
    assert note(compared, "challenger")[2:] == [
        "Its model is `churnml version 2 (challenger)`. Against the champion (champion, 0.5000): -0.0096, better; a "
        "difference that is small beside the interval may be chance. Differs in: train.rounds 400 (300), commit bbbbbbb."
    ]


def test_another_question_is_not_compared(compared):
    """Another horizon or panel: lower numbers mean nothing."""
    assert note(compared, "other")[2:] == [
        "Its model isn't registered. It answers another question than the champion: churn or panel differ."
    ]


def test_what_came_from_the_cache_is_said(store):
    """Which stages, and whose run made them."""
    first, second = Pipeline("first", "1-1"), Pipeline("second", "2-2")
    tell(store, stage("ingest", "", "tables=t1", first), stage("features", "tables=t1", "panel=p1", second))
    made = the_run(store, "ingest").info.run_id[:12]
    assert note(store, "second") == [f"Taken from the cache, made by earlier runs: ingest (run {made})."]


def test_a_cached_bundle_counts(compared):
    """A pipeline that took its bundle from the cache has the quality of that bundle, and its model."""
    score = stage("score", "bundle=champion", "lists=l1", Pipeline("cached", "9-9", {"churn.horizon_days": 28}))
    tell(compared, score, PipelineEnd("9-9", MORNING, {}, {"bundle": "champion"}))
    said = note(compared, "cached")
    assert said[0] == QUALITY
    assert said[2].startswith("Its model is `churnml version 1 (champion)`")


def test_the_experiment_ranks_its_pipelines(compared):
    """Best first, those that answer the champion's question, with what sets them apart."""
    experiment = compared.client.get_experiment(compared.experiment_id)
    said = experiment.tags["mlflow.note.content"].replace("\N{NO-BREAK SPACE}", " ").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in said if line.startswith("| [")]
    names = [row[0].split("]")[0].removeprefix("[") for row in cells]
    assert names[0] == "challenger"
    assert "other" not in names
    assert cells[0][1:] == [
        "0.4904 [0.4404, 0.5404]",
        "0.750",
        "churnml version 2 (challenger)",
        "train.rounds 400 (300), commit bbbbbbb",
    ]
    assert cells[names.index("champion")][3:] == ["churnml version 1 (champion)", "this is the champion"]


def test_nothing_measured_nothing_said(store):
    """Before the first calibrate there is no quality to tell, and no ranking."""
    tell(store, stage("train", "panel=p1", "boosters=b1", Pipeline("begun", "1-1")))
    assert note(store, "begun") == [""]
    assert "mlflow.note.content" not in store.client.get_experiment(store.experiment_id).tags

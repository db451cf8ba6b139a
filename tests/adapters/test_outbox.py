"""What waits to be told."""

from datetime import date

import pytest

from churnml.adapters.outbox import Outbox
from churnml.ports import PipelineEnd, Trial
from records import MORNING, stage


def test_what_was_put_is_read(tmp_path):
    """A record comes back as it was, days and moments too."""
    outbox = Outbox(tmp_path / "outbox")
    run = stage("train", "panel=p1", "boosters=b1", params={"seed": 7}, series={"auc": [(date(2024, 1, 1), 0.75)]})
    end = PipelineEnd("1-2", MORNING, {"churnml.dvc_lock": "abc"}, {"tables": "t1"})
    names = [outbox.put(run), outbox.put(end)]
    read, ended = (outbox.read(name) for name in names)
    assert ended == end
    assert (read.stage, read.started_at, read.params, read.pipeline) == (
        "train",
        run.started_at,
        {"seed": 7},
        run.pipeline,
    )
    assert (list(read.reads), list(read.writes)) == (run.reads, run.writes)
    assert [tuple(point) for point in read.series["auc"]] == [(date(2024, 1, 1), 0.75)]


def test_trials_are_read_as_they_were_put(tmp_path):
    """Whole numbers stay whole, and a trial without a clock has none."""
    outbox = Outbox(tmp_path)
    trials = [
        Trial(
            0, {"num_leaves": 8, "lambda_l2": 10.0, "boosting": "gbdt", "extra_trees": True}, 0.28, 5, ended_at=MORNING
        ),
        Trial(1, {"num_leaves": 4}, 0.3, 2, pruned=True),
    ]
    read = outbox.read(outbox.put(stage("train", trials=trials)))
    assert list(read.trials) == trials
    assert [type(value) for value in read.trials[0].params.values()] == [int, float, str, bool]


def test_oldest_first(tmp_path):
    """Records are named in the order in which they were put; what is half-written isn't there yet."""
    outbox = Outbox(tmp_path)
    names = [outbox.put(stage(name)) for name in ("ingest", "features", "train")]
    (tmp_path / ".half.new").mkdir()
    assert outbox.names() == names


def test_artifacts_are_copied(tmp_path):
    """What is told later is what was there then; what wasn't there isn't waited for."""
    plots, bundle, outbox = tmp_path / "plots", tmp_path / "bundle", Outbox(tmp_path / "outbox")
    for folder in (plots, bundle):
        folder.mkdir()
        (folder / "a.txt").write_text("then")
    report = tmp_path / "report.json"
    report.write_text("then")
    name = outbox.put(stage("train", artifacts=[report, plots, tmp_path / "gone.json"], bundle=bundle))
    for path in (report, plots / "a.txt", bundle / "a.txt"):
        path.write_text("now")
    read = outbox.read(name)
    assert [path.name for path in read.artifacts] == ["report.json", "plots"]
    kept = [read.artifacts[0], read.artifacts[1] / "a.txt", read.bundle / "a.txt"]
    assert [path.read_text() for path in kept] == ["then"] * 3


def test_a_refusal_is_kept_until_the_record_is_told(tmp_path):
    """Why a record could not be told lies beside it, and goes with it."""
    outbox = Outbox(tmp_path)
    name = outbox.put(stage("train"))
    assert outbox.refusal(name) == ""
    outbox.refuse(name, "ConnectionRefusedError")
    assert outbox.refusal(name) == "ConnectionRefusedError"
    outbox.remove(name)
    assert (outbox.holds(name), outbox.refusal(name), outbox.names()) == (False, "", [])


@pytest.mark.parametrize("text", [None, "{", '{"stage": "train"}'])
def test_what_is_no_record_is_refused(tmp_path, text):
    """Nothing there, no JSON, or half of it: an error, not half a record."""
    outbox = Outbox(tmp_path)
    name = outbox.put(stage("train"))
    path = tmp_path / name / "StageRun.json"
    if text is None:
        path.unlink()
    else:
        path.write_text(text)
    with pytest.raises(ValueError):
        outbox.read(name)

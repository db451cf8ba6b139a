"""Pictures of what the stages measured: the same in the page and, as PNG, in MLflow."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread

from churnml.contracts.files import House
from churnml.publish import write_rows
from churnml.report import draw, evaluation, gain, pictures
from churnml.report.theme import theme

OURS = tuple(int(theme("light")["roles"]["ours"][place : place + 2], 16) / 255 for place in (1, 3, 5))


def inked(picture: Path) -> int:
    """How many points of a picture have the colour of what was measured."""
    points = imread(picture)[:, :, :3]
    return int((np.abs(points - OURS) < 0.01).all(axis=2).sum())


@pytest.mark.parametrize(
    ("stage", "names"),
    [
        ("train", ["importance"]),
        ("calibrate", ["against", "calibration", "groups", "past_tiers", "ranking", "rates"]),
    ],
)
def test_each_plot_of_the_stages_has_a_picture(finished: House, tmp_path: Path, stage: str, names: list[str]) -> None:
    """Every CSV that a stage writes for plots is drawn, and what was measured is seen in it."""
    drawn = draw(finished.reports / "plots" / stage, tmp_path / "pictures")
    assert sorted(drawn) == sorted((tmp_path / "pictures").iterdir())
    assert sorted(path.stem for path in drawn) == names
    for path in drawn:
        assert inked(path) > 500, path


def test_every_picture_is_of_a_plot_that_a_stage_writes(finished: House) -> None:
    """A picture whose plot was renamed would never be drawn again without anybody noticing."""
    assert set(pictures.PICTURES) == {path.stem for path in (finished.reports / "plots").glob("*/*.csv")}


def test_files_without_a_picture_are_left_alone(tmp_path: Path) -> None:
    """Unknown files, files without rows, and an empty folder give nothing, not even a folder."""
    plots = tmp_path / "plots"
    plots.mkdir()
    assert draw(plots, tmp_path / "pictures") == []
    (plots / "weather.csv").write_text("day,rain\n1,2\n")
    (plots / "cutoffs.png").write_bytes(b"no picture")
    (plots / "tiers.csv").write_text("tier,customers\n")
    assert draw(plots, tmp_path / "pictures") == []
    assert not (tmp_path / "pictures").exists()


def test_the_same_picture_has_the_same_bytes(finished: House, tmp_path: Path) -> None:
    """Nothing of the moment is in it."""
    for name in ("one", "two"):
        draw(finished.reports / "plots/train", tmp_path / name)
    assert (tmp_path / "one/importance.png").read_bytes() == (tmp_path / "two/importance.png").read_bytes()


def test_a_cutoff_without_auc_is_drawn_without_it(tmp_path: Path) -> None:
    """Where all stayed there is no AUC to show; churn rate and risk of that cutoff are there."""
    rows = [
        {"as_of": "2024-01-01", "customers": "10", "churn_rate": "0.2", "risk": "0.25", "auc": "0.7", "auc_low": "0.6", "auc_high": "0.8"},
        {"as_of": "2024-02-01", "customers": "5", "churn_rate": "0.0", "risk": "0.1", "auc": "", "auc_low": "", "auc_high": ""},
    ]  # fmt: skip
    assert [row["auc"] for row in evaluation.ranking(rows, []).table.rows] == [0.7, None]
    level = evaluation.rates(rows).table.rows
    assert [(row["churn_rate"], row["risk"]) for row in level] == [(0.2, 0.25), (0.0, 0.1)]
    assert level[0]["low"] == pytest.approx(0.0567, abs=1e-4)  # Wilson, 2 of 10
    write_rows(tmp_path / "cutoffs.csv", list(rows[1]), rows[1:])
    assert len(draw(tmp_path, tmp_path / "pictures")) == 2


def test_groups_are_called_as_people_call_them() -> None:
    """In both languages; a name of the customer's own stays as it is, and so does a dollar sign."""
    row = {"snapshots": 4, "churn_rate": 0.5, "churn_rate_low": 0.1, "churn_rate_high": 0.9, "risk": 0.4, "auc": ""}
    rows = [
        {"by": "value", "group": "lowest third", "note": "more leave than said; too few to tell", **row},
        {"by": "segment", "group": "$VIP$", "note": "", **row},
    ]
    picture = evaluation.groups(rows)
    said = {column.name: column for column in picture.table.columns}
    assert said["group"].words["value: lowest third"] == ("value: lowest third", "客户价值：最低三分之一")
    assert said["group"].words["segment: $VIP$"] == ("segment: $VIP$", "客户分群：$VIP$")
    assert said["note"].words[rows[0]["note"]][1] == "实际流失多于预测；样本太少"
    assert picture.table.rows[1]["note"] is None


def test_who_is_caught_is_counted_from_the_top() -> None:
    """Four customers, two leave, ranked 1st and 3rd: half of them are among the first quarter and half, all among three."""
    label, score = np.array([1, 0, 1, 0]), np.array([0.9, 0.8, 0.7, 0.1])
    caught = gain.caught(label, score, np.array([0.0, 0.25, 0.5, 0.75, 1.0]))
    assert caught.tolist() == [0.0, 0.5, 0.5, 1.0, 1.0]


def test_who_is_equally_likely_is_called_in_an_even_mixture() -> None:
    """A score that says nothing catches as many as are called, whatever the order of the rows."""
    caught = gain.caught(np.array([1, 1, 0, 0]), np.full(4, 0.5), np.array([0.25, 0.5]))
    assert caught.tolist() == [0.25, 0.5]

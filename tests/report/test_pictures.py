"""Pictures of what the stages measured."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.image import imread

from churnml.contracts.files import House
from churnml.publish import write_rows
from churnml.report import draw, pictures

CUTOFFS = (
    "as_of,customers,churn_rate,risk,auc,auc_low,auc_high\n"
    "2024-01-01,10,0.2,0.25,0.7,0.6,0.8\n"
    "2024-02-01,5,0.0,0.1,,,\n"
    "2024-03-01,10,0.3,0.2,0.8,0.75,0.9\n"
)


def read(folder: Path, text: str) -> pictures.Rows:
    """The rows of a plot with this text."""
    path = folder / "plot.csv"
    path.write_text(text, encoding="utf-8")
    return pictures.read(path)


def inked(picture: Path) -> int:
    """How many points of a picture have the colour of what was measured."""
    points = imread(picture)[:, :, :3]
    return int((np.abs(points - to_rgb(pictures.INK)) < 0.01).all(axis=2).sum())


@pytest.mark.parametrize(
    ("stage", "names"),
    [("train", ["importance"]), ("calibrate", ["against", "calibration", "cutoffs", "groups", "tiers"])],
)
def test_each_plot_of_the_stages_has_a_picture(finished: House, tmp_path: Path, stage: str, names: list[str]) -> None:
    """Every CSV that a stage writes for plots is drawn, and what was measured is seen in it."""
    plots = finished.reports / "plots" / stage
    assert sorted(path.name for path in plots.iterdir()) == [f"{name}.csv" for name in names]
    drawn = draw(plots, tmp_path / "pictures")
    assert sorted(drawn) == sorted((tmp_path / "pictures").iterdir())
    assert sorted(path.name for path in drawn) == [f"{name}.png" for name in names]
    for path in drawn:
        assert inked(path) > 500, path


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


def test_a_cutoff_without_auc_is_left_out_of_the_ranking_alone(tmp_path: Path) -> None:
    """Where all stayed there is no AUC to show; churn rate and risk of that cutoff are there."""
    ranking, level = pictures.cutoffs(read(tmp_path, CUTOFFS)).axes
    assert ranking.lines[0].get_xydata().tolist() == [[0, 0.7], [2, 0.8]]
    assert [line.get_ydata().tolist() for line in level.lines] == [[20, 0, 30], [25, 10, 20]]
    for axis in (ranking, level):
        assert [label.get_text() for label in axis.get_xticklabels()] == ["24-01-01", "24-02-01", "24-03-01"]


def test_cutoffs_that_have_no_auc_at_all_are_drawn(tmp_path: Path) -> None:
    """As written by calibrate: an empty cell for what isn't known."""
    rows = [{"as_of": "2024-01-01", "customers": 3, "churn_rate": 0.0, "risk": 0.1}]
    write_rows(tmp_path / "cutoffs.csv", CUTOFFS.splitlines()[0].split(","), rows)
    [picture] = draw(tmp_path, tmp_path / "pictures")
    assert inked(picture) > 20


def test_calibration_shows_said_against_happened(tmp_path: Path) -> None:
    """One point per group, in percent, with its interval, on the diagonal where risks are right."""
    text = "risk,churn_rate,churn_rate_low,churn_rate_high\n0.1,0.2,0.05,0.4\n0.5,0.5,0.3,0.8\n"
    [axis] = pictures.calibration(read(tmp_path, text)).axes
    diagonal, points = axis.lines
    assert points.get_xydata().tolist() == [[10, 20], [50, 50]]
    assert (diagonal.get_xdata() == diagonal.get_ydata()).all()
    [intervals] = axis.collections
    assert [segment.tolist() for segment in intervals.get_segments()] == [[[10, 5], [10, 40]], [[50, 30], [50, 80]]]
    assert axis.get_xlim()[1] == axis.get_ylim()[1] > 80


def test_the_first_tier_is_on_top(tmp_path: Path) -> None:
    """Tiers from the top down, churn rates and shares of money in percent."""
    text = (
        "tier,churn_rate,churn_rate_low,churn_rate_high,money_share\nhigh,0.5,0.4,0.6,0.75\nlow,0.25,0.125,0.375,0.25\n"
    )
    rates, money = pictures.tiers(read(tmp_path, text)).axes
    assert rates.lines[0].get_xydata().tolist() == [[50, 1], [25, 0]]
    assert [bar.get_width() for bar in money.patches] == [75, 25]
    assert [(label.get_position()[1], label.get_text()) for label in rates.get_yticklabels()] == [
        (1, "high"),
        (0, "low"),
    ]


def test_differences_are_beside_zero(tmp_path: Path) -> None:
    """From the top down, with their intervals; what lies across the line of zero isn't shown to be better."""
    text = (
        "against,auc,auc_low,auc_high,log_loss,log_loss_low,log_loss_high\n"
        "recency,0.1,0.05,0.15,-0.02,-0.03,-0.01\nbg_nbd,0.0,-0.01,0.01,0.0,-0.01,0.01\n"
    )
    ranking, loss = pictures.against(read(tmp_path, text)).axes
    assert ranking.lines[-1].get_xydata().tolist() == [[0.1, 1], [0, 0]]
    assert loss.lines[-1].get_xydata().tolist() == [[-0.02, 1], [0, 0]]
    assert [label.get_text() for label in ranking.get_yticklabels()] == ["recency", "bg_nbd"]


def test_each_group_shows_what_was_said_beside_what_happened(tmp_path: Path) -> None:
    """In percent, under the name of what tells them apart; a group too small for an AUC has none."""
    text = (
        "by,group,churn_rate,churn_rate_low,churn_rate_high,risk,auc,auc_low,auc_high\n"
        "value,lowest third,0.25,0.2,0.3,0.5,0.75,0.5,1.0\nvalue,middle third,0.5,0.125,0.75,0.25,,,\n"
    )
    level, ranking = pictures.groups(read(tmp_path, text)).axes
    said, happened = level.lines
    assert said.get_xydata().tolist() == [[50, 1], [25, 0]]
    assert happened.get_xydata().tolist() == [[25, 1], [50, 0]]
    assert ranking.lines[-1].get_xydata().tolist() == [[0.75, 1]]
    assert [label.get_text() for label in level.get_yticklabels()] == ["value: lowest third", "value: middle third"]


def test_the_most_important_feature_is_on_top(tmp_path: Path) -> None:
    """In the order of the file, from the top down."""
    [axis] = pictures.importance(read(tmp_path, "feature,gain\nrecency_days,0.75\ntenure_days,0.25\n")).axes
    assert [(bar.get_y() + bar.get_height() / 2, bar.get_width()) for bar in axis.patches] == [(1, 75), (0, 25)]
    assert [label.get_text() for label in axis.get_yticklabels()] == ["recency_days", "tenure_days"]


def test_every_picture_is_of_a_plot_that_a_stage_writes(finished: House) -> None:
    """A picture whose plot was renamed would never be drawn again without anybody noticing."""
    assert set(pictures.PICTURES) == {path.stem for path in (finished.reports / "plots").glob("*/*.csv")}

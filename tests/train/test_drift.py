"""Is the past still a guide: by hand."""

from datetime import date, timedelta

import pytest

from churnml.train.drift import drift

START = date(2023, 1, 1)


def cutoff(day, split, rate, customers=10_000):
    """A cutoff, so many days after the first event."""
    return {
        "as_of": str(START + timedelta(days=day)), "split": split, "customers": customers, "churn_rate": rate
    }  # fmt: skip


def drifts(cutoffs, visits=None):
    """The drift of cutoffs, each with its visits per customer and day."""
    counted = visits or [1.0] * len(cutoffs)
    volumes = {one["as_of"]: {"activity": volume} for one, volume in zip(cutoffs, counted, strict=True)}
    return drift(cutoffs, {"start": str(START), "volumes": volumes}, 28)


def test_the_newest_cutoffs_against_those_of_training():
    """.12 and .14 of training make .13; .18 at the test is .05 more."""
    said = drifts([cutoff(100, "train", 0.12), cutoff(130, "train", 0.14), cutoff(160, "test", 0.18)])
    assert (said["expected"], said["difference"], said["seasons"]) == (0.13, 0.05, False)
    assert said["warnings"] == [
        "the churn rate drifts: 18.0% left at the newest cutoffs, 13.0% at the training cutoffs (there is no such season "
        "a year before to compare with); don't trust the level of risks"
    ]


def test_three_points_are_no_drift():
    """.03 isn't above .03."""
    assert drifts([cutoff(100, "train", 0.12), cutoff(130, "test", 0.15)])["warnings"] == []


def test_chance_is_no_drift():
    """Of a hundred customers six more may leave by chance."""
    few = [cutoff(100, "train", 0.12, 100), cutoff(130, "test", 0.18, 100)]
    assert drifts(few)["warnings"] == []


def test_a_season_is_no_drift():
    """Churn doubles every summer; the summer before it did so, too, after six months of history."""
    season = [cutoff(200, "train", 0.3), cutoff(380, "train", 0.15), cutoff(564, "test", 0.3)]
    said = drifts(season)
    assert (said["seasons"], said["difference"], said["warnings"]) == (True, 0, [])


def test_a_year_before_that_is_too_young_is_no_season():
    """The same with a reference after five months: everybody looked new then, so all of training is compared with."""
    young = [cutoff(150, "train", 0.3), cutoff(330, "train", 0.1), cutoff(514, "test", 0.3)]
    said = drifts(young)
    assert (said["seasons"], said["expected"]) == (False, 0.2)


@pytest.mark.parametrize("visits", [[1.0, 1.0, 0.5], [0.5, 0.5, 1.0]])
def test_a_table_of_which_half_is_no_longer_counted(visits):
    """The churn rate is the same, but customers have half the visits, or twice as many."""
    said = drifts([cutoff(100, "train", 0.1), cutoff(130, "train", 0.1), cutoff(160, "test", 0.1)], visits)
    assert [one["table"] for one in said["inputs"]] == ["activity"]
    assert said["warnings"] == [
        f"activity has {visits[2]:.3g} rows per customer and day at the newest cutoffs, {visits[0]:.3g} at the training "
        f"cutoffs: is the same still counted?"
    ]


def test_a_handful_of_rows_says_nothing():
    """Twenty rows in four weeks, then ten."""
    cutoffs = [cutoff(100, "train", 0.1, 100), cutoff(130, "test", 0.1, 100)]
    assert drifts(cutoffs, [20 / 2800, 10 / 2800])["inputs"] == []

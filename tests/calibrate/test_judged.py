"""Predictions beside what happened, by hand."""

from datetime import date

import numpy as np
import pytest

from churnml.calibrate.groups import by_group
from churnml.config import Tier
from churnml.lead import lead_time
from churnml.tiers import Decision
from predictions import judged, predicted

TWO = (Tier(name="high", capacity=2), Tier(name="low"))


def test_as_many_by_each_baseline_as_the_team_can_call():
    """The model calls a and b, of whom a left with 30 of the 40 that left; recency calls c and d, of whom d left."""
    rows = predicted([1, 0, 0, 1], [0.9, 0.8, 0.2, 0.1], baselines={"recency": [0.1, 0.2, 0.9, 0.8]})
    said = judged(rows, [30, 10, 10, 10]).measured(Decision(TWO, "risk"))
    names = ("recall_at_capacity", "money_at_capacity", "lift_at_capacity")
    assert [said["test"][name] for name in names] == [0.5, 0.75, 1.0]
    assert [said["recency"][name] for name in names] == [0.5, 0.25, 1.0]


def test_each_list_has_its_own_capacity():
    """Two cutoffs, one call each: both leavers are called, though one cutoff is riskier throughout."""
    rows = predicted([1, 0, 1, 0], [0.9, 0.8, 0.2, 0.1], as_of=[date(2024, month, 1) for month in (1, 1, 2, 2)])
    said = judged(rows).measured(Decision((Tier(name="high", capacity=1), Tier(name="low")), "risk"))
    assert said["test"]["recall_at_capacity"] == 1


def test_differences_are_paired():
    """The same risks: no difference at all, and no interval; the opposite: a whole AUC."""
    rows = predicted([1, 0] * 20, [0.8, 0.2] * 20, baselines={"same": [0.8, 0.2] * 20, "worse": [0.2, 0.8] * 20})
    said = judged(rows).differences()
    assert set(said["same"].values()) == {0.0}
    assert (said["worse"]["auc"], said["worse"]["auc_low"]) == (1, 1)
    assert said["worse"]["log_loss_high"] < 0


def test_a_baseline_that_is_silent_on_some_is_compared_on_the_others():
    """The model of a cutoff before is unknown at the first: only the last four rows count."""
    before = [None] * 4 + [0.2, 0.8, 0.2, 0.8]
    rows = predicted([1, 0] * 4, [0.2, 0.8] * 2 + [0.8, 0.2] * 2, baselines={"previous": before})
    assert judged(rows).differences()["previous"]["auc"] == 1


def test_groups_by_tenure_and_value():
    """Customers of three tenures; of the newest, half left where a tenth was said."""
    count = 120
    tenure = [10.0] * 40 + [100.0] * 40 + [400.0] * 40
    label = [1, 0] * 20 + ([1] + [0] * 9) * 8
    rows = predicted(label, [0.1] * count, tenure_days=tenure, baselines={"recency": [0.1] * count})
    said = {(one["by"], one["group"]): one for one in by_group(judged(rows, np.arange(count)), rows)}
    assert [group for by, group in said if by == "tenure"] == ["under 90 days", "90 to 364 days", "a year and longer"]
    newest = said["tenure", "under 90 days"]
    assert (newest["snapshots"], newest["left"], newest["churn_rate"], newest["risk"]) == (40, 20, 0.5, 0.1)
    assert newest["note"] == "more leave than said; no order can be shown"
    assert said["tenure", "a year and longer"]["note"] == "too few to tell"
    assert [one["snapshots"] for (by, _), one in said.items() if by == "value"] == [40, 40, 40]


def test_small_segments_are_told_together():
    """Of ten segments eight are named; who has none is unknown."""
    names = [f"s{number}" for number in range(9) for _ in range(9 - number)] + ["", "last"]
    rows = predicted([0, 1] * 23 + [0], [0.5] * 47, segment=names)
    groups = [one["group"] for one in by_group(judged(rows), rows)]
    assert groups == [*(f"s{number}" for number in range(8)), "others"]


def lists(*rows):
    """(as_of, tier, left_on) of one customer, by month and day."""
    days = [date(2024, *map(int, day.split("-"))) for day, _, _ in rows]
    left = [None if day is None else date(2024, *map(int, day.split("-"))) for _, _, day in rows]
    table = predicted(
        [int(day is not None) for day in left], [0.5] * len(rows), customers=["a"] * len(rows), as_of=days, left_on=left
    )
    return lead_time(table, np.array([tier for _, tier, _ in rows]))


def test_lead_time_is_from_the_first_entry_to_the_last_purchase():
    """In the first tier from February 1; bought last on March 2, 30 days later."""
    said = lists(("1-1", 1, None), ("2-1", 0, None), ("3-1", 0, "3-2"), ("4-1", 0, "3-2"))
    assert said == {"departures": 1, "warned": 1, "in_time": 1, "days_25": 30, "days_50": 30, "days_75": 30}


def test_who_is_noticed_after_the_last_purchase_is_noticed_late():
    """Bought last on January 20, entered on February 1: twelve days too late."""
    said = lists(("1-1", 1, None), ("2-1", 0, "1-20"))
    assert (said["warned"], said["in_time"], said["days_50"]) == (1, 0, -12)


def test_who_comes_back_starts_anew():
    """Left in January in time, came back, left in April without ever having been in the first tier again."""
    said = lists(("1-1", 0, "1-3"), ("2-1", 1, None), ("3-1", 1, "4-2"))
    assert (said["departures"], said["warned"], said["days_50"]) == (2, 0.5, 2)


def test_where_no_day_of_leaving_is_known_there_is_no_lead_time():
    """A label column says that somebody left, not when."""
    assert lead_time(predicted([1, 0], [0.5, 0.5]), np.array([0, 0])) is None


def test_profit_is_of_the_average_customer():
    """Worth 200 on average: a perfect ranking of one in two earns what the published formula gives; see test_profit."""
    rows = predicted([1, 0] * 10, [0.9, 0.1] * 10)
    said = judged(rows, [200] * 20).measured(Decision(TWO, "risk"))["test"]
    assert said["profit"] == pytest.approx(0.5 * (0.3 * (200 - 10) - 1), abs=0.01)

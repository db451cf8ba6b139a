"""What happened to a tier's like, by hand."""

from dataclasses import replace

import numpy as np
import pytest

from churnml.calibrate.history import tier_history, tiers_then
from churnml.calibrate.judged import Judged
from churnml.config import Tier
from churnml.metrics import resampled
from churnml.tiers import Decision

TIERS = (Tier(name="high", capacity=1), Tier(name="medium", capacity=1), Tier(name="low"))

VALUE = np.array([10.0, 10, 30, 10, 10, 10])


def judged(customers, lists, label, risk, value, resamples=50):
    """Predictions, made by hand."""
    names = np.array(customers)
    weights = resampled(names, resamples, 7)
    return Judged(names, np.array(lists), np.array(label), np.array(value, dtype=float), np.array(risk), {}, weights)


ROLLING = judged(
    list("abcabc"), ["1", "1", "1", "2", "2", "2"], [1, 0, 1, 0, 1, 0], [0.9, 0.5, 0.1, 0.2, 0.8, 0.3], VALUE
)  # fmt: skip


def past(rolled, tiers, order="risk"):
    """What happened to the like of each tier."""
    decision = Decision(tiers, order)
    return tier_history(rolled, tiers_then(rolled, decision), decision)


def test_tiers_are_filled_at_each_cutoff_as_they_will_be_today():
    """By risk, high held a then b: both left, with 20 of the 50 in money that left in all."""
    history = past(ROLLING, TIERS)
    assert history["high"] == {
        "cutoffs": 2,
        "customers": 2,
        "left": 2,
        "churn_rate": 1.0,
        "churn_rate_low": pytest.approx(0.34238, abs=1e-5),
        "churn_rate_high": 1.0,
        "next_low": pytest.approx(0.0, abs=0.05),
        "next_high": pytest.approx(1.0, abs=0.05),
        "risk": 0.85,
        "money_share": 0.4,
        "by_list": [[1, 1], [1, 1]],
    }
    assert [(name, tier["customers"], tier["left"], tier["risk"]) for name, tier in history.items()] == [
        ("high", 2, 2, 0.85),
        ("medium", 2, 0, 0.4),
        ("low", 2, 1, 0.15),
    ]
    assert [tier["money_share"] for tier in history.values()] == [0.4, 0, 0.6]


def test_the_order_decides_who_was_in_which_tier():
    """By expected loss, 9, 5 and 12, then 2, 8 and 3: high held c, then b, with 40 of the 50 that left."""
    history = past(replace(ROLLING, risk=np.array([0.9, 0.5, 0.4, 0.2, 0.8, 0.3])), TIERS, "expected_loss")
    assert (history["high"]["left"], history["high"]["money_share"]) == (2, 0.8)


def test_a_tier_that_was_never_filled_has_no_past():
    """Nobody was that likely to leave: no rate is made up, and its interval says that anything is possible."""
    history = past(ROLLING, (Tier(name="high", min_risk=0.99), Tier(name="low")))
    assert (history["high"]["customers"], history["high"]["churn_rate"]) == (0, 0)
    assert (history["high"]["churn_rate_low"], history["high"]["churn_rate_high"]) == (0, 1)


def test_the_interval_knows_that_customers_come_again():
    """Ten customers seen at twenty cutoffs tell as much as ten customers, not as two hundred."""
    people = [str(number) for number in range(10)]

    def width(times):
        lists = [str(number) for number in range(times) for _ in people]
        count = 10 * times
        rolled = judged(people * times, lists, [1, 0] * 5 * times, [0.5] * count, np.ones(count), 400)
        said = past(rolled, (Tier(name="all"),))["all"]
        return said["churn_rate_high"] - said["churn_rate_low"]

    assert width(20) == pytest.approx(width(1), abs=0.02)


def test_each_list_knows_the_one_before_it():
    """At cutoff 2 b has the higher risk, but a was in high and keeps the place; at cutoff 3 b is clearly worse."""
    lists = ["2024-01-01 0", "2024-01-29 0", "2024-02-26 0"]
    rolled = judged(
        list("ab") * 3, np.repeat(lists, 2), [0, 1] * 3, [0.5, 0.4, 0.5, 0.6, 0.2, 0.6], np.ones(6)
    )  # fmt: skip
    tiers = (Tier(name="high", capacity=1), Tier(name="low"))
    assert list(tiers_then(rolled, Decision(tiers, hysteresis=0.5))) == [0, 1, 0, 1, 1, 0]
    assert list(tiers_then(rolled, Decision(tiers))) == [0, 1, 1, 0, 1, 0]


def test_repeats_of_one_day_dont_know_each_other():
    """Cross-validation deals the same customers anew; no list comes before another."""
    lists = np.repeat(["2024-01-01 0", "2024-01-01 1"], 2)
    rolled = judged(list("abab"), lists, [0, 1, 0, 1], [0.5, 0.4, 0.5, 0.6], np.ones(4))
    tiers = (Tier(name="high", capacity=1), Tier(name="low"))
    assert list(tiers_then(rolled, Decision(tiers, hysteresis=0.5))) == [0, 1, 1, 0]

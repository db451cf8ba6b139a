"""What happened to a tier's like, by hand."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from churnml.calibrate.history import tier_history
from churnml.config import Tier

TIERS = (Tier(name="high", capacity=1), Tier(name="medium", capacity=1), Tier(name="low"))

ROLLING = pa.table(
    {
        "customer_id": ["a", "b", "c", "a", "b", "c"],
        "as_of": pa.array([date(2024, 1, 1)] * 3 + [date(2024, 2, 1)] * 3, pa.date32()),
        "label": pa.array([1, 0, 1, 0, 1, 0], pa.int8()),
        "score": [0.9, 0.5, 0.1, 0.2, 0.8, 0.3],
    }
)
BOOTSTRAP = {"resamples": 50, "seed": 7}
VALUE = np.array([10.0, 10, 30, 10, 10, 10])


def test_tiers_are_filled_at_each_cutoff_as_they_will_be_today():
    """By risk, high held a then b: both left, with 20 of the 50 in money that left in all."""
    history = tier_history(ROLLING, VALUE, TIERS, "risk", **BOOTSTRAP)
    assert history["high"] == {
        "cutoffs": 2,
        "customers": 2,
        "left": 2,
        "churn_rate": 1.0,
        "churn_rate_low": pytest.approx(0.34238, abs=1e-5),
        "churn_rate_high": 1.0,
        "risk": 0.85,
        "money_share": 0.4,
    }
    assert [(name, tier["customers"], tier["left"], tier["risk"]) for name, tier in history.items()] == [
        ("high", 2, 2, 0.85),
        ("medium", 2, 0, 0.4),
        ("low", 2, 1, 0.15),
    ]
    assert [tier["money_share"] for tier in history.values()] == [0.4, 0, 0.6]


def test_the_order_decides_who_was_in_which_tier():
    """By expected loss, 9, 5 and 12, then 2, 8 and 3: high held c, then b, with 40 of the 50 that left."""
    few = pa.table({**{name: ROLLING[name] for name in ROLLING.schema.names}, "score": [0.9, 0.5, 0.4, 0.2, 0.8, 0.3]})
    history = tier_history(few, VALUE, TIERS, "expected_loss", **BOOTSTRAP)
    assert (history["high"]["left"], history["high"]["money_share"]) == (2, 0.8)


def test_a_tier_that_was_never_filled_has_no_past():
    """Nobody was that likely to leave: no rate is made up, and its interval says that anything is possible."""
    history = tier_history(ROLLING, VALUE, (Tier(name="high", min_risk=0.99), Tier(name="low")), "risk", **BOOTSTRAP)
    assert (history["high"]["customers"], history["high"]["churn_rate"]) == (0, 0)
    assert (history["high"]["churn_rate_low"], history["high"]["churn_rate_high"]) == (0, 1)


def test_the_interval_knows_that_customers_come_again():
    """Ten customers seen at twenty cutoffs tell as much as ten customers, not as two hundred."""
    people = [str(number) for number in range(10)]
    days = [date(2024, 1, 1).replace(day=1 + day) for day in range(20)]
    once = {"customer_id": people, "label": pa.array([1, 0] * 5, pa.int8()), "score": [0.5] * 10}
    rows = [pa.table({**once, "as_of": pa.array([day] * 10, pa.date32())}) for day in days]
    everybody = (Tier(name="all"),)

    def width(rolling):
        said = tier_history(rolling, np.ones(rolling.num_rows), everybody, "risk", resamples=400, seed=7)["all"]
        return said["churn_rate_high"] - said["churn_rate_low"]

    assert width(pa.concat_tables(rows)) == pytest.approx(width(rows[0]), abs=0.02)

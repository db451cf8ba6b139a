"""Quality on cutoffs that the model hadn't seen."""

from datetime import date

import numpy as np
import pytest

from churnml.calibrate.quality import by_cutoff, calibration_table
from churnml.metrics import auc, log_loss_, resampled
from predictions import judged, predicted


def test_calibration_by_hand():
    """Two groups of two, from the safest: mean risk beside what happened."""
    rows = calibration_table(np.array([1, 0, 1, 0]), np.array([0.9, 0.2, 0.7, 0.1]), groups=2)
    assert rows == [
        {"group": 1, "customers": 2, "risk": 0.15, "churn_rate": 0, "churn_rate_low": 0, "churn_rate_high": 0.657620},
        {"group": 2, "customers": 2, "risk": 0.8, "churn_rate": 1, "churn_rate_low": 0.342380, "churn_rate_high": 1},
    ]


def test_fewer_customers_than_groups():
    """An empty group isn't a row."""
    assert [row["customers"] for row in calibration_table(np.array([1, 0]), np.array([0.9, 0.2]))] == [1, 1]


FEBRUARY, MARCH = date(2024, 2, 1), date(2024, 3, 1)
ROLLING = predicted(
    [0, 0, 0, 1, 0, 1, 0],
    [0.1, 0.2, 0.6, 0.9, 0.5, 0.3, 0.1],
    customers=["a", "b", "c", "a", "b", "c", "d"],
    as_of=[MARCH] * 3 + [FEBRUARY] * 4,
)


def cutoffs(rows):
    """Quality at each cutoff."""
    return by_cutoff(judged(rows), np.array([str(day) for day in rows["as_of"].to_pylist()]))


def test_quality_by_cutoff_by_hand():
    """February: 3 of 4 pairs in order, -(ln 0.9 + ln 0.5 + ln 0.3 + ln 0.9) / 4. In March all stayed: nothing to rank."""
    february, march = cutoffs(ROLLING)
    ends = {f"{name}_{end}" for name in ("auc", "log_loss") for end in ("low", "high")}
    numbers = {name: value for name, value in february.items() if name not in ends}
    assert numbers == {
        "as_of": "2024-02-01", "customers": 4, "churn_rate": 0.5, "risk": 0.45, "auc": 0.75, "log_loss": 0.52696,
    }  # fmt: skip
    assert set(february) == set(numbers) | ends
    assert march == {"as_of": "2024-03-01", "customers": 3, "churn_rate": 0.0, "risk": 0.3}


def test_intervals_of_a_cutoff_are_those_of_its_resamples():
    """The middle 95 % of the metric over resampled customers of this cutoff, draws of one class left out."""
    rows = ROLLING.slice(3)
    label, risk = rows["label"].to_numpy(), rows["score"].to_numpy()
    weights = resampled(np.array(["a", "b", "c", "d"]), 50, 7)
    both = [weight for weight in weights if 0 < weight[label == 1].sum() < weight.sum()]
    assert 0 < len(both) < 50
    february = cutoffs(rows)[0]
    for metric, name, drawn in ((auc, "auc", both), (log_loss_, "log_loss", both)):
        values = [metric(label[weight > 0], risk[weight > 0], weight[weight > 0]) for weight in drawn]
        ends = np.quantile(values, [0.025, 0.975])
        assert (february[f"{name}_low"], february[f"{name}_high"]) == pytest.approx(tuple(ends), abs=1e-6)


def test_what_a_cutoff_says_is_its_own():
    """What happened at other cutoffs changes nothing but the ends of its intervals: the resamples are of all customers."""
    ends = ("_low", "_high")
    alone, among = cutoffs(ROLLING.slice(3))[0], cutoffs(ROLLING)[0]
    assert {name: alone[name] for name in alone if not name.endswith(ends)} == {
        name: among[name] for name in among if not name.endswith(ends)
    }

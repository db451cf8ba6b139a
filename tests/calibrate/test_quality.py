"""Quality on cutoffs that the model hadn't seen."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from churnml.calibrate.quality import calibration_table, quality, quality_by_cutoff
from churnml.contracts.files import PREDICTIONS
from churnml.errors import DataError
from churnml.metrics import METRICS, auc, log_loss_, resampled


def predicted(label, score, **baselines):
    """Predictions on one cutoff."""
    count = len(label)
    rows = {
        "customer_id": [f"{number:03d}" for number in range(count)],
        "as_of": [date(2024, 1, 1)] * count,
        "split": ["test"] * count,
        "label": label,
        "contacted": [None] * len(label),
        "spend": [1.0] * count,
        "score": score,
    }
    table = pa.table(rows, schema=PREDICTIONS)
    for name, scores in baselines.items():
        table = table.append_column(name, pa.array(scores))
    return table


def test_the_model_stands_beside_its_baselines():
    """Each with the same metrics and intervals; size, churn rate and mean risk are said once."""
    label, score = [0, 1] * 20, [0.2, 0.6] * 20
    said = quality(predicted(label, score, recency=[0.5] * 40), resamples=20, seed=7)
    names = {f"{name}{end}" for name in METRICS for end in ("", "_low", "_high")}
    assert set(said["baselines"]) == {"recency"}
    assert set(said["baselines"]["recency"]) == names
    assert set(said["test"]) == names | {"snapshots", "customers", "churn_rate", "risk"}
    assert (said["test"]["customers"], said["test"]["churn_rate"], said["test"]["risk"]) == (40, 0.5, 0.4)
    assert (said["test"]["auc"], said["baselines"]["recency"]["auc"]) == (1, 0.5)


@pytest.mark.parametrize(("label", "did"), [([1] * 4, "left"), ([0] * 4, "stayed")])
def test_one_class_cant_be_measured(label, did):
    """Where everybody did the same there is no ranking to judge."""
    with pytest.raises(DataError) as refused:
        quality(predicted(label, [0.1, 0.2, 0.3, 0.4]), resamples=20, seed=7)
    assert str(refused.value) == (
        f"all 4 test snapshots {did}: quality can't be measured; choose other panel.test cutoffs"
    )


def test_calibration_by_hand():
    """Two groups of two, from the safest: mean risk beside what happened."""
    rows = calibration_table(predicted([1, 0, 1, 0], [0.9, 0.2, 0.7, 0.1]), groups=2)
    assert rows == [
        {"group": 1, "customers": 2, "risk": 0.15, "churn_rate": 0, "churn_rate_low": 0, "churn_rate_high": 0.657620},
        {"group": 2, "customers": 2, "risk": 0.8, "churn_rate": 1, "churn_rate_low": 0.342380, "churn_rate_high": 1},
    ]


def test_fewer_customers_than_groups():
    """An empty group isn't a row."""
    assert [row["customers"] for row in calibration_table(predicted([1, 0], [0.9, 0.2]))] == [1, 1]


FEBRUARY, MARCH = date(2024, 2, 1), date(2024, 3, 1)
ROLLING = pa.table(
    {
        "customer_id": ["a", "b", "c", "a", "b", "c", "d"],
        "as_of": pa.array([MARCH] * 3 + [FEBRUARY] * 4, pa.date32()),
        "split": ["train"] * 7,
        "label": pa.array([0, 0, 0, 1, 0, 1, 0], pa.int8()),
        "contacted": [None] * 7,
        "spend": [1.0] * 7,
        "score": [0.1, 0.2, 0.6, 0.9, 0.5, 0.3, 0.1],
    },
    schema=PREDICTIONS,
)


def test_quality_by_cutoff_by_hand():
    """February: 3 of 4 pairs in order, -(ln 0.9 + ln 0.5 + ln 0.3 + ln 0.9) / 4. In March all stayed: nothing to rank."""
    february, march = quality_by_cutoff(ROLLING, resamples=50, seed=7)
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
    february = quality_by_cutoff(ROLLING, resamples=50, seed=7)[0]
    for metric, name, drawn in ((auc, "auc", both), (log_loss_, "log_loss", both)):
        values = [metric(label[weight > 0], risk[weight > 0], weight[weight > 0]) for weight in drawn]
        ends = np.quantile(values, [0.025, 0.975])
        assert (february[f"{name}_low"], february[f"{name}_high"]) == pytest.approx(tuple(ends), abs=1e-6)


def test_a_cutoff_stands_alone():
    """What happened at other cutoffs changes nothing of one."""
    assert quality_by_cutoff(ROLLING.slice(3), resamples=50, seed=7) == quality_by_cutoff(ROLLING, 50, 7)[:1]

"""Quality on cutoffs that the model hadn't seen."""

from datetime import date

import pyarrow as pa
import pytest

from churnml.calibrate.quality import calibration_table, quality
from churnml.contracts.files import PREDICTIONS
from churnml.errors import DataError
from churnml.metrics import METRICS


def predicted(label, score, **baselines):
    """Predictions on one cutoff."""
    count = len(label)
    rows = {
        "customer_id": [f"{number:03d}" for number in range(count)],
        "as_of": [date(2024, 1, 1)] * count,
        "split": ["test"] * count,
        "label": label,
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
    assert [row[:4] for row in rows] == [(1, 2, 0.15, 0), (2, 2, 0.8, 1)]
    assert all(low <= rate <= high for _, _, _, rate, low, high in rows)


def test_fewer_customers_than_groups():
    """An empty group isn't a row."""
    assert [row[1] for row in calibration_table(predicted([1, 0], [0.9, 0.2]))] == [1, 1]

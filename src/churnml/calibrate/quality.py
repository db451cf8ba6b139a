"""How good the risks were on cutoffs that the model hadn't seen, beside the baselines."""

from typing import Any

import numpy as np
import pyarrow as pa

from churnml.contracts.files import PREDICTIONS
from churnml.errors import DataError
from churnml.metrics import measure_with_intervals, resampled, share_interval


def quality(tested: pa.Table, resamples: int, seed: int) -> dict[str, Any]:
    """Metrics of the evaluation booster and of each baseline on the test cutoffs, with intervals.

    Args:
        tested: predictions on the test cutoffs; baselines are further columns.
        resamples: bootstrap resamples of customers.
        seed: of the bootstrap.

    Raises:
        DataError: everybody in the test cutoffs left, or nobody did.
    """
    label = tested["label"].to_numpy()
    if not 0 < label.sum() < len(label):
        raise DataError(
            f"all {len(label):,} test snapshots {'left' if label.all() else 'stayed'}: quality can't be measured; "
            f"choose other panel.test cutoffs"
        )
    customers = tested["customer_id"].to_numpy(zero_copy_only=False).astype(str)
    weights = resampled(customers, resamples, seed)

    def measured(column: str) -> dict[str, float]:
        numbers = measure_with_intervals(label, tested[column].to_numpy(), weights)
        return {name: round(number, 6) for name, number in numbers.items()}

    size = {
        "snapshots": len(label),
        "customers": len(np.unique(customers)),
        "churn_rate": round(float(label.mean()), 6),
    }
    risk = {"risk": round(float(tested["score"].to_numpy().mean()), 6)}
    baselines = [name for name in tested.schema.names if name not in PREDICTIONS.names]
    return {"test": {**size, **risk, **measured("score")}, "baselines": {name: measured(name) for name in baselines}}


def quality_by_cutoff(rolling: pa.Table, resamples: int, seed: int) -> list[dict[str, Any]]:
    """Each cutoff as predicted by a model that knew only what had been labelled before it, in order of time.

    Args:
        rolling: out-of-time predictions.
        resamples: bootstrap resamples of customers.
        seed: of the bootstrap.

    Returns:
        by cutoff: as_of, customers, churn_rate, risk (mean), and, where somebody left and somebody stayed, auc and
        log_loss with their 95 % intervals (_low, _high).
    """
    moments = np.array([str(moment) for moment in rolling["as_of"].to_pylist()])
    said = []
    for moment in np.unique(moments):
        rows = rolling.filter(pa.array(moments == moment))
        label, risk = rows["label"].to_numpy(), rows["score"].to_numpy()
        weights = resampled(rows["customer_id"].to_numpy(zero_copy_only=False).astype(str), resamples, seed)
        numbers = {"churn_rate": float(label.mean()), "risk": float(risk.mean())}
        if 0 < label.sum() < len(label):
            numbers |= measure_with_intervals(label, risk, weights, ("auc", "log_loss"))
        rounded = {name: round(number, 6) for name, number in numbers.items()}
        said.append({"as_of": str(moment), "customers": len(label), **rounded})
    return said


def calibration_table(tested: pa.Table, groups: int = 10) -> list[dict[str, float]]:
    """Equally large groups of risk: group, customers, mean risk, churn_rate, and its 95 % interval (_low, _high)."""
    risk, label = tested["score"].to_numpy(), tested["label"].to_numpy()
    rows: list[dict[str, float]] = []
    for number, members in enumerate(np.array_split(np.argsort(risk, kind="stable"), groups), start=1):
        if len(members):
            low, high = share_interval(int(label[members].sum()), len(members))
            shares = {
                "risk": float(risk[members].mean()),
                "churn_rate": float(label[members].mean()),
                "churn_rate_low": low,
                "churn_rate_high": high,
            }
            rounded = {name: round(share, 6) for name, share in shares.items()}
            rows.append({"group": number, "customers": len(members), **rounded})
    return rows

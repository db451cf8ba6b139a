"""Tables of the report: quality at each cutoff, and what happened to tenths of the risk."""

from typing import Any

import numpy as np

from churnml.calibrate.judged import Judged
from churnml.metrics import measure_with_intervals, share_interval


def by_cutoff(judged: Judged, moments: np.ndarray) -> list[dict[str, Any]]:
    """Each cutoff as predicted by a model that knew only what had been labelled before it, in order of time.

    Args:
        judged: out-of-time predictions.
        moments: the cutoff of each, as ISO days.

    Returns:
        by cutoff: as_of, customers, churn_rate, risk (mean), and, where somebody left and somebody stayed, auc and
        log_loss with their 95 % intervals (_low, _high).
    """
    said = []
    for moment in np.unique(moments):
        here = judged.where(moments == moment)
        numbers = {"churn_rate": float(here.label.mean()), "risk": float(here.risk.mean())}
        if here.measurable:
            numbers |= measure_with_intervals(here.label, here.risk, here.weights, ("auc", "log_loss"))
        rounded = {name: round(number, 6) for name, number in numbers.items()}
        said.append({"as_of": str(moment), "customers": len(np.unique(here.customers)), **rounded})
    return said


def calibration_table(label: np.ndarray, risk: np.ndarray, groups: int = 10) -> list[dict[str, float]]:
    """Equally large groups of risk: group, customers, mean risk, churn_rate, and its 95 % interval (_low, _high).

    Args:
        label: 1 left, 0 stayed.
        risk: probability of leaving.
        groups: how many.
    """
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

"""What happened to the like of a tier: past cutoffs are tiered as today's list will be, then counted."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from churnml.config import Tier
from churnml.metrics import share_interval
from churnml.tiers import assigned, ranked


def tier_history(
    rolling: pa.Table, value: np.ndarray, tiers: Sequence[Tier], order: str
) -> dict[str, dict[str, float]]:
    """Per tier, over all out-of-time cutoffs: how many, how many of them left, and the money that left with them.

    Args:
        rolling: predictions, each cutoff by a model fitted before it.
        value: money at stake, by row of `rolling`.
        tiers: specifications.
        order: who comes first.

    Returns:
        by tier: customers, left, churn_rate with its 95 % interval (_low, _high), risk (mean), money_share (share of
        all that left with churners), cutoffs.
    """
    customers = rolling["customer_id"].to_numpy(zero_copy_only=False).astype(str)
    moments = rolling["as_of"].to_numpy()
    risk, label = rolling["score"].to_numpy(), rolling["label"].to_numpy()
    tier = np.empty(len(label), dtype=int)
    for moment in np.unique(moments):
        rows = np.flatnonzero(moments == moment)
        tier[rows] = assigned(ranked(customers[rows], risk[rows], value[rows], order), risk[rows], tiers)
    lost = float((label * value).sum())
    return {
        spec.name: _one(label[tier == index], risk[tier == index], value[tier == index], lost, len(np.unique(moments)))
        for index, spec in enumerate(tiers)
    }


def _one(label: np.ndarray, risk: np.ndarray, value: np.ndarray, lost: float, cutoffs: int) -> dict[str, float]:
    count, left = len(label), int(label.sum())
    low, high = share_interval(left, count)
    return {
        "cutoffs": cutoffs,
        "customers": count,
        "left": left,
        "churn_rate": round(left / count, 6) if count else 0.0,
        "churn_rate_low": round(low, 6),
        "churn_rate_high": round(high, 6),
        "risk": round(float(risk.mean()), 6) if count else 0.0,
        "money_share": round(float((label * value).sum()) / lost, 6) if lost else 0.0,
    }

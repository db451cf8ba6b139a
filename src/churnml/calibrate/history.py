"""What happened to the like of a tier: past cutoffs are tiered as today's list will be, then counted."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from churnml.config import Tier
from churnml.metrics import interval, resampled, share_interval
from churnml.tiers import assigned, ranked


def tier_history(
    rolling: pa.Table, value: np.ndarray, tiers: Sequence[Tier], order: str, *, resamples: int, seed: int
) -> dict[str, dict[str, float]]:
    """Per tier, over all out-of-time cutoffs: how many, how many of them left, and the money that left with them.

    Args:
        rolling: predictions, each cutoff by a model fitted before it.
        value: money at stake, by row of `rolling`.
        tiers: specifications.
        order: who comes first.
        resamples: bootstrap resamples of customers behind the intervals; a customer appears at many cutoffs.
        seed: of the bootstrap.

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
    weights = resampled(customers, resamples, seed)
    lost, cutoffs = float((label * value).sum()), len(np.unique(moments))
    history = {}
    for index, spec in enumerate(tiers):
        rows = tier == index
        low, high = _interval(label[rows], weights[:, rows])
        history[spec.name] = {"cutoffs": cutoffs, **_one(label[rows], risk[rows], value[rows], lost, low, high)}
    return history


def _one(
    label: np.ndarray, risk: np.ndarray, value: np.ndarray, lost: float, low: float, high: float
) -> dict[str, float]:
    count, left = len(label), int(label.sum())
    return {
        "customers": count,
        "left": left,
        "churn_rate": round(left / count, 6) if count else 0.0,
        "churn_rate_low": round(low, 6),
        "churn_rate_high": round(high, 6),
        "risk": round(float(risk.mean()), 6) if count else 0.0,
        "money_share": round(float((label * value).sum()) / lost, 6) if lost else 0.0,
    }


def _interval(label: np.ndarray, weights: np.ndarray) -> tuple[float, float]:
    """95 % interval of the churn rate; anything is possible where nobody was, Wilson's where all or none left."""
    left, count = int(label.sum()), len(label)
    if left in (0, count):
        return share_interval(left, count)
    totals = weights.sum(axis=1)
    rates = (weights @ label)[totals > 0] / totals[totals > 0]
    return interval(rates)

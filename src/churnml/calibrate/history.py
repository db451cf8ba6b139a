"""What happened to the like of a tier: past cutoffs are tiered as today's list will be, then counted."""

from typing import Any

import numpy as np

from churnml.calibrate.judged import Judged
from churnml.metrics import interval, next_interval, share_interval
from churnml.tiers import Before, Decision


def tiers_then(rolled: Judged, decision: Decision) -> np.ndarray:
    """The tier of every row, as an index, had a list been made at each cutoff, in order of time.

    Args:
        rolled: out-of-time predictions, each cutoff by a model fitted before it.
        decision: how customers get into tiers; each list knows the one before it.
    """
    tier = np.empty(len(rolled.label), dtype=int)
    earlier: dict[str, tuple[int, float]] | None = None
    for name in np.unique(rolled.lists):
        rows = np.flatnonzero(rolled.lists == name)
        customers = rolled.customers[rows]
        before = None if earlier is None else Before.of(customers, earlier, len(decision.tiers))
        placed = decision.place(customers, rolled.risk[rows], rolled.value[rows], before)
        tier[rows] = placed.tier
        then = zip(placed.tier, placed.steady, strict=True)
        earlier = dict(zip(customers, then, strict=True)) if rolled.dated else None
    return tier


def tier_history(rolled: Judged, tier: np.ndarray, decision: Decision) -> dict[str, dict[str, Any]]:
    """Per tier, over all out-of-time cutoffs: how many, how many of them left, and the money that left with them.

    Args:
        rolled: out-of-time predictions; intervals are over customers, who appear at many cutoffs.
        tier: of each row, by `tiers_then`.
        decision: its tiers.

    Returns:
        by tier: customers, left, churn_rate with its 95 % interval (_low, _high), next_low and next_high (between which the
        rate of one more such list lies, 95 times in 100), risk (mean), money_share (share of all that left with churners),
        cutoffs, by_list (of each list in order of time, how many left of how many).
    """
    lost, cutoffs = float((rolled.label * rolled.value).sum()), len(np.unique(rolled.lists))
    history = {}
    for index, name in enumerate(decision.names):
        history[name] = {"cutoffs": cutoffs, **_one(rolled.where(tier == index), lost)}
    return history


def _one(here: Judged, lost: float) -> dict[str, Any]:
    count = len(here.label)
    low, high = _interval(here)
    lists, place = np.unique(here.lists, return_inverse=True)
    size, left = np.bincount(place, minlength=len(lists)), np.bincount(place, here.label, len(lists))
    next_low, next_high = next_interval(left, size, int(np.median(size)) if count else 0)
    return {
        "customers": count,
        "left": here.left,
        "churn_rate": round(here.left / count, 6) if count else 0.0,
        "churn_rate_low": round(low, 6),
        "churn_rate_high": round(high, 6),
        "next_low": round(next_low, 6),
        "next_high": round(next_high, 6),
        "risk": round(float(here.risk.mean()), 6) if count else 0.0,
        "money_share": round(float((here.label * here.value).sum()) / lost, 6) if lost else 0.0,
        "by_list": [[int(gone), int(all_)] for gone, all_ in zip(left, size, strict=True)],
    }


def _interval(here: Judged) -> tuple[float, float]:
    """95 % interval of the churn rate; anything is possible where nobody was, Wilson's where all or none left."""
    if not here.measurable:
        return share_interval(here.left, len(here.label))
    totals = here.weights.sum(axis=1)
    return interval((here.weights @ here.label)[totals > 0] / totals[totals > 0])

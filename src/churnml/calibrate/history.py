"""What happened to the like of a tier: past cutoffs are tiered as today's list will be, then counted."""

from collections.abc import Sequence

import numpy as np

from churnml.calibrate.judged import Judged
from churnml.config import Tier
from churnml.metrics import interval, share_interval
from churnml.tiers import assigned, ranked


def tiers_then(rolled: Judged, tiers: Sequence[Tier], order: str) -> np.ndarray:
    """The tier of every row, as an index into `tiers`, had a list been made at each cutoff.

    Args:
        rolled: out-of-time predictions, each cutoff by a model fitted before it.
        tiers: specifications.
        order: who comes first.
    """
    tier = np.empty(len(rolled.label), dtype=int)
    for name in np.unique(rolled.lists):
        rows = np.flatnonzero(rolled.lists == name)
        ranking = ranked(rolled.customers[rows], rolled.risk[rows], rolled.value[rows], order)
        tier[rows] = assigned(ranking, rolled.risk[rows], tiers)
    return tier


def tier_history(rolled: Judged, tier: np.ndarray, tiers: Sequence[Tier]) -> dict[str, dict[str, float]]:
    """Per tier, over all out-of-time cutoffs: how many, how many of them left, and the money that left with them.

    Args:
        rolled: out-of-time predictions; intervals are over customers, who appear at many cutoffs.
        tier: of each row, by `tiers_then`.
        tiers: specifications.

    Returns:
        by tier: customers, left, churn_rate with its 95 % interval (_low, _high), risk (mean), money_share (share of
        all that left with churners), cutoffs.
    """
    lost, cutoffs = float((rolled.label * rolled.value).sum()), len(np.unique(rolled.lists))
    history = {}
    for index, spec in enumerate(tiers):
        here = rolled.where(tier == index)
        low, high = _interval(here)
        history[spec.name] = {"cutoffs": cutoffs, **_one(here, lost, low, high)}
    return history


def _one(here: Judged, lost: float, low: float, high: float) -> dict[str, float]:
    count = len(here.label)
    return {
        "customers": count,
        "left": here.left,
        "churn_rate": round(here.left / count, 6) if count else 0.0,
        "churn_rate_low": round(low, 6),
        "churn_rate_high": round(high, 6),
        "risk": round(float(here.risk.mean()), 6) if count else 0.0,
        "money_share": round(float((here.label * here.value).sum()) / lost, 6) if lost else 0.0,
    }


def _interval(here: Judged) -> tuple[float, float]:
    """95 % interval of the churn rate; anything is possible where nobody was, Wilson's where all or none left."""
    if not here.measurable:
        return share_interval(here.left, len(here.label))
    totals = here.weights.sum(axis=1)
    return interval((here.weights @ here.label)[totals > 0] / totals[totals > 0])

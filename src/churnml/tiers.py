"""Tiers: a decision about risk, value and the team's capacity, made the same way for the past and for today."""

from collections.abc import Sequence

import numpy as np

from churnml.config import Tier


def ranked(customers: np.ndarray, risk: np.ndarray, value: np.ndarray, order: str) -> np.ndarray:
    """Row numbers from the first to call to the last.

    Args:
        customers: ids; they break ties.
        risk: probability of leaving.
        value: money at stake.
        order: `expected_loss` (risk times value, then risk) or `risk` (then value).
    """
    loss = risk * value
    first, then = (loss, risk) if order == "expected_loss" else (risk, value)
    return np.lexsort((customers, -then, -first))


def assigned(ranking: np.ndarray, risk: np.ndarray, tiers: Sequence[Tier]) -> np.ndarray:
    """The tier of every row, as an index into `tiers`.

    Tiers are filled from the top: each takes, in the order of the ranking, those whose risk is high enough, as many as
    its capacity or its share of all allow. The last takes the rest.

    Args:
        ranking: of `ranked`.
        risk: probability of leaving, by row.
        tiers: specifications, the last without a condition.
    """
    out = np.full(len(ranking), len(tiers) - 1)
    waiting = ranking
    for index, tier in enumerate(tiers[:-1]):
        fits = waiting if tier.min_risk is None else waiting[risk[waiting] >= tier.min_risk]
        room = len(fits)
        if tier.capacity is not None:
            room = tier.capacity
        elif tier.share is not None:
            room = round(tier.share * len(ranking))
        out[fits[:room]] = index
        waiting = ranking[out[ranking] == len(tiers) - 1]
    return out

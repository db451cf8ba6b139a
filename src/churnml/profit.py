"""What a ranking earns in a retention campaign: the expected maximum profit measure for customer churn (EMPC)."""

import numpy as np
from scipy.optimize import isotonic_regression
from scipy.special import betaincc

from churnml.config import Profit


def profit_of_contact(risk: np.ndarray, value: np.ndarray, profit: Profit) -> np.ndarray:
    """What contacting one customer is expected to bring, in currency units, by row.

    With the mean acceptance rate γ: risk × γ × (value - offer_cost) - (1 - risk) × offer_cost - contact_cost; without an
    offer, value × risk × γ - contact_cost. The same model as that of `expected_maximum_profit`.

    >>> profit_of_contact(np.array([0.5, 0.1]), np.array([100.0, 100.0]), Profit(offer_cost=0, contact_cost=5))
    array([10., -2.])
    """
    accepted = profit.alpha / (profit.alpha + profit.beta)
    saved = risk * accepted * (value - profit.offer_cost)
    return np.asarray(saved - (1 - risk) * profit.offer_cost - profit.contact_cost)


def expected_maximum_profit(
    label: np.ndarray,
    risk: np.ndarray,
    *,
    value: float,
    offer_cost: float,
    contact_cost: float,
    alpha: float = 6.0,
    beta: float = 14.0,
    weight: np.ndarray | None = None,
) -> tuple[float, float]:
    """Profit of contacting the customers of highest risk, as many as pays best, averaged over the acceptance rate.

    Whoever is contacted costs `contact_cost`. Who would have left accepts the offer at the rate γ ~ Beta(alpha, beta),
    then costs `offer_cost` and keeps `value`; who would have stayed takes the offer and brings nothing. How many are
    contacted is chosen anew for each γ. Only the order of risk counts; equal risks are contacted together or not.

    Source: Verbraken, Verbeke and Baesens 2013, IEEE TKDE 25(5), 961-973; there, `value` is CLV, `offer_cost` δ·CLV
    and `contact_cost` φ·CLV. Alpha and beta, 30 % on average, are theirs.

    Args:
        label: 1 left, 0 stayed.
        risk: anything that is higher for whoever is likelier to leave.
        value: what an average customer who stays is worth, in currency units.
        offer_cost: of an offer that is taken, in currency units, 0 or more.
        contact_cost: of a contact, in currency units, 0 or more.
        alpha: of the acceptance rate, above 0.
        beta: of the acceptance rate, above 0.
        weight: how often each row counts, 0 or more; once each if None.

    Returns:
        Profit per customer in currency units, over all customers and not only the contacted, and the share of customers
        to contact that earns it. Both are 0 where nobody left or nobody stayed, for want of a ranking, and where
        the offer costs all that it could keep.

    Half leave and are on top; any acceptance rate is as likely as another, and above 0.1 a contact with them pays:

    >>> campaign = {"value": 110.0, "offer_cost": 10.0, "contact_cost": 10.0, "alpha": 1.0, "beta": 1.0}
    >>> profit, share = expected_maximum_profit(np.array([1, 0]), np.array([0.9, 0.1]), **campaign)
    >>> round(profit, 6), round(share, 6)
    (20.25, 0.45)
    """
    counts = np.ones(len(label)) if weight is None else weight
    total, left = float(counts.sum()), float(counts[label == 1].sum())
    if not 0 < left < total:
        return 0.0, 0.0
    churn_rate, size = _hull(label, risk, counts)
    gain = churn_rate * (value - offer_cost)
    cost = contact_cost + (1 - churn_rate) * offer_cost
    pays_above = np.divide(cost, gain, out=np.ones_like(cost), where=gain > cost)
    contacted = betaincc(alpha, beta, pays_above)
    accepted = alpha / (alpha + beta) * betaincc(alpha + 1, beta, pays_above)
    profit = np.clip(gain * accepted - cost * contacted, 0, None)
    return float(size @ profit / total), float(size @ contacted / total)


def _hull(label: np.ndarray, risk: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Churn rate and size of each stretch of the ROC curve's convex hull, by rising churn rate.

    The pools that make churn rates rise with risk are the hull's stretches (Fawcett and Niculescu-Mizil 2007).
    """
    counts = weight > 0
    _, tied = np.unique(risk[counts], return_inverse=True)
    size = np.bincount(tied, weight[counts])
    rate = np.bincount(tied, weight[counts] * label[counts]) / size
    pooled = isotonic_regression(rate, weights=size)
    return pooled.x[pooled.blocks[:-1]], pooled.weights

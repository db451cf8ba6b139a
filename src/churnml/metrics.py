"""How good probabilities are: ranking, calibration, lift, each with an interval by resampling customers."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial

import numpy as np
from scipy.special import expit, logit
from scipy.stats import t as student_t
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score

Metric = Callable[[np.ndarray, np.ndarray, np.ndarray], float]
Draws = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]

_TINY = 1e-15
_PRIOR_LISTS = 3
_APART = 0.2


def auc(label: np.ndarray, risk: np.ndarray, weight: np.ndarray) -> float:
    """Chance that somebody who left was given a higher risk than somebody who stayed."""
    return float(roc_auc_score(label, risk, sample_weight=weight))


def auc_error(area: float, left: int, stayed: int) -> float:
    """Standard error of an AUC. Source: Hanley and McNeil 1982.

    >>> round(auc_error(0.9, 20, 20), 3), auc_error(1.0, 5, 5)
    (0.051, 0.0)
    """
    higher, lower = area / (2 - area), 2 * area**2 / (1 + area)
    spread = area * (1 - area) + (left - 1) * (higher - area**2) + (stayed - 1) * (lower - area**2)
    return float(np.sqrt(max(spread, 0.0) / (left * stayed)))


def average_precision(label: np.ndarray, risk: np.ndarray, weight: np.ndarray) -> float:
    """Mean precision over the ranks of those who left."""
    return float(average_precision_score(label, risk, sample_weight=weight))


def log_loss_(label: np.ndarray, risk: np.ndarray, weight: np.ndarray) -> float:
    """Mean negative log likelihood, in nats."""
    return float(log_loss(label, np.clip(risk, _TINY, 1 - _TINY), sample_weight=weight, labels=[0, 1]))


def brier(label: np.ndarray, risk: np.ndarray, weight: np.ndarray) -> float:
    """Mean squared difference between risk and what happened."""
    return float(brier_score_loss(label, risk, sample_weight=weight))


def ece(label: np.ndarray, risk: np.ndarray, weight: np.ndarray, bins: int = 10) -> float:
    """Expected calibration error: |mean risk - churn rate| over equally large groups of risk, weighted by size.

    Equal risks share their churn rate, so that the order of rows doesn't matter where a border runs through them.

    Source: Naeini, Cooper and Hauskrecht 2015, with groups of equal size.

    >>> ece(np.array([0, 1]), np.array([0.25, 0.75]), np.ones(2), bins=1)
    0.0
    """
    _, tied = np.unique(risk, return_inverse=True)
    rate = np.bincount(tied, weight * label) / np.bincount(tied, weight)
    order = np.argsort(tied, kind="stable")
    rate, risk, weight = rate[tied][order], risk[order], weight[order]
    middle = np.cumsum(weight) - weight / 2
    group = np.minimum((middle / weight.sum() * bins).astype(int), bins - 1)
    gaps = np.bincount(group, weight * (risk - rate), bins)
    return float(np.abs(gaps).sum() / weight.sum())


def lift_10(label: np.ndarray, risk: np.ndarray, weight: np.ndarray, share: float = 0.1) -> float:
    """Churn rate among the top tenth by risk, divided by the churn rate of all; ties at the border count in part.

    >>> lift_10(np.array([1, 0, 0, 0]), np.array([0.9, 0.1, 0.1, 0.1]), np.ones(4), share=0.25)
    4.0
    """
    _, group = np.unique(-risk, return_inverse=True)
    sizes = np.bincount(group, weight)
    left = np.bincount(group, weight * label)
    before = np.concatenate([[0.0], np.cumsum(sizes)[:-1]])
    wanted = share * weight.sum()
    taken = np.clip((wanted - before) / np.where(sizes > 0, sizes, 1), 0, 1)
    return float((taken * left).sum() / wanted / ((weight * label).sum() / weight.sum()))


METRICS: Mapping[str, Metric] = {
    "auc": auc,
    "average_precision": average_precision,
    "log_loss": log_loss_,
    "brier": brier,
    "ece": ece,
    "lift_10": lift_10,
}


def measure(label: np.ndarray, risk: np.ndarray, names: Collection[str] = tuple(METRICS)) -> dict[str, float]:
    """Metrics, without intervals.

    Args:
        label: 1 left, 0 stayed; both occur.
        risk: probability of leaving.
        names: of the metrics.
    """
    weight = np.ones(len(label))
    return {name: METRICS[name](label, risk, weight) for name in names}


def resampled(customers: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Weights of bootstrap resamples, count × rows: all rows of a customer are drawn together.

    Source: cluster bootstrap (Davison and Hinkley 1997, 3.8).
    """
    _, customer = np.unique(customers, return_inverse=True)
    drawn = np.random.default_rng(seed).multinomial(
        customer.max() + 1, np.full(customer.max() + 1, 1 / (customer.max() + 1)), count
    )
    return drawn[:, customer].astype(np.float64)


def measure_with_intervals(
    label: np.ndarray, risk: np.ndarray, weights: np.ndarray, names: Collection[str] = tuple(METRICS)
) -> dict[str, float]:
    """Metrics, each with `…_low` and `…_high`, the ends of the 95 % bootstrap interval.

    Args:
        label: 1 left, 0 stayed; both occur.
        risk: probability of leaving.
        weights: of `resampled`; resamples in which nobody left or nobody stayed are left out.
        names: of the metrics.
    """
    said = measure(label, risk, names)
    for name in names:
        draws: Draws = _AT_ONCE[name] if name in _AT_ONCE else partial(_one_by_one, METRICS[name])
        said[f"{name}_low"], said[f"{name}_high"] = interval(draws(label, risk, weights))
    return said


def _one_by_one(metric: Metric, label: np.ndarray, risk: np.ndarray, weights: np.ndarray) -> np.ndarray:
    usable = [weight for weight in weights if 0 < (weight * label).sum() < weight.sum()]
    draws = [metric(label[weight > 0], risk[weight > 0], weight[weight > 0]) for weight in usable]
    return np.asarray(draws)


def interval(draws: np.ndarray) -> tuple[float, float]:
    """The middle 95 % of what resampling gave."""
    low, high = np.quantile(draws, [0.025, 0.975]) if len(draws) else (np.nan, np.nan)
    return float(low), float(high)


def auc_draws(label: np.ndarray, risk: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """`auc` under each row of weights at once; resamples in which nobody left or nobody stayed are left out.

    >>> auc_draws(np.array([0, 1, 1]), np.array([0.2, 0.2, 0.9]), np.array([[1.0, 1.0, 1.0], [0.0, 1.0, 1.0]]))
    array([0.75])
    """
    left, stayed = _by_risk(label, risk, weights)
    below = np.cumsum(stayed, axis=1) - stayed / 2
    pairs = left.sum(axis=1) * stayed.sum(axis=1)
    return np.asarray((left * below).sum(axis=1)[pairs > 0] / pairs[pairs > 0])


def average_precision_draws(label: np.ndarray, risk: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """`average_precision` under each row of weights at once, of the resamples that `auc_draws` can use.

    >>> average_precision_draws(np.array([1, 0, 1]), np.array([0.9, 0.5, 0.1]), np.ones((1, 3))).round(4)
    array([0.8333])
    """
    left, stayed = (each[:, ::-1] for each in _by_risk(label, risk, weights))
    found, looked_at = np.cumsum(left, axis=1), np.cumsum(left + stayed, axis=1)
    precision = found / np.where(looked_at > 0, looked_at, 1)
    both = (left.sum(axis=1) > 0) & (stayed.sum(axis=1) > 0)
    return np.asarray((left * precision).sum(axis=1)[both] / left.sum(axis=1)[both])


def _by_risk(label: np.ndarray, risk: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights of those who left, and of those who stayed, by distinct risk from the lowest."""
    order = np.argsort(risk, kind="stable")
    starts = np.flatnonzero(np.diff(risk[order], prepend=-np.inf))
    left = np.add.reduceat((weights * label)[:, order], starts, axis=1)
    stayed = np.add.reduceat((weights * (1 - label))[:, order], starts, axis=1)
    return left, stayed


def brier_draws(label: np.ndarray, risk: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """`brier` under each row of weights at once, of the resamples that `auc_draws` can use."""
    return _mean_draws((risk - label) ** 2, label, weights)


def log_loss_draws(label: np.ndarray, risk: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """`log_loss_` under each row of weights at once, of the resamples that `auc_draws` can use."""
    said = np.clip(risk, _TINY, 1 - _TINY)
    return _mean_draws(-np.log(np.where(label == 1, said, 1 - said)), label, weights)


def _mean_draws(losses: np.ndarray, label: np.ndarray, weights: np.ndarray) -> np.ndarray:
    total, left = weights.sum(axis=1), weights @ label
    both = (left > 0) & (left < total)
    return np.asarray((weights @ losses)[both] / total[both])


_AT_ONCE: Mapping[str, Draws] = {
    "auc": auc_draws,
    "average_precision": average_precision_draws,
    "log_loss": log_loss_draws,
    "brier": brier_draws,
}
"""Metrics whose draws are computed together, many times faster."""


def share_interval(count: int, total: int) -> tuple[float, float]:
    """95 % interval of a share. Source: Wilson 1927.

    >>> [round(end, 3) for end in share_interval(50, 100)]
    [0.404, 0.596]
    """
    if total == 0:
        return 0.0, 1.0
    z, share = 1.959964, count / total
    centre = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z / (1 + z * z / total) * float(np.sqrt(share * (1 - share) / total + z * z / (4 * total * total)))
    return max(0.0, centre - half), min(1.0, centre + half)


def next_interval(left: np.ndarray, size: np.ndarray, coming: int) -> tuple[float, float]:
    """Between which churn rates that of one more list is expected to lie, 95 times in 100.

    What varies is the lot of the customers of one list, and what sets one list apart from another. The latter is estimated
    from the lists and, since they are few, from a prior worth three more, whose log odds differ by 0.2 (a rate of 30 % by
    four points). Student's t on the log odds.

    Source: prediction interval of a random-effects mean (Higgins, Thompson and Spiegelhalter 2009).

    Args:
        left: how many left, by list.
        size: how many were on it.
        coming: how many will be on the next one.

    >>> [round(end, 2) for end in next_interval(np.array([60, 66, 57, 61]), np.full(4, 100), 100)]
    [0.45, 0.75]
    """
    left, size = left[size > 0], size[size > 0]
    if not len(size) or not coming:
        return 0.0, 1.0
    lists, total = len(size), size.sum()
    rate = (left.sum() + 0.5) / (total + 1)  # so that it is neither 0 nor 1
    lot = rate * (1 - rate)
    seen = float((size * (left / size - left.sum() / total) ** 2).sum() / size.mean())
    apart = lot * _APART
    expected = lot / size.mean() + apart**2
    freedom = _PRIOR_LISTS + lists - 1
    spread = (_PRIOR_LISTS * expected + seen) / freedom  # of the rates of lists of that size
    between = max(spread - lot / size.mean(), 0.0)
    whole = between * (1 + 1 / lists) + lot / coming + lot / total
    half = float(student_t.ppf(0.975, freedom)) * float(np.sqrt(whole)) / lot
    return float(expit(logit(rate) - half)), float(expit(logit(rate) + half))


def churn_rates(as_of: Sequence[object], label: np.ndarray) -> dict[str, tuple[int, float]]:
    """Customers and churn rate per cutoff, in order of time."""
    moments = np.asarray([str(moment) for moment in as_of])
    return {
        str(moment): (int((moments == moment).sum()), float(label[moments == moment].mean()))
        for moment in np.unique(moments)
    }

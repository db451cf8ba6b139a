"""What compares customers with each other: RFM scores and a BG/NBD fit, for baselines and lists, never a feature.

Both depend on who else is given, and a risk never does.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaln, expit, gammaln, psi

from churnml.errors import DataError

_LIMIT = float(np.log(1e4))
"""Parameters lie within 1e-4 … 1e4 (`alpha` in longest ages); met only where the data can't tell: nobody repeats …"""


def rfm_scores(recency_days: np.ndarray, frequency: np.ndarray, money: np.ndarray) -> np.ndarray:
    """Quintiles among the given customers, customers × (recency, frequency, money), from 1 to 5, the best.

    Equal values get the same score, that of the middle of their ranks, so that the order of rows doesn't matter: where
    all are equal, all get 3. A middle on the border between two quintiles belongs to the lower one.

    Args:
        recency_days: days since the last purchase, fewer are better; NaN gets 1 and isn't compared.
        frequency: purchases; NaN as above.
        money: spent, in currency units; NaN as above.

    Source: Hughes 1994, Strategic Database Marketing.

    >>> rfm_scores(np.array([3, 90, np.nan]), np.array([8, 2, 2]), np.array([50.0, 900.0, np.nan]))
    array([[4, 5, 2],
           [2, 2, 4],
           [1, 2, 1]])
    """
    return np.column_stack([_fifths(-np.asarray(recency_days)), _fifths(frequency), _fifths(money)])


def _fifths(values: np.ndarray) -> np.ndarray:
    """In whole numbers, 5 × (those below + half of those equal) / all, rounded up."""
    values = np.asarray(values, dtype=np.float64)
    known = ~np.isnan(values)
    scores = np.ones(len(values), dtype=np.int64)
    _, tied, sizes = np.unique(values[known], return_inverse=True, return_counts=True)
    middles = 2 * np.cumsum(sizes) - sizes
    scores[known] = -(-5 * middles // (2 * max(int(known.sum()), 1)))[tied]
    return scores


@dataclass(frozen=True)
class BgNbd:
    """Buys at an own rate until, after some repeat purchase, gone for good.

    Rates of purchase are gamma distributed among customers, chances of leaving after a repeat purchase beta.
    All times are in one unit, that of the fit.

    Source: Fader, Hardie and Lee 2005, "Counting your customers" the easy way.

    Attributes:
        r: shape of the rates.
        alpha: inverse scale of the rates, a time; the mean rate is r / alpha.
        a: with b, of the chances of leaving; their mean is a / (a + b).
        b: see a.
    """

    r: float
    alpha: float
    a: float
    b: float

    @classmethod
    def fit(
        cls, repeats: np.ndarray, recency: np.ndarray, age: np.ndarray, weight: np.ndarray | None = None
    ) -> "BgNbd":
        """Maximum likelihood over customers; always finite, whatever they did, and the same in any order of rows.

        Args:
            repeats: purchase days after the first.
            recency: time from the first purchase to the last, 0 without repeats. Not the R of RFM.
            age: time from the first purchase to as_of.
            weight: customers that each row stands for; one without it. Rows of weight 0 aren't there.

        Raises:
            DataError: nobody is given, or columns differ in length.
        """
        x, last, until, count = _counted(repeats, recency, age, weight)
        unit = float(until.max()) or 1.0  # days and weeks are then the same problem
        found = minimize(
            _loss,
            np.zeros(4),
            args=(x, last / unit, until / unit, count / count.sum()),
            jac=True,
            method="L-BFGS-B",
            bounds=[(-_LIMIT, _LIMIT)] * 4,
            options={"maxiter": 1000, "ftol": 1e-13, "gtol": 1e-8},
        )
        r, alpha, a, b = (float(parameter) for parameter in np.exp(found.x))
        return cls(r, alpha * unit, a, b)

    def alive(self, repeats: np.ndarray, recency: np.ndarray, age: np.ndarray) -> np.ndarray:
        """Probability of not being gone at as_of, by customer; 1 without repeats, for nobody leaves before one.

        >>> BgNbd(r=1, alpha=1, a=1, b=1).alive(np.array([0, 1, 1]), np.array([0, 9, 4]), np.array([9, 9, 9]))
        array([1. , 0.5, 0.2])
        """
        return np.asarray(expit(-self._gone(repeats, recency, age)))

    def silent(self, repeats: np.ndarray, recency: np.ndarray, age: np.ndarray, horizon: float) -> np.ndarray:
        """Probability of no purchase within the horizon after as_of, by customer: gone, or alive and waiting.

        Args:
            repeats: as in `fit`.
            recency: as in `fit`.
            age: as in `fit`.
            horizon: length of the label window, in the unit of the fit.

        >>> BgNbd(r=1, alpha=1, a=1, b=1).silent(np.array([0, 1]), np.array([0, 9]), np.array([9, 9]), horizon=10)
        array([0.5  , 0.625])
        """
        gone = self._gone(repeats, recency, age)
        waits = np.exp(-(self.r + repeats) * np.log1p(horizon / (self.alpha + age)))
        return np.asarray(np.minimum(expit(gone) + expit(-gone) * waits, 1))

    def _gone(self, repeats: np.ndarray, recency: np.ndarray, age: np.ndarray) -> np.ndarray:
        return _log_odds_gone(np.array([self.r, self.alpha, self.a, self.b]), repeats, recency, age)


def _counted(
    repeats: np.ndarray, recency: np.ndarray, age: np.ndarray, weight: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """One row per (repeats, recency, age) that occurs, in order, and the number of its customers."""
    weight = np.ones(len(repeats)) if weight is None else np.asarray(weight, dtype=np.float64)
    lengths = [len(repeats), len(recency), len(age), len(weight)]
    if len(set(lengths)) > 1:
        raise DataError(f"BG/NBD: repeats, recency, age and weight have {lengths} rows; give one row per customer")
    rows = np.column_stack([repeats, recency, age]).astype(np.float64)[weight > 0]
    if not len(rows):
        raise DataError("BG/NBD: there is no customer to fit to; give at least one row with a weight above 0")
    kinds, kind = np.unique(rows, axis=0, return_inverse=True)
    return kinds[:, 0], kinds[:, 1], kinds[:, 2], np.bincount(kind, weight[weight > 0])


def _log_odds_gone(parameters: np.ndarray, x: np.ndarray, last: np.ndarray, until: np.ndarray) -> np.ndarray:
    """Of being gone against being alive, in logs because powers of many repeats overflow; -inf without repeats."""
    r, alpha, a, b = parameters
    x = np.asarray(x, dtype=np.float64)
    silence = (r + x) * np.log((alpha + until) / (alpha + last))
    return np.where(x > 0, np.log(a) - np.log(b + np.maximum(x, 1) - 1) + silence, -np.inf)


def _loss(
    logs: np.ndarray, x: np.ndarray, last: np.ndarray, until: np.ndarray, share: np.ndarray
) -> tuple[float, np.ndarray]:
    """Mean negative log likelihood and its gradient, both in the logs of r, alpha, a and b.

    Source: the likelihood of the paper, with what it says of those alive taken out of the sum.
    """
    r, alpha, a, b = parameters = np.exp(logs)
    odds = _log_odds_gone(parameters, x, last, until)
    rate = gammaln(r + x) - gammaln(r) + r * np.log(alpha) - (r + x) * np.log(alpha + until)
    stays = betaln(a, b + x) - betaln(a, b)
    gone = expit(odds)
    slopes = np.array(
        [
            psi(r + x) - psi(r) + np.log(alpha) - (1 - gone) * np.log(alpha + until) - gone * np.log(alpha + last),
            r / alpha - (r + x) * ((1 - gone) / (alpha + until) + gone / (alpha + last)),
            psi(a + b) - psi(a + b + x) + gone / a,
            psi(b + x) - psi(b) + psi(a + b) - psi(a + b + x) - gone / (b + np.maximum(x, 1) - 1),
        ]
    )
    # Sums, not `@`: BLAS adds in an order that depends on its threads.
    return -float((share * (rate + stays + np.logaddexp(0, odds))).sum()), -(slopes * share).sum(axis=1) * parameters

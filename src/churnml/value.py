"""What a customer is worth: a simple model that is stated, not hidden, and held against what was spent afterwards.

Value = money spent in the longest window, per day, times the days that it is carried forward, times the margin.

* **recent_spend**: it is carried forward over all of `score.value.horizon_days`, as if the customer stayed.
* **clv**: customers leave at the rate at which all of them left at earlier cutoffs, so that it lasts for fewer days. The
  customer's own risk isn't in it: the expected loss is risk times value already.

A customer whose refunds exceed the purchases is worth nothing, not less. Where contracts are known and no transactions,
what the running contracts cost a month stands for the money spent.
"""

from collections.abc import Collection, Sequence

import numpy as np

from churnml.config import Value

_MONTHLY = "contract_monthly_amount"
_MONTHS_PER_DAY = 12 / 365


def spend_feature(windows_days: Sequence[int]) -> str:
    """The feature that value is measured by.

    >>> spend_feature([7, 28, 112])
    'spend_112d'
    """
    return f"spend_{windows_days[-1]}d"


def spend_source(names: Collection[str], windows_days: Sequence[int]) -> tuple[str, float] | None:
    """The feature that tells the money of the longest window, and what it is multiplied by; None: nobody knows the value.

    >>> spend_source(["spend_7d", "contract_monthly_amount"], [7])
    ('spend_7d', 1.0)
    >>> spend_source(["contract_monthly_amount"], [73])
    ('contract_monthly_amount', 2.4)
    """
    known = {spend_feature(windows_days): 1.0, _MONTHLY: round(windows_days[-1] * _MONTHS_PER_DAY, 9)}
    return next(((name, factor) for name, factor in known.items() if name in names), None)


def lasting_days(params: Value, churn_rate: float, horizon_days: int) -> float:
    """Days over which spending is carried forward.

    Args:
        params: model and horizon of the value.
        churn_rate: share of customers who left within a label window, at earlier cutoffs.
        horizon_days: length of the label window.

    A quarter leaves in each half of the time: on average, customers stay for about three quarters of it.

    >>> round(lasting_days(Value(model="clv", horizon_days=100), 0.25, 50), 3)
    76.039
    >>> lasting_days(Value(horizon_days=100), 0.25, 50)
    100.0
    """
    if params.model == "recent_spend" or churn_rate <= 0:
        return float(params.horizon_days)
    hazard = -np.log1p(-min(churn_rate, 1 - 1e-9)) / horizon_days
    return float(-np.expm1(-hazard * params.horizon_days) / hazard)


def value(spend: np.ndarray, window_days: int, params: Value, days: float | None = None) -> np.ndarray:
    """Value in currency units.

    Args:
        spend: money spent in the window.
        window_days: length of the window.
        params: margin and horizon.
        days: by `lasting_days`; None: the whole horizon.

    >>> value(np.array([112.0, -5.0]), 112, Value(margin=0.25, horizon_days=365))
    array([91.25,  0.  ])
    """
    lasting = params.horizon_days if days is None else days
    return np.asarray(np.clip(spend, 0, None) / window_days * lasting * params.margin)

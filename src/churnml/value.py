"""What a customer is worth: a simple model that is stated, not hidden.

Value = money spent in the longest window, per day, carried forward over `score.value.horizon_days`, times the margin.
A customer whose refunds exceed the purchases is worth nothing, not less.
"""

from collections.abc import Sequence

import numpy as np

from churnml.config import Value


def spend_feature(windows_days: Sequence[int]) -> str:
    """The feature that value is measured by.

    >>> spend_feature([7, 28, 112])
    'spend_112d'
    """
    return f"spend_{windows_days[-1]}d"


def value(spend: np.ndarray, window_days: int, params: Value) -> np.ndarray:
    """Value in currency units.

    Args:
        spend: money spent in the window.
        window_days: length of the window.
        params: margin and horizon.

    >>> value(np.array([112.0, -5.0]), 112, Value(margin=0.25, horizon_days=365))
    array([91.25,  0.  ])
    """
    return np.asarray(np.clip(spend, 0, None) / window_days * params.horizon_days * params.margin)

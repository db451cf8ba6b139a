"""What a customer is worth."""

import numpy as np

from churnml.config import Value
from churnml.value import spend_feature, value


def test_value_by_hand():
    """56 spent in 56 days is 1 a day, 365 a year, and a quarter of it ours."""
    assert value(np.array([56.0, 0.0]), 56, Value(margin=0.25, horizon_days=365)).tolist() == [91.25, 0.0]


def test_refunds_make_nobody_worth_less_than_nothing():
    """Otherwise an expected loss would be a gain, and the riskiest would come last."""
    assert value(np.array([-100.0]), 28, Value()).tolist() == [0.0]


def test_value_is_measured_in_the_longest_window():
    """The longest window is the steadiest."""
    assert spend_feature((7, 28, 56)) == "spend_56d"

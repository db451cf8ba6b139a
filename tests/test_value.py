"""What a customer is worth."""

import numpy as np

from churnml.config import Value
from churnml.value import lasting_days, spend_feature, spend_source, value


def test_value_by_hand():
    """56 spent in 56 days is 1 a day, 365 a year, and a quarter of it ours."""
    assert value(np.array([56.0, 0.0]), 56, Value(margin=0.25, horizon_days=365)).tolist() == [91.25, 0.0]


def test_refunds_make_nobody_worth_less_than_nothing():
    """Otherwise an expected loss would be a gain, and the riskiest would come last."""
    assert value(np.array([-100.0]), 28, Value()).tolist() == [0.0]


def test_value_is_measured_in_the_longest_window():
    """The longest window is the steadiest."""
    assert spend_feature((7, 28, 56)) == "spend_56d"


def test_clv_lasts_less_long_than_the_horizon():
    """A quarter leaves every 50 days; nobody leaving is the whole horizon, everybody none of it."""
    clv = Value(model="clv", horizon_days=100)
    assert [round(lasting_days(clv, rate, 50), 1) for rate in (0.0, 0.25, 0.999999999999)] == [100.0, 76.0, 2.4]
    assert value(np.array([56.0]), 56, Value(margin=0.5), days=76.0).tolist() == [38.0]


def test_contracts_have_a_value_without_transactions():
    """What they cost a month, in the days of the longest window; money that was really spent comes first."""
    assert spend_source(["contract_monthly_amount", "spend_7d"], (7, 28)) == ("contract_monthly_amount", 0.920547945)
    assert spend_source(["contract_monthly_amount", "spend_28d"], (7, 28)) == ("spend_28d", 1.0)
    assert spend_source(["recency_days"], (7, 28)) is None

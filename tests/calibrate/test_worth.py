"""The value model against what was really spent, by hand."""

import numpy as np
import pytest

from churnml.calibrate.worth import value_backtest
from predictions import predicted


def told(spend, before, after, churn_rate=0.0):
    """A window of 56 days, a label window of 28."""
    rows = predicted([0] * len(spend), 0.5, spend=spend, spend_before=before, spend_after=after)
    return value_backtest(rows, 56, 28, churn_rate)


def test_what_is_expected_is_held_against_what_was_spent():
    """112 in 56 days is 2 a day: 56 are expected in 28 days; whoever took more back than bought is expected to spend nothing."""
    said = told([112.0, 56.0, -9.0, 0.0], [60.0, 0.0, 0.0, 0.0], [50.0, 28.0, 0.0, 2.0])
    assert said["recent_spend"] == {
        "expected_mean": 21.0,
        "actual_mean": 20.0,
        "absolute_error": 2.0,  # 6, 0, 0 and 2
        "rank_correlation": pytest.approx(0.948683),
        "top_tenth_share": 0.625,
        "best_tenth_share": 0.625,
    }
    assert said["last_window"]["expected_mean"] == 15.0
    assert said["last_window"]["absolute_error"] == 10.0  # 10, 28, 0 and 2


def test_clv_lets_customers_leave():
    """Of half who leave within the window, spending lasts for 0.72 of it; the order is the same."""
    said = told([112.0, 56.0], [0.0, 0.0], [50.0, 28.0], churn_rate=0.5)
    assert said["clv"]["expected_mean"] == pytest.approx(42 * 0.721348, abs=1e-4)
    assert said["clv"]["rank_correlation"] == said["recent_spend"]["rank_correlation"] == 1.0


def test_equals_count_in_part():
    """Of twenty customers two are the top tenth; where four are first alike, half of what they spent counts."""
    spend = np.array([9.0] * 4 + [1.0] * 16)
    assert told(spend, spend, spend)["recent_spend"]["top_tenth_share"] == pytest.approx(18 / 52, abs=1e-6)


def test_nothing_is_told_where_nobody_knows():
    """Without transactions there is nothing to hold a value against; where nobody spends, no order and no share."""
    assert told([1.0, 2.0], None, None) == {}
    assert told([1.0, 2.0], 0.0, 0.0)["recent_spend"] == {
        "expected_mean": 0.75,
        "actual_mean": 0.0,
        "absolute_error": 0.75,
    }

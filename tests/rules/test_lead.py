"""Lead days by hand: one customer, lists every 28 days, days counted from the first list on.

`silent` is true from 14 days without a purchase on; `falls` is true where x is above 0, silence or not. Leaving means not to have
bought for 28 days after a list: then left_on is the last purchase.
"""

from datetime import date, timedelta

import pandas as pd
import pytest

from churnml.config import Rules
from churnml.rules import backtest

FIRST = date(2024, 1, 1)
SILENT = {"feature": "recency_days", "at_least": 14}
FALLS = {"feature": "x", "above": 0}


def lead(when, *lists, cooldown=0):
    """Lead days of a rule; lists: by day, days since the last purchase, x, and the day of leaving if it is a list that counts."""
    rule = {"name": "it", "title": "t", "then": "t", "when": when, "cooldown_days": cooldown}
    days = [FIRST + timedelta(28 * place) for place in range(len(lists))]
    left = [None if gone is None else FIRST + timedelta(gone) for _, _, gone in lists]
    rest = {"risk": 0.5, "value": 1.0, "expected_loss": 0.5, "tier": "high", "rank": 1}
    past = pd.DataFrame(
        {"customer_id": "ann", "as_of": days, "label": [int(day is not None) for day in left], "left_on": left, **rest}
    )
    known = {
        day: pd.DataFrame({"customer_id": ["ann"], "recency_days": [float(silent)], "x": [float(x)]})
        for day, (silent, x, _) in zip(days, lists, strict=True)
    }
    found = backtest(Rules.model_validate({"rules": [rule]}), past, known.__getitem__, {}, ["high"], ["high"], 28)
    one, every = found.lines
    assert one.lead_days == every.lead_days
    return one.lead_days


def test_a_silence_is_told_of_after_the_last_purchase():
    """Bought last on day 36; silent for 20 days on day 56, when the rule told of it: 20 days too late."""
    assert lead(SILENT, (5, 0, None), (1, 0, None), (20, 0, 36)) == -20


def test_a_silence_may_come_long_before_a_cancellation():
    """Silent for 20 days on day 0 and never back, cancelled on day 40: told of 40 days before."""
    assert lead(SILENT, (20, 0, None), (48, 0, 40)) == 40


def test_a_silence_that_ended_is_no_warning_of_the_next():
    """Silent for 20 days on day 0, bought on day 8, told of again on day 28, 20 days after: the first one was another silence."""
    assert lead(SILENT, (20, 0, None), (20, 0, 8)) == -20


@pytest.mark.parametrize(("silent", "told_on"), [(28, 28), (29, 0)])
def test_a_purchase_on_the_day_of_a_list_is_one_after_it(silent, told_on):
    """28 days of silence on day 28 began on day 0, which the list of that day hadn't seen; one day more, and it had."""
    bought = 28 - silent
    assert lead(SILENT, (20, 0, None), (silent, 0, bought)) == bought - told_on


def test_what_lasts_is_counted_from_its_first_alert():
    """True since day 0, bought on until day 50: the rule told of it 50 days before."""
    assert lead(FALLS, (5, 1, None), (5, 1, None), (6, 1, 50)) == 50


def test_an_alert_that_came_to_an_end_long_before_is_no_warning():
    """True on day 0, not on day 28, again on day 56, 6 days after leaving."""
    assert lead(FALLS, (5, 1, None), (5, 0, None), (6, 1, 50)) == -6


@pytest.mark.parametrize(("left", "days"), [(0, 0), (10, 10), (27, 27), (28, None)])
def test_what_happened_within_the_horizon_before_is_a_warning(left, days):
    """True on day 0 alone, as something that happened once is: it told of leaving on the days 0 to 27, of none after them."""
    assert lead(FALLS, (5, 1, None), (5, 0, left if left < 28 else None), (5, 0, left)) == days


def test_one_who_comes_back_starts_anew():
    """Left on day 20, was back, left on day 80, with the rule true all along: told of 20 and 24 days before."""
    lists = ((5, 1, None), (8, 1, 20), (3, 1, None), (4, 1, 80))
    assert lead(FALLS, *lists) == pytest.approx((20 + (80 - 56)) / 2)


def test_within_its_cooldown_a_rule_tells_of_nothing():
    """Told of on day 0; the silence after the purchase of day 8 falls into the cooldown: nobody was told of that one."""
    assert lead(SILENT, (20, 0, None), (20, 0, 8), cooldown=56) is None


def test_a_silence_counts_where_the_rule_needs_it():
    """Beside something else it is needed; where something else will do, the rule goes on without it."""
    lists = ((20, 1, None), (20, 1, 8))
    assert lead({"all": [FALLS, SILENT]}, *lists) == -20
    assert lead({"any": [FALLS, SILENT]}, *lists) == 8

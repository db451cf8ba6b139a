"""The customer's own rhythm: gaps of 10, 20 and 30 days, then 30 days of silence."""

import pytest

from churnml.config import Features

GAPS = """
    customer_id  occurred_at  amount
    ann          2023-12-02   10
    ann          2023-12-12   10
    ann          2024-01-01   10
    ann          2024-01-31   10
"""
OF_GAPS = ("gap_mean_days", "gap_spread_days", "gap_max_days", "gap_last_days", "overdue_ratio", "overdue_spreads")


def test_gaps_by_hand(at):
    """Mean 20, spread 10, longest and last 30; a silence of 30 is one and a half gaps, one spread too long."""
    ann = at(transactions=GAPS)["ann"]
    assert [ann[name] for name in OF_GAPS] == [20, 10, 30, 30, 1.5, 1]


@pytest.mark.parametrize(("window", "mean"), [(60, 25), (59, 30), (30, 30), (29, None)])
def test_recent_gaps_are_those_that_ended_in_the_window(at, window, mean):
    """A gap belongs to the day on which it ended: 2024-01-01 is 60 days before as_of and so in a window of 60."""
    ann = at(transactions=GAPS, params=Features(windows_days=(7, window)))["ann"]
    assert ann[f"gap_mean_{window}d_days"] == mean
    assert ann[f"gap_max_{window}d_days"] == (mean and 30)


def test_neither_second_purchases_of_a_day_nor_refunds_make_a_gap(at):
    """Gaps lie between different days with a purchase."""
    more = """
    ann          2024-01-31   5
    ann          2024-02-10   -5
    """
    ann = at(transactions=GAPS.rstrip() + more)["ann"]
    assert (ann["gap_mean_days"], ann["gap_last_days"], ann["overdue_ratio"]) == (20, 30, 1.5)


def test_a_single_purchase_has_no_rhythm(at):
    """After one purchase nothing is known about gaps."""
    ann = at(transactions="customer_id occurred_at amount\nann 2024-02-01 10")["ann"]
    assert {ann[name] for name in OF_GAPS} == {None}


def test_a_rhythm_without_spread_isnt_overdue_by_spreads(at):
    """Equal gaps have spread 0, and no multiple of it says anything."""
    ann = at(
        transactions="""
            customer_id  occurred_at  amount
            ann          2024-02-01   10
            ann          2024-02-11   10
            ann          2024-02-21   10
        """
    )["ann"]
    assert (ann["gap_spread_days"], ann["overdue_spreads"], ann["overdue_ratio"]) == (0, None, 0.9)


def test_the_future_makes_no_gap(at):
    """A purchase on as_of ends no silence."""
    ann = at(transactions=GAPS.rstrip() + "\n    ann 2024-03-01 10")["ann"]
    assert (ann["gap_last_days"], ann["overdue_ratio"]) == (30, 1.5)

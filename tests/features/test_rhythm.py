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
OF_GAPS = (
    *("gap_mean_days", "gap_spread_days", "gap_max_days", "gap_last_days", "overdue_ratio", "overdue_spreads"),
    *("gap_median_days", "due_days", "gaps_longer_share"),
)
RECENT = ("gap_mean_28d_days", "gap_spread_28d_days", "gap_max_28d_days", "gap_trend_28d_ratio")


def test_gaps_by_hand(at):
    """Mean 20, spread 10, longest and last 30; a silence of 30 is one and a half gaps, one spread too long.

    The spread is that of a sample: (10² + 0² + 10²) / 2 = 10². The next purchase was due 10 days ago.
    """
    ann = at(transactions=GAPS)["ann"]
    assert [ann[name] for name in OF_GAPS] == [20, 10, 30, 30, 1.5, 1, 20, -10, 0]


def test_the_median_is_the_middle_gap(at):
    """Gaps of 10, 20 and 30 have the median 20; with a fourth of 60 it lies between 20 and 30."""
    people = at(
        transactions=GAPS.rstrip()
        + """
            bob          2023-11-01   10
            bob          2023-11-11   10
            bob          2024-01-10   10
            bob          2024-01-30   10
            bob          2024-02-29   10
        """
    )
    assert (people["ann"]["gap_median_days"], people["bob"]["gap_median_days"]) == (20, 25)


@pytest.mark.parametrize(
    ("window", "mean", "spread", "trend"),
    [(60, 25, 50**0.5, 1.25), (59, 30, None, 1.5), (30, 30, None, 1.5), (29, None, None, None)],
)
def test_recent_gaps_are_those_that_ended_in_the_window(at, window, mean, spread, trend):
    """A gap belongs to the day on which it ended: 2024-01-01 is 60 days before as_of and so in a window of 60.

    20 and 30 lie 5 from their mean: a spread of the root of (5² + 5²) / 1. Of a single gap there is no spread. The
    trend is against the mean of all three, 20.
    """
    ann = at(transactions=GAPS, params=Features(windows_days=(7, window), history_days=3650))["ann"]
    assert ann[f"gap_mean_{window}d_days"] == mean
    assert ann[f"gap_max_{window}d_days"] == (mean and 30)
    assert ann[f"gap_spread_{window}d_days"] == pytest.approx(spread)
    assert ann[f"gap_trend_{window}d_ratio"] == trend


def test_recent_gaps_are_looked_at_from_the_middle_window_on(at):
    """Short windows hold too few gaps to say anything: of four windows the third and the fourth are used."""
    ann = at(transactions=GAPS, params=Features(windows_days=(7, 14, 28, 56)))["ann"]
    for name in ("gap_mean_{}d_days", "gap_spread_{}d_days", "gap_max_{}d_days", "gap_trend_{}d_ratio"):
        assert [days for days in (7, 14, 28, 56) if name.format(days) in ann] == [28, 56]
    assert [days for days in (7, 14, 28, 56) if f"active_parts_{days}d" in ann] == [56]


def test_a_gap_that_is_only_as_long_as_the_silence_isnt_longer(at):
    """Gaps of 10, 20 and 30. After 20 days of silence one of three was longer and none is due; after 15 days two."""
    people = at(
        transactions="""
            customer_id  occurred_at  amount
            ann          2023-12-12   10
            ann          2023-12-22   10
            ann          2024-01-11   10
            ann          2024-02-10   10
            bob          2023-12-17   10
            bob          2023-12-27   10
            bob          2024-01-16   10
            bob          2024-02-15   10
        """
    )
    assert (people["ann"]["gaps_longer_share"], people["ann"]["due_days"]) == (1 / 3, 0)
    assert (people["bob"]["gaps_longer_share"], people["bob"]["due_days"]) == (2 / 3, 5)


def test_active_parts_count_parts_not_purchases(at):
    """32 days have 16 parts of two: {1, 2}, {3, 4} … {31, 32} days back. Here three of them hold a purchase.

    1 and 2 share a part, 4 is in the next, 32 in the last; 33 is outside, as_of isn't known, a refund is none.
    """
    ann = at(
        transactions="""
            customer_id  occurred_at  amount
            ann          2024-01-28   10
            ann          2024-01-29   10
            ann          2024-02-20   -10
            ann          2024-02-26   10
            ann          2024-02-28   0
            ann          2024-02-29   10
            ann          2024-02-29   10
            ann          2024-03-01   10
        """,
        params=Features(windows_days=(7, 32), history_days=3650),
    )["ann"]
    assert ann["active_parts_32d"] == 3


def test_active_parts_lie_in_their_window(at):
    """Of the last 28 days, 29 days back is no part."""
    ann = at(transactions="customer_id occurred_at amount\nann 2024-02-01 10\nann 2024-02-29 10")["ann"]
    assert ann["active_parts_28d"] == 1


def test_no_part_is_active_of_who_was_silent(at):
    """That nothing was bought in the window is known, even of who bought nothing that features see."""
    people = at(
        transactions="customer_id occurred_at amount\nann 2024-01-20 10\nbob 2024-01-04 10",
        params=Features(windows_days=(7, 28), history_days=56),
    )
    assert (people["ann"]["active_parts_28d"], people["bob"]["active_parts_28d"]) == (0, 0)


def test_neither_second_purchases_of_a_day_nor_refunds_make_a_gap(at):
    """Gaps lie between different days with a purchase."""
    more = """
    ann          2024-01-31   5
    ann          2024-02-10   -5
    """
    ann = at(transactions=GAPS.rstrip() + more)["ann"]
    assert [ann[name] for name in OF_GAPS] == [20, 10, 30, 30, 1.5, 1, 20, -10, 0]


def test_a_purchase_of_nothing_ends_a_gap(at):
    """An amount of 0 is a purchase: gaps of 10 and 20, then 10 days of silence."""
    ann = at(
        transactions="""
            customer_id  occurred_at  amount
            ann          2024-01-21   0
            ann          2024-01-31   10
            ann          2024-02-20   0
        """
    )["ann"]
    assert (ann["gap_mean_days"], ann["gap_last_days"], ann["due_days"]) == (15, 20, 5)


def test_a_single_purchase_has_no_rhythm(at):
    """After one purchase nothing is known about gaps."""
    ann = at(transactions="customer_id occurred_at amount\nann 2024-02-01 10")["ann"]
    assert {ann[name] for name in (*OF_GAPS, *RECENT)} == {None}


def test_a_gap_that_began_beyond_the_reach_of_features_is_unknown(at):
    """57 days back isn't seen here, so no gap begins there; 56 days back is."""
    people = at(
        transactions="""
            customer_id  occurred_at  amount
            ann          2024-01-05   10
            ann          2024-02-04   10
            bob          2024-01-04   10
            bob          2024-02-04   10
        """,
        params=Features(windows_days=(7, 28), history_days=56),
    )
    assert (people["ann"]["gap_last_days"], people["bob"]["gap_last_days"]) == (30, None)


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

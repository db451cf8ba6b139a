"""Recency, frequency and money, on tables that one can add up."""

import pytest

from churnml.config import Features

LINES = """
    customer_id  occurred_at  order_id  amount  quantity  discount
    ann          2024-02-28   o1        9       2         1
    ann          2024-02-28   o1        9       1         1
    ann          2024-02-28   o2        0       1         -
"""


def test_windows_are_half_open(at):
    """An event on as_of - w is in the window of w days, the day before isn't, and as_of itself is invisible."""
    ann = at(
        transactions="""
            customer_id  occurred_at  amount
            ann          2024-02-01   100
            ann          2024-02-02   5
            ann          2024-02-22   20
            ann          2024-02-23   10
            ann          2024-03-01   999
        """
    )["ann"]
    assert ann["recency_days"] == 7
    assert (ann["purchase_days_7d"], ann["spend_7d"]) == (1, 10)
    assert (ann["purchase_days_28d"], ann["spend_28d"]) == (3, 35)
    assert ann["spend_per_purchase_day"] == 135 / 4


def test_refunds_lower_spend_but_are_no_purchase(at):
    """A refund takes money off its own window; it makes no purchase day, no order, and no recency."""
    ann = at(
        transactions="""
            customer_id  occurred_at  order_id  amount
            ann          2024-02-20   o1        50
            ann          2024-02-25   o2        -20
        """
    )["ann"]
    assert ann["recency_days"] == 10
    assert (ann["purchase_days_7d"], ann["orders_7d"], ann["spend_7d"]) == (0, 0, -20)
    assert (ann["purchase_days_28d"], ann["orders_28d"], ann["spend_28d"]) == (1, 1, 30)
    assert ann["spend_per_purchase_day"] == 30


def test_an_amount_of_zero_is_a_purchase(at):
    """A basket paid with coupons shows that the customer came."""
    ann = at(
        transactions="""
            customer_id  occurred_at  amount
            ann          2024-01-01   10
            ann          2024-02-28   0
        """
    )["ann"]
    assert (ann["recency_days"], ann["purchase_days_7d"], ann["spend_7d"]) == (2, 1, 0)


def test_lines_of_one_order_count_once(at):
    """Lines make a purchase day once and an order once; items and money add up."""
    ann = at(transactions=LINES)["ann"]
    assert (ann["purchase_days_7d"], ann["orders_7d"], ann["items_7d"], ann["spend_7d"]) == (1, 2, 4, 18)


def test_discount_is_a_share_of_the_full_price(at):
    """2 taken off a full price of 20 is a tenth; where nothing was bought the share is unknown, not 0."""
    people = at(transactions=LINES + "    bob          2024-02-02   o3        10      1         0")
    assert people["ann"]["discount_share_7d"] == 0.1
    assert people["bob"]["discount_share_28d"] == 0
    assert people["bob"]["discount_share_7d"] is None


def test_windows_without_a_purchase_are_zero(at):
    """Counts and money of a window without purchases are 0: that nothing was bought is known."""
    bob = at(
        transactions="""
            customer_id  occurred_at  order_id  amount  quantity
            bob          2023-12-01   o1        10      3
        """
    )["bob"]
    assert {bob[f"{name}_28d"] for name in ("purchase_days", "orders", "spend", "items")} == {0}


def test_an_unmapped_column_drops_what_needs_it(at):
    """Without order_id, quantity and discount there are no orders, items and discounts: no column of zeros."""
    ann = at(
        transactions="""
            customer_id  occurred_at  amount
            ann          2024-02-28   10
        """
    )["ann"]
    dropped = ("orders_", "items_", "discount_", "basket_items_")
    assert not [name for name in ann if name.startswith(dropped)]
    assert {"spend_28d", "basket_spend_28d", "refund_share_28d", "spend_decayed_28d"} <= set(ann)


def test_lines_of_a_window_alone_count(at):
    """Orders, items and the discount share have the same half-open windows as purchase days and spend.

    7 days hold o2 alone: 1 off a full price of 10. 28 days hold o1, too: 5 off 40 + 10 = 50 in all.
    """
    ann = at(
        transactions="""
            customer_id  occurred_at  order_id  amount  quantity  discount
            ann          2024-02-01   o0        100     7         50
            ann          2024-02-02   o1        36      3         4
            ann          2024-02-23   o2        9       2         1
            ann          2024-03-01   o3        999     9         9
        """
    )["ann"]
    assert (ann["orders_7d"], ann["items_7d"], ann["discount_share_7d"]) == (1, 2, 0.1)
    assert (ann["orders_28d"], ann["items_28d"], ann["discount_share_28d"]) == (2, 5, 0.1)


def test_the_last_basket_is_held_against_the_usual_one(at):
    """Purchase days of 10, 30 and 20 + 30: 30 as usual, 50 the last time. Refunds make no basket smaller."""
    ann = at(
        transactions="""
            customer_id  occurred_at  amount
            ann          2023-12-01   10
            ann          2024-01-01   30
            ann          2024-02-20   20
            ann          2024-02-20   30
            ann          2024-02-20   -5
            ann          2024-02-25   -40
            ann          2024-03-01   999
        """
    )["ann"]
    assert ann["last_basket_ratio"] == 50 / 30


def test_a_first_basket_is_the_usual_one(at):
    """After one purchase the last is the usual; where all was free there is nothing to compare with."""
    people = at(
        transactions="""
            customer_id  occurred_at  amount
            ann          2024-02-20   10
            bob          2024-02-20   0
            bob          2024-02-21   0
        """
    )
    assert (people["ann"]["last_basket_ratio"], people["bob"]["last_basket_ratio"]) == (1, None)


def test_baskets_are_purchase_days(at):
    """In 28 days 10 and 20 + 30 + 0 on two days: 30 a day; 1 and 2 + 1 + 2 items: 3 a day. 29 days back is outside."""
    ann = at(
        transactions="""
            customer_id  occurred_at  amount  quantity
            ann          2024-02-01   100     9
            ann          2024-02-02   10      1
            ann          2024-02-29   20      2
            ann          2024-02-29   30      1
            ann          2024-02-29   0       2
            ann          2024-03-01   999     9
        """
    )["ann"]
    assert (ann["basket_spend_28d"], ann["basket_items_28d"]) == (30, 3)


def test_a_refund_makes_no_basket_and_no_basket_smaller(at):
    """What was bought on a purchase day stays bought; the money that came back is in refund_share."""
    ann = at(
        transactions="""
            customer_id  occurred_at  amount
            ann          2024-02-10   40
            ann          2024-02-10   -10
            ann          2024-02-20   20
            ann          2024-02-25   -20
        """
    )["ann"]
    assert ann["basket_spend_28d"] == 60 / 2
    assert ann["spend_28d"] == 30


def test_refunds_are_counted_line_by_line(at):
    """Two refunds of one day are two; the one of 29 days back is outside, the one of as_of isn't known."""
    ann = at(
        transactions="""
            customer_id  occurred_at  amount
            ann          2024-01-01   100
            ann          2024-02-01   -1
            ann          2024-02-02   -2
            ann          2024-02-10   40
            ann          2024-02-10   -4
            ann          2024-02-10   -4
            ann          2024-03-01   -9
        """
    )["ann"]
    assert ann["refunds_28d"] == 3


def test_refund_share_of_one_day(at):
    """4 + 4 of 30 + 10 came back: a fifth. What was bought and refunded before the window is nothing to it."""
    ann = at(
        transactions="""
            customer_id  occurred_at  amount
            ann          2024-02-01   100
            ann          2024-02-01   -100
            ann          2024-02-10   30
            ann          2024-02-10   10
            ann          2024-02-10   -4
            ann          2024-02-10   -4
        """
    )["ann"]
    assert ann["refund_share_28d"] == 0.2


def test_refund_share_holds_refunds_of_other_days(at):
    """50 and 30 were bought in the window, 20 came back on a day without a purchase: a quarter."""
    ann = at(
        transactions="""
            customer_id  occurred_at  amount
            ann          2024-02-10   50
            ann          2024-02-20   30
            ann          2024-02-25   -20
        """
    )["ann"]
    assert ann["refund_share_28d"] == 0.25


@pytest.mark.parametrize("returned", [1, -1])
def test_items_that_came_back_were_bought(at, returned):
    """Items bought are those of purchased lines, whichever sign the export gives to what came back: 3 + 1 on two days."""
    ann = at(
        transactions=f"""
            customer_id  occurred_at  amount  quantity
            ann          2024-02-23   30      3
            ann          2024-02-24   10      1
            ann          2024-02-25   -10     {returned}
        """
    )["ann"]
    assert (ann["items_7d"], ann["basket_items_28d"]) == (4, 2)


def test_a_refund_is_no_discount(at):
    """10 was taken off a full price of 100; that the 90 came back later doesn't make it a larger part."""
    ann = at(
        transactions="""
            customer_id  occurred_at  amount  discount
            ann          2024-02-23   90      10
            ann          2024-02-25   -90     0
        """
    )["ann"]
    assert ann["discount_share_7d"] == 0.1


def test_what_is_unknown_of_a_window_without_purchases(at):
    """No refunds is 0; how a basket looked, and what share of nothing came back, is unknown."""
    people = at(
        transactions="""
            customer_id  occurred_at  amount  quantity
            ann          2024-02-01   10      1
            bob          2024-02-01   10      1
            bob          2024-02-10   -10     1
            cat          2024-02-10   0       1
        """
    )
    of = ("refunds_28d", "refund_share_28d", "basket_spend_28d", "basket_items_28d")
    assert [people["ann"][name] for name in of] == [0, None, None, None]
    assert [people["bob"][name] for name in of] == [1, None, None, None]
    assert [people["cat"][name] for name in of] == [0, None, 0, 1]


def test_a_purchase_counts_half_for_every_half_life_back(at):
    """Half-life 7: 7, 14 and 28 days back count 1/2, 1/4 and 1/16. Half-life 28: the last counts 1/2.

    Days: 1/2 + 1/4 + 1/16 = 13/16. Money: 8/2 + 16/4 + 32/16 = 10.
    """
    people = at(
        transactions="""
            customer_id  occurred_at  amount
            ann          2024-02-02   32
            ann          2024-02-16   16
            ann          2024-02-23   5
            ann          2024-02-23   3
            ann          2024-03-01   999
            bob          2024-02-02   32
        """
    )
    assert (people["ann"]["purchase_days_decayed_7d"], people["ann"]["spend_decayed_7d"]) == (13 / 16, 10)
    assert (people["bob"]["purchase_days_decayed_28d"], people["bob"]["spend_decayed_28d"]) == (0.5, 16)


def test_yesterday_is_one_day_back(at):
    """With a half-life of one day, yesterday counts 1/2 and the day before 1/4: only as_of itself would count 1."""
    ann = at(
        transactions="customer_id occurred_at amount\nann 2024-02-28 4\nann 2024-02-29 4",
        params=Features(windows_days=(1, 2)),
    )["ann"]
    assert (ann["purchase_days_decayed_1d"], ann["spend_decayed_1d"]) == (3 / 4, 3)


def test_the_decayed_past_with_refunds(at):
    """A refund takes off money by its own age, 6/2, and makes no day; a purchase of 0 makes a day."""
    people = at(
        transactions="""
            customer_id  occurred_at  amount
            ann          2024-02-16   16
            ann          2024-02-23   -6
            bob          2024-02-23   0
        """
    )
    assert (people["ann"]["purchase_days_decayed_7d"], people["ann"]["spend_decayed_7d"]) == (1 / 4, 4 - 3)
    assert (people["bob"]["purchase_days_decayed_7d"], people["bob"]["spend_decayed_7d"]) == (1 / 2, 0)


def test_baskets_are_looked_at_in_the_middle_and_the_longest_window(at):
    """Of four windows the third and the fourth; purchase days and decay have all of them."""
    ann = at(transactions=LINES, params=Features(windows_days=(7, 14, 28, 56)))["ann"]
    for name in ("basket_spend", "basket_items", "refunds", "refund_share"):
        assert [days for days in (7, 14, 28, 56) if f"{name}_{days}d" in ann] == [28, 56]
    for name in ("purchase_days", "purchase_days_decayed", "spend_decayed"):
        assert [days for days in (7, 14, 28, 56) if f"{name}_{days}d" in ann] == [7, 14, 28, 56]


def test_who_last_bought_beyond_the_reach_of_features(at):
    """56 days back is the first that features see here: bob's counts are 0, the rest of him is unknown."""
    people = at(
        transactions="""
            customer_id  occurred_at  amount
            ann          2024-01-05   10
            bob          2024-01-04   10
        """,
        params=Features(windows_days=(7, 28), history_days=56),
    )
    assert (people["ann"]["recency_days"], people["ann"]["purchase_days_decayed_28d"]) == (56, 1 / 4)
    counts = ("purchase_days_28d", "spend_28d", "refunds_28d", "purchase_days_decayed_28d", "spend_decayed_28d")
    assert {people["bob"][name] for name in counts} == {0}
    unknown = ("recency_days", "spend_per_purchase_day", "last_basket_ratio", "basket_spend_28d", "refund_share_28d")
    assert {people["bob"][name] for name in unknown} == {None}

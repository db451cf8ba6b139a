"""Recency, frequency and money, on tables that one can add up."""

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
    dropped = ("orders_", "items_", "discount_")
    assert not [name for name in ann if name.startswith(dropped)]
    assert "spend_28d" in ann

"""How widely a customer buys: different products, categories and channels of purchased lines."""

from churnml.config import Features

LINES = """
    customer_id  occurred_at  amount  product  category  channel
    ann          2024-02-01   10      tea      drinks    phone
    ann          2024-02-02   10      milk     dairy     web
    ann          2024-02-20   10      milk     dairy     shop
    ann          2024-02-20   10      butter   dairy     shop
    ann          2024-02-29   0       bread    bakery    -
    ann          2024-03-01   10      soap     home      app
"""
OF_LINES = ("products_28d", "categories_28d", "channels_28d")


def test_different_ones_of_a_window_count_once(at):
    """Milk, butter, bread; dairy, bakery; web, shop. 29 days back is outside, as_of unknown, no channel is none.

    Bread was free and counts.
    """
    ann = at(transactions=LINES)["ann"]
    assert [ann[name] for name in OF_LINES] == [3, 2, 2]


def test_a_refund_widens_nothing(at):
    """What came back, of something bought before the window, was not bought in it; what was bought stays bought."""
    more = """
    ann          2024-02-21   -10     tea      drinks    phone
    ann          2024-02-21   -10     butter   dairy     shop
    """
    ann = at(transactions=LINES.rstrip() + more)["ann"]
    assert [ann[name] for name in OF_LINES] == [3, 2, 2]


def test_one_purchase_is_one_of_each(at):
    """Several lines of the same thing widen nothing."""
    ann = at(
        transactions="""
            customer_id  occurred_at  amount  product  category  channel
            ann          2024-02-20   10      tea      drinks    web
            ann          2024-02-20   5       tea      drinks    web
        """
    )["ann"]
    assert [ann[name] for name in OF_LINES] == [1, 1, 1]


def test_nothing_bought_is_no_breadth(at):
    """Who bought nothing in the window, or nothing that features see, bought 0 different things: that is known."""
    people = at(
        transactions="""
            customer_id  occurred_at  amount  product  category  channel
            ann          2024-02-01   10      tea      drinks    web
            bob          2024-01-04   10      tea      drinks    web
        """,
        params=Features(windows_days=(7, 28), history_days=56),
    )
    assert {people[name][feature] for name in ("ann", "bob") for feature in OF_LINES} == {0}


def test_breadth_is_looked_at_from_the_middle_window_on(at):
    """In short windows breadth is just frequency: of four windows the third and the fourth are used.

    56 days hold tea, drinks and phone of 29 days back, too.
    """
    ann = at(transactions=LINES, params=Features(windows_days=(7, 14, 28, 56)))["ann"]
    for name in ("products", "categories", "channels"):
        assert [days for days in (7, 14, 28, 56) if f"{name}_{days}d" in ann] == [28, 56]
    assert (ann["products_56d"], ann["categories_56d"], ann["channels_56d"]) == (4, 3, 3)


def test_an_unmapped_column_drops_what_needs_it(at):
    """With categories alone there are categories alone; with none of the three nothing is left of the family."""
    lines = "customer_id occurred_at amount{}\nann 2024-02-20 10{}"
    ann = at(transactions=lines.format(" category", " drinks"))["ann"]
    assert [name for name in OF_LINES if name in ann] == ["categories_28d"]
    ann = at(transactions=lines.format("", ""))["ann"]
    assert [name for name in OF_LINES if name in ann] == []
    assert ann["purchase_days_28d"] == 1

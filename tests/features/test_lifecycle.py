"""How long somebody has been a customer."""


def test_tenure_counts_from_the_first_purchase(at):
    """A refund before the first purchase, of something bought before the exports begin, starts nothing."""
    ann = at(
        transactions="""
            customer_id  occurred_at  amount
            ann          2024-01-01   -5
            ann          2024-01-31   10
            ann          2024-02-20   10
        """
    )["ann"]
    assert ann["tenure_days"] == 30

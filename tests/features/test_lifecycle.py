"""Where in its life a customer is: once, again, back, silent."""

from churnml.config import Features

BACK = """
    customer_id  occurred_at  amount
    ann          2023-09-01   10
    ann          2023-09-29   10
    ann          2023-10-28   10
    ann          2023-11-15   -10
    ann          2023-12-01   0
    ann          2023-12-11   10
    ann          2023-12-11   5
    ann          2024-03-01   10
"""


def test_silence_as_a_share_of_the_time_since_the_first_purchase(at):
    """81 days of silence since 2023-12-11, 182 since 2023-09-01; the purchase on as_of isn't known."""
    ann = at(transactions=BACK)["ann"]
    assert ann["silence_share_of_tenure"] == 81 / 182


def test_a_refund_begins_and_ends_nothing(at):
    """Neither one before the first purchase, of something bought before the exports begin, nor one after the last."""
    ann = at(
        transactions="""
            customer_id  occurred_at  amount
            ann          2024-01-01   -5
            ann          2024-01-21   10
            ann          2024-02-20   10
            ann          2024-02-25   -10
        """
    )["ann"]
    assert ann["silence_share_of_tenure"] == 10 / 40
    assert ann["second_purchase_days"] == 30


def test_a_comeback_ends_a_silence_longer_than_the_longest_window(at):
    """Gaps of 28, 29, 34 and 10 days: 29 and 34 exceed 28. The last came back on 2023-12-01, 91 days ago.

    The refund of 2023-11-15 doesn't break the silence of 34 days, the purchase of 0 ends it. The 81 days of silence
    now are none until the customer buys.
    """
    ann = at(transactions=BACK)["ann"]
    assert (ann["comebacks"], ann["comeback_days"]) == (2, 91)


def test_a_longer_longest_window_asks_for_a_longer_silence(at):
    """With windows up to 33 days only the silence of 34 days is long; with 34 none is, and no comeback has no age."""
    for longest, comebacks, days in ((33, 1, 91), (34, 0, None)):
        ann = at(transactions=BACK, params=Features(windows_days=(7, longest), history_days=3650))["ann"]
        assert (ann["comebacks"], ann["comeback_days"]) == (comebacks, days)


def test_one_day_with_purchases_is_once(at):
    """Two orders of a day are one purchase day, and a refund is none; an amount of 0 on another day is a second."""
    people = at(
        transactions="""
            customer_id  occurred_at  amount
            ann          2024-02-10   10
            ann          2024-02-10   20
            ann          2024-02-20   -5
            ann          2024-03-01   10
            bob          2024-02-10   10
            bob          2024-02-20   0
            bob          2024-02-25   10
        """
    )
    of = ("bought_once", "second_purchase_days", "silence_share_of_tenure", "comebacks", "comeback_days")
    assert [people["ann"][name] for name in of] == [1, None, 1, 0, None]
    assert [people["bob"][name] for name in of] == [0, 10, 5 / 20, 0, None]


def test_the_first_purchase_is_the_first_that_features_see(at):
    """56 days back is seen here, 57 isn't: a longer export changes nothing."""
    people = at(
        transactions="""
            customer_id  occurred_at  amount
            ann          2024-01-05   10
            ann          2024-02-16   10
            bob          2024-01-04   10
            bob          2024-02-16   10
        """,
        params=Features(windows_days=(7, 28), history_days=56),
    )
    of = ("bought_once", "second_purchase_days", "silence_share_of_tenure", "comebacks", "comeback_days")
    assert [people["ann"][name] for name in of] == [0, 42, 14 / 56, 1, 14]
    assert [people["bob"][name] for name in of] == [1, None, 1, 0, None]


def test_the_length_of_the_export_is_no_feature(at):
    """Days since the first purchase grow with the export, so that a later cutoff looks like nothing in training."""
    assert "tenure_days" not in at(transactions=BACK)["ann"]

"""Who can leave, and who did: both from events, on the two sides of as_of."""

import pytest

from churnml.config import Churn

CHURN = Churn(horizon_days=28, active_within_days=56)


@pytest.mark.parametrize(
    ("day", "inside"), [("2024-01-04", False), ("2024-01-05", True), ("2024-02-29", True), ("2024-03-01", False)]
)
def test_the_population_was_active_in_the_window_before(at, day, inside):
    """Who bought within [as_of - 56, as_of) is in: 2024-01-05 is 56 days before 2024-03-01."""
    people = at(
        transactions=f"customer_id occurred_at amount\nann {day} 10\nbob 2024-02-01 10",
        churn=CHURN,
    )
    assert ("ann" in people) is inside


@pytest.mark.parametrize(
    ("day", "amount", "label"),
    [
        ("2024-02-29", 10, 1),
        ("2024-03-01", 10, 0),
        ("2024-03-28", 10, 0),
        ("2024-03-29", 10, 1),
        ("2024-03-10", 0, 0),
        ("2024-03-10", -10, 1),
    ],
)
def test_a_label_looks_at_the_horizon_alone(at, day, amount, label):
    """Who bought within [as_of, as_of + 28) stayed; an amount of 0 is enough, a refund isn't."""
    people = at(
        transactions=f"customer_id occurred_at amount\nann 2024-02-01 10\nann {day} {amount}",
        churn=CHURN,
    )
    assert people["ann"]["label"] == label


def test_a_refund_makes_nobody_active(at):
    """Who only returned something isn't in the population."""
    people = at(
        transactions="customer_id occurred_at amount\nann 2023-01-01 10\nann 2024-02-20 -10\nbob 2024-02-20 10",
        churn=CHURN,
    )
    assert list(people) == ["bob"]


def test_any_of_the_named_events_shows_life(at):
    """With two event tables, a row in either is enough, before as_of and after."""
    people = at(
        transactions="customer_id occurred_at amount\nann 2024-02-20 10\nbob 2024-02-20 10",
        contacts="customer_id contacted_at action\nann 2024-03-05 call\ncat 2024-02-20 call",
        churn=CHURN.model_copy(update={"events": ("transactions", "contacts")}),
    )
    assert {name: row["label"] for name, row in people.items()} == {"ann": 0, "bob": 1, "cat": 1}


def test_what_customers_do_themselves_shows_life(at):
    """A login, a ticket, an answer and a new contract are events where they are named, on the day of their row."""
    others = {
        "activity": "customer_id occurred_at event\nbob 2024-03-02 login",
        "tickets": "customer_id opened_at resolved_at\ncat 2024-02-20 2024-03-02",
        "surveys": "customer_id answered_at score\ndan 2024-03-28 9",
        "subscriptions": "customer_id started_at ended_at\neve 2024-02-29 -",
    }
    people = at(
        transactions="customer_id occurred_at amount\nann 2024-02-20 10\nbob 2024-02-20 10\ndan 2024-02-20 10",
        churn=CHURN.model_copy(update={"events": ("transactions", *others)}),
        **others,
    )
    assert {name: row["label"] for name, row in people.items()} == {"ann": 1, "bob": 0, "cat": 1, "dan": 0, "eve": 1}


def test_scoring_computes_no_label(at):
    """Split `score` has no label, not even where the horizon is in the tables."""
    people = at(transactions="customer_id occurred_at amount\nann 2024-02-20 10\nann 2024-03-02 10", split="score")
    assert people["ann"]["label"] is None

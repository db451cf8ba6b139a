"""What was longer ago than features reach: 28 days here, so 56; told beside the catalog, before 2024-03-01."""

import pytest

from churnml.config import Features
from churnml.features.catalog import catalog, families, told

REACH = Features(windows_days=(7, 28), history_days=28)
BOUGHT = "customer_id occurred_at amount\nann 2024-02-15 10\nbob 2024-02-15 10"
CONTRACTS = "customer_id started_at\nann 2023-06-01\nbob 2023-06-01"
CONTACTED = """
    customer_id  contacted_at  action  list_id  arm
    ann          2024-01-04    call    -        -
    ann          2024-01-05    call    -        -
    ann          2024-01-25    call    -        -
    ann          2024-02-10    call    april    -
    ann          2024-02-20    call    -        holdout
    ann          2024-02-25    call    -        -
    ann          2024-03-01    call    -        -
    bob          2024-01-04    call    -        -
"""


def uses(who, day, count, quantity, event="feature_use", feature="reports"):
    """Rows of one day."""
    return "".join(f"\n{who} 2024-{day} {event} {feature} {quantity}" for _ in range(count))


def used(*rows):
    """A table of them."""
    return "customer_id occurred_at event feature quantity" + "".join(rows)


def test_personal_contacts_from_the_last_one_back(at):
    """Those of lists and holdouts, from 57 days ago and of as_of aside; the fourth isn't there."""
    found = at(transactions=BOUGHT, contacts=CONTACTED, params=REACH)
    places = [f"owner_contact_{place}_days" for place in (1, 2, 3, 4)]
    assert [found["ann"][name] for name in places] == [5, 36, 56, None]
    assert [found["bob"][name] for name in places] == [None] * 4
    assert found["ann"]["owner_gap_last_days"] is None


def test_the_last_uses_of_features_against_those_before(at):
    """Ten uses of 2, and before them two more of 2 and ten of 8; an empty cell is a use of 1, and what is no use is left out."""
    rows = (
        uses("ann", "01-04T09:00", 3, 100), uses("ann", "01-05T09:00", 10, 8), uses("ann", "01-20T09:00", 12, 2),
        uses("ann", "02-20T09:00", 5, 50, feature="-"), uses("ann", "02-21T09:00", 1, 50, event="newsletter_off"),
        uses("bob", "01-10T09:00", 9, 8), uses("bob", "01-20T09:00", 9, 2), uses("bob", "01-22T09:00", 1, "-"),
    )  # fmt: skip
    found = at(transactions=BOUGHT, activity=used(*rows), subscriptions=CONTRACTS, params=REACH)
    assert (found["ann"]["last_uses_quantity"], found["ann"]["earlier_uses_quantity"]) == (2, pytest.approx(84 / 12))
    assert (found["bob"]["last_uses_quantity"], found["bob"]["earlier_uses_quantity"]) == (pytest.approx(19 / 10), None)
    assert (found["ann"]["feature_last_used_days"], found["bob"]["feature_last_used_days"]) == (41, 39)


def test_uses_of_one_moment_are_put_in_order(at):
    """The smaller ones count as the later: whatever the order of the rows, the numbers are the same."""
    rows = [uses("ann", "01-20T09:00", 10, quantity) for quantity in (3, 5)]
    for order in (rows, rows[::-1]):
        ann = at(transactions=BOUGHT, activity=used(*order), subscriptions=CONTRACTS, params=REACH)["ann"]
        assert (ann["last_uses_quantity"], ann["earlier_uses_quantity"]) == (3, 5)


def test_nothing_of_it_is_learned():
    """Not an entry of the catalog; and without a list or a feature in the table, nothing is told."""
    bare = {
        "contacts": ["customer_id", "contacted_at", "contacted_on"],
        "activity": ["customer_id", "occurred_at", "event"],
    }
    full = {"contacts": [*bare["contacts"], "list_id"], "activity": [*bare["activity"], "feature", "quantity"]}
    contracts = {"subscriptions": ["customer_id", "started_at", "started_on"]}
    assert told({**bare, **contracts}) == []
    names = {feature.name for family in told({**full, **contracts}) for feature in family.features}
    assert len(names) == 7
    assert [family.name for family in told(full)] == ["farther_contacts"]
    assert not names & {entry["name"] for entry in catalog(families(Features(), full))}

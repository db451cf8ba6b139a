"""Master data: today's attributes say nothing about the past, unless the user declares them timeless."""

import pytest

from churnml.config import Features
from churnml.errors import DataError

BOUGHT = """
    customer_id  occurred_at  amount
    ann          2024-01-15   10
    bob          2024-01-15   10
    cat          2024-01-15   10
"""
PEOPLE = """
    customer_id  signed_up_at  region  town
    ann          2024-01-31    north   Ash
    bob          2024-03-01    south   Beech
"""


def test_sign_up_age(at):
    """Days since sign-up; a sign-up at or after as_of wasn't known, nor is that of somebody without a row."""
    people = at(transactions=BOUGHT, customers=PEOPLE)
    assert {name: row["signed_up_days"] for name, row in people.items()} == {"ann": 30, "bob": None, "cat": None}


def test_attributes_never_enter_by_themselves(at):
    """Neither attributes of the contract nor the export's own become features unless named in features.profile."""
    ann = at(transactions=BOUGHT, customers=PEOPLE)["ann"]
    assert [name for name in ann if name.startswith("profile_") or name in ("region", "town")] == []


def test_named_attributes_enter(at):
    """What features.profile names becomes a category; who has no row has none."""
    people = at(transactions=BOUGHT, customers=PEOPLE, params=Features(windows_days=(7,), profile=("town", "region")))
    assert [(row["profile_town"], row["profile_region"]) for row in people.values()] == [
        ("Ash", "north"),
        ("Beech", "south"),
        (None, None),
    ]


def test_a_named_attribute_must_be_there(at):
    """A misspelt attribute is refused with the nearest one."""
    with pytest.raises(DataError) as refused:
        at(transactions=BOUGHT, customers=PEOPLE, params=Features(windows_days=(7,), profile=("twon",)))
    assert str(refused.value) == (
        "features.profile: customers has no column 'twon'; did you mean 'town'?; correct the name or remove it"
    )


@pytest.mark.parametrize("name", ["customer_id", "signed_up_at", "signed_up_on"])
def test_only_attributes_can_be_named(at, name):
    """Ids and times have a meaning and a moment of their own; naming one must not show it before it was known."""
    with pytest.raises(DataError, match=f"^features.profile: '{name}' is no attribute; remove it$"):
        at(transactions=BOUGHT, customers=PEOPLE, params=Features(windows_days=(7,), profile=(name,)))


def test_naming_an_attribute_opens_no_other_table(at):
    """An attribute of customers that shares its name with a column of another table changes nothing there."""
    tables = {
        "transactions": "customer_id occurred_at amount discount\nann 2024-02-28 9 1",
        "customers": "customer_id discount\nann gold",
    }
    ann = at(**tables, params=Features(windows_days=(7,), profile=("discount",)))["ann"]
    assert (ann["profile_discount"], ann["discount_share_7d"]) == ("gold", 0.1)

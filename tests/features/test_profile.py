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


ONBOARDED = """
    customer_id  onboarded            town
    ann          2024-02-20           Ash
    bob          2024-03-01           Ash
    cat          -                    Ash
"""
ONCE = Features(windows_days=(7,), profile={"onboarded": "date"})


def test_a_day_is_known_from_the_day_after_on(at):
    """What happened on as_of or later, or never, is unknown: an explicit nothing, no zero."""
    people = at(transactions=BOUGHT, customers=ONBOARDED, params=ONCE)
    assert {name: row["profile_onboarded"] for name, row in people.items()} == {
        "ann": 10,
        "bob": None,
        "cat": None,
    }


@pytest.mark.parametrize("cell", ["2024-02-20T23:30:00", "20.02.2024", "2024-02-31", "soon"])
def test_what_is_no_day_is_unknown(at, cell):
    """A time of day may be another day in another timezone, and what isn't written as a day is none."""
    people = f"customer_id onboarded\nann {cell}\nbob 2024-02-20T00:00:00"
    found = at(transactions=BOUGHT, customers=people, params=ONCE)
    assert [found[name]["profile_onboarded"] for name in ("ann", "bob")] == [None, 10]


OWNED = """
    customer_id  owner
    ann          Anna
    bob          -
"""


def test_filled_learns_whether_and_not_what(at):
    """Which name stands there isn't learned, a blank is none, and who has no row is unknown."""
    params = Features(windows_days=(7,), profile={"owner": "filled"})
    people = at(transactions=BOUGHT, customers=OWNED, params=params)
    assert {name: row["profile_owner"] for name, row in people.items()} == {"ann": 1, "bob": 0, "cat": None}

"""Attributes of customers: which are learned from, and which of them are numbers."""

import pytest

import shelf
from churnml.config import Churn, Features
from churnml.errors import DataError
from churnml.features.attributes import with_attributes
from churnml.features.history import columns_of, table_paths

PEOPLE = """
    customer_id  signed_up_at  plan   age   branch  note         phone  gone
    ann          2024-01-31    basic  31    007     likes_tea    123    yes
    bob          2024-02-01    pro    -     003     moved_away   124    no
    cat          2024-02-01    basic  4.5e1 003     calls_often  125    no
    dan          2024-02-03    pro    67    003     has_a_dog    126    no
"""
LABEL = {"definition": "label", "column": "gone", "left": ["yes"], "labelled_on": "2024-03-01", "horizon_days": 28}
SILENT = {"definition": "inactivity", "events": ["transactions"], "horizon_days": 28, "active_within_days": 56}


@pytest.fixture
def learned(tmp_path, engine):
    """Called with the features section and the definition: the attributes that are learned from."""

    def chosen(params, churn=LABEL):
        paths = table_paths(shelf.write_tables(tmp_path / "tables", {"customers": PEOPLE}))
        features, definition = Features.model_validate(params), Churn.model_validate(churn)
        return with_attributes(
            features, definition, columns_of(paths), {"phone"}, paths, engine, tmp_path
        ).profile  # fmt: skip

    return chosen


def test_where_a_column_says_who_left_all_attributes_are_learned_from(learned):
    """But the label, private columns, times, and a note that is another one for each of them. 007 is a code."""
    assert learned({}) == {"plan": "category", "age": "number", "branch": "category"}


def test_as_of_a_day_no_attribute_is(learned):
    """It shows today's value: what somebody's plan was then isn't known."""
    assert learned({}, SILENT) == {}


def test_who_names_attributes_gets_those(learned):
    """A note, too; and a number that is to be a category."""
    assert learned({"profile": ["note", "age"]}) == {"note": "category", "age": "number"}
    assert learned({"profile": {"age": "category"}}, SILENT) == {"age": "category"}


def test_what_is_left_out_is_none(learned):
    """By the name of the attribute."""
    assert learned({"leave_out": ["plan"]}) == {"age": "number", "branch": "category"}


def test_a_number_is_one(at):
    """Read as such; a cell that holds none is unknown."""
    params = Features(windows_days=(7,), profile={"age": "number"})
    transactions = "customer_id occurred_at amount\n" + "\n".join(
        f"{who} 2024-02-15 10" for who in ("ann", "bob", "cat")
    )
    people = at(transactions=transactions, customers=PEOPLE, params=params)
    assert [row["profile_age"] for row in people.values()] == [31.0, None, 45.0]


def test_a_feature_is_left_out_by_its_name(at):
    """So is an attribute's, by either name; a name that nothing has is refused."""
    transactions = "customer_id occurred_at amount\nann 2024-02-15 10"

    def names(*leave_out):
        params = Features(windows_days=(7,), profile=("plan",), leave_out=leave_out)
        return set(at(transactions=transactions, customers=PEOPLE, params=params)["ann"])

    assert names() - names("recency_days", "plan") == {"recency_days", "profile_plan"}
    assert names() - names("profile_plan") == {"profile_plan"}
    with pytest.raises(DataError) as refused:
        names("recency_day")
    assert str(refused.value) == (
        "features.leave_out: no feature and no column of customers is called 'recency_day'; did you mean 'recency_days'?; "
        "correct the name or remove it"
    )


def test_a_date_that_cells_dont_hold_is_refused(learned):
    """All would be unknown without a word."""
    assert learned({"profile": {"age": "number"}}, SILENT) == {"age": "number"}
    with pytest.raises(DataError) as refused:
        learned({"profile": {"plan": "date"}}, SILENT)
    assert str(refused.value) == (
        "features.profile: 'plan' is declared to be a date, but 4 of 4 cells of customers aren't written like 2024-01-31, "
        "without a time of day; write them so in the export, or remove it"
    )

"""Why customers say that they go: notices of ann, bob and cat before 2024-03-01, told beside the catalog."""

import pytest

from churnml.config import Features
from churnml.features.catalog import catalog, families, told
from churnml.simulate.words import words

BOUGHT = "customer_id occurred_at amount\nann 2024-01-15 10\nbob 2024-01-15 10\ncat 2024-01-15 10"
NOTICES = """
    customer_id  cancelled_at  reason                  text
    ann          2024-01-10    Too_expensive           -
    ann          2024-01-20    -                       等了好几天没人回复
    ann          2024-02-10    PRICE                   You_were_nice
    ann          2024-03-01    No_contact              -
    bob          2024-02-29    other                   -
"""
GIVEN = {
    "notice_about_service_days": 41,
    "notice_about_value_days": None,
    "notice_about_competitor_days": 20,
    "notice_about_operations_days": None,
    "notice_about_relationship_days": None,
}


def given(row):
    """What is told of a customer's notices."""
    return {name: cell for name, cell in row.items() if name.startswith("notice_")}


def test_reasons_count_from_the_day_of_the_notice(at):
    """The last time for each, said in a cell or in a sentence; what comes on as_of isn't known, and another reason is none."""
    found = at(transactions=BOUGHT, cancellations=NOTICES)
    assert given(found["ann"]) == GIVEN
    assert given(found["bob"]) == given(found["cat"]) == dict.fromkeys(GIVEN)


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
@pytest.mark.parametrize(
    ("place", "cause"), enumerate(["service", "value", "competitor", "operations", "relationship", None])
)
def test_reasons_of_a_simulated_company_are_understood(at, locale, place, cause):
    """Each speaks for one cause, another reason for none."""
    reason = words("reason", locale)[place].replace(" ", "_")
    found = at(transactions=BOUGHT, cancellations=f"customer_id cancelled_at reason\nann 2024-02-20 {reason}")["ann"]
    assert [name for name, days in given(found).items() if days is not None] == (
        [f"notice_about_{cause}_days"] if cause else []
    )


def test_nothing_of_a_notice_is_learned():
    """Not an entry of the catalog; and where nothing says why, nothing is told."""
    columns = {"cancellations": ["customer_id", "cancelled_at", "cancelled_on", "reason"]}
    assert [family.name for family in told(columns)] == ["notices"]
    assert told({"cancellations": ["customer_id", "cancelled_at", "cancelled_on"]}) == told({}) == []
    bought = {"transactions": ["customer_id", "occurred_on", "amount"]}
    assert catalog(families(Features(), bought | columns)) == catalog(families(Features(), bought))

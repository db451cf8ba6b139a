"""Contacts and answers; an answer counts from the day after it came."""

import pytest

from churnml.config import Features

BOUGHT = """
    customer_id  occurred_at  amount
    ann          2024-01-15   10
    bob          2024-01-15   10
"""
CONTACTED = """
    customer_id  contacted_at  action  answered_at
    ann          2024-02-01    mail    2024-02-10
    ann          2024-02-02    mail    2024-02-05
    ann          2024-02-20    call    2024-03-01
    ann          2024-02-25    call    -
    ann          2024-03-01    call    2024-03-01
"""


def test_contacts_and_answers_by_hand(at):
    """Four contacts and two answers were known; 28 days hold three of the contacts and both answers."""
    ann = at(transactions=BOUGHT, contacts=CONTACTED)["ann"]
    assert ann["contact_recency_days"] == 5
    assert ann["contacts_answered_share"] == 2 / 4
    assert (ann["contacts_28d"], ann["answers_28d"]) == (3, 2)


def test_nobody_contacted_is_zero_contacts_and_an_unknown_share(at):
    """Counts are 0, shares and recencies of what never happened are unknown."""
    bob = at(transactions=BOUGHT, contacts=CONTACTED)["bob"]
    assert (bob["contacts_28d"], bob["answers_28d"]) == (0, 0)
    assert (bob["contacts_answered_share"], bob["contact_recency_days"]) == (None, None)


def test_without_answers_there_are_no_answer_features(at):
    """An export that doesn't say when somebody answered gives no feature about answers, with or without `answer`."""
    for column, cell in (("channel", "phone"), ("answer", "yes")):
        ann = at(
            transactions=BOUGHT,
            contacts=f"customer_id contacted_at action {column}\nann 2024-02-02 mail {cell}",
        )["ann"]
        assert [name for name in ann if "answer" in name] == []
        assert ann["contacts_28d"] == 1


@pytest.mark.parametrize(("windows", "used"), [((7, 14, 28, 56), {28, 56}), ((7, 14), {14})])
def test_windows_shorter_than_a_month_arent_used(at, windows, used):
    """Contacts are rare: windows of a month and longer, or else the longest there is."""
    ann = at(transactions=BOUGHT, contacts=CONTACTED, params=Features(windows_days=windows))["ann"]
    counted = {name for name in ann if name.startswith("contacts_") and name != "contacts_answered_share"}
    assert counted == {f"contacts_{days}d" for days in used}

"""What happened, from rows that one can read."""

from datetime import date

import pytest

from churnml.explain import timeline
from churnml.explain.events import events_of
from churnml.explain.sentences import event_line
from churnml.explain.words import EVENTS


def told(rows, locale="en"):
    """Day and sentence of each event."""
    return [f"{one.day:%m-%d} {event_line(one, locale, 'USD')}" for one in events_of(rows)]


def test_months_begin_with_the_first_that_holds_anything():
    """Refunds lower the spend and are no purchase; a signal is no activity; the month of as_of ends before it."""
    rows = {
        "transactions": [
            {"occurred_on": date(2024, 1, 3), "amount": 10},
            {"occurred_on": date(2024, 1, 3), "amount": 5},
            {"occurred_on": date(2024, 1, 9), "amount": -4},
            {"occurred_on": date(2022, 1, 9), "amount": 99},
        ],
        "activity": [
            {"occurred_on": date(2024, 2, 1), "signal": None},
            {"occurred_on": date(2024, 2, 2), "signal": "late"},
        ],
    }
    said = timeline(rows, date(2024, 2, 10))
    assert said.months == [
        (date(2024, 1, 1), {"purchase_days": 1, "spend": 11, "active_days": 0}),
        (date(2024, 2, 1), {"purchase_days": 0, "spend": 0, "active_days": 1}),
    ]


def test_twelve_months_at_most():
    """An as_of at the beginning of a month shows the twelve before it."""
    rows = {"contacts": [{"contacted_on": date(2023, month, 5), "action": "call"} for month in range(1, 13)]}
    assert [first for first, _ in timeline(rows, date(2024, 1, 1)).months] == [
        date(2023, month, 1) for month in range(1, 13)
    ]
    assert timeline(rows, date(2024, 1, 2)).months[0][0] == date(2023, 2, 1)


def test_contracts_that_follow_each_other_are_one_change():
    """A contract that begins as another ends is a change or a renewal; a cancelled one ends."""
    rows = {
        "subscriptions": [
            {"started_on": date(2023, 1, 1), "ended_on": date(2023, 7, 1), "plan": "basic", "monthly_amount": 10},
            {"started_on": date(2023, 7, 1), "ended_on": date(2024, 1, 1), "plan": "pro", "monthly_amount": 20},
            {"started_on": date(2024, 1, 1), "ended_on": date(2024, 3, 1), "plan": "pro", "monthly_amount": 20,
             "cancel_reason": "price"},
        ],
    }  # fmt: skip
    assert told(rows) == [
        "03-01 contract ended: pro, price",
        "01-01 contract renewed: pro, 20.00 USD a month",
        "07-01 contract changed: basic → pro, 10.00 USD a month → 20.00 USD a month",
        "01-01 contract began: basic, 10.00 USD a month",
    ]


def test_a_ticket_is_told_in_three_steps():
    """Opened, first answered, resolved: each on its day, as far as it is known."""
    row = {
        "opened_on": date(2024, 1, 1), "ticket_id": "T1", "kind": "complaint", "priority": "high", "complaint": True,
        "first_response_on": date(2024, 1, 4), "resolved_on": date(2024, 1, 4), "satisfaction": 2.0,
    }  # fmt: skip
    assert told({"tickets": [row]}, "zh-CN") == [
        "01-04 工单解决：T1，complaint，3 天后，评分 2",
        "01-04 工单首次答复：T1，complaint，3 天后",
        "01-01 提交工单：T1，complaint，high",
    ]
    assert told({"tickets": [{"opened_on": date(2024, 1, 1)}]}) == ["01-01 ticket opened"]


@pytest.mark.parametrize("signal", ["contact", "late", "renewal", "leaving", "mail"])
def test_every_signal_has_words(signal):
    """Signals are told by their own words, once a day."""
    rows = {"activity": [{"occurred_on": date(2024, 1, 1), "signal": signal}] * 2}
    assert told(rows) == [f"01-01 {EVENTS[f'signal_{signal}'][0]}"]

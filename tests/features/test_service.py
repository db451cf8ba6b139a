"""Tickets, by hand: six of ann before 2024-03-01, three of them open then; what was filled in later is planted."""

import pytest

from churnml.config import Features
from churnml.features.service import service

BOUGHT = """
    customer_id  occurred_at  amount
    ann          2024-01-15   10
    bob          2024-01-15   10
"""
TICKETS = """
    customer_id  opened_at         first_response_at  resolved_at       kind       priority  satisfaction
    ann          2024-01-01T09:00  2024-01-01T10:00   2024-01-02T09:00  question   low       5
    ann          2024-01-11T09:00  2024-01-13T09:00   2024-01-15T09:00  Complaint  high      2
    ann          2024-02-05T08:00  2024-02-05T20:00   2024-02-08T08:00  complaint  normal    4
    ann          2024-02-10T08:00  2024-02-12T08:00   2024-03-05T08:00  complaint  Urgent    1
    ann          2024-02-27T15:00  2024-03-01T00:00   2024-03-05T08:00  question   low       1
    ann          2024-02-29T23:00  2024-03-01T09:00   -                 投诉       高        -
    ann          2024-03-01T00:00  2024-03-01T00:00   2024-03-01T00:00  complaint  high      1
"""
ON_THE_EVE = """
    customer_id  opened_at         first_response_at  resolved_at       kind       priority  satisfaction
    ann          2024-01-01T09:00  2024-01-01T10:00   2024-01-02T09:00  question   low       5
    ann          2024-01-11T09:00  2024-01-13T09:00   2024-01-15T09:00  Complaint  high      2
    ann          2024-02-05T08:00  2024-02-05T20:00   2024-02-08T08:00  complaint  normal    4
    ann          2024-02-10T08:00  2024-02-12T08:00   -                 complaint  Urgent    -
    ann          2024-02-27T15:00  -                  -                 question   low       -
    ann          2024-02-29T23:00  -                  -                 投诉       高        -
"""
BY_HAND = {
    "ticket_recency_days": 1,
    "tickets_28d": 4,
    "complaints_28d": 3,
    "tickets_urgent_share": 3 / 6,
    "tickets_open": 3,
    "ticket_open_longest_days": 20,
    "tickets_unresolved_in_row": 3,
    "complaints_unresolved_in_row": 2,
    # 12 and 48 hours; opened three days ago and still waiting: 48 at least; opened yesterday: 0 at least.
    "first_reply_mean_28d_hours": (12 + 48 + 48 + 0) / 4,
    "first_reply_max_28d_hours": 48,
    "first_reply_late_28d_share": 2 / 4,
    "resolution_mean_28d_hours": 72,
    # The one of 2024-02-27 has waited for more than 24 hours; that of 2024-02-10 has been open for more than 7 days.
    "reply_late_days": 3,
    "solution_late_days": 20,
    "ticket_last_rating": 4,
    "ticket_rating_mean": (5 + 2 + 4) / 3,
    # 4 in 28 days now, 2 in the 32 days before: (4 × 32 - 2 × 28) / (4 × 32 + 2 × 28).
    "tickets_change_28d_baseline": 72 / 184,
    # 1 day, where 5 gaps took 59.
    "ticket_silence_ratio": 5 / 59,
}
ALL_COLUMNS = ["first_response_on", "resolved_on", "kind", "priority", "satisfaction"]


def of_tickets(people, name):
    return {entry: people[name][entry] for entry in BY_HAND}


def test_every_entry_by_hand(at):
    """Each entry is in the table above, and nothing else is an entry."""
    assert {feature.name for feature in service((7, 28), ALL_COLUMNS).features} == set(BY_HAND)
    assert of_tickets(at(transactions=BOUGHT, tickets=TICKETS), "ann") == BY_HAND


def test_what_was_filled_in_later_says_nothing(at):
    """Replies, ends and ratings from as_of on, and a ticket of that midnight: the export of the eve says the same."""
    ann = at(transactions=BOUGHT, tickets=TICKETS)["ann"]
    assert repr(at(transactions=BOUGHT, tickets=ON_THE_EVE)["ann"]) == repr(ann)


def test_without_tickets_counts_are_zero_and_the_rest_is_unknown(at):
    """Bob never wrote."""
    counts = (
        "tickets_28d",
        "complaints_28d",
        "tickets_open",
        "tickets_unresolved_in_row",
        "complaints_unresolved_in_row",
    )
    bob = of_tickets(at(transactions=BOUGHT, tickets=TICKETS), "bob")
    assert bob == {name: 0 if name in counts else None for name in BY_HAND}


@pytest.mark.parametrize(
    ("missing", "lost"),
    [
        ("kind", {"complaints_28d", "complaints_unresolved_in_row"}),
        ("priority", {"tickets_urgent_share"}),
        ("satisfaction", {"ticket_last_rating", "ticket_rating_mean"}),
        (
            "first_response_at",
            {"reply_late_days", *(name for name in BY_HAND if name.startswith("first_reply"))},
        ),
        (
            "resolved_at",
            {
                *(
                    "tickets_open",
                    "ticket_open_longest_days",
                    "tickets_unresolved_in_row",
                    "complaints_unresolved_in_row",
                ),
                *("resolution_mean_28d_hours", "solution_late_days", "ticket_last_rating", "ticket_rating_mean"),
            },
        ),
    ],
)
def test_a_column_that_isnt_exported_costs_its_entries(at, missing, lost):
    """All others say what they said; a rating can't be dated without the end of its ticket."""
    rows = [line.split() for line in TICKETS.strip().splitlines()]
    place = rows[0].index(missing)
    fewer = "\n".join(" ".join(cell for number, cell in enumerate(row) if number != place) for row in rows)
    ann = at(transactions=BOUGHT, tickets=fewer)["ann"]
    assert {name: ann[name] for name in BY_HAND if name in ann} == {
        name: value for name, value in BY_HAND.items() if name not in lost
    }


def test_bare_tickets_are_counted(at):
    """Who and when is enough."""
    ann = at(transactions=BOUGHT, tickets="customer_id opened_at\nann 2024-02-20\nann 2024-01-20")["ann"]
    assert (ann["tickets_28d"], ann["ticket_recency_days"]) == (1, 10)


@pytest.mark.parametrize(
    ("opened", "hours", "late"), [("2024-02-29T00:01", 0, 0), ("2024-02-28T23:59", 24, 1), ("2024-02-27T12:00", 48, 1)]
)
def test_who_still_waits_has_waited_since_the_end_of_that_day(at, opened, hours, late):
    """A lower bound that needs no clock. From the second midnight on it was more than 24 hours in any case."""
    ann = at(transactions=BOUGHT, tickets=f"customer_id opened_at first_response_at\nann {opened} -")["ann"]
    assert (ann["first_reply_mean_28d_hours"], ann["first_reply_late_28d_share"]) == (hours, late)


@pytest.mark.parametrize(("replied", "late"), [("2024-02-21T08:00:00", 0), ("2024-02-21T08:00:01", 1)])
def test_late_is_more_than_a_day(at, replied, late):
    """24 hours to the second are in time."""
    ann = at(
        transactions=BOUGHT, tickets=f"customer_id opened_at first_response_at\nann 2024-02-20T08:00:00 {replied}"
    )["ann"]
    assert ann["first_reply_late_28d_share"] == late


def test_a_ticket_resolved_without_a_reply_was_answered_by_that(at):
    """Its end is the answer; a reply before the ticket took no time."""
    people = at(
        transactions=BOUGHT,
        tickets="""
            customer_id  opened_at         first_response_at  resolved_at
            ann          2024-02-20T08:00  -                  2024-02-20T18:00
            bob          2024-02-20T08:00  2024-02-20T07:00   -
        """,
    )
    assert [people[name]["first_reply_mean_28d_hours"] for name in ("ann", "bob")] == [10, 0]


def test_two_complaints_in_a_row(at):
    """A question that was solved in between doesn't end the row of complaints, but that of tickets."""
    ann = at(
        transactions=BOUGHT,
        tickets="""
            customer_id  opened_at   resolved_at  kind
            ann          2024-02-01  2024-02-02   complaint
            ann          2024-02-10  -            complaint
            ann          2024-02-12  2024-02-13   question
            ann          2024-02-20  -            客户投诉
        """,
    )["ann"]
    assert (ann["complaints_unresolved_in_row"], ann["tickets_unresolved_in_row"], ann["tickets_open"]) == (2, 1, 2)


def test_ratings_go_by_the_day_they_were_known(at):
    """The ticket opened first was closed last, so its rating is the last; of one moment the worse one is."""
    people = at(
        transactions=BOUGHT,
        tickets="""
            customer_id  opened_at   resolved_at  satisfaction
            ann          2024-01-01  2024-02-20   2
            ann          2024-02-01  2024-02-02   5
            ann          2024-02-21  2024-02-22   -
            bob          2024-02-01  2024-02-20   5
            bob          2024-02-01  2024-02-20   3
        """,
    )
    assert [people[name]["ticket_last_rating"] for name in ("ann", "bob")] == [2, 3]


def test_silence_needs_two_days_with_a_ticket(at):
    """Two tickets of one day tell no usual gap; 10 days of silence after a gap of 20 are half of one."""
    people = at(
        transactions=BOUGHT,
        tickets="customer_id opened_at\nann 2024-02-10\nann 2024-02-10\nbob 2024-01-31\nbob 2024-02-20",
    )
    assert [people[name]["ticket_silence_ratio"] for name in ("ann", "bob")] == [None, 0.5]


def test_windows_of_a_month_and_longer(at):
    """Tickets are rare. With the usual windows the family stays readable."""
    ann = at(transactions=BOUGHT, tickets=TICKETS, params=Features(windows_days=(7, 30, 60)))["ann"]
    assert [name for name in ann if name.startswith("tickets_") and name.endswith("d")] == [
        "tickets_30d",
        "tickets_60d",
    ]
    assert "first_reply_max_60d_hours" in ann
    assert len(service((7, 14, 28, 56, 112), ALL_COLUMNS).features) == 22

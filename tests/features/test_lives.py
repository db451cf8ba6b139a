"""The last weeks of some customers, on tables that one can count by hand."""

from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq

import shelf
from churnml.config import Churn
from churnml.features import write_lives

SILENCE = Churn(horizon_days=28, active_within_days=56)
CONTRACTS = Churn(definition="cancellation", events=(), horizon_days=28)
TABLES = {
    "transactions": """
        customer_id occurred_at amount
        ann         2024-02-01  5
        ann         2024-03-02  5
        ann         2024-03-04  -4
        ann         2024-03-05  20
        ann         2024-03-10  500
        ann         2024-03-12  500
        bob         2024-02-27  7
        bob         2024-03-06  8
        bob         2024-03-11  9
    """,
    "tickets": """
        customer_id opened_at        first_response_at kind
        ann         2024-03-08T10:00 2024-03-08T13:00  Complaint
        ann         2024-03-09T10:00 -                 question
        ann         2024-03-10T10:00 2024-03-10T11:00  complaint
    """,
    "contacts": """
        customer_id contacted_at action arm
        ann         2024-03-07   call   treated
        ann         2024-03-06   call   holdout
    """,
    "surveys": "customer_id answered_at score\nann 2024-02-25 9",
}


def lives(folder, engine, churn, tables, *people):
    """What is told of (customer, day on which they are looked at), in two parts of a week, by place and part."""
    written = shelf.write_tables(folder / "tables", tables)
    rows = {
        "place": list(range(len(people))),
        "customer_id": [customer for customer, _ in people],
        "left_on": [day for _, day in people],
    }
    pq.write_table(pa.table(rows), folder / "people.parquet")
    write_lives(
        tables=written, churn=churn, people=folder / "people.parquet", part_days=7, parts=2, engine=engine,
        work=folder, out=folder / "lives.parquet",
    )  # fmt: skip
    told = pq.read_table(folder / "lives.parquet").to_pylist()
    return {(row.pop("place"), row.pop("part")): row for row in told}


def test_what_a_leaver_did_before_the_last_event(tmp_path, engine):
    """The last week ends the day before the last event; that day and what is later isn't counted, refunds are taken off."""
    told = lives(tmp_path, engine, SILENCE, TABLES, ("ann", date(2024, 3, 10)))
    assert told == {
        (0, 0): {
            "until": date(2024, 3, 9), "whole": True, "orders": 1, "spend": 16, "active_days": 1, "tickets": 2,
            "complaints": 1, "replies": 1, "reply_hours": 3, "surveys": 0, "contacts": 1,
        },
        (0, 1): {
            "until": date(2024, 3, 9), "whole": True, "orders": 1, "spend": 5, "active_days": 1, "tickets": 0,
            "complaints": 0, "replies": 0, "reply_hours": 0, "surveys": 1, "contacts": 0,
        },
    }  # fmt: skip


def test_who_stayed_is_looked_at_from_an_event_too(tmp_path, engine):
    """From the last one on or before the day on which the leaver left: here the 6th, so that the week ends on the 5th."""
    told = lives(tmp_path, engine, SILENCE, TABLES, ("ann", date(2024, 3, 10)), ("bob", date(2024, 3, 10)))
    assert [(told[1, part]["until"], told[1, part]["orders"], told[1, part]["spend"]) for part in (0, 1)] == [
        (date(2024, 3, 5), 0, 0),
        (date(2024, 3, 5), 1, 7),
    ]
    assert not told[1, 0]["whole"]  # first seen on 27 February, 8 of the 14 days


def test_who_wasnt_there_yet_isnt_told(tmp_path, engine):
    """Without a sign of life by that day there is nothing to look at."""
    told = lives(tmp_path, engine, SILENCE, TABLES, ("bob", date(2024, 2, 1)), ("nobody", date(2024, 3, 10)))
    assert told == {}


def test_contracts_are_looked_at_from_the_day_of_leaving(tmp_path, engine):
    """No event is given by construction: both of a pair end the day before; activity tells on which days they were active."""
    tables = {
        "subscriptions": "customer_id started_at ended_at subscription_id\nann 2024-01-01 2024-03-10 1\nbob 2024-01-01 - 2",
        "activity": """
            customer_id occurred_at event
            ann         2024-03-10  login
            ann         2024-03-09  login
            ann         2024-03-09  visit
            bob         2024-03-01  login
        """,
    }
    told = lives(tmp_path, engine, CONTRACTS, tables, ("ann", date(2024, 3, 10)), ("bob", date(2024, 3, 10)))
    assert {place: (row["until"], row["whole"], row["active_days"]) for place, row in told.items()} == {
        (0, 0): (date(2024, 3, 9), True, 1),
        (0, 1): (date(2024, 3, 9), True, 0),
        (1, 0): (date(2024, 3, 9), True, 0),
        (1, 1): (date(2024, 3, 9), True, 1),
    }
    assert "orders" not in told[0, 0]

"""Keys: two different rows of one number contradict each other; where there is no number, nothing does."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from churnml.config import Source
from churnml.contracts.columns import Column, Table
from churnml.ingest.clean import ROW, conflicting
from churnml.ingest.readings import FILE, REST
from churnml.ports import Engine
from intake import Shop, subscriptions, tickets

NUMBERED = {"customer_id": "id", "opened_at": "opened", "ticket_id": "number"}
UNNUMBERED = {"customer_id": "id", "opened_at": "opened"}


def test_two_different_rows_of_one_ticket_are_both_set_aside(shop: Shop) -> None:
    """Nobody knows when ticket 7 was closed; the same row twice contradicts nothing."""
    shop.write(
        "tickets.csv",
        "id,opened,number,closed\n"
        "ann,2024-01-01,7,2024-01-02\n"
        "ann,2024-01-01,7,2024-01-03\n"
        "bob,2024-01-01,8,2024-01-02\n"
        "bob,2024-01-01,8,2024-01-02\n",
    )
    [profile] = shop.ingest(tickets())
    assert shop.column("ticket_id", "tickets") == ["8"]
    assert shop.aside("tickets") == [
        ["tickets.csv", "2", "ticket_id", "conflicting_key", ""],
        ["tickets.csv", "3", "ticket_id", "conflicting_key", ""],
    ]
    assert profile.counts == {"rows_in": 4, "kept": 1, "set_aside": 2, "duplicates": 1}


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (tickets(columns=UNNUMBERED), "id,opened\nann,2024-01-01\nann,2024-01-02\nann,2024-01-02\n"),
        (
            subscriptions(columns={"customer_id": "id", "started_at": "from"}),
            "id,from\nann,2024-01-01\nann,2024-01-02\nann,2024-01-02\n",
        ),
    ],
    ids=["tickets", "subscriptions"],
)
def test_a_key_that_is_not_mapped_is_no_key(shop: Shop, source: Source, text: str) -> None:
    """Without a number rows can't contradict each other: only exact repetitions are dropped."""
    shop.write(f"{source.table}.csv", text)
    [profile] = shop.ingest(source)
    assert profile.counts == {"rows_in": 3, "kept": 2, "set_aside": 0, "duplicates": 1}


def test_tickets_without_a_number_never_contradict_each_other(shop: Shop) -> None:
    """An empty number is no number that two tickets share, not even if all else is the same but the end."""
    shop.write(
        "tickets.csv",
        "id,opened,number,closed\nann,2024-01-01,,2024-01-02\nann,2024-01-01, ,2024-01-03\nann,2024-01-01,7,\n",
    )
    [profile] = shop.ingest(tickets())
    assert profile.counts == {"rows_in": 3, "kept": 3, "set_aside": 0, "duplicates": 0}


def test_a_number_decides_over_columns_that_are_not_mapped(shop: Shop) -> None:
    """Rows that differ in an unmapped column are one ticket where they share its number, and two where they have none."""
    shop.write(
        "tickets.csv",
        "id,opened,number,subject\n"
        "ann,2024-01-01,7,late\n"
        "ann,2024-01-01,7,late again\n"
        "bob,2024-01-01,,late\n"
        "bob,2024-01-01,,broken\n"
        "bob,2024-01-01,,broken\n",
    )
    [profile] = shop.ingest(tickets(columns=NUMBERED))
    assert shop.column("customer_id", "tickets") == ["ann", "bob", "bob"]
    assert profile.counts == {"rows_in": 5, "kept": 3, "set_aside": 0, "duplicates": 2}


def test_a_source_with_numbers_beside_one_without(shop: Shop) -> None:
    """Two desks feed one table: the numbers of the one are kept, the tickets of the other have none."""
    shop.write("tickets.csv", "id,opened,number\nann,2024-01-01,7\nbob,2024-01-01,7\ncat,2024-01-01,8\n")
    shop.write("desk.csv", "id,opened\nann,2024-01-01\nbob,2024-01-01\n")
    numbered, unnumbered = tickets(columns=NUMBERED), tickets(path="desk.csv", columns=UNNUMBERED)
    [profile] = shop.ingest(numbered, unnumbered)
    assert [(row["customer_id"], row["ticket_id"]) for row in shop.rows("tickets")] == [
        ("ann", None), ("bob", None), ("cat", "8"),
    ]  # fmt: skip
    assert profile.counts == {"rows_in": 5, "kept": 3, "set_aside": 2, "duplicates": 0}


def test_a_key_of_two_columns_needs_both(tmp_path: Path, engine: Engine) -> None:
    """Rows 1 and 2 lack half of their key, so they can't be about the same seat; rows 3 and 4 can't both be right."""
    seats = Table("seats", "seat", (Column("hall", "text", ""), Column("seat", "text", "")), key=("hall", "seat"))
    good = {
        FILE: ["a.csv"] * 4,
        ROW: [1, 2, 3, 4],
        REST: [0] * 4,
        "hall": ["north"] * 4,
        "seat": pa.array([None, None, "7", "7"], pa.string()),
        "colour": ["red", "blue", "red", "blue"],
    }
    pq.write_table(pa.table(good), tmp_path / "good.parquet")
    engine.run(conflicting(seats, ["hall", "seat"]), {"good": tmp_path / "good.parquet"}, tmp_path / "conflicts")
    assert sorted(pq.read_table(tmp_path / "conflicts")[ROW].to_pylist()) == [3, 4]

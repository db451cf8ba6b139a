"""The as-of view: rows and cells that were known before as_of, and nothing else."""

from datetime import date
from itertools import combinations

import duckdb
import pyarrow.parquet as pq
import pytest

import shelf
from churnml.contracts.columns import KNOWN_WITH_ROW, Column, Table
from churnml.contracts.tables import CONTACTS, CUSTOMERS, SUBSCRIPTIONS, TABLES, TICKETS
from churnml.features.visible import visible


def view(engine, folder, table, text, as_of, **how):
    path = shelf.write_tables(folder, {table.name: text}) / f"{table.name}.parquet"
    columns = pq.read_schema(path).names
    engine.run(visible(table, columns, as_of, **{"reach_days": 3650, **how}), {table.name: path}, folder / "seen")
    return pq.read_table(folder / "seen").to_pylist()


@pytest.mark.parametrize(
    ("as_of", "seen"),
    [
        ("2024-02-01", []),
        ("2024-02-02", [None]),
        ("2024-02-05", [None]),
        ("2024-02-06", ["yes"]),
    ],
)
def test_a_row_and_its_later_cells_appear_on_the_day_after_they_were_known(engine, tmp_path, as_of, seen):
    """A contact of the 1st answered on the 5th is a row from the 2nd on, and an answer from the 6th on."""
    rows = view(
        engine,
        tmp_path,
        CONTACTS,
        "customer_id contacted_at action answer answered_at\nann 2024-02-01 mail yes 2024-02-05",
        date.fromisoformat(as_of),
    )
    assert [row["answer"] for row in rows] == seen
    assert [row["answered_on"] is not None for row in rows] == [answer is not None for answer in seen]
    assert [row["answered_at"] is not None for row in rows] == [answer is not None for answer in seen]


def test_current_columns_arent_in_the_view(engine, tmp_path):
    """Columns without a history aren't there, unless declared timeless."""
    people = "customer_id signed_up_at plan town\nann 2024-01-01 gold Ash"
    assert set(view(engine, tmp_path, CUSTOMERS, people, shelf.AS_OF)[0]) == {
        "customer_id",
        "signed_up_at",
        "signed_up_on",
    }
    assert view(engine, tmp_path, CUSTOMERS, people, shelf.AS_OF, timeless=["plan"])[0]["plan"] == "gold"


def test_a_cell_whose_moment_isnt_exported_stays_invisible(engine, tmp_path):
    """An answer without the day on which it came can't be dated, so nobody sees it."""
    rows = view(
        engine, tmp_path, CONTACTS, "customer_id contacted_at action answer\nann 2024-02-01 mail yes", shelf.AS_OF
    )
    assert list(rows[0]) == ["customer_id", "contacted_at", "contacted_on", "action"]


TICKET = """
    customer_id  opened_at   first_response_at  resolved_at  kind       satisfaction  text
    ann          2024-02-01  2024-02-03         2024-02-05   complaint  2             late
"""
CONTRACT = """
    customer_id  started_at  ended_at    plan  monthly_amount  auto_renew  renews_at   cancel_reason
    ann          2024-02-01  2024-02-05  gold  9.90            no          2024-03-01  price
"""


@pytest.mark.parametrize(
    ("as_of", "answered", "resolved", "satisfaction"),
    [
        ("2024-02-02", None, None, None),
        ("2024-02-03", None, None, None),
        ("2024-02-04", "2024-02-03", None, None),
        ("2024-02-05", "2024-02-03", None, None),
        ("2024-02-06", "2024-02-03", "2024-02-05", 2),
    ],
)
def test_a_ticket_is_filled_in_as_it_goes(engine, tmp_path, as_of, answered, resolved, satisfaction):
    """Opened on the 1st, answered on the 3rd, closed on the 5th; rated with its end at the earliest."""
    [row] = view(engine, tmp_path, TICKETS, TICKET, date.fromisoformat(as_of))
    assert (str(row["opened_on"]), row["kind"], row["text"]) == ("2024-02-01", "complaint", "late")
    for name, day in {"first_response": answered, "resolved": resolved}.items():
        seen = date.fromisoformat(day) if day else None
        assert row[f"{name}_on"] == seen
        assert (row[f"{name}_at"] and row[f"{name}_at"].date()) == seen
    assert row["satisfaction"] == satisfaction


@pytest.mark.parametrize(("as_of", "ended"), [("2024-02-02", None), ("2024-02-05", None), ("2024-02-06", "2024-02-05")])
def test_a_contract_runs_until_its_end_is_known(engine, tmp_path, as_of, ended):
    """Neither its end nor the reason is seen before; how it is set to renew today never is."""
    [row] = view(engine, tmp_path, SUBSCRIPTIONS, CONTRACT, date.fromisoformat(as_of))
    assert (row["plan"], str(row["monthly_amount"])) == ("gold", "9.9000")
    assert str(row["ended_on"]) == str(ended)
    assert (row["ended_at"] is None, row["cancel_reason"]) == (ended is None, "price" if ended else None)
    assert {"auto_renew", "renews_at", "renews_on"}.isdisjoint(row)


def test_a_contract_that_runs_and_a_ticket_that_is_open_are_seen(engine, tmp_path):
    """What hasn't ended has an empty end, whatever the as_of."""
    [contract] = view(
        engine, tmp_path / "1", SUBSCRIPTIONS, "customer_id started_at ended_at\nann 2024-02-01 -", shelf.AS_OF
    )
    [ticket] = view(engine, tmp_path / "2", TICKETS, "customer_id opened_at resolved_at\nann 2024-02-01 -", shelf.AS_OF)
    assert (contract["ended_on"], ticket["resolved_on"]) == (None, None)


def test_a_rating_of_a_ticket_that_was_never_closed_stays_invisible(engine, tmp_path):
    """It can't be dated, so nobody sees it, be the end empty or not exported at all."""
    open_ticket = "customer_id opened_at resolved_at satisfaction\nann 2024-02-01 - 2"
    [row] = view(engine, tmp_path / "1", TICKETS, open_ticket, shelf.AS_OF)
    assert row["satisfaction"] is None
    undated = "customer_id opened_at satisfaction\nann 2024-02-01 2"
    [row] = view(engine, tmp_path / "2", TICKETS, undated, shelf.AS_OF)
    assert list(row) == ["customer_id", "opened_at", "opened_on"]


@pytest.mark.parametrize(
    ("table", "then", "later"),
    [
        (
            TICKETS,
            """
            customer_id  opened_at   ticket_id  first_response_at  resolved_at  kind       satisfaction
            ann          2024-02-01  1          2024-02-03         2024-02-05   complaint  2
            ann          2024-02-10  2          2024-02-29         -            question   -
            bob          2024-02-29  3          -                  -            question   -
            """,
            """
            customer_id  opened_at   ticket_id  first_response_at  resolved_at  kind       satisfaction
            ann          2024-02-01  1          2024-02-03         2024-02-05   complaint  2
            ann          2024-02-10  2          2024-02-29         2024-03-01   question   5
            bob          2024-02-29  3          2024-03-01         2024-03-09   question   1
            cat          2024-03-01  4          2024-03-01         2024-03-01   complaint  1
            """,
        ),
        (
            SUBSCRIPTIONS,
            """
            customer_id  started_at  ended_at    plan   monthly_amount  auto_renew  renews_at   cancel_reason
            ann          2024-01-01  2024-02-29  basic  9               no          -           price
            bob          2024-02-29  -           gold   19              yes         2024-03-29  -
            """,
            """
            customer_id  started_at  ended_at    plan   monthly_amount  auto_renew  renews_at   cancel_reason
            ann          2024-01-01  2024-02-29  basic  9               no          -           price
            bob          2024-02-29  2024-03-01  gold   19              no          -           moved
            ann          2024-03-01  -           gold   19              yes         2024-04-01  -
            """,
        ),
    ],
    ids=["tickets", "subscriptions"],
)
def test_what_came_later_changes_nothing_that_was_seen(engine, tmp_path, table, then, later):
    """The export as it was on the eve of 2024-03-01 and a later one, with new rows and old rows filled in."""
    first, second = (
        view(engine, tmp_path / name, table, text, date(2024, 3, 1))
        for name, text in (("then", then), ("later", later))
    )
    assert repr(first) == repr(second)
    assert len(first) == len(then.strip().splitlines()) - 1


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_any_columns_that_an_export_may_hold_give_a_view(table):
    """Whatever is mapped beside the required columns: a cell is there if it can be dated and has a history."""
    optional = [column for column in table.columns if not column.required]
    subsets = [chosen for size in range(len(optional) + 1) for chosen in combinations(optional, size)]
    with duckdb.connect() as connection:
        for chosen in subsets:
            held = [column for column in table.columns if column.required or column in chosen]
            connection.execute(f"CREATE OR REPLACE TABLE {table.name} ({', '.join(declared(held))})")
            seen = connection.sql(visible(table, names_of(held), shelf.AS_OF, reach_days=28)).columns
            names = {column.name for column in held}
            dated = [column for column in held if column.known == KNOWN_WITH_ROW or column.known in names]
            assert seen == names_of(dated)


def names_of(columns):
    """The columns' names as tables hold them, local days included."""
    return [
        name for column in columns for name in ([column.name, column.day] if column.kind == "time" else [column.name])
    ]


def declared(columns):
    """Columns as CREATE TABLE wants them."""
    days = {column.day for column in columns if column.kind == "time"}
    return [f"{name} {'DATE' if name in days else 'VARCHAR'}" for name in names_of(columns)]


def test_a_contract_must_say_when_a_cell_is_known():
    """A column known at a time that its table doesn't have is a mistake in the contract, found before any SQL runs."""
    table = Table("visits", "visit", (Column("result", "text", "", known="left_at"),))
    with pytest.raises(ValueError, match=r"visits.result: known at 'left_at', which the table doesn't have"):
        visible(table, ["result"], shelf.AS_OF, reach_days=28)


def test_rows_from_before_the_reach_are_left_out(engine, tmp_path):
    """The reach is half-open like any window: the day 28 days before as_of is the first one that is seen."""
    text = "customer_id contacted_at action\nann 2024-02-02 call\nann 2024-02-01 mail"
    seen = view(engine, tmp_path, CONTACTS, text, date(2024, 3, 1), reach_days=28)
    assert [row["action"] for row in seen] == ["call"]

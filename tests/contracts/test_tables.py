"""The canonical tables hold together."""

import pytest

from churnml.contracts.columns import CURRENT, KNOWN_WITH_ROW, Column, Table, quoted
from churnml.contracts.tables import CUSTOMERS, SUBSCRIPTIONS, TABLES, TICKETS, TRANSACTIONS

EVERY = pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)


@EVERY
def test_every_table_belongs_to_customers(table: Table) -> None:
    """Each table starts with the customer, as text, and can't do without."""
    first = table.columns[0]
    assert (first.name, first.kind, first.required) == ("customer_id", "text", True)


@EVERY
def test_names_are_unique_with_the_days_that_ingest_adds(table: Table) -> None:
    """No two columns share a name, local days included, and no name needs quoting."""
    names = [
        name for column in table.columns for name in {column.name, column.day if column.kind == "time" else column.name}
    ]
    assert len(set(names)) == len(names)
    assert all(name.isidentifier() and name.islower() for name in names)


@EVERY
def test_every_column_says_when_it_is_known(table: Table) -> None:
    """A cell is known with its row, at a time of the same row, or has no history; a row without a time has no events."""
    for column in table.columns:
        if column.known not in (KNOWN_WITH_ROW, CURRENT):
            moment = table.column(column.known)
            assert moment is not None
            assert moment.kind == "time"


@EVERY
def test_every_column_says_what_it_means(table: Table) -> None:
    """Readers of the docs find one line for each column."""
    assert all(column.meaning and "\n" not in column.meaning for column in table.columns)


@EVERY
def test_every_row_has_its_moment(table: Table) -> None:
    """A row that can't be dated can't be seen or left out of sight; what dates it is a time, known with the row."""
    if table.time:
        moment = table.column(table.time)
        assert moment is not None
        assert (moment.kind, moment.required, moment.known) == ("time", True, KNOWN_WITH_ROW)


@EVERY
def test_keys_are_columns(table: Table) -> None:
    """What identifies a row is in the contract, though an export may lack it."""
    assert all(table.column(name) for name in table.key)


def test_half_a_key_is_no_key() -> None:
    """A key counts where all of its columns are."""
    seat = Table("seats", "seat", (Column("hall", "text", ""), Column("number", "text", "")), key=("hall", "number"))
    assert seat.key_among(["number", "colour", "hall"]) == ("hall", "number")
    assert seat.key_among(["number", "colour"]) == ()
    assert TRANSACTIONS.key_among(["customer_id", "order_id"]) == ()


@EVERY
def test_only_rows_with_a_moment_show_life(table: Table) -> None:
    """Being alive is a matter of days: a table whose rows show it says on which."""
    assert table.time or not table.alive


def test_who_leaves_or_is_merely_known_is_not_alive() -> None:
    """Neither a cancellation nor a line of the master data shows that a customer is there."""
    assert [name for name, table in TABLES.items() if not table.alive] == ["customers", "cancellations"]


def test_cells_that_come_later_than_their_row() -> None:
    """Each is known at the time of the same row that says when it came; a rating not before the end of what it rates."""
    later = {
        (name, column.name): column.known
        for name, table in TABLES.items()
        for column in table.columns
        if column.known not in (KNOWN_WITH_ROW, CURRENT)
    }
    assert later == {
        ("customers", "signed_up_at"): "signed_up_at",
        ("tickets", "first_response_at"): "first_response_at",
        ("tickets", "resolved_at"): "resolved_at",
        ("tickets", "satisfaction"): "resolved_at",
        ("subscriptions", "ended_at"): "ended_at",
        ("subscriptions", "cancel_reason"): "ended_at",
        ("contacts", "answered_at"): "answered_at",
        ("contacts", "answer"): "answered_at",
    }


def test_cells_without_a_history() -> None:
    """An export shows them as they are today: attributes of customers, and how a contract is set to renew."""
    assert {
        (name, column.name) for name, table in TABLES.items() for column in table.columns if column.known == CURRENT
    } == {
        ("customers", "owner"),
        ("customers", "segment"),
        ("customers", "region"),
        ("customers", "plan"),
        ("subscriptions", "auto_renew"),
        ("subscriptions", "renews_at"),
    }


def test_what_is_still_running_is_a_whole_row() -> None:
    """A ticket that is open and a contract that runs lack nothing; neither needs a number."""
    assert TICKETS.required == ["customer_id", "opened_at"]
    assert SUBSCRIPTIONS.required == ["customer_id", "started_at"]


def test_a_table_without_time_has_no_day() -> None:
    """Asking for the day of rows without a moment is a mistake of ours."""
    assert TRANSACTIONS.day == "occurred_on"
    with pytest.raises(ValueError, match="customers has no time of its own"):
        _ = CUSTOMERS.day


def test_unknown_columns_are_none() -> None:
    """Looking up a column that a table lacks gives None."""
    assert TRANSACTIONS.column("amount") == Column("amount", "amount", "money paid; refunds are negative", True)
    assert TRANSACTIONS.column("nope") is None


def test_quoted_names_end_where_they_should() -> None:
    """No name can close its own quotes."""
    assert quoted('a"; DROP TABLE b; --') == '"a""; DROP TABLE b; --"'

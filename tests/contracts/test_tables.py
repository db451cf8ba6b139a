"""The canonical tables hold together."""

import pytest

from churnml.contracts.columns import CURRENT, KNOWN_WITH_ROW, Column, Table, quoted
from churnml.contracts.tables import CUSTOMERS, TABLES, TRANSACTIONS

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
def test_time_and_key_are_columns_that_every_row_has(table: Table) -> None:
    """What orders or identifies rows can't be missing from one."""
    for name in (*table.key, *([table.time] if table.time else [])):
        assert name in table.required


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

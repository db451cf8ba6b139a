"""What was known of one customer."""

from datetime import date

import pyarrow.parquet as pq
import pytest

import shelf
from churnml.errors import DataError
from churnml.features import lived, write_only

TABLES = {
    "transactions": "customer_id occurred_at amount\n1 2024-01-02 5\n1 2024-04-01 5\n2 2024-01-01 7\n1 2024-01-01 6",
    "activity": "customer_id occurred_at event\n1 2024-02-01 login\n1 2024-02-02 payment_overdue",
    "tickets": """
        customer_id opened_at ticket_id first_response_at resolved_at kind satisfaction text
        1 2024-02-01 T1 2024-02-03 2024-03-05 Complaint 2 secret
    """,
    "contacts": """
        customer_id contacted_at action arm answered_at answer
        1 2024-02-01 call treated 2024-03-02 yes
        1 2024-02-02 none holdout - -
    """,
}


def of_one(folder, engine, private=lambda _: set()):
    shelf.write_tables(folder / "tables", TABLES)
    write_only(folder / "tables", "1", engine, folder, folder / "only")
    return lived(tables=folder / "only", engine=engine, as_of=date(2024, 3, 1), private=private, work=folder)


def test_the_rows_of_one_customer_as_they_are(tmp_path, engine):
    """In their order, with the same columns; tables without a row of the customer stay tables."""
    of_one(tmp_path, engine)
    was, now = (pq.read_table(tmp_path / name / "transactions.parquet") for name in ("tables", "only"))
    assert now.schema == was.schema
    assert now["amount"].to_pylist() == [
        cell for cell, one in zip(was["amount"].to_pylist(), was["customer_id"].to_pylist(), strict=True) if one == "1"
    ]


def test_nothing_later_no_text_nothing_private(tmp_path, engine):
    """Rows and cells from as_of on aren't there, nor are free text, private columns, and contacts that weren't made."""
    told = of_one(tmp_path, engine, lambda table: {"kind"} if table == "tickets" else {"answer"})
    assert [row["occurred_on"].month for row in told["transactions"]] == [1, 1]
    (ticket,) = told["tickets"]
    assert (ticket["first_response_on"], ticket["resolved_on"], ticket["satisfaction"]) == (
        date(2024, 2, 3),
        None,
        None,
    )
    assert not {"text", "kind", "complaint"} & set(ticket)
    (contact,) = told["contacts"]
    assert (contact["action"], contact["answered_on"]) == ("call", None)
    assert "answer" not in contact


def test_signals_and_complaints_are_told_by_their_words(tmp_path, engine):
    """By the words that features know them by."""
    told = of_one(tmp_path, engine)
    assert [row["signal"] for row in told["activity"]] == [None, "late"]
    assert [row["complaint"] for row in told["tickets"]] == [True]


def test_an_id_that_nobody_has(tmp_path, engine):
    """It is said what could have been meant; signs that nobody can see aren't repeated."""
    shelf.write_tables(tmp_path / "tables", TABLES)
    for word, said in (("001", r"'001' there; did you mean '1'\?$"), ("\x1b0012", r"'\?0012' there$")):
        with pytest.raises(DataError, match=f"no customer {said}"):
            write_only(tmp_path / "tables", word, engine, tmp_path, tmp_path / word)

"""Which of several rows about the same thing holds, where the params say it: exports that overlap, logs of changes."""

import pytest
from pydantic import ValidationError

from churnml.config import Dedupe, Source
from intake import Shop, tickets, transactions

SEPTEMBER, OCTOBER = "2026-09", "2026-10"
LINES = {"customer_id": "id", "occurred_at": "when", "amount": "paid", "order_id": "order", "product": "what"}
BY_LINE = Dedupe(by=("order_id", "product"))


def lines(dedupe: Dedupe | None = BY_LINE) -> Source:
    """Order lines, of which a number and a product tell which one."""
    return transactions(columns=LINES, dedupe=dedupe)


@pytest.mark.parametrize(("keep", "paid"), [("last", [7, 2, 3]), ("first", [1, 2, 3])])
def test_two_files_overlap(shop: Shop, keep: str, paid: list[int]) -> None:
    """Order A's pear cost 1 in the first file and 7 in the second: one of them holds; its twin is a repetition."""
    shop.write("transactions_1.csv", "id,when,paid,order,what\nann,2024-01-01,1,A,pear\nann,2024-01-01,2,A,fig\n")
    shop.write(
        "transactions_2.csv",
        "id,when,paid,order,what\nann,2024-01-01,7,A,pear\nann,2024-01-01,7,A,pear\nann,2024-01-01,3,B,pear\n",
    )
    [profile] = shop.ingest(lines(Dedupe(by=("order_id", "product"), keep=keep)))
    assert sorted(shop.column("amount")) == sorted(paid)
    superseded = {"last": 1, "first": 2}[keep]
    assert profile.counts == {
        "rows_in": 5, "kept": 3, "set_aside": 0, "duplicates": 2 - superseded, "superseded": superseded,
    }  # fmt: skip


@pytest.mark.parametrize(("older", "newer"), [("o_2月", "o_10月"), ("o", "o (1)"), ("o", "o(2)"), ("o9", "o10")])
def test_files_follow_each_other_as_people_count_them(shop: Shop, older: str, newer: str) -> None:
    """October comes after February, and a second download after the first."""
    for name, paid in ((older, 10), (newer, 8)):
        shop.write(f"transactions_{name}.csv", f"id,when,paid,order,what\nann,2024-01-01,{paid},A,pear\n")
    shop.ingest(lines())
    assert shop.column("amount") == [8]


def test_lines_of_one_order_by_its_number_alone(shop: Shop) -> None:
    """Pear and fig are two lines of an order, of which one alone is kept: it is told, and what to do."""
    shop.write(
        "transactions.csv",
        "id,when,paid,order,what\nann,2024-01-01,1,A,pear\nann,2024-01-01,2,A,fig\nbob,2024-01-01,2,B,fig\n",
    )
    [profile] = shop.ingest(lines(Dedupe(by=("order_id",))))
    assert (profile.kept, profile.superseded) == (2, 1)
    [finding] = [one for one in profile.findings if one.finding == "several_in_file"]
    assert finding.line("en") == (
        "2 of 3 rows differ from another row of their own file with the same order_id, and only one of them holds; name in "
        "`dedupe.by` what tells lines of one order apart, such as product"
    )


def test_numbers_that_a_spreadsheet_destroyed_are_none(shop: Shop) -> None:
    """What is left of them is the same for many orders: each is kept, and it is told."""
    shop.write(
        "transactions.csv",
        "id,when,paid,order,what\nann,2024-01-01,1,4.01235E+18,pear\nbob,2024-01-01,2,4.01235E+18,pear\n",
    )
    [profile] = shop.ingest(lines())
    assert (profile.kept, shop.column("order_id")) == (2, [None, None])
    assert [note.line("en") for note in profile.told] == [
        "'order' holds 2 numbers of which a spreadsheet left the size alone (1.38E+10); they are taken for empty"
    ]


def test_without_a_rule_both_rows_are_kept(shop: Shop) -> None:
    """Two lines of one order may differ in anything; only the same row twice is one."""
    shop.write("transactions.csv", "id,when,paid,order,what\nann,2024-01-01,1,A,pear\nann,2024-01-01,7,A,pear\n")
    shop.ingest(lines(None))
    assert sorted(shop.column("amount")) == [1, 7]


def test_the_newest_folder_holds(shop: Shop) -> None:
    """Whatever its files are called; the history of the training is older than all folders."""
    shop.write("transactions_9.csv", "id,when,paid,order,what\nann,2024-01-01,1,A,pear\n", SEPTEMBER)
    shop.write("transactions_1.csv", "id,when,paid,order,what\nann,2024-01-01,7,A,pear\n", OCTOBER)
    shop.ingest(lines(), folders=(SEPTEMBER, OCTOBER))
    assert shop.column("amount") == [7]
    shop.ingest(lines(), folders=(SEPTEMBER,))
    (shop.data / "tables").rename(shop.root / "known")
    shop.ingest(lines(), folders=(OCTOBER,), history="known")
    assert shop.column("amount") == [7]


def test_a_log_of_changes_ends_with_what_holds(shop: Shop) -> None:
    """Rows of one ticket would contradict each other; the last one says how it stands."""
    shop.write("tickets.csv", "id,opened,number,closed\nann,2024-01-01,7,\nann,2024-01-01,7,2024-01-03\n")
    [profile] = shop.ingest(tickets(dedupe=Dedupe(by=("ticket_id",))))
    assert [f"{moment:%d}" for moment in shop.column("resolved_at", "tickets")] == ["03"]
    assert profile.counts == {"rows_in": 2, "kept": 1, "set_aside": 0, "duplicates": 0, "superseded": 1}


def test_rows_without_what_tells_them_apart_are_all_kept(shop: Shop) -> None:
    """An empty order number is shared by none."""
    shop.write("transactions.csv", "id,when,paid,order,what\nann,2024-01-01,1,,pear\nann,2024-01-01,7,,pear\n")
    shop.ingest(lines())
    assert sorted(shop.column("amount")) == [1, 7]


def test_only_mapped_columns_tell_rows_apart() -> None:
    """The nearest mapped column is named."""
    with pytest.raises(ValidationError, match="dedupe: no column 'order' is mapped; did you mean 'order_id'"):
        transactions(columns=LINES, dedupe=Dedupe(by=("order",)))

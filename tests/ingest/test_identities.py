"""Which exports became which tables: identities that change with what was read, and with nothing else."""

import json
from typing import Any

import pytest

from churnml.errors import QuarantineError
from churnml.manifest import digest
from intake import HEADER, Shop, customers, transactions

FILES = {
    "transactions_1.csv": HEADER + "1,2024-01-01,5\n2,2024-01-02,6\n",
    "transactions_2.csv": HEADER + "3,2024-01-03,7\n",
    "customers.csv": "id,joined,note\n1,2024-01-01,kind\n",
}


def ingested(shop: Shop, **changed: str) -> tuple[str, str]:
    """Identities of exports and tables, with some files of the exports changed or added."""
    for name, text in {**FILES, **{f"{name}.csv": text for name, text in changed.items()}}.items():
        shop.write(name, text)
    shop.ingest(transactions(), customers())
    said = report(shop)
    return said["made_from"]["exports"], said["made"]["tables"]


def report(shop: Shop) -> dict[str, Any]:
    """What ingest reports."""
    said: dict[str, Any] = json.loads((shop.root / "report.json").read_text(encoding="utf-8"))
    return said


def test_identities_are_those_of_the_contents(shop: Shop) -> None:
    """Of exports in which every file is read, and of tables: the hash of the folder."""
    assert ingested(shop) == (digest(shop.raw), digest(shop.data / "tables"))
    assert (set(report(shop)["made_from"]), set(report(shop)["made"])) == ({"exports"}, {"tables"})


def test_a_file_that_no_source_reads_changes_nothing(shop: Shop) -> None:
    """Notes beside the exports, hidden files and other formats are no part of what was read."""
    before = ingested(shop)
    assert ingested(shop, stock="a,b\n1,2\n") == before
    for name in (".DS_Store", "transactions.xls", "old/transactions_3.csv", ".transactions_4.csv"):
        shop.write(name, "anything")
    assert ingested(shop, stock="a,b\n1,3\n") == before


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("transactions_1", HEADER + "1,2024-01-01,5\n2,2024-01-02,8\n"),
        ("transactions_3", HEADER + "4,2024-01-01,5\n"),
        ("customers", "id,joined,note\n1,2024-01-01,kinD\n"),
    ],
)
def test_a_byte_of_what_is_read_makes_other_exports_and_tables(shop: Shop, name: str, text: str) -> None:
    """One letter, or one more file."""
    before = ingested(shop)
    after = ingested(shop, **{name: text})
    assert after[0] != before[0]
    assert after[1] != before[1]


def test_the_same_rows_otherwise_written_are_other_exports_and_the_same_tables(shop: Shop) -> None:
    """Rows in another order, a file under another name: the exports aren't the same, the tables are."""
    before = ingested(shop)
    turned = ingested(shop, transactions_1=HEADER + "2,2024-01-02,6\n1,2024-01-01,5\n")
    shop.write("transactions_1.csv", FILES["transactions_1.csv"])
    (shop.raw / "transactions_2.csv").rename(shop.raw / "transactions_9.csv")
    shop.ingest(transactions(), customers())
    renamed = report(shop)["made_from"]["exports"], report(shop)["made"]["tables"]
    assert before[1] == turned[1] == renamed[1]
    assert len({before[0], turned[0], renamed[0]}) == 3


def test_a_refused_export_leaves_the_report_of_the_tables_that_are_there(shop: Shop) -> None:
    """Report and tables are of the same run."""
    exports, tables = ingested(shop)
    shop.write("transactions_2.csv", HEADER + "3,someday,7\n")
    with pytest.raises(QuarantineError):
        shop.ingest(transactions(), customers(), share=0.0)
    said = report(shop)
    assert (said["made_from"]["exports"], said["made"]["tables"]) == (exports, tables)
    assert digest(shop.data / "tables") == tables

"""What stands where a customer's id should, and isn't one: nobody is made a customer by it."""

import pytest

from churnml.ingest.told import told
from intake import HEADER, Shop, customers, transactions


@pytest.mark.parametrize(
    "cell",
    [
        "NULL",
        "null",
        "无",
        "N/A",
        "#N/A",
        "合计",
        "小计：",
        "Grand Total",
        "1.38E+10",
        "4.2E+27",
        "???",
        "\ufffd张",
    ],
)
def test_no_real_id(shop: Shop, cell: str) -> None:
    """Words for nothing, lines of totals, ids that a spreadsheet or another encoding destroyed."""
    shop.write("transactions.csv", f"{HEADER}{cell},2024-01-01,5\n1,2024-01-01,6\n")
    [profile] = shop.ingest()
    assert shop.column("customer_id") == ["1"]
    assert shop.aside() == [["transactions.csv", "2", "id", "no_real_id", cell]]
    assert profile.counts == {"rows_in": 2, "kept": 1, "set_aside": 1, "duplicates": 0}


@pytest.mark.parametrize("cell", ["0", "E10", "1E5", "nano", "Sum of us", "12E-3", "*a"])
def test_a_strange_id_is_one(shop: Shop, cell: str) -> None:
    """Who could be somebody is."""
    shop.write("transactions.csv", f"{HEADER}{cell},2024-01-01,5\n")
    shop.ingest(share=0.0)
    assert shop.column("customer_id") == [cell]


def test_ids_that_are_nearly_the_same(shop: Shop) -> None:
    """007 and 7 may be one customer, as B@x and b@x: it is told, and they stay two."""
    shop.write("transactions.csv", f"{HEADER}007,2024-01-01,5\n8,2024-01-01,5\nB@x,2024-01-01,5\nb@x,2024-01-01,5\n")
    shop.write("customers.csv", "id,joined\n7,2024-01-01\n8,2024-01-01\nB@x,2024-01-01\nb@x,2024-01-01\n")
    profiles = shop.ingest(transactions(), customers())
    words = "customers have an id like another's but for leading zeros or capitals"
    assert [
        finding.line("en") for profile in profiles for finding in profile.findings if finding.finding == "alike_ids"
    ] == [f"4 of 5 {words}"]
    assert not any(told(profile, "en") for profile in profiles)

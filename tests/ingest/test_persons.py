"""What stands where a customer's id should, and isn't one: nobody is made a customer by it."""

import pytest

from churnml.errors import QuarantineError
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
        "1.38E+10",
        "138E+8",
        "1.38e10",
        "1,38001E+17",
        "4.2E+27",
        "???",
        "\ufffd张",
    ],
)
def test_no_real_id(shop: Shop, cell: str) -> None:
    """Words for nothing, ids that a spreadsheet or another encoding destroyed."""
    shop.write("transactions.csv", f'{HEADER}"{cell}",2024-01-01,5\n1,2024-01-01,6\n')
    [profile] = shop.ingest()
    assert shop.column("customer_id") == ["1"]
    assert shop.aside() == [["transactions.csv", "2", "id", "no_real_id", cell]]
    assert profile.counts == {"rows_in": 2, "kept": 1, "set_aside": 1, "duplicates": 0}


@pytest.mark.parametrize(
    "cell",
    [
        "合计", "小计：", "合 计", "总\u3000计", "本页合计", "合計", "合计金额", "小计(1笔)", "Grand Total", "total: 5", "第1页 共2页",
        "共 1 人", "备注：以上数据仅供参考", "制表人：李四", "打印时间：2026-01-05 09:03",
        "id",
    ],
)  # fmt: skip
def test_lines_of_totals_and_notes_are_no_rows(shop: Shop, cell: str) -> None:
    """They are set aside where nothing but an id is asked for, too, and no share of them stops a run."""
    shop.write("customers.csv", f"id,joined\n{cell},\nann,2024-01-01\n")
    [profile] = shop.ingest(customers(), share=0.0)
    assert shop.column("customer_id", "customers") == ["ann"]
    assert shop.aside("customers") == [["customers.csv", "2", "id", "not_a_row", cell]]
    assert profile.set_aside == 1


def test_a_row_of_nobody_at_no_time_is_no_row(shop: Shop) -> None:
    """A total whose word stands in another column; but where a tenth of all rows is like that, a mapping is wrong."""
    shop.write("transactions.csv", "id,when,paid,order\n" + "C1,2024-01-01,5,1\n" * 3 + ",,15,合计\n")
    [profile] = shop.ingest(share=0.0)
    assert (profile.kept, profile.set_aside, "not_a_row" in [rule.rule for rule in profile.rules]) == (1, 1, True)
    shop.write("transactions.csv", "id,when,paid\n" + "ann,2024-01-01,5\n" * 50 + ",,15\n" * 11)
    with pytest.raises(QuarantineError, match="11 of 61 rows break the contract"):
        shop.ingest(share=0.1)


@pytest.mark.parametrize("cell", ["0", "E10", "1E5", "nano", "Sum of us", "12E-3", "*a", "合计划", "小计量", "备注"])
def test_a_strange_id_is_one(shop: Shop, cell: str) -> None:
    """Who could be somebody is."""
    shop.write("transactions.csv", f"{HEADER}{cell},2024-01-01,5\n")
    shop.ingest(share=0.0)
    assert shop.column("customer_id") == [cell]


def test_ids_that_are_nearly_the_same(shop: Shop) -> None:
    """007 and 7 may be one customer, as B@x and b@x, and 12 and 12.0: it is told, and they stay two."""
    rows = "007,2024-01-01,5\n8,2024-01-01,5\nB@x,2024-01-01,5\nb@x,2024-01-01,5\n12,2024-01-01,5\n12.0,2024-01-01,5\n"
    shop.write("transactions.csv", HEADER + rows)
    shop.write("customers.csv", "id,joined\n7,2024-01-01\n8,2024-01-01\nB@x,2024-01-01\nb@x,2024-01-01\n")
    profiles = shop.ingest(transactions(), customers())
    words = "customers have an id like another's but for leading zeros, capitals or a .0 at the end"
    assert [
        finding.line("en") for profile in profiles for finding in profile.findings if finding.finding == "alike_ids"
    ] == [f"6 of 7 {words}"]
    assert not any(told(profile, "en") for profile in profiles)

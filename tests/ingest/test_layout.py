"""How a delimited text is laid out is found out: its delimiter, its header, and where its rows begin."""

import pytest

from churnml.errors import ExportError, QuarantineError
from churnml.ingest.names import named
from churnml.ingest.told import told
from intake import HEADER, Shop, customers, transactions

ROW = "1,2024-01-01,5\n"


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_the_delimiter_is_found(shop: Shop, sign: str, encoding: str) -> None:
    """The header is held against the mapping under each delimiter."""
    shop.write("transactions.csv", f"note, or more{sign}{(HEADER + ROW).replace(',', sign)}".encode(encoding))
    shop.write("transactions.csv", (HEADER + ROW).replace(",", sign).encode(encoding))
    shop.ingest(share=0.0)
    assert shop.column("customer_id") == ["1"]


def test_a_header_with_other_signs_in_it(shop: Shop) -> None:
    """What decides is how many mapped headers are found, not how many cells."""
    shop.write("transactions.csv", "a,b,c,d,e;id;when;paid\nx;1;2024-01-01;5\n")
    shop.ingest(share=0.0)
    assert shop.column("customer_id") == ["1"]


def test_a_stated_delimiter_holds(shop: Shop) -> None:
    """Nothing is found out where it is stated."""
    shop.write("transactions.csv", "id|x,when,paid\n" + ROW)
    columns = {"customer_id": "id|x", "occurred_at": "when", "amount": "paid"}
    shop.ingest(transactions(columns=columns, delimiter=","), share=0.0)
    assert shop.column("customer_id") == ["1"]


@pytest.mark.parametrize("above", ["Orders 2024\n", "\n\n", "sep=,\n", '"Orders,\nof all",,\n,,\n', "a,b,c\n" * 49])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_header_stands_below_titles(shop: Shop, above: str, encoding: str) -> None:
    """Titles, notes and blank lines above the header are skipped; rows count as in a spreadsheet."""
    shop.write("transactions.csv", (above + HEADER + "张," + ROW + ROW + "2,x,5\n3,4\n").encode(encoding))
    shop.ingest(transactions(encoding=None if encoding.startswith("utf-8") else encoding))
    header = {"Orders 2024\n": 2, "\n\n": 3, "sep=,\n": 2, "a,b,c\n" * 49: 50}.get(above, 3)
    assert shop.column("customer_id") == ["1"]
    assert [line[1:4] for line in shop.aside()] == [
        [str(header + 1), "", "wrong_number_of_fields"],
        [str(header + 3), "when", "not_a_time"],
        [str(header + 4), "", "wrong_number_of_fields"],
    ]


def test_the_fullest_row_is_the_header(shop: Shop) -> None:
    """Where no row holds all mapped headers, that with most of them is asked for the rest."""
    shop.write("transactions.csv", "id\nid,paid,whan\n" + ROW)
    with pytest.raises(
        ExportError, match=r"no column 'when' for .*; did you mean 'whan'\? \(columns there: id, paid, wh"
    ):
        shop.ingest()


def test_no_header_below_the_fiftieth_row(shop: Shop) -> None:
    """The search ends somewhere."""
    shop.write("transactions.csv", "a,b,c\n" * 50 + HEADER + ROW)
    with pytest.raises(ExportError, match=r"none of the mapped headers .* is in its first 50 rows; export it with"):
        shop.ingest()


def test_headers_are_compared_as_people_read_them(shop: Shop) -> None:
    """White space around, breaks and unseen characters in a header, and full-width forms don't matter."""
    shop.write("customers.csv", '\u200bＩＤ （新）,"joined\r\non ", town \n1,2024-01-01,Rome\n')
    shop.ingest(customers(columns={"customer_id": "ID (新)", "signed_up_at": "joined on"}), share=0.0)
    [row] = shop.rows("customers")
    assert (row["customer_id"], str(row["signed_up_on"]), row["town"]) == ("1", "2024-01-01", "Rome")


def test_the_exact_header_comes_first() -> None:
    """Two headers that differ in nothing but what nobody sees stay two."""
    assert named(["id ", "id", "ｉｄ", " x", "x "], ["id"]) == ["id ", "id", "ｉｄ", "x", "x"]


def test_what_was_found_out_is_told(shop: Shop) -> None:
    """How each file was read, where that isn't a comma under a header in the first row."""
    shop.write("transactions_1.csv", "Orders of May\n\nid;when;paid\n1;2024-05-01;5\n")
    shop.write("transactions_2.csv", "id,when,paid\n1,2024-06-01,5\n")
    [profile] = shop.ingest(share=0.0)
    assert [str(file.format) for file in profile.files.values()] == [
        "csv, utf-8, separated by ';', with its header in row 3",
        "csv, utf-8",
    ]
    assert told(profile, "en") == [
        "  read separated by ';': transactions_1.csv",
        "  read with its header in row 3: transactions_1.csv",
    ]


def test_rows_that_end_in_a_delimiter(shop: Shop) -> None:
    """Every row has a cell more than the header, and nothing stands in it."""
    shop.write("transactions.csv", "id,when,paid\n1,2024-05-01,5,\n2,2024-05-02,6,\n")
    shop.ingest(share=0.0)
    assert shop.column("amount") == [5, 6]
    shop.write("transactions.csv", "id,when,paid\n1,2024-05-01,5,\n2,2024-05-02,6,note\n")
    with pytest.raises(QuarantineError, match="wrong_number_of_fields"):
        shop.ingest(share=0.0)


def test_of_two_rows_with_a_header_the_filled_one_is_it(shop: Shop) -> None:
    """A note of the filter above the header may name one of its columns."""
    shop.write("customers.csv", "编号,全部,\n姓名,编号,等级\n张三,001,VIP\n")
    shop.ingest(customers(columns={"customer_id": "编号"}), share=0.0)
    assert shop.rows("customers") == [{"customer_id": "001", "姓名": "张三", "等级": "VIP"}]


@pytest.mark.parametrize(
    "header",
    [
        "编 号,下单\n时间,金额（元）",
        "编号：,下单时间,金额(CNY)",
        "*编号,*下单时间,*金额",
        "编号,下单时间,金额 (RMB)",
        "*编号（必填）,下单时间【北京时间】,金额（单位：元）",
    ],
)
def test_headers_are_compared_loosely(shop: Shop, header: str) -> None:
    """White space, capitals, marks of required columns and the currency don't matter, where they leave no doubt."""
    quoted = ",".join(f'"{name}"' for name in header.split(","))
    shop.write("transactions.csv", f"{quoted}\n1,2024-05-01,5\n")
    shop.ingest(transactions(columns={"customer_id": "编号", "occurred_at": "下单时间", "amount": "金额"}), share=0.0)
    assert shop.column("amount") == [5]


def test_a_second_header_in_another_order(shop: Shop) -> None:
    """Two exports hung on each other: below it, amounts would be times. The same header once more is a line like a total."""
    columns = {"customer_id": "编号", "occurred_at": "下单时间", "amount": "金额", "channel": "推荐人"}
    first = "编号,推荐人,下单时间,金额\nC1,C9,2026-01-05,5\n"
    shop.write("transactions.csv", f"{first}推荐人,编号,下单时间,金额\nC9,C2,2026-01-06,5\n")
    with pytest.raises(ExportError, match=r"row 3 is a header again, in another order of columns"):
        shop.ingest(transactions(columns=columns))
    shop.write("transactions.csv", f"{first}编号,推荐人,下单时间,金额\nC2,C9,2026-01-06,5\n推荐人,C3,2026-01-07,5\n")
    shop.ingest(transactions(columns=columns))
    assert shop.column("customer_id") == ["C1", "C2", "推荐人"]


def test_two_columns_that_nothing_is_mapped_from_may_share_a_name(shop: Shop) -> None:
    """Both tell rows apart; of customers, whose columns are kept, each needs a name of its own."""
    shop.write(
        "transactions.csv", "id,when,paid,note,note\n1,2024-05-01,5,a,b\n1,2024-05-01,5,a,c\n1,2024-05-01,5,a,c\n"
    )
    [profile] = shop.ingest(share=0.0)
    assert (profile.kept, profile.counts["duplicates"]) == (2, 1)
    shop.write("customers.csv", "id,joined,note,note\n1,2024-05-01,a,b\n")
    with pytest.raises(ExportError, match=r"the header has the same name in columns 3 and 4"):
        shop.ingest(customers())

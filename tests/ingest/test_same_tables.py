"""Tables don't depend on row order, column order, file split or file format, byte for byte."""

import csv
import io
import random
from datetime import date, datetime

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from churnml.ports import Engine
from intake import HEADER, Shop, customers, transactions

LINES = [
    "007,2024-01-03 10:00:00,5.50",
    "007,2024-01-02 10:00:00,-1",
    "007,2024-01-02 10:00:00,-1",
    "007,2024-01-02 10:00:00,2",
    "123456789012345678,2024-01-01 23:59:59,0",
    "12,2024-01-05 00:00:00,3",
    "12,someday,3",
    ",2024-01-05,3",
]


def tables(shop: Shop, **files: str | bytes) -> bytes:
    """Transactions made from these files alone."""
    for path in shop.raw.glob("*"):
        path.unlink()
    for name, content in files.items():
        shop.write(f"transactions_{name}.csv", content)
    shop.ingest()
    return (shop.data / "tables/transactions.parquet").read_bytes()


def text(lines: list[str]) -> str:
    """A CSV with the header and these lines."""
    return HEADER + "".join(f"{line}\n" for line in lines)


@settings(max_examples=6, deadline=None)
@given(order=st.permutations(range(len(LINES))), cut=st.integers(0, len(LINES)), columns=st.permutations(range(3)))
def test_order_and_split_change_nothing(
    order: list[int], cut: int, columns: list[int], tmp_path_factory: pytest.TempPathFactory, engine: Engine
) -> None:
    """Shuffled rows and columns, cut into two files at any place, give the same bytes."""
    shop = Shop(tmp_path_factory.mktemp("order"), engine)
    straight = tables(shop, a=text(LINES))
    cells = [HEADER.strip().split(","), *(LINES[index].split(",") for index in order)]
    header, *lines = [",".join(row[column] for column in columns) for row in cells]
    a, b = ("".join(f"{line}\n" for line in [header, *part]) for part in (lines[:cut], lines[cut:]))
    assert tables(shop, a=a, b=b) == straight


def test_how_the_text_is_written_changes_nothing(shop: Shop) -> None:
    """Line ends, quotes, a byte order mark, blank lines, spaces around cells and a missing last newline don't matter."""
    straight = tables(shop, a=text(LINES))
    spaced = "".join(f" {line.replace(',', ' , ')} \n\n" for line in LINES)
    quoted = io.StringIO()
    csv.writer(quoted, quoting=csv.QUOTE_ALL).writerows(line.split(",") for line in text(LINES).splitlines())
    assert tables(shop, a=text(LINES).replace("\n", "\r\n")) == straight
    assert tables(shop, a=quoted.getvalue()) == straight
    assert tables(shop, a="\ufeff" + text(LINES)) == straight
    assert tables(shop, a=HEADER + spaced) == straight
    assert tables(shop, a=text(LINES).rstrip()) == straight


def test_a_large_table_in_any_order(shop: Shop) -> None:
    """Tables of several row groups come out in the same bytes, too."""
    lines = [f"{number % 7_000:05d},2024-01-{number % 28 + 1:02d},{number}" for number in range(135_000)]
    straight = tables(shop, a=text(lines))
    random.Random(7).shuffle(lines)
    assert tables(shop, a=text(lines[:40_000]), b=text(lines[40_000:])) == straight


def test_parquet_is_read_like_csv(shop: Shop) -> None:
    """Typed Parquet, Parquet of text and CSV give the same table."""
    straight = tables(shop, a=HEADER + "007,2024-01-03 10:00:00,5.5\n12,2024-01-05 00:00:00,3\n")
    ids, paid = ["007", "12"], [5.5, 3.0]
    moments = [datetime(2024, 1, 3, 10), datetime(2024, 1, 5)]  # noqa: DTZ001  an export without offsets
    typed = pa.table({"paid": pa.array(paid), "id": ids, "when": pa.array(moments, pa.timestamp("ns"))})
    zoned = typed.set_column(2, "when", typed["when"].cast(pa.timestamp("ms")).cast(pa.timestamp("ms", "UTC")))
    worded = pa.table(
        {"id": ids, "when": [str(moment) for moment in moments], "paid": [str(amount) for amount in paid]}
    )
    for table in (typed, zoned, worded, typed.set_column(1, "id", typed["id"].dictionary_encode())):
        pq.write_table(table, shop.raw / "transactions.parquet")
        shop.ingest(transactions(path="*.parquet"))
        assert (shop.data / "tables/transactions.parquet").read_bytes() == straight


def test_parquet_rows_are_numbered_like_csv(shop: Shop) -> None:
    """The first row of a Parquet file is row 2, as if it had been exported as CSV."""
    shop.raw.mkdir()
    pq.write_table(
        pa.table({"id": ["1", None], "when": [date(2024, 1, 1)] * 2, "paid": [5, 5]}),
        shop.raw / "transactions.parquet",
    )
    shop.ingest(transactions(path="*.parquet"))
    assert shop.aside() == [["transactions.parquet", "3", "id", "required", ""]]


def test_parquet_columns_that_are_no_text_are_ignored(shop: Shop) -> None:
    """Lists, structures and bytes that nothing is mapped from refuse no file; a float that is no number is empty."""
    shop.raw.mkdir()
    odd = {"tags": [["a"], []], "place": [{"x": 1}, None], "hash": [b"\xff", b"a"]}
    when = {"when": ["2024-01-01"] * 2}
    pq.write_table(pa.table({"id": ["1", "2"], **when, "paid": [5.0, 5.0], **odd}), shop.raw / "transactions.parquet")
    pq.write_table(
        pa.table({"id": ["1", "2"], "joined": [None] * 2, "age": [30.0, float("nan")], **odd}),
        shop.raw / "customers.parquet",
    )
    shop.ingest(transactions(path="t*.parquet"), customers(path="c*.parquet"))
    assert list(shop.rows("customers")[0]) == ["customer_id", "signed_up_at", "signed_up_on", "age"]
    assert shop.column("age", "customers") == ["30", None]


def test_sources_of_one_table_are_appended(shop: Shop) -> None:
    """Two systems with headers of their own feed one table; what both hold counts once."""
    shop.write("transactions.csv", HEADER + "1,2024-01-01,5\n2,2024-01-02,6\n")
    shop.write("web.csv", "user;day;eur;basket\n1;2024-01-01;5;\n3;2024-01-03;7;b1\n")
    web = transactions(
        path="web.csv",
        delimiter=";",
        columns={"customer_id": "user", "occurred_at": "day", "amount": "eur", "order_id": "basket"},
    )
    [profile] = shop.ingest(transactions(), web)
    assert [(row["customer_id"], row["order_id"]) for row in shop.rows()] == [("1", None), ("2", None), ("3", "b1")]
    assert profile.counts == {"rows_in": 4, "kept": 3, "set_aside": 0, "duplicates": 1}


def test_attributes_come_in_the_order_of_their_names(shop: Shop) -> None:
    """Columns of the contract come first, then attributes by name, whatever the order and split of the export."""
    shop.write("transactions.csv", HEADER + "1,2024-01-01,5\n")
    shop.write("customers_a.csv", "town,joined,id\nRome,2024-01-01,1\n")
    shop.write("customers_b.csv", "id,joined,age\n2,2024-01-02,30\n")
    shop.ingest(transactions(), customers())
    day = {"signed_up_at": datetime(2024, 1, 1), "signed_up_on": date(2024, 1, 1)}  # noqa: DTZ001  stored in UTC
    first, second = shop.rows("customers")
    assert list(first) == ["customer_id", "signed_up_at", "signed_up_on", "age", "town"]
    assert first == {"customer_id": "1", **day, "age": None, "town": "Rome"}
    assert (second["age"], second["town"]) == ("30", None)

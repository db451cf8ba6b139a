"""Headers of an export become columns of a table; what doesn't fit is said before anything is written."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from churnml.errors import ExportError
from intake import HEADER, Shop, customers, transactions

ROW = "1,2024-01-01,5\n"


def refusal(shop: Shop, *sources: object) -> str:
    """What ingest says when it refuses; it must not have written anything."""
    with pytest.raises(ExportError) as refused:
        shop.ingest(*sources)  # type: ignore[arg-type]
    assert shop.everything() == {}
    return str(refused.value).replace(f"{shop.raw}/", "")


def test_missing_mapped_column(shop: Shop) -> None:
    """A header that the mapping needs is asked for by name, with the nearest one and all that are there."""
    shop.write("transactions_1.csv", HEADER + ROW)
    shop.write("transactions_2.csv", "id,when,payd\n" + ROW)
    assert refusal(shop) == (
        "transactions_2.csv: no column 'paid' for transactions.amount; did you mean 'payd'? "
        "(columns there: id, when, payd); correct the export or its mapping (sources[].columns)"
    )


def test_header_that_names_a_column_twice(shop: Shop) -> None:
    """Two columns of one name can't be told apart."""
    shop.write("transactions.csv", "id,when,paid,paid\n")
    assert refusal(shop) == "transactions.csv: the header names 'paid' twice; rename one of them in the export"


def test_other_columns_of_one_name_are_counted_not_shown(shop: Shop) -> None:
    """A name that isn't mapped may be a customer's where the header is missing."""
    shop.write("customers.csv", "id,zaphod,joined,zaphod\n")
    with pytest.raises(ExportError) as refused:
        shop.ingest(customers())
    assert str(refused.value).endswith(
        "customers.csv: the header has the same name in columns 2 and 4; rename one of them in the export"
    )


def test_columns_without_a_name_are_ignored(shop: Shop) -> None:
    """Commas at the end of the header, as spreadsheets leave them, are no columns."""
    shop.write("transactions.csv", "id,when,paid,,\n1,2024-01-01,5,,\n")
    shop.write("customers.csv", "id,joined,,town, \n1,2024-01-01,,Rome,\n")
    profiles = shop.ingest(transactions(), customers())
    assert [profile.ignored_columns for profile in profiles] == [[], []]
    assert list(shop.rows("customers")[0]) == ["customer_id", "signed_up_at", "signed_up_on", "town"]


def test_a_file_without_header_shows_nothing_of_its_first_line(shop: Shop) -> None:
    """Where no mapped header is found, the first line may be a customer's."""
    shop.write("transactions.csv", "00004,Zaphod,42 Main St\n")
    assert refusal(shop) == (
        "transactions.csv: none of the mapped headers 'id', 'when', 'paid' is in its first 50 rows; export it with its "
        "header, or correct its mapping (sources[].columns)"
    )


@pytest.mark.parametrize(("delimiter", "said"), [(";", "';'"), ("\t", "a tab"), ("|", "'|'")])
def test_another_delimiter_is_recognised(shop: Shop, delimiter: str, said: str) -> None:
    """A first line that would hold the mapped headers under another delimiter than the stated one says so."""
    shop.write("transactions.csv", HEADER.replace(",", delimiter))
    columns = {"customer_id": "id", "occurred_at": "when", "amount": "paid", "order_id": "basket"}
    assert refusal(shop, transactions(columns=columns, delimiter=",")) == (
        "transactions.csv: none of the mapped headers 'id', 'when', 'paid' and 1 more is in its first 50 rows; it looks "
        f"separated by {said}: set `delimiter` of its source"
    )


def test_a_long_header_is_cut(shop: Shop) -> None:
    """At most twelve of the columns that are there are listed."""
    shop.write("transactions.csv", "id,when," + ",".join(f"c{number}" for number in range(20)))
    assert "(columns there: id, when, c0, c1, c2, c3, c4, c5, c6, c7, c8, c9 and 10 more)" in refusal(shop)


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n", b"  "])
def test_empty_file(shop: Shop, content: bytes) -> None:
    """A file without even a header is called empty."""
    shop.write("transactions.csv", content)
    assert refusal(shop) == "transactions.csv: is empty; export it again with its header"


def test_first_line_without_header(shop: Shop) -> None:
    """Where no row is a header, the first one is meant to be."""
    shop.write("transactions.csv", "\n" + ROW)
    assert refusal(shop) == "transactions.csv: has no header in its first line; export it again with its header"


def test_a_header_that_never_ends(shop: Shop) -> None:
    """A quote that isn't closed in the header is refused, not read as one huge column."""
    shop.write("transactions.csv", 'id,"when,paid\n' + ROW * 20_000)
    assert refusal(shop).startswith("transactions.csv: can't be read: field larger than field limit")


def test_a_file_that_only_looks_like_parquet(shop: Shop) -> None:
    """What the library says about a broken file becomes one line."""
    shop.write("transactions.parquet", "PAR1 not really")
    said = refusal(shop, transactions(path="*.parquet"))
    assert said.startswith("transactions.parquet: can't be read: ")
    assert said.endswith("; export it again or correct the file")
    assert "\n" not in said


def test_a_parquet_file_whose_text_is_none(shop: Shop) -> None:
    """Such a file may be broken in its cells alone."""
    broken = pa.Array.from_buffers(
        pa.string(), 1, [None, pa.py_buffer(b"\x00\x00\x00\x00\x02\x00\x00\x00"), pa.py_buffer(b"5\xd0")]
    )
    shop.raw.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table({"id": ["1"], "when": ["2024-01-01"], "paid": broken}), shop.raw / "transactions.parquet")
    assert "can't be read: In column 2: Invalid: Invalid UTF8" in refusal(shop, transactions(path="*.parquet"))


def test_attributes_of_customers_are_kept(shop: Shop) -> None:
    """Headers of customers that aren't mapped stay as text under their own name, whatever it is."""
    shop.write("transactions.csv", HEADER + ROW)
    shop.write("customers.csv", 'id,joined,Post code,VIP?,"o\'""x"\n1,2024-01-01,01099,yes,1\n')
    *_, profile = shop.ingest(transactions(), customers())
    [row] = shop.rows("customers")
    assert (row["Post code"], row["VIP?"], row["o'\"x"]) == ("01099", "yes", "1")
    assert profile.ignored_columns == []


def test_other_tables_ignore_what_is_not_mapped(shop: Shop) -> None:
    """Headers of other tables that aren't mapped are left out and reported."""
    shop.write("transactions.csv", "note,id,when,paid,colour\nhi,1,2024-01-01,5,red\n")
    [profile] = shop.ingest()
    assert list(shop.rows()[0]) == ["customer_id", "occurred_at", "occurred_on", "amount"]
    assert profile.ignored_columns == ["colour", "note"]


@pytest.mark.parametrize("name", ["region", "signed_up_on", "Region", "CUSTOMER_ID"])
def test_an_attribute_may_not_pose_as_a_column(shop: Shop, name: str) -> None:
    """A header with the name of one of our columns must be mapped to it or renamed."""
    shop.write("customers.csv", f"id,joined,{name}\n1,2024-01-01,x\n")
    assert refusal(shop, customers()) == (
        f"customers*.csv: column '{name}' has the name of a column of customers but isn't mapped to it; "
        "add it to its mapping (sources[].columns) or rename it in the export"
    )


def test_attributes_may_have_any_plain_name(shop: Shop) -> None:
    """What ingest keeps beside the columns of an export clashes with no attribute."""
    shop.write("customers.csv", "id,joined,file,row,broken,rest\n1,2024-01-01,a,b,c,d\n2,x,a,b,c,d\n")
    shop.ingest(customers())
    [row] = shop.rows("customers")
    assert [row[name] for name in ("file", "row", "broken", "rest")] == ["a", "b", "c", "d"]
    assert shop.aside("customers") == [["customers.csv", "3", "joined", "not_a_time", "x"]]


@pytest.mark.parametrize("name", [":row", "=joined"])
def test_attributes_may_not_begin_like_our_own(shop: Shop, name: str) -> None:
    """The two signs with which ingest's own columns begin are refused in attributes."""
    shop.write("customers.csv", f"id,joined,{name}\n1,2024-01-01,x\n")
    assert refusal(shop, customers()) == (
        f"customers*.csv: column '{name}' begins with '{name[0]}'; rename it in the export"
    )


def test_attributes_differ_in_more_than_case(shop: Shop) -> None:
    """Engines ignore case, so two such columns would be one, be they in one file or in two."""
    shop.write("customers_1.csv", "id,joined,Town\n1,2024-01-01,x\n")
    shop.write("customers_2.csv", "id,joined,town\n2,2024-01-01,x\n")
    said = "customers: columns 'Town' and 'town' differ in nothing but case; rename one of them in the export"
    assert refusal(shop, customers()) == said
    assert refusal(shop, customers(path="customers_1.csv"), customers(path="customers_2.csv")) == said


def test_sql_in_names_and_values_is_only_text(shop: Shop, tmp_path: Path) -> None:
    """Quotes, semicolons and statements in headers, cells, file names and formats are never run."""
    nasty = """a"; DROP TABLE staged; --'"""
    quoted = '"' + nasty.replace('"', '""') + '"'
    ann = quoted[:-1] + ' ann"'  # a cell that is its own header is no customer
    shop.write("transactions'); --.csv", f"{quoted},when,paid\n{ann},2024'01'02,5\n,2024'01'02,{quoted}\n")
    source = transactions(
        columns={"customer_id": nasty, "occurred_at": "when", "amount": "paid"}, date_format="%Y'%m'%d"
    )
    shop.ingest(source, pii=(nasty,))
    assert shop.column("customer_id") == [f"{nasty} ann"]
    assert [line[:5] for line in shop.aside()] == [
        ["transactions'); --.csv", "3", nasty, "required", "***"],
        ["transactions'); --.csv", "3", "paid", "not_a_number", nasty],
    ]

"""Headers of an export become columns of a table; what doesn't fit is said before anything is written."""

from pathlib import Path

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
        "(columns there: id, when, payd); correct the export or sources[].columns in params.yaml"
    )


def test_header_that_names_a_column_twice(shop: Shop) -> None:
    """Two columns of one name can't be told apart."""
    shop.write("transactions.csv", "id,when,paid,paid\n")
    assert refusal(shop) == "transactions.csv: the header names 'paid' twice; rename one of them in the export"


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n", b"  "])
def test_empty_file(shop: Shop, content: bytes) -> None:
    """A file without even a header is called empty."""
    shop.write("transactions.csv", content)
    assert refusal(shop) == "transactions.csv: is empty; export it again with its header"


def test_first_line_without_header(shop: Shop) -> None:
    """The header is the first line and nowhere else."""
    shop.write("transactions.csv", "\n" + HEADER + ROW)
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


@pytest.mark.parametrize("name", ["region", "signed_up_on"])
def test_an_attribute_may_not_pose_as_a_column(shop: Shop, name: str) -> None:
    """A header with the name of one of our columns must be mapped to it or renamed."""
    shop.write("customers.csv", f"id,joined,{name}\n1,2024-01-01,x\n")
    assert refusal(shop, customers()) == (
        f"customers*.csv: column '{name}' has the name of a column of customers but isn't mapped to it; "
        "add it to sources[].columns in params.yaml"
    )


def test_sql_in_names_and_values_is_only_text(shop: Shop, tmp_path: Path) -> None:
    """Quotes, semicolons and statements in headers, cells, file names and formats are never run."""
    nasty = """a"; DROP TABLE staged; --'"""
    quoted = '"' + nasty.replace('"', '""') + '"'
    shop.write("transactions'); --.csv", f"{quoted},when,paid\n{quoted},2024'01'02,5\n,2024'01'02,{quoted}\n")
    source = transactions(
        columns={"customer_id": nasty, "occurred_at": "when", "amount": "paid"}, date_format="%Y'%m'%d"
    )
    shop.ingest(source, pii=(nasty,))
    assert shop.column("customer_id") == [nasty]
    assert [line[:5] for line in shop.aside()] == [
        ["transactions'); --.csv", "3", nasty, "required", "***"],
        ["transactions'); --.csv", "3", "paid", "not_a_number", nasty],
    ]

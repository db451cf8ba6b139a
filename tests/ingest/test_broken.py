"""What breaks libraries, found by benchmarks/ingest/mutated.py: it is read, or refused in one line without control characters."""

import io
import zipfile
from decimal import Decimal

import pytest
import xlsxwriter

from churnml.errors import ChurnmlError, ExportError
from intake import HEADER, Shop, customers, transactions


def refusal(shop: Shop, name: str, content: bytes | str) -> str:
    """The one line in which an export is refused."""
    shop.write(name, content)
    with pytest.raises(ChurnmlError) as refused:
        shop.ingest(transactions(path="transactions*"))
    said = str(refused.value)
    assert said.isprintable()
    return said.replace(str(shop.raw), "raw")


def test_numbers_that_no_column_holds(shop: Shop) -> None:
    """A number times its unit may be too large; its row is set aside, and the others are read."""
    shop.write("transactions.csv", HEADER + "1,2024-01-01,9999999999999999999999亿\n2,2024-01-01,1.2万\n")
    shop.ingest()
    assert shop.column("amount") == [Decimal(12000)]
    assert shop.aside() == [["transactions.csv", "2", "paid", "not_a_number", "9999999999999999999999亿"]]


def test_a_header_with_control_characters(shop: Shop) -> None:
    """Nobody sees them, and no name of a column holds them; two that differ in nothing else have the same name."""
    shop.write("customers.csv", "id\x00,joined\x07,town\x00\n1,2024-01-01,Rome\n")
    shop.ingest(customers())
    assert shop.column("town", "customers") == ["Rome"]
    shop.write("customers.csv", "id,joined,town\x00,town\n1,2024-01-01,Rome,Rome\n")
    with pytest.raises(ExportError, match="the header has the same name in columns 3 and 4"):
        shop.ingest(customers())


def test_a_long_header_is_shown_in_part(shop: Shop) -> None:
    """Its beginning is enough to know it; line breaks in it break no message."""
    said = refusal(shop, "transactions.csv", f'id,when,"a\nnote {"x" * 5000}"\n1,2024-01-01,x\n')
    assert said == (
        "raw/transactions.csv: no column 'paid' for transactions.amount; did you mean 'id'? (columns there: id, when, "
        f"a note {'x' * 23}…); correct the export or its mapping (sources[].columns)"
    )


def test_half_a_character_in_json(shop: Shop) -> None:
    """A surrogate without its other half is no text; a replacement character stands there, as for any lost one."""
    shop.write(
        "customers.jsonl",
        r'{"id": "1", "note": "1\ud800", "joined": "2024-01-01", "a\udfff": ["\ud83d"], "b": "\ud83d\ude00"}',
    )
    shop.ingest(customers(path="customers.jsonl"))
    [row] = shop.rows("customers")
    assert (row["note"], row["a\ufffd"], row["b"]) == ("1\ufffd", '["\ufffd"]', "😀")


def test_a_workbook_with_a_day_beyond_all_days(shop: Shop) -> None:
    """What the library can't turn into a day refuses the file."""
    out, broken = io.BytesIO(), io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    shown = book.add_format({"num_format": "[h]:mm"})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["id", "when", "paid"])
    sheet.write_number(1, 1, 1e300, shown)
    book.close()
    said = refusal(shop, "transactions.xlsx", out.getvalue())
    assert (
        said
        == "raw/transactions.xlsx: can't be read as a workbook (OverflowError); open and save it again, or export a CSV"
    )
    with zipfile.ZipFile(out) as whole, zipfile.ZipFile(broken, "w") as part:
        for name in whole.namelist():
            part.writestr(name, whole.read(name)[:40])
    assert "can't be read as a workbook" in refusal(shop, "transactions.xlsx", broken.getvalue())


def test_bytes_that_a_library_quotes(shop: Shop) -> None:
    """What a library says about broken bytes may hold them."""
    assert "can't be read" in refusal(shop, "transactions.parquet", b"PAR1\x15\x0e\x1e\x00\x02\x00\x00\x00PAR1")


def test_a_broken_archive_of_any_method(shop: Shop) -> None:
    """Each way of packing has an error of its own."""
    for method in (zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", method) as archive:
            archive.writestr("a.csv", HEADER * 50)
        broken = bytearray(out.getvalue())
        broken[44:60] = b"\xff" * 16
        assert "can't be unpacked" in refusal(shop, "transactions.zip", bytes(broken))

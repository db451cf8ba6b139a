"""Whatever kind of file holds the rows, the rows are the same."""

import gzip
import io
from datetime import UTC, datetime
from zipfile import ZipFile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from churnml.errors import ExportError
from intake import HEADER, Shop, transactions

ROW = "123456789012345678,2024-01-01,0.10\n"
LINES = (
    '{"id": 123456789012345678, "when": "2024-01-01", "paid": 0.10}\n\n{"id": null, "when": "2024-01-01", "paid": 1}\n'
)


def zipped(**members: str) -> bytes:
    """A zip of these files; two underscores are a dot, and "up" leads out of the folder."""
    content = io.BytesIO()
    with ZipFile(content, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", ".").replace("up", "../"), text)
    return content.getvalue()


def short(value: str | bytes) -> str:
    """What a value is called in a test's name: packed bytes hold the time at which they were packed."""
    return value if isinstance(value, str) and len(value) < 40 else "content"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("transactions.csv.gz", gzip.compress((HEADER + ROW).encode())),
        ("transactions.tsv", (HEADER + ROW).replace(",", "\t")),
        ("transactions.jsonl", LINES),
        ("transactions.ndjson.gz", gzip.compress(LINES.encode())),
        ("transactions.json", "[" + ",".join(LINES.split("\n\n")) + "]"),
        ("transactions.zip", zipped(orders__csv=HEADER + ROW, notes__pdf="x")),
        ("transactions.zip", zipped(uporders__csv=HEADER + ROW)),
    ],
    ids=short,
)
def test_the_same_row(shop: Shop, name: str, content: str | bytes) -> None:
    """Each is found where the params say .csv; no id or amount goes through a float; no name leads out of the folder."""
    shop.write(name, content)
    shop.ingest()
    assert shop.column("customer_id") == ["123456789012345678"]
    assert [str(amount) for amount in shop.column("amount")] == ["0.1000"]


def test_rows_of_json_are_numbered_by_line(shop: Shop) -> None:
    """Blank lines count; a key that is missing or null is empty."""
    shop.write("transactions.jsonl", LINES)
    shop.ingest()
    assert shop.aside() == [["transactions.jsonl", "3", "id", "required", ""]]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("transactions.jsonl", LINES + "{no", "line 4 isn't JSON; give one object per line, or one array of objects"),
        ("transactions.json", '[\n{"id": 1},\n', "line 3 isn't JSON"),
        ("transactions.json", "[1]", "row 1 is no object"),
        ("transactions.json", "", "is empty"),
        ("transactions.csv.gz", b"no", "can't be unpacked (BadGzipFile); export or pack it again"),
        ("transactions.csv.gz", gzip.compress(b"x" * 99)[:-9], "can't be unpacked (EOFError)"),
        ("transactions.zip", b"PK", "can't be unpacked (BadZipFile)"),
        ("transactions.zip", zipped(notes__pdf="x"), "holds no file that is read"),
    ],
    ids=short,
)
def test_files_that_are_refused(shop: Shop, name: str, content: str | bytes, said: str) -> None:
    """One line, with the file as people know it."""
    path = shop.write(name, content)
    with pytest.raises(ExportError) as refused:
        shop.ingest()
    assert str(refused.value).startswith(f"{path}: {said}")
    assert "\n" not in str(refused.value)


def test_ids_in_float_columns_of_parquet(shop: Shop) -> None:
    """Beside a null, other tools make floats of whole numbers."""
    shop.raw.mkdir()
    table = pa.table(
        {
            "id": pa.array([5.0, None]),
            "when": pa.array([datetime(2024, 1, 1, 20, tzinfo=UTC)] * 2, pa.timestamp("us", "Asia/Shanghai")),
            "paid": pa.array(["1.5", "2"]).dictionary_encode(),
        }
    )
    pq.write_table(table, shop.raw / "transactions.parquet")
    shop.ingest()
    assert shop.column("customer_id") == ["5"]
    assert [str(moment) for moment in shop.column("occurred_at")] == ["2024-01-01 20:00:00"]


PAGE = "<html><meta charset='{charset}'><table><tr><td colspan=3>订单</td></tr><tr><th>id<th>when<th>paid</tr>" \
       "<tr><td>007</td><td>2024-01-01</td><td>&yen;1,234.50</td></tr></table></html>"  # fmt: skip
XML = """<?xml version="1.0"?><Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Table>
<Row><Cell><Data>id</Data></Cell><Cell><Data>when</Data></Cell><Cell><Data>note</Data></Cell><Cell><Data>paid</Data></Cell></Row>
<Row><Cell><Data>007</Data></Cell><Cell><Data>2024-01-01</Data></Cell><Cell ss:Index="4"><Data>1234.5</Data></Cell></Row>
</Table></Worksheet></Workbook>"""


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("transactions.xls", PAGE.format(charset="gbk").encode("gb18030")),
        ("transactions.xls", PAGE.format(charset="utf-8").encode("utf-8-sig")),
        ("transactions.xls", PAGE.format(charset="gb2312").replace("单", "單").encode("gb18030")),
        ("transactions.xls", XML.encode()),
        ("transactions.xls", b"id\twhen\tpaid\n007\t2024-01-01\t1234.50\n"),
        ("transactions.xls", "id\twhen\tpaid\n007\t2024-01-01\t1234.50\n".encode("utf-16")),
        ("transactions.xlsx", b"id,when,paid\n007,2024-01-01,1234.50\n"),
        ("transactions.csv", gzip.compress(b"id,when,paid\n007,2024-01-01,1234.50\n")),
    ],
    ids=["page in gbk", "page in utf-8", "page that says less than it is", "xml", "tabs", "utf-16", "commas", "packed"],
)
def test_a_file_is_read_as_what_it_is(shop: Shop, name: str, content: bytes) -> None:
    """Systems call a web page, or a text, .xls because Excel opens it."""
    shop.write(name, content)
    shop.ingest(transactions(path="transactions.*"), share=0.0)
    assert [(row["customer_id"], float(row["amount"])) for row in shop.rows()] == [("007", 1234.5)]


def test_a_cell_over_several_rows_of_a_page(shop: Shop) -> None:
    """The cells below it stay in their columns; it stands in its first row alone."""
    page = (
        "<table><tr><th>town<th>id<th>when<th>paid</tr><tr><td rowspan=2>上海<td>C1<td>2024-01-01<td>5</tr>"
        "<tr><td>C2<td>2024-01-02<td>7</tr><tr><td>北京<td>C3<td>2024-01-03<td>9</tr></table>"
    )
    shop.write("transactions.xls", page)
    shop.ingest(transactions(path="transactions.xls"), share=0.0)
    assert [(row["customer_id"], int(row["amount"])) for row in shop.rows()] == [("C1", 5), ("C2", 7), ("C3", 9)]


def test_a_page_that_claims_to_be_wider_than_any_sheet(shop: Shop) -> None:
    """A cell that says that it spans a billion columns takes no memory for them."""
    shop.write(
        "transactions.xls",
        b"<table><tr><th>id<th>when<th>paid<th colspan=999999999999>x</tr><tr><td>1<td>2024-01-01<td>5</tr>",
    )
    shop.ingest(transactions(path="transactions.*"), share=1.0)
    assert shop.column("customer_id") == ["1"]


def test_a_workbook_under_another_name(shop: Shop) -> None:
    """Of .csv and of .xls; a PDF is no export."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["id", "when", "paid"])
    sheet.write_row(1, 0, ["007", "2024-01-01", 5])
    book.close()
    for name in ("transactions.csv", "transactions.xls"):
        shop.write(name, out.getvalue(), folder=name)
        shop.ingest(transactions(path="transactions.*"), folders=(name,), share=0.0)
        assert shop.column("customer_id") == ["007"]
    shop.write("transactions.csv", b"%PDF-1.7 ...")
    with pytest.raises(ExportError, match=r"transactions.csv: is a PDF; export it as CSV or as a workbook"):
        shop.ingest()

"""Whatever kind of file holds the rows, the rows are the same."""

import gzip
import io
from datetime import UTC, datetime
from zipfile import ZipFile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from churnml.errors import ExportError
from intake import HEADER, Shop

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

"""Which files feed which source, and what is said when none does."""

import zipfile

import pytest

from churnml.errors import ExportError
from intake import HEADER, Shop, contacts, transactions

ROW = "1,2024-01-01,5\n"


def test_a_source_takes_files_folders_and_patterns(shop: Shop) -> None:
    """A path may be a file, a glob or a folder; hidden formats are left alone."""
    shop.write("2024/transactions_1.csv", HEADER + "1,2024-01-01,5\n")
    shop.write("2024/deep/transactions_2.CSV", HEADER + "2,2024-01-01,5\n")
    shop.write("2024/transactions_3.pdf", "not read")
    for path, ids in {
        "2024/transactions_1.csv": ["1"],
        "*/transactions*": ["1"],
        "**/*_2.*": ["2"],
        "2024": ["1", "2"],
    }.items():
        shop.ingest(transactions(path=path))
        assert shop.column("customer_id") == ids, path


def test_an_export_of_another_kind_is_found(shop: Shop) -> None:
    """orders_1.csv where orders_*.xlsx is asked for, as long as there is no such workbook."""
    shop.write("orders_1.csv", HEADER + ROW)
    [profile] = shop.ingest(transactions(path="orders_*.xlsx"))
    assert list(profile.files) == ["orders_1.csv"]


def test_a_file_that_another_source_asks_for_is_its_own(shop: Shop) -> None:
    """The workbook is missing; the CSV of that name feeds another source, and isn't counted twice."""
    shop.write("orders.csv", HEADER + ROW)
    with pytest.raises(ExportError, match=r"no file in .* matches 'orders\.xlsx'; files there: orders\.csv"):
        shop.ingest(transactions(path="orders.csv"), transactions(path="orders.xlsx"))


def test_missing_folder(shop: Shop) -> None:
    """A folder that isn't there is named."""
    with pytest.raises(ExportError) as refused:
        shop.ingest()
    assert str(refused.value) == (
        f"{shop.raw}: no such folder of exports; name the folder that holds the exported files"
    )


def test_source_without_file(shop: Shop) -> None:
    """When a source finds no file, the message lists what is there."""
    shop.write("transactions.csv", HEADER + ROW)
    for number in range(3):
        shop.write(f"old/contact_{number}.csv", "id\n")
    with pytest.raises(ExportError) as refused:
        shop.ingest(transactions(), contacts())
    assert str(refused.value) == (
        f"contacts: no file in {shop.raw} matches 'contacts*.csv'; files there: old/contact_0.csv, old/contact_1.csv, "
        "old/contact_2.csv and 1 more; put the export there or change sources[].path"
    )


def test_empty_folder(shop: Shop) -> None:
    """An empty folder is called empty; files that a system hides don't count."""
    shop.write(".DS_Store", b"\0")
    with pytest.raises(ExportError, match="; the folder is empty; put the export there"):
        shop.ingest()


def test_a_file_of_another_format_is_told_from_a_missing_one(shop: Shop) -> None:
    """A file that the path matches but whose format isn't read is named."""
    shop.write("transactions.pdf", b"PK")
    with pytest.raises(ExportError) as refused:
        shop.ingest(transactions(path="transactions.*"))
    assert str(refused.value) == (
        "transactions: 'transactions.*' matches transactions.pdf, but only .csv, .tsv, .txt, .jsonl, "
        ".ndjson, .json (each also with .gz), .xlsx, .xlsm, .xls, .parquet and .zip files are read; put the export there or "
        "change sources[].path"
    )


def test_capitals_of_an_ending_do_not_matter(shop: Shop) -> None:
    """Some systems write EXPORT.CSV."""
    shop.write("transactions_1.csv", HEADER + "1,2024-01-01,5\n")
    shop.write("transactions_2.CSV", HEADER + "2,2024-01-01,5\n")
    shop.ingest(share=0.0)
    assert shop.column("customer_id") == ["1", "2"]


def test_what_is_packed_beside_an_export_for_people(shop: Shop) -> None:
    """A text that explains the export is none; one that is called like a table is."""
    shop.raw.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(shop.raw / "transactions.zip", "w") as archive:
        archive.writestr("orders.csv", HEADER + "1,2024-01-01,5\n")
        for name in ("README.txt", "使用说明.txt"):
            archive.writestr(name, "thank you")
    shop.ingest(transactions(path="transactions.zip"), share=0.0)
    assert shop.column("customer_id") == ["1"]


def test_hidden_files_feed_nothing(shop: Shop) -> None:
    """Files whose names begin with a dot, or like those of a workbook that is open, are left alone everywhere."""
    shop.write("sales/a.csv", HEADER + ROW)
    shop.write("sales/.~lock.csv", "somebody")
    shop.write("sales/~$a.xlsx", "somebody else")
    for path in ("sales", "sales/*"):
        [profile] = shop.ingest(transactions(path=path))
        assert list(profile.files) == ["sales/a.csv"]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (
            "/exports/*.csv",
            "sources[].path '/exports/*.csv' is absolute; give it relative to the folder of the exports",
        ),
        (
            "**x*.csv",
            "sources[].path '**x*.csv' is no pattern; use a file, a folder, or a pattern such as transactions*.csv",
        ),
        (
            "a\0.csv",
            "sources[].path 'a\0.csv' is no pattern; use a file, a folder, or a pattern such as transactions*.csv",
        ),
    ],
)
def test_paths_that_can_match_nothing(shop: Shop, path: str, said: str) -> None:
    """An absolute path and a pattern that isn't one are refused in one line."""
    shop.write("transactions.csv", HEADER + ROW)
    with pytest.raises(ExportError) as refused:
        shop.ingest(transactions(path=path))
    assert str(refused.value) == said
    assert "\n" not in str(refused.value)

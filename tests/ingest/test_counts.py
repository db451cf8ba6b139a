"""Nothing lost: rows in = rows kept + rows set aside + exact duplicates."""

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from churnml.ingest import TableProfile
from churnml.ports import Engine
from intake import HEADER, Shop, transactions

GOOD, BAD, SHORT, BLANK = "good", "bad", "short", "blank"
LINES = {
    GOOD: ["1,2024-01-01,5", "2,2024-01-01,5", "2,2024-01-02,-5"],
    BAD: [",2024-01-01,5", "1,someday,5", "1,2024-01-01,five", ",,x", '"1\n2",2024-01-01,'],
    SHORT: ["1", "1,2024-01-01", "1,2024-01-01,5,6"],
    BLANK: ["", ",,"],
}
kinds = st.sampled_from([(kind, line) for kind, lines in LINES.items() for line in lines])


def test_every_row_is_kept_set_aside_or_a_repetition(shop: Shop) -> None:
    """Each row of the export is counted once, in one of three places."""
    shop.write("transactions.csv", HEADER + "1,2024-01-01,5\n1,2024-01-01,5\n\n2,2024-01-02,x\n3\n4,2024-01-02,1\n")
    [profile] = shop.ingest()
    assert profile.counts == {"rows_in": 5, "kept": 2, "set_aside": 2, "duplicates": 1}


@settings(max_examples=10, deadline=None)
@given(files=st.lists(st.lists(kinds, max_size=12), min_size=1, max_size=3))
def test_counts_add_up_whatever_the_mix(
    files: list[list[tuple[str, str]]], tmp_path_factory: pytest.TempPathFactory, engine: Engine
) -> None:
    """Any mix of good, bad, short, blank and repeated rows in any split into files is counted in full."""
    shop = Shop(tmp_path_factory.mktemp("mix"), engine)
    shop.write("transactions_0.csv", HEADER + "0,2024-01-01,1\n")
    for number, lines in enumerate(files, 1):
        shop.write(f"transactions_{number}.csv", HEADER + "".join(f"{line}\n" for _, line in lines))
    [profile] = shop.ingest()
    given_rows = [(kind, line) for lines in files for kind, line in lines]
    good = [line for kind, line in given_rows if kind == GOOD]
    aside = sum(kind in (BAD, SHORT) for kind, _ in given_rows)
    assert profile.counts == {
        "rows_in": 1 + len(good) + aside,
        "kept": 1 + len(set(good)),
        "set_aside": aside,
        "duplicates": len(good) - len(set(good)),
    }
    assert len(shop.rows()) == profile.kept
    assert len({(file, row) for file, row, *_ in shop.aside()}) == aside


def test_a_row_filled_in_an_ignored_column_alone_is_a_row(shop: Shop) -> None:
    """Blank means that all cells of the export's row are empty, not only the mapped ones."""
    shop.write("transactions.csv", "id,when,paid,note\n1,2024-01-01,5,\n,,,see above\n,,,\n")
    [profile] = shop.ingest()
    assert (profile.rows_in, profile.set_aside) == (2, 1)


def test_repetitions_are_judged_by_the_whole_row(shop: Shop) -> None:
    """Two lines of an order that differ in a column that nothing is mapped from are both kept; the table is as it was."""
    rows = ["1,2024-01-01,5,1,", "1,2024-01-01,5,2,", "1,2024-01-01,5, 2 ,", "1,2024-01-01,5,,2"]
    shop.write("transactions.csv", "id,when,paid,line,page\n" + "\n".join(rows))
    [profile] = shop.ingest()
    assert profile.counts == {"rows_in": 4, "kept": 3, "set_aside": 0, "duplicates": 1}
    assert list(shop.rows()[0]) == ["customer_id", "occurred_at", "occurred_on", "amount"]


def test_a_column_that_one_file_lacks_is_empty_there(shop: Shop) -> None:
    """The same row from a file with and without an empty column counts once, whatever the order of the columns."""
    shop.write("transactions_1.csv", "id,when,paid,line,page\n1,2024-01-01,5,1,\n")
    shop.write("transactions_2.csv", "line,id,when,paid\n1,1,2024-01-01,5\n")
    [profile] = shop.ingest()
    assert profile.counts == {"rows_in": 2, "kept": 1, "set_aside": 0, "duplicates": 1}


def test_profile_refuses_numbers_that_do_not_add_up() -> None:
    """A profile whose rows went missing can't be made."""
    with pytest.raises(AssertionError, match="transactions: 5 rows in, but 3 kept"):
        TableProfile("transactions", 5, 3, 1, 0, 0, 0, 0, [], 1, None, None, {}, [], [], [], [])


def test_profile_in_one_line(shop: Shop) -> None:
    """The terminal shows the sum, the customers and the days."""
    shop.write("transactions.csv", HEADER + "1,2024-01-01,5\n1,2024-01-01,5\n2,2024-03-02,7\n2,2024-03-02,\n")
    [profile] = shop.ingest()
    assert profile.line("en") == (
        "transactions: 4 rows in = 2 kept + 1 set aside + 1 exact duplicates; 2 customers, 2024-01-01 to 2024-03-02"
    )


def test_report_says_what_came_from_where(shop: Shop) -> None:
    """The report names files with encoding and hash, headers that nothing reads, and files that no source takes."""
    path = shop.write("transactions.csv", "id,when,paid,colour\n1,2024-01-01,5,red\n")
    shop.write("old/notes.txt", "hello")
    shop.write("stock.csv", "a,b\n")
    shop.ingest(transactions())
    report = json.loads(Path(shop.root / "report.json").read_text(encoding="utf-8"))
    assert list(report["tables"]) == ["transactions"]
    table = report["tables"]["transactions"]
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    assert table["files"] == {"transactions.csv": {"format": "csv, utf-8", "sha256": sha256}}
    assert table["ignored_columns"] == ["colour"]
    assert report["unmatched_files"] == ["old/notes.txt", "stock.csv"]

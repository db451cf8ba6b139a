"""Several export folders make one history, from older to newer."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from churnml.errors import ExportError
from churnml.ports import Engine
from intake import HEADER, Shop, contacts, customers, subscriptions, tickets, transactions

SEPTEMBER, OCTOBER = "exports/2026-09", "exports/2026-10"
MONTHS = (SEPTEMBER, OCTOBER)
LINES = ["1,2024-01-01,5", "1,2024-01-01,5", "2,2024-01-02,6", "2,2024-01-02,-6", "3,2024-01-03,7", "3,someday,7"]


def test_rows_of_events_are_appended_and_repetitions_dropped(shop: Shop) -> None:
    """What both months hold counts once."""
    shop.write("transactions.csv", HEADER + "1,2026-09-30,5\n2,2026-10-01,6\n", SEPTEMBER)
    shop.write("transactions.csv", HEADER + "2,2026-10-01,6\n3,2026-10-31,7\n", OCTOBER)
    [profile] = shop.ingest(folders=MONTHS)
    assert shop.column("customer_id") == ["1", "2", "3"]
    assert profile.counts == {"rows_in": 4, "kept": 3, "set_aside": 0, "duplicates": 1}


@settings(max_examples=8, deadline=None)
@given(newer=st.sets(st.integers(0, len(LINES) - 1)))
def test_splitting_events_into_two_folders_changes_no_table(
    newer: set[int], tmp_path_factory: pytest.TempPathFactory, engine: Engine
) -> None:
    """Whichever rows lie in the newer folder, the table is the same, byte for byte."""
    shop = Shop(tmp_path_factory.mktemp("split"), engine)
    shop.write("transactions.csv", HEADER + "\n".join(LINES))
    shop.ingest()
    straight = (shop.data / "tables/transactions.parquet").read_bytes()
    for month, name in enumerate(MONTHS):
        shop.write("transactions.csv", HEADER + "\n".join(LINES[n] for n in range(6) if (n in newer) == month), name)
    [profile] = shop.ingest(folders=MONTHS)
    assert (shop.data / "tables/transactions.parquet").read_bytes() == straight
    assert profile.counts == {"rows_in": 6, "kept": 4, "set_aside": 1, "duplicates": 1}


@pytest.mark.parametrize(
    ("table", "source", "header", "key"),
    [
        ("customers", customers(), "id,joined,town", "customer_id"),
        ("tickets", tickets(), "number,opened,id,closed", "ticket_id"),
        ("subscriptions", subscriptions(), "number,from,id,until", "subscription_id"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.endswith("s") else "",
)
def test_a_newer_folder_supersedes_the_rows_of_its_keys(
    shop: Shop, table: str, source: object, header: str, key: str
) -> None:
    """7 and 8 are in both months, 7 with other cells: October's rows hold. 6 and 9 are in one month only."""
    shop.write(f"{table}.csv", f"{header}\n6,2026-01-01,a,\n7,2026-01-01,a,\n8,2026-01-01,a,\n", SEPTEMBER)
    shop.write(f"{table}.csv", f"{header}\n7,2026-01-02,b,\n8,2026-01-01,a,\n9,2026-01-01,a,\n", OCTOBER)
    if table == "customers":
        for month in MONTHS:
            path = shop.root / month / "customers.csv"
            path.write_text(path.read_text().replace(",\n", "\n"))
    [profile] = shop.ingest(source, folders=MONTHS)  # type: ignore[arg-type]
    days = [str(next(cell for name, cell in row.items() if name.endswith("_on"))) for row in shop.rows(table)]
    assert dict(zip(shop.column(key, table), days, strict=True)) == {
        "6": "2026-01-01", "7": "2026-01-02", "8": "2026-01-01", "9": "2026-01-01",
    }  # fmt: skip
    assert profile.counts == {"rows_in": 6, "kept": 4, "set_aside": 0, "duplicates": 0, "superseded": 2}
    assert "6 rows in = 4 kept + 0 set aside + 0 exact duplicates + 2 superseded; " in profile.line("en")
    told = json.loads((shop.root / "report.json").read_text())["tables"][table]
    assert (told["superseded"], told["duplicates"]) == (2, 0)


def test_rows_of_one_folder_still_contradict_each_other(shop: Shop) -> None:
    """October says two things of 7: nobody knows which, and September's is out of date."""
    shop.write("tickets.csv", "id,opened,number,closed\na,2026-09-01,7,\nb,2026-09-01,8,\n", SEPTEMBER)
    shop.write("tickets.csv", "id,opened,number,closed\na,2026-09-02,7,\na,2026-09-03,7,\n", OCTOBER)
    [profile] = shop.ingest(tickets(), folders=MONTHS)
    assert shop.column("ticket_id", "tickets") == ["8"]
    assert profile.counts == {"rows_in": 4, "kept": 1, "set_aside": 2, "duplicates": 0, "superseded": 1}


def test_a_row_that_is_set_aside_supersedes_nothing(shop: Shop) -> None:
    """What October says of 7 can't be read; September's row is the last that can."""
    shop.write("tickets.csv", "id,opened,number,closed\na,2026-09-01,7,\n", SEPTEMBER)
    shop.write("tickets.csv", "id,opened,number,closed\na,2026-09-01,7,someday\n", OCTOBER)
    [profile] = shop.ingest(tickets(), folders=MONTHS)
    assert shop.column("ticket_id", "tickets") == ["7"]
    assert profile.counts == {"rows_in": 2, "kept": 1, "set_aside": 1, "duplicates": 0}


def test_rows_without_a_number_are_never_superseded(shop: Shop) -> None:
    """An empty number is no number that two months share."""
    for month, day in zip(MONTHS, ("2026-09-01", "2026-10-01"), strict=True):
        shop.write("tickets.csv", f"id,opened,number,closed\na,{day},,\n", month)
    [profile] = shop.ingest(tickets(), folders=MONTHS)
    assert profile.counts == {"rows_in": 2, "kept": 2, "set_aside": 0, "duplicates": 0}


def test_one_folder_that_holds_a_file_is_enough(shop: Shop) -> None:
    """A source may find its file in any of the folders; in none, all of them are named."""
    shop.write("transactions.csv", HEADER + "1,2026-09-30,5\n", SEPTEMBER)
    shop.write("customers.csv", "id,joined\n1,2026-01-01\n", OCTOBER)
    shop.ingest(transactions(), customers(), folders=MONTHS)
    assert shop.column("customer_id", "customers") == ["1"]
    with pytest.raises(ExportError) as refused:
        shop.ingest(transactions(), contacts(), folders=MONTHS)
    assert str(refused.value) == (
        f"contacts: no file in {shop.root / SEPTEMBER}, {shop.root / OCTOBER} matches 'contacts*.csv'; files there: "
        "2026-09/transactions.csv, 2026-10/customers.csv; put the export there or change sources[].path"
    )


def test_files_are_called_by_their_folder(shop: Shop) -> None:
    """Report, quarantine and files that nothing took say which month they are of."""
    for month in MONTHS:
        shop.write("transactions.csv", HEADER + "1,2026-09-30,5\n1,someday,5\n", month)
        shop.write("notes.txt", "hello", month)
    [profile] = shop.ingest(folders=MONTHS)
    assert list(profile.files) == ["2026-09/transactions.csv", "2026-10/transactions.csv"]
    assert [line[:2] for line in shop.aside()] == [["2026-09/transactions.csv", "3"], ["2026-10/transactions.csv", "3"]]
    told = json.loads((shop.root / "report.json").read_text())
    assert told["unmatched_files"] == ["2026-09/notes.txt", "2026-10/notes.txt"]


def test_folders_of_one_name_are_called_as_they_were_given(shop: Shop) -> None:
    """shop/2026 and web/2026 are both called 2026: the whole path tells them apart."""
    for name in ("shop/2026", "web/2026", "old"):
        shop.write("transactions.csv", HEADER + f"{len(name)},2026-09-30,5\n", name)
    [profile] = shop.ingest(folders=("old", "shop/2026", "web/2026"))
    given = shop.root.as_posix()
    assert list(profile.files) == [
        "old/transactions.csv", f"{given}/shop/2026/transactions.csv", f"{given}/web/2026/transactions.csv",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("folders", "said"),
    [
        (("a", "b", "a"), "{root}/a: is named twice; name each folder of exports once, the oldest first"),
        (("a", "a/b"), "{root}/a/b: lies within {root}/a, which is named as well; name only one of the two"),
        (("a", "c"), "{root}/c: no such folder of exports; name the folder that holds the exported files"),
    ],
)
def test_folders_that_make_no_history(shop: Shop, folders: tuple[str, ...], said: str) -> None:
    """A file can't be older and newer than itself."""
    for name in ("a", "b", "a/b"):
        shop.write("transactions.csv", HEADER, name)
    with pytest.raises(ExportError) as refused:
        shop.ingest(folders=folders)
    assert str(refused.value) == said.format(root=shop.root)


def test_the_order_of_folders_decides(shop: Shop) -> None:
    """The last one named is the newest, whatever it is called."""
    shop.write("customers.csv", "id,joined,town\n1,2026-01-01,Ash\n", SEPTEMBER)
    shop.write("customers.csv", "id,joined,town\n1,2026-01-01,Elm\n", OCTOBER)
    shop.ingest(customers(), folders=MONTHS)
    assert shop.column("town", "customers") == ["Elm"]
    shop.ingest(customers(), folders=MONTHS[::-1])
    assert shop.column("town", "customers") == ["Ash"]

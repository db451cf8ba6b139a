"""Tables of earlier exports are a history: what follows them gives what all exports at once would have given."""

import shutil
from collections.abc import Callable

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from churnml.errors import ExportError, QuarantineError
from churnml.manifest import digest
from churnml.ports import Engine
from churnml.publish import read_json
from intake import HEADER, Shop, contacts, customers, tickets, transactions

SOURCES = (transactions(), customers(), tickets())
OLD = {
    "transactions": "id,when,paid,line\n1,2026-09-01,5,1\n1,2026-09-01,5,2\n2,2026-09-30,6,1\n2,2026-09-30,6,1\n",
    "customers": "id,joined,town\n1,2026-01-01,Ash\n2,2026-01-01,Ash\n",
    "tickets": "id,opened,number,closed\na,2026-09-01,7,\na,2026-09-02,8,\na,2026-09-03,8,\na,2026-09-04,,\n",
}
NEW = {
    "transactions": "id,when,paid,line\n2,2026-09-30,6,1\n3,2026-10-01,7,1\n3,2026-10-01,7,2\n",
    "customers": "id,joined,age\n2,2026-01-02,30\n3,2026-10-01,40\n",
    "tickets": "id,opened,number,closed\na,2026-09-01,7,2026-10-05\na,2026-10-01,9,\na,2026-10-02,9,\n",
}
ROWS = st.lists(st.sampled_from(["1,2026-09-01,5,1", "1,2026-09-01,5,2", "2,2026-09-01,5,1", "2,2026-09-02,-5,"]))


def both_ways(shop: Shop, old: dict[str, str], new: dict[str, str], *sources: object) -> tuple[dict[str, bytes], ...]:
    """Tables of both folders at once, and of the newer one after the tables of the older one."""
    for folder, files in (("old", old), ("new", new)):
        for name, text in files.items():
            shop.write(f"{name}.csv", text, folder)
    shop.ingest(*sources, folders=("old", "new"))  # type: ignore[arg-type]
    at_once = tables(shop)
    shop.ingest(*sources, folders=("old",))  # type: ignore[arg-type]
    shutil.copytree(shop.data / "tables", shop.root / "history", dirs_exist_ok=True)
    shop.ingest(*sources, folders=("new",), history="history")  # type: ignore[arg-type]
    return at_once, tables(shop)


def tables(shop: Shop) -> dict[str, bytes]:
    """Each table, byte for byte."""
    return {path.name: path.read_bytes() for path in sorted((shop.data / "tables").iterdir())}


def test_a_history_gives_the_tables_of_all_exports_at_once(shop: Shop) -> None:
    """Repeated rows, order lines that only their number tells apart, superseded and contradicting keys, attributes."""
    at_once, one_by_one = both_ways(shop, OLD, NEW, *SOURCES)
    assert one_by_one == at_once
    assert shop.column("customer_id") == ["1", "1", "2", "3", "3"]
    assert [(row["age"], row["town"]) for row in shop.rows("customers")] == [(None, "Ash"), ("30", None), ("40", None)]
    assert shop.column("ticket_id", "tickets") == ["7", None]


@settings(max_examples=8, deadline=None)
@given(old=ROWS, new=ROWS)
def test_the_longer_side_decides_how_often_a_row_comes(
    old: list[str], new: list[str], tmp_path_factory: pytest.TempPathFactory, engine: Engine
) -> None:
    """Of rows that only an unmapped column tells apart, as many are kept as the history or the exports hold."""
    shop = Shop(tmp_path_factory.mktemp("copies"), engine)
    old, new = ["0,2026-01-01,1,1", *old], ["0,2026-01-01,1,1", *new]
    header = "id,when,paid,line\n"
    both_ways(shop, {"transactions": header + "\n".join(old)}, {"transactions": header + "\n".join(new)})

    def copies(lines: list[str], start: str) -> int:
        return len({line for line in lines if line.startswith(start)})

    for row in ("1,2026-09-01,5", "2,2026-09-01,5", "2,2026-09-02,-5"):
        who, when, paid = row.split(",")
        kept = [
            r for r in shop.rows() if (r["customer_id"], str(r["occurred_on"]), r["amount"]) == (who, when, int(paid))
        ]
        assert len(kept) == max(copies(old, row), copies(new, row))


def test_counts_say_what_came_from_the_history(shop: Shop) -> None:
    """Its rows are rows in; the line says how many."""
    both_ways(shop, OLD, NEW, *SOURCES)
    bought, people, asked = shop.ingest(*SOURCES, folders=("new",), history="history")
    assert bought.counts == {"rows_in": 6, "kept": 5, "set_aside": 0, "duplicates": 1}
    assert people.counts == {"rows_in": 4, "kept": 3, "set_aside": 0, "duplicates": 0, "superseded": 1}
    assert asked.counts == {"rows_in": 5, "kept": 2, "set_aside": 2, "duplicates": 0, "superseded": 1}
    assert bought.line("en").startswith("transactions: 6 rows in (3 of the history) = 5 kept + ")
    assert list(bought.files) == ["transactions.csv"]


def test_a_history_dilutes_no_share(shop: Shop) -> None:
    """One of two exported rows is broken: a history of a hundred good ones makes that no better."""
    old = HEADER + "".join(f"{number},2026-09-01,5\n" for number in range(100))
    both_ways(shop, {"transactions": old}, {"transactions": HEADER + "1,2026-10-01,5\n"})
    shop.write("transactions.csv", HEADER + "1,2026-10-01,5\n1,someday,5\n", "new")
    with pytest.raises(QuarantineError, match="transactions: 1 of 2 rows break the contract"):
        shop.ingest(folders=("new",), history="history", share=0.1)


def test_tables_that_no_source_feeds_are_left_alone(shop: Shop) -> None:
    """The exports at once wouldn't have given them either."""
    both_ways(shop, OLD, NEW, *SOURCES)
    shop.ingest(transactions(), folders=("new",), history="history")
    assert list(tables(shop)) == ["transactions.parquet"]


def without_amount(table: pa.Table) -> pa.Table:
    return table.drop_columns("amount")


def without_days(table: pa.Table) -> pa.Table:
    return table.drop_columns("occurred_on")


def amounts_as_floats(table: pa.Table) -> pa.Table:
    return table.set_column(3, "amount", table["amount"].cast(pa.float64()))


def one_column_more(table: pa.Table) -> pa.Table:
    return table.append_column("colour", pa.array(["red"] * len(table)))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (without_amount, "column 'amount' is missing"),
        (without_days, "column 'occurred_on' is missing"),
        (amounts_as_floats, "column 'amount' is double, not decimal128(18, 4)"),
        (one_column_more, "it has no column 'colour'"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_table_that_breaks_the_contract(shop: Shop, change: Callable[[pa.Table], pa.Table], said: str) -> None:
    """A table that ingest didn't write is refused before anything is read."""
    both_ways(shop, OLD, NEW, *SOURCES)
    path = shop.root / "history/transactions.parquet"
    pq.write_table(change(pq.read_table(path)), path)
    before = shop.everything()
    with pytest.raises(ExportError) as refused:
        shop.ingest(*SOURCES, folders=("new",), history="history")
    assert str(refused.value) == (
        f"{path}: isn't a table transactions as ingest writes it: {said}; name a folder that `churnml ingest` wrote, "
        "such as data/tables of the training"
    )
    assert shop.everything() == before


def test_a_folder_without_tables(shop: Shop) -> None:
    """A folder that holds other things, or isn't there, is no history."""
    shop.write("transactions.csv", HEADER + "1,2026-10-01,5\n")
    for folder in ("raw", "nowhere"):
        with pytest.raises(ExportError) as refused:
            shop.ingest(transactions(), contacts(), history=folder)
        assert str(refused.value) == (
            f"{shop.root / folder}: holds none of the tables transactions, contacts that make a history; name a folder "
            "that `churnml ingest` wrote, such as data/tables of the training"
        )


def test_a_table_that_is_no_parquet(shop: Shop) -> None:
    """What the library says about a broken file becomes one line."""
    path = shop.write("transactions.parquet", "PAR1 not really", "history")
    shop.write("transactions.csv", HEADER + "1,2026-10-01,5\n")
    with pytest.raises(ExportError) as refused:
        shop.ingest(history="history")
    assert str(refused.value).startswith(f"{path}: can't be read as Parquet; name a folder that ")


def test_the_report_says_which_history(shop: Shop) -> None:
    """Tables are made from exports and from a history, which is known by what it holds."""
    both_ways(shop, OLD, NEW, *SOURCES)
    made_from = read_json(shop.root / "report.json")["made_from"]
    assert made_from["history"] == digest(shop.root / "history")

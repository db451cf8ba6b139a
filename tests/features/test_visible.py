"""The as-of view: rows and cells that were known before as_of, and nothing else."""

from datetime import date

import pyarrow.parquet as pq
import pytest

import shelf
from churnml.contracts.columns import Column, Table
from churnml.contracts.tables import CONTACTS, CUSTOMERS
from churnml.features.visible import visible


def view(engine, folder, table, text, as_of, **how):
    path = shelf.write_tables(folder, {table.name: text}) / f"{table.name}.parquet"
    columns = pq.read_schema(path).names
    engine.run(visible(table, columns, as_of, **{"reach_days": 3650, **how}), {table.name: path}, folder / "seen")
    return pq.read_table(folder / "seen").to_pylist()


@pytest.mark.parametrize(
    ("as_of", "seen"),
    [
        ("2024-02-01", []),
        ("2024-02-02", [None]),
        ("2024-02-05", [None]),
        ("2024-02-06", ["yes"]),
    ],
)
def test_a_row_and_its_later_cells_appear_on_the_day_after_they_were_known(engine, tmp_path, as_of, seen):
    """A contact of the 1st answered on the 5th is a row from the 2nd on, and an answer from the 6th on."""
    rows = view(
        engine,
        tmp_path,
        CONTACTS,
        "customer_id contacted_at action answer answered_at\nann 2024-02-01 mail yes 2024-02-05",
        date.fromisoformat(as_of),
    )
    assert [row["answer"] for row in rows] == seen
    assert [row["answered_on"] is not None for row in rows] == [answer is not None for answer in seen]
    assert [row["answered_at"] is not None for row in rows] == [answer is not None for answer in seen]


def test_current_columns_arent_in_the_view(engine, tmp_path):
    """Columns without a history aren't there, unless declared timeless."""
    people = "customer_id signed_up_at plan town\nann 2024-01-01 gold Ash"
    assert set(view(engine, tmp_path, CUSTOMERS, people, shelf.AS_OF)[0]) == {
        "customer_id",
        "signed_up_at",
        "signed_up_on",
    }
    assert view(engine, tmp_path, CUSTOMERS, people, shelf.AS_OF, timeless=["plan"])[0]["plan"] == "gold"


def test_a_cell_whose_moment_isnt_exported_stays_invisible(engine, tmp_path):
    """An answer without the day on which it came can't be dated, so nobody sees it."""
    rows = view(
        engine, tmp_path, CONTACTS, "customer_id contacted_at action answer\nann 2024-02-01 mail yes", shelf.AS_OF
    )
    assert list(rows[0]) == ["customer_id", "contacted_at", "contacted_on", "action"]


def test_a_contract_must_say_when_a_cell_is_known():
    """A column known at a time that its table doesn't have is a mistake in the contract, found before any SQL runs."""
    table = Table("visits", "visit", (Column("result", "text", "", known="left_at"),))
    with pytest.raises(ValueError, match=r"visits.result: known at 'left_at', which the table doesn't have"):
        visible(table, ["result"], shelf.AS_OF, reach_days=28)


def test_rows_from_before_the_reach_are_left_out(engine, tmp_path):
    """The reach is half-open like any window: the day 28 days before as_of is the first one that is seen."""
    text = "customer_id contacted_at action\nann 2024-02-02 call\nann 2024-02-01 mail"
    seen = view(engine, tmp_path, CONTACTS, text, date(2024, 3, 1), reach_days=28)
    assert [row["action"] for row in seen] == ["call"]

"""Another future: what was known before as_of stays, all else is gone, other, or more."""

import pyarrow.parquet as pq
import pytest

import shelf
from churnml.contracts.tables import TABLES
from churnml.features.proof.mutate import KINDS, mutated

CONTACTS = """
    customer_id  contacted_at  action  answered_at  answer
    ann          2024-02-01    mail    2024-02-10   yes
    bob          2024-02-02    mail    2024-03-05   no
    cat          2024-02-03    mail    -            -
    ann          2024-03-01    call    2024-03-02   yes
"""
CUSTOMERS = """
    customer_id  signed_up_at  plan   town
    ann          2024-02-01    basic  Ash
    bob          2024-03-09    pro    Elm
"""


@pytest.fixture
def other(tmp_path, engine):
    """Called with a table and what is done to its future: its rows, times as days."""

    def rows(name, text, kind, timeless=None):
        shelf.write_tables(tmp_path, {name: text})
        path = tmp_path / f"{name}.parquet"
        columns = pq.read_schema(path).names
        engine.run(mutated(TABLES[name], columns, shelf.AS_OF, kind, timeless or {}), {name: path}, tmp_path / "other")
        out = pq.read_table(tmp_path / "other")
        assert out.schema.names == columns
        return out.to_pylist()

    return rows


def told(rows, *names):
    return [tuple(str(row[name]) for name in names) for row in rows]


def test_deleted(other):
    """Rows from as_of on are gone, and so are answers that came later."""
    rows = other("contacts", CONTACTS, "deleted")
    assert told(rows, "customer_id", "contacted_on", "answered_on", "answer") == [
        ("ann", "2024-02-01", "2024-02-10", "yes"),
        ("bob", "2024-02-02", "None", "None"),
        ("cat", "2024-02-03", "None", "None"),
    ]


def test_scrambled(other):
    """Later rows are somebody's, later still and with other words; later answers of older rows are others, too."""
    rows = other("contacts", CONTACTS, "scrambled")
    older, (call,) = rows[:3], rows[3:]
    assert told(older, "customer_id", "contacted_on", "action") == [
        ("ann", "2024-02-01", "mail"),
        ("bob", "2024-02-02", "mail"),
        ("cat", "2024-02-03", "mail"),
    ]
    assert (str(older[0]["answered_on"]), older[0]["answer"]) == ("2024-02-10", "yes")
    assert older[1]["answered_on"] > shelf.AS_OF
    assert older[1]["answer"].startswith("other ")
    assert call["contacted_on"] > shelf.AS_OF
    assert call["action"].startswith("other ")


def test_added_to(other):
    """Everybody gets rows at the midnight of as_of, twice, and later; who hadn't answered has now, on that day."""
    rows = other("contacts", CONTACTS, "added to")
    assert len(rows) == 4 + 3 * 3
    assert told(rows[:4], "contacted_on", "answered_on") == [
        ("2024-02-01", "2024-02-10"),
        ("2024-02-02", "2024-03-01"),
        ("2024-02-03", "2024-03-01"),
        ("2024-03-01", "2024-03-01"),
    ]
    assert sorted(told(rows[4:], "customer_id", "contacted_at")) == sorted(
        (name, day)
        for name in ("ann", "bob", "cat")
        for day in ("2024-03-01 00:00:00", "2024-03-01 00:00:00", "2024-09-17 00:00:00")
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_column_without_a_history_is_the_futures(other, kind):
    """Plan and town show today's value, so all of them change; a town that never changes stays if it was declared."""
    rows = other("customers", CUSTOMERS, kind, timeless={"town": "category"})
    assert told(rows, "customer_id", "town") == [("ann", "Ash"), ("bob", "Elm")]
    assert not {row["plan"] for row in rows} & {"basic", "pro"}
    assert str(rows[0]["signed_up_on"]) == "2024-02-01"
    assert str(rows[1]["signed_up_on"]) != "2024-03-09"


def test_a_day_that_an_attribute_holds_is_the_futures_from_as_of_on(other):
    """What was known before as_of stays; a later day is gone, later, or on as_of, and so may a day come that isn't set."""
    people = "customer_id onboarded\nann 2024-02-29\nbob 2024-03-01\ncat -"
    rows = {kind: other("customers", people, kind, {"onboarded": "date"}) for kind in KINDS}
    assert {kind: row["onboarded"] for kind, (row, *_) in rows.items()} == dict.fromkeys(KINDS, "2024-02-29")
    assert told(rows["deleted"][1:], "onboarded") == [("None",), ("None",)]
    assert told(rows["added to"][1:], "onboarded") == [("2024-03-01",), ("2024-03-01",)]
    assert all(row["onboarded"] >= "2024-03-01" for row in rows["scrambled"][1:])

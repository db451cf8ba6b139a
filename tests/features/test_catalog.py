"""The catalog says of every feature what it is, and of nothing else."""

import json
import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import shelf
from churnml.config import Features
from churnml.config.panel import FAMILIES
from churnml.contracts.files import PANEL_KEYS
from churnml.contracts.tables import TABLES as CONTRACT
from churnml.errors import DataError
from churnml.features import catalog, families
from churnml.features.catalog import told
from churnml.features.preset import small

DOCUMENT = Path(__file__).parents[2] / "docs/features.md"
TABLES = {"transactions": ["customer_id", "occurred_on", "amount"], "customers": ["customer_id"]}


def test_one_entry_per_feature_in_the_order_of_the_panel(finished):
    """The panel's columns are its keys and then the catalog, entry by entry."""
    entries = json.loads((finished.panel / "catalog.json").read_text(encoding="utf-8"))
    panel = pq.read_schema(finished.panel / "snapshots.parquet")
    assert panel.names == [*PANEL_KEYS.names, *(entry["name"] for entry in entries)]
    types = {entry["kind"]: {str(panel.field(entry["name"]).type)} for entry in entries}
    assert types == {"number": {"double"}, "category": {"string"}}


def test_every_entry_speaks_both_languages_and_names_its_unit(finished):
    """Meaning in English and Chinese, unit, cause and source are there, and no two features mean the same."""
    entries = json.loads((finished.panel / "catalog.json").read_text(encoding="utf-8"))
    for entry in entries:
        assert all(entry[key] for key in ("unit", "cause", "source", "family", "table"))
        assert any("一" <= letter <= "鿿" for letter in entry["meaning"]["zh-CN"])
    for language in ("en", "zh-CN"):
        assert len({entry["meaning"][language] for entry in entries}) == len(entries)


def test_units_are_in_the_names_of_windows(finished):
    """A feature over a window carries the window in its name."""
    for entry in json.loads((finished.panel / "catalog.json").read_text(encoding="utf-8")):
        if entry["window_days"]:
            assert f"_{entry['window_days']}d" in entry["name"]


def test_auto_takes_the_families_that_have_something_to_read():
    """A table that isn't there, or holds no column that a family needs, costs the family and nothing else."""
    assert [family.name for family in families(Features(), TABLES)] == ["rfm", "rhythm", "trend", "lifecycle"]


def test_named_families_keep_the_fixed_order():
    """The order of features doesn't depend on how params.yaml lists them."""
    chosen = families(Features(families=("lifecycle", "rfm")), TABLES)
    assert [family.name for family in chosen] == ["rfm", "lifecycle"]
    assert {entry["family"] for entry in catalog(chosen)} == {"rfm", "lifecycle"}


def every_column(table):
    """Names of the columns that a table can have, local days included."""
    days = [column.day for column in table.columns if column.kind == "time"]
    return [*(column.name for column in table.columns), *days]


def test_every_family_there_is():
    """With all tables and columns every family is computed, and params.yaml can name each, in the same order."""
    chosen = families(Features(), {name: every_column(table) for name, table in CONTRACT.items()})
    assert tuple(family.name for family in chosen) == FAMILIES
    entries = catalog(chosen)
    assert len({entry["name"] for entry in entries}) == len(entries)
    for language in ("en", "zh-CN"):
        assert len({entry["meaning"][language] for entry in entries}) == len(entries)
    for entry in entries:
        assert all(entry[key] for key in ("unit", "cause", "source", "family", "table"))
        assert any("一" <= letter <= "鿿" for letter in entry["meaning"]["zh-CN"])
        assert not entry["window_days"] or f"_{entry['window_days']}d" in entry["name"]


OTHERS = {
    "activity": ("activity", "customer_id occurred_at event\nann 2024-02-02 login"),
    "tickets": ("service", "customer_id opened_at resolved_at satisfaction\nann 2024-02-02 - 1"),
    "surveys": ("satisfaction", "customer_id answered_at score\nann 2024-02-02 9"),
    "subscriptions": ("subscription", "customer_id started_at renews_at\nann 2024-02-02 2024-03-02"),
    "contacts": ("contacts", "customer_id contacted_at action\nann 2024-02-02 call"),
    "cancellations": (None, "customer_id cancelled_at reason\nann 2024-02-02 price"),
}


@pytest.mark.parametrize("table", OTHERS)
def test_a_table_brings_its_family_and_changes_no_other_feature(at, table):
    """Cancellations bring none: they are what is predicted, and what they say is told beside the catalog."""
    family, text = OTHERS[table]
    bought = "customer_id occurred_at amount\nann 2024-02-01 10"
    alone = at(transactions=bought)["ann"]
    more = at(transactions=bought, **{table: text})["ann"]
    assert repr({name: more[name] for name in alone} | {"contacted": None}) == repr(alone)
    columns = {name: shelf.table(name, rows).column_names for name, (_, rows) in OTHERS.items()}
    brought = [
        feature.name
        for one in families(Features(windows_days=(7, 28)), columns)
        for feature in one.features
        if one.name == family
    ]
    beside = [feature.name for one in told(columns) for feature in one.features if one.table == table]
    assert [name for name in more if name not in alone] == [*brought, *beside]


@pytest.mark.parametrize("name", ["contacts", "profile"])
def test_a_family_that_cant_be_computed_is_refused(name):
    """What was asked for by name is never left out silently."""
    with pytest.raises(DataError) as refused:
        families(Features(families=("rfm", name)), TABLES)
    assert str(refused.value) == (
        f"features.families: '{name}' has no table or column to read; remove it or add its source"
    )


@pytest.mark.parametrize("windows", [(7, 14, 28, 56, 112), (30, 90), (14,)])
def test_the_small_preset_takes_entries_that_there_are(windows):
    """About thirty, all of them known to the full one; attributes come on top, and what isn't there is no error."""
    tables = {name: every_column(table) for name, table in CONTRACT.items()}
    how = {"windows_days": windows, "history_days": 3 * windows[-1], "profile": {"town": "category"}}
    every, few = (
        {entry["name"] for entry in catalog(families(Features(**how, preset=preset), tables | {"customers": ["town"]}))}
        for preset in ("full", "small")
    )
    assert few < every
    assert few - small(windows) == {"profile_town"}
    assert small(windows) <= every
    alone = families(Features(preset="small"), {"transactions": ["customer_id", "occurred_on", "amount"]})
    assert [family.name for family in alone] == ["rfm", "rhythm", "trend"]


BOUGHT_FAMILIES = ["rfm", "rhythm", "trend", "lifecycle"]
ALL_TABLES = {name: every_column(table) for name, table in CONTRACT.items()}


@pytest.mark.parametrize(
    ("tables", "there"),
    [
        (["transactions"], ["rfm", "rhythm", "trend", "breadth", "lifecycle"]),
        (["subscriptions"], ["subscription"]),
        (["subscriptions", "activity", "tickets", "cancellations"], ["activity", "service", "subscription"]),
        (["customers", "surveys"], ["satisfaction", "profile"]),
        (
            ["transactions", "customers", "contacts"],
            ["rfm", "rhythm", "trend", "breadth", "lifecycle", "contacts", "profile"],
        ),
        (list(CONTRACT), list(FAMILIES)),
    ],
)
def test_exactly_the_families_of_the_tables_that_are_there(tables, there):
    """One table, one family; transactions have five; who cancelled is what is predicted."""
    for preset in ("full", "small"):
        chosen = families(Features(preset=preset), {name: ALL_TABLES[name] for name in tables})
        named = [family.name for family in chosen]
        assert named == (there if preset == "full" else [name for name in there if name in named])
    assert {
        entry["family"] for entry in catalog(families(Features(), {name: ALL_TABLES[name] for name in tables}))
    } == set(there)


def test_columns_that_are_missing_cost_their_entries_alone():
    """Without product, category and channel there is no breadth, without a sign-up no profile."""
    assert [family.name for family in families(Features(), TABLES)] == BOUGHT_FAMILIES


def test_every_signal_of_the_document_is_an_entry():
    """docs/features.md names entries of the default windows in its first table, and each of them exists."""
    known = {entry["name"] for entry in catalog(families(Features(), ALL_TABLES))}
    carried, _, rest = DOCUMENT.read_text(encoding="utf-8").partition("Not carried:")
    rows = [line for line in carried.splitlines() if line.startswith("| ") and not line.startswith("| **")]
    named = {name for row in rows for name in re.findall(r"`([a-z0-9_]+)`", row.split("|")[2])}
    assert len(named) > 50
    assert named <= known
    assert {"contracts_ended_112d", "auto_renew_off_days"} <= set(re.findall(r"`([a-z0-9_]+)`", rest)) & known

"""The catalog says of every feature what it is, and of nothing else."""

import json

import pyarrow.parquet as pq
import pytest

from churnml.config import Features
from churnml.contracts.files import PANEL_KEYS
from churnml.errors import DataError
from churnml.features import catalog, families

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


def test_a_table_without_a_family_changes_no_feature(at):
    """Tickets, contracts and their like are kept for families to come; until then the snapshots are the same."""
    bought = "customer_id occurred_at amount\nann 2024-02-01 10"
    alone = repr(at(transactions=bought))
    with_others = at(
        transactions=bought,
        activity="customer_id occurred_at event\nann 2024-02-02 login",
        tickets="customer_id opened_at resolved_at satisfaction\nann 2024-02-02 - 1",
        surveys="customer_id answered_at score\nann 2024-02-02 9",
        subscriptions="customer_id started_at renews_at\nann 2024-02-02 2024-03-02",
        cancellations="customer_id cancelled_at reason\nann 2024-02-02 price",
    )
    assert repr(with_others) == alone


@pytest.mark.parametrize("name", ["contacts", "profile"])
def test_a_family_that_cant_be_computed_is_refused(name):
    """What was asked for by name is never left out silently."""
    with pytest.raises(DataError) as refused:
        families(Features(families=("rfm", name)), TABLES)
    assert str(refused.value) == (
        f"features.families: '{name}' has no table or column to read; remove it or add its source"
    )

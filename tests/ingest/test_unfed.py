"""Sources that find no file: in scoring it depends on whether anything needs their table."""

import json

import pytest

from churnml.bundle import ModelBundle
from churnml.contracts.files import House
from churnml.errors import ExportError
from intake import HEADER, Shop, contacts, transactions

WEB = transactions(path="web*.csv")
NEEDS = {"transactions": ["churn.events", "features (rfm)"]}


@pytest.fixture
def bought(shop: Shop) -> Shop:
    """A folder that holds transactions and nothing else."""
    shop.write("transactions.csv", HEADER + "1,2026-10-01,5\n")
    return shop


def without_file(shop: Shop) -> list[str]:
    """What the report says about sources without a file."""
    said: list[str] = json.loads((shop.root / "report.json").read_text())["sources_without_file"]
    return said


def test_a_table_that_nothing_needs_may_be_missing(bought: Shop) -> None:
    """No contacts this month, and no feature reads them: there is no table, and the report says so."""
    assert [profile.table for profile in bought.ingest(transactions(), contacts(), needs=NEEDS)] == ["transactions"]
    assert without_file(bought) == [
        f"contacts: no file in {bought.raw} matches 'contacts*.csv'; files there: transactions.csv; the table isn't "
        "needed to score"
    ]
    assert [path.name for path in (bought.data / "tables").iterdir()] == ["transactions.parquet"]


def test_another_source_may_feed_the_table(bought: Shop) -> None:
    """One of the two shops sold nothing."""
    bought.ingest(transactions(), WEB, needs=NEEDS)
    assert without_file(bought) == [
        f"transactions: no file in {bought.raw} matches 'web*.csv'; files there: transactions.csv; the table comes from "
        "elsewhere"
    ]


def test_a_history_may_hold_the_table(bought: Shop) -> None:
    """Nobody was contacted in October, but before."""
    bought.write("contacts.csv", "id,sent,what\n1,2026-09-01,mail\n", "old")
    bought.write("transactions.csv", HEADER + "1,2026-09-01,5\n", "old")
    bought.ingest(transactions(), contacts(), folders=("old",))
    (bought.data / "tables").rename(bought.root / "history")
    bought.ingest(transactions(), contacts(), history="history", needs={"contacts": ["features (contacts)"]})
    assert len(without_file(bought)) == 1
    assert bought.column("action", "contacts") == ["mail"]


def test_a_table_that_is_needed_is_missed(bought: Shop) -> None:
    """The line names the source, the table, and what needs it; nothing is written."""
    with pytest.raises(ExportError) as refused:
        bought.ingest(contacts(), WEB, needs=NEEDS | {"contacts": ["features (contacts)"]})
    assert str(refused.value) == (
        f"contacts: no file in {bought.raw} matches 'contacts*.csv'; files there: transactions.csv; the table is needed by "
        "features (contacts): put the export there, or name tables that hold it by --history"
    )
    assert bought.everything() == {}


def test_training_is_strict(bought: Shop) -> None:
    """There, a source that finds nothing is a mistake, whoever else feeds the table."""
    with pytest.raises(
        ExportError, match=r"transactions: no file in .* matches 'web\*\.csv'; .*; put the export there or"
    ):
        bought.ingest(transactions(), WEB)


def test_what_a_bundle_needs(finished: House) -> None:
    """Events say who can leave, families read their tables, lists show columns of customers."""
    assert ModelBundle.load(finished.bundle).needs == {
        "transactions": [
            "churn.events", "features (rfm)", "features (rhythm)", "features (trend)", "features (lifecycle)",
        ],
        "contacts": ["features (contacts)"],
        "customers": ["features (profile)", "score.keep", "score.pii", "features.profile"],
    }  # fmt: skip

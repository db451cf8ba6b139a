"""In which condition tables are at an as_of, by hand."""

from datetime import date

import pytest

import shelf
from churnml.config import Churn, Features
from churnml.features import condition


@pytest.fixture
def found(tmp_path, engine):
    """The condition at 2024-03-01 of a shop whose visits go on for four days after its orders."""
    churn = Churn(horizon_days=28, active_within_days=56)
    folder = shelf.write_tables(
        tmp_path / "tables",
        {
            "transactions": """
                customer_id occurred_at amount
                ann 2024-01-01  10
                ann 2024-01-11  10
                ann 2024-02-29  10
                bob 2024-02-20  10""",
            "activity": """
                customer_id occurred_at event
                ann 2024-02-10 visit
                ann 2024-03-04 visit""",
            "contacts": """
                customer_id contacted_at action
                ann 2024-03-09 call""",
        },
    )
    shelf.snapshots(folder, engine, churn=churn, split="score")
    return condition(
        tables=folder,
        churn=churn,
        params=Features(),
        engine=engine,
        snapshots=folder / "snapshots.out",
        as_of=shelf.AS_OF,
        work=tmp_path,
    )


def test_last_days_are_of_what_was_known(found):
    """Ann's visit in March isn't known on 1 March."""
    assert found.last_days == {
        "transactions": date(2024, 2, 29),
        "activity": date(2024, 2, 10),
        "contacts": None,
    }


def test_later_is_what_customers_did_after_the_day(found):
    """Visits go on until 4 March; that we called in March tells nothing about the exports of customers."""
    assert found.later == {"activity": date(2024, 3, 4)}


def test_volumes_are_per_customer_and_day(found):
    """Two orders and one visit in 28 days, of two customers."""
    assert found.volumes == {"transactions": round(2 / 56, 6), "activity": round(1 / 56, 6)}


def test_gaps_are_of_what_was_known(found):
    """From 12 January to 19 February nobody bought; of visits there is one day only."""
    assert found.gaps == {"transactions": (39, date(2024, 1, 12))}

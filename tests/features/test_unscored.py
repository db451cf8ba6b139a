"""Who gets no risk, and why: nobody is left out without a word."""

import pytest

import shelf
from churnml.config import Churn
from churnml.features import unscored

SHOP = Churn(horizon_days=28, active_within_days=56)
CONTRACTS = Churn(definition="cancellation", horizon_days=28, events=())


@pytest.fixture
def aside(tmp_path, engine):
    """Called with a definition and tables: customer -> reason and last day, at 2024-03-01."""

    def of(churn, **tables):
        folder = shelf.write_tables(tmp_path / "tables", tables)
        shelf.write_tables(folder, {"contacts": "customer_id contacted_at action\nann 2024-02-01 call"})
        shelf.snapshots(folder, engine, churn=churn, split="score")
        rows = unscored(
            tables=folder,
            churn=churn,
            engine=engine,
            snapshots=folder / "snapshots.out",
            as_of=shelf.AS_OF,
            work=tmp_path,
        )
        return {row["customer_id"]: (row["reason"], str(row["last_seen"])) for row in rows.to_pylist()}

    return of


def test_reasons_where_leaving_is_silence(aside):
    """Ann buys; bob's last purchase is too long ago; cat only comes later; dan is new, eve isn't, and neither bought."""
    found = aside(
        SHOP,
        transactions="""
            customer_id occurred_at amount
            ann 2024-02-20  10
            bob 2024-01-01  10
            cat 2024-03-01  10""",
        customers="""
            customer_id signed_up_at
            ann 2023-01-01
            dan 2024-02-01
            eve 2023-02-01
            fay -""",
    )
    assert found == {
        "bob": ("already_gone", "2024-01-01"),
        "cat": ("too_new", "None"),
        "dan": ("too_new", "None"),
        "eve": ("no_history", "None"),
        "fay": ("no_history", "None"),
    }


def test_a_refund_is_no_sign_of_life(aside):
    """Bob bought long ago and returned something lately: gone since the purchase. Cat only ever returned something."""
    found = aside(
        SHOP,
        transactions="""
            customer_id occurred_at amount
            ann 2024-02-20  10
            bob 2024-01-01  10
            bob 2024-02-20 -10
            cat 2024-02-20 -10""",
    )
    assert found == {"bob": ("already_gone", "2024-01-01"), "cat": ("no_history", "None")}


def test_reasons_where_leaving_is_a_cancellation(aside):
    """Ann's contract runs, bob's ended, cat cancelled, dan's begins later, eve never had one."""
    found = aside(
        CONTRACTS,
        subscriptions="""
            customer_id started_at ended_at
            ann 2023-01-01 -
            bob 2023-01-01 2024-01-15
            cat 2023-01-01 -
            dan 2024-03-10 -""",
        cancellations="""
            customer_id cancelled_at
            cat 2024-02-10""",
        customers="""
            customer_id region
            eve north""",
    )
    assert found == {
        "bob": ("already_gone", "2024-01-15"),
        "cat": ("cancelled", "2024-02-10"),
        "dan": ("too_new", "None"),
        "eve": ("no_history", "None"),
    }


def test_what_comes_later_is_unknown(aside):
    """A cancellation after as_of says nothing yet: ann is scored."""
    tables = {
        "subscriptions": "customer_id started_at\nann 2023-01-01",
        "cancellations": "customer_id cancelled_at\nann 2024-03-01",
    }
    assert aside(CONTRACTS, **tables) == {}

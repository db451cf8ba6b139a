"""Customers compared with each other, as of a midnight."""

import pyarrow.parquet as pq
import pytest

import shelf
from churnml.config import Churn, Features
from churnml.features import write_peers

CHURN = Churn(horizon_days=28, active_within_days=60)
BOUGHT = """
    customer_id  occurred_at  amount
    ann          2024-01-10   10
    ann          2024-02-09   20
    ann          2024-02-09   5
    ann          2024-02-19   -8
    ann          2024-03-01   999
    bob          2024-02-25   40
    gone         2023-11-01   10
    gone         2023-12-01   10
"""


@pytest.fixture
def peers(tmp_path, engine):
    """Called with tables, and how: their peers at 2024-03-01, by customer."""

    def written(churn=CHURN, params=shelf.FEATURES, **tables):
        folder, out = shelf.write_tables(tmp_path / "tables", tables), tmp_path / "peers"
        how = {"churn": churn, "params": params, "engine": engine, "as_of": shelf.AS_OF}
        write_peers(tables=folder, **how, work=tmp_path, out=out)
        return {row["customer_id"]: row for row in pq.read_table(out).to_pylist()}

    return written


def test_what_is_compared_by_hand(peers):
    """Ann bought on two days, first 51 days ago, last 21; her refund is no purchase; what she buys on as_of isn't seen."""
    ann = peers(transactions=BOUGHT)["ann"]
    shown = ("recency_days", "purchase_days", "spend", "age_days")
    assert [ann[name] for name in shown] == [21, 2, 27, 51]


def test_scores_are_fifths_of_the_population(peers):
    """Of two customers, one is below and one above the middle; who is gone isn't compared, and has no row."""
    found = peers(transactions=BOUGHT)
    assert {name: (row["r"], row["f"], row["m"]) for name, row in found.items()} == {"ann": (2, 4, 2), "bob": (4, 2, 4)}


def test_bg_nbd_learns_from_the_gone_as_well(peers):
    """The fit sees all customers of the reach: without the gone one the chances are others."""
    silent = peers(transactions=BOUGHT)["ann"]["silent"]
    assert 0 < silent < 1
    assert peers(transactions=BOUGHT, params=Features(windows_days=(7, 28), history_days=60))["ann"]["silent"] != silent


def test_who_never_bought_scores_lowest_and_never_comes(peers):
    """With other events than purchases, somebody without one is silent for all the reach of features."""
    found = peers(
        churn=CHURN.model_copy(update={"events": ("transactions", "activity")}),
        transactions=BOUGHT,
        activity="customer_id occurred_at event\neve 2024-02-28 login",
    )
    eve = found["eve"]
    assert (eve["recency_days"], eve["purchase_days"], eve["spend"], eve["age_days"]) == (3650, 0, 0, 0)
    assert (eve["r"], eve["f"], eve["m"], eve["silent"]) == (1, 1, 1, 1)


def test_without_transactions_nobody_is_compared(peers):
    """Contracts alone say nothing of recency, frequency and money."""
    cancelling = Churn(definition="cancellation", horizon_days=28)
    assert peers(churn=cancelling, subscriptions="customer_id started_at ended_at\nann 2024-01-01 -") == {}

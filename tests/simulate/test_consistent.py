"""The exports of a clean world don't contradict each other."""

import duckdb
import pytest

from churnml.adapters.duckdb import DuckDBEngine
from churnml.config import read_params
from churnml.contracts.files import House
from churnml.contracts.tables import TABLES
from churnml.pipeline import run_ingest
from churnml.simulate import simulate, world_of

CONTRADICTIONS = {
    "something happened before the sign-up": " UNION ALL ".join(
        f"SELECT customer_id FROM {table.name} JOIN customers USING (customer_id) WHERE {table.time} < signed_up_at"
        for table in TABLES.values()
        if table.time and table.name != "subscriptions"
    ),
    "two contracts run at once": """
        SELECT 1 FROM subscriptions AS one JOIN subscriptions AS other USING (customer_id)
        WHERE one.subscription_id < other.subscription_id AND one.started_at < coalesce(other.ended_at, '2100-01-01')
            AND other.started_at < coalesce(one.ended_at, '2100-01-01')""",
    "a contract ends before it starts": "SELECT 1 FROM subscriptions WHERE ended_at <= started_at",
    "an invoice without a contract": """
        SELECT 1 FROM transactions WHERE channel = 'invoice' AND NOT EXISTS (
            SELECT 1 FROM subscriptions WHERE subscriptions.customer_id = transactions.customer_id
            AND occurred_on >= started_on AND (ended_on IS NULL OR occurred_on < ended_on))""",
    "a month of a running contract without an invoice": """
        SELECT 1 FROM subscriptions AS runs WHERE ended_on IS NULL AND NOT EXISTS (
            SELECT 1 FROM transactions WHERE transactions.customer_id = runs.customer_id AND channel = 'invoice'
            AND occurred_on > (SELECT max(occurred_on) FROM transactions) - 32)""",
    "the CRM knows another plan than the running contract": """
        SELECT 1 FROM customers JOIN subscriptions USING (customer_id) WHERE ended_at IS NULL AND customers.plan <> subscriptions.plan""",
    "notice without a contract": """
        SELECT 1 FROM cancellations WHERE NOT EXISTS (
            SELECT 1 FROM subscriptions WHERE subscriptions.customer_id = cancellations.customer_id
            AND started_on <= cancelled_on AND (ended_on IS NULL OR ended_on >= cancelled_on))""",
    "solved before answered, or answered before opened": """
        SELECT 1 FROM tickets WHERE first_response_at < opened_at OR resolved_at < first_response_at""",
    "an answer before the contact, or of somebody who was left alone": """
        SELECT 1 FROM contacts WHERE answered_at < contacted_at OR (arm = 'holdout' AND answered_at IS NOT NULL)""",
    "rows of nobody in the CRM": " UNION ALL ".join(
        f"SELECT customer_id FROM {name} ANTI JOIN customers USING (customer_id)"
        for name in TABLES
        if name != "customers"
    ),
}


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """The canonical tables of a company with a shop and contracts."""
    house = House(tmp_path_factory.mktemp("consistent") / "w")
    simulate(house.root, world_of("both"), customers=2000, seed=7)
    run_ingest(read_params(house.params), house, DuckDBEngine("1GB"))
    con = duckdb.connect()
    for path in house.tables.glob("*.parquet"):
        con.sql(f"CREATE VIEW {path.stem} AS SELECT * FROM '{path}'")
    return con


@pytest.mark.parametrize("contradiction", CONTRADICTIONS)
def test_no_contradiction(tables, contradiction):
    """No row of the exports contradicts another one."""
    assert tables.sql(f"SELECT count(*) FROM ({CONTRADICTIONS[contradiction]})").fetchall() == [(0,)]

"""What snapshots are judged by."""

from datetime import date

import pyarrow.parquet as pq
import pytest

from churnml.features import snapshot, write_context
from churnml.features.context import context
from churnml.features.history import columns_of, table_paths
from churnml.features.query import snapshot_sql
from shelf import AS_OF, CHURN, FEATURES, write_tables

SALES = """
    customer_id occurred_at amount
    ann         2024-02-01  5
    ann         2024-02-02  20
    ann         2024-02-29  1
    ann         2024-03-01  7
    ann         2024-03-28  30
    ann         2024-03-20  -4
    ann         2024-03-29  500
    bob         2024-01-05  9"""


@pytest.fixture
def tables(tmp_path):
    return write_tables(tmp_path / "tables", {"transactions": SALES})


def test_what_was_spent_before_and_after(tables, engine, tmp_path):
    """28 days before as_of, from 2 February; 28 from it on, until 28 March; refunds taken off; nothing is nothing."""
    paths = table_paths(tables)
    engine.run(
        snapshot_sql(columns_of(paths), CHURN, FEATURES, as_of=AS_OF, split="train"), paths, tmp_path / "s.parquet"
    )
    told = context(
        paths, columns_of(paths), CHURN, (), engine, snapshots=tmp_path / "s.parquet", as_of=AS_OF, work=tmp_path
    )
    assert told.select(["customer_id", "spend_before", "spend_after"]).to_pylist() == [
        {"customer_id": "ann", "spend_before": 21.0, "spend_after": 33.0},
        {"customer_id": "bob", "spend_before": 0.0, "spend_after": 0.0},
    ]


def test_who_is_scored_has_a_past_and_no_future(tables, engine, tmp_path):
    """For how long a customer and how long silent, by days before as_of alone."""
    rows, out = tmp_path / "s.parquet", tmp_path / "context.parquet"
    how = {"tables": tables, "churn": CHURN, "engine": engine, "work": tmp_path, "as_of": date(2024, 3, 29)}
    snapshot(**how, params=FEATURES.model_copy(update={"history_days": 60}), out=rows)
    write_context(**how, private=(), snapshots=rows, out=out)
    told = pq.read_table(
        out, columns=["customer_id", "tenure_days", "silent_days", "left_on", "spend_after"]
    ).to_pylist()
    assert [tuple(each.values()) for each in told] == [("ann", 57, 1, None, None), ("bob", 84, 84, None, None)]

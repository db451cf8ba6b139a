"""Days with transactions, computed once for several cutoffs: each sees what it would see alone."""

from datetime import date

import pyarrow.parquet as pq
import pytest

import shelf
from churnml.features.days import days, visible_days
from churnml.features.history import columns_of, table_paths
from churnml.features.query import prepare, snapshot_sql

LINES = """
    customer_id  occurred_at  amount
    ann          2024-01-10   5
    ann          2024-02-01   10
    ann          2024-02-01   -4
    ann          2024-02-05   -10
    ann          2024-02-20   0
    ann          2024-03-05   7
    bob          2024-02-20   8
"""


@pytest.fixture
def paths(tmp_path):
    """Called with transactions: their paths."""

    def written(transactions=LINES):
        return table_paths(shelf.write_tables(tmp_path / "tables", {"transactions": transactions}))

    return written


def test_a_day_is_one_row_and_knows_the_purchase_day_before(paths, engine, tmp_path):
    """A refund is money, no purchase; the purchase day before counts only if features reach back to it."""
    sql = days("transactions", ["amount"], ["spend + bought"])
    cells = "customer_id, day, purchases, spend, bought, age, bought_on, bought_ago, before, gap, silence"
    seen = visible_days(f"({sql}) AS days", date(2024, 3, 1), 40, ["silence"])
    seen = f"SELECT {cells} FROM ({seen}) AS seen"
    engine.run(f"{seen} ORDER BY customer_id, day", paths(), tmp_path / "out")
    rows = [tuple(row.values()) for row in pq.read_table(tmp_path / "out").to_pylist()]
    assert rows == [
        ("ann", date(2024, 2, 1), 1, 6, 10, 29, date(2024, 2, 1), 29, None, None, 10),
        ("ann", date(2024, 2, 5), 0, -10, None, 25, None, None, None, None, 10),
        ("ann", date(2024, 2, 20), 1, 0, 0, 10, date(2024, 2, 20), 10, date(2024, 2, 1), 19, 10),
        ("bob", date(2024, 2, 20), 1, 8, 8, 10, date(2024, 2, 20), 10, None, None, 10),
    ]


def test_cells_that_nobody_reads_are_not_computed():
    """Different orders of a day are dear to count, and silence is dear to pass on to all days."""
    assert "silence" not in visible_days("days", date(2024, 3, 1), 40, ["max(gap)"])
    assert "order_id" not in days("transactions", ["amount", "order_id"], ["sum(spend)"])
    assert "order_id" in days("transactions", ["amount", "order_id"], ["sum(orders)"])


@pytest.mark.parametrize("later", ["", "ann 2024-03-01 99", "ann 2024-03-29 -99", "bob 2024-03-02 3"])
def test_what_is_prepared_for_later_cutoffs_changes_no_earlier_one(later, paths, engine, tmp_path):
    """Bit for bit what the cutoff says alone, whatever happened from it on."""
    alone = paths()
    how = {"as_of": shelf.AS_OF, "split": "score"}
    columns = columns_of(alone)
    engine.run(snapshot_sql(columns, shelf.CHURN, shelf.FEATURES, **how), alone, tmp_path / "alone")
    moments = [shelf.AS_OF, date(2024, 3, 30)]
    given = prepare(paths(LINES + later), columns, shelf.FEATURES, engine, moments=moments, work=tmp_path)
    engine.run(snapshot_sql(columns, shelf.CHURN, shelf.FEATURES, **how, prepared=True), given, tmp_path / "prepared")
    assert (tmp_path / "prepared").read_bytes() == (tmp_path / "alone").read_bytes()

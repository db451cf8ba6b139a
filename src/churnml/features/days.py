"""Days with transactions: one row per customer and day, which all families of purchases aggregate over.

What a day says depends on that day and those before it, never on a later one or on as_of. So a panel computes the days once
for all its cutoffs, and each sees those before it.
"""

from collections.abc import Collection, Sequence
from datetime import date

from churnml.contracts.tables import TRANSACTIONS
from churnml.features.entry import words_of
from churnml.windows import in_lookback, literal, lookback_start

PREPARED = "prepared_days"
"""The table that they are in where they were computed for several cutoffs."""

DAYS = "SELECT * FROM {days}"
"""The rows of families that aggregate over them: all alike, so that they share one aggregate."""

_ALIVE = TRANSACTIONS.alive

_CELLS = {
    "purchases": ("amount", f"count(CASE WHEN {_ALIVE} THEN 1 END)"),
    "spend": ("amount", "sum(amount)"),
    "bought": ("amount", f"sum(CASE WHEN {_ALIVE} THEN amount END)"),
    "refunds": ("amount", f"count(CASE WHEN NOT ({_ALIVE}) THEN 1 END)"),
    "orders": ("order_id", f"count(DISTINCT CASE WHEN {_ALIVE} THEN order_id END)"),
    "items": ("quantity", f"sum(CASE WHEN {_ALIVE} THEN quantity END)"),
    "discount": ("discount", f"sum(CASE WHEN {_ALIVE} THEN discount END)"),
}
"""Cells of a day, and the column of transactions that each is made from. Refunds are in `spend` and `refunds` alone."""


def days(table: str, columns: Sequence[str], readers: Collection[str]) -> str:
    """SQL: days with transactions; `before` is the purchase day before, one with at least one row that is no refund.

    Args:
        table: transactions, as they are visible at some as_of.
        columns: that it has.
        readers: the SQL of all that reads the days; cells that none of it names aren't computed.
    """
    named = {*words_of(readers), "purchases"}
    cells = {name: sql for name, (column, sql) in _CELLS.items() if column in columns and name in named}
    counted = ", ".join(f"{sql} AS {name}" for name, sql in cells.items())
    return f"""
        SELECT *, lag(CASE WHEN purchases > 0 THEN day END IGNORE NULLS) OVER (
            PARTITION BY customer_id ORDER BY day) AS before
        FROM (SELECT customer_id, occurred_on AS day, {counted} FROM {table} GROUP BY customer_id, occurred_on) AS by_day"""


def visible_days(source: str, as_of: date, reach_days: int, readers: Collection[str] = ()) -> str:
    """SQL: the days that are visible at an as_of; `age` counts them back from it, yesterday is 1.

    Of purchase days, and empty where there were refunds alone, so that all families share one aggregate: `bought_on` is the
    day, `bought_ago` its age, `gap` the days since `before`. `silence` is the last `bought_ago`, in all rows of a customer.

    Args:
        source: days of this as_of, or of a later one.
        as_of: the moment of knowledge.
        reach_days: how far back features look; what lies before that is as if it had never been.
        readers: the SQL of all that reads the days; silence is computed if it is named.
    """
    moment, since = literal(as_of), literal(lookback_start(as_of, reach_days))
    bought = "CASE WHEN purchases > 0 THEN day END"
    before = f"CASE WHEN purchases > 0 AND before >= {since} THEN before END"
    ago = f"date_diff('day', {bought}, {moment})"
    silence = f", min({ago}) OVER (PARTITION BY customer_id) AS silence" if "silence" in words_of(readers) else ""
    return f"""
        SELECT * EXCLUDE (before), date_diff('day', day, {moment}) AS age, {bought} AS bought_on, {ago} AS bought_ago,
            {before} AS before, date_diff('day', {before}, day) AS gap{silence}
        FROM {source} WHERE {in_lookback("day", as_of, reach_days)}"""

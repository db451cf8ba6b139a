"""Who can leave at an as_of, and who did."""

from collections.abc import Sequence
from datetime import date

from churnml.config import Churn
from churnml.contracts.tables import TABLES
from churnml.windows import in_label_window, in_lookback


def alive_days(events: Sequence[str]) -> str:
    """SQL: (customer_id, day) of every row that shows that a customer is alive, over all time."""
    return " UNION ALL ".join(
        f"SELECT customer_id, {TABLES[name].day} AS day FROM {name} WHERE {TABLES[name].alive}" for name in events
    )


def population(churn: Churn, as_of: date) -> str:
    """SQL: customer_id of everybody with an event in [as_of - active_within_days, as_of)."""
    return f"""
        SELECT DISTINCT customer_id FROM ({alive_days(churn.events)}) AS alive
        WHERE {in_lookback("day", as_of, churn.active_within_days)}"""


def stayed(churn: Churn, as_of: date) -> str:
    """SQL: customer_id of everybody with an event in the label window [as_of, as_of + horizon)."""
    return f"""
        SELECT DISTINCT customer_id FROM ({alive_days(churn.events)}) AS alive
        WHERE {in_label_window("day", as_of, churn.horizon_days)}"""

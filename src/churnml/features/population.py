"""Who can leave at an as_of. Only what was known by then decides."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

from churnml.config import Churn
from churnml.contracts.columns import Table
from churnml.contracts.tables import CANCELLATIONS, CUSTOMERS, SUBSCRIPTIONS, TABLES, TRANSACTIONS
from churnml.features.days import PREPARED
from churnml.windows import in_lookback


def alive_days(events: Sequence[str], *, prepared: bool = False) -> str:
    """SQL: (customer_id, day) of every row that shows that a customer is alive, over all time.

    Args:
        events: tables whose rows do.
        prepared: whether days with transactions are read instead of transactions: no further back than features look.
    """
    told = {
        name: f"SELECT customer_id, {TABLES[name].day} AS day FROM {name} WHERE {TABLES[name].alive}" for name in events
    }
    if prepared and TRANSACTIONS.name in told:
        told[TRANSACTIONS.name] = f"SELECT customer_id, day FROM {PREPARED} WHERE purchases > 0"
    return " UNION ALL ".join(told.values())


def population(churn: Churn, tables: Mapping[str, Sequence[str]], as_of: date, *, prepared: bool = False) -> str:
    """SQL: customer_id, once, of everybody who can leave.

    * inactivity: an event in [as_of - active_within_days, as_of).
    * cancellation: a contract that began before as_of, hasn't ended by then and wasn't cancelled after the day on which
      it began. Without contracts: an event as above, and no cancellation on its day or since.
    * label: everybody in customers.

    Args:
        churn: the definition.
        tables: columns of each table that is there; `visible_…` views exist for them.
        as_of: the moment of knowledge.
        prepared: whether there are prepared days with transactions, which reach further back than customers are active.
    """
    if churn.definition == "label":
        return f"SELECT DISTINCT customer_id FROM {CUSTOMERS.name}"
    if churn.definition == "cancellation" and SUBSCRIPTIONS.name in tables:
        return f"""
        SELECT DISTINCT customer_id FROM {seen(SUBSCRIPTIONS)} AS contract
        WHERE {end_of_contract(tables)} IS NULL{_not_cancelled("after", "contract.started_on", tables)}"""
    active = f"""
        SELECT customer_id, max(day) AS day FROM ({alive_days(churn.events, prepared=prepared)}) AS alive
        WHERE {in_lookback("day", as_of, churn.active_within_days or 0)} GROUP BY customer_id"""
    gone = _not_cancelled("since", "active.day", tables) if churn.definition == "cancellation" else ""
    return f"SELECT customer_id FROM ({active}) AS active WHERE TRUE{gone}"


def seen(table: Table) -> str:
    """The name of the as-of view of a table."""
    return f"visible_{table.name}"


def end_of_contract(tables: Mapping[str, Sequence[str]]) -> str:
    """SQL: the day on which a contract ended; exports may leave that to cancellations."""
    return "ended_on" if "ended_on" in tables[SUBSCRIPTIONS.name] else "CAST(NULL AS DATE)"


def _not_cancelled(when: Literal["since", "after"], day: str, tables: Mapping[str, Sequence[str]]) -> str:
    """A last purchase and a cancellation of one day are a farewell; a cancellation and a new contract are a change."""
    if CANCELLATIONS.name not in tables:
        return ""
    owner = day.split(".", maxsplit=1)[0]
    return f""" AND NOT EXISTS (
            SELECT 1 FROM {seen(CANCELLATIONS)} AS cancelled
            WHERE cancelled.customer_id = {owner}.customer_id AND cancelled.cancelled_on {">=" if when == "since" else ">"} {day})"""

"""Who left, and whom we contacted meanwhile. Labels look at [as_of, as_of + horizon) and at nothing else."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from churnml.config import Churn
from churnml.contracts.columns import quoted, text
from churnml.contracts.tables import CANCELLATIONS, CONTACTS, CUSTOMERS, SUBSCRIPTIONS
from churnml.errors import DataError
from churnml.features.contacts import made
from churnml.features.population import alive_days, end_of_contract
from churnml.windows import in_label_window, label_end, literal


def labels(churn: Churn, tables: Mapping[str, Sequence[str]], as_of: date) -> str:
    """SQL: (customer_id, label) of everybody in `population`; 1 left, 0 stayed, NULL isn't known.

    * inactivity: left who has no event in the label window.
    * cancellation: left who cancelled in the window and began no contract on that day or later in it, or who has
      no contract running at its end.
    * label: left whose column says so, in capitals or not; an empty cell says nothing.

    Raises:
        DataError: the tables that decide aren't there.
    """
    if churn.definition == "label":
        if churn.column is None or churn.column not in tables.get(CUSTOMERS.name, ()):
            raise DataError(
                f"churn.column: the tables hold no '{churn.column}' of customers; run `churnml ingest` again"
            )
        said = f"lower(trim(CAST({quoted(churn.column)} AS VARCHAR)))"
        left = ", ".join(f"lower({text(word.strip())})" for word in churn.left)
        return f"""
        SELECT customer_id, CASE WHEN {said} IN ({left}) THEN 1 WHEN {said} <> '' THEN 0 END AS label
        FROM {CUSTOMERS.name}"""
    gone = [f"customer_id IN ({sql})" for sql in _departures(churn, tables, as_of)]
    gone += [f"customer_id NOT IN ({sql})" for sql in _stayed(churn, tables, as_of)]
    if not gone:
        raise DataError(
            "churn: there is neither a table of subscriptions nor of cancellations; run `churnml ingest` again"
        )
    return f"SELECT customer_id, CASE WHEN {' OR '.join(gone)} THEN 1 ELSE 0 END AS label FROM population"


def _stayed(churn: Churn, tables: Mapping[str, Sequence[str]], as_of: date) -> list[str]:
    """Whoever showed life in the window, or whose contract runs at its end."""
    if churn.definition == "inactivity":
        return [
            f"""SELECT customer_id FROM ({alive_days(churn.events)}) AS alive
            WHERE {in_label_window("day", as_of, churn.horizon_days)}"""
        ]
    if SUBSCRIPTIONS.name not in tables:
        return []
    end, ended = literal(label_end(as_of, churn.horizon_days)), end_of_contract(tables)
    return [
        f"""SELECT customer_id FROM {SUBSCRIPTIONS.name}
            WHERE started_on < {end} AND ({ended} IS NULL OR {ended} >= {end})"""
    ]


def _departures(churn: Churn, tables: Mapping[str, Sequence[str]], as_of: date) -> list[str]:
    """Whoever cancelled in the window and didn't come back in it."""
    if churn.definition != "cancellation" or CANCELLATIONS.name not in tables:
        return []
    back = ""
    if SUBSCRIPTIONS.name in tables:
        end = literal(label_end(as_of, churn.horizon_days))
        back = f""" AND NOT EXISTS (
                SELECT 1 FROM {SUBSCRIPTIONS.name} AS again WHERE again.customer_id = cancelled.customer_id
                AND again.started_on >= cancelled.cancelled_on AND again.started_on < {end})"""
    return [
        f"""SELECT customer_id FROM {CANCELLATIONS.name} AS cancelled
            WHERE {in_label_window("cancelled_on", as_of, churn.horizon_days)}{back}"""
    ]


def contacted(columns: Collection[str], as_of: date, horizon_days: int) -> str:
    """SQL: customer_id of everybody whom we contacted within the label window: staying may have been our doing.

    Args:
        columns: of the contacts table; rows of the arm `holdout` are contacts that weren't made.
        as_of: the moment of knowledge.
        horizon_days: length of the label window.
    """
    within = in_label_window("contacted_on", as_of, horizon_days)
    return f"SELECT DISTINCT customer_id FROM {CONTACTS.name} WHERE {within} AND {made(columns)}"

"""What snapshots are judged by: how long a customer has been one, which group, and when those who left did.

All of it may look past as_of, so it is kept apart from features.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from churnml.config import Churn
from churnml.contracts.columns import quoted
from churnml.contracts.files import CONTEXT, GROUPS
from churnml.contracts.tables import CANCELLATIONS, CUSTOMERS, SUBSCRIPTIONS, TABLES, TRANSACTIONS
from churnml.features.history import columns_of, table_paths
from churnml.features.population import alive_days, end_of_contract
from churnml.ports import Engine
from churnml.windows import in_label_window, in_lookback, known, label_end, literal


def context(
    paths: Mapping[str, Path],
    columns: Mapping[str, Sequence[str]],
    churn: Churn,
    private: Collection[str],
    engine: Engine,
    *,
    snapshots: Path,
    as_of: date,
    work: Path,
) -> pa.Table:
    """The context of the snapshots of one as_of.

    Args:
        paths: the tables that are there.
        columns: of each of them.
        churn: what leaving means.
        private: columns of customers that may be seen in the lists alone.
        engine: where the SQL runs.
        snapshots: labelled snapshots, of this as_of and maybe others.
        as_of: the moment of knowledge.
        work: a folder for work in progress.

    Returns:
        rows of `CONTEXT`, in the order of the ids.
    """
    out = work / f"context_{as_of}.parquet"
    engine.run(context_sql(columns, churn, private, as_of), {**paths, "snapshots": snapshots}, out)
    return pq.read_table(out).cast(CONTEXT)


def write_context(
    *,
    tables: Path,
    churn: Churn,
    private: Collection[str],
    engine: Engine,
    snapshots: Path,
    as_of: date,
    work: Path,
    out: Path,
) -> None:
    """Write the rows of `context` into the Parquet file `out`, for the tables of a folder; nobody has left yet."""
    paths = table_paths(tables)
    told = context(paths, columns_of(paths), churn, private, engine, snapshots=snapshots, as_of=as_of, work=work)
    pq.write_table(told, out, compression="zstd")


def context_sql(columns: Mapping[str, Sequence[str]], churn: Churn, private: Collection[str], as_of: date) -> str:
    """SQL of `context` over `snapshots` and the tables."""
    customers = columns.get(CUSTOMERS.name, ())
    groups = [name for name in GROUPS if name in customers and name not in private]
    told = [f"CAST({quoted(name)} AS VARCHAR)" if name in groups else "CAST(NULL AS VARCHAR)" for name in GROUPS]
    named = ", ".join(f"{sql} AS {name}" for sql, name in zip(told, GROUPS, strict=True))
    signed_up = "signed_up_on" if "signed_up_on" in customers else "CAST(NULL AS DATE)"
    master = CUSTOMERS.name if customers else "(SELECT NULL AS customer_id WHERE FALSE) AS nobody"
    moment = literal(as_of)
    return f"""
        WITH seen AS (
            SELECT customer_id, min(day) AS first, max(day) AS last FROM ({life_days(columns, churn)}) AS alive
            WHERE {known("day", as_of)} GROUP BY customer_id),
        gone AS ({_departures(columns, churn, as_of)}),
        spent AS ({_spent(columns, churn, as_of)}),
        master AS (SELECT customer_id, {signed_up} AS signed_up_on, {named} FROM {master}),
        judged AS ({judged(as_of)})
        SELECT judged.customer_id, judged.as_of,
            CAST(date_diff('day', least(seen.first, CASE WHEN {known("master.signed_up_on", as_of)} THEN
                master.signed_up_on END), {moment}) AS DOUBLE) AS tenure_days,
            CAST(date_diff('day', seen.last, {moment}) AS DOUBLE) AS silent_days,
            CASE WHEN judged.label = 1 THEN gone.left_on END AS left_on,
            {_known_spend(columns, churn, "before")} AS spend_before,
            {_known_spend(columns, churn, "after")} AS spend_after, {", ".join(f"master.{name}" for name in GROUPS)}
        FROM judged LEFT JOIN seen ON seen.customer_id = judged.customer_id
        LEFT JOIN gone ON gone.customer_id = judged.customer_id
        LEFT JOIN spent ON spent.customer_id = judged.customer_id
        LEFT JOIN master ON master.customer_id = judged.customer_id
        ORDER BY judged.customer_id"""


def volume_sql(table: str, as_of: date, days: int) -> str:
    """SQL over `snapshots` and a table: how many rows per customer and day the population had in the days before.

    A system that stops counting half of the visits shows here, whoever stays and whoever leaves.
    """
    rows = in_lookback(TABLES[table].day, as_of, days)
    return f"""
        WITH judged AS ({judged(as_of)})
        SELECT CAST(count(*) AS DOUBLE) / {days} / (SELECT count(*) FROM judged) AS volume
        FROM {table} WHERE {rows} AND customer_id IN (SELECT customer_id FROM judged)"""


def judged(as_of: date) -> str:
    """SQL: the snapshots of an as_of; the file of `snapshots` may hold others."""
    return f"SELECT * FROM snapshots WHERE as_of = {literal(as_of)}"


def life_days(columns: Mapping[str, Sequence[str]], churn: Churn) -> str:
    """SQL: every sign of life: the events of the definition, else those of all tables that have any."""
    signs = churn.events or [name for name, table in TABLES.items() if name in columns and table.alive]
    return (
        alive_days(signs)
        if signs
        else "SELECT CAST(NULL AS VARCHAR) AS customer_id, CAST(NULL AS DATE) AS day WHERE FALSE"
    )


def _spent(columns: Mapping[str, Sequence[str]], churn: Churn, as_of: date) -> str:
    """(customer_id, before, after): spent within the horizon before as_of and in the label window, refunds taken off.

    What the value of a customer is held against, and the simplest guess at it.
    """
    if TRANSACTIONS.name not in columns:
        return "SELECT CAST(NULL AS VARCHAR) AS customer_id, 0 AS before, 0 AS after WHERE FALSE"
    day, horizon = TRANSACTIONS.day, churn.horizon_days
    sums = {"before": in_lookback(day, as_of, horizon), "after": in_label_window(day, as_of, horizon)}
    told = ", ".join(
        f"CAST(sum(CASE WHEN {within} THEN amount END) AS DOUBLE) AS {name}" for name, within in sums.items()
    )
    around = in_lookback(day, label_end(as_of, horizon), 2 * horizon)
    return f"SELECT customer_id, {told} FROM {TRANSACTIONS.name} WHERE {around} GROUP BY customer_id"


def _known_spend(columns: Mapping[str, Sequence[str]], churn: Churn, name: str) -> str:
    """Nobody knows it without transactions, without a label window, and where that isn't over."""
    if TRANSACTIONS.name not in columns or not churn.is_dated:
        return "CAST(NULL AS DOUBLE)"
    return f"CASE WHEN judged.label IS NOT NULL THEN coalesce(spent.{name}, 0) END"


def _departures(columns: Mapping[str, Sequence[str]], churn: Churn, as_of: date) -> str:
    """(customer_id, left_on): the last event before as_of, or the first cancellation or end of contract in the window."""
    if churn.definition == "inactivity":
        return "SELECT customer_id, last AS left_on FROM seen"
    ends = []
    if churn.definition == "cancellation" and CANCELLATIONS.name in columns:
        ends.append(f"SELECT customer_id, cancelled_on AS day FROM {CANCELLATIONS.name}")
    if churn.definition == "cancellation" and SUBSCRIPTIONS.name in columns:
        ended = end_of_contract(columns)
        ends.append(f"SELECT customer_id, {ended} AS day FROM {SUBSCRIPTIONS.name} WHERE {ended} IS NOT NULL")
    if not ends:
        return "SELECT CAST(NULL AS VARCHAR) AS customer_id, CAST(NULL AS DATE) AS left_on WHERE FALSE"
    return f"""
        SELECT customer_id, min(day) AS left_on FROM ({" UNION ALL ".join(ends)}) AS ended
        WHERE {in_label_window("day", as_of, churn.horizon_days)} GROUP BY customer_id"""

"""Who is in an export and can't be scored honestly, and why."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from churnml.config import Churn
from churnml.contracts.files import UNSCORED
from churnml.contracts.tables import CANCELLATIONS, CUSTOMERS, SUBSCRIPTIONS, TABLES
from churnml.features.context import life_days
from churnml.features.history import columns_of, table_paths
from churnml.features.population import end_of_contract
from churnml.ports import Engine
from churnml.windows import known, literal, lookback_start

NOBODY = "(SELECT CAST(NULL AS VARCHAR) AS customer_id, CAST(NULL AS DATE) AS day WHERE FALSE)"


def unscored(*, tables: Path, churn: Churn, engine: Engine, snapshots: Path, as_of: date, work: Path) -> pa.Table:
    """Every customer of any table who has no snapshot, with the reason.

    * too_new: nothing but what came at or after as_of; or signed up lately and did nothing yet.
    * no_history: no sign of life before as_of.
    * cancelled: cancelled before as_of, and came back to nothing that counts.
    * already_gone: silent for longer than the population allows, or the last contract ended.

    Args:
        tables: folder of canonical tables.
        churn: who can leave.
        engine: where the SQL runs.
        snapshots: of this as_of.
        as_of: the moment of knowledge.
        work: a folder for work in progress.

    Returns:
        rows of `UNSCORED`, in the order of the ids.
    """
    paths, out = table_paths(tables), work / "unscored.parquet"
    engine.run(unscored_sql(columns_of(paths), churn, as_of), {**paths, "snapshots": snapshots}, out)
    return pq.read_table(out).cast(UNSCORED)


def unscored_sql(columns: Mapping[str, Sequence[str]], churn: Churn, as_of: date) -> str:
    """SQL of `unscored` over `snapshots` and the tables."""
    everybody = " UNION ".join(f"SELECT customer_id FROM {name}" for name in columns)
    signed_up = "signed_up_on" in columns.get(CUSTOMERS.name, ())
    signing = f"(SELECT customer_id, signed_up_on AS day FROM {CUSTOMERS.name})" if signed_up else NOBODY
    lately = literal(lookback_start(as_of, churn.active_within_days or churn.horizon_days))
    return f"""
        WITH everybody AS ({everybody}),
        alive AS ({_signs(columns, churn)}),
        seen AS (SELECT customer_id, max(day) AS last FROM alive WHERE {known("day", as_of)} GROUP BY customer_id),
        later AS (SELECT DISTINCT customer_id FROM alive WHERE NOT ({known("day", as_of)})),
        signed_up AS (SELECT customer_id, max(day) AS day FROM {signing} AS signing GROUP BY customer_id),
        cancelled AS (SELECT customer_id, max(day) AS day FROM ({_cancelled(columns, churn)}) AS c
            WHERE {known("day", as_of)} GROUP BY customer_id),
        ended AS (SELECT customer_id, max(day) AS day FROM ({_ended(columns, churn)}) AS e
            WHERE {known("day", as_of)} GROUP BY customer_id)
        SELECT everybody.customer_id,
            CASE WHEN seen.last IS NULL AND (later.customer_id IS NOT NULL OR signed_up.day >= {lately}) THEN 'too_new'
                WHEN seen.last IS NULL THEN 'no_history'
                WHEN cancelled.day IS NOT NULL THEN 'cancelled'
                ELSE 'already_gone' END AS reason,
            CASE WHEN seen.last IS NOT NULL THEN coalesce(cancelled.day, ended.day, seen.last) END AS last_seen
        FROM everybody ANTI JOIN snapshots USING (customer_id)
        LEFT JOIN seen ON seen.customer_id = everybody.customer_id
        LEFT JOIN later ON later.customer_id = everybody.customer_id
        LEFT JOIN signed_up ON signed_up.customer_id = everybody.customer_id
        LEFT JOIN cancelled ON cancelled.customer_id = everybody.customer_id
        LEFT JOIN ended ON ended.customer_id = everybody.customer_id
        ORDER BY everybody.customer_id"""


def _signs(columns: Mapping[str, Sequence[str]], churn: Churn) -> str:
    """What makes somebody a customer: a contract where those with one can leave, else a sign of life."""
    if churn.definition == "cancellation" and SUBSCRIPTIONS.name in columns:
        return f"SELECT customer_id, {TABLES[SUBSCRIPTIONS.name].day} AS day FROM {SUBSCRIPTIONS.name}"
    return life_days(columns, churn)


def _cancelled(columns: Mapping[str, Sequence[str]], churn: Churn) -> str:
    if churn.definition == "cancellation" and CANCELLATIONS.name in columns:
        return f"SELECT customer_id, cancelled_on AS day FROM {CANCELLATIONS.name}"
    return f"SELECT * FROM {NOBODY} AS nobody"


def _ended(columns: Mapping[str, Sequence[str]], churn: Churn) -> str:
    if churn.definition == "cancellation" and SUBSCRIPTIONS.name in columns:
        return f"SELECT customer_id, {end_of_contract(columns)} AS day FROM {SUBSCRIPTIONS.name}"
    return f"SELECT * FROM {NOBODY} AS nobody"

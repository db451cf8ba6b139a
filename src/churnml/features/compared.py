"""Customers compared with each other at an as_of: RFM scores and BG/NBD. For baselines and lists, never a feature.

Who else is in the export decides about these numbers, so nothing is learned from them (DESIGN 7.3).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from churnml.config import Churn, Features
from churnml.contracts.files import PEERS
from churnml.contracts.tables import TABLES, TRANSACTIONS
from churnml.features.days import PREPARED, days, visible_days
from churnml.features.history import columns_of, table_paths
from churnml.features.population import population, seen
from churnml.features.visible import visible
from churnml.peers import BgNbd, rfm_scores
from churnml.ports import Engine
from churnml.windows import literal

_COUNTS = ("repeats", "recency", "age_days")

COMPARED = ("purchases", "spend")
"""Cells of days with transactions that customers are compared by."""

FITTED_ON = 50_000
"""Customers that BG/NBD is fitted on, at most; the first by a hash of their id. Four parameters need no more."""


def compare(
    paths: Mapping[str, Path],
    columns: Mapping[str, Sequence[str]],
    churn: Churn,
    params: Features,
    engine: Engine,
    *,
    as_of: date,
    work: Path,
) -> pa.Table:
    """The population of one as_of, compared by what was bought in the reach of features before it.

    BG/NBD is fitted on all customers with a purchase in that reach, the gone ones too; RFM scores are quintiles of the
    population.

    Args:
        paths: the tables that are there, and the days with transactions if they are prepared.
        columns: of each table.
        churn: the population, and the horizon that BG/NBD looks ahead.
        params: the reach of features.
        engine: where the SQL runs.
        as_of: the moment of knowledge.
        work: a folder for work in progress.

    Returns:
        rows of `PEERS`, in the order of the ids: the whole population, or nobody where there are no transactions. Who
        bought nothing in the reach of features is silent for as long as it is, scores lowest, and never comes.
    """
    if TRANSACTIONS.name not in columns:
        return PEERS.empty_table()
    out = work / f"peers_{as_of}.parquet"
    engine.run(_purchases(columns, churn, params, as_of, prepared=PREPARED in paths), paths, out)
    rows = pq.read_table(out)
    ours = rows.filter(rows["inside"])
    scores = rfm_scores(*(ours[name].to_numpy() for name in ("recency_days", "purchase_days", "spend")))
    found = {
        name: ours[name] for name in ("customer_id", "as_of", "recency_days", "purchase_days", "spend", "age_days")
    }
    found |= {name: pa.array(scores[:, place]) for place, name in enumerate(("r", "f", "m"))}
    found["silent"] = pa.array(_silent(rows, ours, churn.horizon_days))
    return pa.table(found).cast(PEERS)


def write_peers(
    *, tables: Path, churn: Churn, params: Features, engine: Engine, as_of: date, work: Path, out: Path
) -> None:
    """Write the rows of `compare` into the Parquet file `out`, for the tables of a folder."""
    paths = table_paths(tables)
    compared = compare(paths, columns_of(paths), churn, params, engine, as_of=as_of, work=work)
    pq.write_table(compared, out, compression="zstd")


def _silent(rows: pa.Table, ours: pa.Table, horizon_days: int) -> np.ndarray:
    """P(no purchase within the horizon); 1 for who never bought anything in the reach of features."""
    bought = rows.filter(pc.greater(rows["purchase_days"], 0)).sort_by("hash").slice(0, FITTED_ON)
    silent = np.ones(ours.num_rows)
    buyers = ours["purchase_days"].to_numpy() > 0
    if bought.num_rows and buyers.any():
        model = BgNbd.fit(*(bought[name].to_numpy() for name in _COUNTS))
        repeats, recency, age = (ours[name].to_numpy()[buyers] for name in _COUNTS)
        silent[buyers] = model.silent(repeats, recency, age, horizon_days)
    return silent


def _purchases(
    columns: Mapping[str, Sequence[str]], churn: Churn, params: Features, as_of: date, *, prepared: bool
) -> str:
    """SQL: what BG/NBD and RFM count, one row per customer with a purchase."""
    views = ", ".join(
        f"visible_{name} AS ({visible(TABLES[name], cells, as_of, reach_days=params.reach_days)})"
        for name, cells in columns.items()
    )
    moment = literal(as_of)
    ours = population(churn, columns, as_of, prepared=prepared)
    source = PREPARED if prepared else f"({days(seen(TRANSACTIONS), columns[TRANSACTIONS.name], COMPARED)}) AS days"
    return f"""
        WITH {views}, days AS ({visible_days(source, as_of, params.reach_days)}), population AS ({ours}),
        bought AS (
            SELECT customer_id, count(*) AS days, min(day) AS first, max(day) AS last
            FROM days WHERE purchases > 0 GROUP BY customer_id),
        spent AS (SELECT customer_id, sum(spend) AS spend FROM days GROUP BY customer_id)
        SELECT customer_id, {moment} AS as_of,
            CAST(coalesce(date_diff('day', last, {moment}), {params.reach_days}) AS DOUBLE) AS recency_days,
            CAST(coalesce(days, 0) AS DOUBLE) AS purchase_days, CAST(coalesce(spend, 0) AS DOUBLE) AS spend,
            CAST(coalesce(date_diff('day', first, {moment}), 0) AS DOUBLE) AS age_days,
            CAST(days - 1 AS DOUBLE) AS repeats, CAST(date_diff('day', first, last) AS DOUBLE) AS recency,
            md5(customer_id) AS hash, inside IS NOT NULL AS inside
        FROM (SELECT customer_id, TRUE AS inside FROM population) AS ours
        FULL JOIN bought USING (customer_id) LEFT JOIN spent USING (customer_id)
        ORDER BY customer_id"""

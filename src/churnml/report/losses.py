"""What left with those who left at the test cutoffs: money by the cause that a list would have stated, and typical cases.

The cause is the one that the evaluation booster gives, which had not seen these customers leave. The money is the value by
the project's own model of it (`churnml.value`), over the horizon that is stated there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from churnml.bundle import ModelBundle
from churnml.contracts.segments import NONE
from churnml.metrics import interval, resampled
from churnml.model import Model
from churnml.ports import Engine
from churnml.reasons import why
from churnml.report.similar import PEOPLE
from churnml.value import spend_source, value

MOST = 5_000
"""Who left, at most, whose cause is looked for; chosen by a hash of the id, the rest is scaled."""

CASES, WEEKS, WEEK_DAYS = 5, 26, 7

LANES = ("orders", "active_days", "tickets", "complaints", "surveys", "contacts")
"""What a timeline shows, as far as it is known."""


@dataclass(frozen=True)
class Losses:
    """Money lost by cause.

    Attributes:
        there: how many left at the test cutoffs, each counted once per day on which they left.
        taken: for how many of them the cause was looked for.
        money: value of all who left, currency units; scaled by there / taken.
        by_cause: cause, customers, money (both scaled), share (of the money) with low and high (95 %, bootstrap of
            customers; the causes themselves may be wrong), the most money first, `none` last.
        leavers: one row per customer that was taken: customer_id, left_on, value, cause.
    """

    there: int
    taken: int
    money: float
    by_cause: pd.DataFrame
    leavers: pd.DataFrame


@dataclass(frozen=True)
class Cases:
    """Typical cases: ids, never names or texts.

    Attributes:
        cases: customer_id, cause, left_on, value.
        weeks: customer_id, week_start, lane, count; 26 weeks of every lane, in order of time.
    """

    cases: pd.DataFrame
    weeks: pd.DataFrame


def losses(
    *,
    boosters: Path,
    snapshots: Path,
    unseen: Path,
    bundle: ModelBundle,
    resamples: int,
    seed: int,
    engine: Engine,
    work: Path,
    most: int = MOST,
) -> Losses | None:
    """Money that left at the test cutoffs, by cause.

    Args:
        boosters: folder with the evaluation booster.
        snapshots: snapshots.parquet of the panel.
        unseen: file by `churnml.report.similar.write_unseen`.
        bundle: its params, catalog and reference say how reasons are given; its value model what a customer is worth.
        resamples: of the bootstrap.
        seed: of the bootstrap.
        engine: where the SQL runs.
        work: a folder for work in progress.
        most: for how many the cause is looked for.

    Returns:
        None where nobody left, or nobody knows the value.
    """
    once = """SELECT customer_id, left_on, min(as_of) AS as_of FROM unseen
        WHERE split = 'test' AND label = 1 GROUP BY customer_id, left_on"""
    chosen = f"""SELECT *, count(*) OVER () AS there FROM ({once}) AS once
        ORDER BY md5(customer_id), customer_id, left_on LIMIT {most}"""
    engine.run(chosen, {"unseen": unseen}, work / "leavers.parquet")
    rows = """SELECT leavers.left_on, leavers.there, snapshots.* FROM leavers JOIN snapshots
        ON snapshots.customer_id = leavers.customer_id AND snapshots.as_of = leavers.as_of AND snapshots.split = 'test'
        ORDER BY md5(snapshots.customer_id), snapshots.customer_id, leavers.left_on"""
    given = {"leavers": work / "leavers.parquet", "snapshots": snapshots}
    engine.run(rows, given, work / "leavers_rows.parquet", passing=True)
    gone = pq.read_table(work / "leavers_rows.parquet")
    source = spend_source(gone.column_names, bundle.params.features.windows_days)
    if not gone.num_rows or source is None:
        return None
    leavers = pd.DataFrame(
        {
            "customer_id": gone["customer_id"].to_pylist(),
            "left_on": gone["left_on"].to_pylist(),
            "value": _worth(gone, source, bundle),
            "cause": _causes(gone, boosters, bundle),
        }
    )
    scale = gone["there"][0].as_py() / gone.num_rows
    weights = resampled(np.arange(len(leavers)), resamples, seed)
    total = float(leavers["value"].sum())
    by_cause = _by_cause(leavers, weights, scale) if total > 0 else None
    return None if by_cause is None else Losses(
        gone["there"][0].as_py(), gone.num_rows, round(total * scale, 2), by_cause, leavers
    )  # fmt: skip


def _worth(gone: pa.Table, source: tuple[str, float], bundle: ModelBundle) -> np.ndarray:
    name, factor = source
    spend = np.nan_to_num(gone[name].to_numpy()) * factor
    params = bundle.params
    return value(spend, params.features.windows_days[-1], params.score.value, bundle.lasting_days)


def _causes(gone: pa.Table, boosters: Path, bundle: ModelBundle) -> np.ndarray:
    """As the lists would have stated them."""
    params = bundle.params
    found = why(
        Model.load(boosters, "evaluation"),
        gone,
        bundle.catalog,
        windows_days=params.features.windows_days,
        typical={name: spread.median for name, spread in bundle.reference.features.items()},
        most=params.score.reasons,
        locale=params.project.locale,
        currency=params.project.currency,
    )
    return found.causes


def _by_cause(leavers: pd.DataFrame, weights: np.ndarray, scale: float) -> pd.DataFrame:
    worth = leavers["value"].to_numpy()
    totals = weights @ worth
    rows: list[dict[str, Any]] = []
    for cause in sorted(set(leavers["cause"])):
        mine = (leavers["cause"] == cause).to_numpy()
        drawn = (weights @ (worth * mine))[totals > 0] / totals[totals > 0]
        low, high = interval(drawn)
        rows.append(
            {
                "cause": cause,
                "customers": round(float(mine.sum()) * scale),
                "money": round(float(worth[mine].sum()) * scale, 2),
                "share": round(float(worth[mine].sum() / worth.sum()), 6),
                "low": round(low, 6),
                "high": round(high, 6),
            }
        )
    rows.sort(key=lambda row: (row["cause"] == NONE, -row["money"], row["cause"]))
    return pd.DataFrame(rows)


def write_leavers(leavers: pd.DataFrame, out: Path) -> None:
    """Write who left as rows of `churnml.report.similar.PEOPLE`, by their place in `leavers`."""
    columns: Mapping[str, Sequence[Any]] = {
        "place": list(range(len(leavers))),
        "customer_id": list(leavers["customer_id"]),
        "left_on": [day if isinstance(day, date) else None for day in leavers["left_on"]],
    }
    pq.write_table(pa.table(dict(columns), schema=PEOPLE), out)


def cases(leavers: pd.DataFrame, lives: Path) -> Cases | None:
    """Typical cases: of each cause the customer in the middle by value, five at most; None where nobody's days are known.

    The causes behind most departures come first; no clear cause is the last of them. Who was there for all 26 weeks,
    and of whom something is known in them, is taken rather than others.

    Args:
        leavers: of `Losses`.
        lives: file by `churnml.features.write_lives` of them, in 26 parts of seven days.
    """
    rows = pq.read_table(lives).to_pandas()
    busy = rows[[lane for lane in LANES if lane in rows]].sum(axis=1).groupby(rows["place"]).sum() > 0
    whole = rows.groupby("place")["whole"].first() & busy
    known = leavers.loc[whole.index].assign(place=whole.index, whole=whole)
    if not len(known):
        return None
    found = _typical(known)
    mine = rows.merge(found[["place", "customer_id"]].assign(order=range(len(found))), on="place")
    return Cases(found[["customer_id", "cause", "left_on", "value"]], _weeks(mine))


def _typical(known: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for cause, mine in known.groupby("cause"):
        there = mine[mine["whole"]] if mine["whole"].any() else mine
        ordered = there.sort_values(["value", "customer_id", "left_on"])
        rows.append((cause == NONE, -len(mine), cause, ordered.iloc[(len(ordered) - 1) // 2]))
    rows.sort(key=lambda row: row[:3])
    return pd.DataFrame([row[3] for row in rows[:CASES]]).reset_index(drop=True)


def _weeks(rows: pd.DataFrame) -> pd.DataFrame:
    lanes = [lane for lane in LANES if lane in rows]
    if {"orders", "active_days"} <= set(lanes) and (rows["orders"].gt(0) == rows["active_days"].gt(0)).all():
        lanes.remove("active_days")  # made from purchases: the lane above says it
    rows = rows.assign(
        week_start=[
            until - timedelta(WEEK_DAYS * (part + 1) - 1)
            for until, part in zip(rows["until"], rows["part"], strict=True)
        ]
    )
    told = rows.melt(["order", "customer_id", "week_start"], lanes, "lane", "count")
    told["lane_order"] = told["lane"].map({lane: place for place, lane in enumerate(lanes)})
    told = told.sort_values(["order", "lane_order", "week_start"]).astype({"count": int})
    return told[["customer_id", "week_start", "lane", "count"]].reset_index(drop=True)

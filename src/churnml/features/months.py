"""What happened month by month, counted by calendar months that the data hold whole. Nothing is learned from it.

A month is whole where its first day lies on or after the day of the first event, and its last one before the day after the
last event's: what a month lacks at either end would look like customers lost or won. Months are written as numbers,
12 × year + month - 1, and every file holds counts, from which `churnml.report.kpis` makes rates.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from churnml.config import Churn, Features
from churnml.contracts.tables import ACTIVITY, SUBSCRIPTIONS, SURVEYS, TABLES, TRANSACTIONS
from churnml.features.context import life_days
from churnml.features.history import columns_of, history, table_paths
from churnml.features.population import end_of_contract
from churnml.features.query import snapshot_sql
from churnml.features.words import NPS, says
from churnml.ports import Engine
from churnml.windows import known, label_end, literal, lookback_start

WINDOW_MONTHS = 3
"""Months, the counted one included, within which a second purchase makes a customer one who buys again."""

_SLACK_DAYS = 7
"""A table may begin so much later, or end so much earlier, than a month and still hold all of it."""

CHURN = pa.schema([("month", pa.int64()), ("customers", pa.int64()), ("gone", pa.int64())])


@dataclass(frozen=True)
class Months:
    """Which months were counted.

    Attributes:
        whole: first days of the months that the data hold whole, in order of time.
        begin: the day of the first event.
        earlier_until: who is first seen before that day may have been a customer before the data begin.
        of_contracts: whether a running contract, and not an event, shows that a customer is still there.
    """

    whole: tuple[date, ...]
    begin: date
    earlier_until: date
    of_contracts: bool


def month_number(day: date) -> int:
    """The number of the month that a day lies in.

    >>> month_number(date(2024, 1, 31)), month_start(24288)
    (24288, datetime.date(2024, 1, 1))
    """
    return 12 * day.year + day.month - 1


def month_start(number: int) -> date:
    """The first day of a month, by its number."""
    return date(number // 12, number % 12 + 1, 1)


def write_months(*, tables: Path, churn: Churn, params: Features, engine: Engine, work: Path, out: Path) -> Months:
    """Count what happened month by month, into the folder `out`; what the tables don't tell has no file there.

    * churn.parquet, one row per month: `customers` who could leave at its first midnight and how many of them had `gone`
      within the horizon, by the very SQL that makes the labels of the panel. Months whose label window isn't over are
      left out, and those before which the data don't reach back as far as the population looks.
    * first_seen.parquet, one row per customer: the month of the first sign of life (`cohort`); with contracts, of the
      first contract.
    * retention.parquet, one row per cohort and month: `active`, customers with an event in it, or with a contract that
      ran in it.
    * purchases.parquet, one row per month: `customers` with a purchase in it or the two months before, and those with
      two or more (`again`). A purchase is an order, or a day with one where orders have no id.
    * active_days.parquet, one row per month: `customers` who did anything, on how many `days` in all, and `squares`, the
      sum of each customer's days squared. From activity where it is there, else from purchases.
    * nps.parquet, one row per month: `answers` from 0 to 10 to surveys of kind NPS, `promoters` (9 and 10), `detractors`
      (0 to 6).

    Args:
        tables: folder of canonical tables.
        churn: what leaving means.
        params: how far back features look, which the SQL of snapshots wants to know.
        engine: where the SQL runs.
        work: a folder for work in progress.
        out: folder to write into.

    Returns:
        which months were counted.
    """
    paths = table_paths(tables)
    columns = columns_of(paths)
    span = history(tables, churn, engine, work)
    whole = _whole(span.start, span.end)
    of_contracts = churn.definition == "cancellation" and SUBSCRIPTIONS.name in columns
    unseen = timedelta(churn.active_within_days or churn.horizon_days)
    earlier_until = date.min if of_contracts else span.start + unseen  # contracts are exported whole, with their begin
    told = Months(tuple(month_start(number) for number in whole), span.start, earlier_until, of_contracts)
    if churn.is_dated:
        _write_churn(paths, columns, churn, params, engine, span.start, span.end, work, out)
    if not whole:
        return told
    _write_cohorts(paths, columns, churn, engine, span.start, whole, work, out)
    for name, sql in _counts(paths, columns, engine, whole, work).items():
        engine.run(f"{sql} ORDER BY month", paths, out / f"{name}.parquet")
    return told


def _whole(start: date, end: date) -> list[int]:
    """Numbers of the months that lie within [start, end)."""
    numbers = range(month_number(start), month_number(end) + 1)
    return [number for number in numbers if month_start(number) >= start and month_start(number + 1) <= end]


def _write_churn(
    paths: Mapping[str, Path],
    columns: Mapping[str, Sequence[str]],
    churn: Churn,
    params: Features,
    engine: Engine,
    start: date,
    end: date,
    work: Path,
    out: Path,
) -> None:
    counted = []
    for number in range(month_number(start), month_number(end) + 1):
        first, part = month_start(number), work / "churn_month.parquet"
        needed = lookback_start(first, churn.active_within_days or 0)
        if needed < start or label_end(first, churn.horizon_days) > end:
            continue
        rows = snapshot_sql(columns, churn, params, as_of=first, split="train", chosen=())
        sql = f"""SELECT CAST({number} AS BIGINT) AS month, count(*) AS customers,
            CAST(coalesce(sum(label), 0) AS BIGINT) AS gone FROM ({rows}) AS snapshots"""
        engine.run(sql, paths, part)
        counted.append(pq.read_table(part).cast(CHURN))
    if counted:
        pq.write_table(pa.concat_tables(counted), out / "churn.parquet")


def _write_cohorts(
    paths: Mapping[str, Path],
    columns: Mapping[str, Sequence[str]],
    churn: Churn,
    engine: Engine,
    start: date,
    whole: Sequence[int],
    work: Path,
    out: Path,
) -> None:
    days = f"SELECT * FROM ({life_days(columns, churn)}) AS alive WHERE day >= {literal(start)}"
    seen, active = days, f"SELECT DISTINCT customer_id, {_month('day')} AS month FROM ({days}) AS days"
    if churn.definition == "cancellation" and SUBSCRIPTIONS.name in columns:
        ended = end_of_contract(columns)
        seen = f"SELECT customer_id, started_on AS day FROM {SUBSCRIPTIONS.name}"
        # One that ended on the first of a month is over; one that began and ended in a month was there.
        active = f"""SELECT DISTINCT customer_id, month FROM {SUBSCRIPTIONS.name} JOIN ({_calendar(whole)}) AS calendar
            ON started_on < next AND ({ended} IS NULL OR {ended} > first OR started_on >= first)"""
    first_seen = f"SELECT customer_id, {_month('min(day)')} AS cohort FROM ({seen}) AS seen GROUP BY customer_id"
    if not engine.run(f"{first_seen} ORDER BY customer_id", paths, out / "first_seen.parquet"):
        (out / "first_seen.parquet").unlink()
        return
    engine.run(active, paths, work / "active.parquet", passing=True)
    retention = f"""
        SELECT cohort, month, count(*) AS active FROM active JOIN first_seen
        ON first_seen.customer_id = active.customer_id
        WHERE month BETWEEN {whole[0]} AND {whole[-1]} AND cohort BETWEEN {whole[0]} AND {whole[-1]}
        GROUP BY cohort, month ORDER BY cohort, month"""
    given = {"active": work / "active.parquet", "first_seen": out / "first_seen.parquet"}
    engine.run(retention, given, out / "retention.parquet")


def _counts(
    paths: Mapping[str, Path], columns: Mapping[str, Sequence[str]], engine: Engine, whole: Sequence[int], work: Path
) -> dict[str, str]:
    """SQL of the files that aggregate one table by month."""
    told = {}
    if TRANSACTIONS.name in columns and (held := _held(TRANSACTIONS.name, paths, engine, whole, work)):
        order = "CAST(occurred_on AS VARCHAR)"
        order = f"coalesce(order_id, {order})" if "order_id" in columns[TRANSACTIONS.name] else order
        bought = f"""
            SELECT customer_id, {_month("occurred_on")} AS bought, count(DISTINCT {order}) AS orders
            FROM {TRANSACTIONS.name} WHERE {TRANSACTIONS.alive} GROUP BY customer_id, bought"""
        if held[WINDOW_MONTHS - 1 :]:
            told["purchases"] = f"""
                SELECT month, count(*) AS customers, count(CASE WHEN orders > 1 THEN 1 END) AS again FROM (
                    SELECT customer_id, month, sum(orders) AS orders FROM ({bought}) AS by_month
                    JOIN ({_calendar(held[WINDOW_MONTHS - 1 :])}) AS calendar
                    ON bought BETWEEN month - {WINDOW_MONTHS - 1} AND month GROUP BY customer_id, month) AS windows
                GROUP BY month"""
    doing = ACTIVITY if ACTIVITY.name in columns else TRANSACTIONS
    if doing.name in columns and (held := _held(doing.name, paths, engine, whole, work)):
        told["active_days"] = f"""
            SELECT month, count(*) AS customers, CAST(sum(days) AS BIGINT) AS days,
                CAST(sum(days * days) AS BIGINT) AS squares FROM (
                SELECT customer_id, {_month(doing.day)} AS month, count(DISTINCT {doing.day}) AS days FROM {doing.name}
                WHERE {doing.alive} GROUP BY customer_id, month) AS by_month
            WHERE month BETWEEN {held[0]} AND {held[-1]} GROUP BY month"""
    if "kind" in columns.get(SURVEYS.name, ()):
        told["nps"] = f"""
            SELECT {_month(SURVEYS.day)} AS month, count(*) AS answers, count(CASE WHEN score >= 9 THEN 1 END) AS promoters,
                count(CASE WHEN score <= 6 THEN 1 END) AS detractors
            FROM {SURVEYS.name} WHERE {says("kind", NPS)} AND score BETWEEN 0 AND 10
            AND {SURVEYS.day} >= {literal(month_start(whole[0]))} AND {known(SURVEYS.day, month_start(whole[-1] + 1))}
            GROUP BY {_month(SURVEYS.day)}"""
    return told


def _held(name: str, paths: Mapping[str, Path], engine: Engine, whole: Sequence[int], work: Path) -> list[int]:
    """Those of the months that a table holds whole: it may begin later, or end earlier, than the events."""
    table, out = TABLES[name], work / "ends.parquet"
    engine.run(f"SELECT min({table.day}) AS first, max({table.day}) AS last FROM {name}", paths, out)
    first, last = (pq.read_table(out)[column][0].as_py() for column in ("first", "last"))
    if first is None:
        return []
    slack = timedelta(_SLACK_DAYS)
    return [
        number
        for number in whole
        if first - slack <= month_start(number) and month_start(number + 1) <= last + slack + timedelta(1)
    ]


def _calendar(numbers: Sequence[int]) -> str:
    """SQL: (month, first, next): number, first day, and first day of the month after."""
    return " UNION ALL ".join(
        f"SELECT {number} AS month, {literal(month_start(number))} AS first, {literal(month_start(number + 1))} AS next"
        for number in numbers
    )


def _month(day: str) -> str:
    """SQL: the number of the month of a day."""
    return f"CAST(12 * year({day}) + month({day}) - 1 AS BIGINT)"

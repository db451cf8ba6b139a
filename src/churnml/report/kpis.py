"""KPIs by month and cohort: rates, with intervals, from the counts that `churnml.features.months` wrote.

Formulas:

* churn rate = customers who left within the horizon / customers who could leave at the first midnight of the month.
* cohort retention = customers first seen in a month who were there in month k after / all first seen in that month. Never
  customers at the end / at the start, which new customers flatter.
* repurchase rate = customers with two or more purchases / customers with a purchase, in three months, the month being the last.
* active days = days with activity (without such a table: with a purchase) / customers with one, in the month.
* NPS = % promoters (9, 10) - % detractors (0 to 6) of the month's answers.
* CLV = mean expected margin over the stated horizon of who is scored today, by month of the first sign of life.

Intervals are 95 %: Wilson's for shares; normal ones for NPS, means of days, and CLV.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from churnml.metrics import share_interval
from churnml.ports import Engine

COHORTS = 24
"""At most so many, the newest."""

_Z = 1.959964
_MONTHS = 12


@dataclass(frozen=True)
class Kpis:
    """KPIs of a company; None where its tables don't tell one. `month` and `cohort` are first days of months.

    Attributes:
        churn: month, customers, left, rate, low, high.
        retention: cohort, month_number, customers (of the cohort), active, share, low, high, before: whether customers
            of this cohort may have been there before the data begin, so that it isn't a true one.
        repurchase: month, customers, again, rate, low, high.
        active_days: month, customers, mean (days), low, high.
        nps: month, answers, promoters, detractors, nps (-100 to 100), low, high.
        clv: cohort, customers, mean (currency units), low, high, before.
    """

    churn: pd.DataFrame | None
    retention: pd.DataFrame | None
    repurchase: pd.DataFrame | None
    active_days: pd.DataFrame | None
    nps: pd.DataFrame | None
    clv: pd.DataFrame | None


def kpis(
    *,
    counts: Path,
    earlier_until: date,
    last: date | None,
    window_days: int,
    scored: Path,
    engine: Engine,
    work: Path,
) -> Kpis:
    """The KPIs of the months that were counted.

    Args:
        counts: folder that `churnml.features.write_months` wrote.
        earlier_until: cohorts that begin before that day are no true ones.
        last: first day of the last month that was counted; None where the data hold no whole month.
        window_days: length of the window that value is measured in.
        scored: scored.parquet of a pack, with `value`; it needn't be there.
        engine: where the SQL runs.
        work: a folder for work in progress.
    """
    return Kpis(
        churn=_read(counts / "churn.parquet", lambda rows: _rates(rows, "gone").rename(columns={"gone": "left"})),
        retention=_read(counts / "retention.parquet", lambda rows: _retention(rows, earlier_until, last)),
        repurchase=_read(counts / "purchases.parquet", lambda rows: _rates(rows, "again")),
        active_days=_read(counts / "active_days.parquet", _active_days),
        nps=_read(counts / "nps.parquet", _nps),
        clv=_clv(counts / "first_seen.parquet", earlier_until, window_days, scored, engine, work),
    )


def _read(path: Path, told: Callable[[pd.DataFrame], pd.DataFrame]) -> pd.DataFrame | None:
    """What the rows of a file say; None where it isn't there or has none."""
    if not path.is_file():
        return None
    rows = pq.read_table(path).to_pandas()
    said = told(rows) if len(rows) else rows
    return said.reset_index(drop=True) if len(said) else None


def _months(numbers: "pd.Series[int]") -> list[date]:
    return [date(int(number) // _MONTHS, int(number) % _MONTHS + 1, 1) for number in numbers]


def _rates(rows: pd.DataFrame, counted: str) -> pd.DataFrame:
    """A share of the customers of each month; months without any have none."""
    rows = rows[rows["customers"] > 0]
    ends = [share_interval(int(n), int(of)) for n, of in zip(rows[counted], rows["customers"], strict=True)]
    return pd.DataFrame(
        {
            "month": _months(rows["month"]),
            "customers": rows["customers"].to_numpy(),
            counted: rows[counted].to_numpy(),
            "rate": (rows[counted] / rows["customers"]).to_numpy(),
            "low": [low for low, _ in ends],
            "high": [high for _, high in ends],
        }
    )


def _retention(rows: pd.DataFrame, earlier_until: date, last: date | None) -> pd.DataFrame:
    """Cells of the heat map; a month in which nobody of a cohort was there is a cell, too."""
    active = {(row["cohort"], row["month"]): row["active"] for row in rows.to_dict("records")}
    newest = _MONTHS * last.year + last.month - 1 if last else max(month for _, month in active)
    cells = []
    for cohort in sorted({cohort for cohort, _ in active})[-COHORTS:]:
        customers, first = active.get((cohort, cohort), 0), date(cohort // _MONTHS, cohort % _MONTHS + 1, 1)
        for month in range(cohort, newest + 1) if customers else ():
            count = active.get((cohort, month), 0)
            low, high = share_interval(count, customers)
            shares = (count, count / customers, low, high)
            cells.append((first, month - cohort, customers, *shares, first < earlier_until))
    return pd.DataFrame(
        cells, columns=["cohort", "month_number", "customers", "active", "share", "low", "high", "before"]
    )


def _active_days(rows: pd.DataFrame) -> pd.DataFrame:
    count, mean = rows["customers"].to_numpy(), (rows["days"] / rows["customers"]).to_numpy()
    spread = np.sqrt(np.clip(rows["squares"].to_numpy() / count - mean**2, 0, None))
    half = _Z * spread / np.sqrt(count)
    return pd.DataFrame(
        {"month": _months(rows["month"]), "customers": count, "mean": mean, "low": mean - half, "high": mean + half}
    )


def _nps(rows: pd.DataFrame) -> pd.DataFrame:
    answers = rows["answers"].to_numpy()
    above, below = (rows[name].to_numpy() / answers for name in ("promoters", "detractors"))
    balance = above - below
    half = _Z * np.sqrt(np.clip(above + below - balance**2, 0, None) / answers)
    said = {"month": _months(rows["month"]), **{name: rows[name] for name in ("answers", "promoters", "detractors")}}
    said |= {"nps": 100 * balance, "low": 100 * np.clip(balance - half, -1, 1)}
    return pd.DataFrame({**said, "high": 100 * np.clip(balance + half, -1, 1)})


def _clv(
    first_seen: Path, earlier_until: date, window_days: int, scored: Path, engine: Engine, work: Path
) -> pd.DataFrame | None:
    """Who is scored today, by cohort; None where nobody knows the value.

    Cohorts that weren't there for all of the window are left out: they spent in a part of it alone.
    """
    if not first_seen.is_file() or not scored.is_file():
        return None
    sql = f"""
        SELECT cohort, count(*) AS customers, avg(value) AS mean, coalesce(stddev_samp(value), 0) AS spread
        FROM scored JOIN first_seen ON first_seen.customer_id = scored.customer_id
        WHERE cohort < 12 * year(as_of - {window_days}) + month(as_of - {window_days}) - 1 GROUP BY cohort ORDER BY cohort"""
    engine.run(sql, {"scored": scored, "first_seen": first_seen}, work / "clv.parquet")
    rows = pq.read_table(work / "clv.parquet").to_pandas().tail(COHORTS)
    if not (rows["mean"] > 0).any():
        return None
    cohorts, mean = _months(rows["cohort"]), rows["mean"].round(6).to_numpy()
    half = (_Z * rows["spread"] / np.sqrt(rows["customers"])).round(6).to_numpy()
    return pd.DataFrame(
        {
            "cohort": cohorts,
            "customers": rows["customers"].to_numpy(),
            "mean": mean,
            "low": np.clip(mean - half, 0, None),
            "high": mean + half,
            "before": [cohort < earlier_until for cohort in cohorts],
        }
    )

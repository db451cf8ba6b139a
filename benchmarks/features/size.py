"""Six as_of dates of a million customers: how long and with how much memory, beside one scan of their tables, pandas and Polars.

    python benchmarks/features/size.py [--customers 1000000] [--folder DIR]

Each customer has 20 lines of transactions, 20 activities and a ticket on average, some many and most few, over two years, in
tables as ingest writes them. What is measured runs in a process of its own: CPU seconds on all cores, and its largest memory.

* floor: DuckDB reads the three tables and groups each by customer once, with the largest value of each column.
* narrow floor: the same of those columns alone that the features need, with a sum and the first and last day.
* snapshots: churnml's panel of the preset `small` at six as_of dates, labels with it.
* panel: all that `churnml features` does, customers compared with each other, context and volumes with it.
* pandas, Polars (streaming): the same features of these tables at one as_of, for who can leave; without labels. Their values
  are compared with churnml's, to nine digits, at a twentieth of the size. Polars is measured where it is installed.

Must: snapshots in at most 10 times the floor's CPU time (stretch: 5) and 2 GB; from a twentieth of the customers to all at
most 1.2 times linear; and within `memory_limit: 1GB` the same bytes.
"""

import argparse
import hashlib
import importlib.util
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from churnml.adapters.duckdb import DuckDBEngine
from churnml.config import Churn, Features, Panel
from churnml.features import build_panel
from churnml.features.history import columns_of, table_paths
from churnml.features.query import prepare, snapshot_sql

TIMES, STRETCH, GIGABYTES, GROWTH = 10.0, 5.0, 2.0, 1.2
FIRST, DAYS = date(2024, 1, 1), 730
CHURN = Churn(definition="inactivity", events=("transactions",), horizon_days=28, active_within_days=56)
AS_OF = [FIRST + timedelta(days=DAYS - 28 * back) for back in range(6, 0, -1)]
PANEL = Panel(train=tuple(AS_OF[:-1]), test=tuple(AS_OF[-1:]))
WINDOWS, REACH = (7, 14, 28, 56, 112), 336

_DRAWS = "CREATE OR REPLACE MACRO draw(a, b, salt) AS (hash(a, b, salt) >> 11) / 9007199254740992.0"

_EVENTS = f"""
    SELECT 'C' || lpad(CAST(c AS VARCHAR), 8, '0') AS customer_id, c, k, {{together}} AS together,
        least(draw(c, 1, 0), 0.5) * 800 AS born, CASE WHEN draw(c, 2, 0) < 0.7 THEN {DAYS} ELSE 400 + 330 * draw(c, 3, 0) END AS gone
    FROM (SELECT c, unnest(range(CAST({{count}} AS BIGINT))) AS k FROM range({{customers}}) AS t(c)) AS each"""

_MOMENT = f"TIMESTAMP '{FIRST}' + to_seconds(CAST(86400 * (born % 400 + (gone - born % 400) * draw(c, together, {{salt}})) AS BIGINT))"
_MANY = "ceil(-19.5 * ln(1 - draw(c, 4, {salt})))"

TABLES = {
    "transactions": (
        _MANY.format(salt=1), "k // 2", 11,
        """CAST(CASE WHEN draw(c, k, 12) < 0.02 THEN -1 ELSE 1 END * round(3 - 20 * ln(1 - draw(c, k, 13)), 2) AS DECIMAL(18, 4)) AS amount,
        CAST(c * 1000 + together AS VARCHAR) AS order_id, 'P' || CAST(floor(20000 * pow(draw(c, k, 14), 3)) AS INT) AS product,
        CAST(1 + floor(3 * draw(c, k, 15)) AS DECIMAL(18, 4)) AS quantity""",
    ),
    "activity": (
        _MANY.format(salt=2), "k", 21,
        """CASE WHEN draw(c, k, 22) < 0.4 THEN 'login' WHEN draw(c, k, 22) < 0.99 THEN 'use'
            WHEN draw(c, k, 22) < 0.995 THEN 'payment overdue' ELSE 'cancel page viewed' END AS event,
        'feature ' || CAST(floor(40 * pow(draw(c, k, 23), 2)) AS INT) AS feature""",
    ),
    "tickets": (
        "floor(-1.46 * ln(1 - draw(c, 4, 3)))", "k", 31,
        """CAST(c * 1000 + k AS VARCHAR) AS ticket_id,
        CASE WHEN draw(c, k, 32) < 0.95 THEN moment + to_seconds(CAST(-40000 * ln(1 - draw(c, k, 33)) AS BIGINT)) END AS first_response_at,
        CASE WHEN draw(c, k, 32) < 0.9 THEN moment + to_seconds(CAST(40000 - 200000 * ln(1 - draw(c, k, 34)) AS BIGINT)) END AS resolved_at,
        CASE WHEN draw(c, k, 35) < 0.3 THEN 'complaint' ELSE 'question' END AS kind""",
    ),
}  # fmt: skip


def generate(folder: Path, customers: int) -> None:
    """Write the tables in the order, and in row groups, as ingest does."""
    folder.mkdir(parents=True)
    database = duckdb.connect()
    database.execute("SET memory_limit = '4GB'")
    database.execute("SET enable_progress_bar = false")
    database.execute(f"SET temp_directory = '{folder}'")
    database.execute(_DRAWS)
    for name, (count, together, salt, cells) in TABLES.items():
        time = "opened" if name == "tickets" else "occurred"
        events = _EVENTS.format(count=count, customers=customers, together=together)
        drawn = f"SELECT *, {_MOMENT.format(salt=salt)} AS moment FROM ({events}) AS events"
        rows = f"SELECT customer_id, moment AS {time}_at, CAST(moment AS DATE) AS {time}_on, {cells} FROM ({drawn}) AS drawn"
        if name == "tickets":
            days = ", ".join(f"CAST({what}_at AS DATE) AS {what}_on" for what in ("first_response", "resolved"))
            rows = f"SELECT customer_id, opened_at, opened_on, ticket_id, first_response_at, resolved_at, {days}, kind FROM ({rows})"
        reader = database.sql(f"FROM ({rows}) AS made ORDER BY ALL").to_arrow_reader(1 << 17)
        with pq.ParquetWriter(folder / f"{name}.parquet", reader.schema, compression="zstd") as writer:
            for batch in reader:
                writer.write_batch(batch)
    database.close()


def floor(tables: Path, _: Path, limit: str) -> None:
    """One scan and one group-by per table."""
    _grouped(tables, limit, dict.fromkeys(TABLES, "max(COLUMNS(* EXCLUDE (customer_id)))"))


def narrow_floor(tables: Path, _: Path, limit: str) -> None:
    """One scan and one group-by per table, of the columns that features need."""
    cells = {
        "transactions": "min(occurred_on), max(occurred_on), sum(amount), min(product)",
        "activity": "min(occurred_on), max(occurred_on), min(event)",
        "tickets": "min(opened_on), max(opened_at), max(resolved_at)",
    }
    _grouped(tables, limit, cells)


def _grouped(tables: Path, limit: str, cells: Mapping[str, str]) -> None:
    with duckdb.connect() as database:
        database.execute(f"SET memory_limit = '{limit}'")
        for name, sums in cells.items():
            grouped = f"SELECT customer_id, count(*), {sums} FROM '{tables / name}.parquet' GROUP BY customer_id"
            for _ in database.sql(grouped).to_arrow_reader(1 << 17):
                pass


def snapshots(tables: Path, out: Path, limit: str) -> None:
    """The panel alone."""
    paths = table_paths(tables)
    engine, columns = DuckDBEngine(limit), columns_of(paths)
    given = prepare(paths, columns, small(), engine, moments=AS_OF, work=out.parent)
    statements = [snapshot_sql(columns, CHURN, small(), as_of=day, split="train", prepared=True) for day in AS_OF]
    engine.stack(statements, given, out)


def panel(tables: Path, out: Path, limit: str) -> None:
    """The stage."""
    build_panel(tables=tables, churn=CHURN, panel=PANEL, params=small(), engine=DuckDBEngine(limit), out=out)


def small() -> Features:
    """The preset."""
    return Features(windows_days=WINDOWS, history_days=REACH, preset="small")


def with_pandas(tables: Path, out: Path, _: str) -> None:
    """The last as_of by pandas: decimals as floats, days as numbers."""
    import pandas as pd  # noqa: PLC0415  (what isn't measured in this process isn't imported)

    as_of = _number(AS_OF[-1])

    def read(name: str, day: str, *cells: str) -> pd.DataFrame:
        window = [(day, ">=", AS_OF[-1] - timedelta(days=REACH)), (day, "<", AS_OF[-1])]
        table = pq.read_table(tables / f"{name}.parquet", columns=["customer_id", day, *cells], filters=window)
        table = table.set_column(1, "day", table[day].cast(pa.int32()))
        if "amount" in cells:
            table = table.set_column(2, "amount", table["amount"].cast(pa.float64()))
        return table.to_pandas()

    def within(rows: pd.DataFrame, days: int, back: int = 0) -> pd.DataFrame:
        return rows[(rows.day >= as_of - days - back) & (rows.day < as_of - back)]

    lines = read("transactions", "occurred_on", "amount", "product")
    bought = lines[lines.amount >= 0]
    by_day = bought.groupby(["customer_id", "day"], sort=True).amount.sum().reset_index()
    by_day["gap"] = by_day.day.diff().where(by_day.customer_id == by_day.customer_id.shift())
    own = by_day.groupby("customer_id")
    last, first, number = own.day.max(), own.day.min(), own.size()
    found = pd.DataFrame({"recency_days": as_of - last})
    latest = own.amount.last()
    found["last_basket_ratio"] = latest / (own.amount.sum() / number)
    for days in WINDOWS:
        found[f"purchase_days_{days}d"] = within(by_day, days).groupby("customer_id").size()
        found[f"spend_{days}d"] = within(lines, days).groupby("customer_id").amount.sum()
    found["gap_mean_days"] = (last - first) / (number - 1).replace(0, float("nan"))
    found["gap_spread_days"] = own.gap.std()
    found["gap_last_days"] = own.gap.last()
    found["overdue_ratio"] = found.recency_days / found.gap_mean_days
    for what, now, then in (
        ("purchase_days", *(within(by_day, 28, back).groupby("customer_id").size() for back in (0, 28))),
        ("spend", *(within(by_day, 28, back).groupby("customer_id").amount.sum() for back in (0, 28))),
    ):
        recent, before = (part.reindex(found.index).fillna(0) for part in (now, then))
        found[f"{what}_change_28d_before"] = ((recent - before) / (recent + before)).where(as_of - first > 28)
    found["products_112d"] = within(bought, 112).groupby("customer_id")["product"].nunique()
    done = read("activity", "occurred_on", "event")
    done = done[~done.event.isin(["payment overdue", "cancel page viewed"])]
    times = done.groupby("customer_id").day
    started = (as_of - times.min()).reindex(found.index)
    found["activity_recency_days"] = as_of - times.max()
    found["activities_28d"] = within(done, 28).groupby("customer_id").size()
    for days in (28, 112):
        found[f"active_days_{days}d"] = within(done, days).groupby("customer_id").day.nunique()
    found["activity_change_28d_baseline"] = _changed(
        found.activities_28d.fillna(0), times.size().reindex(found.index), started
    )
    tickets = read("tickets", "opened_on", "opened_at", "resolved_at", "resolved_on")
    resolved = pd.to_datetime(tickets.resolved_on) < pd.Timestamp(AS_OF[-1])
    tickets["hours"] = ((tickets.resolved_at - tickets.opened_at).dt.total_seconds() / 3600).where(resolved)
    tickets["open"] = ~resolved
    asked = tickets.groupby("customer_id")
    found["ticket_recency_days"] = as_of - asked.day.max()
    for days in (28, 112):
        found[f"tickets_{days}d"] = within(tickets, days).groupby("customer_id").size()
    found["tickets_open"] = asked.open.sum()
    found["resolution_mean_112d_hours"] = within(tickets, 112).groupby("customer_id").hours.mean()
    found = found[found.recency_days <= 56].sort_index()
    found[[name for name in found if name in _counts()]] = found[[name for name in found if name in _counts()]].fillna(
        0
    )
    found.reset_index().to_parquet(out)


def with_polars(tables: Path, out: Path, _: str) -> None:
    """The last as_of by Polars, streaming: decimals as floats, days as numbers."""
    import polars as pl  # noqa: PLC0415  (it may not be installed)

    as_of, day, amount = _number(AS_OF[-1]), pl.col("day"), pl.col("amount")

    def scan(name: str, column: str) -> pl.LazyFrame:
        rows = pl.scan_parquet(tables / f"{name}.parquet")
        rows = rows.filter(pl.col(column) >= AS_OF[-1] - timedelta(days=REACH), pl.col(column) < AS_OF[-1])
        return rows.with_columns(pl.col(column).cast(pl.Int32).alias("day"))

    def within(days: int, back: int = 0) -> pl.Expr:
        return (day >= as_of - days - back) & (day < as_of - back)

    lines = scan("transactions", "occurred_on").with_columns(amount.cast(pl.Float64))
    bought = lines.filter(amount >= 0)
    by_day = bought.group_by("customer_id", "day").agg(amount.sum())
    by_day = by_day.sort("customer_id", "day").with_columns(
        gap=pl.when(pl.col("customer_id") == pl.col("customer_id").shift()).then(day.diff())
    )
    change = {"purchase_days": pl.lit(1.0), "spend": amount}

    def moved(what: pl.Expr) -> pl.Expr:
        now, then = (pl.when(within(28, back)).then(what).otherwise(0.0).sum() for back in (0, 28))
        return pl.when(as_of - day.min() > 28).then((now - then) / pl.when(now + then != 0).then(now + then))

    number, gap = pl.len(), pl.col("gap")
    ours = by_day.group_by("customer_id").agg(
        recency_days=as_of - day.max(),
        last_basket_ratio=amount.sort_by("day").last() / (amount.sum() / number),
        gap_mean_days=gap.mean(),
        gap_spread_days=gap.std(),
        gap_last_days=gap.sort_by("day").last(),
        **{f"purchase_days_{days}d": within(days).sum() for days in WINDOWS},
        **{f"{name}_change_28d_before": moved(what) for name, what in change.items()},
    )
    ours = ours.with_columns(overdue_ratio=pl.col("recency_days") / pl.col("gap_mean_days"))
    spent = lines.group_by("customer_id").agg(
        **{f"spend_{days}d": amount.filter(within(days)).sum() for days in WINDOWS}
    )
    wide = bought.filter(within(112)).group_by("customer_id").agg(products_112d=pl.col("product").n_unique())
    done = scan("activity", "occurred_on").filter(~pl.col("event").is_in(["payment overdue", "cancel page viewed"]))
    used = done.group_by("customer_id").agg(
        activity_recency_days=as_of - day.max(),
        activities_28d=within(28).sum(),
        **{f"active_days_{days}d": day.filter(within(days)).n_unique() for days in (28, 112)},
        whole=pl.len(),
        started=as_of - day.min(),
    )
    recent, before, first = pl.col("activities_28d"), pl.col("whole") - pl.col("activities_28d"), pl.col("started")
    now, then = (recent.cast(pl.Float64) * (first - 28)), before.cast(pl.Float64) * 28
    used = used.with_columns(activity_change_28d_baseline=pl.when(first >= 56).then((now - then) / (now + then)))
    resolved = pl.col("resolved_on") < AS_OF[-1]
    hours = (pl.col("resolved_at") - pl.col("opened_at")).dt.total_seconds() / 3600
    asked = scan("tickets", "opened_on").group_by("customer_id").agg(
        ticket_recency_days=as_of - day.max(),
        **{f"tickets_{days}d": within(days).sum() for days in (28, 112)},
        tickets_open=resolved.fill_null(False).not_().sum(),
        resolution_mean_112d_hours=hours.filter(within(112) & resolved).mean(),
    )  # fmt: skip
    found = ours.filter(pl.col("recency_days") <= 56)
    for part in (spent, wide, used.drop("whole", "started"), asked):
        found = found.join(part, on="customer_id", how="left")
    found = found.with_columns(pl.col(_counts()).fill_null(0)).sort("customer_id")
    found.collect(engine="streaming").write_parquet(out)


def _number(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def _changed(now: Any, whole: Any, first: Any) -> Any:
    now, then = now * (first - 28), (whole - now) * 28
    return ((now - then) / (now + then)).where(first >= 56)


def _counts() -> list[str]:
    """Features that are 0 for who has no row."""
    return [
        *(f"{what}_{days}d" for what in ("purchase_days", "spend") for days in WINDOWS), "products_112d", "activities_28d",
        "active_days_28d", "active_days_112d", "tickets_28d", "tickets_112d", "tickets_open",
    ]  # fmt: skip


PARTS: dict[str, Callable[[Path, Path, str], None]] = {
    "floor": floor,
    "narrow_floor": narrow_floor,
    "snapshots": snapshots,
    "panel": panel,
    "pandas": with_pandas,
    "polars": with_polars,
}


def measured(part: str, tables: Path, out: Path, limit: str = "2GB") -> tuple[float, float]:
    """CPU seconds and largest memory in GB of a process of its own; what it imports at its start doesn't count."""
    arguments = [sys.executable, __file__, "--part", part, "--folder", str(tables), "--out", str(out), "--limit", limit]
    cpu, memory = subprocess.run(arguments, check=True, stdout=subprocess.PIPE, text=True).stdout.split()
    return float(cpu), float(memory)


def shown(what: str, used: tuple[float, float], floor: float) -> tuple[float, float]:
    """Print one line of the table."""
    print(f"{what:34} {used[0]:8.1f} CPU s {used[0] / floor:6.1f} x floor {used[1]:6.2f} GB", flush=True)
    return used


def equal(ours: Path, theirs: Path) -> str:
    """How the values of one as_of compare: of the same customers, to nine digits."""
    left = pq.read_table(ours, filters=[("as_of", "=", AS_OF[-1])])
    right = pq.read_table(theirs)
    if left["customer_id"].to_pylist() != right["customer_id"].to_pylist():
        return f"{left.num_rows} customers here, {right.num_rows} there"
    names = [name for name in right.column_names if name != "customer_id"]
    return ", ".join(name for name in names if not _same(left[name], right[name])) or f"{len(names)} features equal"


def _same(left: pa.ChunkedArray, right: pa.ChunkedArray) -> bool:
    values = [pc.fill_null(pc.cast(column, pa.float64()), float("nan")).to_numpy() for column in (left, right)]
    here, there = values
    empty = np.isnan(here) & np.isnan(there)
    return bool((empty | (abs(here - there) <= 1e-9 * (1 + abs(here)))).all())


def main(customers: int, folder: Path) -> int:
    """Measure and print."""
    few, many = folder / "few", folder / "many"
    for tables, count in ((few, customers // 20), (many, customers)):
        if not tables.exists():
            generate(tables, count)
        rows = {name: pq.read_metadata(tables / f"{name}.parquet").num_rows for name in TABLES}
        print(f"{count:,} customers, {', '.join(f'{number:,} {name}' for name, number in rows.items())}", flush=True)
    scan_few, scan = measured("floor", few, folder / "floor")[0], measured("floor", many, folder / "floor")
    shown("floor", scan, scan[0])
    narrow = shown("narrow floor", measured("narrow_floor", many, folder / "floor"), scan[0])
    ours_few = measured("snapshots", few, folder / "few.parquet")
    ours = shown("snapshots, 6 as_of", measured("snapshots", many, folder / "many.parquet"), scan[0])
    tight = shown("snapshots, 6 as_of, 1GB", measured("snapshots", many, folder / "tight.parquet", "1GB"), scan[0])
    print(f"{pq.read_metadata(folder / 'many.parquet').num_rows:,} snapshots")
    shown("panel, 6 as_of", measured("panel", many, folder / "panel"), scan[0])
    for name in ("pandas", "polars"):
        if importlib.util.find_spec(name) is None:
            print(f"{name}: not installed")
            continue
        measured(name, few, folder / f"{name}.parquet")
        agreed = equal(folder / "few.parquet", folder / f"{name}.parquet")
        shown(f"{name}, 1 as_of", measured(name, many, folder / f"{name}.parquet"), scan[0])
        print(f"{'':34} a twentieth: {agreed}")
    growth = ours[0] / ours_few[0] / 20
    same = (
        len({hashlib.sha256((folder / f"{name}.parquet").read_bytes()).hexdigest() for name in ("many", "tight")}) == 1
    )
    print(
        f"{ours[0] / scan[0]:.1f} times the floor (must: {TIMES}, stretch: {STRETCH}); {ours[1]:.2f} GB (must: {GIGABYTES})"
    )
    print(f"{ours[0] / narrow[0]:.1f} times the narrow floor")
    print(f"growth {growth:.2f} times linear (must: {GROWTH}; the floor's: {scan[0] / scan_few / 20:.2f})")
    print(f"1GB: {'the same bytes' if same else 'OTHER BYTES'} in {tight[1]:.2f} GB")
    return int(ours[0] > TIMES * scan[0] or ours[1] > GIGABYTES or growth > GROWTH or not same)


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--customers", type=int, default=1_000_000)
    options.add_argument("--folder", type=Path, help="keeps the tables; a temporary one otherwise")
    options.add_argument("--part", choices=PARTS, help=argparse.SUPPRESS)
    options.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    options.add_argument("--limit", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.part:
        begun = time.process_time()
        PARTS[chosen.part](chosen.folder, chosen.out, chosen.limit)
        print(time.process_time() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6)
        sys.exit()
    with TemporaryDirectory() as passing:
        sys.exit(main(chosen.customers, chosen.folder or Path(passing)))

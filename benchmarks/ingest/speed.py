"""How fast a large CSV becomes contract-checked rows, beside DuckDB alone, which only converts it.

    python benchmarks/ingest/speed.py [--gigabytes 1] [--language en|zh]

The file is a shop's orders line by line: eleven columns, six of them mapped. Each round measures, one after the other:
DuckDB reading the UTF-8 file and writing it as Parquet, and churnml reading it until every row is typed and checked,
before equal rows are dropped and all are sorted. With `zh` the lines hold Chinese text, and churnml reads the same file
in GB18030, which DuckDB can't. Both have all cores. The share that counts is DuckDB's time by ours, per round.
"""

import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import typer

from churnml.adapters.duckdb import DuckDBEngine
from churnml.config import Source
from churnml.contracts.tables import TABLES
from churnml.ingest.clean import checked, mapped
from churnml.ingest.find import ExportFile
from churnml.ingest.map import stage_source
from churnml.ingest.readings import readings_of

ROUNDS, CUSTOMERS = 3, 100_000
COLUMNS = {
    "customer_id": "household_id",
    "occurred_at": "transaction_timestamp",
    "amount": "sales_value",
    "order_id": "basket_id",
    "product": "product",
    "quantity": "quantity",
}
LINES = {
    "en": "'P' || hash(i * 13) % 90000 AS product, 'store ' || hash(i * 11) % 700 AS store",
    "zh": "'商品' || hash(i * 13) % 90000 AS product, '上海市第' || hash(i * 11) % 700 || '门店' AS store",
}


def main(gigabytes: float = 1.0, language: str = "en") -> None:
    """Rounds of both, with seconds and shares."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        plain, read = _written(work, int(gigabytes * 1e9), language)
        print(f"{plain.stat().st_size / 1e9:.2f} GB of UTF-8; churnml reads {read.name}", flush=True)
        for _ in range(ROUNDS):
            alone = _seconds(lambda: _converted(plain, work))
            parts = _ours(read, work)
            ours = sum(parts)
            told = ", ".join(
                f"{name} {seconds:.1f}" for name, seconds in zip(("text", "evidence", "checks"), parts, strict=True)
            )
            print(f"DuckDB {alone:.1f} s, churnml {ours:.1f} s ({told}): {alone / ours:.0%}", flush=True)
    print(
        f"at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB of memory, DuckDB's share included"
    )


def _written(work: Path, size: int, language: str) -> tuple[Path, Path]:
    """The file in UTF-8, and as churnml reads it."""
    path = work / "orders.csv"
    rows = f"""SELECT 'C' || hash(i) % {CUSTOMERS} AS household_id, {LINES[language]}, 31198000000 + (i // 5) AS basket_id,
        hash(i * 17) % 4 + 1 AS quantity, round((hash(i * 3) % 3000) / 100.0, 2) AS sales_value,
        round((hash(i * 5) % 100) / 100.0, 2) AS retail_disc, 0 AS coupon_disc, 0 AS coupon_match_disc, hash(i * 7) % 53 AS week,
        strftime(TIMESTAMP '2024-01-01' + to_seconds((hash(i * 7) % 31536000)::BIGINT), '%Y-%m-%d %H:%M:%S') AS transaction_timestamp"""
    duckdb.sql(f"COPY ({rows} FROM range(1, 10001) AS t(i)) TO '{path}' (HEADER)")
    lines = size * 10_000 // path.stat().st_size
    duckdb.sql(f"COPY ({rows} FROM range(1, {lines}) AS t(i)) TO '{path}' (HEADER)")
    if language == "en":
        return path, path
    other = work / "orders_gb18030.csv"
    with path.open(encoding="utf-8") as source, other.open("w", encoding="gb18030") as out:
        while part := source.read(1 << 24):
            out.write(part)
    return path, other


def _converted(path: Path, work: Path) -> None:
    duckdb.sql(f"COPY (FROM read_csv('{path}')) TO '{work / 'alone.parquet'}' (FORMAT parquet, COMPRESSION zstd)")


def _ours(path: Path, work: Path) -> tuple[float, float, float]:
    source, table, engine = (
        Source(table="transactions", path=path.name, columns=COLUMNS),
        TABLES["transactions"],
        DuckDBEngine("4GB"),
    )
    begun = time.perf_counter()
    staged = stage_source([ExportFile(path, path.name)], source, work / "staged.parquet")
    text = time.perf_counter()
    fields = mapped(table, staged.columns)
    readings = readings_of(
        source,
        fields,
        staged.path,
        engine,
        typed=staged.typed,
        settled=staged.settled,
        private=[],
        max_share=0.01,
        work=work,
    )
    looked = time.perf_counter()
    sql = checked(table, source, staged.columns, "UTC", staged.others, readings)
    engine.run(sql, {"staged": staged.path}, work / "checked.parquet", passing=True)
    return text - begun, looked - text, time.perf_counter() - looked


def _seconds(work: Callable[[], None]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    duckdb.sql("SET enable_progress_bar = false")
    typer.run(main)

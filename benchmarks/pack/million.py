"""From a panel to a pack: how long for a million customers, as a multiple of LightGBM's own prediction, and how much memory.

    python benchmarks/pack/million.py [--customers 1000000]

A simulated shop is trained with the default params; its customers are drawn again under new ids, with names, until there are
as many. Measured are `Booster.predict` on their features as one matrix of float64, and everything from snapshots to files on
disk, with reasons for those who are called, plays and alerts; CPU seconds and wall, and the largest memory of the process. Beside it what
reasons alone take for 20,000 of them, and LightGBM's own contributions for the same rows.

Must: reasons in at most 1.5 times the contributions' CPU time; the pack in at most 3 times the prediction's and as many times the
contributions' of those who are called; and 4 GB.
"""

import argparse
import resource
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from churnml.adapters.duckdb import DuckDBEngine
from churnml.bundle import ModelBundle
from churnml.config import read_params
from churnml.contracts.files import UNSCORED, House
from churnml.features import ask, condition, snapshot, write_context, write_peers
from churnml.pipeline import run_calibrate, run_features, run_ingest, run_train
from churnml.score import Export, score
from churnml.score.why import reasons_of
from churnml.simulate import simulate, world_of

TIMES, TIMES_REASONS, GIGABYTES = 3.0, 1.5, 4.0
EXPLAINED, OWNERS = 20_000, 500


def trained(root: Path) -> tuple[House, ModelBundle]:
    """A finished project."""
    simulate(root, world_of("retail", ()), customers=3000, seed=7, twists=())
    house = House(root)
    params, engine = read_params(house.params), DuckDBEngine("2GB")
    run_ingest(params, house, engine)
    run_features(params, house, engine)
    run_train(params, house)
    run_calibrate(params, house)
    return house, ModelBundle.load(house.bundle)


def grown(house: House, bundle: ModelBundle, customers: int, work: Path) -> Export:
    """The export of that shop with many customers."""
    engine, params = DuckDBEngine("2GB"), bundle.params
    rows, peers, context, asked = (work / f"{name}.parquet" for name in ("snapshots", "peers", "context", "asked"))
    how = {"tables": house.tables, "churn": params.churn, "engine": engine, "work": work}
    moment = snapshot(**how, params=params.features, as_of=None, out=rows)
    write_peers(**how, params=params.features, as_of=moment, out=peers)
    write_context(**how, private=(), snapshots=rows, as_of=moment, out=context)
    found = condition(**how, params=params.features, snapshots=rows, as_of=moment)
    what = ask(bundle.rules, **how, params=params.features, as_of=moment, out=asked)
    names = pa.array([f"{number:09d}" for number in range(customers)])
    few, compared, lived, known = (pq.read_table(path) for path in (rows, peers, context, asked))
    drawn = np.sort(np.random.default_rng(7).integers(0, few.num_rows, customers))
    for path, table in ((rows, few), (peers, compared), (context, lived), (asked, known)):
        many = table.take(pa.array(drawn % table.num_rows)).set_column(0, table.schema.field("customer_id"), names)
        pq.write_table(many, path)
        del many
    tables = work / "tables"
    tables.mkdir()
    people = {name: pa.array([f"{name} {number}" for number in range(customers)]) for name in params.score.keep}
    people["owner"] = pa.array([f"owner {number % OWNERS}" for number in range(customers)])
    pq.write_table(pa.table({"customer_id": names, **people}), tables / "customers.parquet")
    return Export(
        as_of=moment,
        tables=tables,
        snapshots=rows,
        peers=peers,
        context=context,
        unscored=UNSCORED.empty_table(),
        condition=found,
        newest=False,
        asked=asked,
        told=what.told,
        asleep=what.asleep,
    )


def timed(what: str, begun: tuple[float, float]) -> float:
    """CPU seconds since then, printed."""
    cpu, wall = time.process_time() - begun[0], time.perf_counter() - begun[1]
    print(f"{what:28} {cpu:6.1f} CPU s, {wall:6.1f} s", flush=True)
    return cpu


def main(customers: int) -> int:
    """Measure and print."""
    with TemporaryDirectory() as folder:
        work = Path(folder)
        house, bundle = trained(work / "shop")
        export = grown(house, bundle, customers, work)
        matrix = bundle.model.columns.matrix(pq.read_table(export.snapshots))
        begun = time.process_time(), time.perf_counter()
        bundle.model.booster.predict(matrix)
        own = timed(f"LightGBM, {matrix.shape[1]} features", begun)
        del matrix
        few = pq.read_table(export.snapshots).take(pa.array(np.linspace(0, customers - 1, EXPLAINED).astype(int)))
        begun = time.process_time(), time.perf_counter()
        bundle.model.contributions(few)
        theirs = timed(f"contributions of {EXPLAINED:,}", begun)
        begun = time.process_time(), time.perf_counter()
        reasons_of(bundle, few)
        ours = timed(f"reasons of {EXPLAINED:,}", begun)
        begun = time.process_time(), time.perf_counter()
        pack = score(bundle=bundle, export=export, engine=DuckDBEngine("2GB"), out=work / "lists")
        whole = timed("snapshots to pack", begun)
        print(f"{'':28} {', '.join(f'{count:,} {tier}' for tier, count in pack.customers.items())}")
    called = sum(pack.customers[tier] for tier in bundle.decision.contacted)
    allowed = TIMES * own + TIMES_REASONS * theirs * called / EXPLAINED
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"reasons {ours / theirs:.2f} times the contributions (must: {TIMES_REASONS})")
    print(f"pack {whole:.1f} of {allowed:.1f} CPU s allowed; {used:.1f} GB (must: {GIGABYTES})")
    return int(ours > TIMES_REASONS * theirs or whole > allowed or used > GIGABYTES)


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--customers", type=int, default=1_000_000)
    sys.exit(main(options.parse_args().customers))

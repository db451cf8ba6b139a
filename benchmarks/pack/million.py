"""From a panel to a pack: how long for a million customers, as a multiple of LightGBM's own prediction, and how much memory.

    python benchmarks/pack/million.py [--customers 1000000]

A simulated shop is trained with the default params; its customers are drawn again under new ids, with names, until there are
as many. Measured are `Booster.predict` on their features as one matrix of float64, and everything from snapshots to files on
disk; CPU seconds and wall, and the largest memory of the process. Must: at most 3 times the prediction's CPU time, and 4 GB.
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
from churnml.features import condition, snapshot, write_context, write_peers
from churnml.pipeline import run_calibrate, run_features, run_ingest, run_train
from churnml.score import Export, score
from churnml.simulate import simulate, world_of

TIMES, GIGABYTES = 3.0, 4.0


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
    rows, peers, context = (work / f"{name}.parquet" for name in ("snapshots", "peers", "context"))
    how = {"tables": house.tables, "churn": params.churn, "engine": engine, "work": work}
    moment = snapshot(**how, params=params.features, as_of=None, out=rows)
    write_peers(**how, params=params.features, as_of=moment, out=peers)
    write_context(**how, private=(), snapshots=rows, as_of=moment, out=context)
    found = condition(**how, params=params.features, snapshots=rows, as_of=moment)
    names = pa.array([f"{number:09d}" for number in range(customers)])
    few, compared, lived = (pq.read_table(path) for path in (rows, peers, context))
    drawn = np.sort(np.random.default_rng(7).integers(0, few.num_rows, customers))
    for path, table in ((rows, few), (peers, compared), (context, lived)):
        many = table.take(pa.array(drawn % table.num_rows)).set_column(0, table.schema.field("customer_id"), names)
        pq.write_table(many, path)
        del many
    tables = work / "tables"
    tables.mkdir()
    people = {name: pa.array([f"{name} {number}" for number in range(customers)]) for name in params.score.keep}
    pq.write_table(pa.table({"customer_id": names, **people}), tables / "customers.parquet")
    return Export(moment, tables, rows, peers, context, pa.table([[], [], []], schema=UNSCORED), found, newest=False)


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
        begun = time.process_time(), time.perf_counter()
        pack = score(bundle=bundle, export=export, engine=DuckDBEngine("2GB"), out=work / "lists")
        whole = timed("snapshots to pack", begun)
        print(f"{'':28} {', '.join(f'{count:,} {tier}' for tier, count in pack.customers.items())}")
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{whole / own:.2f} times LightGBM's prediction (must: {TIMES}); {used:.1f} GB (must: {GIGABYTES})")
    return int(whole > TIMES * own or used > GIGABYTES)


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--customers", type=int, default=1_000_000)
    sys.exit(main(options.parse_args().customers))

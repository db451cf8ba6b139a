"""Is the stated cause the true one? Simulated worlds with all tables, where every departure has a known cause, or none.

    python benchmarks/quality/causes.py [--customers 8000] [--seeds 7] [--folder DIR] [both saas retail]

Whoever the model that `churnml train` fits puts into the first tier at a test cutoff, and who leaves by the definition of
the world's own params.yaml: the cause that their lists would state, against the cause of the departure behind it (the
last one before the end of the label window from which they hadn't come back by the cutoff). Beside it the best that
anybody could say: the largest hazard of the week in which they left, known to nobody but the simulator. And how many leave a trace:
anything that suffices as evidence speaks for the true cause, whatever else speaks for another, and of those without a cause for any.

Must hold: right for at least 70 % of those who have a cause, and `none` for most of those who have none. Intervals: Wilson.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from churnml.config import Params, read_params
from churnml.contracts.files import House
from churnml.metrics import share_interval
from churnml.model import Model
from churnml.publish import read_json
from churnml.reasons import why
from churnml.reasons.causes import TELLING
from churnml.reasons.facts import Facts
from churnml.reasons.topics import TOPICS
from churnml.tiers import Decision
from churnml.train.fit import fit
from churnml.value import spend_feature, value

sys.path.append(str(Path(__file__).parent))
from signals import make

RIGHT, NONE = 0.70, 0.50


def listed(panel: pa.Table, model: Model, params: Params) -> pa.Table:
    """Snapshots of test cutoffs in the first tier who leave."""
    test = panel.filter(pc.equal(panel["split"], "test"))
    windows, decision = params.features.windows_days, Decision(params.calibrate.tiers, params.calibrate.order)
    parts = []
    for as_of in pc.unique(test["as_of"]).to_pylist():
        rows = test.filter(pc.equal(test["as_of"], as_of))
        spend = spend_feature(windows)
        spent = rows[spend].to_numpy() if spend in rows.schema.names else np.zeros(rows.num_rows)
        worth = value(spent, windows[-1], params.score.value)
        customers = np.asarray(rows["customer_id"].to_pylist(), dtype=object)
        first = decision.place(customers, model.score(rows), worth).tier == 0
        parts.append(rows.filter(pa.array(first & (rows["label"].to_numpy() == 1))))
    return pa.concat_tables(parts)


def causes(world: Path, rows: pa.Table, horizon_days: int) -> pd.DataFrame:
    """True cause of each departure, and the largest hazard of its week; one row per snapshot that has one, with its place."""
    con = duckdb.connect()
    people = rows.select(["customer_id", "as_of"]).append_column("place", pa.array(range(rows.num_rows)))
    con.register("people", people)
    hazards = [name for name in pq.read_schema(world / "truth/states.parquet").names if name.startswith("hazard_")]
    largest = " ".join(
        f"WHEN {name} = greatest({', '.join(hazards)}) THEN '{name.removeprefix('hazard_')}'" for name in hazards
    )
    return con.sql(f"""
        WITH gone AS (
            SELECT place, customer_id, left_on, cause, row_number() OVER (PARTITION BY place ORDER BY left_on DESC) AS newest
            FROM people JOIN '{world}/truth/departures.parquet' AS departures USING (customer_id)
            WHERE left_on < as_of + {horizon_days} AND (returned_on IS NULL OR returned_on >= as_of))
        SELECT place, cause, CASE {largest} END AS best
        FROM (SELECT * FROM gone WHERE newest = 1) AS gone
        ASOF LEFT JOIN '{world}/truth/states.parquet' AS states ON states.customer_id = gone.customer_id AND states.week <= left_on
        ORDER BY place""").df()  # fmt: skip


def traces(rows: pa.Table, catalog: Sequence[Mapping[str, Any]], windows_days: Sequence[int]) -> list[set[str]]:
    """For which causes anything speaks that suffices as evidence, by row."""
    facts, of = Facts(rows, windows_days), {entry["name"]: entry["cause"] for entry in catalog}
    found: list[set[str]] = [set() for _ in range(len(facts))]
    for one in TELLING:
        [topic] = [topic for topic in TOPICS if topic.name == one.topic]
        for statement in topic.statements:
            true = statement.true_of(facts)
            for row in np.flatnonzero(true if one.if_ is None else true & one.if_(facts)):
                found[row].add(statement.cause or of.get(facts.named(statement.feature), "none"))
    return found


def judged(world: Path) -> pd.DataFrame:
    """True and stated cause, the best guess, and what there are traces of, of each departure in the first tier."""
    house = House(world)
    params = read_params(house.params)
    panel, catalog = pq.read_table(house.panel / "snapshots.parquet"), read_json(house.panel / "catalog.json")
    model = fit(
        panel.filter(pc.equal(panel["split"], "train")), catalog, params.train.model_copy(update={"threads": 1})
    )
    rows = listed(panel, model, params)
    found = causes(world, rows, params.churn.horizon_days)
    said = why(
        model, rows, catalog, windows_days=params.features.windows_days, typical={}, most=3, locale="en", currency=""
    )
    traced = traces(rows, catalog, params.features.windows_days)
    return found.assign(
        stated=said.causes[found["place"].to_numpy()], traces=[traced[place] for place in found["place"]]
    )


def told(name: str, found: pd.DataFrame) -> bool:
    """Print what came out of a world; whether all holds."""
    with_cause, without = found[found["cause"] != "none"], found[found["cause"] == "none"]
    print(f"{name}: {len(with_cause)} in the first tier left for a cause, {len(without)} without one")
    print(pd.crosstab(found["cause"], found["stated"]).to_string())
    right = _share("right", (with_cause["stated"] == with_cause["cause"]).to_numpy(), RIGHT)
    _share("  the best guess would be", (with_cause["best"] == with_cause["cause"]).to_numpy(), None)
    _share("  leave a trace of it", np.array([row.cause in row.traces for row in with_cause.itertuples()]), None)
    nothing = _share("no clear cause where there is none", (without["stated"] == "none").to_numpy(), NONE)
    _share("  the best guess would be", (without["best"] == "none").to_numpy(), None)
    _share("  leave no trace of any", np.array([not row.traces for row in without.itertuples()]), None)
    sys.stdout.flush()
    return right and nothing


def _share(what: str, hits: np.ndarray, wanted: float | None) -> bool:
    low, high = share_interval(int(hits.sum()), len(hits))
    holds = wanted is None or hits.mean() >= wanted
    verdict = "" if wanted is None else f": {'ok' if holds else 'MISSED'}, {wanted:.0%} wanted"
    print(f"  {what} {hits.mean():.1%} [{low:.1%}, {high:.1%}]{verdict}")
    return bool(holds)


def main(kinds: Sequence[str], customers: int, seeds: Sequence[int], folder: Path | None) -> int:
    """Judge the worlds and print what came out."""
    holds = []
    with TemporaryDirectory() as other:
        for kind in kinds:
            for seed in seeds:
                world = (folder or Path(other)) / f"{kind}_{customers}_{seed}"
                if not (world / "data/panel/snapshots.parquet").is_file():
                    make(kind, customers, seed, world)
                holds.append(told(f"{kind}, seed {seed}", judged(world)))
    return int(not all(holds))


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--customers", type=int, default=8000)
    options.add_argument("--seeds", type=int, nargs="+", default=[7])
    options.add_argument(
        "--folder", type=Path, default=None, help="where worlds are kept, and taken from if they are there"
    )
    options.add_argument("kinds", nargs="*", default=["both", "saas", "retail"])
    chosen = options.parse_args()
    sys.exit(main(chosen.kinds, chosen.customers, chosen.seeds, chosen.folder))

"""Do the features see what there is to see? Simulated worlds with all tables, against somebody who knows what nobody sees.

    python benchmarks/quality/signals.py [--customers 8000] [--seeds 7] [both saas]

On the panel of the world's own params.yaml, same rows, cutoffs and label for all:

* known: LightGBM given the latent state (benchmarks/simulator/ceilings.py), and who has left.
* ceiling: LightGBM given the latent state, and the days of silence instead of who has left: no export says that.
* full, small: what `churnml train` fits with either preset.
* without tickets, without surveys: the full preset without that family.
* without auto_renew_off_days: switching renewal off is written for nobody but leavers, on the day of their decision. No leak,
  for a system would know it as soon; but what it adds is no foresight, and so it is told apart.

What a table is worth by the world: the same model without the table's family, but told the latent quantity that the
table speaks for, exactly (tickets: the hazard of service; surveys: the mood), against the same model without both.

Must hold of all seeds of a kind together: full within .02 of the ceiling (AUC), and within the interval of the difference
leaving out a table costs as much as it is worth, or by less than .005 more or less. Everything is paired by customer: 300
resamples, 95 %; of several worlds the mean, for the gap of one of 6,000 customers is known to .015 only.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from churnml.adapters.duckdb import DuckDBEngine
from churnml.config import Params, read_params
from churnml.contracts.files import House
from churnml.features.preset import small
from churnml.metrics import auc_draws, interval, measure, resampled
from churnml.pipeline import run_features, run_ingest
from churnml.publish import read_json
from churnml.simulate import simulate, world_of
from churnml.train.fit import fit

sys.path.append(str(Path(__file__).parents[1] / "simulator"))
from ceilings import RESAMPLES, labelled, scores

WITHIN, CLOSE = 0.02, 0.005
TABLES = {"tickets": ("service", "hazard_service"), "surveys": ("satisfaction", "mood")}
"""Table -> its family, and the latent quantity that it speaks for."""

FAREWELL = "auto_renew_off_days"

Catalog = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Difference:
    """Of two AUCs, and the same in every resample."""

    found: float
    draws: np.ndarray

    @classmethod
    def mean(cls, worlds: Sequence["Difference"]) -> "Difference":
        """Of worlds that know nothing of each other."""
        return cls(float(np.mean([one.found for one in worlds])), np.mean([one.draws for one in worlds], axis=0))

    @property
    def bounds(self) -> tuple[float, float]:
        """Its interval."""
        low, high = interval(self.draws)
        return low, high

    def __str__(self) -> str:
        return f"{self.found:+.4f} [{self.bounds[0]:+.4f}, {self.bounds[1]:+.4f}]"


@dataclass(frozen=True)
class Judged:
    """Scores of the test rows by who gave them, and what is needed to compare them."""

    label: np.ndarray
    customers: np.ndarray
    given: Mapping[str, np.ndarray]

    @cached_property
    def draws(self) -> dict[str, np.ndarray]:
        """AUCs of the resamples, the same ones for all."""
        weights = resampled(self.customers, RESAMPLES, seed=7)
        return {name: auc_draws(self.label, score, weights) for name, score in self.given.items()}

    def auc(self, name: str) -> tuple[float, float, float]:
        """AUC with its interval."""
        return (measure(self.label, self.given[name], ["auc"])["auc"], *interval(self.draws[name]))

    def difference(self, one: str, other: str) -> Difference:
        """AUC of one less that of another, paired."""
        return Difference(self.auc(one)[0] - self.auc(other)[0], self.draws[one] - self.draws[other])


def judged(world: Path) -> Judged:
    """Everybody's scores on the test rows of a world whose panel is there."""
    house = House(world)
    params = read_params(house.params)
    panel, catalog = pq.read_table(house.panel / "snapshots.parquet"), read_json(house.panel / "catalog.json")
    latent = labelled(world / "truth", house, params.churn)
    if latent["customer_id"].tolist() != panel["customer_id"].to_pylist():
        raise ValueError(f"{world}: the truth doesn't know every snapshot of the panel")
    few = small(params.features.windows_days)
    given = {
        "known": scores(latent, ["silent_days"]),
        "ceiling": scores(latent, ["alive"]),
        "full": _fitted(panel, catalog, params),
        "small": _fitted(
            panel, [entry for entry in catalog if entry["name"] in few or entry["family"] == "profile"], params
        ),
    }
    given[f"without {FAREWELL}"] = _fitted(panel, [entry for entry in catalog if entry["name"] != FAREWELL], params)
    for table, (family, quantity) in TABLES.items():
        rest = [entry for entry in catalog if entry["family"] != family]
        told = panel.append_column("latent", pa.array(latent[quantity].to_numpy(), from_pandas=True))
        given[f"without {table}"] = _fitted(panel, rest, params)
        given[f"{table} told"] = _fitted(told, [*rest, {"name": "latent", "kind": "number"}], params)
    test = panel.filter(pc.equal(panel["split"], "test"))
    return Judged(test["label"].to_numpy(), test["customer_id"].to_numpy(zero_copy_only=False), given)


def _fitted(panel: pa.Table, catalog: Catalog, params: Params) -> np.ndarray:
    """What the pipeline's model says of the test rows, with these entries of the catalog."""
    training, test = (panel.filter(pc.equal(panel["split"], split)) for split in ("train", "test"))
    # One thread gives the same trees, and doesn't wait for another one where the machine does other things as well.
    return fit(training, catalog, params.train.model_copy(update={"threads": 1})).score(test)


def make(kind: str, customers: int, seed: int, world: Path) -> None:
    """Simulate a world and compute its panel."""
    simulate(world, world_of(kind), customers=customers, seed=seed, twists=[])
    house, engine = House(world), DuckDBEngine("4GB")
    params = read_params(house.params)
    run_ingest(params, house, engine)
    run_features(params, house, engine)


def told(name: str, found: Judged) -> None:
    """Print what came out of a world."""
    rows = pd.DataFrame(
        [found.auc(who) for who in found.given], index=list(found.given), columns=["auc", "low", "high"]
    )
    print(f"{name}: {len(found.label):,} test rows, {found.label.mean():.1%} left")
    for who, row in rows.iterrows():
        print(f"  {who:27} {row['auc']:.4f} [{row['low']:.4f}, {row['high']:.4f}]")


def holds(worlds: Sequence[Judged]) -> bool:
    """Print what the worlds say in the mean; whether all holds."""

    def mean(one: str, other: str) -> Difference:
        return Difference.mean([world.difference(one, other) for world in worlds])

    short = mean("ceiling", "full")
    all_hold = _verdict("full is below the ceiling by", short, short.found <= WITHIN, f"at most {WITHIN}")
    for table in TABLES:
        cost, worth = mean("full", f"without {table}"), mean(f"{table} told", f"without {table}")
        print(f"  leaving out {table} costs {cost}; by the world it is worth {worth}")
        gap = mean("full", f"{table} told")
        close = abs(gap.found) <= CLOSE or gap.bounds[0] <= 0 <= gap.bounds[1]
        all_hold &= _verdict(f"{table}: cost less worth", gap, close, f"0, or within {CLOSE}")
    sys.stdout.flush()
    return all_hold


def _verdict(what: str, number: Difference, holds: bool, wanted: str) -> bool:
    print(f"  {'ok   ' if holds else 'MISSED'} {what} {number}: {wanted}")
    return holds


def main(kinds: Sequence[str], customers: int, seeds: Sequence[int]) -> int:
    """Judge the worlds and print what came out."""
    kept = True
    for kind in kinds:
        worlds = []
        for seed in seeds:
            with TemporaryDirectory() as folder:
                world = Path(folder) / "world"
                make(kind, customers, seed, world)
                worlds.append(judged(world))
            told(f"{kind}, seed {seed}", worlds[-1])
            holds(worlds[-1:])
        print(f"{kind}, {len(worlds)} worlds together")
        kept &= holds(worlds)
    return int(not kept)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--customers", type=int, default=8000)
    options.add_argument("--seeds", type=int, nargs="+", default=[7])
    options.add_argument("kinds", nargs="*", default=["both", "saas"])
    chosen = options.parse_args()
    sys.exit(main(chosen.kinds, chosen.customers, chosen.seeds))

"""Do tiers keep what they state, and do customers keep their tier? Complete Journey and three simulated worlds.

    python benchmarks/quality/tiers.py [--customers 6000] [--seed 7] [SET ...]

Per set: of the lists at past cutoffs, at how many the share that left lies in the interval that was stated by then, from
predictions whose label windows were over (at least 90 % must); and for several strengths of `calibrate.hysteresis` the
share of customers who change tier from one list to the next, and the share of leavers in the first tier. With the
default at most half as many may change, at the same recall. About two minutes a set. Exits with 1 if either fails.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from churnml.bundle import ModelBundle
from churnml.calibrate.history import tiers_then
from churnml.calibrate.judged import Judged
from churnml.calibrate.rolling import Rolling
from churnml.config import read_params
from churnml.contracts.files import House
from churnml.metrics import next_interval
from churnml.probability import levels_of_json
from churnml.publish import read_json
from churnml.simulate import simulate, world_of
from churnml.tiers import Decision
from churnml.value import value
from simulated import judged_house
from tasks import TASKS, write_project

SETS = ("CJ28", "retail", "saas", "both")
STRENGTHS = (0.0, 0.5, 1.0, 1.5)
COVERED, HALF, RECALL = 0.9, 0.5, 0.01


def judged_lists(name: str, customers: int, seed: int, root: Path) -> tuple[Judged, Decision, int]:
    """Out-of-time predictions of a set, how its customers get into tiers, and its horizon in days."""
    if name in TASKS:
        write_project(TASKS[name], root)
    else:
        kind, *twists = name.split("+")
        simulate(root, world_of(kind, twists), customers=customers, seed=seed, twists=twists)
    house = House(root)
    said = judged_house(house)
    params, bundle = read_params(house.params), ModelBundle.load(house.bundle)
    learned = read_json(house.boosters / "levels.json")
    levels = {model: levels_of_json(known) for model, known in learned["models"].items()}
    rows = pq.read_table(house.boosters / "rolling.parquet")
    rolling = Rolling(rows, levels, date.fromisoformat(learned["start"]), params.churn.horizon_days)
    risk = rolling.risk(said["probability"]["base_rate"], said["probability"]["method"])
    worth = value(rows["spend"].to_numpy(), params.features.windows_days[-1], params.score.value)
    return Judged.of(rows, risk, worth, rolling.weights(2, 7)), bundle.decision, params.churn.horizon_days


def covered(rolled: Judged, decision: Decision, horizon_days: int) -> list[list[bool]]:
    """By tier, for each list that has earlier ones: whether what happened lies in what would have been stated."""
    tier = tiers_then(rolled, decision)
    days = {name: date.fromisoformat(name.split()[0]) for name in np.unique(rolled.lists)}
    hits: list[list[bool]] = [[] for _ in decision.tiers]
    for name, day in days.items():
        known = [one for one, then in days.items() if then + timedelta(days=horizon_days) <= day]
        for index in range(len(decision.tiers)) if known else ():
            left, size = (
                np.array(counts, dtype=float)
                for counts in zip(*(_counts(rolled, tier, one, index) for one in known), strict=True)
            )
            gone, coming = _counts(rolled, tier, name, index)
            if coming:
                low, high = next_interval(left, size, int(coming))
                hits[index].append(low <= gone / coming <= high)
    return hits


def _counts(rolled: Judged, tier: np.ndarray, name: str, index: int) -> tuple[float, int]:
    rows = (rolled.lists == name) & (tier == index)
    return float(rolled.label[rows].sum()), int(rows.sum())


def moves(rolled: Judged, tier: np.ndarray) -> float:
    """Share of customers on two lists in a row whose tier isn't the same."""
    before: dict[str, int] = {}
    changed = both = 0
    for name in np.unique(rolled.lists):
        rows = rolled.lists == name
        now = dict(zip(rolled.customers[rows], tier[rows], strict=True))
        common = before.keys() & now.keys()
        both += len(common)
        changed += sum(before[each] != now[each] for each in common)
        before = now
    return changed / max(both, 1)


def recall(rolled: Judged, tier: np.ndarray) -> float:
    """Share of all leavers that were in the first tier."""
    return float(rolled.label[tier == 0].sum() / rolled.label.sum())


def main(names: Sequence[str], customers: int, seed: int) -> int:
    """Run the sets and print what came out."""
    failed = []
    for name in names or SETS:
        with TemporaryDirectory() as folder:
            rolled, decision, horizon_days = judged_lists(name, customers, seed, Path(folder) / "set")
        hits = covered(rolled, decision, horizon_days)
        pooled = [hit for one in hits for hit in one]
        said = ", ".join(f"{tier} {sum(one)}/{len(one)}" for tier, one in zip(decision.names, hits, strict=True))
        print(f"{name:8} {len(np.unique(rolled.lists))} lists; in the stated interval: {said}", flush=True)
        found: dict[float, Any] = {}
        for strength in STRENGTHS:
            tier = tiers_then(rolled, replace(decision, hysteresis=strength))
            found[strength] = moves(rolled, tier), recall(rolled, tier)
            print(
                f"{'':8} hysteresis {strength:4}: {found[strength][0]:.1%} change tier, recall {found[strength][1]:.3f}",
                flush=True,
            )
        kept = found[decision.hysteresis]
        if sum(pooled) < COVERED * len(pooled):
            failed.append(f"{name} interval")
        if kept[0] > HALF * found[0.0][0] or kept[1] < found[0.0][1] - RECALL:
            failed.append(f"{name} hysteresis")
    print(f"failed: {', '.join(failed) or 'nothing'}")
    return int(bool(failed))


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--customers", type=int, default=6000)
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("names", nargs="*")
    chosen = options.parse_args()
    sys.exit(main(chosen.names, chosen.customers, chosen.seed))

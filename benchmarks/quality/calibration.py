"""Do probabilities mean it, and does the drift warning know when? Seven sets with the defaults, and worlds with drift.

    python benchmarks/quality/calibration.py [--customers 6000] [--seed 7] [SET ...]

Per set: the tenths of the risk on the test cutoffs, and of how many the share that left has the mean risk in its 95 %
interval (Wilson); of the seven sets at least 62 of 70 must. The drift warning must fire in the worlds with planted drift
and in no other. About two minutes a set on two cores. Exits with 1 if either fails.
"""

import argparse
import sys
from collections.abc import Mapping
from typing import Any

from simulated import deciles_hit, judged_task, judged_world, words
from tasks import TASKS

SEVEN = ("retail", "retail+season", "retail+growing", "saas", "both", "CJ28", "CDNOW90")
DRIFTING = ("retail+drift", "saas+drift", "both+drift")
QUIET = ("retail+price_rise", "retail+outage", "saas+season")
MUST = 62


def judged(name: str, customers: int, seed: int) -> dict[str, Any]:
    """What calibrate reports of a set: a task on real data, or a world with its twists."""
    if name in TASKS:
        return judged_task(name)
    kind, *twists = name.split("+")
    return judged_world(kind, twists, customers=customers, seed=seed)


def warnings(said: Mapping[str, Any]) -> list[str]:
    """Of drift."""
    return list(said["trained"]["drift"]["warnings"])


def main(names: list[str], customers: int, seed: int) -> int:
    """Run the sets and print what came out."""
    hits, wrong = {}, []
    for name in names or [*SEVEN, *DRIFTING, *QUIET]:
        said = judged(name, customers, seed)
        hits[name] = deciles_hit(said)
        if bool(warnings(said)) != (name in DRIFTING):
            wrong.append(name)
        print(f"{name:18} {words(said)}", flush=True)
        for line in warnings(said):
            print(f"{'':18} warned: {line}", flush=True)
    pooled = sum(hits.get(name, 0) for name in SEVEN)
    if set(SEVEN) <= set(hits):
        print(f"{pooled} of 70 tenths in the interval, {MUST} needed")
    print(f"drift warned of wrongly, or not at all: {', '.join(wrong) or 'nowhere'}")
    return int(bool(wrong) or (set(SEVEN) <= set(hits) and pooled < MUST))


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--customers", type=int, default=6000)
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("names", nargs="*")
    chosen = options.parse_args()
    sys.exit(main(chosen.names, chosen.customers, chosen.seed))

"""Does the verdict say when there is nothing to say? Worlds without a signal, with shuffled customers, and with a leak.

    python benchmarks/quality/verdicts.py [--customers 2000] [--seeds 20] [--first 0] [no_signal shuffled leak honest]

no_signal and shuffled: of so many seeds, half of them shops and half contracts, at least nine in ten must be called "no
better than recency". leak: a CRM whose `Account status` is today's, declared to be timeless: must be "leakage suspected" and
name it. honest: the same worlds without any twist, which must not. Half a minute to a minute a world on two cores.
"""

import argparse
import sys
from collections import Counter

from simulated import judged_world, words

NOTHING = "no better than recency"
LEAK, COLUMN = "leakage suspected", "Account status"


def said_of(twist: str, seed: int, customers: int) -> tuple[bool, str]:
    """Whether the verdict is right, and the report in one line."""
    kind, twists = ("retail", "saas")[seed % 2], [] if twist == "honest" else [twist]
    profile = "['Account status']" if twist == "leak" else None
    said = judged_world(kind, twists, customers=customers, seed=seed, profile=profile)
    word, columns = said["verdict"]["word"], said["verdict"]["columns"]
    right = {
        "no_signal": word == NOTHING,
        "shuffled": word == NOTHING,
        "leak": word == LEAK and columns == [COLUMN],
        "honest": word in ("good", "usable"),
    }[twist]
    return right, f"{kind:6} {words(said)}{''.join(f' {name}' for name in columns)}: {said['verdict']['reasons'][0]}"


def main(names: list[str], customers: int, seeds: range) -> int:
    """Run the worlds and print what came out."""
    right: Counter[str] = Counter()
    for name in names or ["no_signal", "shuffled", "leak", "honest"]:
        for seed in seeds:
            well, line = said_of(name, seed, customers)
            right[name] += well
            print(f"{name:10} {seed:3} {'ok   ' if well else 'WRONG'} {line}", flush=True)
        print(f"{name}: {right[name]} of {len(seeds)} as they should be", flush=True)
    return int(any(10 * count < 9 * len(seeds) for count in right.values()))


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--customers", type=int, default=2000)
    options.add_argument("--seeds", type=int, default=20)
    options.add_argument("--first", type=int, default=0, help="go on from this seed")
    options.add_argument("names", nargs="*")
    chosen = options.parse_args()
    sys.exit(main(chosen.names, chosen.customers, range(chosen.first, chosen.seeds)))

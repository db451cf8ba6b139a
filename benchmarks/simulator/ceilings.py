"""How well anybody could rank the customers of a simulated world: LightGBM given what nobody sees.

    python benchmarks/simulator/ceilings.py [--customers 20000] [retail saas both]

Two questions, each with a ceiling that no model of exports can beat but by luck:

* leaves: of those who are customers at a cutoff, who decides to leave within 28 days?
* label: the label of the world's own params.yaml, in its own population. Most of those who leave it have left before the
  cutoff already, and it is their silence that tells. So this ceiling is given twice: for somebody who knows who has left,
  and for somebody who knows everything but that, and the days since the last event.

The latent state is what was true in the week before the cutoff: hazard by cause, pace of orders and visits, mood, and
the traits of the customer. The model is trained on eight cutoffs and judged on the two after them, 28 days apart.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import lightgbm as lgb
import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from churnml.adapters.duckdb import DuckDBEngine
from churnml.config import read_params
from churnml.contracts.files import House
from churnml.pipeline import run_ingest
from churnml.simulate import KINDS, TWISTS, simulate, world_of

HORIZON_DAYS, STEP_DAYS, CUTOFFS, TEST = 28, 28, 10, 2
RESAMPLES = 300
_REGULARISED = {
    "learning_rate": 0.03, "n_estimators": 300, "num_leaves": 8, "min_child_samples": 100, "colsample_bytree": 0.5,
    "subsample": 0.7, "subsample_freq": 1, "reg_lambda": 10.0, "random_state": 7, "n_jobs": 1, "verbose": -1,
}  # fmt: skip


@dataclass(frozen=True)
class Ceiling:
    """AUC with its interval, and the share of positives among the judged; NaN where one class is empty."""

    auc: float
    low: float
    high: float
    rate: float

    def __str__(self) -> str:
        """AUC [low, high]."""
        return "–" if np.isnan(self.auc) else f"{self.auc:.3f} [{self.low:.3f}, {self.high:.3f}]"


def cutoffs(end: date) -> list[date]:
    """The cutoffs, newest first."""
    return [end - timedelta(days=STEP_DAYS * count) for count in range(1, CUTOFFS + 1)]


def leaving(world: Path, end: date) -> pd.DataFrame:
    """Latent state and truth of everybody who is a customer at a cutoff; one row per customer and cutoff."""
    con = _truth(world)
    parts = [
        con.sql(f"""
            SELECT state.* EXCLUDE (week), traits.* EXCLUDE (customer_id, signed_up_on, orders_per_day, visits_per_day),
                date_diff('day', signed_up_on, DATE '{cutoff}') AS tenure_days,
                later.customer_id IS NOT NULL AS label, {number} AS cutoff
            FROM states AS state JOIN customers AS traits USING (customer_id)
            ANTI JOIN (SELECT customer_id FROM departures
                       WHERE left_on >= DATE '{cutoff}' - 7 AND left_on < DATE '{cutoff}') AS gone USING (customer_id)
            LEFT JOIN (SELECT DISTINCT customer_id FROM departures WHERE left_on >= DATE '{cutoff}'
                       AND left_on < DATE '{cutoff + timedelta(days=HORIZON_DAYS)}') AS later USING (customer_id)
            WHERE week = DATE '{cutoff}' - 7""").df()
        for number, cutoff in enumerate(cutoffs(end))
    ]
    return pd.concat(parts, ignore_index=True)


def labelled(world: Path, end: date, tables: Path, horizon: int, active: int) -> pd.DataFrame:
    """Latent state of everybody in the population of params.yaml, with its label; one row per customer and cutoff."""
    con = _truth(world)
    con.sql(f"""CREATE VIEW events AS SELECT DISTINCT customer_id, occurred_on AS day
                FROM '{tables}/transactions.parquet' WHERE amount >= 0""")
    parts = []
    for number, newest in enumerate(cutoffs(end)):
        cutoff = newest - timedelta(days=max(0, horizon - STEP_DAYS))
        until = cutoff + timedelta(days=horizon)
        parts.append(
            con.sql(f"""
            WITH seen AS (
                SELECT customer_id, date_diff('day', max(day), DATE '{cutoff}') AS silent_days FROM events
                WHERE day < DATE '{cutoff}' GROUP BY customer_id HAVING silent_days <= {active}),
            last AS (
                SELECT * FROM states WHERE week < DATE '{cutoff}'
                QUALIFY row_number() OVER (PARTITION BY customer_id ORDER BY week DESC) = 1)
            SELECT last.* EXCLUDE (week), traits.* EXCLUDE (customer_id, signed_up_on, orders_per_day, visits_per_day),
                date_diff('day', signed_up_on, DATE '{cutoff}') AS tenure_days, silent_days,
                week = DATE '{cutoff}' - 7 AND gone.customer_id IS NULL AS alive,
                stayed.customer_id IS NULL AS label, {number} AS cutoff
            FROM seen JOIN last USING (customer_id) JOIN customers AS traits USING (customer_id)
            LEFT JOIN (SELECT DISTINCT customer_id FROM departures WHERE left_on >= DATE '{cutoff}' - 7
                       AND left_on < DATE '{cutoff}') AS gone USING (customer_id)
            LEFT JOIN (SELECT DISTINCT customer_id FROM events
                       WHERE day >= DATE '{cutoff}' AND day < DATE '{until}') AS stayed USING (customer_id)""").df()
        )
    return pd.concat(parts, ignore_index=True)


def ceiling(rows: pd.DataFrame, without: Sequence[str] = ()) -> Ceiling:
    """Train on the older cutoffs, judge on the newest two; interval by bootstrap over customers."""
    features = rows.drop(columns=["customer_id", "label", "cutoff", *without]).astype(float)
    test = (rows["cutoff"] < TEST).to_numpy()
    label = rows["label"].to_numpy(dtype=bool)
    if len(set(label[test])) < 2 or len(set(label[~test])) < 2:
        return Ceiling(np.nan, np.nan, np.nan, float(label[test].mean()))
    model = lgb.LGBMClassifier(**_REGULARISED).fit(features[~test], label[~test])
    score, truth = model.predict_proba(features[test])[:, 1], label[test]
    who = pd.factorize(rows["customer_id"][test])[0]
    drawn = np.random.default_rng(7)
    aucs = []
    for _ in range(RESAMPLES):
        weight = np.bincount(drawn.integers(0, who.max() + 1, who.max() + 1), minlength=who.max() + 1)[who]
        aucs.append(roc_auc_score(truth, score, sample_weight=weight))
    low, high = np.quantile(aucs, [0.025, 0.975])
    return Ceiling(float(roc_auc_score(truth, score)), float(low), float(high), float(truth.mean()))


def scenarios(kinds: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Each kind alone and with each twist that it allows."""
    for kind in kinds:
        yield kind, []
        for twist in TWISTS:
            if (kind, twist) != ("both", "no_signal"):
                yield kind, [twist]


def measure(kind: str, twists: list[str], customers: int, folder: Path) -> tuple[Ceiling, Ceiling, Ceiling]:
    """The ceilings of one world: leaves, label if it is known who has left, label if it isn't."""
    world = world_of(kind, twists)
    simulate(folder, world, customers=customers, seed=7, twists=twists)
    end = world.start + timedelta(days=world.days)
    house = House(folder)
    params = read_params(house.params)
    run_ingest(params, house, DuckDBEngine("4GB"))
    rows = labelled(folder / "truth", end, house.tables, params.churn.horizon_days, params.churn.active_within_days)
    return ceiling(leaving(folder / "truth", end)), ceiling(rows, ["silent_days"]), ceiling(rows, ["alive"])


def _truth(folder: Path) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    for name in ("customers", "states", "departures"):
        con.sql(f"CREATE VIEW {name} AS SELECT * FROM '{folder}/{name}.parquet'")
    return con


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("kinds", nargs="*", default=list(KINDS))
    parser.add_argument("--customers", type=int, default=20_000)
    given = parser.parse_args()
    print("| world | leave in 28 d | AUC: leaves | label | AUC: label, left known | AUC: label, left unknown |")
    print("|---|---:|---|---:|---|---|")
    for kind, twists in scenarios(given.kinds):
        with tempfile.TemporaryDirectory() as folder:
            leaves, known, unknown = measure(kind, twists, given.customers, Path(folder) / "world")
        name = " + ".join([kind, *twists])
        print(f"| {name} | {leaves.rate:.1%} | {leaves} | {known.rate:.1%} | {known} | {unknown} |")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

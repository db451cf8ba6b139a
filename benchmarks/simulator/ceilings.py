"""How well anybody could rank the customers of a simulated world: LightGBM given what nobody sees.

    python benchmarks/simulator/ceilings.py [--customers 20000] [retail saas both]

Two questions, each with a ceiling that no model of exports can beat but by luck:

* leaves: of those who are customers at a cutoff, who decides to leave within 28 days?
* label: the label of the world's own params.yaml, in its own population. Most of those who leave it have left before the
  cutoff already, and it is their silence that tells. So this ceiling is given twice: for somebody who knows who has left,
  and for somebody who knows everything but that, and the days since the last event.

The latent state is what was true in the week before the cutoff: hazard by cause, pace of orders and visits, mood, and
the traits of the customer. For the first question the model is trained on eight cutoffs and judged on the two after them, 28
days apart; for the second on the panel of the world's own params.yaml, split as it says.
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
from churnml.config import Churn, read_params
from churnml.contracts.files import House
from churnml.features.population import alive_days
from churnml.metrics import auc_draws, interval, resampled
from churnml.pipeline import run_features, run_ingest
from churnml.simulate import KINDS, TWISTS, simulate, world_of

HORIZON_DAYS, STEP_DAYS, CUTOFFS, TEST = 28, 28, 10, 2
RESAMPLES = 300
_KEYS = ("customer_id", "as_of", "split", "label")
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
                later.customer_id IS NOT NULL AS label, '{"test" if number < TEST else "train"}' AS split
            FROM states AS state JOIN customers AS traits USING (customer_id)
            ANTI JOIN (SELECT customer_id FROM departures
                       WHERE left_on >= DATE '{cutoff}' - 7 AND left_on < DATE '{cutoff}') AS gone USING (customer_id)
            LEFT JOIN (SELECT DISTINCT customer_id FROM departures WHERE left_on >= DATE '{cutoff}'
                       AND left_on < DATE '{cutoff + timedelta(days=HORIZON_DAYS)}') AS later USING (customer_id)
            WHERE week = DATE '{cutoff}' - 7""").df()
        for number, cutoff in enumerate(cutoffs(end))
    ]
    return pd.concat(parts, ignore_index=True)


def labelled(world: Path, house: House, churn: Churn) -> pd.DataFrame:
    """Latent state behind the panel of a project: one row per snapshot, in the panel's order.

    The state is that of the last week that began before the cutoff and in which they were a customer: who left is as
    they were then. `alive` says whether they still are one, and `silent_days` how long nothing was seen of them.
    """
    con = _truth(world)
    con.sql(f"CREATE VIEW panel AS SELECT customer_id, as_of, split, label FROM '{house.panel}/snapshots.parquet'")
    for name in churn.events:
        con.sql(f"CREATE VIEW {name} AS SELECT * FROM '{house.tables}/{name}.parquet'")
    return con.sql(f"""
        WITH events AS (SELECT DISTINCT customer_id, day FROM ({alive_days(churn.events)}) AS seen),
        silences AS (
            SELECT customer_id, as_of, date_diff('day', max(day), as_of) AS silent_days
            FROM panel JOIN events USING (customer_id) WHERE day < as_of GROUP BY customer_id, as_of)
        SELECT panel.*, state.* EXCLUDE (customer_id, week),
            traits.* EXCLUDE (customer_id, signed_up_on, orders_per_day, visits_per_day),
            date_diff('day', signed_up_on, as_of) AS tenure_days, silent_days, gone.customer_id IS NULL AS alive
        FROM panel JOIN customers AS traits USING (customer_id)
        ASOF LEFT JOIN states AS state ON state.customer_id = panel.customer_id AND state.week < panel.as_of
        LEFT JOIN silences USING (customer_id, as_of)
        LEFT JOIN (SELECT DISTINCT panel.customer_id, as_of FROM panel JOIN departures USING (customer_id)
                   WHERE left_on < as_of AND (returned_on IS NULL OR returned_on >= as_of)) AS gone
            USING (customer_id, as_of)
        ORDER BY as_of, customer_id""").df()


def ceiling(rows: pd.DataFrame, without: Sequence[str] = ()) -> Ceiling:
    """Train on the older cutoffs, judge on the newest; interval by bootstrap over customers."""
    test = (rows["split"] == "test").to_numpy()
    label = rows["label"].to_numpy(dtype=bool)
    if len(set(label[test])) < 2 or len(set(label[~test])) < 2:
        return Ceiling(np.nan, np.nan, np.nan, float(label[test].mean()))
    score, truth = scores(rows, without), label[test]
    low, high = interval(auc_draws(truth, score, resampled(rows["customer_id"][test].to_numpy(), RESAMPLES, seed=7)))
    return Ceiling(float(roc_auc_score(truth, score)), low, high, float(truth.mean()))


def scores(rows: pd.DataFrame, without: Sequence[str] = ()) -> np.ndarray:
    """What LightGBM says of the test rows, trained on the others; each column is a feature but for keys and label."""
    features = rows.drop(columns=[name for name in (*_KEYS, *without) if name in rows]).astype(float)
    test = (rows["split"] == "test").to_numpy()
    model = lgb.LGBMClassifier(**_REGULARISED).fit(features[~test], rows["label"][~test].to_numpy(dtype=bool))
    return np.asarray(model.predict_proba(features[test])[:, 1])


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
    run_features(params, house, DuckDBEngine("4GB"))
    rows = labelled(folder / "truth", house, params.churn)
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

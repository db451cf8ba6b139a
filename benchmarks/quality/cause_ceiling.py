"""How well could anybody read causes off the exports? Somebody who was told the true causes of thousands of others.

    python benchmarks/quality/cause_ceiling.py [both saas retail] [--customers 20000] [--seed 9] [--folder DIR]

LightGBM learns the true cause of every departure in the panel of a simulated world, of all cutoffs and tiers, from all that the
snapshots hold, and from how long before the last sign of life each event happened. Five folds by customer: whoever is judged wasn't
learned from. Judged are those whom causes.py judges, on the same snapshots. `none` counts for more or less, so that it is stated for half of
those who have no cause, or for as many as the lists state it for: chosen on the judged, which flatters a little.

It is a ceiling and no aim: it has learned how often each cause strikes in this very world, and so it names the most frequent one where
nothing tells. No company knows the true causes of thousands of departures.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from zlib import crc32

import lightgbm
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from churnml.config import read_params
from churnml.contracts.files import PANEL_KEYS, House
from churnml.model import Columns
from churnml.publish import read_json
from churnml.reasons import why
from churnml.reasons.facts import Facts
from churnml.simulate.truth import WHY
from churnml.train.fit import fit

sys.path.append(str(Path(__file__).parent))
from causes import causes, listed
from signals import make

FOLDS, ROUNDS, NONE = 5, 200, WHY.index("none")
SETTINGS = {
    "objective": "multiclass", "num_class": len(WHY), "learning_rate": 0.05, "num_leaves": 12, "min_data_in_leaf": 30, "feature_fraction": 0.4,
    "bagging_fraction": 0.7, "bagging_freq": 1, "lambda_l2": 10.0, "num_threads": 2, "verbosity": -1, "seed": 7,
}  # fmt: skip


def told(rows: pa.Table, columns: Columns, windows_days: Sequence[int]) -> np.ndarray:
    """All features, and each number of days less the days of silence."""
    matrix, silence = columns.matrix(rows), Facts(rows, windows_days).silence
    days = [place for place, name in enumerate(columns.features) if name.endswith("_days")]
    return np.column_stack([matrix, matrix[:, days] - silence[:, None], silence])


def judged(world: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """True cause, probability of each cause, and the one that the lists would state, of those in the first tier who left."""
    house = House(world)
    params, catalog = read_params(house.params), read_json(house.panel / "catalog.json")
    panel = pq.read_table(house.panel / "snapshots.parquet")
    windows = params.features.windows_days
    model = fit(
        panel.filter(pc.equal(panel["split"], "train")), catalog, params.train.model_copy(update={"threads": 1})
    )
    rows = listed(panel, model, params)
    said = why(model, rows, catalog, windows_days=windows, typical={}, most=3, locale="en", currency="").causes
    known = {entry["name"] for entry in catalog} | set(PANEL_KEYS.names)
    beside = [{"name": name, "kind": "number"} for name in panel.schema.names if name not in known]
    columns = Columns.learned(panel, [*catalog, *beside])
    left = panel.filter(pc.equal(panel["label"], 1))
    (taught, taught_fold, cause), (asked, asked_fold, true) = (
        _known(world, some, columns, windows, params.churn.horizon_days) for some in (left, rows)
    )
    chance = np.zeros((len(true), len(WHY)))
    for fold in range(FOLDS):
        learned = lightgbm.train(
            SETTINGS, lightgbm.Dataset(taught[taught_fold != fold], cause[taught_fold != fold]), ROUNDS
        )
        chance[asked_fold == fold] = learned.predict(asked[asked_fold == fold])
    places = causes(world, rows, params.churn.horizon_days)["place"].to_numpy()
    return true, chance, np.array([WHY.index(one) for one in said[places]])


def _known(
    world: Path, rows: pa.Table, columns: Columns, windows: Sequence[int], horizon_days: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of the rows with a departure: what there is to see, the fold of the customer, and the true cause."""
    found = causes(world, rows, horizon_days)
    rows = rows.take(pa.array(found["place"].to_numpy()))
    fold = np.array([crc32(customer.encode()) % FOLDS for customer in rows["customer_id"].to_pylist()])
    return told(rows, columns, windows), fold, np.array([WHY.index(cause) for cause in found["cause"]])


def at_least(true: np.ndarray, chance: np.ndarray, share: float) -> float:
    """Share of the causes that are right where `none` is stated for such a share of those without one."""
    best = 0.0
    for weight in np.linspace(0.2, 5.0, 200):
        stated = (chance * np.where(np.arange(len(WHY)) == NONE, weight, 1.0)).argmax(axis=1)
        if np.mean(stated[true == NONE] == NONE) >= share:
            best = max(best, float(np.mean((stated == true)[true != NONE])))
    return best


def main(kinds: Sequence[str], customers: int, seed: int, folder: Path | None) -> None:
    """Judge the worlds and print what came out."""
    with TemporaryDirectory() as other:
        for kind in kinds:
            world = (folder or Path(other)) / f"{kind}_{customers}_{seed}"
            if not (world / "data/panel/snapshots.parquet").is_file():
                make(kind, customers, seed, world)
            true, chance, said = judged(world)
            right, nothing = np.mean((said == true)[true != NONE]), np.mean(said[true == NONE] == NONE)
            print(f"{kind}: {np.sum(true != NONE)} left for a cause, {np.sum(true == NONE)} without one")
            print(f"  the lists: right {right:.1%}, nothing where there is none {nothing:.1%}")
            for share in (0.5, float(nothing)):
                print(f"  who was taught: right {at_least(true, chance, share):.1%} with {share:.1%}")
            sys.stdout.flush()


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--customers", type=int, default=20_000)
    options.add_argument("--seed", type=int, default=9)
    options.add_argument("--folder", type=Path, default=None)
    options.add_argument("kinds", nargs="*", default=["both", "saas", "retail"])
    chosen = options.parse_args()
    main(chosen.kinds, chosen.customers, chosen.seed, chosen.folder)

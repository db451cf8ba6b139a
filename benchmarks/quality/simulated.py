"""A simulated world through the pipeline, with the params that `churnml simulate` writes: from exports to the verdict."""

import csv
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from churnml.adapters.duckdb import DuckDBEngine
from churnml.config import read_params
from churnml.contracts.files import House
from churnml.pipeline import run_calibrate, run_features, run_ingest, run_train
from churnml.simulate import simulate, world_of
from tasks import TASKS, write_project


def judged_world(
    kind: str, twists: Sequence[str], *, customers: int, seed: int, profile: str | None = None
) -> dict[str, Any]:
    """What calibrate reports of a world, with `trained` (what train does) and `deciles`.

    Args:
        kind: retail, saas or both.
        twists: as in `churnml simulate --with`.
        customers: how many.
        seed: of the world.
        profile: as features.profile has it; None: as the world has it.
    """
    with TemporaryDirectory() as folder:
        root = Path(folder) / "world"
        simulate(root, world_of(kind, twists), customers=customers, seed=seed, twists=twists)
        text = (root / "params.yaml").read_text(encoding="utf-8")
        text = text.replace("threads: 2", "threads: 1")  # the same trees
        if profile is not None:
            text = re.sub("(?m)^  profile: .*$", f"  profile: {profile}", text)
        (root / "params.yaml").write_text(text, encoding="utf-8")
        return judged_house(House(root))


def judged_task(name: str) -> dict[str, Any]:
    """The same of a task on real data."""
    with TemporaryDirectory() as folder:
        root = Path(folder) / "project"
        write_project(TASKS[name], root)
        return judged_house(House(root))


def judged_house(house: House) -> dict[str, Any]:
    """What calibrate reports of a project."""
    params, engine = read_params(house.params), DuckDBEngine("4GB")
    run_ingest(params, house, engine)
    run_features(params, house, engine)
    trained = run_train(params, house)
    said = run_calibrate(params, house)
    return {**said, "trained": trained, "deciles": _deciles(house)}


def _deciles(house: House) -> list[Mapping[str, float]]:
    with (house.reports / "plots/calibrate/calibration.csv").open(encoding="utf-8", newline="") as file:
        return [{name: float(cell) for name, cell in row.items()} for row in csv.DictReader(file)]


def deciles_hit(said: Mapping[str, Any]) -> int:
    """Of how many tenths of the risk the share that left has the mean risk in its 95 % interval."""
    return sum(one["churn_rate_low"] <= one["risk"] <= one["churn_rate_high"] for one in said["deciles"])


def words(said: Mapping[str, Any]) -> str:
    """The report in one line."""
    test, chosen = said["test"], said["probability"]
    return (
        f"AUC {test['auc']:.3f} log loss {test['log_loss']:.3f} ECE {test['ece']:.3f} said {test['risk']:.3f} "
        f"left {test['churn_rate']:.3f}; {chosen['base_rate']}, {chosen['method']}; tenths {deciles_hit(said)}/10; "
        f"{said['verdict']['word']}"
    )

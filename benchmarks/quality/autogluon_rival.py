"""Is more computing worth it? AutoGluon's best_quality on the evaluation booster's own panel and split.

AutoGluon needs an environment of its own, of 6 GB. Without its extra `ray` it fits fold after fold on all cores:

    uv venv --python 3.12 rival
    uv pip install --python rival/bin/python 'autogluon.tabular[lightgbm,catboost,xgboost,fastai]==1.6.3'

Then, in the folder of params.yaml, after `churnml train`, on two cores that do nothing else meanwhile:

    rival/bin/python benchmarks/quality/autogluon_rival.py fit data/panel rival.parquet
    python benchmarks/quality/autogluon_rival.py compare models/boosters rival.parquet

`fit` leaves a JSON beside the predictions: what it cost and what was tried. AutoGluon stops by the clock, so that its
numbers differ from run to run. Linux only: processes that outlive their parents are counted, too.
"""

import argparse
import ctypes
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

KEYS = ["customer_id", "as_of"]
RESAMPLES, SEED, PR_SET_CHILD_SUBREAPER = 1000, 7, 36


def cpu_seconds() -> float:
    """User and system time of this process and of all below it that have ended."""
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(times.ru_utime + times.ru_stime for times in used)


def fit(panel: Path, out: Path, minutes: float, folds: str) -> None:
    """Fit AutoGluon on the train snapshots, with rows or whole customers dealt to folds; predict the test snapshots."""
    from autogluon.tabular import TabularPredictor, __version__  # noqa: PLC0415  # isn't in churnml's environment

    rows = pd.read_parquet(panel / "snapshots.parquet")
    known = ["customer_id", *(entry["name"] for entry in json.loads((panel / "catalog.json").read_text("utf-8")))]
    train, test = (rows[rows["split"] == split].reset_index(drop=True) for split in ("train", "test"))
    dealt = {"validation_structure": {"group_on": "customer_id"}} if folds == "customers" else {}
    options = {"presets": "best_quality", "time_limit": minutes * 60, "num_cpus": 2, "num_gpus": 0, **dealt}
    with TemporaryDirectory() as folder:
        given = {"verbosity": 1, "learner_kwargs": {"ignored_columns": ["customer_id"]}}
        predictor = TabularPredictor("label", "binary", "log_loss", str(Path(folder, "models")), **given)
        before, started = cpu_seconds(), time.monotonic()
        predictor.fit(train[[*known, "label"]], **options)
        spent, took = cpu_seconds() - before, time.monotonic() - started
        test["score"] = predictor.predict_proba(test[known])[1].astype("float64")
        board = predictor.leaderboard()[["model", "stack_level", "score_val", "fit_time"]].round(5)
    pq.write_table(pa.Table.from_pandas(test[[*KEYS, "label", "score"]], preserve_index=False), out)
    cost = {"fit": round(spent, 1), "fit_wall": round(took, 1), "command": round(cpu_seconds(), 1)}
    said = {"autogluon": __version__, **options, "seconds": cost, "models": board.to_dict("records")}
    out.with_suffix(".json").write_text(json.dumps(said, indent=2) + "\n", "utf-8")
    print(board.to_string(index=False))


def fit_seconds(panel: Path) -> float:
    """CPU seconds of fitting the evaluation booster; to be run in a process of its own."""
    from churnml.config import read_params  # noqa: PLC0415  # churnml isn't in AutoGluon's environment
    from churnml.train.fit import fit as fit_booster  # noqa: PLC0415

    rows = pq.read_table(panel / "snapshots.parquet", filters=[("split", "==", "train")])
    catalog, params = json.loads((panel / "catalog.json").read_text("utf-8")), read_params(Path("params.yaml"))
    before = cpu_seconds()
    fit_booster(rows, catalog, params.train)
    return cpu_seconds() - before


def train_seconds(panel: Path) -> float:
    """CPU seconds of `churnml train`: every booster, baselines, MLflow's bookkeeping; in a folder that is thrown away."""
    with TemporaryDirectory() as folder:
        shutil.copytree(panel, Path(folder, "data/panel"))
        shutil.copy("params.yaml", folder)
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)  # the process that tells MLflow outlives the command
        before, store = cpu_seconds(), {**os.environ, "MLFLOW_TRACKING_URI": "sqlite:///mlflow.db"}
        command = [sys.executable, "-m", "churnml", "train"]
        subprocess.run(command, cwd=folder, env=store, check=True, stdout=subprocess.DEVNULL)
        with suppress(ChildProcessError):
            while True:
                os.wait()
        return cpu_seconds() - before


def compare(models: Path, rival: Path, panel: Path) -> None:
    """Print AUC and log loss of both on the same test snapshots, their paired difference, and what they cost."""
    from churnml.metrics import auc_draws, interval, log_loss_draws, measure, resampled  # noqa: PLC0415

    tables = [pd.read_parquet(path, columns=[*KEYS, "label", "score"]) for path in (models / "test.parquet", rival)]
    both = tables[0].merge(tables[1], on=[*KEYS, "label"], validate="one_to_one")
    if [len(both)] * 2 != [len(table) for table in tables]:
        sys.exit(f"{models} and {rival} were made from different panels")
    label, ours, theirs = (both[name].to_numpy() for name in ("label", "score_x", "score_y"))
    weights = resampled(both["customer_id"].to_numpy(), RESAMPLES, SEED)
    print(f"{len(both):,} test snapshots\n{'':14} churnml  AutoGluon  difference")
    for name, draws in {"auc": auc_draws, "log_loss": log_loss_draws}.items():
        mine, other = (measure(label, risk, [name])[name] for risk in (ours, theirs))
        low, high = interval(draws(label, ours, weights) - draws(label, theirs, weights))
        print(f"{name:14} {mine:7.4f}  {other:9.4f}  {mine - other:+.4f} [{low:+.4f}, {high:+.4f}]")
    cost = json.loads(rival.with_suffix(".json").read_text("utf-8"))["seconds"]
    spent = {"command": train_seconds(panel)}  # first, since a pool leaves a process behind that never ends
    with ProcessPoolExecutor(1, get_context("spawn")) as fresh:
        spent["fit"] = fresh.submit(fit_seconds, panel).result()
    for name, seconds in spent.items():
        print(f"CPU s, {name:7} {seconds:7.1f}  {cost[name]:9.1f}  1 : {cost[name] / seconds:.0f}")


if __name__ == "__main__":
    halves = (parser := argparse.ArgumentParser()).add_subparsers(dest="half", required=True)
    one, two = halves.add_parser("fit"), halves.add_parser("compare")
    for half, name in ((one, "panel"), (one, "out"), (two, "models"), (two, "rival")):
        half.add_argument(name, type=Path)
    one.add_argument("--minutes", type=float, default=9)
    one.add_argument("--folds", choices=("rows", "customers"), default="rows")
    two.add_argument("--panel", type=Path, default=Path("data/panel"))
    given = vars(parser.parse_args())
    {"fit": fit, "compare": compare}[given.pop("half")](**given)

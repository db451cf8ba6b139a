"""Do the defaults reach the bars? Four tasks on real data, from exports to the evaluation booster's test metrics.

    python benchmarks/quality/bars.py [TASK ...]

Prints a table, beside the baselines, and exits with 1 if a bar that must be reached isn't. About six minutes on two
cores for all four.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from churnml.adapters.duckdb import DuckDBEngine
from churnml.config import read_params
from churnml.contracts.files import House
from churnml.pipeline import run_features, run_ingest, run_train
from tasks import TASKS, Task, write_project


def run(task: Task, root: Path) -> dict[str, Any]:
    """What train reports of a task."""
    write_project(task, root)
    house = House(root)
    params, engine = read_params(house.params), DuckDBEngine("4GB")
    run_ingest(params, house, engine)
    run_features(params, house, engine)
    return run_train(params, house)


def sized(said: Mapping[str, Any], split: str) -> tuple[int, float]:
    """Snapshots of a split, and their churn rate."""
    rows = [row for row in said["cutoffs"] if row["split"] == split]
    count = sum(row["customers"] for row in rows)
    return count, sum(row["customers"] * row["churn_rate"] for row in rows) / count


def missed(test: Mapping[str, float], bars: Mapping[str, float]) -> list[str]:
    """The bars that aren't reached."""
    return [name for name, bar in bars.items() if (test[name] < bar if name == "auc" else test[name] > bar)]


def same(found: tuple[int, float], stated: tuple[int, float] | None) -> bool:
    """Whether size and churn rate are those stated, as far as they were printed."""
    return stated is None or (found[0] == stated[0] and abs(found[1] - stated[1]) < 10 ** -len(str(stated[1])[2:]))


def main(names: list[str]) -> int:
    """Run the tasks and print what came out."""
    failed = False
    print("task        n test (rate)  n train (rate)    AUC     bar    log loss  bar    ECE     verdict")
    for name in names or list(TASKS):
        task = TASKS[name]
        with TemporaryDirectory() as folder:
            said = run(task, Path(folder) / "project")
        test, tested, trained = said["test"], sized(said, "test"), sized(said, "train")
        wrong = missed(test, task.must)
        sizes = same(tested, task.size) and same(trained, task.trained)
        failed |= bool(wrong) or not sizes
        verdict = f"missed {', '.join(wrong)}" if wrong else "must" if missed(test, task.stretch) else "stretch"
        print(
            f"{name:11} {tested[0]:6} ({tested[1]:.3f})  {trained[0]:6} ({trained[1]:.3f})   {test['auc']:.4f}  "
            f"{task.must['auc']:.3f}  {test['log_loss']:.4f}  {task.must['log_loss']:.3f}  {test['ece']:.4f}  {verdict}"
            f"{'' if sizes else ', sizes differ from those published'}; {said['features']} features",
            flush=True,
        )
        for other, numbers in said["baselines"].items():
            print(f"{'':13}{other:40} {numbers['auc']:.4f}         {numbers['log_loss']:.4f}", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

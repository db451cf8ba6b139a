"""`churnml train`."""

from collections.abc import Mapping
from typing import Any

from churnml.cli.boundary import opened, refusals
from churnml.cli.tracking import flat, numbers, pipeline_of, rows_in, series, tracked


def train() -> None:
    """Panel -> boosters, baselines, predictions."""
    with refusals():
        from churnml.contracts.files import ATTRIBUTE
        from churnml.pipeline import run_train

        params, house = opened()
        with tracked("train", params.track, {"panel": house.panel}, pipeline_of(params)) as stage:
            said = run_train(params, house, stage.tried)
            found = dict(said["tuning"] or {})
            stage.params = flat(
                params.model_dump(mode="json", include={"churn", "train"}) | {"tuned": found.pop("params", {})}
            )
            stage.metrics = numbers({"test": said["test"], "baselines": said["baselines"], "tuning": found})
            stage.series = series("cutoff", said["cutoffs"])
            stage.writes = {"boosters": house.boosters}
            stage.rows = {"panel": rows_in(house.panel)}
            stage.artifacts = [house.reports / "train.json", house.reports / "plots/train"]
            warnings = [f"warning: {line}" for line in (said["drift"] or {}).get("warnings", ())]
            warnings += [
                f"warning: '{one['name'].removeprefix(ATTRIBUTE)}': {one['reason']}; was it known before the answer?"
                for one in said["suspects"]
            ]
            if said["twins"]:
                warnings.append(
                    f"{said['twins']:,} customers look like another one in all features; such stay together"
                )
            rates = [
                f"churn rate {one['as_of']}: {one['churn_rate']:.1%} of {one['customers']:,}" for one in said["cutoffs"]
            ]
            stage.said = [
                *rates,
                *warnings,
                *tuning(said["tuning"], params.churn.is_dated),
                f"boosters: AUC {said['test']['auc']:.3f} on the test cutoffs, {said['features']} features",
            ]


def tuning(said: Mapping[str, Any] | None, dated: bool) -> list[str]:
    """What tuning found, in a line; none where nothing was tuned.

    >>> said = {"asked": 40, "trials": 40, "pruned": 12, "stopped_early": False, "folds": [*"abcde"], "chosen": 7}
    >>> tuning({**said, "default": 0.28265, "best": 0.28038}, dated=True)
    ['tuning: 40 trials (12 pruned) on 5 training cutoffs, log loss 0.2827 -> 0.2804']
    >>> tuning({**said, "chosen": 0}, dated=False)
    ['tuning: 40 trials (12 pruned) on 5 parts of the training customers, the defaults hold']
    """
    if not said:
        return []
    parts = f"{len(said['folds'])} {'training cutoffs' if dated else 'parts of the training customers'}"
    line = f"tuning: {said['trials']} trials ({said['pruned']} pruned) on {parts}, "
    line += f"log loss {said['default']:.4f} -> {said['best']:.4f}" if said["chosen"] else "the defaults hold"
    if said["stopped_early"]:
        line += f"; train.minutes were over before all {said['asked']}, so that another run may differ"
    return [line]

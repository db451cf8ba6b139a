"""`churnml train`."""

from churnml.cli.boundary import opened, refusals
from churnml.cli.tracking import flat, numbers, pipeline_of, rows_in, series, tracked
from churnml.contracts.files import ATTRIBUTE


def train() -> None:
    """Panel -> boosters, baselines, predictions."""
    with refusals():
        from churnml.pipeline import run_train

        params, house = opened()
        with tracked("train", params.track, {"panel": house.panel}, pipeline_of(params)) as stage:
            said = run_train(params, house)
            stage.params = flat(params.model_dump(mode="json", include={"churn", "train"}))
            stage.metrics = numbers({"test": said["test"], "baselines": said["baselines"]})
            stage.series = series("cutoff", said["cutoffs"])
            stage.writes = {"boosters": house.boosters}
            stage.rows = {"panel": rows_in(house.panel)}
            stage.artifacts = [house.reports / "train.json", house.reports / "plots/train"]
            warnings = [f"warning: {line}" for line in (said["drift"] or {}).get("warnings", ())]
            warnings += [
                f"warning: '{one['name'].removeprefix(ATTRIBUTE)}': {one['reason']}" for one in said["suspects"]
            ]
            rates = [
                f"churn rate {one['as_of']}: {one['churn_rate']:.1%} of {one['customers']:,}" for one in said["cutoffs"]
            ]
            stage.said = [
                *rates,
                *warnings,
                f"boosters: AUC {said['test']['auc']:.3f} on the test cutoffs, {said['features']} features",
            ]

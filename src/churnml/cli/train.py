"""`churnml train`."""

from churnml.cli.boundary import flat, numbers, opened, refusals, tracked


def train() -> None:
    """Panel -> boosters, baselines, predictions."""
    with refusals():
        from churnml.pipeline import run_train

        params, house = opened()
        with tracked("train", params.track, params.project.name, reads=[house.panel]) as stage:
            said = run_train(params, house)
            stage.params = flat(params.model_dump(mode="json", include={"churn", "train"}))
            stage.metrics = numbers({"test": said["test"], "baselines": said["baselines"]})
            stage.writes = [house.boosters]
            stage.artifacts = [house.reports / "train.json"]
            stage.said = [f"boosters: AUC {said['test']['auc']:.3f} on the test cutoffs, {said['features']} features"]

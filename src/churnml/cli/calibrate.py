"""`churnml calibrate`."""

from churnml.cli.boundary import flat, numbers, opened, refusals, tracked


def calibrate() -> None:
    """Boosters -> bundle: quality and tiers."""
    with refusals():
        from churnml.pipeline import run_calibrate

        params, house = opened()
        reads = [house.boosters, house.panel / "catalog.json"]
        with tracked("calibrate", params.track, params.project.name, reads=reads) as stage:
            said = run_calibrate(params, house)
            stage.params = flat(params.model_dump(mode="json", include={"calibrate", "score"}))
            stage.metrics = numbers(said)
            stage.writes = [house.bundle]
            stage.artifacts = [house.bundle, house.reports / "metrics.json", house.reports / "plots/calibrate"]
            stage.said = [f"bundle: {house.bundle}, log loss {said['test']['log_loss']:.3f} on the test cutoffs"]

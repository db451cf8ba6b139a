"""`churnml calibrate`."""

from churnml.cli.boundary import opened, refusals
from churnml.cli.tracking import flat, numbers, pipeline_of, rows_in, series, tracked


def calibrate() -> None:
    """Boosters -> bundle: quality and tiers."""
    with refusals():
        from churnml.pipeline import run_calibrate

        params, house = opened()
        with tracked("calibrate", params.track, {"boosters": house.boosters}, pipeline_of(params)) as stage:
            said = run_calibrate(params, house)
            stage.params = flat(params.model_dump(mode="json", include={"calibrate", "score"}))
            stage.metrics = numbers(said)
            stage.series = series("cutoff", said["cutoffs"])
            stage.writes = {"bundle": house.bundle}
            stage.rows = {"boosters": rows_in(house.boosters)}
            stage.artifacts = [house.reports / "metrics.json", house.reports / "plots/calibrate"]
            stage.bundle = house.bundle
            stage.tags = {"churnml.verdict": said["verdict"]["word"]}
            stage.said = [
                f"bundle: {house.bundle}, log loss {said['test']['log_loss']:.3f} on the test cutoffs",
                f"verdict: {said['verdict']['sentence']}",
                *(f"playbook: {line}" for line in (*said["playbook"]["gaps"], *said["playbook"]["dead"])),
            ]

"""`churnml features`."""

from churnml.cli.boundary import engine_for, opened, refusals
from churnml.cli.tracking import flat, pipeline_of, rows_in, tracked


def features() -> None:
    """Tables -> panel, as known at each cutoff."""
    with refusals():
        from churnml.pipeline import run_features

        params, house = opened()
        with tracked("features", params.track, {"tables": house.tables}, pipeline_of(params)) as stage:
            built = run_features(params, house, engine_for(params.features.memory_limit))
            stage.params = flat(params.model_dump(mode="json", include={"churn", "panel", "features"}))
            stage.metrics = {"snapshots": built.rows, "features": built.features}
            stage.writes = {"panel": house.panel}
            stage.rows = {"tables": rows_in(house.tables)}
            stage.artifacts = [house.panel / "catalog.json"]
            cutoffs = sum(len(days) for days in built.cutoffs.values())
            stage.said = [f"panel: {built.rows:,} snapshots, {built.features} features, {cutoffs} cutoffs"]

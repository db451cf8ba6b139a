"""`churnml features`."""

from churnml.cli.boundary import engine_for, flat, opened, refusals, tracked


def features() -> None:
    """Tables -> panel, as known at each cutoff."""
    with refusals():
        from churnml.pipeline import run_features

        params, house = opened()
        with tracked("features", params.track, params.project.name, reads=[house.tables]) as stage:
            built = run_features(params, house, engine_for(params.features.memory_limit))
            stage.params = flat(params.model_dump(mode="json", include={"churn", "panel", "features"}))
            stage.metrics = {"snapshots": built.rows, "features": built.features}
            stage.writes = [house.panel]
            stage.artifacts = [house.panel / "catalog.json"]
            cutoffs = sum(len(days) for days in built.cutoffs.values())
            stage.said = [f"panel: {built.rows:,} snapshots, {built.features} features, {cutoffs} cutoffs"]

"""`churnml ingest`."""

from churnml.cli.boundary import engine_for, flat, numbers, opened, refusals, tracked


def ingest() -> None:
    """Exports -> clean tables; bad rows set aside."""
    with refusals():
        from churnml.pipeline import run_ingest, said_of

        params, house = opened()
        exports = house.root / params.exports
        with tracked("ingest", params.track, params.project.name, reads=[exports]) as stage:
            profiles = run_ingest(params, house, engine_for(params.features.memory_limit))
            stage.params = flat(params.model_dump(mode="json", include={"ingest"}))
            stage.metrics = numbers({profile.table: profile.counts for profile in profiles})
            stage.writes = [house.tables, house.quarantine]
            stage.artifacts = [house.reports / "ingest.json"]
            stage.said = said_of(profiles, house.reports / "ingest.json")

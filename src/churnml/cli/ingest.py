"""`churnml ingest`."""

from datetime import UTC, datetime

from churnml.cli.boundary import engine_for, opened, refusals
from churnml.cli.tracking import flat, numbers, pipeline_of, tracked


def ingest() -> None:
    """Exports -> clean tables; bad rows set aside."""
    with refusals():
        from churnml.pipeline import run_ingest
        from churnml.publish import read_json

        params, house = opened()
        report = house.reports / "ingest.json"
        with tracked("ingest", params.track, {"exports": house.root / params.exports}, pipeline_of(params)) as stage:
            ingested = run_ingest(params, house, engine_for(params.features.memory_limit), datetime.now(UTC).date())
            said = read_json(report)
            profiles = ingested.profiles
            stage.params = flat(params.model_dump(mode="json", include={"ingest"}))
            stage.metrics = numbers({profile.table: profile.counts for profile in profiles})
            stage.writes = {"tables": house.tables, "quarantine": house.quarantine}
            stage.identities = {**said["made_from"], **said["made"]}
            stage.rows = {
                "exports": {profile.table: profile.rows_in for profile in profiles},
                "tables": {profile.table: profile.kept for profile in profiles},
            }
            stage.artifacts = [report]
            stage.said = ingested.lines(params.project.locale)

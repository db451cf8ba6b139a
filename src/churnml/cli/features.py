"""`churnml features`."""

from typing import TYPE_CHECKING, Annotated

import typer

from churnml.cli.boundary import engine_for, opened, refusals, say
from churnml.cli.tracking import flat, pipeline_of, rows_in, tracked

if TYPE_CHECKING:
    from churnml.config import Params
    from churnml.contracts.files import House

Prove = Annotated[
    bool,
    typer.Option(
        "--prove",
        help="Give the tables another future at every cutoff and show that no feature changes; write no panel.",
    ),
]


def features(prove: Prove = False) -> None:
    """Tables -> panel, as known at each cutoff."""
    with refusals():
        params, house = opened()
        if prove:
            _proved(params, house)
        else:
            _built(params, house)


def _built(params: "Params", house: "House") -> None:
    from churnml.pipeline import run_features
    from churnml.publish import read_json

    with tracked("features", params.track, {"tables": house.tables}, pipeline_of(params)) as stage:
        built = run_features(params, house, engine_for(params.features.memory_limit))
        stage.params = flat(params.model_dump(mode="json", include={"churn", "panel", "features"}))
        stage.metrics = {"snapshots": built.rows, "features": built.features}
        stage.writes = {"panel": house.panel}
        stage.rows = {"tables": rows_in(house.tables)}
        stage.artifacts = [house.panel / "catalog.json"]
        families = dict.fromkeys(entry["family"] for entry in read_json(house.panel / "catalog.json"))
        stage.said = [
            f"panel: {built.rows:,} snapshots, {len(built.cutoffs)} cutoffs, {built.features} features of {', '.join(families)}"
        ]


def _proved(params: "Params", house: "House") -> None:
    from churnml.beside import run_proof

    proof = run_proof(params, house, engine_for(params.features.memory_limit))
    print("\n".join(proof.lines))
    say(f"details: {house.reports / 'proof.json'}")
    if proof.leaks:
        raise typer.Exit(1)

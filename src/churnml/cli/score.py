"""`churnml score`."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from churnml.cli.boundary import engine_for, refusals, tracked

Exports = Annotated[Path | None, typer.Argument(help="Folder of new exports; none: the project's own tables.")]
Model = Annotated[Path, typer.Option(help="The bundle.")]
AsOf = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Midnight at which to score.")]
Out = Annotated[Path, typer.Option(help="Folder of packs for new exports.")]


def score(
    exports: Exports = None, model: Model = Path("models/bundle"), as_of: AsOf = None, out: Out = Path("lists")
) -> None:
    """Bundle and exports -> lists, a CSV per tier."""
    with refusals():
        if as_of and not 1900 <= as_of.year < 2200:
            raise typer.BadParameter(f"{as_of.date()} is no moment to score at", param_hint="--as-of")
        from churnml.bundle import ModelBundle
        from churnml.contracts.files import House
        from churnml.pipeline import score_export, score_tables

        bundle, house = ModelBundle.load(model), House()
        params, moment = bundle.params, as_of.date() if as_of else None
        engine = engine_for(params.features.memory_limit)
        reads = [model, exports or house.tables]
        with tracked("score", params.track, params.project.name, reads=reads) as stage:
            if exports:
                pack = score_export(exports, bundle, engine, moment, out)
            else:
                pack = score_tables(house.tables, bundle, engine, moment, house.lists)
            stage.params = {"as_of": pack.as_of.isoformat()}
            stage.metrics = {f"customers.{tier}": count for tier, count in pack.customers.items()}
            stage.writes = [pack.folder]
            stage.said = pack.lines

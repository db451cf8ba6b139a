"""`churnml score`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from churnml.cli.boundary import engine_for, refusals
from churnml.cli.lookup import bundle_at, params_in
from churnml.cli.tracking import pipeline_of, rows_in, tracked

Exports = Annotated[
    list[Path] | None,
    typer.Argument(help="Folders of new exports, the oldest first; none: the project's own tables."),
]
Model = Annotated[
    str, typer.Option(help="The bundle: a folder, a zip of it, or a model of MLflow such as models:/churnml@champion.")
]
AsOf = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Midnight at which to score.")]
History = Annotated[
    Path | None, typer.Option(help="Tables that the exports go on with, such as data/tables of the training.")
]
Previous = Annotated[
    Path | None, typer.Option(help="The pack before; without it the newest earlier one in --out, if there is any.")
]
Pii = Annotated[bool, typer.Option("--pii/--no-pii", help="Whether private columns are shown in the lists.")]
Page = Annotated[bool, typer.Option("--page/--no-page", help="Whether new exports get a page beside their pack.")]
Out = Annotated[Path, typer.Option(file_okay=False, help="Folder of packs for new exports.")]


def score(
    exports: Exports = None, model: Model = "models/bundle", as_of: AsOf = None, history: History = None,
    previous: Previous = None, out: Out = Path("lists"), pii: Pii = True, page: Page = True,
) -> None:  # fmt: skip
    """Bundle and exports -> lists: a CSV per tier, a workbook, who isn't on a list, and what changed."""
    with refusals():
        if as_of and not 1900 <= as_of.year < 2200:
            raise typer.BadParameter(f"{as_of.date()} is no moment to score at", param_hint="--as-of")
        if history and not exports:
            raise typer.BadParameter("goes before new exports; name their folders, too", param_hint="--history")
        if previous and not exports:
            raise typer.BadParameter("is for new exports; name their folders, too", param_hint="--previous")
        from churnml.contracts.files import House
        from churnml.manifest import read_manifest
        from churnml.pipeline import page_of, score_export, score_tables

        house, moment = House(), as_of.date() if as_of else None
        params = params_in(house)
        with bundle_at(model, house) as (folder, bundle):
            engine = engine_for(bundle.params.features.memory_limit)
            reads = {"bundle": folder, **({"exports": exports[0]} if exports else {"tables": house.tables})}
            reads |= {"history": history} if history else {}
            pipeline = pipeline_of(params) if params and not exports else None
            with tracked("score", (params or bundle.params).track, reads, pipeline) as stage:
                if exports:
                    pack = score_export(
                        exports,
                        bundle,
                        engine,
                        moment,
                        out,
                        history,
                        previous,
                        pii,
                        datetime.now(UTC).date(),
                        house if page else None,
                    )
                else:
                    pack = score_tables(house.tables, bundle, engine, moment, house.lists, pii)
                stage.name = f"score {pack.as_of}" if exports else ""
                stage.params = {"as_of": pack.as_of.isoformat()}
                stage.metrics = {f"customers.{tier}": count for tier, count in pack.customers.items()}
                stage.metrics |= {"customers.holdout": pack.held}
                stage.writes = {"lists": pack.folder}
                stage.identities = read_manifest(pack.folder)["made_from"]
                stage.labels = {"bundle": model, "exports": ", ".join(path.as_posix() for path in exports or ())}
                stage.rows = {"lists": pack.customers, **({} if exports else {"tables": rows_in(house.tables)})}
                stage.said = [*pack.lines, *([str(page_of(pack.folder))] if exports and page else [])]

"""`churnml report`."""

from pathlib import Path
from typing import Annotated

import typer

from churnml.cli.boundary import engine_for, opened, refusals
from churnml.cli.lookup import bundle_at, params_in
from churnml.cli.tracking import pipeline_of, tracked

Lists = Annotated[
    Path | None, typer.Option(help="Lists to report on, such as lists/2018-02-01.  [default: the pipeline's newest]")
]
Model = Annotated[str, typer.Option(help="The bundle that made them: a folder, a zip of it, or a model of MLflow.")]
Compare = Annotated[str | None, typer.Option(help="Another bundle, to hold against it on the same tables.")]
Out = Annotated[
    Path | None, typer.Option(dir_okay=False, help="The page.  [default: reports/report.html, or beside other lists]")
]
Open = Annotated[bool, typer.Option("--open", help="Show the page in the browser.")]
Page = Annotated[
    bool, typer.Option("--page/--no-page", help="Write the page, or tell the last run in a dozen lines only.")
]


def report(
    lists: Lists = None,
    model: Model = "models/bundle",
    compare: Compare = None,
    out: Out = None,
    open_: Open = False,
    page: Page = True,
) -> None:
    """The page people look at, and the last run in a dozen lines."""
    with refusals():
        from contextlib import nullcontext
        from tempfile import TemporaryDirectory

        from churnml.contracts.files import House
        from churnml.pipeline import page_of, run_report
        from churnml.report import draw_all, newest_pack, summary

        house, pack = House(), lists
        params = params_in(house)
        if pack is None:
            opened()
            pack = newest_pack(house)
        if page:
            place = out or (page_of(pack) if lists else house.reports / "report.html")
            with bundle_at(model, house) as (folder, bundle), TemporaryDirectory() as work:
                pipeline = pipeline_of(params) if params and not lists else None
                reads = {"lists": pack, "bundle": folder}
                with tracked("report", (params or bundle.params).track, reads, pipeline) as stage:
                    engine = engine_for(bundle.params.features.memory_limit)
                    with bundle_at(compare, house) if compare else nullcontext((None, None)) as (_, other):
                        parts = run_report(house, bundle, engine, pack, place, other)
                    draw_all(parts, Path(work) / "pictures", bundle.params.project.locale)
                    stage.artifacts = [place, Path(work) / "pictures"]
                    stage.said = [str(place)]
            if open_:
                typer.launch(place.resolve().as_uri())
        if params and not lists:
            print(summary(params, house))

"""`churnml explain`."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from churnml.cli.boundary import engine_for, refusals, say
from churnml.cli.lookup import bundle_at

Customer = Annotated[str, typer.Argument(help="The customer's id, as it was exported.")]
Model = Annotated[
    str, typer.Option(help="The bundle: a folder, a zip of it, or a model of MLflow such as models:/churnml@champion.")
]
AsOf = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="Midnight as of which.  [default: the one after the last event's day]"),
]
Html = Annotated[Path | None, typer.Option(dir_okay=False, help="A page to write as well, whole in one file.")]


def explain(customer: Customer, model: Model = "models/bundle", as_of: AsOf = None, html: Html = None) -> None:
    """One customer: risk now and at past cutoffs, why, what to do, and what happened."""
    with refusals():
        if as_of and not 1900 <= as_of.year < 2200:
            raise typer.BadParameter(f"{as_of.date()} is no moment to look from", param_hint="--as-of")
        from churnml.beside import run_explain
        from churnml.contracts.files import House
        from churnml.explain import lines, page
        from churnml.publish import write_text

        house = House()
        with bundle_at(model, house) as (_, bundle):
            engine = engine_for(bundle.params.features.memory_limit)
            story = run_explain(house, bundle, engine, customer, as_of.date() if as_of else None)
        print("\n".join(lines(story)))
        if html:
            write_text(html, page(story))
            html.chmod(0o600)
            say(str(html))

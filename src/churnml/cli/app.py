"""The verbs, in the order in which a newcomer meets them."""

from typing import Annotated

import typer

from churnml import __version__
from churnml.cli.calibrate import calibrate
from churnml.cli.define import define
from churnml.cli.demo import demo
from churnml.cli.explain import explain
from churnml.cli.features import features
from churnml.cli.ingest import ingest
from churnml.cli.lineage import lineage
from churnml.cli.report import report
from churnml.cli.rules import rules
from churnml.cli.score import score
from churnml.cli.simulate import simulate
from churnml.cli.train import train
from churnml.cli.verify import verify

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def say_version(wanted: bool) -> None:
    """Print the version and stop, whatever else was asked."""
    if wanted:
        print(__version__)
        raise typer.Exit


Version = Annotated[
    bool, typer.Option("--version", callback=say_version, is_eager=True, help="Say the version and stop.")
]


@app.callback()
def churnml(version: Version = False) -> None:
    """From CRM exports to a call list that can be trusted."""


for verb in (
    demo,
    simulate,
    ingest,
    define,
    features,
    train,
    calibrate,
    rules,
    score,
    explain,
    report,
    lineage,
    verify,
):
    app.command()(verb)


def main() -> None:
    """Run the verb that the command line names."""
    app(prog_name="churnml")

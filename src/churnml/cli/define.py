"""`churnml define`."""

from pathlib import Path
from typing import Annotated

import typer

from churnml.cli.boundary import engine_for, opened, refusals, say

Segment = Annotated[
    str | None,
    typer.Option(metavar="COLUMN", help="Of customers: count them apart by it.  [default: segment, if there is one]"),
]
Out = Annotated[Path, typer.Option(help="Folder of define.json, define.csv and plots/define/define.png.")]


def define(segment: Segment = None, out: Out = Path("reports")) -> None:
    """What each way to say who left would mean here, before anyone trains."""
    with refusals():
        from churnml.beside import run_define
        from churnml.define.words import report

        params, house = opened()
        defined, warnings = run_define(params, house, engine_for(params.features.memory_limit), segment, out)
        for line in warnings:
            say(f"warning: {line}")
        print(report(defined))

"""`churnml demo`."""

from pathlib import Path
from typing import Annotated

import typer

from churnml.cli.boundary import refusals, say


def demo(folder: Annotated[Path, typer.Argument(help="New folder for the exports.")] = Path("data/raw")) -> None:
    """Write real exports to start from."""
    with refusals():
        from churnml.demo import write_exports

        for name, rows in write_exports(folder).items():
            say(f"{folder / name}: {rows:,} rows")
        say("Complete Journey by 84.51°, which its makers call simulated from real patterns. Next: dvc repro")

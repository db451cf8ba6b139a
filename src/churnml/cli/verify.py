"""`churnml verify`."""

from pathlib import Path
from typing import Annotated

from typer import Argument

from churnml.cli.boundary import refusals
from churnml.cli.lookup import opened_shelf


def verify(folder: Annotated[Path, Argument(help="A pack of lists, a bundle, or another output.")]) -> None:
    """Check a pack or a bundle and what it was made from, hash by hash."""
    with refusals():
        from churnml.lineage import check

        for line in check(folder, opened_shelf()):
            print(line)

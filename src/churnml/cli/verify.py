"""`churnml verify`."""

from pathlib import Path
from typing import Annotated

import typer

from churnml.cli.boundary import refusals


def verify(folder: Annotated[Path, typer.Argument(help="A bundle or a pack of lists.")]) -> None:
    """Check a bundle or a pack, hash by hash."""
    with refusals():
        from churnml.manifest import verify as check

        print(f"{folder}: whole, sha256 {check(folder)}")

"""`churnml lineage`."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument

from churnml.cli.boundary import refusals
from churnml.cli.lookup import memory, opened_shelf

if TYPE_CHECKING:
    from churnml.ports import Remembered

_WIDE = 500  # a terminal wraps long lines itself; nothing is cut
Of = Annotated[str, Argument(help="A list, a bundle, another output or its folder, exports; or a run's name or id.")]


def lineage(of: Of) -> None:
    """From a list back to its exports and runs, and the other way."""
    with refusals():
        from rich.console import Console

        from churnml.lineage import INPUTS, Thing, is_there, origins, run_tree, thing_tree, uses

        shelf, remembers = opened_shelf(), memory()
        run = None if is_there(Path(of)) else remembers.run(of)
        things = [Thing(kind, sha) for kind, sha in run.writes.items()] if run else [shelf.at(Path(of))]
        console = Console(highlight=False, width=_WIDE)
        if run:
            console.print(run_tree(run))
        for thing in things:
            if thing.kind in INPUTS:
                here = shelf.holds(thing.kind, thing.identity) or thing
                node = origins(here, shelf, remembers)
                console.print(thing_tree(node))
                for line in restored(node.makers):
                    console.print(line)
                for made in uses(here, shelf, remembers).further:
                    console.print("\n[bold]made from it[/bold]", thing_tree(made), sep="\n")


def restored(makers: "Sequence[Remembered]") -> Iterator[str]:
    """How to get a thing back: from the commit or experiment that holds the dvc.lock of a pipeline that made it."""
    from churnml.adapters import dvc

    made = [run for run in makers if run.lock]
    for run in made:
        command = dvc.way_back(dvc.project_root(), run.lock, run.parent)
        if command:
            yield f"get it back: {command}"
            return
    if made and dvc.is_versioned(dvc.project_root()):
        yield "not kept yet: commit dvc.lock and reports/ to be able to get it back"

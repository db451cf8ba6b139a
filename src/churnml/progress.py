"""Long work shows that it moves: a bar on stderr when a person is watching, silence otherwise."""

import sys
from collections.abc import Iterator, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def steps(items: Sequence[Item], what: str) -> Iterator[Item]:
    """Yield the items; on a terminal show how many of them are done."""
    if not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console  # noqa: PLC0415  only where somebody is watching
    from rich.progress import track  # noqa: PLC0415

    yield from track(items, description=what, console=Console(stderr=True), transient=True)

"""Long work shows that it moves: a bar on stderr when a person is watching, silence otherwise; and doesn't wait."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar, cast

Item = TypeVar("Item")


def ahead(items: Iterable[Item]) -> Iterator[Item]:
    """Yield the items; while one of them is worked on, a thread makes the next."""
    left, end = iter(items), object()
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, left, end)
        while (item := coming.result()) is not end:
            coming = pool.submit(next, left, end)
            yield cast(Item, item)


def steps(items: Sequence[Item], what: str) -> Iterator[Item]:
    """Yield the items; on a terminal show how many of them are done."""
    if not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console  # noqa: PLC0415  only where somebody is watching
    from rich.progress import track  # noqa: PLC0415

    yield from track(items, description=what, console=Console(stderr=True), transient=True)

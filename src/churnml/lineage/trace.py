"""Walk from a thing to what it was made from, and to what was made from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from churnml.lineage.shelf import INPUTS, Shelf, Thing
from churnml.ports import Memory, Remembered


class NoMemory:
    """`churnml.ports.Memory` where there is no tracker to ask."""

    def makers(self, kind: str, identity: str) -> Sequence[Remembered]:  # noqa: ARG002
        """None."""
        return ()

    def readers(self, kind: str, identity: str) -> Sequence[Remembered]:  # noqa: ARG002
        """None."""
        return ()

    def run(self, word: str) -> Remembered | None:  # noqa: ARG002
        """None."""
        return None


@dataclass(frozen=True)
class Node:
    """A thing, the runs that made it, newest first, and the things one step further."""

    thing: Thing
    makers: Sequence[Remembered]
    further: Sequence["Node"]


def made_of(thing: Thing, shelf: Shelf, memory: Memory) -> Mapping[str, str]:
    """Kind -> identity of what a thing was made from: what its manifest says, else what the runs say that made it."""
    here = thing if thing.made_from else shelf.holds(thing.kind, thing.identity)
    if here and here.made_from:
        return here.made_from
    for run in memory.makers(thing.kind, thing.identity):
        return run.reads
    return {}


def origins(thing: Thing, shelf: Shelf, memory: Memory, known: Mapping[str, str] | None = None) -> Node:
    """What a thing was made from, back to the exports.

    Args:
        thing: to begin with.
        shelf: what lies in the project.
        memory: what the tracker remembers.
        known: what the thing next in the flow says of its own origins.
    """
    sources = {**(known or {}), **made_of(thing, shelf, memory)}
    further = []
    for kind in INPUTS[thing.kind]:
        if kind not in sources:
            continue
        before = shelf.holds(kind, sources[kind]) or Thing(kind, sources[kind])
        # A pack's tables aren't those that its bundle was learned from: the two branches must not mix.
        passed = {} if kind == "bundle" and thing.kind == "lists" else sources
        further.append(origins(before, shelf, memory, passed))
    return Node(thing, memory.makers(thing.kind, thing.identity), further)


def uses(thing: Thing, shelf: Shelf, memory: Memory) -> Node:
    """What was made from a thing, down to the lists."""
    made = {
        (other.kind, other.identity): other
        for other in shelf.things
        if other.made_from.get(thing.kind) == thing.identity
    }
    for run in memory.readers(thing.kind, thing.identity):
        for kind, identity in run.writes.items():
            if kind in INPUTS:
                made.setdefault((kind, identity), Thing(kind, identity, made_from=run.reads))
    # Manifests name all that came before; what was made from one of these is shown below it.
    nearest = [other for other in made.values() if made.keys().isdisjoint(other.made_from.items())]
    nearest.sort(key=lambda other: list(INPUTS).index(other.kind))
    return Node(thing, memory.makers(thing.kind, thing.identity), [uses(other, shelf, memory) for other in nearest])

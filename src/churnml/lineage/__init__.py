"""From a list back to the exports and runs it was made from, and the other way; read-only."""

from churnml.lineage.check import check
from churnml.lineage.shelf import INPUTS, Shelf, Thing, is_there
from churnml.lineage.trace import Node, NoMemory, made_of, origins, uses
from churnml.lineage.words import run_tree, thing_tree

__all__ = [
    "INPUTS",
    "NoMemory",
    "Node",
    "Shelf",
    "Thing",
    "check",
    "is_there",
    "made_of",
    "origins",
    "run_tree",
    "thing_tree",
    "uses",
]

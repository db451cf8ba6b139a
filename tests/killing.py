"""A process that scores again and again until it is killed. A module of its own: the process imports it by name."""

from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

from churnml.adapters.duckdb import DuckDBEngine
from churnml.bundle import ModelBundle
from churnml.contracts.files import House
from churnml.pipeline import score_tables

# Forked from a server that has imported everything once: fifteen starts would otherwise take half a minute.
_processes = get_context("forkserver")
_processes.set_forkserver_preload(["killing", "churnml.score", "churnml.features"])


def score_for_ever(root: Path) -> None:
    """Write the pack of a project's tables over and over."""
    house = House(root)
    bundle = ModelBundle.load(house.bundle)
    while True:
        score_tables(house.tables, bundle, DuckDBEngine("1GB"), None, house.lists)


def started(house: House) -> BaseProcess:
    """The process, running."""
    process = _processes.Process(target=score_for_ever, args=(house.root,), daemon=True)
    process.start()
    return process

"""Snapshots of hand-made tables."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import shelf
from churnml.adapters.duckdb import DuckDBEngine


@pytest.fixture
def at(tmp_path: Path, engine: DuckDBEngine) -> Callable[..., dict[str, dict[str, Any]]]:
    """Called with tables by name, and how: the snapshots of these tables at 2024-03-01, by customer."""

    def snapshots(**given: Any) -> dict[str, dict[str, Any]]:
        tables = {name: given.pop(name) for name in list(given) if name in shelf.TABLES}
        return shelf.snapshots(shelf.write_tables(tmp_path / "tables", tables), engine, **given)

    return snapshots

"""What `churnml define` says of hand-made tables."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import shelf
from churnml.adapters.duckdb import DuckDBEngine
from churnml.beside import run_define
from churnml.config import Params
from churnml.contracts.files import House
from churnml.contracts.tables import TABLES
from churnml.define import Defined

START = date(2024, 1, 1)


def day(number: int) -> str:
    """The day with this number; the first one is day 0."""
    return str(START + timedelta(days=number))


def bought(customers: dict[str, list[int]]) -> str:
    """Transactions of 10 each, by the numbers of their days."""
    rows = [f"{name} {day(number)} 10" for name, days in customers.items() for number in days]
    return "\n".join(["customer_id occurred_at amount", *rows])


def params(tables: list[str], churn: dict[str, Any], **sections: Any) -> Params:
    """Params of a project with these tables."""
    sources = [
        {"table": name, "path": f"{name}.csv", "columns": {column.name: column.name for column in TABLES[name].columns}}
        for name in tables
    ]
    return Params.model_validate(
        {
            "project": {"name": "tiny"},
            "sources": sources,
            "churn": churn,
            "panel": {"step_days": 30, "test": 1},
            "features": {"history_days": 3650},
            "calibrate": {"tiers": [{"name": "low"}]},
            **sections,
        }
    )


@pytest.fixture
def on(tmp_path: Path, engine: DuckDBEngine) -> Callable[..., Defined]:
    """Called with tables by name, the section churn and a segment: what is found.

    Transactions can be told as `days`: of each customer, the numbers of the days with a purchase of 10.
    """

    def found(
        churn: dict[str, Any] | None = None,
        segment: str | None = None,
        days: dict[str, list[int]] | None = None,
        **given: Any,
    ) -> Defined:
        tables = {name: given.pop(name) for name in list(given) if name in shelf.TABLES}
        if days:
            tables["transactions"] = bought(days)
        house = House(tmp_path)
        shelf.write_tables(house.tables, tables)
        asked = params(list(tables), churn or {"horizon_days": 10, "active_within_days": 20}, **given)
        return run_define(asked, house, engine, segment, house.reports)[0]

    return found

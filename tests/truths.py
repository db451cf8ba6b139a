"""Simulated worlds with their truth, as tests ask them."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

import duckdb

from churnml.simulate import Simulated, World

_EXPORTS = {
    "orders": ("shop/*.csv", "Buyer"),
    "events": ("app/*.csv", "user_id"),
    "tickets": ("helpdesk/*.csv", "Requester"),
}


@dataclass(frozen=True)
class Made:
    """A world that was written."""

    folder: Path
    world: World
    said: Simulated

    @cached_property
    def truth(self) -> duckdb.DuckDBPyConnection:
        """The files of truth/ as views, and the exports of a clean English world as `orders`, `events`, `tickets`."""
        con = duckdb.connect()
        for path in (self.folder / "truth").glob("*.parquet"):
            con.sql(f"CREATE VIEW {path.stem} AS SELECT * FROM '{path}'")
        for name, (files, who) in _EXPORTS.items():
            if list((self.folder / "data/raw").glob(files)):
                path = self.folder / "data/raw" / files
                con.sql(f"CREATE VIEW {name} AS SELECT * FROM read_csv('{path}', types={{'{who}': 'VARCHAR'}})")
        return con

    def one(self, sql: str) -> tuple:
        """The only row of a query."""
        [row] = self.truth.sql(sql).fetchall()
        return row

    @property
    def end(self) -> date:
        """The day after the last one."""
        return self.world.start + timedelta(days=self.world.days)

"""A folder of exports and what ingest makes of it, for tests that write tiny tables by hand."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from churnml.config import Churn, Ingest, Project, Source
from churnml.ingest import Ingested, TableProfile, ingest
from churnml.language import Locale
from churnml.ports import Engine

HEADER = "id,when,paid\n"


def transactions(**changes: Any) -> Source:
    """transactions*.csv with the columns id, when and paid, unless told otherwise."""
    columns = {"customer_id": "id", "occurred_at": "when", "amount": "paid"}
    return Source(**{"table": "transactions", "path": "transactions*.csv", "columns": columns} | changes)


def customers(**changes: Any) -> Source:
    """customers*.csv with the columns id and joined, unless told otherwise."""
    columns = {"customer_id": "id", "signed_up_at": "joined"}
    return Source(**{"table": "customers", "path": "customers*.csv", "columns": columns} | changes)


def contacts(**changes: Any) -> Source:
    """contacts*.csv with the columns id, sent and what, unless told otherwise."""
    columns = {"customer_id": "id", "contacted_at": "sent", "action": "what"}
    return Source(**{"table": "contacts", "path": "contacts*.csv", "columns": columns} | changes)


def tickets(**changes: Any) -> Source:
    """tickets*.csv with the columns id, opened, number and closed, unless told otherwise."""
    columns = {"customer_id": "id", "opened_at": "opened", "ticket_id": "number", "resolved_at": "closed"}
    return Source(**{"table": "tickets", "path": "tickets*.csv", "columns": columns} | changes)


def subscriptions(**changes: Any) -> Source:
    """subscriptions*.csv with the columns id, from, number and until, unless told otherwise."""
    columns = {"customer_id": "id", "started_at": "from", "subscription_id": "number", "ended_at": "until"}
    return Source(**{"table": "subscriptions", "path": "subscriptions*.csv", "columns": columns} | changes)


@dataclass
class Shop:
    """A project folder: exports in `raw`, results in `data` and `report.json`."""

    root: Path
    engine: Engine

    @property
    def raw(self) -> Path:
        """The folder of the exports."""
        return self.root / "raw"

    @property
    def data(self) -> Path:
        """The folder of tables and quarantine."""
        return self.root / "data"

    def write(self, name: str, content: str | bytes, folder: str = "raw") -> Path:
        """One export; text is written as UTF-8."""
        path = self.root / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def read(
        self,
        *sources: Source,
        folders: Sequence[str] = ("raw",),
        history: str | None = None,
        needs: Mapping[str, Sequence[str]] | None = None,
        share: float = 1.0,
        timezone: str = "UTC",
        pii: tuple[str, ...] = (),
        today: date | None = None,
        named: Mapping[str, Sequence[str]] | None = None,
        locale: Locale = "en",
    ) -> Ingested:
        """Read the exports; every row may be set aside unless told otherwise."""
        return ingest(
            exports=[self.root / folder for folder in folders],
            sources=sources or (transactions(),),
            params=Ingest(max_quarantine_share=share),
            project=Project(name="shop", timezone=timezone, locale=locale),
            churn=Churn(horizon_days=28, active_within_days=56),
            pii=pii,
            engine=self.engine,
            tables=self.data / "tables",
            quarantine=self.data / "quarantine",
            report=self.root / "report.json",
            named=named,
            needs=needs,
            today=today,
            history=self.root / history if history else None,
        )

    def ingest(self, *sources: Source, **how: Any) -> list[TableProfile]:
        """The profiles that come of reading the exports."""
        return list(self.read(*sources, **how).profiles)

    def rows(self, table: str = "transactions") -> list[dict[str, Any]]:
        """The canonical table."""
        return pq.read_table(self.data / f"tables/{table}.parquet").to_pylist()

    def column(self, name: str, table: str = "transactions") -> list[Any]:
        """One column of the canonical table."""
        return [row[name] for row in self.rows(table)]

    def aside(self, table: str = "transactions") -> list[list[str]]:
        """The quarantine without its header."""
        with (self.data / f"quarantine/{table}.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))[1:]

    def everything(self) -> dict[str, bytes]:
        """Every file that ingest wrote, byte for byte, leftovers included."""
        files = sorted(path for path in self.data.rglob("*") if path.is_file())
        return {path.relative_to(self.data).as_posix(): path.read_bytes() for path in files}

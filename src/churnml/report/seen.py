"""What the page is made from: one pack of lists, the bundle that made it, and what the pipeline measured, as far as it is there."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from churnml.bundle import ModelBundle
from churnml.contracts.files import House
from churnml.errors import DataError
from churnml.manifest import MANIFEST, read_manifest, verify
from churnml.publish import read_json

_SCORED = (
    "customer_id", "risk", "value", "expected_loss", "before", "tier", "held", "cause", "layer", "group",
)  # fmt: skip
_READ = ("scored.parquet", "alerts.parquet", "checks.csv", "ingest.json")
_PREVIOUS = ("customer_id", "tier", "held", "expected_loss", "risk")


@dataclass(frozen=True)
class Seen:
    """What is there.

    Attributes:
        bundle: the model and everything it decided.
        pack: folder of the lists.
        manifest: of the lists.
        scored: one row per customer: risk, value, tier and so on; nothing that is private.
        alerts: one row per customer and rule that is true; None: lists of an older version.
        checks: one row per check of the export against the training, as read.
        previous: one row per customer of the lists before; None: there are none.
        trained: what train measured; empty where only a bundle is there.
        measured: what calibrate measured; empty where only a bundle is there.
        ingested: what came in; empty where that isn't known.
        boosters: folder of the predictions; None: not there.
        panel: folder of the panel; None: not there.
        tables: folder of the tables; None: not there.
        plots: folder of the plots; None: not there.
    """

    bundle: ModelBundle
    pack: Path
    manifest: Mapping[str, Any]
    scored: pd.DataFrame
    alerts: pd.DataFrame | None = None
    checks: Sequence[Mapping[str, str]] = ()
    previous: pd.DataFrame | None = None
    trained: Mapping[str, Any] = field(default_factory=dict)
    measured: Mapping[str, Any] = field(default_factory=dict)
    ingested: Mapping[str, Any] = field(default_factory=dict)
    boosters: Path | None = None
    panel: Path | None = None
    tables: Path | None = None
    plots: Path | None = None

    @property
    def contacted(self) -> list[str]:
        """Tiers whose customers are called."""
        return list(self.bundle.decision.contacted)

    @property
    def called(self) -> pd.DataFrame:
        """Who is on the lists of tiers that are called."""
        return self.scored[self.scored["tier"].isin(self.contacted) & ~self.scored["held"]]

    @property
    def first_share(self) -> float:
        """Share of the customers who are in the first tier, left alone or not."""
        first = self.scored["tier"] == self.bundle.decision.names[0]
        return float(first.mean()) if len(first) else 0.0

    def plot(self, name: str) -> list[dict[str, str]]:
        """Rows of a file of `reports/plots/`, as texts; none where it isn't there."""
        for path in sorted(self.plots.glob(f"*/{name}.csv")) if self.plots else ():
            with path.open(encoding="utf-8", newline="") as file:
                return list(csv.DictReader(file))
        return []

    def predictions(self, name: str) -> pd.DataFrame | None:
        """Out-of-time predictions: `test` or `rolling`; None where they aren't there."""
        path = self.boosters / f"{name}.parquet" if self.boosters else None
        return pd.read_parquet(path) if path and path.is_file() else None

    @property
    def currency(self) -> str:
        """Of all money."""
        return self.bundle.params.project.currency

    @property
    def worth(self) -> bool:
        """Whether anybody's value is known."""
        return bool((self.scored["value"] > 0).any())


def newest_pack(house: House) -> Path:
    """The newest lists that were made with the project's bundle.

    Raises:
        DataError: the pipeline hasn't run, or its lists are of another bundle.
    """
    packs = sorted(path for path in house.lists.glob("*") if (path / MANIFEST).is_file())
    if not packs:
        raise DataError(f"{house.lists}: no lists there yet; run `dvc repro`")
    bundle = read_manifest(house.bundle).get("sha256") if (house.bundle / MANIFEST).is_file() else None
    ours = [pack for pack in packs if read_manifest(pack).get("made_from", {}).get("bundle") == bundle]
    if not ours:
        raise DataError(
            f"{packs[-1]}: made with another bundle than {house.bundle}; run `dvc repro` or `churnml score`"
        )
    return ours[-1]


def see(house: House, bundle: ModelBundle, pack: Path, tables: Path | None = None) -> Seen:
    """Read what there is about a pack.

    Args:
        house: where the pipeline's files lie; they are read where they are of the pack's bundle.
        bundle: that made the pack.
        pack: folder of lists.
        tables: that the lists were made from; None: the pipeline's, where the lists are.

    Raises:
        DataError: the pack is of another bundle, or can't be read.
    """
    if not (pack / MANIFEST).is_file() or read_manifest(pack).get("kind") != "lists":
        raise DataError(f"{pack}: no lists there (no {MANIFEST} of lists); name a folder that `churnml score` wrote")
    verify(pack, only=_READ)
    manifest = read_manifest(pack)
    if manifest.get("made_from", {}).get("bundle") != bundle.digest:
        raise DataError(f"{pack}: made with another bundle; name that one with --model, or score again")
    pipeline = (house.bundle / MANIFEST).is_file() and read_manifest(house.bundle).get("sha256") == bundle.digest
    own = pack / "ingest.json"
    profile = own if own.is_file() else house.reports / "ingest.json"
    ours = pack.parent.resolve() == house.lists.resolve()
    return Seen(
        bundle=bundle,
        pack=pack,
        manifest=manifest,
        scored=_columns(pack / "scored.parquet", _SCORED),
        alerts=_alerts(pack),
        checks=_csv(pack / "checks.csv"),
        previous=_previous(pack, manifest),
        trained=_json(house.reports / "train.json") if pipeline else {},
        measured=_json(house.reports / "metrics.json") if pipeline else {},
        ingested=_json(profile) if own.is_file() or ours else {},
        boosters=house.boosters if pipeline and house.boosters.is_dir() else None,
        panel=house.panel if pipeline and house.panel.is_dir() else None,
        tables=tables or (house.tables if ours and house.tables.is_dir() else None),
        plots=house.reports / "plots" if pipeline else None,
    )


def _columns(path: Path, names: Sequence[str]) -> pd.DataFrame:
    there = pq.read_schema(path).names
    return pd.read_parquet(path, columns=[name for name in names if name in there])


def _alerts(pack: Path) -> pd.DataFrame | None:
    path = pack / "alerts.parquet"
    return pd.read_parquet(path) if path.is_file() else None


def _csv(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        head = next(csv.reader(file), [])
        names = ("check", "where", "training", "now", "verdict", "rule")
        return [dict(zip(names, row, strict=False)) for row in csv.reader(file)] if len(head) == len(names) else []


def _previous(pack: Path, manifest: Mapping[str, Any]) -> pd.DataFrame | None:
    """The lists before, if they lie beside these."""
    before = manifest.get("made_from", {}).get("previous")
    for other in sorted(pack.parent.glob("*")):
        if before and (other / MANIFEST).is_file() and read_manifest(other).get("sha256") == before:
            return _columns(other / "scored.parquet", _PREVIOUS)
    return None


def _json(path: Path) -> dict[str, Any]:
    return dict(read_json(path)) if path.is_file() else {}

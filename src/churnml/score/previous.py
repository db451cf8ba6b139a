"""The list before: who was in which tier, so that nobody changes tier for nothing and every change is told."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from churnml.errors import BundleError, ChurnmlError, DataError
from churnml.manifest import MANIFEST, read_manifest, verify
from churnml.tiers import Before, Decision

_COLUMNS = ["customer_id", "tier", "risk", "steady_risk"]


@dataclass(frozen=True)
class Previous:
    """An earlier pack.

    Attributes:
        folder: where it lies.
        as_of: its moment of knowledge.
        identity: hash of its manifest.
        scored: customer_id, tier, risk, steady_risk.
    """

    folder: Path
    as_of: date
    identity: str
    scored: pd.DataFrame

    def of(self, scored: pd.DataFrame, decision: Decision) -> Before:
        """What it said of these customers; a tier that there is no more counts as none."""
        known = {name: index for index, name in enumerate(decision.names)}
        then = self.scored.set_index("customer_id").reindex(scored["customer_id"])
        tier = then["tier"].map(known).fillna(len(known)).to_numpy(dtype=int)
        return Before(tier, then["steady_risk"].to_numpy(dtype=float))


def previous_pack(folder: Path, as_of: date) -> Previous:
    """Read an earlier pack, hash by hash.

    Raises:
        BundleError: it isn't a pack, or a byte isn't as it was written.
        DataError: it isn't earlier.
    """
    identity = verify(folder)
    said = read_manifest(folder)
    if said.get("kind") != "lists" or not (folder / "scored.parquet").is_file():
        raise BundleError(f"{folder}: is no pack of lists; name a folder that `churnml score` wrote")
    then = date.fromisoformat(said["as_of"])
    if then >= as_of:
        raise DataError(f"{folder}: is as of {then}, not earlier than {as_of}; name an earlier pack with --previous")
    return Previous(folder, then, identity, pq.read_table(folder / "scored.parquet", columns=_COLUMNS).to_pandas())


def newest_before(out: Path, as_of: date) -> Path | None:
    """The newest pack in a folder of packs that is earlier than as_of."""
    found = []
    for folder in out.glob("*/") if out.is_dir() else ():
        try:
            said = read_manifest(folder) if (folder / MANIFEST).is_file() else {}
            if said.get("kind") == "lists" and date.fromisoformat(said["as_of"]) < as_of:
                found.append((said["as_of"], folder))
        except (ChurnmlError, ValueError, KeyError, AttributeError):
            continue
    return max(found)[1] if found else None

"""The list before: who was in which tier, so that nobody changes tier for nothing and every change is told."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from churnml.errors import BundleError, ChurnmlError, DataError
from churnml.manifest import MANIFEST, read_manifest, verify
from churnml.tiers import Before, Decision

_SCORED, _ALERTS = "scored.parquet", "alerts.parquet"
_COLUMNS = ["customer_id", "tier", "risk", "steady_risk", "held"]


@dataclass(frozen=True)
class Previous:
    """An earlier pack.

    Attributes:
        folder: where it lies.
        as_of: its moment of knowledge.
        identity: hash of its manifest.
        scored: customer_id, tier, risk, steady_risk, held.
        alerts: what it remembers of rules, as `ALERTS`; None: it was made before there were any.
    """

    folder: Path
    as_of: date
    identity: str
    scored: pd.DataFrame
    alerts: pd.DataFrame | None = None

    def of(self, scored: pd.DataFrame, decision: Decision) -> Before:
        """What it said of these customers; a tier that there is no more counts as none."""
        known = {name: index for index, name in enumerate(decision.names)}
        then = self.scored.set_index("customer_id").reindex(scored["customer_id"])
        tier = then["tier"].map(known).fillna(len(known)).to_numpy(dtype=int)
        return Before(tier, then["steady_risk"].to_numpy(dtype=float))


def previous_pack(folder: Path, as_of: date, project: str) -> Previous:
    """Read an earlier pack. Its lists may have been filled in since; what programs read must be as it was written.

    Raises:
        BundleError: it isn't a pack, or a byte isn't as it was written.
        DataError: it isn't earlier, or of another project.
    """
    identity = verify(folder, only=(_SCORED, _ALERTS))
    said = read_manifest(folder)
    if said.get("kind") != "lists" or not (folder / _SCORED).is_file():
        raise BundleError(f"{folder}: is no pack of lists; name a folder that `churnml score` wrote")
    then = date.fromisoformat(said["as_of"])
    if then >= as_of:
        raise DataError(f"{folder}: is as of {then}, not earlier than {as_of}; name an earlier pack with --previous")
    if said.get("project", project) != project:
        raise DataError(f"{folder}: is of the project '{said['project']}', not of '{project}'; name a pack of the same")
    alerts = pq.read_table(folder / _ALERTS).to_pandas() if (folder / _ALERTS).is_file() else None
    return Previous(folder, then, identity, pq.read_table(folder / _SCORED, columns=_COLUMNS).to_pandas(), alerts)


def newest_before(out: Path, as_of: date, project: str) -> Path | None:
    """The newest pack of this project in a folder of packs that is earlier than as_of.

    Raises:
        BundleError: nobody can tell whether a pack is.
    """
    found = []
    for folder in out.glob("*/") if out.is_dir() else ():
        try:
            said = read_manifest(folder) if (folder / MANIFEST).is_file() else {}
            ours = said.get("kind") == "lists" and said.get("project", project) == project
            if ours and date.fromisoformat(said["as_of"]) < as_of:
                found.append((said["as_of"], folder))
        except (ChurnmlError, ValueError, KeyError, AttributeError) as error:
            if not (folder / _SCORED).is_file():
                continue
            raise BundleError(
                f"{folder / MANIFEST}: can't be read; restore it, move that pack away, or name the pack before by --previous"
            ) from error
    return max(found)[1] if found else None

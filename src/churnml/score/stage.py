"""The score stage: the same code for the pipeline's lists and for an analyst's export."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from churnml.bundle import ModelBundle
from churnml.errors import DataError, did_you_mean
from churnml.manifest import digest, write_manifest
from churnml.ports import Engine
from churnml.publish import replacing, scratch
from churnml.score.lists import write_lists
from churnml.tiers import assigned, ranked
from churnml.value import spend_feature, value

_FACTS = {"recency_days": "days_since_purchase", "gap_mean_days": "usual_gap_days"}


@dataclass(frozen=True)
class Pack:
    """What was written.

    Attributes:
        folder: of the lists.
        as_of: the moment of knowledge.
        customers: per tier.
        read: what ingest had to say about the export, line by line.
        unknown: rows with a category that training hadn't seen, by feature.
        warnings: what ops must know before they call anybody.
    """

    folder: Path
    as_of: date
    customers: Mapping[str, int]
    unknown: Mapping[str, int]
    read: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def lines(self) -> list[str]:
        """A few lines for the terminal."""
        counts = ", ".join(f"{count:,} {tier}" for tier, count in self.customers.items())
        strange = [
            f"{count:,} customers have a {name} that training hadn't seen; it counts as unknown"
            for name, count in self.unknown.items()
        ]
        return [
            *self.read,
            f"as of {self.as_of}: {sum(self.customers.values()):,} customers: {counts}",
            *strange,
            *(f"warning: {line}" for line in self.warnings),
            str(self.folder),
        ]


def score(
    *,
    bundle: ModelBundle,
    snapshots: Path,
    peers: Path,
    tables: Path,
    engine: Engine,
    as_of: date,
    out: Path,
    aside: Sequence[Path] = (),
    made_from: Mapping[str, str] | None = None,
) -> Pack:
    """Score the snapshots of one as_of and write the pack.

    Args:
        bundle: the model and everything it decided.
        snapshots: unlabelled snapshots, one row per customer.
        peers: the same customers compared with each other; only those with a purchase.
        tables: folder of canonical tables; customers passes columns through.
        engine: where predictions are mapped.
        as_of: the moment of knowledge.
        out: folder of packs; its subfolder <as_of> is replaced.
        aside: further files and folders that belong into the pack, such as the quarantine.
        made_from: kind -> identity of what the tables were made from, where that is known.

    Raises:
        BundleError: the snapshots lack a feature.
        DataError: a column to keep isn't in the customers table.
    """
    folder = out / as_of.isoformat()
    with scratch(folder) as work, replacing(folder) as (draft,):
        unknown: dict[str, int] = {}

        def with_risk(rows: pa.Table) -> pa.Table:
            for name, count in bundle.model.columns.unknown(rows).items():
                unknown[name] = unknown.get(name, 0) + count
            return rows.select(["customer_id", "as_of"]).append_column("risk", pa.array(bundle.risk(rows, as_of)))

        engine.map(snapshots, with_risk, work / "risk.parquet")
        scored = _scored(bundle, pq.read_table(work / "risk.parquet"), snapshots, peers, tables)
        pq.write_table(pa.Table.from_pandas(scored, preserve_index=False), draft / "scored.parquet", compression="zstd")
        counts = write_lists(draft, scored, [tier.name for tier in bundle.tiers], bundle.params.score.keep)
        for path in aside:
            path.rename(draft / path.name)
        made_from = {**(made_from or {}), "tables": digest(tables), "bundle": bundle.digest}
        facts = {"as_of": as_of.isoformat(), "customers": counts, "unknown_categories": unknown}
        write_manifest(draft, "lists", made_from, facts)
    return Pack(folder, as_of, counts, unknown, warnings=_warnings(bundle, as_of))


def _warnings(bundle: ModelBundle, as_of: date) -> tuple[str, ...]:
    """A verdict that forbids to call, and a level that is another season's."""
    found = []
    if bundle.verdict and not bundle.verdict["callable"]:
        found.append(bundle.verdict["sentence"])
    if bundle.probability.shift_at(as_of) is None:
        found.append(
            f"no labelled cutoff lies a year before {as_of}: the level of risks is that of another season; train again"
        )
    return tuple(found)


def _scored(bundle: ModelBundle, risks: pa.Table, snapshots: Path, peers: Path, tables: Path) -> pd.DataFrame:
    """One row per customer, in the order of the ids: risk, value, tier, rank, and the facts that the lists show."""
    windows = bundle.params.features.windows_days
    spend = spend_feature(windows)
    wanted = [name for name in (*_FACTS, spend) if name in pq.read_schema(snapshots).names]
    facts = pq.read_table(snapshots, columns=wanted).to_pandas()
    scored = risks.to_pandas()
    spent = facts.get(spend, pd.Series(0.0, index=scored.index))  # without transactions nobody knows the value
    scored["value"] = value(spent.to_numpy(), windows[-1], bundle.params.score.value)
    scored["expected_loss"] = scored["risk"] * scored["value"]
    ranking = ranked(
        scored["customer_id"].to_numpy(dtype=str), scored["risk"].to_numpy(), scored["value"].to_numpy(), bundle.order
    )
    names = np.array([tier.name for tier in bundle.tiers])
    tier = assigned(ranking, scored["risk"].to_numpy(), bundle.tiers)
    scored["tier"] = names[tier]
    # Rank follows the tiers: whoever is in a higher one is called first.
    position = np.empty(len(ranking), dtype=np.int64)
    position[np.lexsort((np.argsort(ranking), tier))] = np.arange(1, len(ranking) + 1)
    scored["rank"] = position
    for feature, name in _FACTS.items():
        scored[name] = facts.get(feature, np.nan)
    scored["recent_spend"] = facts.get(spend, np.nan)
    return _with_kept(_with_peers(scored, peers), tables, bundle.params.score.keep)


def _with_peers(scored: pd.DataFrame, peers: Path) -> pd.DataFrame:
    """RFM scores as three digits, 555 the best, and BG/NBD's chance of no purchase within the horizon."""
    compared = pq.read_table(peers).to_pandas()
    digits = compared[["r", "f", "m"]].astype("int64").astype(str)
    compared["rfm"] = digits["r"] + digits["f"] + digits["m"]
    shown = compared[["customer_id", "rfm", "silent"]]
    return scored.merge(shown, on="customer_id", how="left", validate="one_to_one")


def _with_kept(scored: pd.DataFrame, tables: Path, keep: Sequence[str]) -> pd.DataFrame:
    if not keep:
        return scored
    path = tables / "customers.parquet"
    there = pq.read_schema(path).names if path.is_file() else []
    for name in keep:
        if name not in there:
            raise DataError(
                f"score.keep: the customers table has no column '{name}'{did_you_mean(name, there)}; correct the name, "
                f"map the column, or remove it"
            )
    kept = pq.read_table(path, columns=["customer_id", *keep]).to_pandas()
    return scored.merge(kept, on="customer_id", how="left", validate="one_to_one")

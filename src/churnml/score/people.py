"""Customers and what the lists show of them: where they are placed, and the columns that are passed through."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from churnml.bundle import ModelBundle
from churnml.config import Travelling
from churnml.errors import DataError, did_you_mean
from churnml.score.previous import Previous
from churnml.value import spend_feature, spend_source, value

_FACTS = {"recency_days": "days_since_purchase", "gap_mean_days": "usual_gap_days"}


def placed(
    bundle: ModelBundle, as_of: date, risks: pd.DataFrame, snapshots: Path, peers: Path, before: Previous | None
) -> tuple[pd.DataFrame, dict[str, int]]:
    """One row per customer, in the order of the ids: risk, value, tier, rank, and the facts that the lists show.

    Args:
        bundle: its decision and value model.
        as_of: the moment of knowledge.
        risks: customer_id, as_of, risk, in the order of the snapshots.
        snapshots: features.
        peers: customers compared with each other.
        before: the list before.

    Returns:
        the rows, and how many are on the list of each tier.
    """
    decision, scored = bundle.decision, with_worth(bundle, risks, snapshots)
    customers, was = (
        scored["customer_id"].to_numpy(dtype=object),
        None if before is None else before.of(scored, decision),
    )
    where = decision.place(customers, scored["risk"].to_numpy(), scored["value"].to_numpy(), was)
    scored["before"] = None if was is None else np.array([*decision.names, None], dtype=object)[was.tier]
    scored["steady_risk"] = where.steady
    scored["tier"] = np.array(decision.names)[where.tier]
    scored["rank"], scored["held"] = where.rank, where.held
    scored = with_facts(bundle, scored, snapshots)
    scored["last_seen"] = _last_seen(scored["days_since_purchase"], as_of)
    counts = np.bincount(where.tier[~where.held], minlength=len(decision.names))
    return _with_peers(scored, peers), {name: int(count) for name, count in zip(decision.names, counts, strict=True)}


def with_worth(bundle: ModelBundle, risks: pd.DataFrame, snapshots: Path) -> pd.DataFrame:
    """The rows with value and expected_loss, which depend on nobody else."""
    windows = bundle.params.features.windows_days
    source, factor = spend_source(pq.read_schema(snapshots).names, windows) or ("", 0.0)
    spent = np.zeros(len(risks))
    if source:
        spent = pq.read_table(snapshots, columns=[source]).to_pandas()[source].fillna(0.0).to_numpy() * factor
    worth = value(spent, windows[-1], bundle.params.score.value, bundle.lasting_days)
    return risks.assign(value=worth, expected_loss=risks["risk"].to_numpy() * worth)


def with_facts(bundle: ModelBundle, scored: pd.DataFrame, snapshots: Path) -> pd.DataFrame:
    """The rows with what the caller should know of each customer."""
    spend = spend_feature(bundle.params.features.windows_days)
    shown = {**{name: feature for feature, name in _FACTS.items()}, "recent_spend": spend}
    there = [feature for feature in shown.values() if feature in pq.read_schema(snapshots).names]
    facts = pq.read_table(snapshots, columns=there).to_pandas()
    return scored.assign(**{name: facts.get(feature, np.nan) for name, feature in shown.items()})


def _last_seen(days: pd.Series, as_of: date) -> pd.Series:
    return pd.Timestamp(as_of) - pd.to_timedelta(days, unit="D")


def _with_peers(scored: pd.DataFrame, peers: Path) -> pd.DataFrame:
    """RFM scores as three digits, 555 the best, and BG/NBD's chance of no purchase within the horizon."""
    compared = pq.read_table(peers).to_pandas()
    compared["rfm"] = (compared[["r", "f", "m"]].astype("int64") @ [100, 10, 1]).astype(str)
    shown = compared[["customer_id", "rfm", "silent"]]
    return scored.merge(shown, on="customer_id", how="left")


@dataclass(frozen=True)
class Shown:
    """Columns of customers that are passed through.

    Attributes:
        people: customer_id and the columns.
        columns: all that the lists show.
        private: those of them that programs don't see.
    """

    people: pd.DataFrame
    columns: tuple[str, ...]
    private: tuple[str, ...]


def shown_of(params: Travelling, tables: Path, *, private: bool) -> Shown:
    """Columns to keep, and which of them are private.

    Args:
        params: keep and pii.
        tables: folder of canonical tables.
        private: whether private columns are shown at all.

    Raises:
        DataError: a column to keep isn't in the customers table.
    """
    path, keep = tables / "customers.parquet", params.score.keep
    there = pq.read_schema(path).names if path.is_file() else []
    for name in keep:
        if name not in there:
            raise DataError(
                f"customers: the lists show the column '{name}' (score.keep), which isn't there{did_you_mean(name, there)}; "
                f"export it again with this column; there are {', '.join(there) or 'none'}"
            )
    hidden = tuple(name for name in keep if name in params.private_of_customers())
    columns = keep if private else tuple(name for name in keep if name not in hidden)
    wanted = ["customer_id", *columns]
    people = pq.read_table(path, columns=wanted).to_pandas() if there else pd.DataFrame({"customer_id": []}, dtype=str)
    return Shown(people, columns, hidden if private else ())


def with_shown(rows: pd.DataFrame, shown: Shown) -> pd.DataFrame:
    """Rows by customer, with the columns that are passed through; who isn't in the customers table has none."""
    return rows.merge(shown.people, on="customer_id", how="left") if shown.columns else rows

"""Why those who are on a list may leave."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from churnml.bundle import ModelBundle
from churnml.progress import steps
from churnml.reasons import Why, why

_BETWEEN = {"en": "; ", "zh-CN": "；"}


def with_reasons(bundle: ModelBundle, scored: pd.DataFrame, snapshots: Path) -> pd.DataFrame:
    """The rows with `why`, reasons as text, `cause` and `evidence`; null for who is in no tier that is contacted.

    Args:
        bundle: its model tells what weighs how much.
        scored: one row per customer, in the order of the snapshots, with `tier`.
        snapshots: features.
    """
    listed = scored["tier"].isin(bundle.decision.contacted).to_numpy()
    words, causes, evidence = np.full((3, len(scored)), None, dtype=object)
    project, first = bundle.params.project, 0
    file = pq.ParquetFile(snapshots)
    for group in steps(range(file.num_row_groups), "Finding reasons"):  # never all features of all customers at once
        rows = file.read_row_group(group)
        mask = listed[first : first + rows.num_rows]
        found = reasons_of(bundle, rows.filter(pa.array(mask)))
        places = first + np.flatnonzero(mask)
        words[places] = [_BETWEEN[project.locale].join(reasons) or None for reasons in found.reasons]
        causes[places] = found.causes
        evidence[places] = found.evidence
        first += rows.num_rows
    return scored.assign(why=words, cause=causes, evidence=evidence)


def reasons_of(bundle: ModelBundle, rows: pa.Table) -> Why:
    """Reasons, cause and evidence of each row, as the bundle's params want them."""
    project = bundle.params.project
    return why(
        bundle.model,
        rows,
        bundle.catalog,
        windows_days=bundle.params.features.windows_days,
        typical={name: spread.median for name, spread in bundle.reference.features.items()},
        most=bundle.params.score.reasons,
        locale=project.locale,
        currency=project.currency,
    )

"""What no proof can see: features that move along the panel, and columns without a history."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from churnml.contracts.columns import CURRENT
from churnml.contracts.tables import TABLES

DRIFTS = 0.25
"""Population stability index from which on the field calls a shift a large one."""


def drifting(rows: pa.Table, catalog: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Numbers whose distribution at the last cutoff is another than at the first: name, psi, first, last, reason.

    Source: population stability index over tenths of both cutoffs together (Siddiqi 2006), unknown being one more group.

    Args:
        rows: snapshots of all cutoffs.
        catalog: the features.
    """
    moments = sorted(set(rows["as_of"].to_pylist()))
    if len(moments) < 2:
        return []
    first, last = (rows.filter(pc.equal(rows["as_of"], moment)) for moment in (moments[0], moments[-1]))
    found = []
    for entry in catalog:
        if entry["kind"] != "number":
            continue
        then, now = _numbers(first[entry["name"]]), _numbers(last[entry["name"]])
        shift = stability_index(then, now)
        if shift >= DRIFTS:
            reason = f"{_typical(then)} on {moments[0]}, {_typical(now)} on {moments[-1]}"
            found.append({"name": entry["name"], "psi": round(shift, 6), "reason": reason})
    return sorted(found, key=lambda one: (-one["psi"], one["name"]))


def stability_index(then: np.ndarray, now: np.ndarray, groups: int = 10) -> float:
    """Population stability index; NaN is a group of its own, empty groups count as half a customer.

    >>> round(stability_index(np.array([1.0, 1, 2, 2]), np.array([1.0, 1, 2, 2])), 6)
    0.0
    >>> stability_index(np.array([1.0, 1, 1, 1]), np.array([2.0, 2, 2, 2])) > 1
    True
    """
    both = np.concatenate([then, now])
    known = both[~np.isnan(both)]
    tenths = np.linspace(0, 1, groups + 1)[1:-1]
    borders = np.unique(np.quantile(known, tenths, method="inverted_cdf")) if len(known) else np.empty(0)
    counts = []
    for values in (then, now):
        group = np.where(np.isnan(values), len(borders) + 1, np.searchsorted(borders, values, side="left"))
        counts.append(np.bincount(group, minlength=len(borders) + 2))
    filled = sum(counts) > 0
    before, after = (
        np.maximum(count[filled], 0.5) / len(values) for count, values in zip(counts, (then, now), strict=True)
    )
    return float(((after - before) * np.log(after / before)).sum())


def without_history(columns: Mapping[str, Sequence[str]], timeless: Mapping[str, str]) -> list[dict[str, str]]:
    """Columns that show today's value at every as_of: table, name, reason; and what is done about it.

    Args:
        columns: of each table that is there.
        timeless: attributes that `features.profile` names, and what each is; a date has a moment, its own.
    """
    found = []
    for table, names in columns.items():
        contract = TABLES[table]
        days = {column.day for column in contract.columns if column.kind == "time"}
        for name in names:
            column = contract.column(name)
            if name in days or timeless.get(name) == "date" or (column is not None and column.known != CURRENT):
                continue
            reason = (
                "features.profile says that it never changes, and nothing here can prove it"
                if name in timeless
                else "shows today's value at every as_of; no feature sees it"
            )
            found.append({"table": table, "name": name, "reason": reason})
    return found


def _numbers(column: pa.ChunkedArray) -> np.ndarray:
    return np.asarray(pc.fill_null(column, float("nan")).to_numpy(), dtype=np.float64)


def _typical(values: np.ndarray) -> str:
    unknown = float(np.isnan(values).mean())
    if unknown == 1:
        return "unknown for all"
    middle = f"median {np.nanmedian(values):.4g}"
    return f"{middle} ({unknown:.0%} unknown)" if unknown >= 0.005 else middle

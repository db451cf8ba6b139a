"""Features that know too much: what no model should be that good at alone."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from churnml.metrics import auc, share_interval

TOO_GOOD = 0.9
"""AUC of a single feature from which on it looks like the answer in disguise; recency alone reaches .64 to .83."""

TOO_PURE = 0.9
"""Share that left among those with one value of an attribute, at its lower end, from which on it looks so, too."""

FEWEST = 20
"""Who left, and who stayed, below which nothing is suspected: chance makes patterns of a handful."""


def too_good(rows: pa.Table, catalog: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Features that alone tell who leaves from who stays, the best first: name, auc, reason.

    Args:
        rows: labelled snapshots.
        catalog: the features.
    """
    label = rows["label"].to_numpy()
    if min(label.sum(), len(label) - label.sum()) < FEWEST:
        return []
    found = []
    for entry in catalog:
        values = _ranks(rows[entry["name"]], label)
        alone = auc(label, values, np.ones(len(label)))
        alone = max(alone, 1 - alone)
        reason = f"alone it ranks leavers with AUC {alone:.3f}" if alone >= TOO_GOOD else ""
        if not reason and entry.get("table") == "customers":
            reason = _pure(rows[entry["name"]], label)
        if reason:
            found.append({"name": entry["name"], "auc": round(alone, 6), "reason": reason})
    return sorted(found, key=lambda one: (-one["auc"], one["name"]))


def _pure(column: pa.ChunkedArray, label: np.ndarray) -> str:
    """Where nearly all with one value of an attribute left, though most customers stay: that value, in words.

    A value that few have, such as an id, tells nothing. Numbers say it by being there or not.
    """
    if label.mean() >= 0.5:
        return ""
    known = pc.is_valid(column)
    texts = known if pa.types.is_floating(column.type) else pc.fill_null(column, "")
    values, group = np.unique(np.asarray(texts.to_pylist(), dtype=object).astype(str), return_inverse=True)
    counts, left = np.bincount(group), np.bincount(group, label)
    for place in np.flatnonzero(counts >= FEWEST):
        if share_interval(int(left[place]), int(counts[place]))[0] >= TOO_PURE:
            word = {"True": "any number", "False": "nothing", "": "nothing"}.get(values[place], f"'{values[place]}'")
            return f"of {counts[place]:,} customers with {word} in it {int(left[place]):,} left"
    return ""


def _ranks(column: pa.ChunkedArray, label: np.ndarray) -> np.ndarray:
    """A number to rank by. A category stands for the churn rate among its own in the other half of the customers."""
    if pa.types.is_floating(column.type):
        values = np.asarray(pc.fill_null(column, float("nan")).to_numpy(), dtype=np.float64)
        unknown = np.isnan(values)
        if unknown.all():
            return np.zeros(len(values))
        # Unknown goes to the end that suits it: a feature may tell leavers by being unknown for them.
        ends = (np.nanmin(values) - 1, np.nanmax(values) + 1)
        sides = [np.where(unknown, end, values) for end in ends]
        return max(sides, key=lambda side: abs(auc(label, side, np.ones(len(label))) - 0.5))
    _, group = np.unique(np.asarray(column.to_pylist(), dtype=object).astype(str), return_inverse=True)
    half = np.arange(len(label)) % 2
    out = np.empty(len(label))
    for side in (0, 1):
        others = half != side
        counts = np.bincount(group[others], minlength=group.max() + 1)
        left = np.bincount(group[others], label[others], minlength=group.max() + 1)
        rates = np.where(counts > 0, left / np.maximum(counts, 1), label[others].mean())
        out[half == side] = rates[group[half == side]]
    return out

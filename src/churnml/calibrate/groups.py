"""Quality by segment, tenure and value, so that nobody hides behind an average."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from churnml.calibrate.judged import Judged
from churnml.contracts.files import GROUPS
from churnml.metrics import auc_draws, interval, measure, share_interval

TENURES = ((0, "under 90 days"), (90, "90 to 364 days"), (365, "a year and longer"))
THIRDS = ("lowest third", "middle third", "highest third")
MOST = 8
"""Values of a column; those that fewer customers have are told together."""
FEWEST = 10
"""Who left, and who stayed, below which ranking can't be measured."""

COLUMNS = (
    *("by", "group", "snapshots", "left", "churn_rate", "churn_rate_low", "churn_rate_high", "risk"),
    *("auc", "auc_low", "auc_high", "auc_over_recency", "auc_over_recency_low", "auc_over_recency_high", "note"),
)


def by_group(judged: Judged, rows: pa.Table) -> list[dict[str, Any]]:
    """One row per group, with the columns of `COLUMNS`; what can't be measured is missing.

    Args:
        judged: the model on unseen cutoffs.
        rows: the predictions behind it, which tell the groups.
    """
    said = []
    for by, names in _groupings(judged, rows):
        for group in sorted(set(names), key=lambda name: _place(by, name)):
            said.append({"by": by, "group": group, **_one(judged.where(names == group))})
    return said


def _groupings(judged: Judged, rows: pa.Table) -> Iterator[tuple[str, np.ndarray]]:
    """Ways to tell snapshots apart, where they tell any."""
    tenure = rows["tenure_days"].to_numpy()
    if not np.isnan(tenure).all():
        band = np.searchsorted([start for start, _ in TENURES], np.nan_to_num(tenure), side="right") - 1
        names = np.array([name for _, name in TENURES], dtype=object)[band]
        yield "tenure", np.where(np.isnan(tenure), "unknown", names)
    if len(np.unique(judged.value)) > len(THIRDS):
        # Who is worth the same is in the same third, at every list.
        third = np.zeros(len(judged.value), dtype=int)
        for name in np.unique(judged.lists):
            here = judged.lists == name
            borders = np.quantile(judged.value[here], [1 / 3, 2 / 3], method="inverted_cdf")
            third[here] = np.searchsorted(borders, judged.value[here], side="left")
        yield "value", np.array(THIRDS, dtype=object)[third]
    for column in GROUPS:
        if rows[column].null_count < rows.num_rows:
            values = np.array([value if value else "unknown" for value in rows[column].to_pylist()], dtype=object)
            names, counts = np.unique(values.astype(str), return_counts=True)
            rare = set(names[np.argsort(-counts, kind="stable")][MOST:])
            yield column, np.array(["others" if value in rare else value for value in values], dtype=object)


def _place(by: str, name: str) -> tuple[int, str]:
    order = {"tenure": [band for _, band in TENURES], "value": list(THIRDS)}.get(by, [])
    last = {"unknown": 98, "others": 99}
    return (order.index(name) if name in order else last.get(name, 50), name)


def _one(judged: Judged) -> dict[str, Any]:
    count, left = len(judged.label), judged.left
    low, high = share_interval(left, count)
    risk = float(judged.risk.mean())
    numbers: dict[str, Any] = {"churn_rate": left / count, "churn_rate_low": low, "churn_rate_high": high, "risk": risk}
    notes = []
    if not low <= risk <= high:
        notes.append(f"more {'leave' if risk < low else 'stay'} than said")
    if min(left, count - left) >= FEWEST:
        numbers["auc"] = measure(judged.label, judged.risk, ("auc",))["auc"]
        numbers["auc_low"], numbers["auc_high"] = interval(auc_draws(judged.label, judged.risk, judged.weights))
        if numbers["auc_low"] <= 0.5:
            notes.append("no order can be shown")
        if "recency" in judged.others:
            against = judged.differences()["recency"]
            numbers |= {f"auc_over_recency{end}": against[f"auc{end}"] for end in ("", "_low", "_high")}
            if against["auc_high"] < 0:
                notes.append("recency ranks better")
    else:
        notes.append("too few to tell")
    rounded = {name: round(float(number), 6) for name, number in numbers.items()}
    return {"snapshots": count, "left": left, **rounded, "note": "; ".join(notes)}

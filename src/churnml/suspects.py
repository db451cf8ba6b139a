"""Features that know too much: what no model should be that good at alone."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from churnml.metrics import auc, auc_error, share_interval

TOO_GOOD = 0.9
"""AUC of a single feature from which on it looks like the answer in disguise; recency alone reaches .64 to .83."""

TOO_PURE, TIMES = 0.9, 10.0
"""Share that left among those with one value of an attribute, at its lower end, from which on it looks so, too; where many
leave, its odds must be so many times those of all."""

CODES = 20
"""Distinct values of a number up to which it may be a code rather than an amount."""

GROWS, SURE = 1.5, 4.0
"""Odds of leaving with one value of an attribute so many times as high at the newest cutoffs as at older ones, and so many
standard errors from no change, while the customers with it become fewer by the same factor: they leave."""

FEWEST, SOME = 5, 20
"""Who left, and who stayed, below which nothing is suspected, and customers with one value: chance makes patterns of a
handful."""


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
        reason = f"alone it ranks leavers with AUC {alone:.3f}" if alone >= TOO_GOOD + _chance(alone, label) else ""
        if not reason and entry.get("table") == "customers":
            column = rows[entry["name"]]
            reason = _pure(column, label) or _as_of_today(column, label, rows["as_of"].to_numpy())
        if reason:
            found.append({"name": entry["name"], "auc": round(alone, 6), "reason": reason})
    return sorted(found, key=lambda one: (-one["auc"], one["name"]))


def _chance(alone: float, label: np.ndarray) -> float:
    """By how much luck raises the AUC of a feature 39 times in 40 at most, where only a handful left, or stayed."""
    left, stayed = int(label.sum()), int((1 - label).sum())
    return 1.96 * auc_error(alone, left, stayed) if min(left, stayed) < SOME else 0.0


def _pure(column: pa.ChunkedArray, label: np.ndarray) -> str:
    """Where nearly all with one value of an attribute left, though not nearly all customers do: that value, in words.

    A value that few have, such as an id, tells nothing. Numbers say it by being there or not, and by a value that stands
    out among its neighbours, as a code does and an amount doesn't: who complained four times leaves more often than who
    complained three times.
    """
    odds = TIMES * label.sum() / (len(label) - label.sum())
    least = max(TOO_PURE, odds / (1 + odds))
    for values, group, ordered in ((*_values(column), False), *_codes(column)):
        counts, left = np.bincount(group), np.bincount(group, label)
        for place in np.flatnonzero(counts >= SOME):
            beside = [left[one] / counts[one] for one in (place - 1, place + 1) if ordered and 0 <= one < len(counts)]
            if share_interval(int(left[place]), int(counts[place]))[0] < least:
                continue
            if all(share < (1 + label.mean()) / 2 for share in beside):
                return f"of {counts[place]:,} customers with {_word(values[place])} in it {int(left[place]):,} left"
    return ""


def _as_of_today(column: pa.ChunkedArray, label: np.ndarray, as_of: np.ndarray) -> str:
    """Where one value of an attribute tells leavers far better at the newest cutoffs than at older ones, in words.

    What describes a customer tells as much at any time. A status that is set when somebody leaves says at an early cutoff
    only that it will happen some day, and at the newest that it happens now; and of those who have it ever fewer are left.
    The newest quarter of the cutoffs is compared with the older half, by the odds ratio of those with the value to all
    others (Woolf 1955).
    """
    cutoffs = np.unique(as_of)
    old, new = as_of < cutoffs[len(cutoffs) // 2], as_of >= cutoffs[-max(len(cutoffs) // 4, 1)]
    values, group = _values(column)
    for place in np.flatnonzero(np.bincount(group) >= SOME) if len(cutoffs) > 1 else ():
        with_it = group == place
        (then, then_error), (now, now_error) = (_log_odds_ratio(label[when], with_it[when]) for when in (old, new))
        grows = now - then >= max(np.log(GROWS), SURE * np.hypot(then_error, now_error))
        if grows and with_it[old].mean() >= GROWS * with_it[new].mean():
            shares = [f"{label[with_it & when].mean():.0%}" for when in (old, new)]
            return (
                f"of customers with {_word(values[place])} in it {shares[0]} left at older cutoffs and {shares[1]} of the few at "
                f"the newest: it seems to be as of today"
            )
    return ""


def _log_odds_ratio(label: np.ndarray, with_it: np.ndarray) -> tuple[float, float]:
    """Of leaving with a value to leaving without it, and its standard error."""
    cells = np.array([(with_it == inside)[label == left].sum() for inside in (True, False) for left in (1, 0)]) + 0.5
    return float(np.log(cells[0] * cells[3] / (cells[1] * cells[2]))), float(np.sqrt((1 / cells).sum()))


def _codes(column: pa.ChunkedArray) -> list[tuple[np.ndarray, np.ndarray, bool]]:
    """Distinct values of a number that may be a code, in order, and which each row has; of unknown ones nothing."""
    if not pa.types.is_floating(column.type) or len(pc.unique(column.drop_null())) > CODES:
        return []
    values, group = np.unique(np.asarray(pc.fill_null(column, float("nan")).to_numpy()), return_inverse=True)
    return [(np.array([f"{value:g}" for value in values]), group, True)]


def _values(column: pa.ChunkedArray) -> tuple[np.ndarray, np.ndarray]:
    """Distinct values of an attribute and which each row has; of a number, whether it is there."""
    texts = pc.is_valid(column) if pa.types.is_floating(column.type) else pc.fill_null(column, "")
    return np.unique(np.asarray(texts.to_pylist(), dtype=object).astype(str), return_inverse=True)


def _word(value: str) -> str:
    return {"True": "any number", "False": "nothing", "": "nothing", "nan": "nothing"}.get(value, f"'{value}'")


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

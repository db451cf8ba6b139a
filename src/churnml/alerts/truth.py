"""Conditions in three-valued logic: true, false, or unknown. What is unknown never fires, nor does its negation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from churnml.config import Condition, Rules

Flags = npt.NDArray[np.bool_]

LISTED = ("risk", "value", "expected_loss", "tier", "to_call")
"""What today's list knows; the rows have columns of these names."""

TIMES, AGE = "_times", "_age"

_BOUNDS = {"above": np.greater, "at_least": np.greater_equal, "below": np.less, "at_most": np.less_equal}


@dataclass(frozen=True)
class Truth:
    """What is said of each row.

    Attributes:
        true: it holds.
        false: it doesn't. Neither: nobody knows.
    """

    true: Flags
    false: Flags

    def __and__(self, other: "Truth") -> "Truth":
        return Truth(self.true & other.true, self.false | other.false)

    def __or__(self, other: "Truth") -> "Truth":
        return Truth(self.true | other.true, self.false & other.false)

    def __invert__(self) -> "Truth":
        return Truth(self.false, self.true)


def fires(rules: Rules, rows: pd.DataFrame, asleep: Sequence[str] = ()) -> dict[str, Flags]:
    """By rule, for whom it is true; a rule that sleeps is true for nobody.

    Args:
        rules: of the bundle.
        rows: one per customer: what the rules ask for, and risk, value, expected_loss, tier, to_call.
        asleep: names of rules that wait for something.
    """
    nobody = np.zeros(len(rows), dtype=bool)
    return {rule.name: nobody if rule.name in asleep else truth(rule.when, rows).true for rule in rules.rules}


def truth(condition: Condition, rows: pd.DataFrame) -> Truth:
    """What a condition says of each row; a column that isn't there is unknown of everybody."""
    if condition.all_ is not None:
        return reduce(Truth.__and__, (truth(part, rows) for part in condition.all_))
    if condition.any_ is not None:
        return reduce(Truth.__or__, (truth(part, rows) for part in condition.any_))
    if condition.not_ is not None:
        return ~truth(condition.not_, rows)
    return _leaf(condition, rows)


def _leaf(leaf: Condition, rows: pd.DataFrame) -> Truth:
    if leaf.event is not None:
        return _happened(leaf, rows)
    if leaf.tier is not None:
        return _said(rows["tier"].isin(leaf.tier).to_numpy())
    if leaf.to_call is not None:
        return _said(rows["to_call"].to_numpy(dtype=bool) == leaf.to_call)
    for name, limits in (("risk", leaf.risk), ("value", leaf.value), ("expected_loss", leaf.expected_loss)):
        if limits is not None:
            return _between(_numbers(rows, name), limits.bounds)
    if leaf.over_days is not None:
        return _moved(leaf, rows)
    return _compared(leaf, rows)


def _compared(leaf: Condition, rows: pd.DataFrame) -> Truth:
    column = leaf.column
    if column not in rows:  # its table isn't there: not even whether it is known can be told
        return _unknown(len(rows))
    if leaf.known is not None:
        return _said(rows[column].notna().to_numpy() == leaf.known)
    if leaf.within_days is not None or leaf.after_days is not None:
        days = {"at_least": max(leaf.after_days or 0, 0), "at_most": leaf.within_days}
        return _between(_numbers(rows, column), {name: float(one) for name, one in days.items() if one is not None})
    if leaf.bounds:
        return _between(_numbers(rows, column), leaf.bounds)
    words = leaf.in_ or tuple(word for word in (leaf.is_, leaf.is_not) if word is not None)
    there = rows[column].notna().to_numpy()
    same = _is_one_of(rows[column], words)
    return Truth(there & ~same, there & same) if leaf.is_not is not None else Truth(there & same, there & ~same)


def _is_one_of(cells: pd.Series, words: Sequence[float | str]) -> Flags:
    """Numbers as numbers, words without regard to case and the space around them."""
    if pd.api.types.is_numeric_dtype(cells):
        return np.asarray(cells.isin([word for word in words if not isinstance(word, str)]))
    known = {_bare(word if isinstance(word, str) else f"{word:g}") for word in words}
    return np.asarray(cells.map(lambda cell: isinstance(cell, str) and _bare(cell) in known).to_numpy(dtype=bool))


def _bare(word: str) -> str:
    return " ".join(word.split()).casefold()


def _moved(leaf: Condition, rows: pd.DataFrame) -> Truth:
    """Today against so many days before; unknown unless both are known."""
    if leaf.column not in rows or leaf.earlier not in rows:
        return _unknown(len(rows))
    now, then = rows[leaf.column], rows[leaf.earlier]
    there = (now.notna() & then.notna()).to_numpy()
    if leaf.changed is not None:
        other = (now != then).to_numpy() == leaf.changed
        return Truth(there & other, there & ~other)
    up = _numbers(rows, leaf.column) - _numbers(rows, leaf.earlier)
    if leaf.rises_by is not None:
        return _between(up, {"at_least": leaf.rises_by})
    if leaf.falls_by is not None:
        return _between(-up, {"at_least": leaf.falls_by})
    return _between(np.abs(up), {"at_least": leaf.changed_by or 0.0})


def _happened(leaf: Condition, rows: pd.DataFrame) -> Truth:
    """So often within its days, and nothing of the other kind on a later day than the last of them."""
    if leaf.column + TIMES not in rows:
        return _unknown(len(rows))
    often = _said(_numbers(rows, leaf.column + TIMES) >= (leaf.times or 1))
    if leaf.since_then_no is None:
        return often
    if leaf.since not in rows:
        return often & _unknown(len(rows))
    since, age = _numbers(rows, leaf.since), _numbers(rows, leaf.column + AGE)
    return often & _said(~(since < age))


def _between(numbers: npt.NDArray[np.float64], bounds: Mapping[str, float]) -> Truth:
    there = ~np.isnan(numbers)
    fits = there.copy()
    for name, bound in bounds.items():
        fits &= _BOUNDS[name](numbers, bound)
    return Truth(there & fits, there & ~fits)


def _numbers(rows: pd.DataFrame, column: str) -> npt.NDArray[np.float64]:
    cells: Any = rows[column]
    return np.asarray(pd.to_numeric(cells, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan))


def _said(flags: Flags) -> Truth:
    return Truth(flags, ~flags)


def _unknown(count: int) -> Truth:
    return Truth(np.zeros(count, dtype=bool), np.zeros(count, dtype=bool))

"""Lead days: how long before leaving a rule told of it."""

import re
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from churnml.config import Condition, Rule, Rules

DUE = ("alerted", "budget")
"""Told of, were there no budget."""

_SILENCE = re.compile(r"(recency|unused)_days$")
"""Entries that count the days since something, which one more of it sets back."""


def came_back(rules: Rules, told: pd.DataFrame, known: pd.DataFrame, days_between: int) -> npt.NDArray[np.bool_]:
    """Of which rows the silence that the rule is about began after the list before: it isn't the one told of there.

    Args:
        rules: all of them.
        told: customer_id and rule, one row each.
        known: what rules ask for, one row per customer.
        days_between: since the list before. Yesterday is 1, so what happened on the day of that list counts as many.
    """
    back = {rule.name: _newly_silent(rule, known, days_between) for rule in rules.rules}
    return np.array(
        [who in back[rule] for who, rule in zip(told["customer_id"], told["rule"], strict=True)], dtype=bool
    )


def _newly_silent(rule: Rule, known: pd.DataFrame, days_between: int) -> set[str]:
    counters = [name for name in _silences(rule.when) if name in known]
    return {who for name in counters for who in known.loc[known[name] <= days_between, "customer_id"]}


def _silences(condition: Condition) -> Iterator[str]:
    """Counters of days that must be so high, or the condition isn't true."""
    for part in condition.all_ or ():
        yield from _silences(part)
    least = "above" in condition.bounds or "at_least" in condition.bounds
    if condition.feature and least and condition.over_days is None and _SILENCE.search(condition.feature):
        yield condition.feature


def warned(states: pd.DataFrame) -> pd.DataFrame:
    """Which departures a rule told of, and since when.

    Lists on which a rule is true of a customer are one run until one on which it isn't, a departure, or a return from the
    silence that it is about. A run warns of the departure within whose horizon one of its lists lies, from its first alert on.

    Args:
        states: one row per customer, list and rule that is true: customer_id, as_of, rule, state, since, back, left_on.

    Returns:
        one row per rule, customer and departure that it warned of: rule, customer_id, left_on, first (list that told of it).
    """
    rows = states.sort_values(["rule", "customer_id", "as_of"], ignore_index=True)
    day, left_on, since = (pd.to_datetime(rows[name]) for name in ("as_of", "left_on", "since"))
    before = left_on.shift()
    departed = before.notna() & (before != left_on)
    run = ((since == day) | rows["back"] | departed).cumsum()
    alerted = day.where(rows["state"].isin(DUE))
    runs = rows.assign(left_on=left_on, first=alerted).groupby(["rule", "customer_id", run])
    told = runs.agg({"left_on": "max", "first": "min"}).dropna().reset_index()
    return told.groupby(["rule", "customer_id", "left_on"], as_index=False).agg({"first": "min"})


def lead_days(warnings: pd.DataFrame) -> float | None:
    """Median of the days from the first alert to leaving, each departure once; None where none was warned of."""
    first = warnings.groupby(["customer_id", "left_on"])["first"].min().reset_index()
    return None if first.empty else float((first["left_on"] - first["first"]).dt.days.median())

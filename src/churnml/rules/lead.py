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


def warned(rules: Rules, states: pd.DataFrame, past: pd.DataFrame, horizon_days: int) -> pd.DataFrame:
    """Which departures a rule told of, and since when.

    Lists on which a rule is true of a customer are one run until one on which it isn't, a departure, or a return from the
    silence that it is about. A run warns of a departure, from its first alert on, where one of its lists counts it in left %;
    one that isn't about silence also where the day of leaving comes within the horizon after one of its lists.

    Args:
        rules: all of them.
        states: one row per customer, list and rule that is true: customer_id, as_of, rule, state, since, back, left_on.
        past: one row per customer and list: customer_id, left_on.
        horizon_days: of the label.

    Returns:
        one row per rule, customer and departure that it warned of: rule, customer_id, left_on, first (list that told of it).
    """
    days = {name: pd.to_datetime(states[name]).astype("datetime64[us]") for name in ("as_of", "since", "left_on")}
    rows = states.assign(**days).sort_values("as_of", ignore_index=True)
    silent = [rule.name for rule in rules.rules if any(_silences(rule.when))]
    rows["left_on"] = rows["left_on"].fillna(_soon(rows, past, horizon_days).mask(rows["rule"].isin(silent)))
    rows = rows.sort_values(["rule", "customer_id", "as_of"], ignore_index=True)
    before = rows["left_on"].shift()
    departed = before.notna() & (before != rows["left_on"])
    run = ((rows["since"] == rows["as_of"]) | rows["back"] | departed).cumsum()
    alerted = rows["as_of"].where(rows["state"].isin(DUE))
    runs = rows.assign(first=alerted).groupby(["rule", "customer_id", run])
    told = runs.agg({"left_on": "max", "first": "min"}).dropna().reset_index()
    return told.groupby(["rule", "customer_id", "left_on"], as_index=False).agg({"first": "min"})


def _soon(rows: pd.DataFrame, past: pd.DataFrame, horizon_days: int) -> pd.Series:
    """The customer's day of leaving where it comes within the horizon after a list; rows in order of time."""
    departures = past[["customer_id", "left_on"]].dropna().drop_duplicates()
    departures = departures.astype({"left_on": "datetime64[us]"}).sort_values("left_on")
    lists = rows[["customer_id", "as_of"]]
    within = pd.Timedelta(days=horizon_days - 1)
    found = pd.merge_asof(
        lists, departures, left_on="as_of", right_on="left_on", by="customer_id", direction="forward", tolerance=within
    )
    soon: pd.Series = found["left_on"]
    return soon


def lead_days(warnings: pd.DataFrame) -> float | None:
    """Median of the days from the first alert to leaving, each departure once; None where none was warned of."""
    first = warnings.groupby(["customer_id", "left_on"])["first"].min().reset_index()
    return None if first.empty else float((first["left_on"] - first["first"]).dt.days.median())

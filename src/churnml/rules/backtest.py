"""The backtest: at each past cutoff the rules are judged and alerts decided by the code that makes today's, then counted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from statistics import median

import pandas as pd

from churnml.alerts import decide, fires
from churnml.config import URGENCIES, Rules, Urgency
from churnml.metrics import share_interval
from churnml.rules.lead import DUE, came_back, lead_days, warned

MONTH_DAYS = 30.4

FEW = 30
"""Alerts below which nothing is said of a rule's precision."""

NEARLY_ALL = 0.9
"""Share of a rule's alerts from which on another rule says the same."""

ALL = ""
"""The line of all rules together, where a customer counts once a list."""

Known = Callable[[date], pd.DataFrame]
"""What rules ask for at a cutoff, one row per customer."""


@dataclass(frozen=True)
class Line:
    """What one rule would have been worth.

    Attributes:
        name: of the rule; empty for all of them together.
        asleep: what it waits for; None: nothing.
        true: of how many customers and lists it was true.
        due: how many of them would have been told of, were there no budget.
        a_month: how many were told of in a month.
        precision: share of those due who left within the horizon; None where there were none.
        low: of the 95 % interval.
        high: of the 95 % interval.
        base_rate: share of all customers who left.
        lead_days: median of the days from the alert to the day of leaving, as `warned` counts them; None where nobody's is known.
        in_first_tier: share of those due who were in the first tier.
        other: the rule that was due most often where this one was, and
        shared: how often, as a share.
        cooldown: how many weren't told of because they had been lately,
        budget: because the owner's budget was spent,
        replaced: because a stronger rule was true.
        advice: drop, with the reason: never, no_better, twin; or unproven, few, asleep, keep.
    """

    name: str
    asleep: tuple[str, str] | None
    true: int
    due: int
    a_month: float
    precision: float | None
    low: float
    high: float
    base_rate: float
    lead_days: float | None
    in_first_tier: float | None
    other: str
    shared: float
    cooldown: int
    budget: int
    replaced: int
    advice: str

    @property
    def lift(self) -> float | None:
        """How many times the base rate the precision is."""
        return None if self.precision is None or not self.base_rate else self.precision / self.base_rate


@dataclass(frozen=True)
class Backtest:
    """The lines, one per rule and one for all, and over how many lists and snapshots they go."""

    lines: tuple[Line, ...]
    lists: tuple[date, ...]
    snapshots: int


def backtest(
    rules: Rules,
    past: pd.DataFrame,
    known: Known,
    asleep: Mapping[str, tuple[str, str]],
    tiers: Sequence[str],
    contacted: Sequence[str],
    horizon_days: int,
    cutoffs: Sequence[date] | None = None,
) -> Backtest:
    """Judge rules at past cutoffs, in order of time, each list remembering the one before. Nobody is left alone.

    Args:
        rules: as they are now.
        past: one row per customer and cutoff: label, left_on, risk, value, expected_loss, tier, rank, and owner if known.
        known: by cutoff, what the rules ask for.
        asleep: rules that wait for something.
        tiers: names, from the top.
        contacted: those that are called.
        horizon_days: within which they left, or didn't.
        cutoffs: in order of time; None: those of the past lists.
    """
    lists = list(cutoffs) if cutoffs is not None else sorted(set(past["as_of"]))
    memory: pd.DataFrame | None = None
    parts = []
    for before, day in zip([None, *lists], lists, strict=False):
        rows = past[past["as_of"] == day].merge(known(day), on="customer_id", how="left")
        rows["to_call"], rows["held"] = rows["tier"].isin(contacted), False
        told = decide(rules, day, rows, fires(rules, rows, list(asleep)), memory)
        memory = told.rows
        back = came_back(rules, told.rows, rows, (day - before).days if before else 0)
        parts.append(told.rows[["customer_id", "rule", "state", "since"]].assign(as_of=day, back=back))
    then = past[["customer_id", "as_of", "label", "left_on", "tier"]]
    states = pd.concat(parts, ignore_index=True).merge(then, on=["customer_id", "as_of"])
    warnings = warned(rules, states, past, horizon_days)
    months = _days_between(lists, rules.list_every_days) * len(lists) / MONTH_DAYS
    lines = [_line(one.name, states, past, warnings, tiers[0], months, asleep.get(one.name)) for one in rules.rules]
    urgency: dict[str, Urgency] = {rule.name: rule.urgency for rule in rules.rules}
    lines = [_advised(line, lines, urgency) for line in lines]
    return Backtest((*lines, _line(ALL, states, past, warnings, tiers[0], months, None)), tuple(lists), len(past))


def _days_between(lists: Sequence[date], every_days: int) -> float:
    gaps = [(after - before).days for before, after in pairwise(lists)]
    return median(gaps) if gaps else every_days


def _line(
    name: str,
    states: pd.DataFrame,
    past: pd.DataFrame,
    warnings: pd.DataFrame,
    first_tier: str,
    months: float,
    asleep: tuple[str, str] | None,
) -> Line:
    """One rule, or all of them: then a customer counts once a list, and as told of where any rule is."""
    mine = states if name == ALL else states[states["rule"] == name]
    due = mine[mine["state"].isin(DUE)]
    told = mine[mine["state"] == "alerted"]
    if name == ALL:
        due, told = (rows.drop_duplicates(["customer_id", "as_of"]) for rows in (due, told))
    left, count = int(due["label"].sum()), len(due)
    low, high = share_interval(left, count)
    states_of = mine["state"].value_counts()
    other, shared = ("", 0.0) if name == ALL else _most_shared(name, due, states)
    return Line(
        name=name,
        asleep=asleep,
        true=int((mine["state"] != "over").sum()),
        due=count,
        a_month=len(told) / months,
        precision=left / count if count else None,
        low=low,
        high=high,
        base_rate=float(past["label"].mean()),
        lead_days=lead_days(warnings if name == ALL else warnings[warnings["rule"] == name]),
        in_first_tier=float((due["tier"] == first_tier).mean()) if count else None,
        other=other,
        shared=shared,
        cooldown=int(states_of.get("cooldown", 0)),
        budget=count - len(told) if name == ALL else int(states_of.get("budget", 0)),
        replaced=int(states_of.get("replaced", 0)),
        advice="asleep" if asleep else "keep",
    )


def _most_shared(name: str, due: pd.DataFrame, states: pd.DataFrame) -> tuple[str, float]:
    """The rule that was due where this one was, most often; of several that nearly always were, the most precise."""
    others = states[(states["rule"] != name) & states["state"].isin(["alerted", "budget", "cooldown"])]
    both = due[["customer_id", "as_of"]].merge(others, on=["customer_id", "as_of"])["rule"].value_counts()
    if both.empty:
        return "", 0.0
    judged = states[states["state"].isin(DUE)].groupby("rule")["label"].mean()
    nearly = both[both >= min(NEARLY_ALL * len(due), both.max())]
    best = min(nearly.index, key=lambda other: (-judged.get(other, 0.0), other))
    return str(best), float(both[best] / len(due))


def _advised(line: Line, lines: Sequence[Line], urgency: Mapping[str, Urgency]) -> Line:
    return replace(line, advice=_advice(line, {each.name: each for each in lines}, urgency))


def _advice(line: Line, lines: Mapping[str, Line], urgency: Mapping[str, Urgency]) -> str:
    """The first that holds."""
    precision, twin = line.precision or 0.0, lines.get(line.other)
    same = twin is not None and line.shared >= NEARLY_ALL and _better(twin, line, list(lines), urgency)
    found = {
        "asleep": line.asleep is not None,
        "never": not line.true,
        "few": line.due < FEW,
        "no_better": precision <= line.base_rate,
        "twin": same,
        "unproven": line.low <= line.base_rate,
        "keep": True,
    }
    return next(advice for advice, holds in found.items() if holds)


def _better(twin: Line, line: Line, names: Sequence[str], urgency: Mapping[str, Urgency]) -> bool:
    """At least as urgent and as precise; of two alike the first in the file stays."""
    urgent, other = (URGENCIES.index(urgency[each.name]) for each in (twin, line))
    precise, own = (each.precision or 0.0 for each in (twin, line))
    alike = (precise, urgent) == (own, other)
    return urgent <= other and precise >= own and (not alike or names.index(twin.name) < names.index(line.name))

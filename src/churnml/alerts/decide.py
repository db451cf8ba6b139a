"""Who is told of now: cooldown, escalation, rules that replace others, and each owner's budget, with the memory of earlier lists."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from churnml.config import URGENCIES, Rule, Rules
from churnml.contracts.files import ALERTS

COLUMNS = ALERTS.names

STATES = ("alerted", "cooldown", "budget", "held", "replaced")
"""What becomes of a rule that is true of a customer: told of now, or why not."""

OVER = "over"
"""It isn't true any more; remembered for its cooldown."""

_DAYS = ("since", "first_on", "last_on", "escalated_on")
_URGENCY = {name: place for place, name in enumerate(URGENCIES)}
_WEEK = 7


@dataclass(frozen=True)
class Told:
    """What the rules came to at one as_of.

    Attributes:
        rows: one per customer and rule, as `ALERTS`: those that are true, and those that are remembered.
        customers: how many are alerted to.
        states: by state, how many customers and rules.
    """

    rows: pd.DataFrame
    customers: int
    states: Mapping[str, int]


def decide(
    rules: Rules,
    as_of: date,
    customers: pd.DataFrame,
    true: Mapping[str, np.ndarray],
    memory: pd.DataFrame | None = None,
) -> Told:
    """Decide of every rule that is true whether somebody is told of it now. It depends on no order of rows.

    In this order: who is left alone as holdout isn't told of; a rule says nothing where one that replaces it is true, nor
    within its cooldown, unless it is due to escalate; of what is left each owner gets as many customers as the budget of a
    list allows, the most urgent first, then what is to be done soonest, then by the rank of the list, spread over its weeks.
    Each alert is due so many days after the beginning of the customer's week as its rule says.

    Args:
        rules: of the bundle.
        as_of: the moment of knowledge.
        customers: one row each: customer_id, rank (1 comes first), held, and owner where it is known.
        true: by rule, of which rows it is true.
        memory: what the list before remembered; None: there was none.
    """
    moment = pd.Timestamp(as_of)
    rows = _with_memory(_true_now(rules, customers, true), memory, moment)
    by_name = {rule.name: rule for rule in rules.rules}
    cooldown = _by_rule(rows, by_name, lambda rule: rule.cooldown_days)
    after = _by_rule(rows, by_name, lambda rule: rule.escalate.after_days if rule.escalate else np.inf)
    escalating = rows["escalated_on"].isna() & (_days(moment, rows["first_on"]) >= after)
    cooling = (_days(moment, rows["last_on"]) < cooldown) & ~escalating
    escalated = (escalating | rows["escalated_on"].notna()).to_numpy()
    rows["urgency"] = _urgency(rows, by_name, escalated)
    rows["state"] = np.select([rows["held"], rows["replaced"], cooling], ["held", "replaced", "cooldown"], "alerted")
    rows["due_days"] = _by_rule(rows, by_name, lambda rule: rule.due_days)
    rows["week"] = _weeks(rows, rules)
    over_budget = (rows["state"] == "alerted") & rows["week"].isna() & rows["first"]
    rows.loc[over_budget, "state"] = "budget"
    told = rows["state"] == "alerted"
    rows["escalated"] = told.to_numpy() & escalated
    rows["first_on"] = rows["first_on"].mask(told & rows["first_on"].isna(), moment)
    rows["last_on"] = rows["last_on"].mask(told, moment)
    rows["escalated_on"] = rows["escalated_on"].mask(told & escalating, moment)
    days = _WEEK * (rows["week"] - 1) + rows["due_days"]
    rows["due"] = moment + pd.to_timedelta(days.where(told), unit="D")
    states = {state: int((rows["state"] == state).sum()) for state in STATES}
    everything = pd.concat([rows[COLUMNS], _remembered(rows, memory, by_name, moment)], ignore_index=True)
    everything = everything.sort_values(["customer_id", "rule"], ignore_index=True)
    everything = everything.astype({**dict.fromkeys((*_DAYS, "due"), "datetime64[us]"), "escalated": bool})
    return Told(everything, int(rows.loc[told, "customer_id"].nunique()), states)


def _true_now(rules: Rules, customers: pd.DataFrame, true: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """One row per customer and rule that is true, with whether a rule that replaces it is true, too."""
    nobody = np.zeros(len(customers), dtype=bool)
    owner = customers["owner"] if "owner" in customers else pd.Series(None, index=customers.index, dtype=object)
    people = pd.DataFrame({
        "customer_id": customers["customer_id"].to_numpy(dtype=object), "rank": customers["rank"].to_numpy(dtype=float),
        "held": customers["held"].to_numpy(dtype=bool), "owner": owner.fillna("").astype(str).to_numpy(dtype=object),
    })  # fmt: skip
    parts = []
    for rule in rules.rules:
        here = true.get(rule.name, nobody)
        better = [true.get(other.name, nobody) for other in rules.rules if rule.name in rules.replaced_by(other.name)]
        replaced = np.logical_or.reduce(better) if better else nobody
        parts.append(people[here].assign(rule=rule.name, replaced=replaced[here]))
    if not parts:
        return people[nobody].assign(rule="", replaced=False)
    return pd.concat(parts, ignore_index=True)


def _with_memory(rows: pd.DataFrame, memory: pd.DataFrame | None, moment: pd.Timestamp) -> pd.DataFrame:
    """The rows, with since when they have been true and when they were told of; a run that ended begins anew."""
    if memory is not None:
        rows = rows.merge(memory[["customer_id", "rule", *_DAYS]], on=["customer_id", "rule"], how="left")
    for name in _DAYS:
        rows[name] = pd.NaT if memory is None else rows[name]
        rows[name] = pd.to_datetime(rows[name]).astype("datetime64[us]")
    goes_on = rows["since"].notna()
    rows["since"] = rows["since"].where(goes_on, moment)
    for name in ("first_on", "escalated_on"):
        rows[name] = rows[name].where(goes_on)
    return rows


def _weeks(rows: pd.DataFrame, rules: Rules) -> pd.Series:
    """In which week of the list each customer's turn is, from 1 on; none for whom the budget doesn't reach.

    A customer's turn is that of the most urgent rule, of several the one that is due soonest; all that is to be said comes
    with it.
    """
    open_ = rows[rows["state"] == "alerted"]
    turns = pd.DataFrame({
        "owner": open_["owner"], "customer_id": open_["customer_id"], "rank": open_["rank"],
        "urgency": open_["urgency"].map(_URGENCY), "due_days": open_["due_days"],
    })  # fmt: skip
    turns = turns.sort_values(["owner", "urgency", "due_days", "rank", "customer_id"]).drop_duplicates("customer_id")
    place = turns.groupby("owner").cumcount()
    weekly, most = rules.weekly_budget_per_owner, rules.list_budget
    week = (place // weekly + 1).astype(float) if weekly else pd.Series(1.0, index=turns.index)
    if most is not None:
        week = week.where(place < most)
    by_customer = pd.Series(week.to_numpy(), index=turns["customer_id"])
    rows["first"] = rows["customer_id"].isin(by_customer.index)
    return rows["customer_id"].map(by_customer).astype(float)


def _urgency(rows: pd.DataFrame, by_name: Mapping[str, Rule], escalated: np.ndarray) -> np.ndarray:
    plain = {name: rule.urgency for name, rule in by_name.items()}
    later = {
        name: rule.escalate.urgency or rule.urgency if rule.escalate else rule.urgency for name, rule in by_name.items()
    }
    return np.where(escalated, rows["rule"].map(later).astype(object), rows["rule"].map(plain).astype(object))


def _remembered(
    rows: pd.DataFrame, memory: pd.DataFrame | None, by_name: Mapping[str, Rule], moment: pd.Timestamp
) -> pd.DataFrame:
    """What isn't true any more, for as long as its cooldown lasts."""
    nothing: pd.DataFrame = rows[COLUMNS].head(0)
    if memory is None:
        return nothing
    now = pd.MultiIndex.from_frame(rows[["customer_id", "rule"]])
    there = pd.MultiIndex.from_frame(memory[["customer_id", "rule"]])
    old = memory[~there.isin(now) & memory["rule"].isin(list(by_name)) & memory["last_on"].notna()].copy()
    old["last_on"] = pd.to_datetime(old["last_on"]).astype("datetime64[us]")
    old = old[_days(moment, old["last_on"]) < _by_rule(old, by_name, lambda rule: rule.cooldown_days)]
    if old.empty:
        return nothing
    over: pd.DataFrame = pd.DataFrame({
        "customer_id": old["customer_id"], "rule": old["rule"], "state": OVER, "urgency": old["rule"].map(
            {name: rule.urgency for name, rule in by_name.items()}),
        "since": pd.NaT, "first_on": pd.NaT, "last_on": old["last_on"], "escalated_on": pd.NaT, "escalated": False,
        "due": pd.NaT,
    })[COLUMNS]  # fmt: skip
    return over


def _by_rule(rows: pd.DataFrame, by_name: Mapping[str, Rule], what: Callable[[Rule], float]) -> np.ndarray:
    return rows["rule"].map({name: float(what(rule)) for name, rule in by_name.items()}).to_numpy(dtype=float)


def _days(moment: pd.Timestamp, day: pd.Series) -> pd.Series:
    """Days since then; NaN, which is neither more nor less than anything, where it never was."""
    days: pd.Series = (moment - day).dt.days.astype(float)
    return days

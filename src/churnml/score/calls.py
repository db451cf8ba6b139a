"""Which columns each file of the pack has, in the order of the phone call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import pandas as pd

from churnml.config.playbook import CHANNELS, ROLES
from churnml.contracts.listed import REASONS, TIERS
from churnml.contracts.segments import CAUSES, FOURFOLD, LAYERS, NO_REASON
from churnml.language import Locale, Words, shown
from churnml.score.columns import Column, Form, kept, worded
from churnml.score.words import ANSWERS, CHANGES, COLUMNS, URGENCIES

STAKE: Mapping[str, Form] = {"expected_loss": "money", "value": "money"}
"""What is at stake."""

FACTS: Mapping[str, Form] = {
    "days_since_purchase": "whole",
    "usual_gap_days": "tenths",
    "recent_spend": "money",
    "rfm": "text",
}
"""What else the caller should know."""

SEGMENTS: Mapping[str, Words] = {"layer": LAYERS, "group": FOURFOLD}
"""What kind of customer it is."""

PLAN: Mapping[str, Form] = {"to_do": "text", "channel": "text", "by_whom": "text", "due_on": "day", "script": "text"}
"""What the playbook says is to be done."""

_PLAN_WORDS: Mapping[str, Words] = {"channel": CHANNELS, "by_whom": ROLES}

NOTES = ("contacted_at", "action", "answer")
"""What the caller fills in."""

HEADERS = frozenset(word for words in COLUMNS.values() for word in words)
"""Headers of ours, in any language: a column of the customers table never reads the same."""


@dataclass(frozen=True)
class Files:
    """How the pack is written.

    Attributes:
        locale: of headers, words and sentences.
        csv_ids: excel: ids and other text of the exports that a spreadsheet would bend are written as ="00123" in CSVs;
            plain: as they are.
        currency: of amounts, a code such as USD.
        tiers: all, from the top.
        contacted: those that are called: all but the last, or the only one.
        keep: columns passed through from the customers table; private ones, too, unless they were left out.
        as_of: the moment of knowledge.
        project: its name.
    """

    locale: Locale
    csv_ids: Literal["excel", "plain"]
    currency: str
    tiers: Sequence[str]
    contacted: Sequence[str]
    keep: Sequence[str]
    as_of: date
    project: str


def of_calls(scored: pd.DataFrame, how: Files) -> list[Column]:
    """Of `<tier>.csv` and a sheet: whom to call, why, and what to fill in.

    Args:
        scored: one row per customer; the order of rows is kept.
        how: language and columns to keep.
    """
    tier = scored["tier"].astype(object)
    listed = {name: (f"{how.as_of} {name}",) * 2 for name in how.tiers}
    nothing = pd.Series(None, index=scored.index, dtype=object)
    return [
        _ours("rank", "whole", scored["rank"], how),
        _ours("customer_id", "id", scored["customer_id"], how),
        *_kept(scored, how),
        _ours("risk_percent", "risk", scored["risk"], how),
        *(_ours(name, form, scored[name], how) for name, form in STAKE.items()),
        _ours("why", "text", scored["why"].fillna(shown(NO_REASON, "no_reason", how.locale)), how),
        _ours("cause", "text", worded(CAUSES, scored["cause"], how.locale), how),
        _ours("evidence", "text", scored["evidence"], how),
        *(_ours(name, form, _plan(scored[name], how), how) for name, form in PLAN.items()),
        *(_ours(name, form, scored[name], how) for name, form in FACTS.items()),
        *(_ours(name, "text", worded(words, scored[name], how.locale), how) for name, words in SEGMENTS.items()),
        _ours("before", "text", worded(TIERS, scored["before"], how.locale), how),
        _ours("list_id", "text", worded(listed, tier, how.locale), how),
        *(_ours(name, "note", nothing, how) for name in NOTES),
    ]


def _plan(told: pd.Series, how: Files) -> pd.Series:
    words = _PLAN_WORDS.get(str(told.name))
    return worded(words, told, how.locale) if words else told


def of_holdout(calls: Sequence[Column], scored: pd.DataFrame, how: Files) -> list[Column]:
    """Of `holdout.csv`: as for those who are called, with the tier, and nothing to do or to fill in."""
    tier = _ours("tier", "text", worded(TIERS, scored["tier"], how.locale), how)
    return [*calls[:2], tier, *(column for column in calls[2:] if column.name not in {*NOTES, *PLAN})]


def of_unscored(unscored: pd.DataFrame, how: Files) -> list[Column]:
    """Of `unscored.csv`: who has no risk, and why."""
    return [
        _ours("customer_id", "id", unscored["customer_id"], how),
        *_kept(unscored, how),
        _ours("reason", "text", worded(REASONS, unscored["reason"], how.locale), how),
        _ours("last_seen", "day", pd.to_datetime(unscored["last_seen"]), how),
    ]


def of_changes(changes: pd.DataFrame, how: Files) -> list[Column]:
    """Of `changes.csv`: whose tier is another one than before."""
    return [
        _ours("customer_id", "id", changes["customer_id"], how),
        *_kept(changes, how),
        _ours("change", "text", worded(CHANGES, changes["change"], how.locale), how),
        _ours("tier_before", "text", worded(TIERS, changes["tier_before"], how.locale), how),
        _ours("tier_now", "text", worded(TIERS, changes["tier_now"], how.locale), how),
        _ours("risk_percent_before", "risk", changes["risk_before"], how),
        _ours("risk_percent_now", "risk", changes["risk_now"], how),
    ]


def of_alerts(alerts: pd.DataFrame, how: Files) -> list[Column]:
    """Of `alerts.csv`: which rule, why, and what to do by when."""
    escalated = alerts["escalated"].map({True: "yes", False: None}).astype(object)
    return [
        _ours("customer_id", "id", alerts["customer_id"], how),
        *_kept(alerts, how),
        _ours("tier", "text", worded(TIERS, alerts["tier"], how.locale), how),
        _ours("risk_percent", "risk", alerts["risk"], how),
        _ours("urgency", "text", worded(URGENCIES, alerts["urgency"], how.locale), how),
        _ours("rule", "text", alerts["rule"], how),
        _ours("fired_by", "text", alerts["why"], how),
        _ours("to_do", "text", alerts["to_do"], how),
        _ours("due", "day", pd.to_datetime(alerts["due"]), how),
        _ours("since", "day", pd.to_datetime(alerts["since"]), how),
        _ours("escalated", "text", worded(ANSWERS, escalated, how.locale), how),
    ]


def _ours(name: str, form: Form, values: pd.Series, how: Files) -> Column:
    return Column(name, shown(COLUMNS, name, how.locale), form, values)


def _kept(rows: pd.DataFrame, how: Files) -> list[Column]:
    return [kept(name, rows[name], HEADERS | set(how.keep) - {name}, how.locale) for name in how.keep]

"""What rules came to, in the pack: alerts.csv for the owners, alerts.parquet for the next pack."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from churnml.alerts import COLUMNS, STATES, because, decide, fires
from churnml.alerts.words import LACKS
from churnml.bundle import ModelBundle
from churnml.config import URGENCIES, Rule
from churnml.contracts.files import ALERTS
from churnml.contracts.listed import WAITS
from churnml.language import Locale, phrase, shown
from churnml.score.calls import Files, of_alerts
from churnml.score.people import Shown, with_shown
from churnml.score.previous import Previous
from churnml.score.sentences import LINES
from churnml.score.written import write_rows

if TYPE_CHECKING:
    from churnml.score.stage import Export


_SHOWN = ["customer_id", "tier", "risk", "urgency", "rule", "why", "to_do", "due", "since", "escalated"]


@dataclass(frozen=True)
class Alerts:
    """What rules came to.

    Attributes:
        rows: as `ALERTS`, in the order of customers and rules.
        shown: those that are told of, in the order in which they are to be read: rule, why and to_do in words.
        customers: how many are told of.
        states: by state, how many customers and rules.
        asleep: by rule that can't be judged, what it waits for.
    """

    rows: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=COLUMNS))
    shown: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=_SHOWN, dtype=object))
    customers: int = 0
    states: Mapping[str, int] = field(default_factory=dict)
    asleep: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def facts(self) -> dict[str, Any]:
        """For the manifest."""
        asleep = {name: " ".join(lacks) for name, lacks in self.asleep.items()}
        return {"customers": self.customers, **self.states, "asleep": asleep}

    def lines(self, locale: Locale) -> list[str]:
        """For the terminal: how many, why others aren't told of, which rules sleep; nothing where there are no rules."""
        said = []
        if self.states:
            waits = [f"{self.states[name]:,} {shown(WAITS, name, locale)}" for name in STATES[1:] if self.states[name]]
            waiting = (
                phrase(LINES, "alerts_waiting", locale, waiting=("、" if locale == "zh-CN" else ", ").join(waits))
                if waits
                else ""
            )
            rules = self.shown["rule"].nunique()
            said.append(phrase(LINES, "alerts", locale, count=self.customers, rules=rules, waiting=waiting))
        if self.asleep:
            by_lack: dict[tuple[str, str], list[str]] = {}
            for name, lacks in self.asleep.items():
                by_lack.setdefault(lacks, []).append(name)
            comma, semicolon = ("、", "；") if locale == "zh-CN" else (", ", "; ")
            parts = [
                phrase(
                    LINES, "asleep_for", locale, rules=comma.join(names), lacks=phrase(LACKS, kind, locale, what=what)
                )
                for (kind, what), names in by_lack.items()
            ]
            said.append(phrase(LINES, "asleep", locale, rules=semicolon.join(parts)))
        return said


def alerts_of(bundle: ModelBundle, scored: pd.DataFrame, export: "Export", previous: Previous | None) -> Alerts:
    """Judge the rules of the bundle by what is known of each customer who has a risk.

    Args:
        bundle: its rules and tiers.
        scored: customer_id, risk, value, expected_loss, tier, rank, held.
        export: what the rules ask for, and which of them sleep.
        previous: the pack before, which remembers who was told of what.
    """
    rules, locale = bundle.rules, bundle.params.project.locale
    if not rules.rules:
        return Alerts()
    listed = scored[["customer_id", "risk", "value", "expected_loss", "tier", "rank", "held"]]
    known = listed.merge(pq.read_table(export.asked).to_pandas(), on="customer_id", how="left", validate="one_to_one")
    known["to_call"] = known["tier"].isin(bundle.decision.contacted)
    known = known.merge(owners(export.tables), on="customer_id", how="left")
    true = fires(rules, known, list(export.asleep))
    told = decide(rules, export.as_of, known, true, None if previous is None else previous.alerts)
    by_name = {rule.name: rule for rule in rules.rules}
    alerted = told.rows[told.rows["state"] == "alerted"].merge(known, on="customer_id", how="left")
    words = pd.DataFrame(None, index=alerted.index, columns=["title", "why", "to_do"], dtype=object)
    for name, rows in alerted.groupby("rule"):
        rule = by_name[str(name)]
        words.loc[rows.index, "title"] = rule.title.shown(locale)
        words.loc[rows.index, "why"] = because(rule.when, rows, export.told, locale)
        words.loc[rows.index, "to_do"] = [to_do(rule, escalated).shown(locale) for escalated in rows["escalated"]]
    ordered = _in_order(pd.concat([alerted, words], axis=1), export.as_of)
    shown = ordered.assign(rule=ordered["title"])[_SHOWN]  # no more: customers may have columns of any other name
    return Alerts(told.rows, shown, told.customers, told.states, export.asleep)


def write_alerts(folder: Path, alerts: Alerts, kept: Shown, how: Files) -> None:
    """Write `alerts.parquet`, which holds nothing private, and `alerts.csv`; without an alert a file has its header alone."""
    rows = alerts.rows.copy()
    for name in ("since", "first_on", "last_on", "escalated_on", "due"):
        rows[name] = pd.to_datetime(rows[name]).dt.date.where(rows[name].notna(), None)
    cells = pa.Table.from_pandas(rows, schema=ALERTS, preserve_index=False)
    pq.write_table(cells, folder / "alerts.parquet", compression="zstd")
    people = with_shown(alerts.shown, kept)
    write_rows(folder / "alerts.csv", of_alerts(people, how), np.arange(len(people)), how.csv_ids)


def to_do(rule: Rule, escalated: bool) -> Any:
    """What a rule asks for, at first or later, in the languages of lists."""
    return rule.escalate.then if escalated and rule.escalate else rule.then


def owners(tables: Path) -> pd.DataFrame:
    """Who looks after whom, where the customers table says so."""
    path = tables / "customers.parquet"
    if not path.is_file() or "owner" not in pq.read_schema(path).names:
        return pd.DataFrame({"customer_id": pd.Series(dtype=object), "owner": pd.Series(dtype=object)})
    found: pd.DataFrame = pq.read_table(path, columns=["customer_id", "owner"]).to_pandas()
    return found


def _in_order(alerts: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Week by week the most urgent customers first, then those due soonest, each with all that is to be said of it."""
    urgency = alerts["urgency"].map({name: place for place, name in enumerate(URGENCIES)}).astype(float)
    week = (pd.to_datetime(alerts["due"]) - pd.Timestamp(as_of) - pd.Timedelta(days=1)).dt.days // 7
    ordered = alerts.assign(_week=week, _urgency=urgency, _first=urgency, _due=alerts["due"])
    firsts = ["_first", "_due"]
    if len(alerts):
        ordered[firsts] = ordered.groupby("customer_id")[firsts].transform("min")
    by = ["_week", *firsts, "rank", "customer_id", "_urgency", "due", "rule"]
    return ordered.sort_values(by, ignore_index=True).drop(columns=["_week", "_urgency", *firsts])

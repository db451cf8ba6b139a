"""One customer alone: what a list says, by the code that makes lists."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from churnml.alerts import because, fires
from churnml.bundle import ModelBundle
from churnml.config import Rule
from churnml.config.playbook import CHANNELS, ROLES
from churnml.contracts.customer import Alert, Place, Plan, Risk
from churnml.contracts.listed import REASONS, TIERS, WAITS
from churnml.contracts.segments import NONE
from churnml.language import Locale, shown
from churnml.manifest import MANIFEST, read_manifest, verify
from churnml.score.alerts import owners, to_do
from churnml.score.people import with_facts, with_worth
from churnml.score.plan import planned
from churnml.score.sentences import of_verdict
from churnml.score.why import reasons_of
from churnml.score.words import URGENCIES

_SCORED, _ALERTS = "scored.parquet", "alerts.parquet"
_FROM_THE_LIST = ["tier", "rank", "held", "before", "layer", "rfm"]
"""Columns that compare customers with each other, or with an earlier list."""


@dataclass(frozen=True)
class Alone:
    """One customer, as the features room made it.

    Attributes:
        as_of: the moment of knowledge.
        tables: folder of tables with the customer's rows.
        snapshots: with one row.
        context: of the same.
        asked: what rules ask for.
        told: by feature that they ask for, kind, unit and meaning.
        asleep: names of rules that can't be judged.
    """

    as_of: date
    tables: Path
    snapshots: Path
    context: Path
    asked: Path
    told: Mapping[str, Mapping[str, Any]]
    asleep: Sequence[str]


def single(bundle: ModelBundle, alone: Alone, packs: Sequence[Path]) -> Risk:
    """Risk, reasons, alerts and place of one customer.

    What compares customers with each other is read from the list of the same moment and bundle, if one of them says the same
    risk; else nobody knows it.

    Args:
        bundle: the model and everything it decided.
        alone: the customer.
        packs: folders of packs, the first first.

    Raises:
        BundleError: such a list isn't as it was written.
    """
    rows = pq.read_table(alone.snapshots)
    ids = rows.select(["customer_id", "as_of"]).to_pandas().assign(risk=bundle.risk(rows, alone.as_of))
    scored = with_facts(bundle, with_worth(bundle, ids, alone.snapshots), alone.snapshots)
    found, customer = reasons_of(bundle, rows), scored["customer_id"].iloc[0]
    folder, listed = next(_listed(bundle, alone.as_of, customer, float(scored["risk"].iloc[0]), packs), (None, None))
    place, alerts, undecided = None, *_undecided(bundle, scored, alone)
    if folder is not None and listed is not None:
        scored = scored.assign(**{name: [listed[name]] for name in _FROM_THE_LIST})
        called = scored["tier"].isin(bundle.decision.contacted).to_numpy()
        scored["cause"] = [found.causes[0] if called[0] else None]
        scored = planned(scored, bundle, alone.as_of, alone.snapshots, alone.context)
        place = _place(scored.iloc[0], folder, bundle.params.project.locale)
        alerts, undecided = _decided(bundle, scored, alone, folder), []
    risk, value, loss = (float(scored[name].iloc[0]) for name in ("risk", "value", "expected_loss"))
    reasons = tuple(found.reasons[0])
    cause, evidence = str(found.causes[0] or NONE), found.evidence[0] or ""
    return Risk(risk, value, loss, reasons, cause, evidence, tuple(alerts), tuple(undecided), place)


def warning_of(bundle: ModelBundle) -> str:
    """Why nobody may be called on this bundle; empty where they may."""
    doubtful = bundle.verdict and not bundle.verdict["callable"]
    return of_verdict(bundle.verdict, bundle.params.project.locale) if doubtful else ""


def tier_shown(name: str, locale: Locale) -> str:
    """A tier as people read it."""
    return shown(TIERS, name, locale)


def reason_shown(name: str, locale: Locale) -> str:
    """Why a customer has no risk, as people read it."""
    return shown(REASONS, name, locale)


def _listed(
    bundle: ModelBundle, as_of: date, customer: str, risk: float, packs: Sequence[Path]
) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for folder in (out / as_of.isoformat() for out in packs):
        if not (folder / MANIFEST).is_file() or not (folder / _SCORED).is_file():
            continue
        said = read_manifest(folder)
        if said.get("kind") != "lists" or said.get("made_from", {}).get("bundle") != bundle.digest:
            continue
        verify(folder, only=(_SCORED, _ALERTS))
        for row in _of(folder / _SCORED, customer):
            if row["risk"] == risk:
                yield folder, row


def _of(path: Path, customer: str) -> list[dict[str, Any]]:
    if not path.is_file():
        return []
    rows: list[dict[str, Any]] = pq.read_table(path, filters=[("customer_id", "=", customer)]).to_pylist()
    return rows


def _place(row: "pd.Series[Any]", folder: Path, locale: Locale) -> Place:
    def text(name: str) -> str:
        return "" if pd.isna(row[name]) else str(row[name])

    plan = None
    if text("to_do"):
        due = None if pd.isna(row["due_on"]) else pd.Timestamp(row["due_on"]).date()
        channel, role = shown(CHANNELS, text("channel"), locale), shown(ROLES, text("by_whom"), locale)
        plan = Plan(text("to_do"), channel, role, due, text("script"))
    tier, before = (tier_shown(text(name), locale) for name in ("tier", "before"))
    return Place(
        folder=folder,
        tier=tier,
        before=before,
        rank=int(row["rank"]),
        held=bool(row["held"]),
        layer=text("layer"),
        group=text("group"),
        stage=text("stage"),
        rfm=text("rfm"),
        rfm_name=text("rfm_name"),
        plan=plan,
    )


def _known(bundle: ModelBundle, scored: pd.DataFrame, alone: Alone) -> pd.DataFrame:
    """What rules can look at."""
    known = scored.merge(pq.read_table(alone.asked).to_pandas(), on="customer_id", how="left")
    known["to_call"] = known["tier"].isin(bundle.decision.contacted)
    return known.merge(owners(alone.tables), on="customer_id", how="left")


def _decided(bundle: ModelBundle, scored: pd.DataFrame, alone: Alone, folder: Path) -> list[Alert]:
    """Rules that are true, with what the list made of them."""
    known = _known(bundle, scored, alone)
    states = {row["rule"]: row for row in _of(folder / _ALERTS, str(scored["customer_id"].iloc[0]))}
    return [_alert(rule, bundle, known, alone, states.get(rule.name, {})) for rule in _true(bundle, known, alone)]


def _undecided(bundle: ModelBundle, scored: pd.DataFrame, alone: Alone) -> tuple[list[Alert], list[str]]:
    """Rules that are true whatever the tier is, and titles of those that are true in some."""
    known = [_known(bundle, scored.assign(tier=name), alone) for name in bundle.decision.names]
    true = [_true(bundle, rows, alone) for rows in known]
    always = [rule for rule in true[0] if all(rule in others for others in true)]
    some = dict.fromkeys(rule for rules in true for rule in rules if rule not in always)
    locale = bundle.params.project.locale
    return [_alert(rule, bundle, known[0], alone, {}) for rule in always], [rule.title.shown(locale) for rule in some]


def _true(bundle: ModelBundle, known: pd.DataFrame, alone: Alone) -> list[Rule]:
    true = fires(bundle.rules, known, list(alone.asleep))
    return [rule for rule in bundle.rules.rules if true[rule.name][0]]


def _alert(rule: Rule, bundle: ModelBundle, known: pd.DataFrame, alone: Alone, state: Mapping[str, Any]) -> Alert:
    locale = bundle.params.project.locale
    (why,) = because(rule.when, known, alone.told, locale)
    waits = state.get("state", "alerted")
    return Alert(
        rule.title.shown(locale),
        why,
        to_do(rule, bool(state.get("escalated"))).shown(locale),
        shown(URGENCIES, state.get("urgency", rule.urgency), locale),
        "" if waits == "alerted" else shown(WAITS, waits, locale),
        state.get("due"),
    )

"""The score stage: the same code for the pipeline's lists and for an analyst's export."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from churnml.bundle import ModelBundle
from churnml.errors import OutputError
from churnml.language import phrase
from churnml.manifest import MANIFEST, changed, digest, read_manifest, write_manifest
from churnml.ports import Engine
from churnml.publish import replacing, scratch
from churnml.reference import Condition
from churnml.score.alerts import Alerts, alerts_of, write_alerts
from churnml.score.changes import changes
from churnml.score.checks import Check, checks, require_no_error, write_checks
from churnml.score.files import Files, write_files
from churnml.score.pack import Pack
from churnml.score.people import Shown, placed, shown_of, with_shown
from churnml.score.plan import planned, unplayed
from churnml.score.previous import Previous
from churnml.score.sentences import LINES, of_tiers, of_verdict
from churnml.score.why import with_reasons
from churnml.segments import grid

_SAMPLE = 100_000
"""Customers, about evenly spaced, whose features are held against the training: more tell the same."""

_WORDS = ("before", "evidence", "rfm_name", "play", "to_do", "channel", "by_whom", "script")
"""Columns that may be empty."""


@dataclass(frozen=True)
class Export:
    """What is scored, as the features room made it.

    Attributes:
        as_of: the moment of knowledge.
        tables: folder of canonical tables; customers passes columns through.
        snapshots: unlabelled snapshots of this as_of, one row per customer.
        peers: the same customers compared with each other; only those with a purchase.
        context: for how long each of them has been a customer, and silent.
        unscored: customers without a snapshot, and why.
        condition: of the tables.
        newest: whether as_of is meant to be the newest moment that the tables tell of.
        asked: what rules ask for, one row per customer of the snapshots.
        told: by feature that they ask for, kind, unit and meaning.
        asleep: by rule that can't be judged, what it waits for.
    """

    as_of: date
    tables: Path
    snapshots: Path
    peers: Path
    context: Path
    unscored: pa.Table
    condition: Condition
    newest: bool
    asked: Path
    told: Mapping[str, Mapping[str, Any]]
    asleep: Mapping[str, tuple[str, str]]


def score(
    *,
    bundle: ModelBundle,
    export: Export,
    engine: Engine,
    out: Path,
    previous: Previous | None = None,
    private: bool = True,
    aside: Sequence[Path] = (),
    made_from: Mapping[str, str] | None = None,
) -> Pack:
    """Score the snapshots of one as_of and write the pack.

    Args:
        bundle: the model and everything it decided.
        export: what is scored.
        engine: where predictions are mapped.
        out: folder of packs; its subfolder <as_of> is replaced.
        previous: the list before.
        private: whether private columns are shown in the lists.
        aside: further files and folders that belong into the pack, such as the quarantine.
        made_from: kind -> identity of what the tables were made from, where that is known.

    Raises:
        BundleError: the snapshots lack a feature.
        OutputError: lists of this as_of were changed after they were written.
        DataError: a column to keep isn't in the customers table, or the export isn't like those of the training.
    """
    folder, locale = out / export.as_of.isoformat(), bundle.params.project.locale
    warnings = _warnings(bundle, export.as_of)
    _require_untouched(folder)
    there = _identity(folder)

    def meanwhile(old: Path) -> None:
        if _identity(old) != there:
            warnings.append(phrase(LINES, "meanwhile", locale, folder=folder))

    with scratch(folder) as work, replacing(folder, private=True, on_replaced=meanwhile) as (draft,):
        risks, sample, unknown = _risks(bundle, export, engine, work / "risk.parquet")
        kept = shown_of(bundle.params, export.tables, private=private)
        said = _checked(bundle, export, len(risks), sample, unknown, kept)
        scored, counts = placed(bundle, export.as_of, risks, export.snapshots, export.peers, previous)
        scored = with_reasons(bundle, scored, export.snapshots)
        scored = planned(scored, bundle, export.as_of, export.snapshots, export.context)
        if idle := unplayed(scored, bundle.decision.contacted):
            warnings.append(phrase(LINES, "unplayed", locale, count=idle))
        others = export.unscored.to_pandas()
        moved = changes(scored, others, previous, bundle.decision.names, bundle.decision.contacted)
        sentences = of_tiers(counts, bundle.history, locale)
        alerts = alerts_of(bundle, scored, export, previous)
        write_checks(draft / "checks.csv", said, locale)
        _write(draft, bundle, export, scored, others, moved, alerts, {**sentences, "": " ".join(warnings)}, kept)
        for path in aside:
            path.rename(draft / path.name)
        identities = {**(made_from or {}), "tables": digest(export.tables), "bundle": bundle.digest}
        held, reasons = int(scored["held"].sum()), _counts(others["reason"])
        facts = {
            "project": bundle.params.project.name,
            "as_of": export.as_of.isoformat(),
            "customers": counts,
            "held": held,
            "grid": grid(*(scored[name].to_numpy() for name in ("layer", "tier", "value", "expected_loss"))),
        }
        facts |= {"unscored": reasons, "unknown_categories": unknown, "alerts": alerts.facts}
        write_manifest(draft, "lists", {**identities, **({"previous": previous.identity} if previous else {})}, facts)
    return Pack(
        folder,
        export.as_of,
        counts,
        held,
        reasons,
        sentences,
        previous.folder if previous else None,
        _counts(moved["change"]),
        said,
        unknown,
        warnings,
        locale,
        alerts=alerts,
    )


def _risks(
    bundle: ModelBundle, export: Export, engine: Engine, out: Path
) -> tuple[pd.DataFrame, pa.Table, dict[str, int]]:
    """Risk of each snapshot, batch by batch; features of a part of them; how many hold a category that is new."""
    unknown: dict[str, int] = {}
    sample: list[pa.Table] = []
    every = -(-pq.read_metadata(export.snapshots).num_rows // _SAMPLE) or 1

    def with_risk(rows: pa.Table) -> pa.Table:
        risk = pa.array(bundle.risk(rows, export.as_of))
        for name, count in bundle.model.columns.unknown(rows).items():
            unknown[name] = unknown.get(name, 0) + count
        sample.append(rows.select(list(bundle.reference.features)).take(pa.array(range(0, rows.num_rows, every))))
        return rows.select(["customer_id", "as_of"]).append_column("risk", risk)

    engine.map(export.snapshots, with_risk, out)
    return pq.read_table(out).to_pandas(), pa.concat_tables(sample), unknown


def _checked(
    bundle: ModelBundle, export: Export, customers: int, sample: pa.Table, unknown: Mapping[str, int], kept: Shown
) -> list[Check]:
    said = checks(
        bundle.reference,
        export.condition,
        sample,
        customers=customers,
        strange=unknown,
        keep=kept.columns,
        as_of=export.as_of,
        horizon_days=bundle.params.churn.horizon_days,
        newest=export.newest,
        locale=bundle.params.project.locale,
    )
    require_no_error(said, bundle.params.project.locale)
    return said


def _write(
    draft: Path,
    bundle: ModelBundle,
    export: Export,
    scored: pd.DataFrame,
    others: pd.DataFrame,
    moved: pd.DataFrame,
    alerts: Alerts,
    said: Mapping[str, str],
    kept: Shown,
) -> None:
    """The files that people open, and two for programs, which hold nothing private."""
    shown = with_shown(scored, kept)
    rows = pa.Table.from_pandas(shown.drop(columns=list(kept.private)), preserve_index=False)
    for place, name in enumerate(rows.schema.names):
        if name in _WORDS:
            rows = rows.set_column(place, name, rows[name].cast(pa.string()))  # of nobody: a column without a type
    pq.write_table(rows, draft / "scored.parquet", compression="zstd")
    how = _how(bundle, export.as_of, kept)
    write_files(draft, how, shown, with_shown(others, kept), with_shown(moved, kept), said, alerts.customers)
    write_alerts(draft, alerts, kept, how)


def _how(bundle: ModelBundle, as_of: date, kept: Shown) -> Files:
    params, decision = bundle.params, bundle.decision
    return Files(
        locale=params.project.locale,
        csv_ids=params.score.csv_ids,
        currency=params.project.currency,
        tiers=decision.names,
        contacted=decision.contacted,
        keep=kept.columns,
        as_of=as_of,
        project=params.project.name,
    )


def _warnings(bundle: ModelBundle, as_of: date) -> list[str]:
    """A verdict that forbids to call, and a level that is another season's."""
    found, locale = [], bundle.params.project.locale
    if bundle.verdict and not bundle.verdict["callable"]:
        found.append(of_verdict(bundle.verdict, locale))
    if bundle.probability.shift_at(as_of) is None:
        found.append(phrase(LINES, "no_season", locale, as_of=as_of))
    return found


def _require_untouched(folder: Path) -> None:
    """Refuse to replace lists that somebody worked in since they were written."""
    filled = [name for name in changed(folder) if name.endswith((".csv", ".xlsx"))]
    if filled:
        raise OutputError(
            f"{folder / filled[0]}: was changed after it was written, filled in perhaps, and would be replaced; move {folder} "
            f"away, or choose another place"
        )


def _identity(folder: Path) -> str:
    """Which pack lies in a folder; nothing where none does."""
    return str(read_manifest(folder).get("sha256", "")) if (folder / MANIFEST).is_file() else ""


def _counts(words: pd.Series) -> dict[str, int]:
    return {str(word): int(count) for word, count in words.value_counts().sort_index().items()}

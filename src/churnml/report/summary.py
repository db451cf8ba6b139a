"""The last run in a dozen lines that a newcomer understands."""

from collections.abc import Mapping
from textwrap import wrap
from typing import Any

from churnml.config import Churn, Params
from churnml.contracts.files import House
from churnml.manifest import read_manifest
from churnml.publish import read_json
from churnml.report.seen import newest_pack

WIDTH = 120


def summary(params: Params, house: House) -> str:
    """Population, quality, tiers and places of the newest lists that were made with the project's bundle.

    Args:
        params: of the project.
        house: where its files lie.

    Raises:
        DataError: the pipeline hasn't run.
    """
    newest = newest_pack(house)
    manifest = read_manifest(newest)
    trained, measured = read_json(house.reports / "train.json"), read_json(house.reports / "metrics.json")
    lines = [
        *_population(params, manifest, trained),
        *wrap(f"Verdict    {measured['verdict']['sentence']}", WIDTH, subsequent_indent=" " * 11),
        *_quality(measured, trained),
        *_lead(measured),
        *_tiers(manifest["customers"], measured["tiers"], dated=params.churn.is_dated),
        f"Lists      {newest}/  open {next(iter(manifest['customers']))}.csv in a spreadsheet first",
        f"Runs       mlflow ui --backend-store-uri {params.track.uri}",
    ]
    return "\n".join(lines)


def _population(params: Params, manifest: Mapping[str, Any], trained: Mapping[str, Any]) -> list[str]:
    churn, rates = params.churn, [cutoff["churn_rate"] for cutoff in trained["cutoffs"]]
    held = manifest.get("held", 0)
    total, aside = (
        sum(manifest["customers"].values()) + held,
        f"; {held:,} of them are left alone as holdout" if held else "",
    )
    drift = "; it drifts, see the verdict" if (trained["drift"] or {}).get("warnings") else ""
    question, who = _question(churn)
    return [
        f"{params.project.name}, as of {manifest['as_of']}: {question}?",
        f"Population {total:,} customers{who}{aside}",
        f"Churn rate {_percent(min(rates))} to {_percent(max(rates))} at {len(rates)} earlier cutoffs{drift}"
        if churn.is_dated
        else f"Churn rate {_percent(rates[0])}",
    ]


def _question(churn: Churn) -> tuple[str, str]:
    """What is asked, and of whom."""
    if churn.definition == "label":
        return f"who is like those whose '{churn.column}' says that they left", ""
    active = churn.active_within_days
    who = f", active within the last {active} days" if active else " with a running contract"
    verb = "cancel" if churn.definition == "cancellation" else "not come back"
    return f"who will {verb} within {churn.horizon_days} days", who


def _quality(measured: Mapping[str, Any], trained: Mapping[str, Any]) -> list[str]:
    test = measured["test"]
    unseen = [cutoff["as_of"] for cutoff in trained["cutoffs"] if cutoff["split"] == "test"]
    recency = measured["baselines"].get("recency", {})
    beside = f"   recency alone {recency['auc']:.3f}" if recency else ""
    beside_lift = f"   recency alone {recency['lift_10']:.1f} times" if recency else ""
    return [
        f"Quality    on {' and '.join(unseen) or 'customers held back'}, which the model had not seen ({test['snapshots']:,} snapshots):",
        f"           said {_percent(test['risk'])} would leave, {_percent(test['churn_rate'])} did; "
        f"ranking (AUC) {test['auc']:.3f} [{test['auc_low']:.3f}, {test['auc_high']:.3f}]{beside}",
        f"           top tenth by risk left {test['lift_10']:.1f} times as often as all{beside_lift}",
    ]


def _lead(measured: Mapping[str, Any]) -> list[str]:
    """How early the first tier knew."""
    lead = measured["lead_time"]
    if not lead:
        return []
    late = lead["warned"] - lead["in_time"]
    return [
        f"Lead time  of {lead['departures']:,} times that somebody left, {_percent(lead['in_time'])} were in the first tier before, "
        f"{_percent(late)} only afterwards"
    ]


def _tiers(counts: Mapping[str, int], history: Mapping[str, Mapping[str, float]], *, dated: bool) -> list[str]:
    where = f"at {int(next(iter(history.values()))['cutoffs'])} earlier cutoffs" if dated else "among those held back"
    worth = any(past["money_share"] for past in history.values())  # without transactions nobody knows the value
    held = "   held of the money that left" if worth else ""
    lines = [f"Tiers      customers   of their like {where}, left{held}"]
    for name, count in counts.items():
        past = history[name]
        low, high = _percent(past["next_low"]), _percent(past["next_high"])
        interval = f"{_percent(past['churn_rate'])} ({low} to {high})"
        share = _percent(past["money_share"]) if worth else ""
        lines.append(f"  {name:<8} {count:>9,}   {interval:<47} {share}".rstrip())
    return lines


def _percent(share: float) -> str:
    return f"{share:.0%}" if share >= 0.995 else f"{share * 100:.1f} %"

"""The files of `churnml define`."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from churnml.define.advice import doubts_of
from churnml.define.contracts import Contracts
from churnml.define.measure import Measure
from churnml.define.silence import YEAR
from churnml.errors import OutputError
from churnml.publish import write_json
from churnml.spreadsheet import write_csv

if TYPE_CHECKING:
    from churnml.define.stage import Defined

COLUMNS = (
    "definition", "horizon_days", "active_within_days", "in_params", "segment", "cutoffs", "first_cutoff",
    "last_cutoff", "population", "left", "churn_rate", "churn_rate_low", "churn_rate_high", "drift", "back", "back_days",
    "back_seen", "back_seen_days", "later_spend_share", "missing_days", "usable", "doubts",
)  # fmt: skip
"""Of define.csv: one row per definition and segment; shares are fractions, an empty segment is everybody."""


def write(defined: "Defined", work: Path, out: Path) -> None:
    """Write define.json (all numbers) and define.csv (the definitions), each whole or not at all.

    Args:
        defined: what was found.
        work: a folder for work in progress, on the same disk.
        out: their folder.

    Raises:
        OutputError: they can't be written.
    """
    rows = [row_of(each) for each in [*defined.measures, *defined.by_segment]]
    write_csv(work / "define.csv", COLUMNS, [[_cell(row[name]) for name in COLUMNS] for row in rows])
    write_json(work / "define.json", content(defined, rows))
    try:
        for name in ("define.csv", "define.json"):
            (work / name).replace(out / name)
    except OSError as error:
        raise OutputError(f"{out}: can't be written ({error.strerror}); choose another place") from error


def content(defined: "Defined", rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """All numbers, as JSON has them."""
    advice = defined.advice
    return {
        "project": defined.project,
        "events": list(defined.events),
        "start": str(defined.span.start),
        "end": str(defined.span.end),
        "customers": defined.customers,
        "event_days": defined.silences,
        "segment": defined.segment,
        "silence": [_plain(asdict(row)) for row in defined.silent],
        "settled_days": defined.settled_days,
        "definitions": rows,
        "contracts": _contracts(defined.contracts) if defined.contracts else None,
        "recommendation": {
            "params": list(advice.lines),
            "reason": advice.reason,
            "cost": advice.cost,
            "doubts": list(advice.doubts),
        },
    }


def row_of(each: Measure) -> dict[str, Any]:
    """A definition as a row, by the columns of define.csv."""
    definition, doubts = each.definition, doubts_of(each)
    row = {
        "definition": definition.kind,
        "horizon_days": definition.horizon_days,
        "active_within_days": definition.active_within_days,
        "in_params": definition.own,
        "segment": each.segment,
        "cutoffs": len(each.cutoffs),
        "first_cutoff": str(each.cutoffs[0]) if each.cutoffs else None,
        "last_cutoff": str(each.cutoffs[-1]) if each.cutoffs else None,
        "population": each.population,
        "left": each.left,
        "churn_rate": each.churn_rate,
        "churn_rate_low": each.churn_rate_low,
        "churn_rate_high": each.churn_rate_high,
        "drift": each.drift,
        "back": each.back,
        "back_days": each.back_days,
        "back_seen": each.returns.within(each.seen_days),
        "back_seen_days": each.seen_days,
        "later_spend_share": each.later_spend_share,
        "missing_days": each.missing_days,
        "usable": not each.faults,
        "doubts": doubts,
    }
    plain: dict[str, Any] = _plain(row)
    return plain


def _contracts(contracts: Contracts) -> dict[str, Any]:
    days = min(YEAR, contracts.returns.seen_days)
    return {
        "running": contracts.running,
        "share_of_customers": _plain(contracts.ever),
        "departures_by_month": contracts.months,
        "back": _plain(contracts.returns.within(days)),
        "back_days": days,
    }


def _plain(value: Any) -> Any:
    """Six digits are enough, and the same on every machine."""
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    return round(value, 6) if isinstance(value, float) else value


def _cell(value: Any) -> object:
    return "; ".join(value) if isinstance(value, list) else value

"""The report, about a screen of plain text."""

from collections.abc import Sequence
from textwrap import fill
from typing import TYPE_CHECKING

from churnml.define.contracts import Contracts
from churnml.define.measure import HIGHEST, LOWEST, MIN_CUTOFFS, MOST_BACK, Measure
from churnml.define.returns import FEW
from churnml.define.silence import HALF_A_YEAR, HORIZONS, YEAR, Silent

if TYPE_CHECKING:
    from churnml.define.stage import Defined

_WIDTH = 118


def report(defined: "Defined") -> str:
    """Everything that `define` found, for reading."""
    parts = [_head(defined)]
    if defined.silent:
        parts.append(_silence(defined.silent, defined.settled_days))
    if defined.measures:
        parts.append(_definitions(defined.measures))
    if defined.by_segment:
        parts.append(_segments(defined))
    if defined.contracts:
        parts.append(_contracts(defined.contracts))
    parts.append(_advice(defined))
    return "\n\n".join(parts)


def percent(share: float | None, digits: int = 0) -> str:
    """A share as a number of hundred; a dot where nobody knows.

    >>> percent(0.256), percent(None), percent(0.0256, 1)
    ('26', '·', '2.6')
    """
    return "·" if share is None else f"{100 * share:.{digits}f}"


def aligned(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns below their names: the first and the last to the left, all others to the right."""
    widths = [max(len(line[place]) for line in [header, *rows]) for place in range(len(header))]
    lines = []
    for line in [header, *rows]:
        cells = [cell.rjust(width) for cell, width in zip(line[1:-1], widths[1:-1], strict=True)]
        lines.append("  ".join(["", line[0].ljust(widths[0]), *cells, line[-1]]).rstrip())
    return "\n".join(lines)


def _head(defined: "Defined") -> str:
    span = defined.span
    events = " and ".join(defined.events) or "contracts"
    return (
        f"{defined.project}: what leaving could mean, by {events}\n"
        f"{defined.customers:,} customers, {defined.silences:,} days with an event, {span.start} to "
        f"{span.last} ({span.days:,} days)"
    )


def _silence(silent: Sequence[Silent], settled_days: int | None) -> str:
    header = ["silent for", "silences", *(f"in {more}" for more in HORIZONS), "seen", "days", ""]
    rows = [
        [f"{row.days} days", f"{row.silences:,}", *(percent(row.within[more]) for more in HORIZONS),
         percent(row.seen), f"in {row.seen_days}", ""]
        for row in silent
    ]  # fmt: skip
    few = f"at most {MOST_BACK:.0%} come back"
    settled = (
        f"after {settled_days} days of silence {few}"
        if settled_days
        else f"after how long {few} isn't seen: no such silence was watched for {HALF_A_YEAR} days more"
    )
    title = "SILENCE: of 100 who were silent for so long, how many came back in so many more days"
    return f"{title}\n{aligned(header, rows)}\n  {settled}"


def _definitions(measures: Sequence[Measure]) -> str:
    back = f"back % in {measures[0].back_days}"
    header = ["left =", "active in", "cutoffs", "customers", "left %", "low-high", "drift", back, "later spend %", ""]
    table = aligned(header, [_definition(each) for each in measures])
    own = "  * as params.yaml has it\n" if any(each.definition.own for each in measures) else ""
    return (
        "DEFINITIONS: who could leave, who would count as having left, and how many of those came back later\n"
        f"{table}\n{own}"
        f"  ok: {MIN_CUTOFFS} cutoffs or more, {LOWEST:.0%} to {HIGHEST:.0%} leaving, at most {MOST_BACK:.0%} back; "
        "customers and left %: mean over the cutoffs"
    )


def _definition(each: Measure) -> list[str]:
    definition = each.definition
    return [
        f"{_KINDS[definition.kind]} {definition.horizon_days} days{' *' if definition.own else ''}",
        f"{definition.active_within_days or 'contract'}",
        f"{len(each.cutoffs)}",
        f"{each.population:,.0f}",
        percent(each.churn_rate, 1),
        f"{percent(each.churn_rate_low)}-{percent(each.churn_rate_high)}" if each.cutoffs else "·",
        "·" if each.drift is None else f"{100 * each.drift:+.1f}",
        percent(each.back),
        percent(each.later_spend_share, 1),
        _verdict(each),
    ]


def _verdict(measure: Measure) -> str:
    if measure.missing_days:
        return f"{measure.missing_days} days short"
    if measure.cutoffs and measure.left < FEW:
        return f"only {measure.left} left"
    if measure.faults:
        return measure.faults[-1]
    if measure.back is None:
        return "too short to see who comes back"
    return "too many come back" if measure.back > MOST_BACK else "ok"


def _segments(defined: "Defined") -> str:
    rows = [
        [
            str(each.segment),
            f"{each.population:,.0f}",
            percent(each.churn_rate, 1),
            percent(each.back) if each.left >= FEW else "few",
            "",
        ]
        for each in defined.by_segment
        if each.definition == defined.shown
    ]
    days = defined.by_segment[0].back_days
    what = f"{_KINDS[defined.shown.kind]} {defined.shown.horizon_days} days" if defined.shown else ""
    header = [f"{defined.segment}", "customers", "left %", f"back % in {days}", ""]
    return f"SEGMENTS: {what} (all definitions are in define.csv)\n{aligned(header, rows)}"


def _contracts(contracts: Contracts) -> str:
    running = "" if contracts.running is None else f"{contracts.running:,} customers with a running contract; "
    months = contracts.whole_months[-12:]
    left = (
        f"{sum(months) / len(months):,.1f} left a month ({min(months):,} to {max(months):,} in the last {len(months)} whole months)"
        if months
        else f"{sum(contracts.months.values()):,} left in less than a whole month"
    )
    days = min(YEAR, contracts.returns.seen_days)
    back = contracts.returns.within(days)
    word = "" if back is None else f"; of 100 who left, {percent(back)} began again within {days} days"
    return fill(f"CONTRACTS: {running}{left}{word}", _WIDTH)


def _advice(defined: "Defined") -> str:
    advice = defined.advice
    lines = ["RECOMMENDED, for params.yaml:" if advice.lines else "RECOMMENDED: nothing", *advice.lines]
    said = [fill(text, _WIDTH) for text in (advice.reason, advice.cost) if text]
    return "\n".join([*lines, *said])


_KINDS = {"inactivity": "silent", "cancellation": "cancelled"}

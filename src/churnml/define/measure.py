"""From counts at cutoffs to what a definition would mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from statistics import fmean
from typing import Any

from churnml.define.definition import Definition
from churnml.define.events import Span
from churnml.define.returns import FEW, Returns, Wait, enough
from churnml.define.silence import YEAR
from churnml.windows import label_end

MIN_CUTOFFS = 4
LOWEST, HIGHEST = 0.02, 0.80
MOST_BACK = 0.20

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Measure:
    """A definition in numbers, for all customers or one segment.

    Attributes:
        definition: which.
        segment: of customers; None for all.
        cutoffs: those with somebody in the population, in order of time.
        population: customers who could leave, mean over the cutoffs.
        left: how many left at all cutoffs together; who left at two counts twice.
        churn_rate: share of them who left, mean over the cutoffs; with the lowest and the highest.
        drift: mean rate of the later half of the cutoffs minus that of the earlier half.
        returns: how long it took those who left to come back, counted from the end of the label window.
        seen_days: how long after the label window enough of those who left could be watched.
        back: share of them who came back within back_days; None where the data don't show it.
        back_days: the same for all definitions, so that they can be compared.
        later_spend_share: of what customers known at the cutoffs spent after the label windows, the share that came from
            those who had left; None where nothing was spent.
        missing_days: how much longer the data must be for four cutoffs.
    """

    definition: Definition
    segment: str | None
    cutoffs: tuple[date, ...]
    population: float
    left: int
    churn_rate: float | None
    churn_rate_low: float | None
    churn_rate_high: float | None
    drift: float | None
    returns: Returns
    seen_days: int
    later_spend_share: float | None
    missing_days: int
    back: float | None = None
    back_days: int = 0

    @property
    def has_cutoffs(self) -> bool:
        """Enough of them to train and to test."""
        return len(self.cutoffs) >= MIN_CUTOFFS

    @property
    def faults(self) -> list[str]:
        """Why it isn't usable, in words; nothing if it is."""
        said = []
        if self.missing_days:
            said.append(f"the data are {self.missing_days} days too short for {MIN_CUTOFFS} cutoffs")
        elif not self.has_cutoffs:
            said.append(f"somebody could leave at {len(self.cutoffs)} cutoffs only")
        if self.cutoffs and self.left < FEW:
            said.append(f"only {self.left} left, at all cutoffs together")
        if self.churn_rate is not None and self.churn_rate < LOWEST:
            said.append(f"hardly anybody leaves (under {LOWEST:.0%})")
        if self.churn_rate is not None and self.churn_rate > HIGHEST:
            said.append(f"nearly everybody leaves (over {HIGHEST:.0%})")
        return said


def measure(
    definition: Definition, rows: Sequence[Row], span: Span, *, segment: str | None = None, spent: Mapping[date, float]
) -> Measure:
    """What the counts of `tally` say.

    Args:
        definition: that was counted.
        rows: of all segments, or of the one.
        span: days that count.
        segment: that the rows are of.
        spent: later spend of known customers by cutoff; empty where it isn't known.
    """
    people, left = _by_cutoff(rows), _by_cutoff([row for row in rows if row["gone"]])
    rates = [left.get(cutoff, 0) / people[cutoff] for cutoff in sorted(people)]
    half = len(rates) // 2
    watched = {cutoff: (span.end - label_end(cutoff, definition.horizon_days)).days for cutoff in left}
    total, returns = sum(spent.values()), Returns(_waits(rows, watched))
    return Measure(
        definition=definition,
        segment=segment,
        cutoffs=tuple(sorted(people)),
        population=fmean(people.values()) if people else 0.0,
        left=sum(left.values()),
        churn_rate=fmean(rates) if rates else None,
        churn_rate_low=min(rates, default=None),
        churn_rate_high=max(rates, default=None),
        drift=fmean(rates[-half:]) - fmean(rates[:half]) if half else None,
        returns=returns,
        seen_days=min(_seen_days(left, watched), returns.known_days),
        later_spend_share=float(sum(row["later"] for row in rows)) / total if total else None,
        missing_days=max(0, definition.needed_days(MIN_CUTOFFS) - span.days),
    )


def with_back(measures: Sequence[Measure]) -> list[Measure]:
    """Say for each which share of those who left came back within the same time after their label window.

    That time is a year, or how long those with enough cutoffs can be watched, or any.
    """
    of_all = [each for each in measures if each.segment is None and each.seen_days]
    first = [each for each in of_all if each.has_cutoffs] or of_all
    days = min([YEAR, *(each.seen_days for each in first)]) if first else 0
    return [
        replace(each, back_days=days, back=each.returns.within(days) if each.seen_days >= days else None)
        for each in measures
    ]


def _by_cutoff(rows: Sequence[Row]) -> dict[date, int]:
    counted: dict[date, int] = {}
    for row in rows:
        counted[row["cutoff"]] = counted.get(row["cutoff"], 0) + row["customers"]
    return counted


def _waits(rows: Sequence[Row], watched: Mapping[date, int]) -> list[Wait]:
    return [
        Wait(watched[row["cutoff"]] if row["wait"] is None else row["wait"], row["wait"] is not None, row["customers"])
        for row in rows
        if row["gone"]
    ]


def _seen_days(left: Mapping[date, int], watched: Mapping[date, int]) -> int:
    """How long enough of those who left are watched, whether they come back meanwhile or not."""
    needed = enough(sum(left.values()))
    there = (
        days
        for days in set(watched.values())
        if sum(count for cutoff, count in left.items() if watched[cutoff] >= days) >= needed
    )
    return max(there, default=0)

"""Definitions to compare, and the SQL that says at each cutoff who could leave, who did and who came back later."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from churnml.config import Churn
from churnml.contracts.tables import CANCELLATIONS, SUBSCRIPTIONS
from churnml.define.contracts import cancelled_at_cutoff
from churnml.define.events import NOWHERE, Span, segments
from churnml.define.silence import HORIZONS
from churnml.windows import counted_back, in_lookback, label_end, literal

_CUTOFFS = 60
"""The newest cutoffs are enough."""


@dataclass(frozen=True)
class Definition:
    """One way to say who left.

    Attributes:
        kind: inactivity or cancellation, as in params.yaml.
        horizon_days: length of the label window.
        active_within_days: population; None where a running contract says who can leave.
        own: it is the one in params.yaml.
    """

    kind: Literal["inactivity", "cancellation"]
    horizon_days: int
    active_within_days: int | None
    own: bool = False

    def cutoffs(self, span: Span) -> list[date]:
        """Each a horizon after the one before, all with their label window complete; at most the 60 newest."""
        history_days = self.active_within_days or 0
        return counted_back(
            span.start,
            span.end,
            step_days=self.horizon_days,
            history_days=history_days,
            horizon_days=self.horizon_days,
        )[-_CUTOFFS:]

    def needed_days(self, cutoffs: int) -> int:
        """Days of data that so many cutoffs need."""
        return (self.active_within_days or 0) + cutoffs * self.horizon_days


def definitions(churn: Churn, events: Sequence[str], tables: Collection[str]) -> list[Definition]:
    """Those of 30, 60, 90 and 180 days, with twice as long for being active, and the one in params.yaml; by length."""
    found = set()
    lasting = SUBSCRIPTIONS.name in tables
    if events:
        found |= {Definition("inactivity", days, 2 * days) for days in HORIZONS}
    if lasting or (CANCELLATIONS.name in tables and events):
        found |= {Definition("cancellation", days, None if lasting else 2 * days) for days in HORIZONS}
    if churn.is_dated:
        active = None if churn.definition == "cancellation" and lasting else churn.active_within_days
        kind: Literal["inactivity", "cancellation"] = (
            "cancellation" if churn.definition == "cancellation" else "inactivity"
        )
        found -= {Definition(kind, churn.horizon_days, active)}
        found |= {Definition(kind, churn.horizon_days, active, own=True)}
    return sorted(found, key=lambda each: (each.kind != "inactivity", each.horizon_days, each.active_within_days or 0))


def tally(
    definition: Definition,
    cutoffs: Sequence[date],
    tables: Mapping[str, Sequence[str]],
    span: Span,
    segment: str | None,
) -> str:
    """SQL: (cutoff, segment, gone, wait, customers, later): the population of each cutoff, counted.

    `gone` is the label; `wait` the days from the end of the label window until somebody who left came back (1 is its
    first day), NULL if that isn't seen; `later` the money that they then spent.

    Args:
        definition: who can leave, and who did.
        cutoffs: moments of knowledge.
        tables: columns of each table that is there; `silences` is one of them where events are named.
        span: days that count.
        segment: a column of customers, or None.
    """
    if definition.kind == "inactivity":
        people = " UNION ALL ".join(_silent_at_cutoff(definition, cutoff) for cutoff in cutoffs)
    else:
        parts = [
            cancelled_at_cutoff(cutoff, definition.horizon_days, definition.active_within_days, tables, span)
            for cutoff in cutoffs
        ]
        people = f"""
        SELECT cutoff, coalesce(segment, '{NOWHERE}') AS segment, gone, back_on, label_end,
            CAST(0 AS DECIMAL(38, 4)) AS later
        FROM ({" UNION ALL ".join(parts)}) AS people
        LEFT JOIN ({segments(segment)}) AS segments ON segments.customer_id = people.customer_id"""
    return f"""
    SELECT cutoff, segment, gone, CASE WHEN gone THEN date_diff('day', label_end, back_on) + 1 END AS wait,
        count(*) AS customers, sum(CASE WHEN gone THEN later ELSE 0 END) AS later
    FROM ({people}) AS people GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4 NULLS LAST"""


def later_spend(definition: Definition, cutoffs: Sequence[date]) -> str:
    """SQL over `silences`: (cutoff, spend): what customers known at the cutoff spent after its label window."""
    return (
        " UNION ALL ".join(
            f"""SELECT {literal(cutoff)} AS cutoff, coalesce(sum(spend), 0) AS spend FROM silences
        WHERE first_day < {literal(cutoff)} AND day >= {literal(label_end(cutoff, definition.horizon_days))}"""
            for cutoff in cutoffs
        )
        + " ORDER BY cutoff"
    )


def _silent_at_cutoff(definition: Definition, cutoff: date) -> str:
    """The last silence before the cutoff of everybody who was active: it says all there is to say."""
    end = literal(label_end(cutoff, definition.horizon_days))
    return f"""SELECT {literal(cutoff)} AS cutoff, segment, next_day IS NULL OR next_day >= {end} AS gone,
            next_day AS back_on, {end} AS label_end, later
        FROM silences WHERE {in_lookback("day", cutoff, definition.active_within_days or 0)}
            AND (next_day IS NULL OR next_day >= {literal(cutoff)})"""

"""What happened with a customer: month by month, and one thing after another."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from churnml.explain.events import Event, Rows, events_of

MONTHS = 12

Counted = Literal["purchase_days", "spend", "active_days", "tickets", "surveys", "contacts"]
COUNTED: Mapping[Counted, str] = {
    "purchase_days": "transactions",
    "spend": "transactions",
    "active_days": "activity",
    "tickets": "tickets",
    "surveys": "surveys",
    "contacts": "contacts",
}
"""What is counted by month -> the table that it is counted in."""

_DAY = {
    "transactions": "occurred_on", "activity": "occurred_on", "tickets": "opened_on", "surveys": "answered_on",
    "contacts": "contacted_on",
}  # fmt: skip


@dataclass(frozen=True)
class Contract:
    """A contract, as it was known.

    Attributes:
        began: its first day.
        ended: its last day; None: it runs.
        plan: its name, if it has one.
    """

    began: date
    ended: date | None
    plan: str


@dataclass(frozen=True)
class Timeline:
    """What happened with a customer.

    Attributes:
        since: the first day that is shown by month.
        months: (first day of the month, name -> count), in order of time; only what is counted in tables that are there.
        days: name -> (day, how much) in those months, for spend and active days.
        events: single things, the newest first.
        contracts: in order of time.
    """

    since: date
    months: Sequence[tuple[date, Mapping[Counted, float]]]
    days: Mapping[Counted, Sequence[tuple[date, float]]]
    events: Sequence[Event]
    contracts: Sequence[Contract]


def timeline(rows: Rows, as_of: date) -> Timeline:
    """What happened before as_of.

    Args:
        rows: what was known, table by table.
        as_of: the moment of knowledge.
    """
    firsts = list(_months(as_of))
    days = {name: dict(_days(name, rows[table])) for name, table in COUNTED.items() if table in rows}
    months: list[tuple[date, Mapping[Counted, float]]] = []
    for first, after in zip(firsts, [*firsts[1:], as_of], strict=True):
        told = {name: sum(much for day, much in each.items() if first <= day < after) for name, each in days.items()}
        if months or any(told.values()):
            months.append((first, told))
    since = months[0][0] if months else firsts[0]
    drawn: tuple[Counted, ...] = ("spend", "active_days")
    lately = {
        name: [(day, much) for day, much in sorted(days[name].items()) if since <= day < as_of]
        for name in drawn
        if name in days
    }
    return Timeline(since, months, lately, events_of(rows), _contracts(rows.get("subscriptions", ())))


def _months(as_of: date) -> Iterator[date]:
    """First days of the months up to the one of the day before as_of."""
    last = date.fromordinal(as_of.toordinal() - 1)
    for back in reversed(range(MONTHS)):
        months = 12 * last.year + last.month - 1 - back
        yield date(months // 12, months % 12 + 1, 1)


def _days(name: Counted, rows: Sequence[Mapping[str, Any]]) -> dict[date, float]:
    """How much of it there was on each day."""
    told: dict[date, float] = {}
    for row in rows:
        day = row[_DAY[COUNTED[name]]]
        if name == "spend":
            told[day] = told.get(day, 0.0) + float(row["amount"])
        elif name == "purchase_days":
            if row["amount"] >= 0:
                told[day] = 1.0
        elif name == "active_days":
            if row["signal"] is None:
                told[day] = 1.0
        else:
            told[day] = told.get(day, 0.0) + 1.0
    return told


def _contracts(rows: Sequence[Mapping[str, Any]]) -> list[Contract]:
    told = [Contract(row["started_on"], row.get("ended_on"), row.get("plan") or "") for row in rows]
    return sorted(told, key=lambda one: (one.began, one.ended or date.max, one.plan))

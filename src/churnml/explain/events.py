"""Single things that happened with a customer."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]
Lane = Literal["purchases", "tickets", "surveys", "contacts", "contracts", "signals"]

_STEPS = (
    "opened",
    "answered",
    "resolved",
    "contacted",
    "replied",
    "signed_up",
    "began",
    "changed",
    "renewed",
    "ended",
    "cancelled",
)
"""What comes after what, where it comes on one day."""

_FOLLOWS_DAYS = 1
"""A contract that begins so many days after another one's end goes on with it."""


@dataclass(frozen=True)
class Event:
    """One thing that happened.

    Attributes:
        day: on which it did.
        lane: of what kind it is.
        what: name of its sentence.
        filled: places of the sentence -> cells of the exports, numbers and days; without what isn't known.
        bad: whether it is bad news.
    """

    day: date
    lane: Lane
    what: str
    filled: Mapping[str, Any] = field(default_factory=dict)
    bad: bool = False


def events_of(rows: Rows) -> list[Event]:
    """All single things that were known, the newest first.

    Args:
        rows: what was known, table by table.
    """
    found = [event for name, told in _TOLD.items() for event in told(rows.get(name, ()))]
    return sorted(found, key=_newest_first)


def _newest_first(event: Event) -> tuple[int, str, str, int]:
    """By day; of one day, thing by thing, its last step first."""
    step = _STEPS.index(event.what) if event.what in _STEPS else -1
    return -event.day.toordinal(), event.lane, str(event.filled.get("ticket_id", "")), -step


def _cells(row: Row, *names: str) -> dict[str, Any]:
    return {name: row[name] for name in names if row.get(name) is not None}


def _customers(rows: Sequence[Row]) -> Iterator[Event]:
    for row in rows:
        if row.get("signed_up_on"):
            yield Event(row["signed_up_on"], "contracts", "signed_up")


def _transactions(rows: Sequence[Row]) -> Iterator[Event]:
    refunds: dict[date, float] = {}
    for row in rows:
        if row["amount"] < 0:
            refunds[row["occurred_on"]] = refunds.get(row["occurred_on"], 0.0) - float(row["amount"])
    for day, amount in refunds.items():
        yield Event(day, "purchases", "refund", {"amount": amount}, bad=True)


def _activity(rows: Sequence[Row]) -> Iterator[Event]:
    for day, signal in sorted({(row["occurred_on"], row["signal"]) for row in rows if row["signal"]}):
        yield Event(day, "signals", f"signal_{signal}", bad=True)


def _tickets(rows: Sequence[Row]) -> Iterator[Event]:
    for row in rows:
        opened, which = row["opened_on"], _cells(row, "ticket_id", "kind")
        yield Event(opened, "tickets", "opened", which | _cells(row, "priority"), bad=bool(row.get("complaint")))
        if answered := row.get("first_response_on"):
            yield Event(answered, "tickets", "answered", {**which, "days": (answered - opened).days})
        if resolved := row.get("resolved_on"):
            rated = _cells(row, "satisfaction")
            yield Event(resolved, "tickets", "resolved", {**which, "days": (resolved - opened).days, **rated})


def _surveys(rows: Sequence[Row]) -> Iterator[Event]:
    for row in rows:
        yield Event(row["answered_on"], "surveys", "survey", _cells(row, "kind", "score"))


def _contacts(rows: Sequence[Row]) -> Iterator[Event]:
    for row in rows:
        yield Event(row["contacted_on"], "contacts", "contacted", _cells(row, "action", "channel"))
        if row.get("answered_on"):
            yield Event(row["answered_on"], "contacts", "replied", _cells(row, "answer", "action"))


def _subscriptions(rows: Sequence[Row]) -> Iterator[Event]:
    """Beginnings and ends; where one contract follows another, one thing: it was changed or renewed."""
    left = [row for row in rows if row.get("ended_on")]
    for row in sorted(rows, key=lambda row: (row["started_on"], repr(row))):
        before = [
            one for one in left if one is not row and 0 <= (row["started_on"] - one["ended_on"]).days <= _FOLLOWS_DAYS
        ]
        now = _cells(row, "plan", "monthly_amount")
        if not before:
            yield Event(row["started_on"], "contracts", "began", now)
            continue
        left.remove(before[0])
        was = {f"{name}_before": cell for name, cell in _cells(before[0], "plan", "monthly_amount").items()}
        changed = any(before[0].get(name) != row.get(name) for name in ("plan", "monthly_amount"))
        yield Event(row["started_on"], "contracts", "changed" if changed else "renewed", {**now, **was})
    for row in left:
        yield Event(row["ended_on"], "contracts", "ended", _cells(row, "plan", "cancel_reason"), bad=True)


def _cancellations(rows: Sequence[Row]) -> Iterator[Event]:
    for row in rows:
        yield Event(row["cancelled_on"], "contracts", "cancelled", _cells(row, "reason"), bad=True)


_TOLD: Mapping[str, Callable[[Sequence[Row]], Iterator[Event]]] = {
    "customers": _customers,
    "transactions": _transactions,
    "activity": _activity,
    "tickets": _tickets,
    "surveys": _surveys,
    "subscriptions": _subscriptions,
    "cancellations": _cancellations,
    "contacts": _contacts,
}

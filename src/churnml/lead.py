"""Lead time: how long before the last purchase, or the cancellation, somebody who left entered the first tier."""

from typing import Any

import numpy as np
import pyarrow as pa


def lead_time(rows: pa.Table, tier: np.ndarray) -> dict[str, Any] | None:
    """Days between first entering the first tier and leaving; above 0 there was still time.

    A departure is a customer and a day of leaving. Only what was said since the customer's departure before counts, and
    only lists on which the customer still was.

    Args:
        rows: out-of-time predictions.
        tier: of each row, as an index; 0 is the first.

    Returns:
        departures, warned (share that was in the first tier on some list up to then or after), in_time (share before the
        day of leaving), and of those who were warned the quartiles days_25, days_50, days_75; None where nobody's day of
        leaving is known.
    """
    said: dict[str, list[tuple[Any, int, Any]]] = {}
    columns = (rows["customer_id"].to_pylist(), rows["as_of"].to_pylist(), rows["left_on"].to_pylist())
    for customer, as_of, left_on, place in zip(*columns, tier, strict=True):
        said.setdefault(customer, []).append((as_of, int(place), left_on))
    leads: list[int | None] = []
    for lists in said.values():
        leads += _of_customer(sorted(lists, key=lambda one: one[0]))
    if not leads:
        return None
    known = np.array([days for days in leads if days is not None], dtype=float)
    quartiles = np.quantile(known, [0.25, 0.5, 0.75]) if len(known) else [None] * 3
    return {
        "departures": len(leads),
        "warned": round(len(known) / len(leads), 6),
        "in_time": round(float((known > 0).sum()) / len(leads), 6),
        **{
            f"days_{name}": days if days is None else round(float(days), 2)
            for name, days in zip((25, 50, 75), quartiles, strict=True)
        },
    }


def _of_customer(lists: list[tuple[Any, int, Any]]) -> list[int | None]:
    """The lead of each departure of one customer, whose lists are in order of time; None where nobody was warned."""
    leads: list[int | None] = []
    first, left = None, None
    for as_of, place, left_on in [*lists, (None, 1, None)]:
        if left is not None and left_on != left:  # the departure is complete: another one, a return, or the end
            leads.append(None if first is None else (left - first).days)
            first = None
        if place == 0 and first is None:
            first = as_of
        left = left_on
    return leads

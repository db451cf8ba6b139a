"""What happened, as rules ask for it: event windows as ordinary entries over the as-of view of a table."""

from collections.abc import Sequence

from churnml.config import Condition, Happening
from churnml.contracts.tables import CONTACTS, TABLES
from churnml.features.contacts import made
from churnml.features.entry import Family, Feature
from churnml.features.words import says

TIMES, AGE = "_times", "_age"
"""Behind a condition's column: how often it happened within its days, and how many days ago last."""

_SOURCE = "rules.yaml"


def happened(condition: Condition, columns: Sequence[str]) -> Family:
    """How often an event of a rule happened in its window of days, and when last.

    Args:
        condition: a leaf with an event.
        columns: that its table has.
    """
    event, name = condition.event, condition.column
    if event is None:
        raise ValueError("no event")
    within = f"age BETWEEN {max(condition.after_days or 0, 1)} AND {condition.within_days}"
    times = Feature(name + TIMES, f"count(CASE WHEN {within} THEN 1 END)", "times", "", "", "none", _SOURCE, empty=0)
    age = Feature(name + AGE, f"min(CASE WHEN {within} THEN age END)", "days", "", "", "none", _SOURCE)
    return Family(name, event.table, _rows(event, columns), (times, age))


def last(condition: Condition, columns: Sequence[str]) -> Family:
    """Days since the last event that must not have happened since."""
    event, name = condition.since_then_no, condition.since
    if event is None:
        raise ValueError("no event")
    return Family(
        name, event.table, _rows(event, columns), (Feature(name, "min(age)", "days", "", "", "none", _SOURCE),)
    )


def lacking(event: Happening, columns: Sequence[str]) -> list[str]:
    """Columns that an event is looked for in and that its table doesn't have."""
    return [name for name in (event.column, event.day) if name is not None and name not in columns]


def _rows(event: Happening, columns: Sequence[str]) -> str:
    """Rows that are the event, with their age in days: yesterday is 1."""
    which = [f"{event.day} IS NOT NULL"]
    if event.column:
        which.append(says(event.column, _as_cells_are_compared(event.says)))
    if event.at is None and (alive := TABLES[event.table].alive) is not None:
        which.append(f"({alive})")
    if event.table == CONTACTS.name:
        which.append(made(columns))
    age = f"date_diff('day', {event.day}, {{as_of}})"
    return f"SELECT customer_id, {age} AS age FROM {{table}} WHERE {' AND '.join(which)}"


def _as_cells_are_compared(words: Sequence[str]) -> tuple[str, ...]:
    """Small letters without spaces, hyphens and underscores, as SQL text can hold them."""
    bare = [word.lower() for word in words]
    for mark, instead in ((" ", ""), ("_", ""), ("-", ""), ("|", "?"), ("'", "''")):
        bare = [word.replace(mark, instead) for word in bare]
    return tuple(bare)

"""Entries by their names, whatever tables there are: a window in a name may be of any length."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from churnml.config import Features
from churnml.contracts.columns import CURRENT
from churnml.contracts.tables import TABLES
from churnml.features.catalog import every_family
from churnml.features.entry import Family

WINDOW = re.compile(r"_(\d{1,5})d(?=_|$)")
LONGEST = 3660
COMPLETE = {
    table.name: [name for column in table.columns if column.known != CURRENT for name in (column.name, column.day)]
    for table in TABLES.values()
}
"""Every table as its contract has it, with all optional columns."""


def named(name: str, params: Features, columns: Mapping[str, Sequence[str]], reach: int | None = None) -> Family | None:
    """The family of one entry, with it alone; a window in its name may be of any length."""
    found = WINDOW.search(name)
    windows = (int(found[1]),) if found else params.windows_days
    reach_days = reach or params.reach_days
    if not 0 < windows[-1] <= min(LONGEST, reach_days):
        return None
    for family in every(windows, reach_days, params, columns):
        if any(feature.name == name for feature in family.features):
            label = f"{family.name}_{windows[0]}d" if found else family.name
            return replace(family.within({name}), name=label)
    return None


def every(
    windows: tuple[int, ...], reach_days: int, params: Features, columns: Mapping[str, Sequence[str]]
) -> tuple[Family, ...]:
    """All families that these tables allow, whatever a model learns from."""
    there = tuple((table, tuple(names)) for table, names in columns.items())
    return _every_once(windows, reach_days, tuple(params.attributes.items()), there)


@lru_cache(maxsize=32)
def _every_once(
    windows: tuple[int, ...],
    reach_days: int,
    attributes: tuple[tuple[str, str], ...],
    columns: tuple[tuple[str, tuple[str, ...]], ...],
) -> tuple[Family, ...]:
    """Rules ask for many entries of few windows: composing all SQL anew for each would take longer than running it."""
    params = Features.model_validate({"windows_days": windows, "history_days": reach_days, "profile": dict(attributes)})
    return tuple(every_family(params, dict(columns)))


def missing(name: str, params: Features, columns: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    """What an entry that is known waits for: a table, a column of it, or a longer history."""
    complete = everywhere(params)
    known = named(name, params, complete, LONGEST)
    if known is None:
        return "feature", name
    if known.table not in columns:
        return "table", known.table
    lacks = [column for feature in known.features for column in feature.needs if column not in columns[known.table]]
    return ("column", f"{known.table}.{lacks[0]}") if lacks else ("history", name)


def everywhere(params: Features) -> dict[str, list[str]]:
    """Columns of every table, were all of them there."""
    return {**COMPLETE, "customers": [*COMPLETE["customers"], *params.attributes]}

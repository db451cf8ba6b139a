"""What rules ask for, as entries of families: whatever a rule can look at is a snapshot's, and can't look ahead."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from churnml.config import Churn, Condition, Features, Happening, Rules
from churnml.contracts.files import ATTRIBUTE
from churnml.contracts.tables import TABLES
from churnml.features.entry import Family
from churnml.features.happened import happened, lacking, last
from churnml.features.history import columns_of, history, table_paths
from churnml.features.named import missing, named
from churnml.features.query import snapshot_sql
from churnml.ports import Engine
from churnml.windows import lookback_start


@dataclass(frozen=True)
class Asked:
    """What the rules of a project look at.

    Attributes:
        now: families to compute at as_of.
        before: by number of days, families to compute so many days before.
        told: by feature, what people read of it: kind, unit, meaning.
        asleep: by rule, what it waits for: `table`, `column`, `attribute` or `history`, and its name.
    """

    now: tuple[Family, ...]
    before: Mapping[int, tuple[Family, ...]]
    told: Mapping[str, Mapping[str, Any]]
    asleep: Mapping[str, tuple[str, str]]


class _Waits(Exception):  # noqa: N818  no error: the rule sleeps
    """A condition that nobody can judge here: what is missing, and its name."""


def asked(
    rules: Rules,
    params: Features,
    columns: Mapping[str, Sequence[str]],
    seen: Callable[[Family, int], bool] = lambda *_: True,
) -> Asked:
    """What to compute for these rules, and which of them sleep because something isn't there.

    Args:
        rules: of the bundle.
        params: windows, reach and attributes of the bundle.
        columns: of each table that is there.
        seen: whether the tables reach back far enough for the entries of a family so many days before.
    """
    now: dict[str, Family] = {}
    before: dict[int, dict[str, Family]] = {}
    told: dict[str, Mapping[str, Any]] = {}
    asleep: dict[str, tuple[str, str]] = {}
    for rule in rules.rules:
        found: list[tuple[Condition, Family]] = []
        waiting: dict[Condition, tuple[str, str]] = {}
        for leaf in rule.when.leaves():
            try:
                found += [(leaf, family) for family in _families(leaf, params, columns, seen)]
            except _Waits as waits:
                waiting[leaf] = (str(waits.args[0]), str(waits.args[1]))
        if not _can_be(rule.when, True, waiting):
            asleep[rule.name] = next(iter(waiting.values()))
            continue
        for leaf, family in found:
            _add(now, family)
            if leaf.over_days:
                _add(before.setdefault(leaf.over_days, {}), family)
            for feature in family.features:
                meaning = {"en": feature.en, "zh-CN": feature.zh}
                told[feature.name] = {"kind": feature.kind, "unit": feature.unit, "meaning": meaning}
    return Asked(
        tuple(now.values()), {days: tuple(families.values()) for days, families in before.items()}, told, asleep
    )


def _can_be(condition: Condition, truth: bool, unknown: Collection[Condition]) -> bool:
    """Whether a condition can come out true, or false, where some of its leaves are always unknown."""
    if condition.not_ is not None:
        return _can_be(condition.not_, not truth, unknown)
    if condition.parts:
        every = (condition.all_ is not None) == truth
        return (all if every else any)(_can_be(part, truth, unknown) for part in condition.parts)
    return condition not in unknown


def ask(
    rules: Rules,
    *,
    tables: Path,
    churn: Churn,
    params: Features,
    engine: Engine,
    as_of: date,
    work: Path,
    out: Path,
    only: Path | None = None,
) -> Asked:
    """Compute what rules ask for, one row per customer of the population of this as_of.

    Args:
        rules: of the bundle.
        tables: folder of canonical tables.
        churn: population.
        params: reach and attributes.
        engine: where the SQL runs.
        as_of: the moment of knowledge.
        work: a folder for work in progress.
        out: Parquet file to write: customer_id, each feature by its name, and as `name@days` as it was so many days before
            (unknown where the customer wasn't in the population then).
        only: folder of the same tables with the rows of some customers, to compute theirs alone.

    Returns:
        what was asked for.
    """
    paths = table_paths(tables)
    start = history(tables, churn, engine, work).start if churn.is_dated else as_of

    def seen(family: Family, days: int) -> bool:
        return _reached(family, params, start, lookback_start(as_of, days))

    what = asked(rules, params, columns_of(paths), seen)
    paths = table_paths(only) if only else paths
    rows = _computed(what.now, paths, churn, params, engine, as_of, work / "asked_now.parquet")
    for days, families in what.before.items():
        then = lookback_start(as_of, days)
        earlier = _computed(families, paths, churn, params, engine, then, work / f"asked_{days}.parquet")
        rows = _beside(rows, earlier, [feature.name for family in families for feature in family.features], days)
    pq.write_table(rows, out, compression="zstd")
    return what


def _computed(
    families: Sequence[Family],
    paths: Mapping[str, Path],
    churn: Churn,
    params: Features,
    engine: Engine,
    as_of: date,
    out: Path,
) -> pa.Table:
    sql = snapshot_sql(columns_of(paths), churn, params, as_of=as_of, split="score", chosen=families)
    engine.run(sql, paths, out)
    rows = pq.read_table(out)
    return rows.select([name for name in rows.schema.names if name not in ("as_of", "split", "label", "contacted")])


def _reached(family: Family, params: Features, start: date, then: date) -> bool:
    """Whether the tables show an earlier moment as they show today: what a window needs, else all that features reach.

    Where the events begin is known; other tables are taken to begin no later.
    """
    (feature,) = family.features
    own = feature.window_days if "change" not in feature.name else None
    return lookback_start(then, own or params.reach_days) >= start


def _beside(rows: pa.Table, earlier: pa.Table, names: Sequence[str], days: int) -> pa.Table:
    """The rows, with what was known of the same customers then."""
    place = {name: row for row, name in enumerate(earlier["customer_id"].to_pylist())}
    where = pa.array([place.get(name) for name in rows["customer_id"].to_pylist()], pa.int64())
    for name in names:
        rows = rows.append_column(f"{name}@{days}", earlier[name].take(where))
    return rows


def _add(families: dict[str, Family], family: Family) -> None:
    """Entries of one family and window are computed together."""
    have = families.get(family.name)
    new = [
        feature
        for feature in family.features
        if have is None or feature.name not in [one.name for one in have.features]
    ]
    features = (*(have.features if have else ()), *new)
    families[family.name] = replace(family, features=features)


def _families(
    leaf: Condition, params: Features, columns: Mapping[str, Sequence[str]], seen: Callable[[Family, int], bool]
) -> list[Family]:
    """What a leaf looks at, as families with just these entries; nothing where the lists know it.

    Raises:
        _Waits: something isn't there.
    """
    if leaf.event is not None:
        _require_rows(leaf.event, params, columns, leaf.within_days or 0)
        found = [happened(leaf, columns[leaf.event.table])]
        if leaf.since_then_no is not None:
            _require_rows(leaf.since_then_no, params, columns, 0)
            found.append(last(leaf, columns[leaf.since_then_no.table]))
        return found
    if leaf.feature is None and leaf.attribute is None:
        return []
    name = leaf.column
    if name.startswith(ATTRIBUTE) and name.removeprefix(ATTRIBUTE) not in params.attributes:
        raise _Waits("attribute", name.removeprefix(ATTRIBUTE))
    family = named(name, params, columns)
    if family is None:
        raise _Waits(*missing(name, params, columns))
    if leaf.over_days and not seen(family, leaf.over_days):
        raise _Waits("history", f"{name}, {leaf.over_days}")
    return [family]


def _require_rows(event: Happening, params: Features, columns: Mapping[str, Sequence[str]], days: int) -> None:
    if event.table not in columns:
        raise _Waits("table", event.table)
    for name in lacking(event, columns[event.table]):
        raise _Waits("column", f"{event.table}.{name}")
    if days > params.reach_days and not TABLES[event.table].lasting:
        raise _Waits("history", f"{days}")

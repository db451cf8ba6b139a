"""The SQL of the snapshots of one as_of. The only place that composes it."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from churnml.config import Churn, Features
from churnml.contracts.columns import quoted
from churnml.contracts.tables import CONTACTS, TABLES, TRANSACTIONS
from churnml.features.catalog import families, told
from churnml.features.compared import COMPARED
from churnml.features.days import PREPARED, days, visible_days
from churnml.features.entry import Family, Feature
from churnml.features.farther import FARTHER
from churnml.features.labels import contacted, labels
from churnml.features.population import population, seen
from churnml.features.visible import visible
from churnml.ports import Engine
from churnml.windows import literal, lookback_start


def prepare(
    paths: Mapping[str, Path],
    columns: Mapping[str, Sequence[str]],
    params: Features,
    engine: Engine,
    *,
    moments: Sequence[date],
    work: Path,
) -> dict[str, Path]:
    """Compute once what the snapshots of several moments would each compute again.

    Args:
        paths: the tables that are there.
        columns: of each of them.
        params: windows and families.
        engine: where the SQL runs.
        moments: of knowledge.
        work: a folder for work in progress.

    Returns:
        the tables, and what was prepared, to run `snapshot_sql` and `compare` on.
    """
    if TRANSACTIONS.name not in columns:
        return dict(paths)
    readers = [*_readers(families(params, columns)), *COMPARED]
    last, cells = max(moments), columns[TRANSACTIONS.name]
    lines = visible(TRANSACTIONS, cells, last, reach_days=params.reach_days + (last - min(moments)).days)
    engine.run(days(f"({lines}) AS lines", cells, readers), paths, work / f"{PREPARED}.parquet")
    return {**paths, PREPARED: work / f"{PREPARED}.parquet"}


def snapshot_sql(
    tables: Mapping[str, Sequence[str]],
    churn: Churn,
    params: Features,
    *,
    as_of: date,
    split: str | float,
    prepared: bool = False,
    chosen: Sequence[Family] | None = None,
) -> str:
    """SQL of one as_of: population, label, and one plain aggregate per kind of rows, joined on the customer.

    A label is computed for train and test, never for score.

    Args:
        tables: columns of each table that is there.
        churn: population and label.
        params: windows and families.
        as_of: the moment of knowledge.
        split: train, test or score; or the share of customers that is test, by a hash of the id, the others being train.
        prepared: whether it runs on what `prepare` wrote, too.
        chosen: families to compute; None: those that the params choose, and what is told beside them.

    Raises:
        DataError: no family has anything to read.
    """
    chosen = [*families(params, tables), *told(tables)] if chosen is None else chosen
    ctes = {
        f"visible_{name}": visible(
            TABLES[name], columns, as_of, reach_days=params.reach_days, timeless=params.attributes
        )
        for name, columns in tables.items()
    }
    ctes["population"] = population(churn, tables, as_of, prepared=prepared)
    for family in chosen:
        if family.farther:
            reach = FARTHER * params.reach_days
            ctes[family.view] = visible(TABLES[family.table], tables[family.table], as_of, reach_days=reach)
    joined: list[str] = []
    values: dict[str, str] = {}
    label = reached = "CAST(NULL AS TINYINT)"
    known = ""
    if split != "score":
        ctes["labels"] = labels(churn, tables, as_of)
        joined.append("labels")
        label, known = "CAST(labels.label AS TINYINT)", "WHERE labels.label IS NOT NULL"
        if CONTACTS.name in tables and churn.is_dated:
            ctes["reached"] = contacted(tables[CONTACTS.name], as_of, churn.horizon_days)
            joined.append("reached")
            reached = "CAST(reached.customer_id IS NOT NULL AS TINYINT)"
    if readers := _readers(chosen):
        source = PREPARED if prepared else f"({days(seen(TRANSACTIONS), tables[TRANSACTIONS.name], readers)}) AS days"
        ctes["days"] = visible_days(source, as_of, params.reach_days, readers)
    for rows, together in _by_rows(chosen, as_of).items():
        name = f"of_{together[0].name}"  # no table is called so; a family may be called like the table that it reads
        features = [feature for family in together for feature in family.features]
        ctes[name] = _aggregate(rows, features, as_of)
        joined.append(name)
        values |= {feature.name: _value(name, feature) for feature in features}
    joins = [f"LEFT JOIN {name} ON {name}.customer_id = population.customer_id" for name in joined]
    return f"""
        WITH {", ".join(f"{name} AS ({sql})" for name, sql in ctes.items())}
        SELECT population.customer_id, {literal(as_of)} AS as_of, {_split(split)} AS split, {label} AS label,
            {", ".join([f"{reached} AS contacted", *(values[feature.name] for family in chosen for feature in family.features)])}
        FROM population {" ".join(joins)} {known} ORDER BY population.customer_id"""


def _readers(chosen: Sequence[Family]) -> list[str]:
    """The SQL of all that reads days with transactions."""
    reading = [family for family in chosen if "{days}" in family.rows]
    return [sql for family in reading for sql in (family.rows, *(feature.sql for feature in family.features))]


def _split(split: str | float) -> str:
    if isinstance(split, str):
        return f"'{split}'"
    # The first 32 bits of a hash of the id: who is held back depends on nobody else and on no seed.
    border = f"{min(int(split * 2**32), 2**32 - 1):08x}"
    return f"CASE WHEN substr(md5(population.customer_id), 1, 8) < '{border}' THEN 'test' ELSE 'train' END"


def _by_rows(chosen: Sequence[Family], as_of: date) -> dict[str, list[Family]]:
    """The families by the rows that they aggregate over: those over the same rows share one scan and one aggregate."""
    found: dict[str, list[Family]] = {}
    for family in chosen:
        longest = max((feature.window_days or 0 for feature in family.features), default=0)
        rows = family.source.replace("{table}", family.view).replace("{days}", "days")
        rows = rows.replace("{since}", literal(lookback_start(as_of, longest))).replace("{as_of}", literal(as_of))
        found.setdefault(rows, []).append(family)
    return found


def _aggregate(rows: str, features: Sequence[Feature], as_of: date) -> str:
    computed = ", ".join(f"{_computed(feature, as_of)} AS {quoted(feature.name)}" for feature in features)
    ours = "customer_id IN (SELECT customer_id FROM population)"
    return f"SELECT customer_id, {computed} FROM ({rows}) AS rows WHERE {ours} GROUP BY customer_id"


def _computed(feature: Feature, as_of: date) -> str:
    since = literal(lookback_start(as_of, feature.window_days)) if feature.window_days else ""
    return feature.sql.replace("{as_of}", literal(as_of)).replace("{since}", since)


def _value(aggregate: str, feature: Feature) -> str:
    name = quoted(feature.name)
    value = f"{aggregate}.{name}"
    if feature.kind == "category":
        return f"{value} AS {name}"
    filled = value if feature.empty is None else f"coalesce({value}, {feature.empty})"
    return f"CAST({filled} AS DOUBLE) AS {name}"

"""The panel: one row per customer and as_of, with label and features. The only place that composes the SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from churnml.config import Churn, Features, Panel
from churnml.contracts.columns import quoted
from churnml.contracts.tables import TABLES
from churnml.errors import DataError
from churnml.features.catalog import catalog, families
from churnml.features.entry import Family, Feature
from churnml.features.history import columns_of, history, table_paths
from churnml.features.population import population, stayed
from churnml.features.visible import visible
from churnml.manifest import digest, write_manifest
from churnml.ports import Engine
from churnml.progress import steps
from churnml.publish import replacing, scratch, write_json
from churnml.windows import counted_back, literal, lookback_start, require_labelled, require_purged


@dataclass(frozen=True)
class Built:
    """A panel in numbers.

    Attributes:
        rows: snapshots.
        features: columns of the catalog.
        cutoffs: by split.
    """

    rows: int
    features: int
    cutoffs: dict[str, list[date]]


def build_panel(*, tables: Path, churn: Churn, panel: Panel, params: Features, engine: Engine, out: Path) -> Built:
    """Compute the snapshots of all cutoffs and their catalog.

    Args:
        tables: folder of canonical tables.
        churn: population and label.
        panel: cutoffs.
        params: windows and families.
        engine: where the SQL runs.
        out: folder that is replaced by snapshots.parquet (grain: customer_id, as_of; sorted), catalog.json
            and a manifest.

    Returns:
        what was built.

    Raises:
        LeakageError: a training label window reaches into the test period.
        DataError: a label window isn't over, or nobody is in the population of a cutoff.
    """
    paths = table_paths(tables)
    with scratch(out) as work, replacing(out) as (draft,):
        span = history(tables, churn, engine, work)
        splits = cutoffs(panel, churn, span.start, span.end)
        moments = sorted((as_of, split) for split, days in splits.items() for as_of in days)
        parts = {}
        for as_of, split in steps(moments, "Computing features"):
            part = work / f"{as_of}.parquet"
            sql = snapshot_sql(columns_of(paths), churn, params, as_of=as_of, split=split)
            if not engine.run(sql, paths, part):
                raise DataError(_nobody(as_of, churn))
            parts[f"part_{as_of:%Y%m%d}"] = part
        union = " UNION ALL ".join(f"SELECT * FROM {name}" for name in parts)
        rows = engine.run(
            f"SELECT * FROM ({union}) AS panel ORDER BY as_of, customer_id", parts, draft / "snapshots.parquet"
        )
        described = catalog(families(params, columns_of(paths)))
        write_json(draft / "catalog.json", described)
        write_manifest(draft, "panel", {"tables": digest(tables)})
    return Built(rows, len(described), splits)


def snapshot(
    *, tables: Path, churn: Churn, params: Features, engine: Engine, as_of: date | None, work: Path, out: Path
) -> date:
    """Compute the unlabelled snapshots of one as_of: the same code as the panel's.

    Args:
        tables: folder of canonical tables.
        churn: population.
        params: windows and families.
        engine: where the SQL runs.
        as_of: the moment of knowledge; None: the midnight after the last event's day.
        work: a folder for work in progress.
        out: Parquet file to write.

    Returns:
        the moment of knowledge.

    Raises:
        DataError: as_of lies after the end of the events, the history is shorter than features look back, or nobody is
            in the population.
    """
    paths, span = table_paths(tables), history(tables, churn, engine, work)
    moment = as_of or span.end
    if moment > span.end:
        raise DataError(
            f"as_of {moment}: the events end on {span.end - timedelta(days=1)}, so everybody would look silent since "
            f"then; export up to {moment} or score as of {span.end}"
        )
    needed = lookback_start(moment, params.reach_days)
    if (span.start - needed).days > span.longest_pause_days:
        raise DataError(
            f"the events begin on {span.start}, but features look back {params.reach_days} days from {moment} to "
            f"{needed}; add the exports from {needed} to {span.start - timedelta(days=1)} to the folder"
        )
    if not engine.run(snapshot_sql(columns_of(paths), churn, params, as_of=moment, split="score"), paths, out):
        raise DataError(_nobody(moment, churn))
    return moment


def snapshot_sql(
    tables: Mapping[str, Sequence[str]], churn: Churn, params: Features, *, as_of: date, split: str
) -> str:
    """SQL of one as_of: population, label, and one plain aggregate per family, joined on the customer.

    A label is computed for train and test, never for score.

    Args:
        tables: columns of each table that is there.
        churn: population and label.
        params: windows and families.
        as_of: the moment of knowledge.
        split: train, test or score.
    """
    chosen = families(params, tables)
    views = [
        f"visible_{name} AS ({visible(TABLES[name], columns, as_of, reach_days=params.reach_days, timeless=params.profile)})"
        for name, columns in tables.items()
    ]
    aggregates = [f"{family.name} AS ({_aggregate(family, as_of)})" for family in chosen]
    label = "CAST(NULL AS TINYINT)" if split == "score" else "CAST(stayed.customer_id IS NULL AS TINYINT)"
    labels = [f"stayed AS ({stayed(churn, as_of)})"] if split != "score" else []
    values = [_value(family, feature) for family in chosen for feature in family.features]
    joins = [f"LEFT JOIN {name} USING (customer_id)" for name in [family.name for family in chosen]]
    if labels:
        joins.append("LEFT JOIN stayed ON stayed.customer_id = population.customer_id")
    return f"""
        WITH {", ".join([*views, f"population AS ({population(churn, as_of)})", *labels, *aggregates])}
        SELECT population.customer_id, {literal(as_of)} AS as_of, '{split}' AS split, {label} AS label,
            {", ".join(values)}
        FROM population {" ".join(joins)} ORDER BY population.customer_id"""


def cutoffs(panel: Panel, churn: Churn, first: date, end: date) -> dict[str, list[date]]:
    """Training and test cutoffs, checked.

    Args:
        panel: dates, or how to count back.
        churn: the horizon.
        first: day of the first event.
        end: the day after the last event's day.

    Raises:
        LeakageError: a training label window reaches into the test period.
        DataError: a label window isn't over, or the history is too short to count back.
    """
    horizon = churn.horizon_days
    if isinstance(panel.test, int):
        days = counted_back(
            first, end, step_days=panel.step_days or horizon, history_days=panel.min_history_days, horizon_days=horizon
        )
        test = days[-panel.test :]
        train = [day for day in days if test and day + timedelta(days=horizon) <= test[0]]
        if not train:
            raise DataError(
                f"panel: {first} to {end - timedelta(days=1)} leaves no training cutoff before {panel.test} test "
                f"cutoffs; lower panel.test, step_days or min_history_days, or export more history"
            )
    else:
        train, test = sorted(panel.train or ()), sorted(panel.test)
    require_purged(train, test, horizon)
    require_labelled([*train, *test], end, horizon)
    return {"train": train, "test": test}


def _aggregate(family: Family, as_of: date) -> str:
    features = ", ".join(f"{_computed(feature, as_of)} AS {quoted(feature.name)}" for feature in family.features)
    rows = family.rows.replace("{table}", f"visible_{family.table}")
    return f"SELECT customer_id, {features} FROM ({rows}) AS rows GROUP BY customer_id"


def _computed(feature: Feature, as_of: date) -> str:
    since = literal(lookback_start(as_of, feature.window_days)) if feature.window_days else ""
    return feature.sql.replace("{as_of}", literal(as_of)).replace("{since}", since)


def _value(family: Family, feature: Feature) -> str:
    name = quoted(feature.name)
    value = f"{family.name}.{name}"
    if feature.kind == "category":
        return f"{value} AS {name}"
    filled = value if feature.empty is None else f"coalesce({value}, {feature.empty})"
    return f"CAST({filled} AS DOUBLE) AS {name}"


def _nobody(as_of: date, churn: Churn) -> str:
    return (
        f"nobody is in the population at {as_of}: no event in the {churn.active_within_days} days before; "
        f"change panel or churn.active_within_days, or export that period"
    )

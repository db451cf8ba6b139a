"""The panel: one row per customer and as_of, with label and features."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from churnml.config import Churn, Features, Panel
from churnml.errors import DataError
from churnml.features.attributes import with_attributes
from churnml.features.catalog import catalog, families
from churnml.features.compared import compare
from churnml.features.condition import pauses
from churnml.features.condition import volumes as counted
from churnml.features.context import context
from churnml.features.history import columns_of, history, table_paths
from churnml.features.moments import moments_of
from churnml.features.query import prepare, snapshot_sql
from churnml.manifest import digest, write_manifest
from churnml.ports import Engine
from churnml.progress import steps
from churnml.publish import replacing, scratch, write_json
from churnml.windows import lookback_start, months


@dataclass(frozen=True)
class Built:
    """A panel in numbers.

    Attributes:
        rows: snapshots.
        features: columns of the catalog.
        cutoffs: moments of knowledge, in order of time.
    """

    rows: int
    features: int
    cutoffs: list[date]


def build_panel(
    *,
    tables: Path,
    churn: Churn,
    panel: Panel,
    params: Features,
    engine: Engine,
    out: Path,
    private: Collection[str] = (),
) -> Built:
    """Compute the snapshots of all cutoffs and their catalog.

    Args:
        tables: folder of canonical tables.
        churn: population and label.
        panel: cutoffs.
        params: windows and families.
        engine: where the SQL runs.
        out: folder that is replaced by snapshots.parquet (grain: customer_id, as_of; sorted), peers.parquet (customers
            compared with each other), context.parquet (what snapshots are judged by), catalog.json, history.json (the
            days that the events span, rows per customer and day, columns and pauses of tables) and a manifest.
        private: columns of customers that may be seen in the lists alone.

    Returns:
        what was built.

    Raises:
        LeakageError: a training label window reaches into the test period.
        DataError: a label window isn't over, or nobody is in the population of a cutoff.
    """
    paths = table_paths(tables)
    columns = columns_of(paths)
    with scratch(out) as work, replacing(out) as (draft,):
        span = history(tables, churn, engine, work)
        moments = moments_of(panel, churn, span)
        params = with_attributes(params, churn, columns, private, paths, engine, work)
        given = prepare(paths, columns, params, engine, moments=[as_of for as_of, _ in moments], work=work)
        snapshots = draft / "snapshots.parquet"
        statements = (
            snapshot_sql(columns, churn, params, as_of=as_of, split=split, prepared=True)
            for as_of, split in steps(moments, "Computing features")
        )
        rows = engine.stack(statements, given, snapshots)
        for (as_of, _), found in zip(moments, rows, strict=True):
            if not found:
                raise DataError(nobody(as_of, churn))
        peers, contexts = [], []
        volumes: dict[str, dict[str, float]] = {}
        for as_of, _ in steps(moments, "Describing cutoffs"):
            peers.append(compare(given, columns, churn, params, engine, as_of=as_of, work=work))
            contexts.append(
                context(paths, columns, churn, private, engine, snapshots=snapshots, as_of=as_of, work=work)
            )
            volumes[str(as_of)] = counted(paths, churn, engine, snapshots=snapshots, as_of=as_of, work=work)
        if not churn.is_dated:
            _require_somebody_left(snapshots, churn)
        pq.write_table(pa.concat_tables(peers), draft / "peers.parquet", compression="zstd")
        pq.write_table(pa.concat_tables(contexts), draft / "context.parquet", compression="zstd")
        described = catalog(families(params, columns))
        write_json(draft / "catalog.json", described)
        known = {"start": str(span.start), "end": str(span.end), "volumes": volumes}
        write_json(draft / "history.json", {**known, "tables": columns, "pauses": pauses(paths, engine, work)})
        write_manifest(draft, "panel", {"tables": digest(tables)})
    return Built(sum(rows), len(described), [as_of for as_of, _ in moments])


def snapshot(
    *,
    tables: Path,
    churn: Churn,
    params: Features,
    engine: Engine,
    as_of: date | None,
    work: Path,
    out: Path,
    only: Path | None = None,
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
        only: folder of the same tables with the rows of some customers, to compute theirs alone: maybe none.

    Returns:
        the moment of knowledge.

    Raises:
        DataError: as_of lies after the end of the events, the history is shorter than features look back, or nobody is
            in the population.
    """
    paths, span = table_paths(tables), history(tables, churn, engine, work)
    moment = as_of or span.end
    undated = not churn.events and not churn.is_dated
    if moment > span.end and not undated:
        raise DataError(
            f"as_of {moment}: {span.what_ends} on {span.end - timedelta(days=1)}, so everybody would look silent since "
            f"then; export up to {moment} or score as of {span.end}"
        )
    needed = lookback_start(moment, params.reach_days)
    if (span.start - needed).days > span.longest_pause_days and not undated:
        raise DataError(
            f"the events begin on {span.start}, but features look back {params.reach_days} days from {moment} to "
            f"{needed}; missing: {months(needed, span.start - timedelta(days=1))}; add the folders of those exports, or the "
            f"tables that hold them by --history, such as data/tables of the training"
        )
    columns, read = columns_of(paths), table_paths(only) if only else paths
    if not engine.run(snapshot_sql(columns, churn, params, as_of=moment, split="score"), read, out) and not only:
        raise DataError(nobody(moment, churn))
    return moment


def _require_somebody_left(snapshots: Path, churn: Churn) -> None:
    """Refuse words that no cell of the label column holds: everybody would have stayed."""
    if not pc.any(pc.equal(pq.read_table(snapshots, columns=["label"])["label"], 1)).as_py():
        words = ", ".join(f"'{word}'" for word in churn.left)
        raise DataError(
            f"churn.left: no cell of '{churn.column}' in customers says {words}; write the words as the export does"
        )


def nobody(as_of: date, churn: Churn) -> str:
    """What to say where the population is empty."""
    if churn.definition == "label":
        return f"churn.column: no customer's '{churn.column}' says anything; name the right column"
    if churn.active_within_days is None:
        return f"nobody is in the population at {as_of}: no contract was running; change panel, or export that period"
    return (
        f"nobody is in the population at {as_of}: no event in the {churn.active_within_days} days before; "
        f"change panel or churn.active_within_days, or export that period"
    )

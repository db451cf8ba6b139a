"""`churnml features --prove`: on the user's own tables, at every cutoff, with every family."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from churnml.config import Churn, Features, Panel
from churnml.contracts.tables import TABLES
from churnml.errors import DataError
from churnml.features.attributes import with_attributes
from churnml.features.catalog import catalog, families
from churnml.features.compared import compare
from churnml.features.history import columns_of, history, table_paths
from churnml.features.moments import moments_of
from churnml.features.panel import nobody
from churnml.features.proof.bits import Difference, differences
from churnml.features.proof.mutate import KINDS, Kind, mutated
from churnml.features.proof.suspects import drifting, without_history
from churnml.features.proof.words import lines_of
from churnml.features.query import prepare, snapshot_sql
from churnml.ports import Engine
from churnml.progress import steps
from churnml.publish import scratch, write_json
from churnml.suspects import too_good
from churnml.windows import lookback_start

TRAINING = "as it is, with labels"
"""Rows to be learned from hold the features, and the customers, that would have been scored."""

_OF_THE_FUTURE = ("split", "label", "contacted")


@dataclass(frozen=True)
class Proof:
    """What was tried, and what came out.

    Attributes:
        cutoffs: at which it was tried.
        features: how many.
        families: by name.
        tables: that were given another future.
        leaks: (as_of, what was done to the future, what changed).
        too_good: features that alone know the answer.
        drifting: features that move along the panel.
        without_history: columns that show today's value at every as_of.
        reach_days: how far back features look.
        short_by: days of that which the first cutoff doesn't have.
    """

    cutoffs: Sequence[date]
    features: int
    families: Sequence[str]
    tables: Sequence[str]
    leaks: Sequence[tuple[date, str, Difference]]
    too_good: Sequence[Mapping[str, Any]]
    drifting: Sequence[Mapping[str, Any]]
    without_history: Sequence[Mapping[str, str]]
    reach_days: int
    short_by: int

    @property
    def lines(self) -> list[str]:
        """For the terminal."""
        return lines_of(self)

    def as_json(self) -> dict[str, Any]:
        """For reports/proof.json."""
        return {
            "cutoffs": [str(as_of) for as_of in self.cutoffs],
            "features": self.features,
            "families": list(self.families),
            "tables": list(self.tables),
            "leaks": [
                {"as_of": str(as_of), "future": kind, "column": found.column, "customers": found.customers}
                for as_of, kind, found in self.leaks
            ],
            "too_good": list(self.too_good),
            "drifting": list(self.drifting),
            "without_history": list(self.without_history),
        }


def prove(
    *,
    tables: Path,
    churn: Churn,
    panel: Panel,
    params: Features,
    engine: Engine,
    work_near: Path,
    report: Path,
    private: Collection[str] = (),
) -> Proof:
    """Give every table another future at every cutoff, three times, and compare all features bit by bit.

    Args:
        tables: folder of canonical tables.
        churn: population and label.
        panel: cutoffs.
        params: windows and families.
        engine: where the SQL runs.
        work_near: a path beside which there is room for copies of the tables.
        report: proof.json.
        private: columns of customers that may be seen in the lists alone.

    Raises:
        LeakageError: a training label window reaches into the test period.
        DataError: a label window isn't over, or nobody is in the population of a cutoff.
    """
    paths = table_paths(tables)
    columns = columns_of(paths)
    leaks: list[tuple[date, str, Difference]] = []
    labelled = []
    with scratch(work_near) as work:
        span = history(tables, churn, engine, work)
        moments = moments_of(panel, churn, span)
        params = with_attributes(params, churn, columns, private, paths, engine, work)
        for as_of, split in steps(moments, "Proving"):
            at = _At(columns, churn, params, engine, as_of, max(later for later, _ in moments))
            ours = at.seen(paths, work / "as it is")
            labelled.append(at.labelled(paths, split, work))
            scored = at.scored_of(ours[0], labelled[-1], work)
            leaks += [(as_of, TRAINING, found) for found in differences(scored, work / "labelled.out", _OF_THE_FUTURE)]
            for kind in KINDS:
                theirs = at.seen(at.with_another_future(paths, kind, work / kind), work / kind)
                leaks += [(as_of, kind, found) for found in differences(ours[0], theirs[0])]
                peers = differences(ours[1], theirs[1])
                leaks += [(as_of, kind, replace(found, column=f"peers.{found.column}")) for found in peers]
    rows = pa.concat_tables(labelled)
    chosen = families(params, columns)
    described = catalog(chosen)
    proof = Proof(
        [as_of for as_of, _ in moments],
        len(described),
        [family.name for family in chosen],
        list(paths),
        leaks,
        too_good(rows.filter(pc.equal(rows["split"], "train")), described),
        drifting(rows, described),
        without_history(columns, params.attributes),
        params.reach_days,
        (span.start - lookback_start(moments[0][0], params.reach_days)).days,
    )
    write_json(report, proof.as_json())
    return proof


@dataclass(frozen=True)
class _At:
    """What features and peers say at one as_of, of these tables or of others."""

    columns: Mapping[str, Sequence[str]]
    churn: Churn
    params: Features
    engine: Engine
    as_of: date
    last: date

    def with_another_future(self, paths: Mapping[str, Path], kind: Kind, folder: Path) -> dict[str, Path]:
        """Copies of the tables."""
        folder.mkdir(exist_ok=True)
        copies = {name: folder / f"{name}.parquet" for name in paths}
        for name, path in copies.items():
            other = mutated(TABLES[name], self.columns[name], self.as_of, kind, self.params.attributes)
            self.engine.run(other, {name: paths[name]}, path)
        return copies

    def seen(self, paths: Mapping[str, Path], folder: Path) -> tuple[Path, Path]:
        """Unlabelled snapshots, of what was prepared for this and the last cutoff as in a panel, and peers."""
        folder.mkdir(exist_ok=True)
        snapshots, peers = folder / "snapshots.out", folder / "peers.out"
        given = prepare(paths, self.columns, self.params, self.engine, moments=[self.as_of, self.last], work=folder)
        sql = snapshot_sql(self.columns, self.churn, self.params, as_of=self.as_of, split="score", prepared=True)
        self.engine.run(sql, given, snapshots)
        compared = compare(given, self.columns, self.churn, self.params, self.engine, as_of=self.as_of, work=folder)
        pq.write_table(compared, peers)
        return snapshots, peers

    def labelled(self, paths: Mapping[str, Path], split: str | float, folder: Path) -> pa.Table:
        """Snapshots with their labels, computed from the tables alone, as those of an export are.

        Raises:
            DataError: nobody is in the population.
        """
        sql = snapshot_sql(self.columns, self.churn, self.params, as_of=self.as_of, split=split)
        if not self.engine.run(sql, paths, folder / "labelled.out"):
            raise DataError(nobody(self.as_of, self.churn))
        return pq.read_table(folder / "labelled.out")

    def scored_of(self, snapshots: Path, labelled: pa.Table, folder: Path) -> Path:
        """The unlabelled snapshots of those who have a label: of everybody, but where a column says who left."""
        if self.churn.is_dated:
            return snapshots
        rows = pq.read_table(snapshots)
        pq.write_table(rows.filter(pc.is_in(rows["customer_id"], labelled["customer_id"])), folder / "scored.out")
        return folder / "scored.out"

"""The ingest stage: every row of every export is kept, set aside with a reason, or an exact repetition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from churnml.config import Churn, Ingest, Project, Source
from churnml.contracts.columns import Table
from churnml.contracts.tables import CUSTOMERS, TABLES
from churnml.ingest.clean import checked, clean, conflicting, good_rows, set_aside, table_columns
from churnml.ingest.encoding import encoding_of
from churnml.ingest.find import matched, unmatched
from churnml.ingest.headers import require_distinct
from churnml.ingest.map import Staged, stage_source
from churnml.ingest.named import private_headers, require_columns
from churnml.ingest.profile import ReadFile, Rule, TableProfile, require_few_set_aside, require_rows
from churnml.manifest import combined, digest, file_digest
from churnml.ports import Engine
from churnml.progress import steps
from churnml.publish import replacing, scratch, write_json
from churnml.spreadsheet import write_csv

_ASIDE_HEADER = ("file", "row", "column", "rule", "value")


def ingest(
    *,
    exports: Path,
    sources: Sequence[Source],
    params: Ingest,
    project: Project,
    churn: Churn,
    pii: Sequence[str],
    engine: Engine,
    tables: Path,
    quarantine: Path,
    report: Path,
    named: Mapping[str, Sequence[str]] | None = None,
) -> list[TableProfile]:
    """Read all exports into canonical tables.

    Args:
        exports: folder of the exports.
        sources: which files feed which table, and how.
        params: the ingest section.
        project: the project section.
        churn: its event tables must not be empty.
        pii: columns, attributes or mapped headers whose values are masked in the quarantine.
        engine: where the SQL runs.
        tables: folder that is replaced by <table>.parquet, sorted by customer and time.
        quarantine: folder that is replaced by <table>.csv, one line per broken cell.
        report: the profile, JSON; also which exports (`made_from`) became which tables (`made`).
        named: key of params -> columns of the customers table that it names; checked if a source feeds that table.

    Returns:
        one profile per table, in the order of the sources.

    Raises:
        ExportError: a file is missing, unreadable or lacks a mapped column.
        DataError: a named column isn't in the customers table.
        QuarantineError: more rows break the contract than allowed.
    """
    found = matched(exports, sources)
    names = list(dict.fromkeys(source.table for source in sources))
    with scratch(tables) as work, replacing(tables, quarantine) as (new_tables, new_quarantine):
        private = private_headers(pii, sources)
        intake = _Intake(exports, project.timezone, private, engine, work, new_tables, new_quarantine)
        profiles = []
        for name in steps(names, "Reading exports"):
            feeding = [(source, files) for source, files in zip(sources, found, strict=True) if source.table == name]
            staged = intake.stage(TABLES[name], feeding)
            if name == CUSTOMERS.name:
                require_columns(named or {}, table_columns(CUSTOMERS, _columns(staged)), sources)
            profile = intake.read(TABLES[name], feeding, staged)
            require_few_set_aside(profile, params.max_quarantine_share)
            require_rows(profile, TABLES[name], churn.events)
            profiles.append(profile)
    read = {name: file.sha256 for profile in profiles for name, file in profile.files.items()}
    said = {
        "made_from": {"exports": combined(read)},
        "made": {"tables": digest(tables)},
        "tables": {profile.table: profile.as_json() for profile in profiles},
        "unmatched_files": unmatched(exports, found),
    }
    write_json(report, said)
    return profiles


@dataclass(frozen=True)
class _Intake:
    """Where exports come from, and where tables and quarantine go."""

    exports: Path
    zone: str
    private: Sequence[str]
    engine: Engine
    work: Path
    tables: Path
    quarantine: Path

    def stage(self, table: Table, feeding: Sequence[tuple[Source, Sequence[Path]]]) -> list[Staged]:
        """All sources of one table, as text."""
        work = self.work / table.name
        work.mkdir()
        staged = [
            stage_source(self.exports, files, source, work / f"staged_{index}.parquet")
            for index, (source, files) in enumerate(feeding)
        ]
        require_distinct(table, _columns(staged))
        return staged

    def read(
        self, table: Table, feeding: Sequence[tuple[Source, Sequence[Path]]], staged: Sequence[Staged]
    ) -> TableProfile:
        """All sources of one table -> the clean table and its quarantine."""
        work, run = self.work / table.name, self.engine.run
        parts: dict[str, Path] = {}
        for index, ((source, _), text) in enumerate(zip(feeding, staged, strict=True)):
            part = parts[f"checked_{index}"] = work / f"checked_{index}.parquet"
            run(checked(table, source, text.columns, self.zone), {"staged": text.path}, part)
        columns = _columns(staged)
        good, conflicts, cells = (work / f"{name}.parquet" for name in ("good", "conflicts", "cells"))
        unbroken = run(good_rows(table, [part.columns for part in staged], columns), parts, good)
        unbroken -= run(conflicting(table, columns), {"good": good}, conflicts)
        out = self.tables / f"{table.name}.parquet"
        kept = run(clean(table, columns), {"good": good, "conflicts": conflicts}, out)
        malformed = _malformed(staged, work / "malformed.parquet")
        made = {**parts, "malformed": malformed, "conflicts": conflicts}
        run(set_aside(table, len(parts), self.private), made, cells)
        aside = pq.read_table(cells)
        write_csv(
            self.quarantine / f"{table.name}.csv", _ASIDE_HEADER, (tuple(row.values()) for row in aside.to_pylist())
        )
        rows_in = sum(part.rows for part in staged)
        customers, (first_day, last_day) = _coverage(out, table)
        return TableProfile(
            table=table.name,
            rows_in=rows_in,
            kept=kept,
            set_aside=rows_in - unbroken,
            duplicates=unbroken - kept,
            rules=_rules(aside),
            customers=customers,
            first_day=first_day,
            last_day=last_day,
            files={
                path.relative_to(self.exports).as_posix(): ReadFile(_format(path, source), file_digest(path))
                for source, files in feeding
                for path in files
            },
            ignored_columns=sorted({name for part in staged for name in part.ignored}),
        )


def _columns(staged: Sequence[Staged]) -> list[str]:
    return sorted({name for part in staged for name in part.columns})


def _malformed(staged: Sequence[Staged], out: Path) -> Path:
    lines = [
        (file, row, f"{fields} of {malformed.expected} fields")
        for part in staged
        for file, malformed in part.malformed.items()
        for row, fields in malformed.rows
    ]
    files, rows, values = zip(*lines, strict=True) if lines else ((), (), ())
    pq.write_table(
        pa.table(
            {
                "file": pa.array(files, pa.string()),
                "row": pa.array(rows, pa.int64()),
                "value": pa.array(values, pa.string()),
            }
        ),
        out,
    )
    return out


def _rules(aside: pa.Table) -> list[Rule]:
    """How often each rule was broken, most often first."""
    counts: dict[tuple[str, str], list[str]] = {}
    for cell in aside.select(["file", "row", "column", "rule"]).to_pylist():
        counts.setdefault((cell["rule"], cell["column"]), []).append(f"{cell['file']} row {cell['row']}")
    rules = [Rule(rule, column, len(places), places[:3]) for (rule, column), places in counts.items()]
    return sorted(rules, key=lambda rule: (-rule.cells, rule.rule, rule.column))


def _coverage(path: Path, table: Table) -> tuple[int, tuple[str | None, str | None]]:
    """Number of customers, first and last day."""
    kept = pq.read_table(path, columns=["customer_id", *([table.day] if table.time else [])])
    customers: int = pc.count_distinct(kept["customer_id"]).as_py()
    if not table.time or not kept.num_rows:
        return customers, (None, None)
    days = pc.min_max(kept[table.day]).as_py()
    return customers, (str(days["min"]), str(days["max"]))


def _format(path: Path, source: Source) -> str:
    return "parquet" if path.suffix.lower() == ".parquet" else f"csv, {encoding_of(path, source.encoding)}"

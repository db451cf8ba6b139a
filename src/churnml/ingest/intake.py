"""All sources of one table -> the clean table, what was set aside, and the numbers of both."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from churnml.config import Source
from churnml.contracts.columns import Table
from churnml.ingest.clean import checked, clean, conflicting, good_rows, mapped, newest, set_aside
from churnml.ingest.find import ExportFile, natural
from churnml.ingest.findings import Finding, changed, nearly_repeated, repeated, several_in_file, skipped
from churnml.ingest.headers import require_distinct
from churnml.ingest.history import Known
from churnml.ingest.lookup import asking, write_lookup
from churnml.ingest.map import Staged, stage_source
from churnml.ingest.notes import Note
from churnml.ingest.profile import ReadFile, TableProfile
from churnml.ingest.read import format_of
from churnml.ingest.readings import readings_of
from churnml.ingest.repair import Repair, RepairKind
from churnml.ingest.rules import Place, Rule, RuleName
from churnml.ingest.times import skips_hours
from churnml.manifest import file_digest
from churnml.ports import Engine
from churnml.spreadsheet import write_csv

_SHOWN = 40
_UNIT = re.compile(r"[万千百]元|[(（]分[)）]|\bcents?\b|\bk\b|thousand|million", re.IGNORECASE)
_ASIDE_HEADER = ("file", "row", "column", "rule", "value")
Feeding = Sequence[tuple[Source, Sequence[ExportFile]]]


@dataclass(frozen=True)
class Intake:
    """How exports are read, and where tables and quarantine go."""

    zone: str
    private: Sequence[str]
    max_share: float
    today: date | None
    engine: Engine
    work: Path
    found: Mapping[str, Sequence[ExportFile]]
    tables: Path
    quarantine: Path

    def stage(self, table: Table, feeding: Feeding, known: Known | None = None) -> list[Staged]:
        """All sources of one table, as text."""
        work = self.work / table.name
        work.mkdir()
        staged = [
            stage_source(files, source, work / f"staged_{index}.parquet")
            for index, (source, files) in enumerate(feeding)
        ]
        for index, ((source, _), text) in enumerate(zip(feeding, staged, strict=True)):
            if source.lookup:
                asked = asking(source, source.lookup)
                text.lookup = write_lookup(self.found[asked.path], asked, work / f"lookup_{index}.parquet")
        require_distinct(table, columns_of(staged, known))
        return staged

    def read(
        self, table: Table, feeding: Feeding, staged: Sequence[Staged], known: Known | None = None
    ) -> TableProfile:
        """All sources of one table, and what a history knows -> the clean table and its quarantine."""
        work, run = self.work / table.name, self.engine.run
        parts: dict[str, Path] = {}
        told: list[Note] = []
        for index, ((source, _), text) in enumerate(zip(feeding, staged, strict=True)):
            part = parts[f"checked_{index}"] = work / f"checked_{index}.parquet"
            readings = readings_of(
                source,
                mapped(table, text.columns),
                text.path,
                self.engine,
                typed=text.typed,
                settled=text.settled,
                private=self.private,
                max_share=self.max_share,
                work=work,
            )
            told += [note for reading in readings.odd.values() for note in reading.told]
            told += [*_units(table, source), *_notes(source, text)]
            tables = {"staged": text.path, **({"lookup": text.lookup} if text.lookup else {})}
            sql = checked(table, source, text.columns, self.zone, text.others, readings, self.today)
            run(sql, tables, part, passing=True)
        columns = columns_of(staged, known)
        good, current, conflicts, cells = (
            work / f"{name}.parquet" for name in ("good", "current", "conflicts", "cells")
        )
        sides = good_rows(table, [part.columns for part in staged], columns, known.columns if known else None)
        unbroken = holding = run(sides, {**parts, **({"history": known.path} if known else {})}, good)
        beside: list[Finding] = []
        dedupe = next((source.dedupe for source, _ in feeding), None)
        if dedupe or (table.key_among(columns) and len(_ages(feeding, known)) > 1):
            beside = several_in_file(good, table, columns, dedupe.by, self.engine, work) if dedupe else []
            holding, good = (
                run(newest(table, columns, dedupe, sorted(_names(staged), key=natural)), {"good": good}, current),
                current,
            )
        contradicting = run(conflicting(table, columns), {"good": good}, conflicts)
        out = self.tables / f"{table.name}.parquet"
        several = known is not None or ("order_id" in columns and len(_names(staged)) > 1)
        kept = run(clean(table, columns, several), {"good": good, "conflicts": conflicts}, out)
        malformed = _malformed(staged, work / "malformed.parquet")
        run(
            set_aside(table, len(parts), self.private), {**parts, "malformed": malformed, "conflicts": conflicts}, cells
        )
        aside = pq.read_table(cells)
        write_csv(
            self.quarantine / f"{table.name}.csv", _ASIDE_HEADER, (tuple(row.values()) for row in aside.to_pylist())
        )
        rows_in = sum(part.rows for part in staged) + (known.rows if known else 0)
        left_out = sum(part.left_out for part in staged)
        customers, (first_day, last_day) = _coverage(out, table)
        return TableProfile(
            table=table.name,
            rows_in=rows_in,
            kept=kept,
            set_aside=rows_in - left_out - unbroken + contradicting,
            duplicates=holding - contradicting - kept,
            superseded=unbroken - holding,
            left_out=left_out,
            from_history=known.rows if known else 0,
            rules=_rules(aside),
            customers=customers,
            first_day=first_day,
            last_day=last_day,
            files={
                file.name: ReadFile(format_of(file, source), file_digest(file.path))
                for source, files in [*feeding, *self._asked(feeding)]
                for file in files
            },
            told=list(dict.fromkeys(told)),
            repairs=_repairs(staged),
            findings=[*beside, *self._findings(table, feeding, staged, parts, good)],
            ignored_columns=sorted({name for part in staged for name in part.ignored}),
        )

    def _findings(
        self, table: Table, feeding: Feeding, staged: Sequence[Staged], parts: Mapping[str, Path], good: Path
    ) -> list[Finding]:
        """What the files of one table contradict in each other."""
        work = self.work / table.name
        found = [
            repeated(part.path, part.id_header, table.name, self.engine, work) for part in staged if part.id_header
        ]
        if any(skips_hours(source.timezone or self.zone) for source, _ in feeding):
            found.append(skipped(parts, table.name, self.engine, work))
        columns, dedupe = columns_of(staged), any(source.dedupe for source, _ in feeding)
        if not dedupe and len(_names(staged)) > 1:
            if "order_id" in columns:
                found.append(changed(good, table, columns, self.engine, work))
            elif table.time and not table.key_among(columns):
                found.append(nearly_repeated(good, table, columns, self.engine, work))
        return [finding for findings in found for finding in findings]

    def _asked(self, feeding: Feeding) -> Feeding:
        """The lookups of sources, as sources of their own."""
        asked = [asking(source, source.lookup) for source, _ in feeding if source.lookup]
        return [(source, self.found[source.path]) for source in asked]


def columns_of(staged: Sequence[Staged], known: Known | None = None) -> list[str]:
    """Canonical columns and attributes that any of the sources or the history fills, by name."""
    return sorted({name for part in staged for name in part.columns} | set(known.columns if known else ()))


def _names(staged: Sequence[Staged]) -> set[str]:
    """Of files, and of sheets where several of a workbook are read."""
    return {name for part in staged for name in part.malformed}


def _ages(feeding: Feeding, known: Known | None) -> set[int]:
    return {file.age for _, files in feeding for file in files} | ({-1} if known else set())


def _notes(source: Source, staged: Staged) -> Iterator[Note]:
    """What was left unread or lost of a source, and what takes money back."""
    if staged.unread:
        yield Note("unread_sheets", names=tuple(staged.unread))
    if staged.lost:
        yield Note("lost_characters", count=staged.lost)
    if staged.zeros:
        yield Note("zeros_by_format", source.columns["customer_id"], names=tuple(staged.zeros))
    yield from (Note("destroyed_ids", header, count) for header, count in staged.destroyed.items() if count)
    if source.refunds:
        yield Note("refunds", source.refunds.column, staged.refunds)


def _units(table: Table, source: Source) -> list[Note]:
    """Amounts whose header says that they aren't whole units of a currency: they are taken as they are."""
    columns = ((table.column(name), header) for name, header in source.columns.items())
    amounts = [header for column, header in columns if column and column.kind == "amount"]
    return [Note("unit_in_header", header) for header in amounts if _UNIT.search(header)]


def _repairs(staged: Sequence[Staged]) -> list[Repair]:
    """Of all sources, column by column."""
    done: Counter[tuple[str, RepairKind]] = Counter()
    for part in staged:
        done.update(
            {(column, repair): cells for column, counts in part.repairs.items() for repair, cells in counts.items()}
        )
    return [Repair(repair, column, cells) for (column, repair), cells in sorted(done.items())]


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
    counts: dict[tuple[RuleName, str], list[Place]] = {}
    shown: dict[tuple[RuleName, str], str] = {}
    for cell in aside.to_pylist():
        broken = cell["rule"], cell["column"]
        counts.setdefault(broken, []).append(Place(cell["file"], cell["row"]))
        shown.setdefault(broken, (cell["value"] or "")[:_SHOWN])
    rules = [
        Rule(rule, column, len(places), places[:3], shown[rule, column]) for (rule, column), places in counts.items()
    ]
    return sorted(rules, key=lambda rule: (-rule.cells, rule.rule, rule.column))


def _coverage(path: Path, table: Table) -> tuple[int, tuple[str | None, str | None]]:
    """Number of customers, first and last day."""
    kept = pq.read_table(path, columns=["customer_id", *([table.day] if table.time else [])])
    customers: int = pc.count_distinct(kept["customer_id"]).as_py()
    if not table.time or not kept.num_rows:
        return customers, (None, None)
    days = pc.min_max(kept[table.day]).as_py()
    return customers, (str(days["min"]), str(days["max"]))

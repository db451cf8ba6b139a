"""The ingest stage: every row of every export is kept, set aside with a reason, an exact repetition, or superseded."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from churnml.config import Churn, Ingest, Project, Source
from churnml.contracts.tables import CUSTOMERS, TABLES
from churnml.ingest.archive import unpacked
from churnml.ingest.clean import table_columns
from churnml.ingest.find import matched, unmatched
from churnml.ingest.findings import findings
from churnml.ingest.folders import folders_of
from churnml.ingest.history import history_of
from churnml.ingest.intake import Intake, columns_of
from churnml.ingest.lookup import lookups_of
from churnml.ingest.named import private_headers, require_columns
from churnml.ingest.outcome import Ingested
from churnml.ingest.profile import require_few_set_aside, require_rows
from churnml.ingest.unfed import Needs, unfed
from churnml.ingest.words import LINES
from churnml.language import shown
from churnml.manifest import combined, digest, file_digest
from churnml.ports import Engine
from churnml.progress import steps
from churnml.publish import replacing, scratch, write_json


def ingest(
    *,
    exports: Sequence[Path],
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
    history: Path | None = None,
    needs: Needs | None = None,
    today: date | None = None,
) -> Ingested:
    """Read all exports into canonical tables.

    Args:
        exports: folders of the exports, from older to newer; where a table has a key, a newer one's rows supersede.
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
        history: folder of canonical tables that come before all exports; the tables are those that ingesting their
            exports as well would give.
        today: what is later than the day after can't have happened; None: whatever was exported did.
        needs: in scoring, what needs which table: sources of others may find no file. None: each must find one.

    Returns:
        one profile per table, in the order of the sources, what no source took, and who found nothing.

    Raises:
        ExportError: a file is missing, unreadable or lacks a mapped column; the history holds no tables, or others.
        DataError: a named column isn't in the customers table.
        QuarantineError: more rows break the contract than allowed.
    """
    folders = folders_of(exports)
    found = matched(folders, sources)
    fed = list(dict.fromkeys(source.table for source in sources))
    known = history_of(history, fed) if history else {}
    without = unfed(folders, sources, found, known, needs)
    filled = [(source, files) for source, files in zip(sources, found, strict=True) if files]
    lookups = lookups_of(folders, [source for source, _ in filled])
    names = [name for name in fed if name in known or name in {source.table for source, _ in filled}]
    with scratch(tables) as work, replacing(tables, quarantine) as (new_tables, new_quarantine):
        private = private_headers(pii, sources)
        profiles = []
        filled = [(source, unpacked(files, work / "unpacked")) for source, files in filled]
        asked = {path: unpacked(files, work / "unpacked") for path, files in lookups.items()}
        intake = Intake(
            project.timezone,
            private,
            params.max_quarantine_share,
            today,
            engine,
            work,
            asked,
            new_tables,
            new_quarantine,
        )
        for name in steps(names, shown(LINES, "reading", project.locale)):
            feeding = [(source, files) for source, files in filled if source.table == name]
            past = known.get(name)
            staged = intake.stage(TABLES[name], feeding, past)
            if name == CUSTOMERS.name:
                require_columns(named or {}, table_columns(CUSTOMERS, columns_of(staged, past)), sources)
            profile = intake.read(TABLES[name], feeding, staged, past)
            require_few_set_aside(profile, params.max_quarantine_share)
            require_rows(profile, TABLES[name], churn.events)
            profiles.append(profile)
        paths = {profile.table: new_tables / f"{profile.table}.parquet" for profile in profiles}
        across = findings(paths, engine, work)
        profiles = [
            profile.with_findings([one for one in across if one.table == profile.table]) for profile in profiles
        ]
    ingested = Ingested(profiles, unmatched(folders, [*found, *lookups.values()]), without)
    read = {name: file.sha256 for profile in profiles for name, file in profile.files.items()}
    before = {f"{name}.parquet": file_digest(table.path) for name, table in known.items()}
    said = {
        "made_from": {"exports": combined(read), **({"history": combined(before)} if history else {})},
        "made": {"tables": digest(tables)},
        **ingested.as_json(),
    }
    write_json(report, said)
    return ingested

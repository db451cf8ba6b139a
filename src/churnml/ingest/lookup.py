"""Whose rows are those of a table without a customer: another table knows whom a contract, a device, an account is of."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from churnml.config import Lookup, Source
from churnml.errors import ExportError, did_you_mean
from churnml.ingest.cells import identifier, unwrapped
from churnml.ingest.delimited import Malformed
from churnml.ingest.find import ExportFile, matched, why_none
from churnml.ingest.folders import Folder
from churnml.ingest.read import batches, header, parts_of

KEY, CUSTOMER = ":key", ":customer"


def asking(source: Source, lookup: Lookup) -> Source:
    """The source that a lookup is read as: in whatever its file is written, which needn't be what its table is."""
    said = {"path": lookup.path, "columns": {KEY: lookup.key, CUSTOMER: lookup.customer_id}}
    unsaid = dict.fromkeys(("encoding", "delimiter", "sheet", "lookup", "refunds", "dedupe"))
    return source.model_copy(update={**said, **unsaid})


def lookups_of(folders: Sequence[Folder], sources: Sequence[Source]) -> dict[str, list[ExportFile]]:
    """The files of each lookup, by its path.

    Raises:
        ExportError: one finds no file.
    """
    asked = [asking(source, source.lookup) for source in sources if source.lookup]
    found = dict(zip((source.path for source in asked), matched(folders, asked), strict=True))
    for path in [path for path, files in found.items() if not files]:
        raise ExportError(
            f"lookup: {why_none(folders, path).line('en')}; put the export there or change sources[].lookup.path"
        )
    return found


def write_lookup(files: Sequence[ExportFile], source: Source, out: Path) -> Path:
    """Write whose each key is, key by key as the files have them.

    Args:
        files: of the lookup.
        source: what `asking` gave.
        out: Parquet with key and customer.

    Raises:
        ExportError: a file can't be read or lacks one of the two headers.
    """
    names = list(source.columns)
    with pq.ParquetWriter(out, pa.schema([(name, pa.string()) for name in names])) as writer:
        for part in [part for file in files for part in parts_of(file, source)]:
            _require_headers(part, source)
            for batch, _ in batches(part, source, Malformed(), set()):
                cells = [identifier(unwrapped(identifier(batch.column(source.columns[name])))) for name in names]
                writer.write_batch(pa.record_batch(cells, names=names))
    return out


def _require_headers(file: ExportFile, source: Source) -> None:
    there = header(file, source)
    for name in [name for name in source.headers if name not in there]:
        raise ExportError(
            f"{file}: no column '{name}' for a lookup{did_you_mean(name, there)} (columns there: {', '.join(there[:12])}); "
            f"correct the export or sources[].lookup"
        )


FOUND = f"""LEFT JOIN (
    SELECT "{KEY}", min("{CUSTOMER}") AS "{CUSTOMER}" FROM lookup WHERE "{KEY}" <> '' AND "{CUSTOMER}" <> ''
    GROUP BY "{KEY}" HAVING count(DISTINCT "{CUSTOMER}") = 1) AS owners ON staged.customer_id = owners."{KEY}\""""
"""SQL behind `staged`: the customer of each key that belongs to one alone."""

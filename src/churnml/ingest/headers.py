"""What the header of an export must say; nothing of it is shown unless it is a header indeed."""

import functools
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from churnml.config import Source
from churnml.contracts.columns import Table
from churnml.contracts.tables import TABLES
from churnml.errors import ExportError, did_you_mean
from churnml.ingest.cells import written_bytes
from churnml.ingest.delimited import text_layout
from churnml.ingest.find import ExportFile
from churnml.ingest.kinds import kind_of
from churnml.ingest.names import SEARCHED, shown
from churnml.ingest.words import SIGNS
from churnml.language import phrase

_SHOWN = 12
_OURS = (":", "=")


def require_mapped(file: ExportFile, names: Sequence[str], source: Source) -> None:
    """Each mapped header stands in the header, once; other names stand there at most once.

    Raises:
        ExportError: one doesn't, or a name stands there twice.
    """
    wanted = list(dict.fromkeys(source.headers))
    if not set(wanted) & set(names):
        raise ExportError(f"{file}: {_none_of(wanted)} in {_where(file)}; {_why(file, source)}")
    for column, name in source.columns.items():
        if name not in names:
            raise ExportError(
                f"{file}: no column '{name}' for {source.table}.{column}{did_you_mean(name, [*map(shown, _named(names))])} "
                f"(columns there: {_listed(_named(names))}); correct the export or its mapping (sources[].columns)"
            )
    if source.refunds and source.refunds.column not in names:
        raise ExportError(
            f"{file}: no column '{source.refunds.column}' for refunds{did_you_mean(source.refunds.column, _named(names))} "
            f"(columns there: {_listed(_named(names))}); correct the export or sources[].refunds"
        )
    _require_once(file, names, wanted, source)


def require_one_order(file: ExportFile, batch: pa.RecordBatch, numbers: np.ndarray, source: Source) -> None:
    """No row below is a header of other columns, as where one export was hung on another: its rows would be others' cells.

    The same header once more does no harm.

    Raises:
        ExportError: where customers should stand is another mapped header, and a second one beside it.
    """
    own = source.columns["customer_id"]
    others = [name for name in dict.fromkeys(source.headers) if name != own]
    customers = batch.column(batch.schema.names.index(own))
    written = written_bytes(customers)
    if not any(name.encode() in written for name in others):
        return
    mapped = [batch.column(place) for place, name in enumerate(batch.schema.names) if name in source.headers]
    named = [pc.is_in(column, value_set=pa.array(source.headers)).cast(pa.int8()) for column in mapped]
    several = pc.greater(functools.reduce(pc.add, named), 1)
    found = pc.indices_nonzero(pc.and_(pc.is_in(customers, value_set=pa.array(others)), several))
    if len(found):
        raise ExportError(
            f"{file}: row {numbers[found[0].as_py()]} is a header again, in another order of columns; export what is below it as "
            f"a file of its own"
        )


def attributes(table: Table, source: Source, headers: Sequence[str]) -> list[str]:
    """Headers that an open table keeps under their own name.

    Raises:
        ExportError: such a header is also the name of a canonical column, or begins like our own.
    """
    if not table.open:
        return []
    taken = {name.lower() for column in table.columns for name in _written(column.name, column.kind, column.day)}
    kept = [name for name in _named(headers) if name not in source.headers]
    for name in kept:
        if name.lower() in taken:
            raise ExportError(
                f"{source.path}: column '{shown(name)}' has the name of a column of {table.name} but isn't mapped to it; "
                f"add it to its mapping (sources[].columns) or rename it in the export"
            )
        if name.startswith(_OURS):
            raise ExportError(f"{source.path}: column '{shown(name)}' begins with '{name[0]}'; rename it in the export")
    return kept


def require_distinct(table: Table, columns: Sequence[str]) -> None:
    """No two columns of a table differ in nothing but case: engines take them for one.

    Raises:
        ExportError: two do.
    """
    seen: dict[str, str] = {}
    for name in columns:
        other = seen.setdefault(name.lower(), name)
        if other != name:
            raise ExportError(
                f"{table.name}: columns '{shown(other)}' and '{shown(name)}' differ in nothing but case; rename one of them in the "
                f"export"
            )


def _require_once(file: ExportFile, names: Sequence[str], wanted: Sequence[str], source: Source) -> None:
    twice = [name for name, count in Counter(_named(names)).items() if count > 1]
    if not twice or (not any(name in wanted for name in twice) and not TABLES[source.table].open):
        return
    name = min(twice, key=lambda name: (name not in wanted, names.index(name)))
    if name in wanted:
        raise ExportError(f"{file}: the header names '{name}' twice; rename one of them in the export")
    first, second = [number for number, other in enumerate(names, 1) if other == name][:2]
    raise ExportError(
        f"{file}: the header has the same name in columns {first} and {second}; rename one of them in the export"
    )


def _written(name: str, kind: str, day: str) -> list[str]:
    return [name, day] if kind == "time" else [name]


def _named(names: Sequence[str]) -> list[str]:
    return [name for name in names if name.strip()]


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(map(shown, names[:_SHOWN])) + more


def _none_of(wanted: Sequence[str]) -> str:
    shown = ", ".join(f"'{name}'" for name in wanted[:3])
    return f"none of the mapped headers {shown}{f' and {len(wanted) - 3} more' if len(wanted) > 3 else ''} is"


def _where(file: ExportFile) -> str:
    return f"its first {SEARCHED} rows" if kind_of(file.path.name) in ("text", "workbook") else "it"


def _why(file: ExportFile, source: Source) -> str:
    if source.delimiter and kind_of(file.path.name) == "text":
        layout = text_layout(file, source.model_copy(update={"delimiter": None}))
        if layout.hits:
            return f"it looks separated by {phrase(SIGNS, layout.delimiter, 'en')}: set `delimiter` of its source"
    return "export it with its header, or correct its mapping (sources[].columns)"

"""Headers of an export -> columns of a canonical table, still text."""

import functools
from collections import Counter
from collections.abc import Container, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from churnml.config import Refunds, Source
from churnml.contracts.columns import Table
from churnml.contracts.tables import TABLES
from churnml.ingest.cells import identifier, trimmed, undestroyed, unwrapped
from churnml.ingest.clean import FOLDER, ROW, other
from churnml.ingest.delimited import Malformed
from churnml.ingest.find import ExportFile
from churnml.ingest.findings import ID, id_among
from churnml.ingest.headers import attributes, require_mapped, require_one_order
from churnml.ingest.kinds import kind_of
from churnml.ingest.looks import needs_no_look
from churnml.ingest.read import batches, header, hides_zeros, left_unread, parts_of
from churnml.ingest.readings import FILE
from churnml.ingest.repair import RepairKind, lost, repaired
from churnml.ingest.typed import REFUND
from churnml.ports import PASSING
from churnml.progress import ahead

_OWN = [(FILE, pa.string()), (ROW, pa.int64()), (FOLDER, pa.int32()), (ID, pa.string())]


class Staged:
    """Rows of one source as text, with the file and row that each came from.

    Attributes:
        path: Parquet with file, row, age of the folder, and one text column per canonical column and attribute, and per
            column that nothing is mapped from.
        columns: the canonical columns and attributes.
        others: what the columns that nothing is mapped from are called, in the order in which they are staged.
        id_header: header that is called like an id and that nothing is mapped from.
        lookup: Parquet of whose each key is, where `customer_id` holds keys.
        repairs: header -> kind of repair -> number of cells.
        malformed: rows without as many fields as the header, by file.
        typed: headers below which a file holds numbers as numbers, by file.
        looks: column -> whether it needs no further look, by batch.
        settled: columns that need none.
        rows: number of rows in the files, malformed ones and those left out included, blank ones not.
        unread: sheets that nothing was read from.
        left_out: number of rows that the source's `where` leaves out.
        destroyed: header of numbers of orders and the like -> how many a spreadsheet destroyed.
        zeros: workbooks that show numbers with leading zeros, and whose customers are numbers.
        lost: number of cells with a character that was lost on the way.
        refunds: number of rows that the source's `refunds` says take money back.
        ignored: headers that nothing is mapped from.
    """

    def __init__(self, path: Path, columns: list[str], others: list[str], ignored: list[str]) -> None:
        self.path = path
        self.columns = columns
        self.others = others
        self.lookup: Path | None = None
        self.id_header: str | None = None
        self.ignored = ignored
        self.malformed: dict[str, Malformed] = {}
        self.typed: dict[str, set[str]] = {}
        self.looks: dict[str, list[bool]] = {}
        self.settled: list[str] = []
        self.unread: list[str] = []
        self.zeros: list[str] = []
        self.destroyed: Counter[str] = Counter()
        self.repairs: dict[str, Counter[RepairKind]] = {}
        self.rows = self.left_out = self.refunds = self.lost = 0


def stage_source(files: Sequence[ExportFile], source: Source, out: Path) -> Staged:
    """Write the rows of all files of a source, as text, under canonical names.

    Raises:
        ExportError: a file can't be read or lacks a mapped column.
    """
    table = TABLES[source.table]
    unread = [f"{file.name} ({sheet})" for file in files for sheet in left_unread(file, source)]
    files = [part for file in files for part in parts_of(file, source)]
    headers = {file: header(file, source) for file in files}
    for file, names in headers.items():
        require_mapped(file, names, source)
    every = list(dict.fromkeys(name for names in headers.values() for name in names))
    kept = attributes(table, source, every)
    origin = {**source.columns, **{name: name for name in kept}}
    used = {*origin.values(), *source.headers}
    others = sorted({label for names in headers.values() for label in _others(names, used)})
    staged = Staged(
        out, sorted({*origin, *source.constants}), others, [name for name in every if name.strip() and name not in used]
    )
    staged.unread = unread
    staged.id_header = None if table.key_among(staged.columns) else id_among(staged.ignored)
    beside = [other(place) for place in range(len(others))]
    names = [*staged.columns, *beside]
    own = [*_OWN, *([(REFUND, pa.bool_())] if source.refunds else [])]
    schema = pa.schema([*own, *((name, pa.string()) for name in names)])
    with pq.ParquetWriter(out, schema, **{**PASSING, "use_dictionary": [FILE, *beside]}) as writer:
        for file in files:
            malformed = staged.malformed.setdefault(file.name, Malformed())
            parts = (
                _filled(batch, _canonical(batch, numbers, file, source, origin, staged, schema))
                for batch, numbers in ahead(batches(file, source, malformed, staged.typed.setdefault(file.name, set())))
            )
            for part in ahead(parts):
                wanted = part.filter(_where(part, source)) if source.where else part
                writer.write_table(wanted)
                staged.rows += part.num_rows
                staged.left_out += part.num_rows - wanted.num_rows
                staged.refunds += pc.sum(wanted[REFUND]).as_py() or 0 if source.refunds else 0
            staged.rows += len(malformed.rows)
            if hides_zeros(file, staged.typed[file.name], source.columns["customer_id"]):
                staged.zeros.append(file.name)
    enough = {name: any if _kind(table, name) == "text" else all for name in staged.looks}
    staged.settled = [name for name, looks in staged.looks.items() if enough[name](looks)]
    return staged


def _canonical(
    batch: pa.RecordBatch,
    numbers: np.ndarray,
    file: ExportFile,
    source: Source,
    origin: dict[str, str],
    staged: Staged,
    schema: pa.Schema,
) -> pa.Table:
    require_one_order(file, batch, numbers, source)
    table = TABLES[source.table]
    nothing = pa.nulls(batch.num_rows, pa.string())
    names = batch.schema.names
    # A spreadsheet that wrote a CSV, or opened one, is behind it; other files have no need of such signs.
    wrapped = kind_of(file.path.name) in ("text", "workbook")
    columns = []
    for name in staged.columns:
        if name in source.constants:
            columns.append(pa.repeat(pa.scalar(source.constants[name]), batch.num_rows))
            continue
        column = batch.column(names.index(origin[name])) if origin[name] in names else nothing
        clean = identifier if name == "customer_id" else trimmed
        column = clean(column)
        column = clean(unwrapped(column)) if wrapped else column
        kind = _kind(table, name)
        staged.lost += lost(column)
        column = clean(repaired(column, staged.repairs.setdefault(origin[name], Counter()), is_text=kind == "text"))
        if name.endswith("_id") and kind != "id":
            column, destroyed = undestroyed(column)
            staged.destroyed[origin[name]] += destroyed
        staged.looks.setdefault(name, []).append(needs_no_look(column, kind))
        columns.append(column)
    files = pa.repeat(pa.scalar(file.name), batch.num_rows)
    ages = pa.repeat(pa.scalar(file.age, pa.int32()), batch.num_rows)
    places = _others(names, {*origin.values(), *source.headers})
    others = [trimmed(batch.column(places[label])) if label in places else nothing for label in staged.others]
    ids = identifier(batch.column(names.index(staged.id_header))) if staged.id_header in names else nothing
    refunds = [_refunds(batch.column(names.index(source.refunds.column)), source.refunds)] if source.refunds else []
    return pa.Table.from_arrays([files, pa.array(numbers), ages, ids, *refunds, *columns, *others], schema=schema)


def _refunds(column: pa.Array, refunds: Refunds) -> pa.BooleanArray:
    """Which rows take money back."""
    said = pa.array([value.strip().lower() for value in refunds.values])
    bare = pc.utf8_ltrim(unwrapped(trimmed(column)), characters="'")
    words = trimmed(repaired(bare, Counter(), is_text=False))
    return pc.fill_null(pc.is_in(pc.utf8_lower(words), value_set=said), False)


def _others(names: Sequence[str], used: Container[str]) -> dict[str, int]:
    r"""Where the columns stand that nothing is mapped from, by their names, and by their places where names don't tell.

    >>> _others(["id", "town", "", "town"], {"id"})
    {'town': 1, '\x1f2': 2, 'town\x1f3': 3}
    """
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        if name not in used:
            places[f"{name}\x1f{place}" if not name or name in places else name] = place
    return places


def _kind(table: Table, name: str) -> str:
    """What a column holds: ids of customers, what its contract says, or text, as attributes do."""
    column = table.column(name)
    return "id" if name == "customer_id" else column.kind if column else "text"


def _where(rows: pa.Table, source: Source) -> pa.ChunkedArray:
    """Which rows a source wants: those in which the columns that it names are filled."""
    filled = [pc.fill_null(pc.not_equal(rows[name], ""), False) for name in source.where]
    return functools.reduce(pc.and_, filled)


def _filled(batch: pa.RecordBatch, part: pa.Table) -> pa.Table:
    """Rows that hold anything, be it in a column that nothing is mapped from; blank lines are no rows."""
    filled = pa.repeat(pa.scalar(False), batch.num_rows)
    for column in batch.columns:
        filled = pc.or_(filled, pc.fill_null(pc.not_equal(column, ""), False))
    return part if filled.true_count == len(filled) else part.filter(filled)

"""SQL that turns staged text into rows of a table, and says what is wrong with the others."""

import itertools
from collections.abc import Sequence
from datetime import date

from churnml.config import Dedupe, Source
from churnml.contracts.columns import Column, Table, quoted, text
from churnml.ingest import times
from churnml.ingest.lookup import CUSTOMER, FOUND
from churnml.ingest.readings import FILE, PLAIN, REST, Readings
from churnml.ingest.rules import CONFLICT, MALFORMED
from churnml.ingest.typed import BROKEN, REFUND, SKIPPED, checks_of, filled_cell, forms_of, typed_cell, written

# Our own columns beside those of the export, whose headers never begin like this; nor with `=`, as typed copies do.
ROW, FOLDER = ":row", ":folder"
HISTORY = ":history"
"""What the file of its rows is called; no file of an export is."""
_PLACE = f'"{FILE}", "{ROW}"'
_ORIGIN = f'{_PLACE}, "{FOLDER}"'


def mapped(table: Table, columns: Sequence[str]) -> list[Column]:
    """Columns of the contract that the export fills, then its attributes, by name."""
    known = [column for column in table.columns if column.name in columns]
    names = {column.name for column in known}
    return known + [Column(name, "text", "", known="current") for name in columns if name not in names]


def table_columns(table: Table, columns: Sequence[str]) -> list[str]:
    """Columns of the canonical table, in their order, local days included."""
    return [name for field in mapped(table, columns) for name in _names(field)]


def checked(
    table: Table,
    source: Source,
    columns: Sequence[str],
    zone: str,
    others: Sequence[str] = (),
    readings: Readings = PLAIN,
    today: date | None = None,
) -> str:
    """SQL over `staged`: every row typed, with the list `:broken` of what is wrong with its cells.

    `:skipped` says whether one of its times stands in an hour that clocks skipped.

    Args:
        table: the contract.
        source: mapping and formats.
        columns: canonical columns and attributes that are staged.
        zone: `project.timezone`, in which days are counted.
        others: names of the columns that nothing is mapped from, in the order in which they are staged.
        readings: how its columns are read.
        today: nothing happened later than on the day after; None: whatever was exported happened.
    """
    fields, odd = mapped(table, columns), readings.odd
    filled = ", ".join(f"{filled_cell(field, field.name in odd)} AS {quoted(field.name)}" for field in fields)
    normal, parts = zip(*(forms_of(field, odd.get(field.name)) for field in fields), strict=True)
    typed = ", ".join(
        f"{typed_cell(field, source, zone, odd.get(field.name), field.name in readings.bare)} AS {quoted('=' + field.name)}"
        for field in fields
    )
    beside = [f'owners."{CUSTOMER}"'] if source.lookup else []
    beside += [f'"{REFUND}"'] if source.refunds else []
    rows = f"staged {FOUND}" if source.lookup else "staged"
    latest = {table.time: None if table.lasting else today}
    checks = [
        check
        for field in fields
        for check in checks_of(field, source, field.name in odd, field.name in readings.bare, latest.get(field.name))
    ]
    values = ", ".join(written(field, zone) for field in fields)
    skipped = (
        " OR ".join(_skipped(field, source, zone, readings) for field in fields if field.kind == "time") or "FALSE"
    )
    return f"""
        WITH filled AS (SELECT {", ".join([_ORIGIN, f'{_rest(others)} AS "{REST}"', filled, *beside])} FROM {rows}),
        normal AS (SELECT {", ".join(["*", *itertools.chain(*normal)])} FROM filled),
        parted AS (SELECT {", ".join(["*", *itertools.chain(*parts)])} FROM normal),
        typed AS (SELECT *, {typed} FROM parted)
        SELECT {_ORIGIN}, "{REST}", {values}, {_broken(checks)} AS "{BROKEN}", {skipped} AS "{SKIPPED}" FROM typed"""


def _skipped(field: Column, source: Source, zone: str, readings: Readings) -> str:
    """SQL over typed cells: whether a time stands in an hour that no clock showed."""
    meant_in = source.timezone or zone
    if not times.skips_hours(meant_in):
        return "FALSE"
    utc = source.model_copy(update={"timezone": "UTC"})
    clock = typed_cell(field, utc, "UTC", readings.odd.get(field.name), field.name in readings.bare)
    return f"coalesce({times.skipped(quoted('=' + field.name), f'({clock})', text(meant_in))}, FALSE)"


def _broken(checks: Sequence[tuple[str, str]]) -> str:
    """SQL: what is wrong with the cells of a row. A list is only made for rows of which something is."""
    anything = " OR ".join(f"({when})" for when, _ in checks)
    said = ", ".join(f"CASE WHEN {when} THEN {what} END" for when, what in checks)
    return f"CASE WHEN {anything} THEN list_filter([{said}], lambda cell: cell IS NOT NULL) ELSE [] END"


def other(index: int) -> str:
    """What a column is called while it is staged that nothing is mapped from."""
    return f":{index}"


def _rest(others: Sequence[str]) -> str:
    """SQL: all filled cells that nothing is mapped from as one number, whatever their order.

    It only matters whether they are the same: that keeps long notes out of what follows.
    """
    cells = [
        f"CASE WHEN {quoted(other(index))} <> '' THEN hash({text(name)}, {quoted(other(index))}) ELSE 0::UBIGINT END"
        for index, name in enumerate(others)
    ]
    while len(cells) > 1:
        pairs = [cells[place : place + 2] for place in range(0, len(cells), 2)]
        cells = [f"xor({', '.join(pair)})" if len(pair) == 2 else pair[0] for pair in pairs]
    return cells[0] if cells else "0::UBIGINT"


def good_rows(
    table: Table, parts: Sequence[Sequence[str]], columns: Sequence[str], known: Sequence[str] | None = None
) -> str:
    """SQL over `checked_0`, `checked_1` … and `history`: the rows that break no rule, with file and row.

    Args:
        table: the contract.
        parts: columns of each source.
        columns: of all of them and of the history.
        known: columns of the history, whose rows are older than those of any folder; None where there is none.
    """
    selects = [
        f'SELECT {_ORIGIN}, "{REST}", {_values(table, staged, columns)} FROM checked_{index} WHERE len("{BROKEN}") = 0'
        for index, staged in enumerate(parts)
    ]
    if known is not None:
        origin = f"""'{HISTORY}' AS "{FILE}", row_number() OVER () AS "{ROW}", -1 AS "{FOLDER}", NULL AS "{REST}\""""
        selects.append(f"SELECT {origin}, {_values(table, known, columns)} FROM history")
    return " UNION ALL BY NAME ".join(selects)


def _values(table: Table, present: Sequence[str], columns: Sequence[str]) -> str:
    """SQL: the columns of the table, NULL where they aren't present."""
    there = set(table_columns(table, present))
    every = table_columns(table, columns)
    return ", ".join(quoted(name) if name in there else f"NULL AS {quoted(name)}" for name in every)


def newest(table: Table, columns: Sequence[str], dedupe: Dedupe | None = None, files: Sequence[str] = ()) -> str:
    """SQL over `good`: without the rows whose key a newer folder holds as well, since what that one says holds now.

    Where `dedupe` says which of several rows holds, it is that one, with its repetitions; within a folder, files follow
    each other as in `files`.
    """
    if dedupe:
        way, names = "DESC" if dedupe.keep == "last" else "ASC", [quoted(name) for name in dedupe.by]
        place = f'coalesce(list_position([{", ".join(map(text, files))}]::VARCHAR[], "{FILE}"), 0)'
        order = ", ".join(f"{name} {way}" for name in (f'"{FOLDER}"', place, f'"{ROW}"'))
        cells = f"({', '.join(map(quoted, table_columns(table, columns)))})"
        holds = f"first_value({cells}) OVER (PARTITION BY {', '.join(names)} ORDER BY {order})"
        return f"""
            SELECT * EXCLUDE (":holds") FROM (SELECT *, {cells} IS NOT DISTINCT FROM {holds} AS ":holds" FROM good) AS told
            WHERE ":holds" OR NOT ({_identified(dedupe.by)})"""
    key = table.key_among(columns)
    if not key:
        return "SELECT * FROM good"
    latest = f'max("{FOLDER}") OVER (PARTITION BY {", ".join(quoted(name) for name in key)})'
    return f"""
        SELECT * EXCLUDE (":latest") FROM (SELECT *, {latest} AS ":latest" FROM good) AS dated
        WHERE "{FOLDER}" = ":latest" OR NOT ({_identified(key)})"""


def conflicting(table: Table, columns: Sequence[str]) -> str:
    """SQL over `good`, of which `newest` is left: rows whose key several different rows have; they contradict each other."""
    names = table.key_among(columns)
    if not names:
        return "SELECT * FROM good WHERE FALSE"
    key = ", ".join(quoted(name) for name in names)
    return f"""
        WITH identified AS (SELECT * FROM good WHERE {_identified(names)})
        SELECT * FROM identified WHERE ({key}) IN (
            SELECT ({key}) FROM (SELECT DISTINCT * EXCLUDE ({_PLACE}, "{REST}") FROM identified)
            GROUP BY {key} HAVING count(*) > 1)"""


def clean(table: Table, columns: Sequence[str], several_sides: bool = False) -> str:
    """SQL over `good` and `conflicts`: the canonical table, in the order of all columns.

    Exact repetitions come once. Rows that differ in a column that nothing is mapped from, such as the number of an
    order's line, are no repetitions, unless a key says that they are about the same thing.

    Exports that overlap hold the same row twice, and what nothing is mapped from may have changed in between, or isn't there
    any more, as in a history. So a row comes as often as on the side that has more of it: sides are the history, the
    files of an order's lines, and all files together for rows without a number of the order.
    """
    names = [quoted(name) for name in table_columns(table, columns)]
    first = [quoted("customer_id"), *([quoted(table.time)] if table.time else [])]
    order = ", ".join([*first, *(name for name in names if name not in first)])
    key, cells = table.key_among(columns), ", ".join(names)
    rest = f'CASE WHEN NOT ({_identified(key)}) THEN "{REST}" END' if key else f'"{REST}"'
    rows = f"good ANTI JOIN conflicts USING ({_PLACE})"
    once = f"SELECT DISTINCT {cells}, {rest} FROM {rows}"
    if several_sides:
        old, numbered = f'"{FOLDER}" < 0', "order_id IS NOT NULL" if "order_id" in columns else "FALSE"
        side = f"CASE WHEN {old} THEN '{HISTORY}' WHEN {numbered} THEN \"{FILE}\" END"
        told_apart = (
            f'SELECT DISTINCT {cells}, {side} AS ":side", CASE WHEN {old} THEN "{ROW}" ELSE {rest} END FROM {rows}'
        )
        copy = f'row_number() OVER (PARTITION BY {cells}, ":side")'
        once = f'SELECT DISTINCT {cells}, ":copy" FROM (SELECT *, {copy} AS ":copy" FROM ({told_apart}))'
    return f"SELECT {cells} FROM ({once}) ORDER BY {order}"


def set_aside(table: Table, count: int, pii: Sequence[str]) -> str:
    """SQL over `checked_0` …, `malformed` and `conflicts`: one line per broken cell of a row that was set aside.

    Args:
        table: the contract.
        count: number of sources.
        pii: headers whose values are masked.
    """
    private = ", ".join(text(name) for name in pii) or "NULL"
    cells = " UNION ALL ".join(
        f'SELECT "{FILE}" AS file, "{ROW}" AS row, unnest("{BROKEN}") AS cell FROM checked_{index}'
        for index in range(count)
    )
    nothing = "SELECT '' AS file, 0 AS row, {'rule': '', 'column': '', 'value': ''} AS cell WHERE FALSE"
    return f"""
        SELECT * FROM (
            SELECT file, row, cell."column", cell.rule,
                CASE WHEN cell."column" IN ({private}) THEN '***' ELSE cell.value END AS value FROM ({cells or nothing})
            UNION ALL SELECT file, row, '' AS "column", '{MALFORMED}' AS rule, value FROM malformed
            UNION ALL SELECT {_PLACE}, {text(", ".join(table.key))} AS "column", '{CONFLICT}' AS rule, NULL AS value
                FROM conflicts)
        ORDER BY file, row, "column", rule"""


def _identified(key: Sequence[str]) -> str:
    """SQL: the row has a key; one of which a cell is empty says nothing about it."""
    return " AND ".join(f"{quoted(name)} IS NOT NULL" for name in key)


def _names(field: Column) -> list[str]:
    return [field.name, field.day] if field.kind == "time" else [field.name]

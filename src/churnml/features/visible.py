"""The as-of view of a table: what somebody standing at as_of could have read in it, and nothing more.

Families read their table through this view only, so that a feature can't look ahead however it is written.
"""

from collections.abc import Collection, Sequence
from datetime import date

from churnml.contracts.columns import CURRENT, KNOWN_WITH_ROW, Column, Table, quoted
from churnml.windows import in_lookback, known


def visible(
    table: Table, columns: Sequence[str], as_of: date, *, reach_days: int, timeless: Collection[str] = ()
) -> str:
    """SQL of the as-of view.

    Rows that weren't known before as_of are left out, and so are those from before the reach of features, so that a
    longer history changes nothing (but for lasting tables, which every export holds whole); cells that weren't are NULL; `current` columns aren't there, nor
    are those whose moment of knowledge the table doesn't hold.

    Args:
        table: the contract, with what each column knows when.
        columns: columns that the table has.
        as_of: the moment of knowledge.
        reach_days: how far back features look.
        timeless: attributes declared to have been the same at every as_of; only tables with attributes have them.

    Raises:
        ValueError: the contract has a column known at a time that its table doesn't have.
    """
    cells = []
    for column in table.columns:
        if column.name in columns and column.known != CURRENT:
            cells += _cells(table, column, columns, as_of)
    if table.open:
        cells += [quoted(name) for name in timeless if name in columns]
    if not table.time:
        return f"SELECT {', '.join(cells)} FROM {table.name}"
    rows = known(table.day, as_of) if table.lasting else in_lookback(table.day, as_of, reach_days)
    return f"SELECT {', '.join(cells)} FROM {table.name} WHERE {rows}"


def _cells(table: Table, column: Column, columns: Sequence[str], as_of: date) -> list[str]:
    names = [column.name, column.day] if column.kind == "time" else [column.name]
    if column.known == KNOWN_WITH_ROW:
        return names
    knowing = table.column(column.known)
    if knowing is None:
        raise ValueError(f"{table.name}.{column.name}: known at '{column.known}', which the table doesn't have")
    if knowing.name not in columns:
        return []
    return [f"CASE WHEN {known(knowing.day, as_of)} THEN {name} END AS {name}" for name in names]

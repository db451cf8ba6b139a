"""Another future: tables that agree with the given ones on everything that was known before as_of, and on nothing else.

Known before as_of are the rows whose day lies before it, and of their cells those that were known with the row or at a
time before it. All else is the future's, the cells of older rows included, and so are `current` columns, which have no
history. Days that attributes are declared to hold are the future's unless they lie before as_of. What is left alone besides the
past: attributes declared timeless, and whether there is a row in a table whose
rows have no moment of their own.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from churnml.contracts.columns import CURRENT, KNOWN_WITH_ROW, Column, Table, quoted
from churnml.features.attributes import day_of
from churnml.windows import known, literal

Kind = str
KINDS: tuple[Kind, ...] = ("deleted", "scrambled", "added to")

_FAR = 97
"""Scrambled times move by up to so many days; a prime, so that they don't keep the rhythm of weeks."""

_SCRAMBLED: Mapping[str, str] = {
    "text": "'other ' || CAST({number} % 7 AS VARCHAR)",
    "amount": "CAST(({number} % 23) * 31 - 300 AS DECIMAL(18, 4))",
    "number": "CAST(({number} % 19) * 17 - 100 AS DECIMAL(18, 4))",
}
_ADDED: Mapping[str, str] = {
    "text": "'added'",
    "amount": "CAST(99999 AS DECIMAL(18, 4))",
    "number": "CAST(99999 AS DECIMAL(18, 4))",
}


def mutated(table: Table, columns: Sequence[str], as_of: date, kind: Kind, timeless: Mapping[str, str]) -> str:
    """SQL of the table with another future.

    Args:
        table: the contract.
        columns: that the table has.
        as_of: the moment of knowledge.
        kind: deleted, scrambled or added to.
        timeless: attributes declared to have been the same at every as_of, but for those that are dates.
    """
    said = _Cells(table, columns, as_of, timeless)
    cells = {"deleted": said.deleted, "scrambled": said.scrambled, "added to": said.added}[kind]
    numbered = f"""
        WITH people AS (
            SELECT customer_id, row_number() OVER (ORDER BY customer_id) - 1 AS place
            FROM (SELECT DISTINCT customer_id FROM {table.name}) AS named),
        numbered AS (
            SELECT *, row_number() OVER () AS number, row_number() OVER () * 7919 % (SELECT count(*) FROM people) AS place
            FROM {table.name})"""
    past = f"NOT {said.future_row}" if kind == "deleted" and table.time else "TRUE"
    others = "JOIN people AS other ON other.place = numbered.place" if kind == "scrambled" else ""
    rows = f"SELECT {', '.join(said.older(name, cells) for name in columns)} FROM numbered {others} WHERE {past}"
    if kind != "added to" or not table.time:
        return f"{numbered} {rows}"
    # At the very midnight of as_of, twice in the same second, and long after.
    new = [f"SELECT {', '.join(said.new(name, days) for name in columns)} FROM people" for days in (0, 0, 200)]
    return f"{numbered} {' UNION ALL '.join([rows, *new])}"


class _Cells:
    """What stands in each cell of the other table."""

    def __init__(self, table: Table, columns: Sequence[str], as_of: date, timeless: Mapping[str, str]) -> None:
        self.table, self.columns, self.as_of, self.timeless = table, columns, as_of, timeless
        self.future_row = f"({table.day} >= {literal(as_of)})" if table.time else "FALSE"

    def contract(self, name: str) -> Column:
        """The column that a cell belongs to; a local day belongs to its time, what isn't in the contract is current."""
        day = next((column for column in self.table.columns if column.kind == "time" and column.day == name), None)
        return day or self.table.column(name) or Column(name, "text", "", known=CURRENT)

    def future(self, column: Column) -> str:
        """SQL: the cell wasn't known before as_of."""
        if column.known == CURRENT:
            return "TRUE"
        if column.known == KNOWN_WITH_ROW:
            return self.future_row
        knowing = self.table.column(column.known)
        if knowing is None or knowing.name not in self.columns:
            return "TRUE"
        return f"({self.future_row} OR NOT coalesce({known(knowing.day, self.as_of)}, FALSE))"

    def older(self, name: str, cell: Callable[[str], str]) -> str:
        """SQL of a cell of a row that was there."""
        if self.timeless.get(name) == "date":
            come = f"coalesce({day_of(name)} < {literal(self.as_of)}, FALSE)"
            other = "NULL" if cell == self.deleted else self.later("0" if cell == self.added else f"number % {_FAR}")
            return f"CASE WHEN {come} THEN numbered.{quoted(name)} ELSE {other} END AS {quoted(name)}"
        if name in self.timeless:
            return quoted(name)
        column = self.contract(name)
        return f"CASE WHEN {self.future(column)} THEN {cell(name)} ELSE numbered.{quoted(name)} END AS {quoted(name)}"

    def new(self, name: str, days: int) -> str:
        """SQL of a cell of a row that is added, known so many days after as_of."""
        column = self.contract(name)
        if name == "customer_id":
            return "customer_id"
        if column.kind == "time":
            return f"{self.moment(name, column, days)} AS {quoted(name)}"
        return f"{_ADDED[column.kind]} AS {quoted(name)}"

    def moment(self, name: str, column: Column, days: int) -> str:
        """SQL: a time or a local day, so many days after as_of."""
        day = f"({literal(self.as_of)} + INTERVAL {days} DAY)"
        return f"CAST({day} AS DATE)" if name == column.day else f"CAST({day} AS TIMESTAMP)"

    def later(self, days: str) -> str:
        """SQL: a day in words, so many days after as_of."""
        return f"CAST(CAST({literal(self.as_of)} + to_days(CAST({days} AS INTEGER)) AS DATE) AS VARCHAR)"

    def deleted(self, name: str) -> str:
        """SQL of a cell that nobody ever fills."""
        return f"numbered.{quoted(name)}" if name == "customer_id" else "NULL"

    def scrambled(self, name: str) -> str:
        """SQL of another cell: somebody else's, another word or number, later."""
        column = self.contract(name)
        if name == "customer_id":
            return "other.customer_id"
        if column.kind == "time":
            kind = "DATE" if name == column.day else "TIMESTAMP"
            return f"CAST(numbered.{quoted(name)} + to_days(CAST(number % {_FAR} AS INTEGER)) AS {kind})"
        return _SCRAMBLED[column.kind].format(number="number")

    def added(self, name: str) -> str:
        """SQL of a cell that becomes known on the day of as_of; rows that were to come stay as they are."""
        column = self.contract(name)
        if column.known == KNOWN_WITH_ROW:
            return f"numbered.{quoted(name)}"
        if column.kind == "time":
            return self.moment(name, column, 0)
        return _ADDED[column.kind]

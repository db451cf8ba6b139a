"""A column and a table, as contracts state them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "time", "amount", "number"]

KNOWN_WITH_ROW = "row"
CURRENT = "current"


@dataclass(frozen=True)
class Column:
    """One column of a canonical table.

    Attributes:
        name: the word that params.yaml maps an export's header to.
        kind: `text`; `time` (UTC, microseconds; ingest adds the local day as `…_on`); `amount` and `number` (exact
            decimals with four places, in currency units and in the column's own unit).
        meaning: one line for the reader of the docs.
        required: a row without it is set aside.
        known: when a cell becomes visible: with its row; at the time in the named column; or `current`, a value
            without a history that is never visible at a past as_of.
    """

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    known: str = KNOWN_WITH_ROW

    @property
    def day(self) -> str:
        """The name of the local day that ingest derives from a time column.

        >>> Column("answered_at", "time", "").day
        'answered_on'
        """
        return self.name.removesuffix("_at") + "_on"


@dataclass(frozen=True)
class Table:
    """One canonical table.

    Attributes:
        name: file name in data/tables and value of `sources[].table`.
        grain: what one row is.
        columns: in the order in which they are written.
        time: the column that says when a row becomes known; None where rows have no moment of their own.
        key: columns that identify a row; empty where only an exact repetition is a duplicate. A row with an empty cell
            in it has no key.
        alive: SQL condition under which a row shows that the customer is alive; None where no row does.
        open: further columns of the export are kept as text attributes, known `current`.
        lasting: what a row says holds until another one says otherwise, however long ago it was written; exports hold
            such tables whole, and features see all rows that were known.
    """

    name: str
    grain: str
    columns: tuple[Column, ...]
    time: str | None = None
    key: tuple[str, ...] = ()
    alive: str | None = "TRUE"
    open: bool = False
    lasting: bool = False

    def column(self, name: str) -> Column | None:
        """The contract of a column, or None if the table has none of that name."""
        return next((column for column in self.columns if column.name == name), None)

    @property
    def required(self) -> list[str]:
        """Columns that every export must be mapped to."""
        return [column.name for column in self.columns if column.required]

    def key_among(self, columns: Collection[str]) -> tuple[str, ...]:
        """The key, or nothing if these columns don't hold all of it: half a key identifies no row."""
        return self.key if set(self.key) <= set(columns) else ()

    @property
    def day(self) -> str:
        """The local day on which a row becomes known.

        Raises:
            ValueError: the rows of this table have no moment of their own.
        """
        column = self.column(self.time) if self.time else None
        if column is None:
            raise ValueError(f"{self.name} has no time of its own")
        return column.day


def text(value: str) -> str:
    """A value as an SQL string.

    >>> print(text("O'Neil"))
    'O''Neil'
    """
    return "'" + value.replace("'", "''") + "'"


def quoted(name: str) -> str:
    '''A name as an SQL identifier; headers of exports may hold anything.

    >>> print(quoted('"a" b'))
    """a"" b"
    '''
    return '"' + name.replace('"', '""') + '"'

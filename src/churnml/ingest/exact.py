"""Numbers and moments that a file holds as such: no cell of text beside them tells how they are read, nor they how that is."""

from churnml.config import Source
from churnml.contracts.tables import TABLES

MOMENT = ":"
"""What stands before a moment that a workbook holds as one, where its source states how text is read."""


def headers_of(source: Source, *kinds: str) -> set[str]:
    """Headers that are mapped to columns of some kinds, such as `time`."""
    wanted = {column.name for column in TABLES[source.table].columns if column.kind in kinds}
    return {header for name, header in source.columns.items() if name in wanted}


def exact(written: str) -> str:
    """A number as text in which a point can't be taken for a sign of thousands.

    >>> exact("1.234"), exact("1234"), exact("1e-05")
    ('1.234e0', '1234', '1e-05')
    """
    return f"{written}e0" if "." in written and "e" not in written.lower() else written

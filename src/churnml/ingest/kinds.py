"""Which kinds of files are read, told by how their names end."""

from typing import Literal

Kind = Literal["text", "workbook", "parquet"]

_KINDS: dict[str, Kind] = {
    **dict.fromkeys((".csv", ".tsv", ".txt"), "text"),
    **dict.fromkeys((".xlsx", ".xlsm", ".xls"), "workbook"),
    ".parquet": "parquet",
}
SUFFIXES = tuple(_KINDS)
READ = f"{', '.join(SUFFIXES[:-1])} and {SUFFIXES[-1]}"
"""What is read, in words."""


def suffix_of(name: str) -> str | None:
    """How a name ends, of what is read.

    >>> suffix_of("orders.2024.CSV"), suffix_of("orders.pdf")
    ('.csv', None)
    """
    return next((suffix for suffix in SUFFIXES if name.lower().endswith(suffix)), None)


def kind_of(name: str) -> Kind | None:
    """The kind of a file; None where it isn't read.

    >>> kind_of("a/orders.csv"), kind_of("lists.XLSX"), kind_of("notes.pdf")
    ('text', 'workbook', None)
    """
    suffix = suffix_of(name)
    return _KINDS[suffix] if suffix else None

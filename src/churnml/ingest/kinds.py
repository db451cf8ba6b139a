"""Which kinds of files are read, told by how their names end."""

from typing import Literal

Kind = Literal["text", "json", "workbook", "parquet", "archive"]

PACKED = ".gz"
_TEXT = (".csv", ".tsv", ".txt")
_JSON = (".jsonl", ".ndjson", ".json")
_BOOKS = (".xlsx", ".xlsm", ".xls")
_KINDS: dict[str, Kind] = {
    **dict.fromkeys(_TEXT, "text"),
    **dict.fromkeys(_BOOKS, "workbook"),
    ".parquet": "parquet",
    **dict.fromkeys(_JSON, "json"),
    ".zip": "archive",
}
SUFFIXES = (*_KINDS, *(suffix + PACKED for suffix in (*_TEXT, *_JSON)))
READ = f"{', '.join((*_TEXT, *_JSON))} (each also with {PACKED}), {', '.join(_BOOKS)}, .parquet and .zip"
"""What is read, in words."""


def suffix_of(name: str) -> str | None:
    """How a name ends, of what is read.

    >>> suffix_of("orders.2024.CSV"), suffix_of("orders.pdf")
    ('.csv', None)
    """
    return next((suffix for suffix in SUFFIXES if name.lower().endswith(suffix)), None)


def kind_of(name: str) -> Kind | None:
    """The kind of a file, packed or not; None where it isn't read.

    >>> kind_of("a/orders.csv"), kind_of("lists.XLSX"), kind_of("notes.pdf")
    ('text', 'workbook', None)
    """
    suffix = suffix_of(name)
    return _KINDS[suffix.removesuffix(PACKED)] if suffix else None

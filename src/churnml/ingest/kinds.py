"""Which kinds of files are read, told by how their names end."""

from typing import Literal

from churnml.ingest.words import NO_FILE, joined
from churnml.language import Locale, phrase

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
_FIRST = {
    b"PK\x03\x04": ".zip",
    b"\xd0\xcf\x11\xe0": ".xls",
    b"\x1f\x8b": ".csv.gz",
    b"PAR1": ".parquet",
    b"%PDF": ".pdf",
}
_MARKUP = (b"<html", b"<!doctype", b"<table", b"<head", b"<meta", b"<?xml", b"<style", b"<div")


def suffix_in_truth(name: str, head: bytes) -> str | None:
    """How the name of a file should end by its first bytes; None where it does.

    >>> suffix_in_truth("a.csv", b"id,paid"), suffix_in_truth("a.xls", b"id,paid"), suffix_in_truth("a.xls", b"<table>")
    (None, '.txt', '.html')
    """
    kind = kind_of(name)
    found = next((suffix for first, suffix in _FIRST.items() if head.startswith(first)), None)
    if found == ".zip" and (b"[Content_Types].xml" in head or b"xl/" in head):
        found = ".xlsx"
    if found is None and kind in ("text", "workbook") and _is_markup(head):
        return ".html"
    if found is None:
        return ".txt" if kind in ("workbook", "parquet") and head.strip() else None
    # An encrypted .xlsx begins like an .xls, and its reader knows how to say so.
    called_so = (
        kind == kind_of(found) and found != ".csv.gz" and not (found == ".xlsx" and name.lower().endswith(".xls"))
    )
    return None if called_so else found


def _is_markup(head: bytes) -> bool:
    """Whether a file begins like a web page, or like XML."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_MARKUP)


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


def kinds_read(locale: Locale) -> str:
    """What is read, in words."""
    texts, books = joined((*_TEXT, *_JSON), locale), joined(_BOOKS, locale)
    return phrase(NO_FILE, "kinds", locale, texts=texts, packed=PACKED, books=books)

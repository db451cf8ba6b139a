"""One export file -> batches of text with the row that each line came from. Nothing is interpreted here."""

from collections.abc import Collection, Iterator

import numpy as np
import pyarrow as pa

from churnml.config import Source
from churnml.ingest.columnar import parquet_batches, parquet_header
from churnml.ingest.delimited import Malformed, require_names, text_batches, text_encoding, text_layout
from churnml.ingest.find import ExportFile
from churnml.ingest.formats import Format
from churnml.ingest.json_lines import json_batches, json_header
from churnml.ingest.kinds import kind_of, suffix_of
from churnml.ingest.layout import DELIMITERS
from churnml.ingest.workbook import header_row, parted, sheet_batches, sheet_header, shows_leading_zeros, unread_sheets


def header(file: ExportFile, source: Source) -> list[str]:
    """The column names of an export file, as the params write them where they are mapped.

    Raises:
        ExportError: the file can't be read or is empty.
    """
    kind = kind_of(file.path.name)
    if kind == "parquet":
        return parquet_header(file, source)
    if kind == "workbook":
        names = sheet_header(file, source)
        require_names(file, names, has_rows=bool(names))
        return names
    if kind == "json":
        return json_header(file, source)
    return list(text_layout(file, source).names)


def parts_of(file: ExportFile, source: Source) -> list[ExportFile]:
    """What is read of a file: itself, or sheets of a workbook.

    Raises:
        ExportError: a workbook can't be read, or a stated sheet isn't there.
    """
    return parted(file, source) if kind_of(file.path.name) == "workbook" else [file]


def format_of(file: ExportFile, source: Source) -> Format:
    """How a file is read."""
    kind, suffix = kind_of(file.path.name), (suffix_of(file.name) or "").removeprefix(".")
    real = (suffix_of(file.path.name) or "").removeprefix(".") if kind_of(file.name) != kind else ""
    if kind == "workbook":
        return Format(suffix, real, row=max(header_row(part, source) for part in parts_of(file, source)))
    encoding = text_encoding(file, source) if kind in ("text", "json") else ""
    if kind != "text":
        return Format(suffix, real, encoding)
    layout = text_layout(file, source)
    found_out = layout.delimiter in DELIMITERS and layout.delimiter != ","
    return Format(suffix, real, encoding, layout.delimiter if found_out else "", layout.row)


def left_unread(file: ExportFile, source: Source) -> list[str]:
    """Sheets of a workbook that are left unread."""
    return unread_sheets(file, source) if kind_of(file.path.name) == "workbook" else []


def hides_zeros(file: ExportFile, typed: Collection[str], customers: str) -> bool:
    """Whether ids of customers are numbers in a workbook that shows some numbers with leading zeros."""
    return customers in typed and kind_of(file.path.name) == "workbook" and shows_leading_zeros(file)


def batches(
    file: ExportFile, source: Source, malformed: Malformed, typed: set[str]
) -> Iterator[tuple[pa.RecordBatch, np.ndarray]]:
    """Batches of text columns, each with its rows' numbers in the file.

    Args:
        file: that is read.
        source: its formats.
        malformed: rows of a text with too few or too many cells; added to.
        typed: names of columns that hold numbers as numbers, not as text; added to.

    Raises:
        ExportError: the file can't be read.
    """
    kind = kind_of(file.path.name)
    if kind == "parquet":
        yield from parquet_batches(file, source, typed)
    elif kind == "workbook":
        yield from sheet_batches(file, source, typed)
    elif kind == "json":
        yield from json_batches(file, source, typed)
    else:
        yield from text_batches(file, source, malformed)

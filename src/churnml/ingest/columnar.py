"""One Parquet file -> batches of text with the row that each came from."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from churnml.config import Source
from churnml.ingest.exact import headers_of
from churnml.ingest.find import ExportFile
from churnml.ingest.names import named
from churnml.ingest.refusing import refusing

_WHOLE = 2**53  # above, a float holds no whole number to the last digit


def parquet_header(file: ExportFile, source: Source) -> list[str]:
    """The columns that are mapped or can be read as text.

    Raises:
        ExportError: the file can't be read.
    """
    with refusing(file):
        return list(_readable(pq.read_schema(file.path), source))


def parquet_batches(file: ExportFile, source: Source, typed: set[str]) -> Iterator[tuple[pa.RecordBatch, np.ndarray]]:
    """Batches of text columns with their rows' numbers, as if a header were row 1; `typed` as for `read.batches`.

    Raises:
        ExportError: the file can't be read.
    """
    following = 2
    with refusing(file):
        table = pq.ParquetFile(file.path)
        places = _readable(table.schema_arrow, source)
        typed |= {name for name, place in places.items() if not _holds_text(table.schema_arrow.field(place).type)}
        counted = typed & headers_of(source, "amount", "number")
        for batch in table.iter_batches():
            batch.validate(full=True)  # text of a broken file isn't always UTF-8
            text = [
                _exact(as_text(batch.column(place))) if name in counted else as_text(batch.column(place))
                for name, place in places.items()
            ]
            yield (
                pa.RecordBatch.from_arrays(text, names=list(places)),
                np.arange(following, following + batch.num_rows, dtype=np.int64),
            )
            following += batch.num_rows


def as_text(column: pa.Array) -> pa.Array:
    """Cells as text; whole numbers among floats, such as ids beside a null, without decimals.

    >>> as_text(pa.array([5.0, 0.5, None, float("nan"), 123456789012345678.0])).to_pylist()
    ['5', '0.5', None, None, '1.2345678901234568e+17']
    """
    if not pa.types.is_floating(column.type):
        return column.cast(pa.string())
    column = pc.if_else(pc.is_nan(column), None, column)
    whole = pc.and_(pc.equal(pc.round(column), column), pc.less(pc.abs(column), _WHOLE))
    integers = pc.if_else(whole, column, None).cast(pa.int64())
    return pc.if_else(pc.fill_null(whole, False), integers.cast(pa.string()), column.cast(pa.string()))


def _exact(column: pa.Array) -> pa.Array:
    """`exact` of each cell."""
    return pc.replace_substring_regex(column, r"^([+-]?\d*\.\d*)$", r"\1e0")


def _readable(schema: pa.Schema, source: Source) -> dict[str, int]:
    """Names and places of columns that are mapped or, by their type, always text: no lists, structures or bytes."""
    names = named(schema.names, source.headers)
    return {
        name: place for place, name in enumerate(names) if name in source.headers or _is_text(schema.field(place).type)
    }


def _holds_text(kind: pa.DataType) -> bool:
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return kind in (pa.string(), pa.large_string(), pa.string_view())


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return False
    try:
        pa.array([], kind).cast(pa.string())
    except pa.ArrowException:
        return False
    return True

"""JSON lines, or one JSON array of flat objects -> batches of text; numbers stay as they are written."""

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa

from churnml.config import Source
from churnml.errors import ExportError
from churnml.ingest.encoding import encoding_of
from churnml.ingest.exact import exact, headers_of
from churnml.ingest.find import ExportFile
from churnml.ingest.names import named
from churnml.ingest.refusing import refusing

_ROWS = 1 << 16
_LONE = re.compile("[\ud800-\udfff]")  # half of a character, which no text can hold


class _Number(str):
    """A number as it is written."""

    __slots__ = ()


_DECODER = json.JSONDecoder(parse_int=_Number, parse_float=_Number, parse_constant=lambda _: None)


def json_header(file: ExportFile, source: Source) -> list[str]:
    """All keys of all objects, as the params call them.

    Raises:
        ExportError: the file can't be read, or is empty.
    """
    keys = _keys(file, source)
    if not keys:
        raise ExportError(f"{file}: is empty; export it again with its rows")
    return _names(keys, source)


def json_batches(file: ExportFile, source: Source, typed: set[str]) -> Iterator[tuple[pa.RecordBatch, np.ndarray]]:
    """Batches of text columns; a row's number is its line, or its place in the array; `typed` as for `read.batches`.

    Raises:
        ExportError: the file can't be read.
    """
    keys = _keys(file, source)
    names, counted = _names(keys, source), headers_of(source, "amount", "number")
    rows = _objects(file, source)
    while part := list(islice(rows, _ROWS)):
        for key, name in zip(keys, names, strict=True):
            typed |= {name} if any(isinstance(row.get(key), _Number) for _, row in part) else set()
        columns = [
            pa.array(
                [_counted(row.get(key)) if name in counted else _text(row.get(key)) for _, row in part], pa.string()
            )
            for key, name in zip(keys, names, strict=True)
        ]
        numbers = np.array([number for number, _ in part], dtype=np.int64)
        yield pa.RecordBatch.from_arrays(columns, names=names), numbers


def _keys(file: ExportFile, source: Source) -> list[str]:
    return list(dict.fromkeys(key for _, row in _objects(file, source) for key in row))


def _names(keys: list[str], source: Source) -> list[str]:
    return named([_whole(key) for key in keys], source.headers)


def _whole(text: str) -> str:
    return _LONE.sub("\N{REPLACEMENT CHARACTER}", text)


def _objects(file: ExportFile, source: Source) -> Iterator[tuple[int, dict[str, Any]]]:
    encoding = encoding_of(file, source.encoding, source.headers)
    with refusing(file), file.path.open("r", encoding=encoding) as text:
        if text.read(1 << 10).removeprefix("\ufeff").lstrip().startswith("["):
            text.seek(0)
            whole = _parsed(file, text.read().removeprefix("\ufeff"), 1)
            yield from ((place, _flat(file, row, place)) for place, row in enumerate(whole, 1))
            return
        text.seek(0)
        for number, line in enumerate(text, 1):
            if bare := line.removeprefix("\ufeff").strip():
                yield number, _flat(file, _parsed(file, bare, number), number)


def _parsed(file: ExportFile, text: str, line: int) -> Any:
    try:
        return _DECODER.decode(text)
    except (json.JSONDecodeError, RecursionError) as error:
        at = line + error.lineno - 1 if isinstance(error, json.JSONDecodeError) else line
        raise ExportError(
            f"{file}: line {at} isn't JSON; give one object per line, or one array of objects in all"
        ) from error


def _flat(file: ExportFile, row: Any, number: int) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise ExportError(f'{file}: row {number} is no object; give one object per row, such as {{"id": 1}}')
    return row


def _text(value: Any) -> str:
    """A value as text: nothing for null, TRUE and FALSE as workbooks have them, nested ones as compact JSON.

    >>> [_text(value) for value in _DECODER.decode('[123456789012345678, 0.10, null, true, "x", {"a": [1.0, "b"]}]')]
    ['123456789012345678', '0.10', '', 'TRUE', 'x', '{"a":[1.0,"b"]}']
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return _whole(value if isinstance(value, str) else _compact(value))


def _counted(value: Any) -> str:
    """A value of a column of numbers."""
    return exact(value) if isinstance(value, _Number) else _text(value)


def _compact(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ",".join(f"{_compact(key)}:{_compact(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_compact, value)) + "]"
    return str(value) if isinstance(value, _Number) else json.dumps(value, ensure_ascii=False)

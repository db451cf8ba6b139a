"""What columns surely hold, by the bytes of a batch: far cheaper than expressions over each cell, and right where it says yes.

Where it can't say so, all cells are looked at one by one.
"""

import numpy as np
import pyarrow as pa

from churnml.ingest.cells import spans, written_bytes

_TIMES = ("0000-00-00 00:00:00", "0000-00-00T00:00:00", "0000-00-00")
"""Plain times: each 0 stands for a digit."""

_NO_ID = (b"+", b".", b",", b":", b"(", b"0000-00-00", b"1899-12-3")
"""Something of it stands in every text of ASCII that ends with a digit and is no id: 1.38E+10, total:5, a day of nothing."""


def needs_no_look(column: pa.Array, kind: str) -> bool:
    """Whether filled cells are surely ids, plain numbers, plain times without offset, or words beside TRUE and FALSE.

    Of ids, numbers and times that is said of all cells, of words (`text`) of at least one.

    Args:
        column: cells as text, trimmed.
        kind: id, amount, number, time or text.
    """
    if kind == "time":
        return any(_like(column, shape) for shape in _TIMES)
    if kind == "text":
        data, begins, _ = spans(column)
        return not np.isin(data.take(begins), np.frombuffer(b"TtFf", np.uint8)).all()
    return _are_ids(column) if kind == "id" else _are_numbers(column)


def _like(column: pa.Array, shape: str) -> bool:
    """Whether all cells are as long as a shape, with digits where it has zeros and its signs elsewhere."""
    data, begins, ends = spans(column)
    if not len(begins):
        return True
    if not (ends - begins == len(shape)).all():
        return False
    least = np.frombuffer(shape.encode(), np.uint8)
    cells = data[begins[0] : ends[-1]].reshape(-1, len(shape))
    return bool((cells >= least).all() and (cells <= np.where(least == ord("0"), ord("9"), least)).all())


def _are_numbers(column: pa.Array) -> bool:
    """Whether all cells are digits, with a minus ahead or not, and with a point among them or not, but not before three."""
    data, begins, ends = spans(column)
    if not len(begins):
        return True
    written = data[begins[0] : ends[-1]]
    begins, ends = begins - begins[0], ends - begins[0]
    points, signs = written == ord("."), written == ord("-")
    if not (_digits(written) | points | signs).all() or not _digits(written.take(ends - 1)).all():
        return False
    until = np.concatenate([[0], np.cumsum(points, dtype=np.int32)])
    once = (until[ends] - until[begins] <= 1).all() and np.count_nonzero(signs) == np.count_nonzero(signs.take(begins))
    return bool(once and not points.take(np.maximum(ends - 4, begins)).any())


def _are_ids(column: pa.Array) -> bool:
    """Whether all cells end with a digit, and none holds anything of what stands in place of an id."""
    written = written_bytes(column)
    if not written.isascii() or any(sign in written for sign in _NO_ID):
        return False
    data, _, ends = spans(column)
    return bool(_digits(data.take(ends - 1)).all())


def _digits(data: np.ndarray) -> np.ndarray:
    return (data >= ord("0")) & (data <= ord("9"))

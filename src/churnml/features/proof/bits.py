"""Whether two results are the same to the bit, and where they aren't."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq


@dataclass(frozen=True)
class Difference:
    """A column that isn't the same.

    Attributes:
        column: its name; `population` where other customers are there.
        customers: how many of them differ.
        examples: up to three of them.
    """

    column: str
    customers: int
    examples: tuple[str, ...]


def differences(ours: Path, theirs: Path, ignored: Collection[str] = ()) -> list[Difference]:
    """Columns of two Parquet files, sorted by customer_id, that differ in a bit.

    Args:
        ours: one of them.
        theirs: the other, with the same columns.
        ignored: columns that may differ.
    """
    one, other = (pq.read_table(path, columns=["customer_id"])["customer_id"] for path in (ours, theirs))
    if not one.equals(other):
        apart = sorted(set(one.to_pylist()) ^ set(other.to_pylist()))
        return [Difference("population", len(apart), tuple(apart[:3]))]
    names = one.to_numpy(zero_copy_only=False)
    found = []
    for column in pq.read_schema(ours).names:
        if column in ignored:
            continue
        mine, its = (_bits(pq.read_table(path, columns=[column])[column]) for path in (ours, theirs))
        apart = names[mine != its]
        if len(apart):
            found.append(Difference(column, len(apart), tuple(apart[:3])))
    return found


def _bits(column: pa.ChunkedArray) -> np.ndarray:
    """One comparable cell per row; NULL, NaN, 0.0 and -0.0 are four different things."""
    if not pa.types.is_floating(column.type):
        return np.asarray(column.to_pylist(), dtype=object)
    values = column.combine_chunks().fill_null(0.0).to_numpy(zero_copy_only=False).view(np.int64)
    return np.rec.fromarrays([values, column.is_null().to_numpy()])

"""Predictions made by hand."""

from datetime import date

import numpy as np
import pyarrow as pa

from churnml.calibrate.judged import Judged
from churnml.contracts.files import PREDICTIONS
from churnml.metrics import resampled

FIRST = date(2024, 1, 1)


def predicted(label, score, *, customers=None, as_of=FIRST, split="test", baselines=None, **columns):
    """Rows of `PREDICTIONS`; one value stands for all rows, and what isn't given is unknown."""
    count = len(label)
    given = {
        "customer_id": customers or [f"{number:03d}" for number in range(count)],
        "as_of": as_of,
        "split": split,
        "label": label,
        "repeat": 0,
        "spend": 1.0,
        "score": score,
        **columns,
    }
    cells = {name: given.get(name) for name in PREDICTIONS.names}
    rows = {
        name: list(cell) if isinstance(cell, list | tuple | np.ndarray) else [cell] * count
        for name, cell in cells.items()
    }
    table = pa.table(rows, schema=PREDICTIONS)
    for name, scores in (baselines or {}).items():
        table = table.append_column(name, pa.array(scores, pa.float64()))
    return table


def judged(rows, value=None, resamples=50):
    """Predictions beside what happened, the score being the risk."""
    customers = np.array(rows["customer_id"].to_pylist())
    worth = rows["spend"].to_numpy() if value is None else np.array(value, dtype=float)
    return Judged.of(rows, rows["score"].to_numpy(), worth, resampled(customers, resamples, 7))

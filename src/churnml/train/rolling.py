"""Predictions out of time: each cutoff scored by a booster that was fitted on what had been labelled before it."""

from collections.abc import Callable, Sequence
from datetime import date
from hashlib import sha256

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from churnml.errors import DataError
from churnml.model import Model
from churnml.progress import steps
from churnml.windows import label_end

Fit = Callable[[pa.Table], Model]


def origins(cutoffs: Sequence[date], horizon_days: int, min_cutoffs: int) -> dict[date, list[date]]:
    """Which cutoffs can be predicted, and which are fully labelled by then.

    Args:
        cutoffs: all labelled cutoffs.
        horizon_days: length of the label window.
        min_cutoffs: how many must be labelled before.

    >>> origins([date(2024, 1, 1), date(2024, 1, 29), date(2024, 2, 26)], 28, 2)
    {datetime.date(2024, 2, 26): [datetime.date(2024, 1, 1), datetime.date(2024, 1, 29)]}
    """
    before = {
        moment: [earlier for earlier in cutoffs if label_end(earlier, horizon_days) <= moment] for moment in cutoffs
    }
    return {moment: earlier for moment, earlier in before.items() if len(earlier) >= min_cutoffs}


def rolling_predictions(panel: pa.Table, horizon_days: int, min_cutoffs: int, fit: Fit) -> list[tuple[pa.Table, Model]]:
    """The snapshots of each predictable cutoff with the model fitted before it.

    Args:
        panel: labelled snapshots.
        horizon_days: length of the label window.
        min_cutoffs: how many labelled cutoffs a model needs.
        fit: how to fit.

    Raises:
        DataError: no cutoff has enough labelled ones before it; the message says how many there are at most.
    """
    cutoffs = sorted(set(panel["as_of"].to_pylist()))
    predictable = origins(cutoffs, horizon_days, min_cutoffs)
    if not predictable:
        most = max(len(earlier) for earlier in origins(cutoffs, horizon_days, 0).values())
        raise DataError(
            f"train.min_cutoffs {min_cutoffs}: the last cutoff has only {most} before it whose label window was over; "
            f"lower it to {max(most, 1)} or give more panel.train cutoffs"
        )
    out = []
    for moment, earlier in steps(list(predictable.items()), "Rolling predictions"):
        model = fit(panel.filter(pc.is_in(panel["as_of"], value_set=pa.array(earlier, pa.date32()))))
        out.append((panel.filter(pc.equal(panel["as_of"], pa.scalar(moment, pa.date32()))), model))
    return out


FOLDS = 5


def held_back_predictions(panel: pa.Table, fit: Fit) -> list[tuple[pa.Table, Model]]:
    """Where there is one as_of only: fifths of the customers, each with the model fitted on the other four.

    Which fifth somebody is in follows from a hash of the id.
    """
    fold = np.array([int(sha256(name.encode()).hexdigest(), 16) % FOLDS for name in panel["customer_id"].to_pylist()])
    out = []
    for number in steps(range(FOLDS), "Predictions of customers held back"):
        held_back = panel.filter(pa.array(fold == number))
        if held_back.num_rows:
            out.append((held_back, fit(panel.filter(pa.array(fold != number)))))
    return out

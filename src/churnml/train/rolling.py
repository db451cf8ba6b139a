"""Predictions out of time: each cutoff scored by a booster that was fitted on what had been labelled before it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sklearn.model_selection import StratifiedGroupKFold

from churnml.errors import DataError
from churnml.model import Columns, Model
from churnml.progress import steps
from churnml.windows import label_end

Fit = Callable[[pa.Table], Model]
FOLDS, REPEATS = 5, 3


@dataclass(frozen=True)
class Unseen:
    """Snapshots, and a model that never saw them.

    Attributes:
        rows: to be predicted.
        learned: what the model was fitted on.
        model: fitted on that.
        previous: the model that was fitted one cutoff earlier, if there was one.
        repeat: of the cross-validation.
    """

    rows: pa.Table
    learned: pa.Table
    model: Model
    previous: Model | None = None
    repeat: int = 0


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


def predictable(panel: pa.Table, horizon_days: int, min_cutoffs: int, otherwise: str = "") -> dict[date, list[date]]:
    """`origins` of the cutoffs of a panel.

    Args:
        panel: labelled snapshots.
        horizon_days: length of the label window.
        min_cutoffs: how many must be labelled before.
        otherwise: what else could be done where there is none.

    Raises:
        DataError: no cutoff has enough labelled ones before it; the message says how many there are at most.
    """
    cutoffs = sorted(set(panel["as_of"].to_pylist()))
    found = origins(cutoffs, horizon_days, min_cutoffs)
    if not found:
        most = max(len(earlier) for earlier in origins(cutoffs, horizon_days, 0).values())
        raise DataError(
            f"train.min_cutoffs {min_cutoffs}: the last cutoff has only {most} before it whose label window was over; "
            f"lower it to {max(most, 1)} or give more panel.train cutoffs{otherwise}"
        )
    return found


def rolling_predictions(panel: pa.Table, horizon_days: int, min_cutoffs: int, fit: Fit) -> Iterator[Unseen]:
    """The snapshots of each predictable cutoff with the model fitted before it, in order of time.

    Args:
        panel: labelled snapshots.
        horizon_days: length of the label window.
        min_cutoffs: how many labelled cutoffs a model needs.
        fit: how to fit.

    Raises:
        DataError: see `predictable`.
    """
    previous = None
    moments = predictable(panel, horizon_days, min_cutoffs)
    for moment, earlier in steps(list(moments.items()), "Rolling predictions"):
        learned = at(panel, earlier)
        model = fit(learned)
        yield Unseen(at(panel, [moment]), learned, model, previous)
        previous = model


def at(panel: pa.Table, cutoffs: Sequence[date]) -> pa.Table:
    """The snapshots of some cutoffs."""
    return panel.filter(pc.is_in(panel["as_of"], value_set=pa.array(cutoffs, pa.date32())))


def held_back_predictions(
    panel: pa.Table, catalog: Sequence[Mapping[str, object]], seed: int, fit: Fit
) -> Iterator[Unseen]:
    """Where there is one as_of only: repeated stratified cross-validation, in which twins stay together.

    Args:
        panel: labelled snapshots of one as_of.
        catalog: the features, by which twins are told.
        seed: of the shuffling.
        fit: how to fit.

    Raises:
        DataError: fewer than two customers left, or stayed.
    """
    folds = held_back(panel, catalog, seed, REPEATS)
    for repeat, learned, unseen in steps(folds, "Predictions of customers held back"):
        rows = panel.take(learned)
        yield Unseen(panel.take(unseen), rows, fit(rows), repeat=repeat)


def held_back(
    panel: pa.Table, catalog: Sequence[Mapping[str, object]], seed: int, repeats: int
) -> list[tuple[int, np.ndarray, np.ndarray]]:
    """Stratified folds of customers, in which twins stay together: (repeat, rows to learn from, rows held back).

    Raises:
        DataError: fewer than two customers left, or stayed.
    """
    label, group = panel["label"].to_numpy(), twins(panel, catalog)
    fewest = int(min(label.sum(), len(label) - label.sum()))
    if fewest < 2:
        raise DataError(f"only {fewest} of {len(label):,} customers left, or stayed: nothing can be held back to test")
    return [
        (repeat, np.sort(learned), np.sort(unseen))
        for repeat in range(repeats)
        for learned, unseen in StratifiedGroupKFold(min(FOLDS, fewest), shuffle=True, random_state=seed + repeat).split(
            np.zeros(len(label)), label, group
        )
        if len(unseen)
    ]


def twins(rows: pa.Table, catalog: Sequence[Mapping[str, object]]) -> np.ndarray:
    """A number per row, the same for customers whose features are all alike: one customer twice, as far as one can see.

    Where most customers share theirs with others there is little to tell them apart by, and nobody is a twin.
    """
    values = np.nan_to_num(Columns.learned(rows, catalog).matrix(rows), nan=np.finfo(np.float64).min)
    _, group = np.unique(values, axis=0, return_inverse=True)
    group = np.ravel(group)
    return group if len(np.unique(group)) > len(group) / 2 else np.arange(len(group))

"""What tuning is measured on: training snapshots alone, predicted from what had been labelled before them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from churnml.train.rolling import at, held_back, predictable


@dataclass(frozen=True)
class Fold:
    """Snapshots to be predicted, and those that a model may learn from to do so.

    Attributes:
        name: the cutoff that is predicted, or the number of the part of the customers.
        learned: labelled snapshots.
        validated: labelled snapshots that nothing is learned from.
    """

    name: str
    learned: pa.Table
    validated: pa.Table


def temporal_folds(training: pa.Table, horizon_days: int, min_cutoffs: int) -> list[Fold]:
    """One fold per training cutoff that has enough others before it whose label windows were over, in order of time.

    Args:
        training: labelled snapshots of the training cutoffs.
        horizon_days: length of the label window.
        min_cutoffs: how many labelled cutoffs a model needs.

    Raises:
        DataError: no training cutoff has.
    """
    found = predictable(
        training, horizon_days, min_cutoffs, ", or set train.trials to 0: tuning sees the training cutoffs alone"
    )
    return [Fold(str(moment), at(training, earlier), at(training, [moment])) for moment, earlier in found.items()]


def customer_folds(training: pa.Table, catalog: Sequence[Mapping[str, object]], seed: int) -> list[Fold]:
    """Where there is one as_of only: each part of the training customers, predicted from the others.

    Args:
        training: labelled snapshots of the training customers.
        catalog: the features, by which twins are told.
        seed: of the shuffling.

    Raises:
        DataError: fewer than two customers left, or stayed.
    """
    parts = held_back(training, catalog, seed, repeats=1)
    return [
        Fold(f"part {number}", training.take(learned), training.take(unseen))
        for number, (_, learned, unseen) in enumerate(parts, start=1)
    ]

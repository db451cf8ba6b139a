"""Predictions out of time, cutoff by cutoff, and the risks that would have been said then."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
import pyarrow as pa

from churnml.metrics import resampled
from churnml.probability import Calibrator, Levels, Probability, reference
from churnml.windows import label_end


def probability_of(levels: Levels, base_rate: str, start: date, as_of: date) -> Probability | None:
    """How a model's scores are shifted; None where there is no season a year before as_of.

    Args:
        levels: of the cutoffs that the model learned from.
        base_rate: trained, last_cutoff or same_season.
        start: day of the first event.
        as_of: the moment that is asked about.
    """
    if base_rate == "last_cutoff":
        return Probability("last_cutoff", levels[max(levels)].shift)
    if base_rate == "same_season":
        found = reference(list(levels), as_of, start)
        return None if found is None else Probability("same_season", levels[found].shift, levels, start)
    return Probability()


@dataclass(frozen=True)
class Rolling:
    """Out-of-time predictions.

    Attributes:
        rows: predictions, sorted by as_of and customer.
        levels: of the model behind each cutoff of the rows, by cutoff; empty where there is one as_of only.
        start: day of the first event.
        horizon_days: length of the label window.
    """

    rows: pa.Table
    levels: Mapping[str, Levels]
    start: date
    horizon_days: int

    @cached_property
    def moments(self) -> np.ndarray:
        """The cutoff of each row, as ISO days."""
        return np.array([str(day) for day in self.rows["as_of"].to_pylist()])

    @cached_property
    def cutoffs(self) -> list[str]:
        """In order of time."""
        return [str(day) for day in np.unique(self.moments)]

    @cached_property
    def label(self) -> np.ndarray:
        """1 left, 0 stayed."""
        return np.asarray(self.rows["label"].to_numpy())

    @cached_property
    def score(self) -> np.ndarray:
        """Raw, from models fitted before."""
        return np.asarray(self.rows["score"].to_numpy())

    @cached_property
    def customers(self) -> np.ndarray:
        """Ids."""
        return np.asarray(self.rows["customer_id"].to_numpy(zero_copy_only=False).astype(str))

    def weights(self, resamples: int, seed: int) -> np.ndarray:
        """Weights of bootstrap resamples of customers, resamples × rows."""
        return resampled(self.customers, resamples, seed)

    def where(self, rows: np.ndarray) -> "Rolling":
        """Some of the rows."""
        return replace(self, rows=self.rows.filter(pa.array(rows)))

    def training(self) -> "Rolling":
        """Without the test cutoffs, and without what overlaps with them: choices may look at this."""
        train = np.array(self.rows["split"].to_pylist()) == "train"
        tests = self.moments[~train]
        if len(tests) and self.levels:
            train &= self._label_ends <= np.unique(tests)[0]
        return self.where(train)

    @property
    def _label_ends(self) -> np.ndarray:
        ends = {day: str(label_end(date.fromisoformat(day), self.horizon_days)) for day in self.cutoffs}
        return np.array([ends[day] for day in self.moments])

    def moved(self, base_rate: str) -> tuple[np.ndarray, np.ndarray]:
        """Scores shifted to a base rate as it was known then, and where it was; elsewhere they stay as they are."""
        out, there = self.score.copy(), np.ones(len(self.score), dtype=bool)
        for day in self.cutoffs if base_rate != "trained" else ():
            found = probability_of(self.levels[day], base_rate, self.start, date.fromisoformat(day))
            here = self.moments == day
            there[here] = found is not None
            if found is not None:
                out[here] = found.risk(self.score[here])
        return out, there

    def calibrated(self, moved: np.ndarray, method: str) -> tuple[np.ndarray, np.ndarray]:
        """Risks by a calibrator that was fitted at each cutoff on what had been labelled by then, and where there was any.

        Where customers were held back instead, on all of them.
        """
        if method == "none":
            return moved, np.ones(len(moved), dtype=bool)
        if not self.levels:
            return Calibrator.fit(method, moved, self.label)(moved), np.ones(len(moved), dtype=bool)
        out, there = moved.copy(), np.zeros(len(moved), dtype=bool)
        for day in self.cutoffs:
            before, here = self._label_ends <= day, self.moments == day
            if before.any():
                out[here] = Calibrator.fit(method, moved[before], self.label[before])(moved[here])
                there |= here
        return out, there

    def risk(self, base_rate: str, method: str) -> np.ndarray:
        """What would have been said of each row then."""
        return self.calibrated(self.moved(base_rate)[0], method)[0]

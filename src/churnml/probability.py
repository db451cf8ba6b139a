"""From a score to a risk: the intercept shifted to a churn rate, then a calibrator. Both travel in the bundle as numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, logit
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

_TINY = 1e-9
YEAR_DAYS = 364
"""52 weeks: the same weekdays."""
NEAR_DAYS = 21
"""How far a cutoff may lie from a year before, to be of the same season."""
SETTLED_DAYS = 182
"""History that a cutoff needs to be a reference: before that everybody looks new (off by .08 to .14 where measured)."""
METHODS = ("none", "platt", "beta", "isotonic")


@dataclass(frozen=True)
class Calibrator:
    """A map from probabilities to probabilities that never turns their order around.

    * none: as they are.
    * platt: logistic regression on their log odds (Platt 1999).
    * beta: logistic regression on ln p and -ln(1 - p), neither weight below 0 (Kull, Silva Filho and Flach 2017).
    * isotonic: steps, joined by lines (Zadrozny and Elkan 2002); the outermost half a customer away from 0 and 1.

    Attributes:
        method: one of `METHODS`.
        numbers: intercept and weights; for isotonic the places, then the values there.
    """

    method: str = "none"
    numbers: tuple[float, ...] = ()

    @classmethod
    def fit(cls, method: str, score: np.ndarray, label: np.ndarray) -> "Calibrator":
        """Fit on predictions that nobody was fitted on; none where all labels are the same."""
        if method == "none" or not 0 < label.sum() < len(label):
            return cls()
        if method == "isotonic":
            edge = 0.5 / len(label)
            steps = IsotonicRegression(y_min=edge, y_max=1 - edge, out_of_bounds="clip").fit(score, label)
            return cls(method, (*map(float, steps.X_thresholds_), *map(float, steps.y_thresholds_)))
        weights: tuple[float, ...] = (0.0, 0.0)
        columns = [0, 1] if method == "beta" else [0]
        while columns:
            model = LogisticRegression(C=np.inf, tol=1e-8, max_iter=1000).fit(_terms(method, score)[:, columns], label)
            found = [float(weight) for weight in model.coef_[0]]
            if min(found) >= 0:
                weights = tuple(found[columns.index(place)] if place in columns else 0.0 for place in (0, 1))
                break
            columns.pop(int(np.argmin(found)))
        intercept = float(model.intercept_[0]) if columns else float(logit(label.mean()))
        return cls(method, (intercept, *weights))

    def __call__(self, score: np.ndarray) -> np.ndarray:
        """Risks; each depends on its own score alone."""
        if self.method == "none":
            return score
        if self.method == "isotonic":
            half = len(self.numbers) // 2
            return np.asarray(np.interp(score, self.numbers[:half], self.numbers[half:]))
        intercept, *weights = self.numbers
        terms = _terms(self.method, score)
        return np.asarray(
            expit(intercept + sum(weight * terms[:, place] for place, weight in enumerate(weights[: terms.shape[1]])))
        )


def _terms(method: str, score: np.ndarray) -> np.ndarray:
    score = np.clip(score, _TINY, 1 - _TINY)
    return np.column_stack([np.log(score), -np.log1p(-score)]) if method == "beta" else logit(score).reshape(-1, 1)


def shifted(score: np.ndarray, shift: float) -> np.ndarray:
    """Probabilities whose log odds are moved by the same amount; to the bit as they were where that is nothing."""
    return score if shift == 0 else np.asarray(expit(logit(np.clip(score, _TINY, 1 - _TINY)) + shift))


def shift_to(score: np.ndarray, rate: float) -> float:
    """By how much to move the log odds of these scores so that their mean is this rate.

    Source: calibration in the large (Steyerberg 2009, 15.2.1).

    >>> round(shift_to(np.full(4, 0.5), 0.8), 6)  # ln 4
    1.386294
    """
    odds = logit(np.clip(score, _TINY, 1 - _TINY))
    rate = float(np.clip(rate, 0.5 / len(score), 1 - 0.5 / len(score)))
    return float(brentq(lambda shift: expit(odds + shift).mean() - rate, -50, 50, xtol=1e-10))


@dataclass(frozen=True)
class Level:
    """What a model says of a cutoff that it learned from, beside what happened there.

    Attributes:
        customers: of the cutoff.
        churn_rate: share that left.
        risk: mean score.
        shift: of the log odds, by which the mean becomes the churn rate.
    """

    customers: int
    churn_rate: float
    risk: float
    shift: float


Levels = Mapping[str, Level]
"""By cutoff, as ISO days, in order of time."""


def reference(cutoffs: Sequence[str], as_of: date, start: date) -> str | None:
    """The cutoff of the same season a year before: the nearest to 52 weeks ago, with six months of history before it.

    Args:
        cutoffs: labelled ones, as ISO days.
        as_of: the moment that is asked about.
        start: day of the first event.

    >>> reference(["2024-09-02", "2024-09-30"], date(2025, 9, 20), date(2024, 1, 1))
    '2024-09-30'
    >>> reference(["2024-09-02", "2024-09-30"], date(2025, 9, 20), date(2024, 6, 1)) is None
    True
    """
    wanted = as_of - timedelta(days=YEAR_DAYS)
    settled = [day for day in cutoffs if (date.fromisoformat(day) - start).days >= SETTLED_DAYS]
    near = [day for day in settled if abs((date.fromisoformat(day) - wanted).days) <= NEAR_DAYS]
    return min(near, key=lambda day: (abs((date.fromisoformat(day) - wanted).days), day), default=None)


@dataclass(frozen=True)
class Probability:
    """How scores of one model become risks.

    Attributes:
        base_rate: trained, last_cutoff, same_season or number.
        shift: of the log odds, where no season decides.
        levels: of the cutoffs that the model learned from; same_season looks its own up.
        start: day of the first event, before which nothing is settled.
        calibrator: applied after the shift.
    """

    base_rate: str = "trained"
    shift: float = 0.0
    levels: Levels = field(default_factory=dict)
    start: date = date.min
    calibrator: Calibrator = Calibrator()

    def shift_at(self, as_of: date) -> float | None:
        """The shift for this moment; None where same_season has no reference."""
        if self.base_rate != "same_season":
            return self.shift
        found = reference(list(self.levels), as_of, self.start)
        return None if found is None else self.levels[found].shift

    def risk(self, score: np.ndarray, as_of: date | None = None) -> np.ndarray:
        """Risks of the snapshots of one as_of; each depends on its own score alone.

        Where same_season has no reference for it, or no as_of is given, the shift is the one resolved at training.
        """
        shift = None if as_of is None else self.shift_at(as_of)
        return self.calibrator(shifted(score, self.shift if shift is None else shift))

    def as_json(self) -> dict[str, Any]:
        """For the bundle."""
        return {
            "base_rate": self.base_rate,
            "shift": self.shift,
            "start": str(self.start),
            "levels": {day: asdict(level) for day, level in self.levels.items()},
            "calibrator": {"method": self.calibrator.method, "numbers": list(self.calibrator.numbers)},
        }

    @classmethod
    def of_json(cls, said: Mapping[str, Any]) -> "Probability":
        """Read what `as_json` wrote.

        Raises:
            KeyError, TypeError, ValueError: it isn't that.
        """
        calibrator = Calibrator(said["calibrator"]["method"], tuple(said["calibrator"]["numbers"]))
        levels = levels_of_json(said["levels"])
        return cls(said["base_rate"], float(said["shift"]), levels, date.fromisoformat(said["start"]), calibrator)


def levels_of_json(said: Mapping[str, Mapping[str, Any]]) -> dict[str, Level]:
    """Levels as they were written, in order of time."""
    return {day: Level(**said[day]) for day in sorted(said)}

"""Tuning: LightGBM's parameters, tried on training cutoffs; the best are taken if they beat those that stand."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from time import monotonic
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from churnml.config import Train
from churnml.errors import DataError
from churnml.metrics import measure
from churnml.model import Model
from churnml.ports import Trial
from churnml.progress import steps
from churnml.train.folds import Fold
from churnml.train.space import SPACE, Param, Range, in_our_words, joined

if TYPE_CHECKING:
    from optuna import Study
    from optuna.distributions import BaseDistribution

FitWith = Callable[[pa.Table, Train], Model]
_DIGITS = 6
_FEWEST_FOLDS, _FEWEST_TRIALS = 2, 5
"""Before that nothing is pruned: one cutoff says little, and so does the median of a few trials."""


@dataclass(frozen=True)
class Tuned:
    """What tuning found.

    Attributes:
        params: the train section, with the parameters to go on with.
        said: for train.json; None where nothing was tuned.
    """

    params: Train
    said: Mapping[str, Any] | None


def nobody(trial: Trial) -> None:
    """Is told, and does nothing."""


def tune(
    folds: Sequence[Fold],
    params: Train,
    fit: FitWith,
    told: Callable[[Trial], None] = nobody,
    clock: Callable[[], float] = monotonic,
) -> Tuned:
    """Try `params.trials` sets of parameters, within `params.minutes`.

    The first are those that stand, so that there is something to beat. A trial is the log loss of all snapshots of all
    folds together; it is pruned where it does worse than the median of the whole trials did by the same fold. The same
    folds, params and seed give the same result, unless the time box bites: then it says so (`stopped_early`).

    Args:
        folds: of training snapshots; nothing else is ever seen here.
        params: the train section.
        fit: how to fit with other params.
        told: called with each trial that is over.
        clock: seconds since whenever.

    Raises:
        DataError: Optuna isn't installed, or nothing can be fitted.
    """
    search = _Search(params, _study(params), clock() + 60 * params.minutes, clock)
    for number in steps(range(params.trials), "Tuning"):
        trial = search.tried(number, folds, fit)
        if trial is None:
            break
        search.over.append(trial)
        told(trial)
    return _chosen(params, search.over, folds)


@dataclass(frozen=True)
class _Search:
    """Trials, one after the other.

    Attributes:
        params: the train section.
        study: Optuna's memory of what was tried.
        deadline: on the clock.
        clock: seconds since whenever.
        over: the trials that are over.
        courses: of those that weren't pruned, the log loss after each fold.
    """

    params: Train
    study: "Study"
    deadline: float
    clock: Callable[[], float]
    over: list[Trial] = field(default_factory=list)
    courses: list[list[float]] = field(default_factory=list)

    def tried(self, number: int, folds: Sequence[Fold], fit: FitWith) -> Trial | None:
        """The next trial; None where the time is up before it is over."""
        if self.clock() >= self.deadline:
            return None
        asked, params = self._asked(number)
        course: list[float] = []
        for loss in _losses(folds, with_params(self.params, params), fit):
            course.append(loss)
            asked.report(loss, len(course))
            if len(course) == len(folds):
                break
            if self._lags(course):
                self.study.tell(asked, state=_optuna().trial.TrialState.PRUNED)
                return Trial(number, params, round(loss, _DIGITS), len(course), pruned=True)
            if self.clock() >= self.deadline:
                return None
        self.study.tell(asked, course[-1])
        self.courses.append(course)
        return Trial(number, params, round(course[-1], _DIGITS), len(course))

    def _lags(self, course: Sequence[float]) -> bool:
        """Whether it does worse than the median of the whole trials did by this fold.

        Optuna's own pruner takes the best that a trial said at any fold, and cutoffs aren't equally hard.
        """
        if len(course) < _FEWEST_FOLDS or len(self.courses) < _FEWEST_TRIALS:
            return False
        return course[-1] > median(other[len(course) - 1] for other in self.courses)

    def _asked(self, number: int) -> tuple[Any, dict[str, Param]]:
        """Optuna's trial, and what it is to hand to LightGBM. Of the first it learns what lies within the space."""
        if number:
            asked = self.study.ask(_distributions(SPACE))
            return asked, joined(in_our_words(self.params.params), asked.params)
        standing = in_our_words(self.params.params)
        within = {
            name: standing[name] for name, known in SPACE.items() if name in standing and known.holds(standing[name])
        }
        self.study.enqueue_trial(within)
        return self.study.ask(_distributions({name: SPACE[name] for name in within})), dict(self.params.params)


def with_params(params: Train, chosen: Mapping[str, Param]) -> Train:
    """The train section with other parameters of LightGBM."""
    return params.model_copy(update={"params": dict(chosen)})


def _losses(folds: Sequence[Fold], params: Train, fit: FitWith) -> Iterator[float]:
    """After each fold: the log loss of all snapshots that were predicted so far."""
    total, rows = 0.0, 0
    for fold in folds:
        label, risk = fold.validated["label"].to_numpy(), fit(fold.learned, params).score(fold.validated)
        total += measure(label, risk, ["log_loss"])["log_loss"] * len(label)
        rows += len(label)
        yield total / rows


def _chosen(params: Train, over: Sequence[Trial], folds: Sequence[Fold]) -> Tuned:
    """The best of the trials that were not pruned; those that stand, unless it is better."""
    whole = [trial for trial in over if not trial.pruned]
    best = min(whole, key=lambda trial: (trial.log_loss, trial.number), default=None)
    params = with_params(params, best.params) if best and best.number else params
    said = {
        "asked": params.trials,
        "trials": len(over),
        "pruned": len(over) - len(whole),
        "stopped_early": len(over) < params.trials,
        "folds": [fold.name for fold in folds],
        "default": whole[0].log_loss if whole else None,
        "best": best.log_loss if best else None,
        "chosen": best.number if best else 0,
        "params": params.params,
    }
    return Tuned(params, said)


def _study(params: Train) -> "Study":
    """A seeded search, by what did well so far, that says nothing by itself."""
    optuna = _optuna()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study: Study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=params.seed))
    return study


def _distributions(space: Mapping[str, Range]) -> "dict[str, BaseDistribution]":
    from optuna.distributions import FloatDistribution, IntDistribution  # noqa: PLC0415  an extra

    return {
        name: IntDistribution(int(each.low), int(each.high), log=each.log)
        if each.whole
        else FloatDistribution(each.low, each.high, log=each.log)
        for name, each in space.items()
    }


def _optuna() -> Any:
    """Optuna, which only tuning needs.

    Raises:
        DataError: it isn't installed.
    """
    try:
        import optuna  # noqa: PLC0415  an extra
    except ImportError:
        raise DataError(
            "train.trials: tuning needs Optuna, which isn't installed; run: pip install 'churnml[tune]', or set "
            "train.trials to 0"
        ) from None
    return optuna

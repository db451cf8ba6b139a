"""Which base rate and which calibrator: by a rolling backtest over training cutoffs, never by the test cutoffs."""

from dataclasses import dataclass, replace

import numpy as np

from churnml.calibrate.rolling import Rolling
from churnml.metrics import interval
from churnml.probability import METHODS, shift_to

CLEARLY = 2 / 3
"""What a bootstrap over customers can't see is how cutoffs differ. So a base rate must also miss the churn rates by no more
than this share of what the trained one misses them by, and a calibrator be better at this share of the cutoffs."""

SWING = 0.25
"""Between how different levels churn swings where a season's is taken on less evidence: standard deviation over cutoffs, in
log odds, beyond chance. Simulated shops have .04 to .09 without a season, .34 to .38 with one."""

_TINY = 1e-15


@dataclass(frozen=True)
class Trial:
    """One candidate in the backtest, against doing nothing at the same cutoffs.

    Attributes:
        what: base_rate or method.
        name: of the candidate.
        cutoffs: at how many it could be tried.
        log_loss: mean, its own.
        difference: to that of doing nothing; below 0 is better.
        low: of the 95 % interval of the difference, over customers.
        high: see low.
        missed: root mean square over the cutoffs of mean risk - churn rate.
        missed_by_nothing: the same of doing nothing.
        better_at: share of the cutoffs at which its log loss is lower.
        chosen: whether it is used.
    """

    what: str
    name: str
    cutoffs: int
    log_loss: float
    difference: float
    low: float
    high: float
    missed: float
    missed_by_nothing: float
    better_at: float
    chosen: bool = False

    @property
    def wins(self) -> bool:
        """Clearly better than doing nothing."""
        if self.high >= 0:
            return False
        if self.what == "base_rate":
            return self.missed <= CLEARLY * self.missed_by_nothing
        return self.better_at >= CLEARLY

    @property
    def better(self) -> bool:
        """Than doing nothing, clearly or not."""
        return self.difference < 0 and self.missed < self.missed_by_nothing


def choose_base_rate(training: Rolling, season_is_there: bool, resamples: int, seed: int) -> tuple[str, list[Trial]]:
    """The base rate that a backtest clearly shows to be better than the trained one, else that.

    With two years of history or less few cutoffs have a season before them, and nothing they show is clear. Where churn
    swings between cutoffs by `SWING` or more, `same_season` is taken once it was better at those few.

    Args:
        training: out-of-time predictions of training cutoffs.
        season_is_there: whether every moment that will be asked about has a reference a year before.
        resamples: bootstrap resamples of customers.
        seed: of the bootstrap.
    """
    trials, moved, tried = [], {}, {}
    for name in ["last_cutoff", *(["same_season"] if season_is_there else [])]:
        moved[name], tried[name] = training.moved(name)
        if tried[name].any():
            trials.append(
                _trial("base_rate", name, training, tried[name], moved[name], training.score, resamples, seed)
            )
    swings = swing(training) >= SWING
    winners = [
        trial.name for trial in trials if trial.wins or (trial.name == "same_season" and swings and trial.better)
    ]
    if len(winners) > 1:  # on the cutoffs at which both could be tried
        both = np.logical_and.reduce([tried[name] for name in winners])
        winners = sorted(winners, key=lambda name: (_losses(training.label, moved[name])[both].mean(), name))
    return _marked(trials, winners, "trained")


def swing(training: Rolling) -> float:
    """Standard deviation of the shift that cutoffs need, in log odds, beyond chance (DerSimonian and Laird 1986)."""
    shifts, weights = [], []
    for day in training.cutoffs:
        score, label = (values[training.moments == day] for values in (training.score, training.label))
        shifts.append(shift_to(score, float(label.mean())))
        weights.append(float((score * (1 - score)).sum()))  # 1 / variance of such a shift
    shift, weight = np.array(shifts), np.array(weights)
    if len(shift) < 2 or not weight.all():
        return 0.0
    spread = (weight * (shift - np.average(shift, weights=weight)) ** 2).sum() - (len(shift) - 1)
    return float(np.sqrt(max(0.0, spread / (weight.sum() - (weight**2).sum() / weight.sum()))))


def choose_method(training: Rolling, base_rate: str, resamples: int, seed: int) -> tuple[str, list[Trial]]:
    """The calibrator that a backtest over two cutoffs or more clearly shows to be better than none, else none."""
    moved, trials = training.moved(base_rate)[0], []
    for name in METHODS[1:] if training.levels else ():
        risk, there = training.calibrated(moved, name)
        if len(np.unique(training.moments[there])) >= 2:
            trials.append(_trial("method", name, training, there, risk, moved, resamples, seed))
    winners = sorted((trial for trial in trials if trial.wins), key=lambda trial: (trial.log_loss, trial.name))
    return _marked(trials, [trial.name for trial in winners], "none")


def _marked(trials: list[Trial], winners: list[str], otherwise: str) -> tuple[str, list[Trial]]:
    best = winners[0] if winners else otherwise
    return best, [replace(trial, chosen=trial.name == best) for trial in trials]


def _trial(
    what: str,
    name: str,
    training: Rolling,
    there: np.ndarray,
    risk: np.ndarray,
    nothing: np.ndarray,
    resamples: int,
    seed: int,
) -> Trial:
    here, risk, nothing = training.where(there), risk[there], nothing[there]
    label, weights = here.label, here.weights(resamples, seed)
    loss = _losses(label, risk)
    gain = loss - _losses(label, nothing)
    draws = (weights @ gain) / weights.sum(axis=1)
    low, high = interval(draws)
    at = [here.moments == day for day in here.cutoffs]
    return Trial(
        what,
        name,
        len(at),
        log_loss=round(float(loss.mean()), 6),
        difference=round(float(gain.mean()), 6),
        low=round(low, 6),
        high=round(high, 6),
        missed=round(_missed(label, risk, at), 6),
        missed_by_nothing=round(_missed(label, nothing, at), 6),
        better_at=round(float(np.mean([gain[rows].mean() < 0 for rows in at])), 6),
    )


def _losses(label: np.ndarray, risk: np.ndarray) -> np.ndarray:
    said = np.clip(risk, _TINY, 1 - _TINY)
    return np.asarray(-np.log(np.where(label == 1, said, 1 - said)))


def _missed(label: np.ndarray, risk: np.ndarray, at: list[np.ndarray]) -> float:
    return float(np.sqrt(np.mean([(risk[rows].mean() - label[rows].mean()) ** 2 for rows in at])))

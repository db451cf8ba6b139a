"""Tuning: what is tried, what is given up, what is gone on with. Most fits here are played, by what params say."""

import sys
from dataclasses import dataclass
from datetime import date
from itertools import count

import numpy as np
import pyarrow as pa
import pytest

from churnml.config import Train
from churnml.config.decision import REGULARISED
from churnml.errors import DataError
from churnml.metrics import measure
from churnml.train.fit import fit
from churnml.train.folds import Fold, customer_folds, temporal_folds
from churnml.train.tune import tune

THREE = Train(trials=3)


@dataclass(frozen=True)
class Says:
    """A model that gives everybody the same risk."""

    risk: float

    def score(self, rows):
        return np.full(rows.num_rows, self.risk)


def fold(name, *labels):
    """A fold in which these are to be predicted; nothing need be learned by a model that is played."""
    rows = pa.table({"label": pa.array(labels, pa.int8()), "as_of": pa.array([date(2024, 1, 1)] * len(labels))})
    return Fold(name, rows, rows)


FOLDS = [fold("a", 0, 0, 0, 1), fold("b", 0, 1, 0, 0), fold("c", 0, 0, 1, 0)]


def slower_is_better(rows, params):
    """A quarter leaves; the lower the learning rate, the nearer to that is what the model says."""
    return Says(0.25 + params.params["learning_rate"])


def always(risk):
    """Whatever the parameters, the same risk."""
    return lambda *_: Says(risk)


def trials_of(params, folds=FOLDS, fit=slower_is_better, **more):
    """What tuning said, and its trials."""
    told = []
    return tune(folds, params, fit, told.append, **more), told


def test_the_first_trial_is_what_stands():
    """So there is something to beat, whatever it is: also a learning rate beyond the space, under another name."""
    standing = {"eta": 0.5, "max_depth": 2}
    _, trials = trials_of(THREE.model_copy(update={"params": standing}), fit=always(0.3))
    assert trials[0].params == standing
    assert all("eta" not in trial.params and trial.params["max_depth"] == 2 for trial in trials[1:])


def test_the_best_is_taken():
    """Of 15 trials, that with the lowest log loss; only its parameters are another."""
    tuned, trials = trials_of(Train(trials=15))
    best = min((trial for trial in trials if not trial.pruned), key=lambda trial: trial.log_loss)
    assert tuned.params == Train(trials=15, params=best.params)
    assert best.params["learning_rate"] < 0.03
    assert tuned.said == {
        "asked": 15,
        "trials": 15,
        "pruned": sum(trial.pruned for trial in trials),
        "stopped_early": False,
        "folds": ["a", "b", "c"],
        "default": trials[0].log_loss,
        "best": best.log_loss,
        "chosen": best.number,
        "params": best.params,
    }


def test_the_defaults_hold_where_nothing_is_better():
    """Equally good isn't better."""
    params = Train(trials=6)
    for others in (0.25, 0.4):

        def the_rest_says(rows, given, risk=others):
            return Says(0.25 if given.params == REGULARISED else risk)

        tuned, _ = trials_of(params, fit=the_rest_says)
        assert tuned.params == params
        assert (tuned.said["chosen"], tuned.said["best"]) == (0, tuned.said["default"])


def test_log_loss_is_of_all_snapshots_together():
    """A fold of four weighs four times as much as a fold of one."""
    tuned, _ = trials_of(Train(trials=1), [fold("a", 1, 0, 0, 0), fold("b", 1)], always(0.3))
    by_hand = measure(np.array([1, 0, 0, 0, 1]), np.full(5, 0.3), ["log_loss"])["log_loss"]
    assert tuned.said["default"] == pytest.approx(by_hand, abs=1e-6)


def test_what_lags_is_pruned_and_never_taken():
    """After five whole trials, one that is worse than their median by the second fold is given up there."""
    fits = count()

    def fit_in_turn(rows, params):
        number = next(fits)
        return Says(0.25 + number / 1000 if number < 15 else 0.9)

    tuned, trials = trials_of(Train(trials=6), fit=fit_in_turn)
    assert [(trial.folds, trial.pruned) for trial in trials] == [(3, False)] * 5 + [(2, True)]
    assert (tuned.said["pruned"], tuned.said["chosen"]) == (1, 0)


def test_what_is_hard_for_all_is_no_reason_to_prune():
    """Where the second cutoff is harder to predict than the first, trials are compared by it with each other."""
    _, trials = trials_of(Train(trials=8), [FOLDS[0], fold("b", 1, 1, 1, 1), FOLDS[2]], always(0.3))
    assert [trial.pruned for trial in trials] == [False] * 8


def test_the_same_seed_tries_the_same(rows, catalog):
    """The same folds, params and seed: the same trials and result, with real fits; another seed tries others."""
    folds = temporal_folds(rows.slice(0, 300), 28, 1)

    def real(seed):
        params = Train(trials=8, rounds=5, seed=seed, threads=1)
        return trials_of(params, folds, lambda part, given: fit(part, catalog, given))

    assert real(7) == real(7)
    assert [trial.params for trial in real(8)[1][1:]] != [trial.params for trial in real(7)[1][1:]]


def test_customers_without_a_time_are_tuned_on_too(rows, catalog):
    """Parts of the customers serve as folds do."""
    folds = customer_folds(rows.slice(0, 100), catalog, 7)
    tuned, _ = trials_of(Train(trials=2, rounds=5, threads=1), folds, lambda part, given: fit(part, catalog, given))
    assert (tuned.said["trials"], len(tuned.said["folds"])) == (2, 5)


def ticking():
    """A clock that goes on by 20 seconds whenever somebody looks at it."""
    moments = count(0, 20)
    return lambda: next(moments)


@pytest.mark.parametrize(
    ("minutes", "over"),
    [(1000, 3), (3, 2), (2.6, 2), (1.3, 1), (0.5, 0)],
    ids=["all", "between trials", "between folds", "one", "none"],
)
def test_the_time_box_stops(minutes, over):
    """A trial that isn't over when the time is up counts for nothing, and the result says that it was stopped."""
    params = Train(trials=3, minutes=minutes)
    tuned, trials = trials_of(params, clock=ticking())
    assert [trial.number for trial in trials] == list(range(over))
    assert (tuned.said["trials"], tuned.said["stopped_early"]) == (over, over < 3)
    if not over:
        assert (tuned.params, tuned.said["default"], tuned.said["best"]) == (params, None, None)


def test_without_optuna_the_message_says_what_to_install(monkeypatch):
    """Optuna is an extra: whoever doesn't tune does without."""
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(DataError) as refused:
        tune(FOLDS, THREE, slower_is_better)
    assert str(refused.value) == (
        "train.trials: tuning needs Optuna, which isn't installed; run: pip install 'churnml[tune]', or set train.trials "
        "to 0"
    )


def test_nothing_is_said_on_the_way(capfd):
    """Optuna's own words stay away: progress is churnml's, and shown where somebody watches."""
    trials_of(THREE)
    assert tuple(capfd.readouterr()) == ("", "")

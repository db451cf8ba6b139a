"""From a score to a risk."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit

from churnml.probability import METHODS, Calibrator, Level, Probability, shift_to, shifted

RNG = np.random.default_rng(5)
TRUTH = RNG.uniform(0.02, 0.6, 4000)
LABEL = (RNG.random(4000) < TRUTH).astype(int)


@pytest.mark.parametrize("method", METHODS[1:])
def test_a_calibrator_finds_the_way_back(method):
    """Scores whose log odds are twice as far out as the truth's, and too low: the risks are near the truth again."""
    score = expit(2 * logit(TRUTH) - 0.5)
    assert np.abs(score - TRUTH).mean() > 0.1
    assert np.abs(Calibrator.fit(method, score, LABEL)(score) - TRUTH).mean() < 0.03


def test_platt_by_hand():
    """At two scores the fit goes through both churn rates: 1 in 4 and 3 in 4 leave."""
    score, label = np.repeat([0.1, 0.4], 4), np.array([1, 0, 0, 0, 1, 1, 1, 0])
    assert Calibrator.fit("platt", score, label)(np.array([0.1, 0.4])) == pytest.approx([0.25, 0.75], abs=1e-5)


def test_isotonic_by_hand():
    """Steps are pooled until they rise, joined by lines, and never say 0 or 1."""
    score, label = np.array([0.1, 0.2, 0.3, 0.4]), np.array([0, 1, 0, 1])
    risks = Calibrator.fit("isotonic", score, label)(np.array([0.0, 0.1, 0.2, 0.3, 0.35, 0.9]))
    assert risks == pytest.approx([0.125, 0.125, 0.5, 0.5, 0.6875, 0.875])


@pytest.mark.parametrize("method", METHODS)
def test_scores_that_say_the_opposite_are_never_turned_over(method):
    """The higher the score the fewer left: the calibrator says the same of all rather than turn the order around."""
    calibrator = Calibrator.fit(method, 1 - TRUTH, LABEL)
    if method == "platt":
        assert calibrator.numbers[1] == 0
    assert (np.diff(calibrator(np.linspace(0.01, 0.99, 50))) >= 0).all()


@pytest.mark.parametrize("method", METHODS)
def test_where_all_stayed_nothing_can_be_fitted(method):
    """Scores stay as they are."""
    assert Calibrator.fit(method, TRUTH, np.zeros(4000)) == Calibrator()


def test_nothing_to_do_changes_no_bit():
    """Trained level, no calibrator: the risk is the score."""
    assert Probability().risk(TRUTH, date(2024, 1, 1)) is TRUTH


@settings(deadline=None, derandomize=True)
@given(st.floats(0.01, 0.99))
def test_the_shift_reaches_the_rate(rate):
    """Whatever the rate: the mean of the shifted scores is that."""
    assert shifted(TRUTH, shift_to(TRUTH, rate)).mean() == pytest.approx(rate, abs=1e-7)


LEVELS = {"2024-09-02": Level(100, 0.2, 0.1, 0.8), "2025-03-03": Level(100, 0.1, 0.1, 0.0)}


def test_the_season_decides_the_shift():
    """As of 2025-09-01 the cutoff 52 weeks before counts; in March the other; in June there is none of that season."""
    said = Probability("same_season", 0.5, LEVELS, date(2024, 1, 1))
    assert said.shift_at(date(2025, 9, 1)) == 0.8
    assert said.shift_at(date(2026, 3, 2)) == 0.0
    assert said.shift_at(date(2026, 6, 1)) is None
    assert (said.risk(TRUTH, date(2026, 6, 1)) == shifted(TRUTH, 0.5)).all()


def test_a_reference_needs_six_months_of_history():
    """Events that begin in April: the September before isn't settled."""
    assert Probability("same_season", 0.5, LEVELS, date(2024, 4, 1)).shift_at(date(2025, 9, 1)) is None


def test_what_is_written_is_read():
    """Through JSON and back it is the same, to the bit."""
    calibrator = Calibrator.fit("beta", TRUTH, LABEL)
    said = Probability("same_season", 0.5, LEVELS, date(2024, 1, 1), calibrator)
    assert Probability.of_json(said.as_json()) == said

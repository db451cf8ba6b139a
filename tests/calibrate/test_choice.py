"""What is chosen, and by what."""

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest
from scipy.special import expit, logit

from churnml.calibrate.choice import SWING, choose_base_rate, choose_method, swing
from churnml.calibrate.rolling import Rolling
from churnml.probability import Level, shift_to
from predictions import predicted

START = date(2023, 1, 1)
CUTOFFS = [START + timedelta(days=200 + 28 * number) for number in range(20)]


def world(rates, *, warp=1.0, customers=1500, seed=1):
    """Customers with a risk of their own; the model ranks them well, and thinks that a fifth leaves at every cutoff.

    Args:
        rates: churn rate of each cutoff.
        warp: how much further out the log odds of the scores are than the truth's.
        customers: at each cutoff.
        seed: of chance.
    """
    rng, parts, levels, known = np.random.default_rng(seed), [], {}, {}
    for day, rate in zip(CUTOFFS, rates, strict=False):
        odds = rng.normal(0, 1, customers)
        truth, score = (expit(odds + shift_to(expit(odds), level)) for level in (rate, 0.2))
        label = (rng.random(customers) < truth).astype(int)
        ends = {past: level for past, level in known.items() if date.fromisoformat(past) + timedelta(days=28) <= day}
        levels[str(day)] = ends
        happened = float(label.mean())
        known[str(day)] = Level(customers, happened, float(score.mean()), shift_to(score, happened))
        if ends:
            warped = expit(warp * logit(score))
            parts.append(predicted(list(label), list(warped), as_of=day, split="train"))
    return Rolling(pa.concat_tables(parts), levels, START, 28)


def base_rate(rolling, season=True):
    """The base rate that is chosen."""
    return choose_base_rate(rolling, season, 100, 7)[0]


@pytest.mark.parametrize("seed", range(5))
def test_where_churn_is_steady_nothing_is_shifted(seed):
    """A fifth leaves at every cutoff, as the model says."""
    assert base_rate(world([0.2] * 20, seed=seed)) == "trained"


def test_where_churn_has_stepped_up_the_last_cutoff_decides():
    """From the fourth cutoff on a third leaves."""
    assert base_rate(world([0.2] * 3 + [0.33] * 17)) == "last_cutoff"


def test_where_churn_follows_the_year_the_season_decides():
    """Between .1 and .3 within 13 cutoffs of four weeks; cutoffs lie closer than a season is wide, but a year is better."""
    wave = [0.2 + 0.1 * np.sin(2 * np.pi * number / 13) for number in range(20)]
    assert base_rate(world(wave)) == "same_season"
    assert base_rate(world(wave), season=False) != "same_season"


def test_a_swinging_churn_rate_is_put_down_to_the_season_on_little_evidence():
    """Two cutoffs say that the season serves better, not clearly; churn swings as no chance would."""
    rolling = world([(0.12, 0.3)[number % 13 % 2] for number in range(15)], customers=150, seed=0)
    chosen, trials = choose_base_rate(rolling, True, 100, 7)
    [season] = [trial for trial in trials if trial.name == "same_season"]
    assert swing(rolling) > SWING
    assert (chosen, season.cutoffs, season.wins) == ("same_season", 2, False)


@pytest.mark.parametrize("seed", range(5))
def test_chance_is_no_swing(seed):
    """A fifth leaves at every cutoff; what differs is luck."""
    assert swing(world([0.2] * 15, customers=400, seed=seed)) < SWING / 2


def test_good_probabilities_are_left_alone():
    """None unless another clearly wins."""
    chosen, trials = choose_method(world([0.2] * 8), "trained", 100, 7)
    assert chosen == "none"
    assert [trial.name for trial in trials] == ["platt", "beta", "isotonic"]


def test_scores_that_are_too_sure_are_calibrated():
    """Log odds half as far out again than they should be."""
    chosen, trials = choose_method(world([0.2] * 8, warp=1.5), "trained", 100, 7)
    assert chosen in ("platt", "beta")
    assert [trial.chosen for trial in trials].count(True) == 1


def test_a_calibrator_knows_only_what_was_labelled_by_then():
    """The first cutoff has nothing before it and stays as it is; later labels change nothing of earlier risks."""
    rolling = world([0.2] * 8, warp=1.5)
    risk, there = rolling.calibrated(rolling.score, "platt")
    first = rolling.moments == rolling.cutoffs[0]
    assert not there[first].any()
    assert (risk[first] == rolling.score[first]).all()
    turned = rolling.rows.to_pandas()
    last = rolling.moments == rolling.cutoffs[-1]
    turned.loc[last, "label"] = 1 - turned.loc[last, "label"]
    again = Rolling(pa.Table.from_pandas(turned, rolling.rows.schema, preserve_index=False), rolling.levels, START, 28)
    assert (again.calibrated(again.score, "platt")[0] == risk).all()


def test_training_ends_where_the_test_begins():
    """A training cutoff whose label window reaches into the test is no training cutoff of the backtest."""
    rows = world([0.2] * 6).rows.to_pandas()
    days = sorted(set(rows["as_of"]))
    rows.loc[rows["as_of"] == days[-1], "split"] = "test"
    rolling = Rolling(pa.Table.from_pandas(rows, preserve_index=False), {"x": {}}, START, 40)
    assert rolling.training().cutoffs == [str(day) for day in days[:-2]]

"""Scores among peers by hand; BG/NBD against what was published and against customers drawn from it."""

import csv
from importlib.metadata import distribution

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from churnml.errors import DataError
from churnml.peers import BgNbd, rfm_scores

CDNOW = BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)
HORIZON = 26.0


def cdnow():
    """Repeats, recency and age in weeks of 2357 customers: a tenth of those who first bought in early 1997."""
    path = next(f for f in distribution("lifetimes").files if f.name == "cdnow_customers_summary.csv")
    with path.locate().open() as file:
        rows = [[float(row[name]) for name in ("frequency", "recency", "T")] for row in csv.DictReader(file)]
    return tuple(np.array(rows).T)


def drawn(truth, count, seed=7):
    """Customers who behave as BG/NBD says: repeats, recency, age, and if they were alive and silent afterwards."""
    rng = np.random.default_rng(seed)
    rate, leaves = rng.gamma(truth.r, 1 / truth.alpha, count), rng.beta(truth.a, truth.b, count)
    age = rng.integers(10, 80, count).astype(float)
    repeats, recency, silent = np.zeros(count), np.zeros(count), np.ones(count, dtype=bool)
    clock, alive = np.zeros(count), np.ones(count, dtype=bool)
    buying = alive.copy()
    while buying.any():
        clock[buying] += rng.exponential(1 / rate[buying])
        before = buying & (clock <= age)
        repeats[before] += 1
        recency[before] = clock[before]
        silent[buying & (clock > age) & (clock <= age + HORIZON)] = False
        buying = before & (rng.random(count) >= leaves)
        alive &= ~before | buying
    return repeats, recency, age, alive, silent


def test_rfm_by_hand():
    """Of ten customers two share each score; the latest, most frequent and richest have 5."""
    days = np.array([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    scores = rfm_scores(days, days, days[::-1] * 9.5)
    assert scores.T.tolist() == [
        [5, 5, 4, 4, 3, 3, 2, 2, 1, 1],
        [1, 1, 2, 2, 3, 3, 4, 4, 5, 5],
        [5, 5, 4, 4, 3, 3, 2, 2, 1, 1],
    ]


@pytest.mark.parametrize(
    ("money", "scores"),
    [
        ([7], [3]),
        ([7, 7, 7, 7], [3, 3, 3, 3]),
        ([0, 0, 5, 6, 7], [1, 1, 3, 4, 5]),  # the middle of two of five lies at 1/5, the upper border of 1
        ([0, 0, 0, 0, 0, 0, 0, 5, 6, 7], [2, 2, 2, 2, 2, 2, 2, 4, 5, 5]),  # at 3.5, 7.5, 8.5 and 9.5 tenths
        ([-0.0, 0.0, 9], [2, 2, 5]),
    ],
)
def test_ties_have_the_score_of_their_middle(money, scores):
    """Equal values have equal scores, though quintiles then differ in size."""
    assert rfm_scores(np.ones(len(money)), np.ones(len(money)), np.array(money))[:, 2].tolist() == scores


def test_what_is_unknown_scores_1():
    """Somebody without a purchase or money has 1, and the others are compared among themselves."""
    recency = np.array([np.nan, 1, 2, 3, 4, 5])
    money = np.array([5, 4, 3, 2, 1, np.nan])
    scores = rfm_scores(recency, np.zeros(6), money)
    assert scores.T.tolist() == [[1, 5, 4, 3, 2, 1], [3] * 6, [5, 4, 3, 2, 1, 1]]
    assert (rfm_scores(np.full(2, np.nan), np.zeros(2), np.full(2, np.nan)) == [1, 3, 1]).all()


def test_rfm_of_nobody():
    """Three columns, no row."""
    assert rfm_scores(np.array([]), np.array([]), np.array([])).shape == (0, 3)


few = st.sampled_from([0.0, 1.0, 2.0, 2.5, 90.0, np.nan])


@settings(deadline=None, derandomize=True)
@given(st.lists(st.tuples(few, few, few), min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_rfm_whatever_the_order(rows, random):
    """A customer's scores stay when rows move; they are 1 to 5, and more is never worse."""
    order = list(range(len(rows)))
    random.shuffle(order)
    columns = np.array(rows).T
    scores = rfm_scores(*columns)
    assert (rfm_scores(*columns[:, order]) == scores[order]).all()
    assert scores.dtype == np.int64
    assert ((scores >= 1) & (scores <= 5)).all()
    for good, score in zip([-columns[0], columns[1], columns[2]], scores.T, strict=True):
        known = ~np.isnan(good)
        assert (np.diff(score[known][np.argsort(good[known])]) >= 0).all()
        assert [len(set(score[good == one])) for one in set(good[known])] == [1] * len(set(good[known]))


def test_bgnbd_is_what_was_published():
    """CDNOW in weeks: the parameters that Fader, Hardie and Lee 2005 found."""
    fitted = BgNbd.fit(*cdnow())
    assert [fitted.r, fitted.a] == pytest.approx([CDNOW.r, CDNOW.a], abs=0.002)
    assert [fitted.alpha, fitted.b] == pytest.approx([CDNOW.alpha, CDNOW.b], abs=0.01)


def test_days_are_as_good_as_weeks():
    """Only alpha has a unit; what is predicted has none."""
    repeats, recency, age = cdnow()
    weeks, days = BgNbd.fit(repeats, recency, age), BgNbd.fit(repeats, recency * 7, age * 7)
    assert [days.r, days.alpha / 7, days.a, days.b] == pytest.approx([weeks.r, weeks.alpha, weeks.a, weeks.b])
    silent = days.silent(repeats, recency * 7, age * 7, 28)
    np.testing.assert_allclose(silent, weeks.silent(repeats, recency, age, 4), rtol=1e-6)


def test_rows_may_move_and_be_counted():
    """The fit is the same, bit for bit, in another order, or with a weight instead of repeated rows."""
    rows = np.array(cdnow())[:, :200]
    weight = np.arange(200) % 3
    fitted = BgNbd.fit(*np.repeat(rows, weight, axis=1))
    assert BgNbd.fit(*rows, weight) == fitted
    assert BgNbd.fit(*rows[:, ::-1], weight[::-1]) == fitted


def test_the_fit_finds_who_was_drawn():
    """With 20,000 customers drawn from known parameters, these are found within a tenth."""
    truth = BgNbd(r=0.8, alpha=6, a=0.9, b=2.5)
    repeats, recency, age, _, _ = drawn(truth, 20_000)
    fitted = BgNbd.fit(repeats, recency, age)
    assert [fitted.r, fitted.alpha, fitted.a, fitted.b] == pytest.approx([0.8, 6, 0.9, 2.5], rel=0.1)


@pytest.mark.parametrize("known", [True, False], ids=["true parameters", "fitted parameters"])
def test_probabilities_are_shares_of_those_drawn(known):
    """Overall and in each third of the prediction, as many are silent and alive as was said, within 3 errors."""
    truth = BgNbd(r=0.8, alpha=6, a=0.9, b=2.5)
    repeats, recency, age, alive, silent = drawn(truth, 20_000)
    model = truth if known else BgNbd.fit(repeats, recency, age)
    for said, happened in (
        (model.silent(repeats, recency, age, HORIZON), silent),
        (model.alive(repeats, recency, age), alive),
    ):
        thirds = np.array_split(np.argsort(said, kind="stable"), 3)
        for rows in (np.arange(len(said)), *thirds):
            error = np.sqrt((said[rows] * (1 - said[rows])).sum()) / len(rows)
            assert abs(said[rows].mean() - happened[rows].mean()) <= 3 * error


positive = st.floats(0.01, 100)


@settings(deadline=None, derandomize=True)
@given(
    st.builds(BgNbd, positive, positive, positive, positive),
    st.integers(1, 1000),
    st.floats(1, 1000),
    st.floats(0.01, 100),
)
def test_silence_and_horizon(model, repeats, age, horizon):
    """The longer somebody has been silent, the likelier they stay so; the longer the horizon, the less likely."""
    recency = np.linspace(0, 1, 9) * age
    said = [
        model.silent(np.full(9, repeats), recency, np.full(9, age), length)
        for length in (0, horizon, 2 * horizon, 1000 * horizon)
    ]
    assert (said[0] == pytest.approx(1)) and ((np.array(said) >= 0) & (np.array(said) <= 1)).all()
    assert (np.diff(said, axis=1) <= 1e-12).all()
    assert (np.diff(said, axis=0) <= 1e-12).all()
    assert (1 - model.alive(np.full(9, repeats), recency, np.full(9, age)) <= np.array(said) + 1e-12).all()


def test_alive_and_silent_by_hand():
    """Two repeats in 4 of 10: odds of being gone 2/(3 + 1) × (15/9)³ = 125/54; waiting (15/30)³ = 1/8."""
    model, customer = BgNbd(r=1, alpha=5, a=2, b=3), (np.array([2]), np.array([4]), np.array([10]))
    assert model.alive(*customer) == pytest.approx(54 / 179)
    assert model.silent(*customer, horizon=15) == pytest.approx(125 / 179 + 54 / 179 / 8)


def test_who_bought_once_is_alive_and_mostly_silent():
    """Nobody leaves before a repeat purchase, yet who waited long is likely to wait on."""
    none, age = np.zeros(3), np.array([1.0, 26, 52])
    assert CDNOW.alive(none, none, age).tolist() == [1, 1, 1]
    silent = CDNOW.silent(none, none, age, 4)
    assert silent == pytest.approx(((CDNOW.alpha + age) / (CDNOW.alpha + age + 4)) ** CDNOW.r)
    assert (np.diff(silent) > 0).all()


@pytest.mark.parametrize(
    ("repeats", "recency", "age"),
    [
        ([0], [0], [30]),
        ([0, 0, 0], [0, 0, 0], [30, 60, 90]),
        ([1], [30], [30]),
        ([1], [1], [30]),
        ([29, 59, 364], [29, 59, 364], [30, 60, 365]),
        ([364] * 50, [364] * 50, [365] * 50),
        ([10_000, 0], [1, 0], [1e6, 1e6]),
        ([3, 0], [1e-9, 0], [1e-6, 1]),
        ([0], [0], [0]),
    ],
    ids=[
        "one who bought once",
        "nobody repeats",
        "one who is back today",
        "one who left",
        "everybody each day",
        "all alike",
        "a burst long ago",
        "ages far apart",
        "no time at all",
    ],
)
def test_a_fit_to_little_is_finite(repeats, recency, age):
    """Where the data can't tell, parameters stay positive and finite, and probabilities are some."""
    rows = np.array(repeats), np.array(recency), np.array(age)
    fitted = BgNbd.fit(*rows)
    assert np.isfinite([fitted.r, fitted.alpha, fitted.a, fitted.b]).all()
    assert min(fitted.r, fitted.alpha, fitted.a, fitted.b) > 0
    for said in (fitted.silent(*rows, 30), fitted.alive(*rows)):
        assert ((said >= 0) & (said <= 1)).all()


def test_what_all_have_done_is_expected():
    """Those who repeat each day are expected tomorrow; where nobody ever did, nobody is."""
    daily, never = np.full(50, 364), np.zeros(50)
    assert (BgNbd.fit(daily, daily, daily + 1).silent(daily, daily, daily + 1, 7) < 0.01).all()
    assert (BgNbd.fit(never, never, daily).silent(never, never, daily, 7) > 0.99).all()


def test_many_repeats_dont_overflow():
    """Ten thousand repeats give probabilities, before and after a silence."""
    repeats, recency, age = np.array([10_000, 10_000]), np.array([5200, 100]), np.array([5200, 5200])
    silent = CDNOW.silent(repeats, recency, age, 4)
    assert silent == pytest.approx([0.793 / (0.793 + 2.426 + 9999), 1], abs=1e-3)
    assert CDNOW.alive(repeats, recency, age) == pytest.approx([1, 0], abs=1e-3)


def test_nobody_to_fit_to():
    """No row, or none with a weight, is refused."""
    for rows in (([], [], []), ([1], [1], [2], [0])):
        with pytest.raises(DataError, match="no customer to fit to"):
            BgNbd.fit(*(np.array(column) for column in rows))


def test_columns_that_differ_in_length():
    """One row per customer in each."""
    with pytest.raises(DataError, match=r"have \[2, 2, 1, 2\] rows"):
        BgNbd.fit(np.array([0, 1]), np.array([0, 1]), np.array([5]))
    with pytest.raises(DataError, match=r"have \[1, 1, 1, 2\] rows"):
        BgNbd.fit(np.array([0]), np.array([0]), np.array([5]), np.array([1, 1]))

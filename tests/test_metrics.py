"""How good probabilities are, by hand and against scikit-learn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sklearn

from churnml.metrics import (
    METRICS,
    auc,
    auc_draws,
    average_precision,
    average_precision_draws,
    brier,
    brier_draws,
    churn_rates,
    ece,
    interval,
    lift_10,
    log_loss_,
    log_loss_draws,
    measure,
    measure_with_intervals,
    next_interval,
    resampled,
    share_interval,
)

LABEL = np.array([1, 0, 1, 0, 0, 0, 0, 0, 0, 1])
RISK = np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05])
ONES = np.ones(10)


def ordinary(seed=0, count=2000):
    """Labels drawn with exactly the stated risks."""
    rng = np.random.default_rng(seed)
    risk = rng.uniform(0.02, 0.6, count)
    return (rng.random(count) < risk).astype(int), risk


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (auc, sklearn.roc_auc_score),
        (average_precision, sklearn.average_precision_score),
        (log_loss_, sklearn.log_loss),
        (brier, sklearn.brier_score_loss),
    ],
)
@pytest.mark.parametrize("seed", range(5))
def test_they_are_what_scikit_learn_says(ours, theirs, seed):
    """With weights that are whole numbers, a metric is what repeating the rows would give."""
    label, risk = ordinary(seed, 200)
    weight = np.random.default_rng(seed).integers(1, 4, 200)
    repeated = np.repeat(label, weight), np.repeat(risk, weight)
    assert ours(label, risk, weight.astype(float)) == pytest.approx(theirs(*repeated), abs=1e-12)


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS.keys())
def test_the_order_of_rows_doesnt_matter(metric):
    """Not even where risks are tied across the border of a group."""
    label, risk = ordinary(1, 300)
    risk = risk.round(1)
    by_label = np.argsort(label, kind="stable")
    said = [metric(label[order], risk[order], np.ones(300)) for order in (by_label, by_label[::-1])]
    assert said[0] == pytest.approx(said[1], abs=1e-12)


def test_log_loss_bears_certainty():
    """A risk of exactly 0 for somebody who left costs a lot, not infinity."""
    assert 30 < log_loss_(np.array([1, 0]), np.array([0.0, 0.0]), np.ones(2)) * 2 < 40


def test_ece_by_hand():
    """Two groups of two: |0.15 - 0.5| and |0.85 - 0.5|, a half each."""
    label, risk = np.array([0, 1, 0, 1]), np.array([0.1, 0.2, 0.8, 0.9])
    assert ece(label, risk, np.ones(4), bins=2) == pytest.approx(0.35)


def test_ece_of_one_risk_for_all():
    """Where all risks are the churn rate, nothing is wrong with them, whatever the order of rows."""
    for label in ([0, 0, 1, 1], [0, 1, 0, 1]):
        assert ece(np.array(label), np.full(4, 0.5), np.ones(4), bins=2) == 0


def test_ece_with_weights_by_hand():
    """Two rows of weight 2 are a group each: |0.2 - 0| and |0.6 - 1|, a half each."""
    label, risk, weight = np.array([0, 1]), np.array([0.2, 0.6]), np.array([2.0, 2.0])
    assert ece(label, risk, weight, bins=2) == pytest.approx(0.2 / 2 + 0.4 / 2)


def test_lift_by_hand():
    """One in ten is the top; they left, three of ten did: 1 / 0.3."""
    assert lift_10(LABEL, RISK, ONES) == pytest.approx(1 / 0.3)
    assert lift_10(LABEL, RISK, ONES, share=0.2) == pytest.approx(0.5 / 0.3)


def test_lift_counts_ties_in_part():
    """Five tied at the top, two of whom left: the top tenth is a fifth of them, with their churn rate of 0.4."""
    risk = np.array([0.9] * 5 + [0.1] * 5)
    assert lift_10(LABEL, risk, ONES) == pytest.approx(0.4 / 0.3)
    assert lift_10(LABEL, np.full(10, 0.3), ONES) == pytest.approx(1)


def test_lift_with_weights_by_hand():
    """A weight of 2 counts as two rows."""
    label, risk = np.array([1, 0, 0]), np.array([0.9, 0.5, 0.1])
    assert lift_10(label, risk, np.array([2.0, 1, 1]), share=0.25) == pytest.approx(1 / 0.5)


def test_customers_are_drawn_whole():
    """All rows of a customer have the same weight, and weights of customers add up to their number."""
    customers = np.array(["a", "b", "a", "c", "b", "a"])
    weights = resampled(customers, 200, seed=7)
    for name in "abc":
        rows = weights[:, customers == name]
        assert (rows == rows[:, :1]).all()
    assert (weights[:, [0, 1, 3]].sum(axis=1) == 3).all()
    assert weights.std() > 0


def test_the_same_seed_draws_the_same():
    """Intervals are the same tomorrow."""
    customers = np.array(["a", "b", "c", "d"])
    assert (resampled(customers, 50, 1) == resampled(customers, 50, 1)).all()
    assert (resampled(customers, 50, 1) != resampled(customers, 50, 2)).any()


def test_intervals_contain_the_estimate():
    """On ordinary data every metric lies within its interval, and the interval isn't empty."""
    label, risk = ordinary()
    said = measure_with_intervals(label, risk, resampled(np.arange(len(label)).astype(str), 100, 7))
    assert {name: said[name] for name in METRICS} == measure(label, risk)
    for name in set(METRICS) - {"ece"}:
        assert said[f"{name}_low"] < said[name] < said[f"{name}_high"]
    # Resampling adds noise to a calibration error that is near 0: its interval starts above it.
    assert 0 < said["ece_low"] < said["ece_high"] < 0.1


def test_resamples_of_one_class_are_left_out():
    """With a single churner, draws without them can't be measured; the others are."""
    label, risk = np.array([1, 0, 0, 0]), np.array([0.9, 0.5, 0.4, 0.1])
    said = measure_with_intervals(label, risk, resampled(np.array(list("abcd")), 100, 7))
    assert np.isfinite(list(said.values())).all()


@pytest.mark.parametrize(
    ("count", "total", "interval"),
    [
        (0, 0, (0, 1)),
        (0, 10, (0, 0.2775)),
        (10, 10, (0.7225, 1)),
        (5, 10, (0.2366, 0.7634)),
        (1, 100, (0.0018, 0.0545)),
    ],
)
def test_share_intervals_by_the_book(count, total, interval):
    """Wilson's interval as published tables give it; nothing is known of nobody."""
    assert share_interval(count, total) == pytest.approx(interval, abs=1e-4)


@settings(deadline=None, derandomize=True)
@given(st.integers(1, 10_000).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_a_share_lies_in_its_interval(counted):
    """Always, and the interval within 0 and 1."""
    count, total = counted
    low, high = share_interval(count, total)
    assert 0 <= low <= count / total + 1e-12
    assert count / total - 1e-12 <= high <= 1


def test_churn_rates_by_hand():
    """Customers and rate of each cutoff, in order of time."""
    moments = ["2024-02-01", "2024-01-01", "2024-02-01", "2024-02-01", "2024-01-01"]
    rates = churn_rates(moments, np.array([1, 0, 0, 0, 1]))
    assert list(rates.items()) == [("2024-01-01", (2, 0.5)), ("2024-02-01", (3, 1 / 3))]


@st.composite
def weighed(draw):
    """A few labels, risks with many ties, and rows of whole weights with many zeros."""
    rows = draw(st.integers(2, 8))
    label = draw(st.lists(st.sampled_from([0, 1]), min_size=rows, max_size=rows))
    risk = draw(st.lists(st.sampled_from([0.0, 0.1, 0.1 + 1e-16, 0.5, 0.9, 1.0]), min_size=rows, max_size=rows))
    weight = st.lists(st.integers(0, 3), min_size=rows, max_size=rows)
    weights = draw(st.lists(weight, min_size=1, max_size=5))
    return np.array(label), np.array(risk), np.array(weights, dtype=float)


@settings(deadline=None, derandomize=True)
@given(weighed())
def test_draws_are_the_metrics_weight_by_weight(drawn):
    """All resamples at once give what each alone would; where nobody left or nobody stayed there is none."""
    label, risk, weights = drawn
    both = [weight for weight in weights if 0 < weight[label == 1].sum() < weight.sum()]
    pairs = (
        *((auc_draws, auc), (log_loss_draws, log_loss_)),
        *((average_precision_draws, average_precision), (brier_draws, brier)),
    )
    for draws, metric in pairs:
        alone = [metric(label[weight > 0], risk[weight > 0], weight[weight > 0]) for weight in both]
        np.testing.assert_allclose(draws(label, risk, weights), alone, rtol=1e-12, atol=1e-12)


def test_draws_of_one_class_are_left_out():
    """Of three resamples one has only those who left and one only those who stayed; the third is told."""
    label, risk = np.array([1, 0, 1]), np.array([0.9, 0.5, 0.1])
    weights = np.array([[2.0, 0, 1], [0, 3.0, 0], [1.0, 1, 1]])
    assert auc_draws(label, risk, weights).tolist() == [0.5]
    assert auc_draws(label, risk, weights[:2]).tolist() == []
    assert log_loss_draws(label, risk, weights[:2]).tolist() == []


def test_the_middle_of_what_resampling_gave():
    """2.5 % lie below and 2.5 % above; of nothing there is no interval."""
    assert interval(np.arange(201.0)) == pytest.approx((5, 195))
    assert np.isnan(interval(np.array([]))).all()


@pytest.mark.parametrize("apart", [0.0, 0.04])
def test_the_next_list_lies_in_its_interval(apart):
    """Of 2,000 histories of four to ten lists, each followed by one more, 93 to 99 in a hundred hold what came."""
    rng = np.random.default_rng(7)
    inside = 0
    for _ in range(2000):
        lists, size = int(rng.integers(4, 11)), int(rng.integers(50, 400))
        rates = np.clip(rng.normal(0.25, apart, lists + 1), 0.01, 0.99)
        left = rng.binomial(size, rates)
        low, high = next_interval(left[:-1], np.full(lists, size), size)
        inside += low <= left[-1] / size <= high
    assert 0.93 <= inside / 2000 <= 0.995


def test_nobody_knows_the_next_list_of_nobody():
    """Without a past, or for an empty list, anything is possible; a smaller list is less certain than a larger one."""
    assert next_interval(np.array([]), np.array([]), 10) == (0, 1)
    assert next_interval(np.array([3]), np.array([10]), 0) == (0, 1)
    small, large = (next_interval(np.array([30, 33]), np.array([100, 100]), size) for size in (10, 1000))
    assert small[0] < large[0] < 0.315 < large[1] < small[1]

"""What a ranking earns in a campaign, by hand, from the definition and against empulse."""

import numpy as np
import pytest
from empulse.metrics import empc_score
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from churnml.profit import expected_maximum_profit

ANY_RATE = {"value": 110.0, "offer_cost": 10.0, "contact_cost": 10.0, "alpha": 1.0, "beta": 1.0}
CAMPAIGNS = [
    {"value": 200.0, "offer_cost": 10.0, "contact_cost": 1.0},
    {"value": 25.0, "offer_cost": 3.0, "contact_cost": 0.5, "alpha": 2.0, "beta": 9.0},
    {"value": 60.0, "offer_cost": 0.0, "contact_cost": 8.0, "alpha": 0.7, "beta": 0.9},
    {"value": 300.0, "offer_cost": 90.0, "contact_cost": 0.0, "alpha": 40.0, "beta": 60.0},
]


def ordinary(seed, count=300):
    """Labels that risk says something about, but not all."""
    rng = np.random.default_rng(seed)
    risk = rng.random(count)
    return (rng.random(count) < 0.1 + 0.4 * risk).astype(int), risk


def from_the_definition(label, risk, rates, *, value, offer_cost, contact_cost):
    """The best profit and its share of customers for each acceptance rate, cut-off by cut-off."""
    cutoffs = [*np.unique(risk), np.inf]
    left = np.array([((risk >= cutoff) & (label == 1)).mean() for cutoff in cutoffs])
    stayed = np.array([((risk >= cutoff) & (label == 0)).mean() for cutoff in cutoffs])
    earned = rates[:, None] * (value - offer_cost) * left - offer_cost * stayed - contact_cost * (left + stayed)
    return earned.max(axis=1), (left + stayed)[earned.argmax(axis=1)]


@pytest.mark.parametrize("campaign", CAMPAIGNS)
@pytest.mark.parametrize("digits", [16, 1, 0], ids=["untied", "tied", "two risks"])
@pytest.mark.parametrize("seed", range(5))
def test_it_is_what_empulse_says(campaign, digits, seed):
    """Profit and share are those of another project's implementation of the paper."""
    label, risk = ordinary(seed)
    risk = risk.round(digits)
    renamed = {"value": "clv", "offer_cost": "incentive_cost"}
    theirs = {renamed.get(name, name): number for name, number in campaign.items()}
    profit, share = expected_maximum_profit(label, risk, **campaign)
    assert profit == pytest.approx(empc_score(label, risk, **theirs), abs=1e-9)
    assert share == pytest.approx(empc_score.optimal_rate(label, risk, **theirs), abs=1e-9)
    assert 0 < share <= 1


@pytest.mark.parametrize("seed", range(3))
def test_it_is_the_mean_of_the_best_cutoff_over_acceptance_rates(seed):
    """Ten thousand equally likely acceptance rates, each with the cut-off that pays best, average to the formula."""
    label, risk = ordinary(seed, 60)
    rates = stats.beta(6, 14).ppf((np.arange(10_000) + 0.5) / 10_000)
    campaign = {"value": 80.0, "offer_cost": 5.0, "contact_cost": 2.0}
    profits, shares = from_the_definition(label, risk, rates, **campaign)
    profit, share = expected_maximum_profit(label, risk, **campaign)
    assert profit == pytest.approx(profits.mean(), rel=1e-4)
    assert share == pytest.approx(shares.mean(), abs=1e-3)


def test_a_perfect_ranking():
    """A leaver earns 100 γ - 10, positive above 0.1: the triangle 0.9 · 90 / 2 for the half who leave."""
    profit, share = expected_maximum_profit(np.array([1, 0, 1, 0]), np.array([0.9, 0.2, 0.8, 0.1]), **ANY_RATE)
    assert (profit, share) == pytest.approx((0.5 * 40.5, 0.5 * 0.9))


def test_a_worthless_ranking():
    """All or none: a contact earns half of 100 γ less 10 and half an offer, positive above 0.3: 0.7 · 35 / 2."""
    profit, share = expected_maximum_profit(np.array([1, 0]), np.array([0.5, 0.5]), **ANY_RATE)
    assert (profit, share) == pytest.approx((12.25, 0.7))


def test_a_ranking_upside_down_is_as_worthless():
    """Below the diagonal there is no better choice than all or none."""
    upside_down = expected_maximum_profit(np.array([1, 0]), np.array([0.1, 0.9]), **ANY_RATE)
    assert upside_down == pytest.approx((12.25, 0.7))


def test_an_offer_that_costs_nothing():
    """Without costs whoever may leave is contacted, and nobody who surely stays."""
    campaign = {"value": 100.0, "offer_cost": 0.0, "contact_cost": 0.0}
    label, risk = np.array([1, 0, 0]), np.array([0.9, 0.9, 0.1])
    assert expected_maximum_profit(label, risk, **campaign) == pytest.approx((100 * 0.3 / 3, 2 / 3))


@pytest.mark.parametrize("label", [[0, 0], [1, 1], []], ids=["nobody left", "nobody stayed", "nobody"])
def test_without_leavers_or_stayers_there_is_nothing_to_rank(label):
    """Profit and share are 0."""
    assert expected_maximum_profit(np.array(label), np.linspace(0, 1, len(label)), **ANY_RATE) == (0, 0)


@pytest.mark.parametrize("weight", [[2.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
def test_rows_without_weight_do_not_count_as_leavers_or_stayers(weight):
    """A resample that drew only leavers, only stayers or nobody has nothing to rank."""
    label, risk = np.array([1, 0]), np.array([0.9, 0.1])
    assert expected_maximum_profit(label, risk, **ANY_RATE, weight=np.array(weight)) == (0, 0)


@pytest.mark.parametrize(
    ("value", "offer_cost", "contact_cost"), [(10.0, 10.0, 0.0), (5.0, 10.0, 1.0), (100.0, 10.0, 90.0)]
)
def test_a_campaign_that_cannot_pay_is_not_run(value, offer_cost, contact_cost):
    """An offer dearer than what it keeps, or a contact dearer than that gain, leaves nobody to contact."""
    label, risk = ordinary(0)
    campaign = {"value": value, "offer_cost": offer_cost, "contact_cost": contact_cost}
    assert expected_maximum_profit(label, risk, **campaign) == (0, 0)


@st.composite
def ranked(draw):
    """Few rows, tied risks, whole weights of which some are 0, any campaign."""
    rows = draw(st.integers(2, 10))
    label = draw(st.lists(st.sampled_from([0, 1]), min_size=rows, max_size=rows))
    risk = draw(st.lists(st.sampled_from([0.0, 0.1, 0.1 + 1e-16, 0.5, 0.9, 1.0]), min_size=rows, max_size=rows))
    weight = draw(st.lists(st.integers(0, 3), min_size=rows, max_size=rows))
    money = {name: draw(st.floats(0, 100)) for name in ("value", "offer_cost", "contact_cost")}
    shape = {name: draw(st.floats(0.5, 50)) for name in ("alpha", "beta")}
    return np.array(label), np.array(risk), np.array(weight), money | shape


@settings(deadline=None, derandomize=True)
@given(ranked(), st.randoms(use_true_random=False))
def test_the_order_of_rows_doesnt_matter(drawn, shuffler):
    """Equal risks are one point of the ROC curve, whoever of them left."""
    label, risk, weight, campaign = drawn
    order = list(range(len(label)))
    shuffler.shuffle(order)
    said = expected_maximum_profit(label, risk, **campaign, weight=weight)
    shuffled = expected_maximum_profit(label[order], risk[order], **campaign, weight=weight[order])
    assert shuffled == said


@settings(deadline=None, derandomize=True)
@given(ranked())
def test_only_the_ranking_counts(drawn):
    """Ranks, or ranks squared, earn what the risks do."""
    label, risk, _, campaign = drawn
    _, ranks = np.unique(risk, return_inverse=True)
    said = expected_maximum_profit(label, risk, **campaign)
    assert expected_maximum_profit(label, ranks, **campaign) == said
    assert expected_maximum_profit(label, ranks**2 / 100, **campaign) == said


@settings(deadline=None, derandomize=True)
@given(ranked())
def test_whole_weights_are_repeated_rows(drawn):
    """A customer drawn three times counts as three, one not drawn not at all."""
    label, risk, weight, campaign = drawn
    weighed = expected_maximum_profit(label, risk, **campaign, weight=weight.astype(float))
    repeated = expected_maximum_profit(np.repeat(label, weight), np.repeat(risk, weight), **campaign)
    assert weighed == pytest.approx(repeated, abs=1e-12)


@settings(deadline=None, derandomize=True)
@given(ranked())
def test_profit_is_never_negative_nor_more_than_the_perfect_models(drawn):
    """Contacting nobody costs nothing, and nothing beats contacting only those who leave."""
    label, risk, weight, campaign = drawn
    profit, share = expected_maximum_profit(label, risk, **campaign, weight=weight)
    perfect, _ = expected_maximum_profit(label, label, **campaign, weight=weight)
    assert 0 <= profit <= perfect + 1e-9
    assert 0 <= share <= 1

"""Chance that can be repeated."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from churnml.simulate.draws import Draws, Quantiles

PURPOSE, MOMENT = st.sampled_from(["leave", "order", "visit"]), st.integers(-1000, 100_000)


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=30, unique=True), PURPOSE, MOMENT, st.data())
def test_a_number_depends_on_its_own_customer_alone(customers, purpose, moment, data):
    """Whoever else is drawn, in whatever order, before or after: the customer's number is the same."""
    some = data.draw(st.lists(st.sampled_from(customers), min_size=1, unique=True))
    everybody = dict(zip(customers, Draws(7, np.array(customers)).uniform(purpose, moment), strict=True))
    alone = Draws(7, np.array(some))
    alone.uniform("something else", 5)
    assert dict(zip(some, alone.uniform(purpose, moment), strict=True)) == {who: everybody[who] for who in some}


@given(PURPOSE, MOMENT)
def test_among(purpose, moment):
    """Asking for some positions gives what asking for all gives there."""
    draws = Draws(7, np.arange(50))
    assert (
        draws.uniform(purpose, moment, np.array([3, 40])).tolist() == draws.uniform(purpose, moment)[[3, 40]].tolist()
    )


@pytest.mark.parametrize("other", [{"seed": 8}, {"purpose": "order"}, {"moment": 13}, {"moment": -12}])
def test_other_seeds_purposes_and_moments_are_unrelated(other):
    """Uniform in [0, 1), and uncorrelated with the numbers of another seed, purpose or moment (20,000 customers)."""
    at = {"seed": 7, "purpose": "leave", "moment": 12}
    one, two = (
        Draws(where["seed"], np.arange(20_000)).uniform(where["purpose"], where["moment"]) for where in (at, at | other)
    )
    assert 0 <= one.min() < 0.001
    assert 0.999 < one.max() < 1
    assert abs(one.mean() - 0.5) < 4 * (1 / 12 / 20_000) ** 0.5
    assert abs(np.corrcoef(one, two)[0, 1]) < 4 / 20_000**0.5


def test_happens():
    """Something with a chance of .3 happens to three in ten of those to whom it can happen, and to nobody else."""
    where = np.arange(20_000) % 2 == 0
    who = Draws(7, np.arange(20_000)).happens("rain", 3, 0.3, where)
    assert where[who].all()
    assert len(who) == pytest.approx(3000, abs=4 * (10_000 * 0.3 * 0.7) ** 0.5)


@pytest.mark.parametrize(("shape", "variance"), [(0.3, 1 / 0.3), (1.0, 1.0), (2.0, 0.5), (5.0, 0.2)])
def test_gamma(shape, variance):
    """A gamma of mean 1 has the variance 1 / shape; the cut ends cost less than 3 % of it, 8 % where it is very skewed."""
    values = Quantiles.gamma(shape)(np.linspace(0, 1, 100_001)[:-1])
    assert values.mean() == pytest.approx(1, abs=0.001)
    assert values.var() == pytest.approx(variance, rel=0.08 if shape < 1 else 0.03)
    assert (np.diff(values) >= 0).all()

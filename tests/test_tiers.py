"""Who comes first, and who gets into which tier."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from churnml.config import Tier
from churnml.tiers import assigned, ranked

#                      0    1    2    3    4
CUSTOMERS = np.array(["a", "b", "c", "d", "e"])
RISK = np.array([0.9, 0.5, 0.2, 0.5, 0.1])
VALUE = np.array([10.0, 40, 100, 40, 0])  # expected loss: 9, 20, 20, 20, 0

HIGH, LOW = Tier(name="high", capacity=2), Tier(name="low")


def tiers_of(specifications, order="expected_loss"):
    tier = assigned(ranked(CUSTOMERS, RISK, VALUE, order), RISK, specifications)
    return {name: "".join(CUSTOMERS[tier == index]) for index, name in enumerate(spec.name for spec in specifications)}


@pytest.mark.parametrize(("order", "first_to_last"), [("expected_loss", "bdcae"), ("risk", "abdce")])
def test_order_by_hand(order, first_to_last):
    """By expected loss, then risk; or by risk, then value. Ids break what ties remain."""
    assert "".join(CUSTOMERS[ranked(CUSTOMERS, RISK, VALUE, order)]) == first_to_last


def test_capacity_takes_as_many_as_a_team_can_call():
    """The first two of the ranking."""
    assert tiers_of([HIGH, LOW]) == {"high": "bd", "low": "ace"}


def test_a_capacity_larger_than_everybody_takes_all():
    """Room that nobody needs stays empty."""
    assert tiers_of([Tier(name="high", capacity=99), LOW]) == {"high": "abcde", "low": ""}


def test_share_is_of_all_customers():
    """0.4 of five are two, also for the second tier."""
    tiers = [Tier(name="high", capacity=1), Tier(name="medium", share=0.4), LOW]
    assert tiers_of(tiers) == {"high": "b", "medium": "cd", "low": "ae"}


def test_min_risk_passes_over_who_is_safe():
    """Whoever is below it isn't taken, however much is at stake; the next in the ranking are."""
    assert tiers_of([Tier(name="high", min_risk=0.5), LOW]) == {"high": "abd", "low": "ce"}
    assert tiers_of([Tier(name="high", capacity=3, min_risk=0.5), LOW]) == {"high": "abd", "low": "ce"}
    assert tiers_of([Tier(name="high", capacity=1, min_risk=0.6), LOW]) == {"high": "a", "low": "bcde"}


def test_who_is_passed_over_may_come_into_the_next_tier():
    """C is too safe for high but first in line for medium."""
    tiers = [Tier(name="high", capacity=3, min_risk=0.3), Tier(name="medium", capacity=1), LOW]
    assert tiers_of(tiers) == {"high": "abd", "medium": "c", "low": "e"}


conditions = st.one_of(
    st.builds(
        lambda size, least: {"capacity": size, "min_risk": least}, st.integers(1, 20), st.none() | st.floats(0, 1)
    ),
    st.builds(lambda share: {"share": share}, st.floats(0.01, 1)),
    st.builds(lambda least: {"min_risk": least}, st.floats(0, 1)),
)
people = st.lists(st.tuples(st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0]), st.sampled_from([0.0, 1.0, 50.0])), max_size=25)


@settings(deadline=None, derandomize=True)
@given(people, st.lists(conditions, max_size=3), st.sampled_from(["expected_loss", "risk"]), st.randoms())
def test_what_always_holds(people, conditions, order, random):
    """A ranking is a permutation; conditions hold; nobody waits for room that is there; row order is irrelevant."""
    specifications = [Tier(name=f"t{index}", **given) for index, given in enumerate(conditions)] + [LOW]
    customers = np.array([f"{number:02d}" for number in range(len(people))])
    risk, value = np.array([risk for risk, _ in people]), np.array([value for _, value in people])
    ranking = ranked(customers, risk, value, order)
    tier = assigned(ranking, risk, specifications)
    assert sorted(ranking) == list(range(len(people)))
    assert all(0 <= index < len(specifications) for index in tier)
    for index, given_ in enumerate(conditions):
        members = np.flatnonzero(tier == index)
        fitting = np.flatnonzero((tier >= index) & (risk >= (given_.get("min_risk") or 0)))
        room = given_.get("capacity", len(people))
        room = round(given_["share"] * len(people)) if "share" in given_ else room
        assert set(members) <= set(fitting)
        assert len(members) == min(room, len(fitting))
    shuffled = list(range(len(people)))
    random.shuffle(shuffled)
    again = ranked(customers[shuffled], risk[shuffled], value[shuffled], order)
    assert list(customers[shuffled][again]) == list(customers[ranking])
    assert list(assigned(again, risk[shuffled], specifications)) == list(tier[shuffled])

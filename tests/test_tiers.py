"""Who comes first, who gets into which tier, who keeps a place, and who is left alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from churnml.config import Holdout, Profit, Tier
from churnml.tiers import Before, Decision, ranked

#                      0    1    2    3    4
CUSTOMERS = np.array(["a", "b", "c", "d", "e"])
RISK = np.array([0.9, 0.5, 0.2, 0.5, 0.1])
VALUE = np.array([10.0, 40, 100, 40, 0])  # expected loss: 9, 20, 20, 20, 0

HIGH, LOW = Tier(name="high", capacity=2), Tier(name="low")


def members(placed, names):
    return {name: "".join(CUSTOMERS[placed.tier == index]) for index, name in enumerate(names)}


def on(*tiers):
    """Where customers were on the list before; what was said of them then isn't known."""
    return Before(np.array(tiers), np.full(len(tiers), np.nan))


def tiers_of(specifications, before=None, **decision):
    made = Decision(tuple(specifications), **decision)
    return members(made.place(CUSTOMERS, RISK, VALUE, before), made.names)


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


def test_max_profit_takes_whom_contacting_pays():
    """Half of the leavers stay when called; a call costs 5: a 4.5 - 5 no, b 10 - 5, c 10 - 5, d as b, e 0 - 5 no."""
    pays = Tier(name="high", max_profit=True)
    half = Profit(contact_cost=5, offer_cost=0, alpha=1, beta=1)
    assert tiers_of([pays, LOW], profit=half) == {"high": "bcd", "low": "ae"}
    dear = Profit(contact_cost=5, offer_cost=6, alpha=1, beta=1)  # b: .5 × .5 × 34 - .5 × 6 - 5 = .5; c: -.4
    assert tiers_of([pays, LOW], profit=dear) == {"high": "bd", "low": "ace"}


def test_ranks_run_through_the_tiers():
    """1 is the first of high, and low goes on where high ends, each by the order."""
    placed = Decision((HIGH, LOW)).place(CUSTOMERS, RISK, VALUE)
    assert dict(zip(CUSTOMERS, placed.rank.tolist(), strict=True)) == {"b": 1, "d": 2, "c": 3, "a": 4, "e": 5}


def test_who_was_in_a_tier_keeps_it_unless_others_are_clearly_worse():
    """C's loss of 20 counts 30 where it was in high; a's 9 counts 13.5 and isn't enough. Without a list before: b and d."""
    before = on(0, 2, 0, 2, 1)  # a and c were in high, e in medium
    assert tiers_of([HIGH, LOW], before, hysteresis=0.5) == {"high": "bc", "low": "ade"}
    assert tiers_of([HIGH, LOW], before, hysteresis=0.0) == {"high": "bd", "low": "ace"}
    assert tiers_of([HIGH, LOW], None, hysteresis=0.5) == {"high": "bd", "low": "ace"}


def test_a_place_in_a_lower_tier_is_kept_by_those_from_above():
    """A was in high and c in medium: both count for medium, whose one place c has; d was in neither."""
    tiers = [Tier(name="high", capacity=1), Tier(name="medium", capacity=1), LOW]
    before = on(0, 3, 1, 3, 3)
    assert tiers_of(tiers, before, hysteresis=0.5) == {"high": "b", "medium": "c", "low": "ade"}


def test_a_place_that_is_kept_is_no_exception_from_a_least_risk():
    """0.5 counts more for b, who was in high, against other customers; against 0.7 it is 0.5."""
    before = on(1, 0, 1, 1, 1)
    tiers = [Tier(name="high", min_risk=0.7), LOW]
    assert tiers_of(tiers, before, hysteresis=0.5) == {"high": "a", "low": "bcde"}


def test_risks_are_averaged_with_those_before():
    """Log odds, three quarters of now and a quarter of before: 0.9 and 0.1 are 0.75; who wasn't there has today's; nothing without one."""
    decision = Decision((HIGH, LOW), hysteresis=0.4)
    before = Before(np.array([1, 1, 1, 1, 2]), np.array([0.1, 0.5, 0.2, 0.5, np.nan]))
    steady = decision.place(CUSTOMERS, RISK, VALUE, before).steady
    assert steady == pytest.approx([0.75, 0.5, 0.2, 0.5, 0.1], abs=1e-6)
    assert list(decision.place(CUSTOMERS, RISK, VALUE).steady) == list(RISK)
    assert list(decision.afresh.place(CUSTOMERS, RISK, VALUE, before).steady) == list(RISK)


def test_capacity_isnt_spent_on_who_is_left_alone():
    """Of a thousand alike, as many as a team can call aren't held, and those held in between come on top."""
    customers = np.array([f"{number:04d}" for number in range(1000)])
    half = np.full(1000, 0.5)
    placed = Decision((Tier(name="high", capacity=100), LOW), holdout=Holdout(share=0.2)).place(customers, half, half)
    high = placed.tier == 0
    assert (high & ~placed.held).sum() == 100
    assert 10 <= (high & placed.held).sum() <= 45  # about 25
    assert not placed.held[~high].any()


def test_who_is_left_alone_depends_on_id_and_salt_alone():
    """The same people month after month; with a larger share the same and more; with another salt others."""
    customers = np.array([f"{number:04d}" for number in range(2000)])

    def held(share, salt="a"):
        return set(customers[Decision((LOW,), holdout=Holdout(share=share, salt=salt)).held(customers)])

    assert held(0.1) < held(0.3)
    assert 150 <= len(held(0.1)) <= 250
    assert len(held(0.1) & held(0.1, "b")) < 60
    few = customers[::7]
    assert set(few[Decision((LOW,), holdout=Holdout(share=0.1, salt="a")).held(few)]) == held(0.1) & set(few)
    assert held(0.0) == set()


conditions = st.one_of(
    st.builds(
        lambda size, least: {"capacity": size, "min_risk": least}, st.integers(1, 20), st.none() | st.floats(0, 1)
    ),
    st.builds(lambda share: {"share": share}, st.floats(0.01, 1)),
    st.builds(lambda least: {"min_risk": least}, st.floats(0, 1)),
)
people = st.lists(
    st.tuples(st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0]), st.sampled_from([0.0, 1.0, 50.0]), st.integers(0, 4)),
    max_size=25,
)


@settings(deadline=None, derandomize=True)
@given(people, st.lists(conditions, max_size=3), st.sampled_from(["expected_loss", "risk"]), st.randoms())
def test_what_always_holds(people, conditions, order, random):
    """Ranks are a permutation; conditions hold; nobody waits for room that is there; row order is irrelevant."""
    specifications = [Tier(name=f"t{index}", **given) for index, given in enumerate(conditions)] + [LOW]
    customers = np.array([f"{number:02d}" for number in range(len(people))])
    risk, value = np.array([risk for risk, _, _ in people]), np.array([value for _, value, _ in people])
    before = Before(np.array([place for _, _, place in people], dtype=int), np.full(len(people), np.nan))
    fresh = Decision(tuple(specifications), order)
    placed = fresh.place(customers, risk, value)
    assert sorted(placed.rank) == list(range(1, len(people) + 1))
    assert all(0 <= index < len(specifications) for index in placed.tier)
    for index, given_ in enumerate(conditions):
        inside = np.flatnonzero(placed.tier == index)
        fitting = np.flatnonzero((placed.tier >= index) & (risk >= (given_.get("min_risk") or 0)))
        room = given_.get("capacity", len(people))
        room = round(given_["share"] * len(people)) if "share" in given_ else room
        assert set(inside) <= set(fitting)
        assert len(inside) == min(room, len(fitting))
    kept = Decision(tuple(specifications), order, hysteresis=0.5)
    shuffled = list(range(len(people)))
    random.shuffle(shuffled)
    for one, earlier in ((fresh, None), (kept, before)):
        first = one.place(customers, risk, value, earlier)
        again = one.place(
            customers[shuffled],
            risk[shuffled],
            value[shuffled],
            None if earlier is None else on(*earlier.tier[shuffled]),
        )
        assert list(again.tier) == list(first.tier[shuffled])
        assert list(again.rank) == list(first.rank[shuffled])

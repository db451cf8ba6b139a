"""Customers: what they are like, which nobody sees."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from churnml.simulate.draws import Draws, Flags, Floats, Ints, Quantiles, whole
from churnml.simulate.world import World

OWNERS = 40
REGIONS, SEGMENTS, SOURCES, PLANS = 5, 2, 4, 3
GAP_SHAPES = (1.0, 2.0, 5.0)
"""Shapes of the gaps between orders; a customer has one of them."""
_LONGEST_BEFORE = 1000


@cache
def gamma(shape: float) -> Quantiles:
    """The gamma distribution of mean 1."""
    return Quantiles.gamma(shape)


@dataclass(frozen=True)
class People:
    """Customers of one part of the world; every array has shape (n,).

    Attributes:
        number: in the world.
        shops, subscribes: what they do.
        signed_up: day, counted from the first one that is watched; negative before it.
        order_rate: orders a day, in a usual week, of a contented customer.
        regularity: which of GAP_SHAPES.
        basket: how much dearer than others they buy.
        visit_rate: chance a day of a visit or login, likewise.
        loose: factor on every hazard; shoppers who buy often are attached, those who rarely do are not.
        frailty: factor on the hazard that has no cause.
        price_sensitive: factor on what competitors and prices do to them, 0 to 2.
        complains: factor on the chance of a ticket, very skewed.
        cheer: what they answer in surveys when contented, 0 to 1.
        answers: chance that a survey is answered.
        replies: chance that a contact is answered.
        cared: whether somebody looks after them in person, and is named in the CRM.
        owner: who does or would; `diligence` is the share of what is due that is done.
        region, segment, source: attributes that mean nothing.
        plan: index of the plan with which they begin.
        yearly: whether the contract runs a year, or a month.
    """

    number: Ints
    shops: Flags
    subscribes: Flags
    signed_up: Ints
    order_rate: Floats
    regularity: Ints
    basket: Floats
    visit_rate: Floats
    loose: Floats
    frailty: Floats
    price_sensitive: Floats
    complains: Floats
    cheer: Floats
    answers: Floats
    replies: Floats
    cared: Flags
    owner: Ints
    diligence: Floats
    region: Ints
    segment: Ints
    source: Ints
    plan: Ints
    yearly: Flags

    def __len__(self) -> int:
        return len(self.number)


def born(world: World, draws: Draws, seed: int, number: Ints) -> People:
    """The customers of these numbers.

    Args:
        world: what is planted.
        draws: theirs.
        seed: of the world; owners are drawn from it, too.
        number: of the customers, shape (n,).
    """

    def u(purpose: str) -> Floats:
        return draws.uniform(purpose)

    def spread(purpose: str, shape: float | None) -> Floats:
        return np.ones(len(number)) if shape is None else gamma(shape)(u(purpose))

    shops, subscribes = _roles(world, u("role"))
    even = world.order_shape is None
    orders = world.order_rate / 7 * spread("order rate", world.order_shape)
    visits = np.where(subscribes, world.visit_rate[1], world.visit_rate[0]) / 7
    owner = _one_of(OWNERS, u("owner"))
    return People(
        number=number,
        shops=shops,
        subscribes=subscribes,
        signed_up=_signed_up(world, draws),
        order_rate=orders,
        regularity=_ranked(world.regularity, u("regularity")),
        basket=gamma(2.5)(u("basket")),
        visit_rate=(visits * spread("visit rate", None if even else 2.5)).clip(0, 0.95),
        loose=np.where(shops & ~np.array(even), 2 / (1 + 7 * orders / world.order_rate), 1.0),
        frailty=spread("frailty", world.frailty),
        price_sensitive=2 * u("price sensitive"),
        complains=gamma(0.3)(u("complains")),
        cheer=0.35 + 0.6 * u("cheer"),
        answers=0.1 + 0.5 * u("answers"),
        replies=0.2 + 0.6 * u("inclined to reply"),
        cared=u("cared") < np.where(subscribes, 0.5, 0.25),
        owner=owner,
        diligence=0.15 + 0.85 * Draws(seed, np.arange(OWNERS)).uniform("diligence")[owner],
        region=_one_of(REGIONS, u("region")),
        segment=_one_of(SEGMENTS, u("segment")),
        source=_one_of(SOURCES, u("source")),
        plan=_ranked((0.5, 0.35, 0.15), u("plan")),
        yearly=u("yearly") < (0.0 if even else 0.3),
    )


def _roles(world: World, u: Floats) -> tuple[Flags, Flags]:
    """Who shops and who subscribes, so that nobody does neither."""
    return u < world.shops, u >= 1 - world.subscribes


def _signed_up(world: World, draws: Draws) -> Ints:
    """Day of the sign-up; with `growing`, the later the more."""
    before = world.dawn - 1 - whole(_LONGEST_BEFORE * draws.uniform("years before") ** 2)
    share = draws.uniform("signed up")
    if world.growing:
        share = np.maximum(share, draws.uniform("signed up later"))
    within = world.dawn + whole((world.days - world.dawn) * share)
    return np.where(draws.uniform("old") < world.old, before, within)


def _one_of(count: int, u: Floats) -> Ints:
    return whole(u * count)


def _ranked(shares: tuple[float, ...], u: Floats) -> Ints:
    """Which of several groups of these shares."""
    rank = np.zeros(len(u), dtype=np.int64)
    edge = 0.0
    for share in shares[:-1]:
        edge += share
        rank += u >= edge
    return rank

"""The world in numbers: who is there, what moves them, what makes them leave. Frozen under VERSION.

Everything that is planted stands here and is copied into `truth/world.json`. A change of any number, or of any line that
turns numbers into rows, makes another world and needs another VERSION (docs/decisions/0012).
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from churnml.errors import ParamsError, did_you_mean

VERSION = "1"

Kind = Literal["retail", "saas", "both"]
KINDS: tuple[Kind, ...] = ("retail", "saas", "both")

CAUSES = ("service", "value", "competitor", "operations", "relationship")
ACTIONS = ("apology", "training", "offer", "data_fix", "visit", "care_message")

_NO_SEASON = (1.0,) * 52


@dataclass(frozen=True)
class World:
    """What is planted.

    Attributes:
        kind: what the customers do: buy in a shop, hold a contract, or either or both.
        start: first day that is watched, a Monday; day 0.
        weeks: how long it is watched.
        warm_up: weeks of life before, so that moods and contracts are as they would be; nobody watches them.
        old: share of the customers who had signed up before that.
        growing: whether sign-ups rise along the way instead of being even.
        shops, subscribes: share of the customers who buy in the shop, and who hold a contract.
        order_rate: orders a week of a shopper in the mean; individuals spread as a gamma of `order_shape`.
        order_shape: 1 is a wide spread, larger is narrower; None: all are alike.
        regularity: share of customers by shape of the gaps between orders: 1 (memoryless), 2, 5 (regular).
        swing: shape of the gamma by which a customer's need differs from one eight weeks to the next; None: it doesn't.
        visit_rate: days a week with a visit (shopper), with a login (subscriber), in the mean.
        ticket_rate: tickets a week in the mean; the chance differs between customers as a gamma of shape .3.
        hazard: chance a day of leaving without any cause, long after sign-up.
        early: how many times `hazard` comes on top at sign-up; fades within 26 weeks.
        wanes: chance a week that a need begins to wane without any cause, and that it comes back.
        waned: chance a day of leaving that comes on top while a need wanes, and share of orders and visits that is left.
        frailty: shape of the gamma by which `hazard` differs between customers; None: all are alike.
        pull: by cause, chance a day of leaving at a grievance of 1.
        onset: by cause, chance a week that something happens that causes a grievance.
        calm: share of each grievance that is left after a week.
        voice: by cause, how much a grievance of 1 dampens orders, visits, use and answers.
        drawn_out: whether leavers of contracts show it: contract running out, renewal switched off, less use.
        heals: action -> cause -> share of the grievance that a contact takes away.
        reminds: actions that remind a contented customer of the competitor, and by how much.
        holdout: share of each retention list that is left alone.
        returns: chance a week that somebody who left comes back.
        season: factor on orders and visits, by week of the year.
        price_rise: week from which prices are higher, and by which factor.
        outage: week in which everything stands still for three days.
        drift: week from which the causes, and how visits are counted, are others.
        leak: whether the exports hold what only somebody who knows the future could write.
        shuffled: whether every four weeks each customer's rows go on under another customer's number.
    """

    kind: Kind
    start: date = date(2024, 1, 1)
    weeks: int = 104
    warm_up: int = 26
    old: float = 0.55
    growing: bool = False
    shops: float = 1.0
    subscribes: float = 0.0
    order_rate: float = 0.4
    order_shape: float | None = 1.1
    regularity: tuple[float, float, float] = (0.55, 0.30, 0.15)
    swing: float | None = 5.0
    visit_rate: tuple[float, float] = (2.0, 3.2)
    ticket_rate: float = 0.02
    hazard: float = 0.00004
    early: float = 10.0
    wanes: tuple[float, float] = (0.0028, 0.03)
    waned: tuple[float, float] = (0.005, 0.3)
    frailty: float | None = 4.0
    pull: tuple[float, ...] = (0.009, 0.006, 0.018, 0.0125, 0.0045)
    onset: tuple[float, ...] = (0.0, 0.0045, 0.0011, 0.0010, 0.0012)
    calm: tuple[float, ...] = (0.90, 0.94, 0.80, 0.88, 0.92)
    voice: tuple[float, ...] = (0.60, 0.80, 0.20, 0.50, 0.60)
    drawn_out: bool = True
    heals: tuple[tuple[float, ...], ...] = (
        (0.60, 0.00, 0.00, 0.10, 0.10),  # apology
        (0.05, 0.50, 0.00, 0.00, 0.10),  # training
        (0.05, 0.10, 0.55, 0.00, 0.00),  # offer
        (0.05, 0.00, 0.00, 0.65, 0.00),  # data_fix
        (0.20, 0.05, 0.05, 0.10, 0.65),  # visit
        (0.00, 0.00, 0.00, 0.00, 0.15),  # care_message
    )
    reminds: tuple[float, ...] = (0.0, 0.0, 0.03, 0.0, 0.0, 0.01)
    holdout: float = 0.2
    returns: float = 0.002
    season: tuple[float, ...] = _NO_SEASON
    price_rise: tuple[int, float] | None = None
    outage: int | None = None
    drift: int | None = None
    leak: bool = False
    shuffled: bool = False

    @property
    def days(self) -> int:
        """How many days it is watched."""
        return 7 * self.weeks

    @property
    def dawn(self) -> int:
        """The day with which life begins, 0 or before."""
        return -7 * self.warm_up


def _season(world: World) -> World:
    """Orders and visits peak in December at 1.35 and are lowest in June at .65."""
    wave = [round(1 + 0.35 * math.cos(2 * math.pi * (week - 49) / 52), 4) for week in range(52)]
    return replace(world, season=tuple(wave))


def _no_signal(world: World) -> World:
    """All customers are alike and nothing that happens to them matters: whoever leaves does so by pure chance.

    Shoppers never leave: they buy at random, and a month without an order is chance. Contracts end on the day of an
    equally probable decision, without a trace before.
    """
    nothing = (0.0,) * len(CAUSES)
    return replace(
        world, order_rate=0.5, order_shape=None, swing=None, regularity=(1.0, 0.0, 0.0), hazard=0.0015, early=0.0, wanes=(0.0, 0.0), frailty=None,
        pull=nothing, voice=nothing, reminds=(0.0,) * len(ACTIONS), returns=0.0, drawn_out=False,
    )  # fmt: skip


TWISTS: Mapping[str, Callable[[World], World]] = {
    "season": _season,
    "price_rise": lambda world: replace(world, price_rise=(world.weeks * 5 // 8, 1.12)),
    "outage": lambda world: replace(world, outage=world.weeks * 11 // 16),
    "growing": lambda world: replace(world, old=0.15, growing=True),
    "cold_start": lambda world: replace(world, weeks=min(world.weeks, 30), warm_up=0, old=0.0),
    "drift": lambda world: replace(world, drift=world.weeks * 9 // 16),
    "no_signal": _no_signal,
    "shuffled": lambda world: replace(world, shuffled=True),
    "leak": lambda world: replace(world, leak=True),
}
"""What can be added to a world, in the order in which it is."""

_SHARES = {"retail": (1.0, 0.0), "saas": (0.0, 1.0), "both": (0.7, 0.55)}


def world_of(kind: Kind, twists: Sequence[str] = (), weeks: int | None = None) -> World:
    """The world of a scenario.

    Args:
        kind: retail, saas or both.
        twists: names out of TWISTS.
        weeks: how long it is watched; None: as the scenario has it.

    Raises:
        ParamsError: no such twist, or two that contradict each other.
    """
    for name in twists:
        if name not in TWISTS:
            raise ParamsError(f"--with: no '{name}'{did_you_mean(name, list(TWISTS))} ({', '.join(TWISTS)})")
        if list(twists).count(name) > 1:
            raise ParamsError(f"--with: {name} is named twice; once is enough")
    if {"growing", "cold_start"} <= set(twists):
        raise ParamsError("--with: growing and cold_start contradict each other; choose one")
    if "no_signal" in twists and kind == "both":
        raise ParamsError("--with: no_signal needs customers who are all alike; choose --scenario retail or saas")
    shops, subscribes = _SHARES[kind]
    world = World(kind, shops=shops, subscribes=subscribes)
    if weeks is not None:
        world = replace(world, weeks=weeks)
    for name, twist in TWISTS.items():
        if name in twists:
            world = twist(world)
    return world

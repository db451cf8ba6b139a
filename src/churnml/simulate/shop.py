"""Orders: needs that grow day by day until the customer buys; baskets, discounts, refunds."""

from typing import Any

import numpy as np

from churnml.simulate.calendar import DAY
from churnml.simulate.draws import Draws, Floats, Ints, whole
from churnml.simulate.journal import Journal
from churnml.simulate.people import GAP_SHAPES, People, gamma
from churnml.simulate.state import State, Week
from churnml.simulate.world import World

CATEGORIES, PRODUCTS = 8, 200
MOST_LINES = 3
_OPENS, _OPEN_SECONDS = 8 * 3600, 14 * 3600
REFUNDED = 0.03
_SWING_WEEKS = 8
_STANDSTILL = (2, 3, 4)
"""Days of the week on which an outage stops nearly everything."""


def moment(day: Ints | int, u: Floats) -> Ints:
    """A moment of a day between 8 and 22 o'clock."""
    return np.asarray(day) * DAY + _OPENS + whole(_OPEN_SECONDS * u)


def works(world: World, week: Week, offset: int) -> float:
    """Factor on what customers do on a day: an outage stops nearly all of it."""
    return 0.1 if week.number == world.outage and offset in _STANDSTILL else 1.0


def enough(people: People, draws: Draws, day: Ints | int, who: Ints) -> Floats:
    """How much need it takes until the next order, in mean gaps; its spread is the customer's regularity.

    Need grows by the order rate and what exceeds `enough` is kept, so that orders form a gamma renewal process whose
    time runs faster when a customer is lively (Platzer and Reutterer 2016 for regularity), at exactly that rate.
    """
    u = draws.uniform("enough", day, who)
    wanted = np.empty(len(who))
    for shape, of in enumerate(GAP_SHAPES):
        mine = people.regularity[who] == shape
        wanted[mine] = gamma(of)(u[mine])
    return wanted


def order_rate(world: World, people: People, draws: Draws, week: Week) -> Floats:
    """Orders a day that a customer is good for in this week."""
    rate = people.order_rate * week.lively
    return (
        rate if world.swing is None else rate * gamma(world.swing)(draws.uniform("swing", week.number // _SWING_WEEKS))
    )


def buy(world: World, people: People, state: State, draws: Draws, week: Week, journal: Journal) -> None:
    """The orders of one week, at most one a day; whoever signs up or comes back buys on that day.

    Those without a rhythm buy on any day with the same chance; the need of the others grows until it is enough.
    """
    pace = order_rate(world, people, draws, week)
    by_chance = people.regularity == 0
    for offset in range(7):
        here, day = week.here(offset) & people.shops, week.day + offset
        today = np.where(here, pace * works(world, week, offset), 0.0)
        state.need += np.where(by_chance, 0.0, today)
        wanted = np.where(by_chance, draws.uniform("order", day) < today, state.need >= state.enough)
        who = np.flatnonzero(here & (wanted | (week.new & (week.since == offset))))
        _basket(world, people, draws, day, who, journal)
        state.need[who] = (state.need[who] - state.enough[who]).clip(0)
        state.enough[who] = enough(people, draws, day, who)
        state.seen[who] = day


def _basket(world: World, people: People, draws: Draws, day: int, who: Ints, journal: Journal) -> None:
    size = draws.uniform("lines", day, who)
    at = moment(day, draws.uniform("order at", day, who))
    back = draws.uniform("refund", day, who) < REFUNDED
    back_at = moment(
        day + 3 + whole(18 * draws.uniform("refund after", day, who)), draws.uniform("refund at", day, who)
    )
    rise = world.price_rise
    dearer = rise[1] if rise and day >= 7 * rise[0] else 1.0
    for line in range(MOST_LINES):
        has = size < (1.0, 0.3, 0.08)[line]
        buyers = who[has]
        slot = day * MOST_LINES + line
        product = whole(PRODUCTS * draws.uniform("product", slot, buyers))
        quantity = 1 + (draws.uniform("quantity", slot, buyers) < 0.2)
        full = whole(np.rint((500 + 37 * product) * people.basket[buyers] * dearer)) * quantity
        cut = draws.uniform("discount", slot, buyers) < 0.08 + 0.1 * people.price_sensitive[buyers]
        discount = np.where(cut, full // 10, 0)
        sold: dict[str, Any] = {
            "day": day, "line": line, "product": product, "category": product % CATEGORIES,
            "channel": whole(3 * draws.uniform("order channel", day, buyers)),
        }  # fmt: skip
        journal.note(
            "transactions", buyers, at[has], **sold, quantity=quantity, discount=discount, amount=full - discount
        )
        gone = back[has]
        again = {name: cell[gone] if isinstance(cell, np.ndarray) else cell for name, cell in sold.items()}
        journal.note(
            "transactions", buyers[gone], back_at[has][gone], **again, quantity=-quantity[gone],
            discount=-discount[gone], amount=-(full - discount)[gone],
        )  # fmt: skip

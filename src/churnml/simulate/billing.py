"""Contracts: they begin, are billed each month, change, and end; some leavers say so, some don't."""

import numpy as np

from churnml.simulate.calendar import DAY, NEVER, Calendar
from churnml.simulate.draws import Draws, Flags, Ints
from churnml.simulate.journal import MISSING, Journal
from churnml.simulate.moods import NO_CAUSE, VALUE
from churnml.simulate.people import People
from churnml.simulate.shop import CATEGORIES, PRODUCTS, moment
from churnml.simulate.state import State, Week
from churnml.simulate.words import EVENTS
from churnml.simulate.world import World

MONTHLY_CENTS = np.array([2900, 7900, 19900])
INVOICE_CHANNEL = 3
_BILLED_AT = 9 * 3600
_CANCELS, _LETS_IT_END = 0.55, 0.25
"""Shares of the leavers who cancel, and who switch renewal off; the others fall silent and don't pay in the end."""
HONEST = 0.65
"""Share of the cancelling who state the true cause."""
_OTHER_REASON = 5


def begin(state: State, who: Ints, day: Ints) -> None:
    """Give these customers a contract from a day on."""
    state.begun[who] = day
    state.ends[who] = NEVER
    state.stated[who] = MISSING
    state.silent[who] = False


def give_notice(
    world: World, people: People, state: State, calendar: Calendar, draws: Draws, week: Week, journal: Journal
) -> None:
    """What leavers of this week do about their contract."""
    left = (state.begun < NEVER) & (state.ends == NEVER) & (week.since == 0) & (week.until < 7)
    who = np.flatnonzero(left)
    day = state.left[who]
    end = calendar.next_billing(state.begun[who], people.yearly[who], day)
    state.ends[who] = end if world.drawn_out else day
    u = draws.uniform("how they leave", week.number, who)
    cancels = u < _CANCELS if world.drawn_out else np.ones(len(who), dtype=bool)
    passive = ~cancels & (u < _CANCELS + _LETS_IT_END)
    state.silent[who] = ~cancels & ~passive
    at = moment(day, draws.uniform("gives notice at", week.number, who)) if world.drawn_out else day * DAY
    honest = (draws.uniform("honest", week.number, who) < HONEST) & (state.cause[who] < NO_CAUSE)
    reason = np.where(honest, state.cause[who], _OTHER_REASON)
    state.stated[who] = np.where(cancels, reason, MISSING)
    journal.note("cancellations", who[cancels], at[cancels], reason=reason[cancels])
    off = EVENTS.index("auto_renew_off")
    journal.note("activity", who[passive], at[passive], event=off, feature=MISSING, quantity=MISSING)


def bill(
    world: World, people: People, state: State, calendar: Calendar, draws: Draws, week: Week, journal: Journal
) -> None:
    """Invoices, changes of plan and ends of contracts in one week."""
    dom = calendar.billed_on(np.where(state.begun < NEVER, state.begun, 0))
    rise = world.price_rise
    for offset in range(7):
        day = week.day + offset
        ending = np.flatnonzero(state.ends == day)
        close(state, ending, np.full(len(ending), day), journal)
        late = ending[state.silent[ending]]
        overdue = EVENTS.index("payment_overdue")
        journal.note("activity", late, _at(day, late), event=overdue, feature=MISSING, quantity=MISSING)
        state.begun[ending] = NEVER
        today = np.full(len(people), day)
        due = (state.begun <= day) & ((calendar.day_of_month(today) == dom) | (state.begun == day))
        _change_plans(state, draws, day, due & (state.begun < day), journal)
        if rise and week.number >= rise[0]:
            _change(state, np.flatnonzero(due & ~state.dearer & (state.ends == NEVER)), day, journal)
            state.dearer |= due & (state.ends == NEVER)
        who = np.flatnonzero(due)
        journal.note(
            "transactions", who, _at(day, who), day=day, line=0, product=PRODUCTS + state.plan[who],
            category=CATEGORIES, channel=INVOICE_CHANNEL, quantity=1, discount=0,
            amount=monthly_cents(world, state.plan[who], state.dearer[who]),
        )  # fmt: skip


def monthly_cents(world: World, plan: Ints, dearer: Flags) -> Ints:
    """Price of a month."""
    factor = world.price_rise[1] if world.price_rise else 1.0
    cents: Ints = np.rint(MONTHLY_CENTS[plan] * np.where(dearer, factor, 1.0)).astype(np.int64)
    return cents


def close(state: State, who: Ints, ended: Ints, journal: Journal) -> None:
    """Write down the contracts of these customers; `ended` is NEVER for those that run on."""
    journal.note(
        "subscriptions", who, state.begun[who] * DAY, ended=np.where(ended < NEVER, ended * DAY, NEVER),
        plan=state.plan[who], dearer=state.dearer[who].astype(np.int64), reason=state.stated[who],
        runs_out=((state.ends[who] < NEVER) & ~state.silent[who]).astype(np.int64),
    )  # fmt: skip


def _change_plans(state: State, draws: Draws, day: int, able: Flags, journal: Journal) -> None:
    """Whoever sees less value takes a smaller plan; now and then somebody takes a larger one."""
    less = np.where(state.grievances[VALUE] > 0.5, 0.12, 0.0)
    down = draws.happens("smaller plan", day, less, able & (state.plan > 0) & (state.ends == NEVER))
    up = draws.happens("larger plan", day, 0.01, able & (state.plan < 2) & (less == 0) & (state.ends == NEVER))
    for who, step in ((down, -1), (up, 1)):
        _change(state, who, day, journal)
        state.plan[who] += step


def _change(state: State, who: Ints, day: int, journal: Journal) -> None:
    """End contracts and begin new ones on the same day, billed on the same day of the month."""
    older = who[state.begun[who] < day]
    close(state, older, np.full(len(older), day), journal)
    state.begun[older] = day


def _at(day: int, who: Ints) -> Ints:
    return np.full(len(who), day * DAY + _BILLED_AT)

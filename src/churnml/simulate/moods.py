"""What stirs customers, what it does to their hazard, and who leaves.

Hazards add up: the chance a day of leaving is `frailty x hazard(tenure)`, which has no cause, plus `pull[c] x
grievance[c]` for each cause, all of it times `loose`. So the cause of a departure is well defined: each with its share of the hazard then
(competing risks; Aalen 1980 for additive hazards).
"""

import numpy as np

from churnml.simulate.calendar import Calendar
from churnml.simulate.draws import Draws, Floats, Ints, whole
from churnml.simulate.people import People
from churnml.simulate.state import State, Week
from churnml.simulate.words import EVENTS
from churnml.simulate.world import CAUSES, World

SERVICE, VALUE, COMPETITOR, OPERATIONS, RELATIONSHIP = range(len(CAUSES))
NO_CAUSE = len(CAUSES)
MOST_GRIEVED = 1.5
HIGHEST_HAZARD = 0.08
NEGLECTED_AFTER_WEEKS = 10
_EARLY_WEEKS = 26
_SPOILS = (0.5, 0.4, 0.15, 0.35, 0.35)
_RENEWAL_DAYS = 42


def stir(world: World, people: People, state: State, draws: Draws, week: Week) -> None:
    """Let a week's worth of things happen to those who are there, and old grievances fade."""
    alive, number = state.alive, week.number
    state.grievances *= np.array(world.calm)[:, None]
    state.gripe[:] = -1
    drifted = world.drift is not None and number >= world.drift
    rate = dict(zip(CAUSES, world.onset, strict=True))
    if drifted:
        rate["value"], rate["competitor"], rate["operations"] = rate["value"] / 3, rate["competitor"] * 3, 0.0

    faded = draws.happens("need fades", number, rate["value"], alive & (state.fading == 0))
    state.fading[faded] = 12 + whole(13 * draws.uniform("fades for", number, faded))
    _gripe(state, draws, number, VALUE, 0.3, faded)
    _signal(week, draws, "newsletter_off", 0.65, faded)
    fading = np.flatnonzero(alive & (state.fading > 0))
    _grieve(state, VALUE, fading, np.full(len(fading), 0.09))
    state.fading[fading] -= 1

    state.waning[draws.happens("comes round", number, world.wanes[1], state.waning)] = False
    waned = draws.happens("need wanes", number, world.wanes[0], alive & ~state.waning)
    state.waning[waned] = True
    _signal(week, draws, "newsletter_off", 0.8, np.setdiff1d(waned, faded))

    tempted = draws.happens("competitor", number, rate["competitor"] * people.price_sensitive, alive)
    _grieve(state, COMPETITOR, tempted, 0.6 + 0.6 * draws.uniform("how tempting", number, tempted))
    _signal(week, draws, "cancel_page_viewed", 0.75, tempted)
    _gripe(state, draws, number, COMPETITOR, 0.3, tempted)

    muddled = draws.happens("muddle", number, rate["operations"], alive)
    _grieve(state, OPERATIONS, muddled, 0.5 + 0.6 * draws.uniform("how muddled", number, muddled))
    _signal(week, draws, "payment_overdue", 0.75, muddled)
    _gripe(state, draws, number, OPERATIONS, 0.3, muddled)

    orphaned = draws.happens("contact leaves", number, rate["relationship"], alive & people.subscribes)
    _grieve(state, RELATIONSHIP, orphaned, np.full(len(orphaned), 0.9))
    _signal(week, draws, "key_contact_changed", 0.9, orphaned)
    state.unattended += 1
    neglected = np.flatnonzero(alive & people.cared & (state.unattended > NEGLECTED_AFTER_WEEKS))
    _grieve(state, RELATIONSHIP, neglected, np.full(len(neglected), 0.05))

    if world.price_rise and number == world.price_rise[0]:
        everybody = np.flatnonzero(alive)
        _grieve(state, COMPETITOR, everybody, 0.25 * people.price_sensitive[everybody])
        _grieve(state, VALUE, everybody, np.full(len(everybody), 0.1))
    if number == world.outage:
        hit = draws.happens("outage hits", number, 0.6, alive)
        _grieve(state, SERVICE, hit, 0.3 + 0.7 * draws.uniform("how badly", number, hit))


def hazards(world: World, people: People, state: State, calendar: Calendar, week: Week) -> Floats:
    """Chance a day of leaving in this week, by cause and, last, without one; shape (causes + 1, n), 0 for the dead."""
    weeks_there = (week.day - people.signed_up) / 7
    fresh = (1 - weeks_there / _EARLY_WEEKS).clip(0, 1)
    by_cause = np.array(world.pull)[:, None] * state.grievances
    if world.drift is not None and week.number >= world.drift:
        by_cause[SERVICE] *= 0.4
    without = world.hazard * people.frailty * (1 + world.early * fresh) + world.waned[0] * state.waning
    every = np.vstack([by_cause, without[None, :]]) * people.loose
    if world.drawn_out:
        every *= _renewal(people, state, calendar, week)
    else:
        every *= ~people.shops
    over = total(every)
    every *= np.where(over > HIGHEST_HAZARD, HIGHEST_HAZARD / np.maximum(over, HIGHEST_HAZARD), 1.0)
    return every * state.alive


def mood(people: People, state: State, who: Ints) -> Floats:
    """How they would rate us, about 0 to 1; price and competitors hardly spoil it, poor service does."""
    spoilt = np.zeros(len(who))
    for weight, grievance in zip(_SPOILS, state.grievances[:, who], strict=True):
        spoilt = spoilt + weight * grievance
    return people.cheer[who] - spoilt


def total(every: Floats) -> Floats:
    """The sum of hazards, added in one order everywhere."""
    over = np.zeros(every.shape[1])
    for part in every:
        over = over + part
    return over


def depart(every: Floats, state: State, draws: Draws, week: Week) -> None:
    """Decide who leaves on which day of the week, and why."""
    daily = total(every)
    u = draws.uniform("leave", week.number)
    day = np.zeros(len(u), dtype=np.int64)
    stays = np.ones(len(u))
    for _ in range(7):
        stays = stays * (1 - daily)
        day += u >= 1 - stays
    leaving = np.flatnonzero(state.alive & (week.since == 0) & (day < 7) & (daily > 0))
    share = draws.uniform("why", week.number, leaving) * daily[leaving]
    cause = np.zeros(len(leaving), dtype=np.int64)
    reached = np.zeros(len(leaving))
    for part in every[:-1]:
        reached = reached + part[leaving]
        cause += share >= reached
    week.until[leaving] = day[leaving]
    state.left[leaving] = week.day + day[leaving]
    state.cause[leaving] = cause


def voice(world: World, state: State) -> Floats:
    """How lively customers are, 1 when contented; grievances dampen it, some causes hardly at all."""
    dampened = np.zeros(len(state.alive))
    for weight, grievance in zip(world.voice, state.grievances, strict=True):
        dampened = dampened + weight * grievance
    return (1 - dampened.clip(0, 0.9)) * np.where(state.waning, world.waned[1], 1.0)


def _renewal(people: People, state: State, calendar: Calendar, week: Week) -> Floats:
    """Contracts of a year are left when they come up for renewal rather than in between."""
    factor = np.ones(len(state.alive))
    held = np.flatnonzero((state.begun <= week.day) & people.yearly & state.alive)
    day = np.full(len(held), week.day, dtype=np.int64)
    due = calendar.next_billing(state.begun[held], people.yearly[held], day) - week.day
    factor[held] = np.where(due <= _RENEWAL_DAYS, 3.0, 0.5)
    return factor


def _grieve(state: State, cause: int, who: Ints, much: Floats) -> None:
    state.grievances[cause, who] = np.minimum(state.grievances[cause, who] + much, MOST_GRIEVED)


def _signal(week: Week, draws: Draws, event: str, chance: float, who: Ints) -> None:
    shown = who[draws.uniform(f"{event} shows", week.number, who) < chance]
    offset = whole(7 * draws.uniform(f"{event} on", week.number, shown))
    week.signals.append((EVENTS.index(event), shown, offset))


def _gripe(state: State, draws: Draws, number: int, cause: int, chance: float, who: Ints) -> None:
    state.gripe[who[draws.uniform(f"gripe {cause}", number, who) < chance]] = cause

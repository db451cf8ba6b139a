"""Contacts: owners who follow up or don't, and retention lists that leave a share alone; what a contact really does."""

import numpy as np

from churnml.simulate.calendar import DAY, NEVER, Calendar
from churnml.simulate.draws import Draws, Floats, Ints, whole
from churnml.simulate.journal import MISSING, Journal
from churnml.simulate.moods import COMPETITOR, RELATIONSHIP, SERVICE, hazards, mood, total
from churnml.simulate.people import People
from churnml.simulate.shop import moment
from churnml.simulate.state import State, Week
from churnml.simulate.words import ARMS
from churnml.simulate.world import ACTIONS, World

CHECK_IN = len(ACTIONS)
TREATED, HOLDOUT = range(len(ARMS))
NO_LIST = -1
_LIST_WEEKS, _LISTED_IN_WEEK = 4, 2
_QUIET_DAYS, _GONE_DAYS = 21, 120
_ON_THE_LIST = 0.4
CONTENTED = 0.05
"""Below this sum of grievances a customer has nothing to complain about."""


def follow_up(people: People, state: State, draws: Draws, week: Week, journal: Journal) -> None:
    """Owners check in, the diligent ones about every eight weeks; that heals what neglect did."""
    known = (state.seen > week.day - _GONE_DAYS) & ~week.new
    due = np.where(people.cared, 0.2, 0.01) * people.diligence
    who = draws.happens("check in", week.number, due, known)
    there = _contact(people, state, draws, week, journal, who, np.full(len(who), CHECK_IN), None)
    state.grievances[RELATIONSHIP, there] *= 0.4
    state.grievances[SERVICE, there] *= 0.9


def reach_out(
    world: World, people: People, state: State, calendar: Calendar, draws: Draws, week: Week, journal: Journal
) -> None:
    """A list every four weeks: who has gone quiet or complains; actions and holdout by lot, so that effects show.

    Args:
        world: effects, and the share left alone.
        people: who they are.
        state: their grievances are healed.
        calendar: of the world.
        draws: chance.
        week: now.
        journal: gets the contacts and what they did.
    """
    if week.number % _LIST_WEEKS != _LISTED_IN_WEEK:
        return
    silence = week.day - state.seen
    quiet = (silence > _QUIET_DAYS) & (silence <= _GONE_DAYS)
    listed = (quiet | (state.complaint_open > week.day * DAY)) & ~week.new
    who = draws.happens("on the list", week.number, _ON_THE_LIST, listed)
    action = whole(len(ACTIONS) * draws.uniform("action", week.number, who))
    alone = draws.uniform("arm", week.number, who) < world.holdout
    healed = _healed(world, state, who, action)
    before, after = (
        _hazards_if(world, people, state, calendar, week, who, grievances)
        for grievances in (state.grievances[:, who], healed)
    )
    there = _contact(people, state, draws, week, journal, who, action, alone)
    reached = np.isin(who, there)
    state.grievances[:, who[reached]] = healed[:, reached]
    journal.note(
        "truth_contacts", who, np.full(len(who), week.day * DAY), action=action, arm=np.where(alone, HOLDOUT, TREATED),
        alive=state.alive[who].astype(np.int64), reached=reached.astype(np.int64), before=before, after=after,
    )  # fmt: skip


def _healed(world: World, state: State, who: Ints, action: Ints) -> Floats:
    """Grievances after the action, shape (causes, k)."""
    left = 1 - np.array(world.heals)[action].T
    healed: Floats = state.grievances[:, who] * left
    burden = np.zeros(len(who))
    for grievance in state.grievances[:, who]:
        burden = burden + grievance
    reminded = np.where(burden < CONTENTED, np.array(world.reminds)[action], 0.0)
    healed[COMPETITOR] = healed[COMPETITOR] + reminded
    return healed


def _hazards_if(
    world: World, people: People, state: State, calendar: Calendar, week: Week, who: Ints, grievances: Floats
) -> Floats:
    """The hazards of these customers, were these their grievances, shape (causes, k)."""
    as_they_are = state.grievances[:, who]
    state.grievances[:, who] = grievances
    would_be = total(hazards(world, people, state, calendar, week))[who]
    state.grievances[:, who] = as_they_are
    return would_be


def _contact(
    people: People, state: State, draws: Draws, week: Week, journal: Journal, who: Ints, action: Ints,
    alone: np.ndarray | None,
) -> Ints:  # fmt: skip
    """Write down the contacts; returns who was really contacted while there."""
    offset = whole(5 * draws.uniform(f"contact on {alone is None}", week.number, who))
    at = moment(week.day + offset, draws.uniform(f"contact at {alone is None}", week.number, who))
    made = np.ones(len(who), dtype=bool) if alone is None else ~alone
    there = week.there(who, offset) & made
    replies = there & (
        draws.uniform(f"replies {alone is None}", week.number, who) < people.replies[who] * week.lively[who].clip(0, 1)
    )
    after = at + DAY * whole(5 * draws.uniform(f"replies after {alone is None}", week.number, who)) + 3 * 3600
    rating = mood(people, state, who)
    answer = np.where(rating > 0.5, 0, np.where(rating > 0.25, 1, 2))
    journal.note(
        "contacts", who, at, action=action, channel=whole(3 * draws.uniform(f"by {alone is None}", week.number, who)),
        arm=MISSING if alone is None else np.where(alone, HOLDOUT, TREATED),
        list=NO_LIST if alone is None else week.number, answered=np.where(replies, after, NEVER), answer=answer,
    )  # fmt: skip
    state.unattended[who[made]] = 0
    reached: Ints = who[there]
    return reached

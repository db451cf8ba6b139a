"""Tickets, how they are handled, and what that does to the customer; surveys, which some answer."""

import numpy as np

from churnml.simulate.calendar import NEVER
from churnml.simulate.draws import Draws, Floats, Ints, whole
from churnml.simulate.journal import MISSING, Journal
from churnml.simulate.moods import MOST_GRIEVED, SERVICE, mood
from churnml.simulate.people import People, gamma
from churnml.simulate.shop import moment
from churnml.simulate.state import State, Week
from churnml.simulate.words import NO_COMPLAINT, SURVEY_KINDS, TICKET_KINDS
from churnml.simulate.world import World

_QUESTION, _PROBLEM, _COMPLAINT = range(len(TICKET_KINDS))
_NPS, _CSAT = range(len(SURVEY_KINDS))
SLOW_REPLY_HOURS, SLOW_HOURS = 24, 7 * 24
BADLY = 0.3
_HOUR = 3600
_SEVERITY = np.array([0.15, 0.5, 0.9])
_NPS_WEEKS, _CSAT_WEEKS = 26, 13


def handle(world: World, people: People, state: State, draws: Draws, week: Week, journal: Journal) -> None:
    """Tickets of one week, at most one per customer. Three in ten are handled badly.

    Handled badly means slowly, and hurts by its severity; a good handling heals a little of old grievances (the
    recovery paradox isn't modelled: nobody ends up happier than before).
    """
    number = week.number
    standstill = 0.06 if number == world.outage else 0.0
    chance = world.ticket_rate * people.complains * (1 + 2 * state.grievances[SERVICE]) + standstill
    who = draws.happens("ticket", number, np.where(state.gripe >= 0, 1.0, chance.clip(0, 0.5)), week.until > week.since)
    offset = whole(7 * draws.uniform("ticket on", number, who))
    there = week.there(who, offset)
    who, opened = who[there], moment(week.day + offset[there], draws.uniform("ticket at", number, who[there]))

    gripe = state.gripe[who]
    kind = _kind(state, draws, number, who)
    overload = 0.35 if number == world.outage else 0.0
    badly = draws.uniform("handled", number, who) < BADLY + overload
    replied = opened + _hours(2.5, 6.0, badly, 8, draws.uniform("reply", number, who))
    resolved = replied + _hours(2.0, 30.0, badly, 9, draws.uniform("solve", number, who))
    resolved = np.where(badly & (draws.uniform("never", number, who) < 0.15), NEVER, resolved)
    bad = (replied - opened > SLOW_REPLY_HOURS * _HOUR) | (resolved - opened > SLOW_HOURS * _HOUR)
    rating = people.cheer[who] - 0.4 * bad + 0.3 * (draws.uniform("rates", number, who) - 0.5)
    rated = (draws.uniform("rated", number, who) < 0.4) & (resolved < NEVER)
    journal.note(
        "tickets", who, opened, week=number, kind=kind,
        first_response=replied, resolved=resolved, satisfaction=np.where(rated, _scale(rating, 1, 5), MISSING),
        priority=np.minimum(kind + (draws.uniform("priority", number, who) < 0.2), 2),
        text=np.where(gripe >= 0, gripe, np.where(kind == _COMPLAINT, SERVICE, NO_COMPLAINT)),
    )  # fmt: skip
    state.complaint_open[who] = np.where(kind == _COMPLAINT, resolved, state.complaint_open[who])
    before = state.grievances[SERVICE, who]
    state.grievances[SERVICE, who] = np.where(bad, before + _SEVERITY[kind], 0.8 * before).clip(0, MOST_GRIEVED)


def ask(people: People, state: State, draws: Draws, week: Week, journal: Journal) -> None:
    """Surveys of one week: NPS twice a year, satisfaction four times; the dissatisfied answer less often."""
    for kind, every in ((_NPS, _NPS_WEEKS), (_CSAT, _CSAT_WEEKS)):
        due = (people.number + week.number) % every == 0
        chance = people.answers * week.lively.clip(0, 1)
        who = draws.happens(f"survey {kind}", week.number, chance, due & (week.until > week.since))
        offset = whole(7 * draws.uniform(f"survey {kind} on", week.number, who))
        there = week.there(who, offset)
        who, offset = who[there], offset[there]
        worst = np.argmax(state.grievances[:, who], axis=0)
        hurt = state.grievances[worst, who]
        rating = mood(people, state, who) + 0.25 * (draws.uniform(f"score {kind}", week.number, who) - 0.5)
        writes = draws.uniform(f"writes {kind}", week.number, who) < 0.3
        journal.note(
            "surveys", who, moment(week.day + offset, draws.uniform(f"survey {kind} at", week.number, who)), kind=kind,
            score=_scale(rating, *((0, 10) if kind == _NPS else (1, 5))),
            text=np.where(writes, np.where(hurt > 0.25, worst, NO_COMPLAINT), MISSING),
        )  # fmt: skip


def _kind(state: State, draws: Draws, number: int, who: Ints) -> Ints:
    u = draws.uniform("ticket kind", number, who)
    complaint = u < 0.12 + 0.25 * state.grievances[SERVICE, who]
    return np.where(complaint | (state.gripe[who] >= 0), _COMPLAINT, np.where(u > 0.65, _PROBLEM, _QUESTION))


def _hours(shape: float, usual: float, badly: np.ndarray, slower: int, u: Floats) -> Ints:
    """Seconds that a step of the handling takes, `slower` times as long where it is done badly."""
    return whole(gamma(shape)(u) * usual * _HOUR * np.where(badly, slower, 1))


def _scale(rating: Floats, lowest: int, highest: int) -> Ints:
    """A rating of 0 to 1 as a whole number on a scale."""
    return lowest + whole(np.rint(rating.clip(0, 1) * (highest - lowest)))

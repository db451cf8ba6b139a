"""Visits, logins and the use of features; and the signals that show what stirred a customer."""

import numpy as np

from churnml.simulate.draws import Draws, Ints, whole
from churnml.simulate.journal import MISSING, Journal
from churnml.simulate.moods import VALUE
from churnml.simulate.people import People
from churnml.simulate.shop import moment, works
from churnml.simulate.state import State, Week
from churnml.simulate.words import EVENTS
from churnml.simulate.world import World

_VISIT, _LOGIN, _FEATURE_USE = (EVENTS.index(name) for name in ("visit", "login", "feature_use"))
_FEATURES = 6
_USES = 0.6
"""Share of login days on which a feature is used that is worth a row."""


def use(world: World, people: People, state: State, draws: Draws, week: Week, journal: Journal) -> None:
    """The visits and logins of one week, and the signals that belong to it."""
    counted = 0.5 if world.drift is not None and week.number >= world.drift else 1.0
    for offset in range(7):
        day = week.day + offset
        chance = people.visit_rate * week.lively * works(world, week, offset)
        who = draws.happens("visit", day, chance, week.here(offset))
        state.seen[who] = day
        at = moment(day, draws.uniform("visit at", day, who))
        if counted < 1:
            seen = draws.uniform("counted", day, who) < counted
            who, at = who[seen], at[seen]
        event = np.where(people.subscribes[who], _LOGIN, _VISIT)
        journal.note("activity", who, at, event=event, feature=MISSING, quantity=MISSING)
        _features(people, state, draws, day, who, at, journal)
    for event_index, stirred, days in week.signals:
        there = week.there(stirred, days)
        shown, day_of = stirred[there], week.day + days[there]
        at = moment(day_of, draws.uniform("signal at", week.number * len(EVENTS) + event_index, shown))
        journal.note("activity", shown, at, event=event_index, feature=MISSING, quantity=MISSING)


def _features(people: People, state: State, draws: Draws, day: int, who: Ints, at: Ints, journal: Journal) -> None:
    """Whoever sees less value in it uses fewer features, and those less."""
    using = people.subscribes[who] & (draws.uniform("uses", day, who) < _USES)
    who, at = who[using], at[using]
    interest = (1 - state.grievances[VALUE, who]).clip(0, 1)
    breadth = 1 + whole((_FEATURES - 1) * interest)
    feature = whole(breadth * draws.uniform("feature", day, who))
    quantity = 1 + whole(9 * interest * draws.uniform("how much", day, who))
    journal.note("activity", who, at + 60, event=_FEATURE_USE, feature=feature, quantity=quantity)

"""The order in which things happen to customers, week by week."""

from dataclasses import dataclass

import numpy as np

from churnml.simulate.billing import begin, bill, close, give_notice
from churnml.simulate.calendar import DAY, NEVER, Calendar
from churnml.simulate.desk import ask, handle
from churnml.simulate.draws import Draws, Flags, Floats, Ints, whole
from churnml.simulate.journal import Journal
from churnml.simulate.moods import depart, hazards, mood, stir, voice
from churnml.simulate.outreach import follow_up, reach_out
from churnml.simulate.people import People, born
from churnml.simulate.shop import buy, enough, order_rate
from churnml.simulate.state import State, Week
from churnml.simulate.usage import use
from churnml.simulate.world import CAUSES, World


@dataclass(frozen=True)
class Lived:
    """What became of some customers.

    Attributes:
        people: who they are.
        state: how they are at the end.
        journal: what happened to them.
    """

    people: People
    state: State
    journal: Journal


def live(world: World, seed: int, number: Ints) -> Lived:
    """Let the customers of these numbers live through the world.

    Args:
        world: what is planted.
        seed: of all chance.
        number: of the customers, shape (n,).
    """
    draws = Draws(seed, number)
    people, calendar, journal = born(world, draws, seed, number), Calendar(world.start), Journal()
    state = State.before(people)
    _were_there_before(world, people, state, draws)
    for count in range(-world.warm_up, world.weeks):
        week = _begin(world, people, state, draws, count, journal)
        stir(world, people, state, draws, week)
        every = hazards(world, people, state, calendar, week)
        week.lively = voice(world, state) * world.season[count % 52]
        depart(every, state, draws, week)
        _remember(people, state, week, every, order_rate(world, people, draws, week), journal)
        give_notice(world, people, state, calendar, draws, week, journal)
        bill(world, people, state, calendar, draws, week, journal)
        buy(world, people, state, draws, week, journal)
        use(world, people, state, draws, week, journal)
        follow_up(people, state, draws, week, journal)
        reach_out(world, people, state, calendar, draws, week, journal)
        handle(world, people, state, draws, week, journal)
        ask(people, state, draws, week, journal)
        _end(state, week, journal)
    running = np.flatnonzero(state.begun < NEVER)
    close(state, running, np.full(len(running), NEVER), journal)
    return Lived(people, state, journal)


def _were_there_before(world: World, people: People, state: State, draws: Draws) -> None:
    """Whoever signed up earlier is a customer when life begins, somewhere between two orders."""
    old = people.signed_up < world.dawn
    who = np.flatnonzero(old)
    state.alive |= old
    state.enough[:] = enough(people, draws, world.dawn, np.arange(len(people)))
    state.need[who] = state.enough[who] * draws.uniform("need at first", 0, who)
    state.seen[who] = world.dawn - 1 - whole(20 * draws.uniform("seen before", 0, who))
    holds = np.flatnonzero(old & people.subscribes)
    begin(state, holds, people.signed_up[holds])


def _begin(world: World, people: People, state: State, draws: Draws, number: int, journal: Journal) -> Week:
    """Who is there in a week: customers of before, those who sign up, those who come back."""
    back = draws.happens("comes back", number, world.returns, ~state.alive & (state.left < 7 * number))
    arriving = people.signed_up // 7 == number
    since = np.where(state.alive, 0, np.where(arriving, people.signed_up - 7 * number, 7))
    since[back] = whole(7 * draws.uniform("comes back on", number, back))
    state.grievances[:, back] = 0.0
    state.fading[back] = 0
    state.waning[back] = False
    new = np.flatnonzero(arriving)
    _sign(people, state, new, 7 * number + since[new])
    _sign(people, state, back, 7 * number + since[back])
    journal.note("truth_returns", back, (7 * number + since[back]) * DAY)
    arriving[back] = True
    return Week(number, arriving, since, np.where(since < 7, 7, 0), np.ones(len(people)))


def _sign(people: People, state: State, who: Ints, day: Ints) -> None:
    """A welcome, and a contract for those who subscribe and have none."""
    state.unattended[who] = 0
    stays = who[state.begun[who] < NEVER]  # the old contract still runs: its notice is withdrawn
    begin(state, stays, state.begun[stays])
    signs: Flags = people.subscribes[who] & (state.begun[who] == NEVER)
    begin(state, who[signs], day[signs])


def _remember(people: People, state: State, week: Week, every: Floats, orders: Floats, journal: Journal) -> None:
    """The truth about everybody who is alive when a week begins that is watched."""
    if week.number < 0:
        return
    who = np.flatnonzero(state.alive)
    causes = {f"hazard_{name}": every[index, who] for index, name in enumerate((*CAUSES, "none"))}
    journal.note(
        "truth_states", who, np.full(len(who), week.day * DAY), **causes,
        orders_per_day=np.where(people.shops, orders, 0)[who],
        visits_per_day=(people.visit_rate * week.lively)[who], mood=mood(people, state, who),
    )  # fmt: skip


def _end(state: State, week: Week, journal: Journal) -> None:
    """Who left this week is gone; who came is there from now on."""
    gone = np.flatnonzero((week.since == 0) & (week.until < 7))
    ends = state.ends[gone] < NEVER
    manner = np.where(state.stated[gone] >= 0, 0, np.where(ends & ~state.silent[gone], 1, 2))
    journal.note("truth_departures", gone, state.left[gone] * DAY, cause=state.cause[gone], manner=manner)
    state.alive = (week.since < 7) & (week.until == 7)

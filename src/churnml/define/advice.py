"""Which definition to choose: a simple rule, its reason, and what the other choice would cost.

1. Where most customers have contracts or say that they leave, a cancellation says it better than silence does.
2. Of each kind, the shortest horizon that has 4 cutoffs, at which 2 to 80 % leave (and 30 in all), and of whose leavers
   at most 20 % come back: the shorter, the sooner a team can act.
3. Where none is like that, the one whose leavers come back least, with the reasons to doubt it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from churnml.define.contracts import Contracts
from churnml.define.measure import HIGHEST, LOWEST, MIN_CUTOFFS, MOST_BACK, Measure

_MOST = 0.5
"""Share of customers with a contract from which on contracts decide."""


@dataclass(frozen=True)
class Advice:
    """What to write into params.yaml, and why.

    Attributes:
        chosen: the definition; None where the data say nothing.
        lines: of params.yaml.
        reason: one sentence.
        cost: what another choice would mean.
        doubts: why the choice is doubtful; nothing where it isn't.
    """

    chosen: Measure | None
    lines: tuple[str, ...]
    reason: str
    cost: str
    doubts: tuple[str, ...]


def advise(measures: Sequence[Measure], contracts: Contracts | None, events: Sequence[str], reach_days: int) -> Advice:
    """Choose by the rule above.

    Args:
        measures: of all customers, not of segments.
        contracts: if there are any.
        events: tables whose rows show life.
        reach_days: how far back features look as params.yaml stands.
    """
    kinds = {each.definition.kind for each in measures}
    by_word = contracts is not None and (contracts.ever is None or contracts.ever >= _MOST)
    kind = "cancellation" if "cancellation" in kinds and (by_word or "inactivity" not in kinds) else "inactivity"
    seen = [each for each in measures if each.cutoffs]
    fit = [each for each in seen if each.definition.kind == kind] or seen
    if not fit:
        return Advice(None, (), _nothing(measures), "", ())
    good = [each for each in fit if not doubts_of(each)]
    chosen = good[0] if good else min(fit, key=_least_back)
    doubts = tuple(doubts_of(chosen))
    ever = contracts.ever if contracts else None
    return Advice(
        chosen,
        _lines(chosen, events, reach_days),
        _reason(chosen, doubts, ever),
        _cost(chosen, fit, measures),
        doubts,
    )


def doubts_of(measure: Measure) -> list[str]:
    """Everything that the rule holds against it."""
    said = measure.faults
    if measure.back is None:
        said.append(
            f"nobody can be watched for {measure.back_days or 1} days more to see whether those who left come back"
        )
    elif measure.back > MOST_BACK:
        said.append(f"{measure.back:.0%} of those who left come back within {measure.back_days} days")
    return said


def named(measure: Measure) -> str:
    """A definition in a few words."""
    days = measure.definition.horizon_days
    return f"{days} days of silence" if measure.definition.kind == "inactivity" else f"cancelling within {days} days"


def _least_back(measure: Measure) -> tuple[bool, bool, float, int]:
    """Those with cutoffs and rates that one can learn from first, then by who comes back, then by length."""
    back = 2.0 if measure.back is None else measure.back
    return bool(measure.faults), measure.back is None, back, measure.definition.horizon_days


def _lines(chosen: Measure, events: Sequence[str], reach_days: int) -> tuple[str, ...]:
    definition, active = chosen.definition, chosen.definition.active_within_days
    lines = ["churn:", f"  definition: {definition.kind}"]
    if events:
        lines.append(f"  events: [{', '.join(events)}]")
    lines.append(f"  horizon_days: {definition.horizon_days}")
    if active is not None:
        lines.append(f"  active_within_days: {active}")
    if not definition.own:
        test = 1 if len(chosen.cutoffs) < 2 * MIN_CUTOFFS else 2
        history = active or definition.horizon_days
        lines.append(f"panel: {{step_days: {definition.horizon_days}, test: {test}, min_history_days: {history}}}")
    if active is not None and active > reach_days:
        lines.append(f"# and raise features.history_days from {reach_days} to {active}, to see everybody's last event")
    return tuple(lines)


def _reason(chosen: Measure, doubts: Sequence[str], ever: float | None) -> str:
    if doubts:
        return f"No definition passes the rule; {named(chosen)} comes nearest, but {'; '.join(doubts)}."
    word = ""
    if chosen.definition.kind == "cancellation" and ever is not None:
        others = "; the others can't leave this way" if ever < 1 else ""
        word = f"{ever:.0%} of the customers have or had a contract{others}. "
    return (
        f"{word}{_begun(named(chosen))}: the shortest horizon with {MIN_CUTOFFS} cutoffs or more "
        f"({len(chosen.cutoffs)}), {LOWEST:.0%} to {HIGHEST:.0%} leaving ({chosen.churn_rate:.1%}), and at most {MOST_BACK:.0%} of the "
        f"leavers coming back ({chosen.back:.0%} within {chosen.back_days} days)."
    )


def _cost(chosen: Measure, fit: Sequence[Measure], measures: Sequence[Measure]) -> str:
    """What the present choice would mean instead, or the next longer, or the next shorter one."""
    own = [each for each in measures if each.definition.own and each is not chosen and each.cutoffs]
    place = list(fit).index(chosen)
    others = [*own, *fit[place + 1 :], *reversed(fit[:place])]
    if not others:
        return ""
    other = others[0]
    yours = ", as params.yaml has it," if other.definition.own else ""
    back = (
        f"how many of those come back within {other.back_days} days isn't seen"
        if other.back is None
        else f"{other.back:.0%} of those come back within {other.back_days} days"
    )
    days = other.definition.horizon_days - chosen.definition.horizon_days
    when = f"each answer would come {abs(days)} days {'later' if days > 0 else 'sooner'}, " if days else ""
    return (
        f"{_begun(named(other))}{yours} instead: {when}{other.churn_rate:.1%} of {other.population:,.0f} customers "
        f"would count as leaving, and {back}; "
        f"{_counted(len(other.cutoffs), 'cutoff')}."
    )


def _nothing(measures: Sequence[Measure]) -> str:
    """Why there is no advice."""
    if not measures:
        return "No table of events or contracts is here, so there is nothing to choose between."
    shortest = min(measures, key=lambda each: each.missing_days)
    if not shortest.missing_days:
        return "Nobody could leave at any cutoff; check the events, and whether anybody has a contract."
    return (
        f"No advice: for {named(shortest)} the data are {shortest.missing_days} days too short; export a longer period."
    )


def _begun(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"

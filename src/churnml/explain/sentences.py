"""One line each: numbers, days and events as people read them."""

from decimal import Decimal
from functools import partial
from typing import Any

from churnml.contracts.segments import CAUSES, FOURFOLD, NO_REASON, RFM_NAMES, STAGES
from churnml.explain.events import Event
from churnml.explain.story import Story
from churnml.explain.words import EVENTS, FILLED, LINES
from churnml.language import Locale, phrase, shown

_LONGEST = 60
"""Letters of a cell of the exports."""


def plain(cell: str) -> str:
    r"""A cell in one line of letters that can be seen, cut where it is long: what a terminal can't be made to act on.

    >>> plain("a\x1b[31m b")
    'a [31m b'
    """
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in cell).split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def percent(share: float) -> str:
    """A share with one decimal.

    >>> percent(0.3417)
    '34.2 %'
    """
    return f"{100 * share:.1f} %"


def money(amount: float) -> str:
    """An amount with two decimals."""
    return f"{amount:,.2f}"


def event_line(event: Event, locale: Locale, currency: str) -> str:
    """What happened, without its day."""
    words = shown(EVENTS, event.what, locale)
    told = dict(event.filled)
    moves = []
    for name in ("plan", "monthly_amount"):
        if f"{name}_before" in told:
            was, now = told.pop(f"{name}_before"), told.pop(name, None)
            if now is not None and now != was:
                moves.append(
                    shown(LINES, "to", locale).join(
                        (_cell(name, was, locale, currency), _cell(name, now, locale, currency))
                    )
                )
            elif now is not None:
                moves.append(_cell(name, now, locale, currency))
    cells = [*moves, *(_cell(name, cell, locale, currency) for name, cell in told.items())]
    return words + (shown(LINES, "colon", locale) + shown(LINES, "and", locale).join(cells) if cells else "")


def _cell(name: str, cell: Any, locale: Locale, currency: str) -> str:
    if name == "days" and cell in (0, 1):
        return shown(FILLED, ("same_day", "day")[cell], locale)
    if name in ("amount", "monthly_amount"):
        return shown(FILLED, name, locale).format(money(float(cell)), currency=currency)
    if isinstance(cell, Decimal | float):
        cell = f"{float(cell):g}"
    return shown(FILLED, name, locale).format(cell) if name in FILLED else plain(str(cell))


def risk_line(story: Story) -> str:
    """How likely it is, what, and how that moved."""
    line = partial(phrase, LINES, locale=story.locale)
    if story.risk is None:
        seen = line("last_seen", day=story.last_seen) if story.last_seen else ""
        return shown(LINES, "and", story.locale).join(
            part for part in (line("unscored", reason=story.unscored), seen) if part
        )
    parts = [line(story.definition, risk=percent(story.risk.risk), days=story.horizon_days)]
    if story.moved is not None and story.past:
        parts.append(line("points", points=100 * story.moved, since=story.past[-1].as_of))
    return line("between").join(parts)


def tier_line(story: Story) -> str:
    """Where the customer stands on which list."""
    line = partial(phrase, LINES, locale=story.locale)
    place = story.risk.place if story.risk else None
    if place is None:
        return line("no_place", as_of=story.as_of)
    parts = [line("rank", tier=place.tier, rank=place.rank), line("on_list", folder=place.folder.as_posix())]
    if place.before:
        parts.insert(1, line("before", tier=place.before))
    return line("between").join(parts)


def value_line(story: Story) -> str:
    """What is at stake."""
    if story.risk is None:
        return ""
    line = partial(phrase, LINES, locale=story.locale)
    worth = line("worth", value=money(story.risk.value), loss=money(story.risk.expected_loss), currency=story.currency)
    place = story.risk.place
    return worth if place is None else line("and").join((worth, line("layer", layer=place.layer)))


def kind_line(story: Story) -> str:
    """Group, stage of life and RFM; nothing where no list says it."""
    place = story.risk.place if story.risk else None
    if place is None:
        return ""
    line = partial(phrase, LINES, locale=story.locale)
    parts = [shown(FOURFOLD, place.group, story.locale)]
    if place.stage != "unknown":
        parts.append(line("stage", stage=shown(STAGES, place.stage, story.locale)))
    if place.rfm:
        parts.append(line("rfm", digits=place.rfm, called=shown(RFM_NAMES, place.rfm_name, story.locale)))
    return line("and").join(parts)


def cause_line(story: Story) -> str:
    """The cause family, and what it is read from."""
    if story.risk is None:
        return ""
    said = shown(CAUSES, story.risk.cause, story.locale)
    return said + (shown(LINES, "colon", story.locale) + seen(story.risk.evidence) if story.risk.evidence else "")


def plan_lines(story: Story) -> list[str]:
    """What is to be done, how, by whom and by when; and in which words."""
    line = partial(phrase, LINES, locale=story.locale)
    place = story.risk.place if story.risk else None
    if place is None:
        return [line("no_place_plan")]
    if place.held:
        return [line("held")]
    plan = place.plan
    if plan is None:
        return [line("no_plan")]
    how = [part for part in (plan.channel, plan.by_whom, line("by", day=plan.due_on) if plan.due_on else "") if part]
    said = plan.to_do + (shown(LINES, "between", story.locale) + line("and").join(how) if how else "")
    return [said, *([line("script", script=plan.script)] if plan.script else [])]


def reason_lines(story: Story) -> list[str]:
    """What raises the risk, in words."""
    reasons = story.risk.reasons if story.risk else ()
    return [seen(reason) for reason in reasons] or [shown(NO_REASON, "no_reason", story.locale)]


def alert_lines(story: Story) -> list[str]:
    """Rules that are true: how urgent, which, why, what to do."""
    line = partial(phrase, LINES, locale=story.locale)
    if story.risk is None:
        return []
    said = []
    for alert in story.risk.alerts:
        parts = [f"{alert.urgency}{line('colon')}{alert.title}", seen(alert.why), alert.to_do]
        parts += [line("not_now", state=alert.state)] if alert.state else []
        parts += [line("by", day=alert.due)] if alert.due else []
        said.append(line("between").join(part for part in parts if part))
    if story.risk.undecided:
        said.append(line("undecided", titles=line("between").join(story.risk.undecided)))
    return said or [line("no_alert")]


def seen(words: str) -> str:
    """Words with cells of the exports among them: what can't be seen is left out."""
    return "".join(sign if sign.isprintable() else " " for sign in words)

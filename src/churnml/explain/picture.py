"""The timeline as a picture: an SVG as wide as its place. Across, places are percentages, so that letters keep their size."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from html import escape
from itertools import pairwise

from churnml.explain.events import Event, Lane
from churnml.explain.sentences import event_line, money, percent
from churnml.explain.story import Story
from churnml.explain.timeline import Counted
from churnml.explain.words import COLUMNS, HEADS, LANES, LINES
from churnml.language import phrase, shown

_MARGIN, _RISK, _BARS, _DOTS, _HEAD, _GAP = 2.0, 76, 44, 14, 17, 10
"""Percent left free on both sides; heights in pixels: of the risk, of bars, of a lane of dots, of a title, between them."""

_WEEK = 7
_LANES: Sequence[Lane] = ("tickets", "surveys", "contacts", "signals")


@dataclass(frozen=True)
class _Across:
    """Days on the way from left to right."""

    since: date
    until: date

    def at(self, day: date) -> str:
        """Where a day is, as percent of the width."""
        share = (day - self.since).days / max((self.until - self.since).days, 1)
        return f"{_MARGIN + (100 - 2 * _MARGIN) * min(max(share, 0.0), 1.0):.2f}%"


def picture(story: Story) -> str:
    """Risk, purchases, activity, tickets, surveys, contacts, contracts and signals, as far as there are any."""
    across = _Across(story.lived.since, story.as_of)
    body, height = "", 0
    for title, tall, marks in _rows(story, across):
        body += f'<text class="t" x="0" y="{height + 12}">{escape(title)}</text>'
        body += f'<g transform="translate(0 {height + _HEAD})">{marks}</g>'
        height += _HEAD + tall + _GAP
    months = "".join(_months(across, height))
    label = escape(shown(HEADS, "picture", story.locale))
    return f'<svg role="img" aria-label="{label}" width="100%" height="{height + 16}">{months}{body}</svg>'


def _rows(story: Story, across: _Across) -> Iterator[tuple[str, int, str]]:
    """Title, height and marks of each row."""
    locale = story.locale
    if story.past or story.risk:
        yield shown(HEADS, "risk", locale), _RISK, "".join(_risk(story, across))
    names: tuple[Counted, ...] = ("spend", "active_days")
    for name in names:
        days = story.lived.days.get(name, ())
        if any(much > 0 for _, much in days):
            title = phrase(LINES, "weekly", locale, what=shown(COLUMNS, name, locale))
            yield title, _BARS, "".join(_bars(days, across, name))
    if story.lived.contracts:
        yield shown(LANES, "contracts", locale), _DOTS, "".join(_contracts(story, across))
    for lane in _LANES:
        events = [one for one in story.lived.events if one.lane == lane and across.since <= one.day < across.until]
        if lane == "tickets":
            events = [one for one in events if one.what == "opened"]
        if events:
            title = shown(LANES, lane, locale)
            if lane == "tickets":
                title = phrase(LINES, "complaints_filled", locale, lane=title)
            yield title, _DOTS, "".join(_dot(one, story, across) for one in reversed(events))


def _months(across: _Across, height: int) -> Iterator[str]:
    """A line where each month begins, and its number below."""
    day = across.since.replace(day=1)
    while day < across.until:
        if day >= across.since:
            yield f'<line class="g" x1="{across.at(day)}" x2="{across.at(day)}" y1="0" y2="{height}"/>'
            name = f"{day.year % 100:02d}/{day.month}" if day.month == 1 or day == across.since else f"{day.month}"
            yield f'<text class="m" x="{across.at(day)}" y="{height + 12}">{name}</text>'
        day = (day + timedelta(days=32)).replace(day=1)


def _risk(story: Story, across: _Across) -> Iterator[str]:
    """Past cutoffs, and now; who left afterwards is filled."""
    said = [(past.as_of, past.risk, past.left) for past in story.past or () if past.as_of >= across.since]
    if story.risk:
        said.append((story.as_of, story.risk.risk, None))
    top = max((risk for _, risk, _ in said), default=0.0) or 1.0

    def y(risk: float) -> str:
        return f"{6 + (_RISK - 12) * (1 - risk / top):.1f}"

    for (day, risk, _), (after, later, _) in pairwise(said):
        yield f'<line class="r" x1="{across.at(day)}" y1="{y(risk)}" x2="{across.at(after)}" y2="{y(later)}"/>'
    for day, risk, left in said:
        then = "" if left is None else f" ({shown(LINES, 'left' if left else 'stayed', story.locale)})"
        told = f"{day}: {percent(risk)}{then}"
        kind = "d bad" if left else "d now" if day == story.as_of else "d"
        yield f'<circle class="{kind}" cx="{across.at(day)}" cy="{y(risk)}" r="4"><title>{escape(told)}</title></circle>'
    for day, risk, _ in said[-1:]:
        yield f'<text class="v" x="{across.at(day)}" dx="5" y="{float(y(risk)) - 9:.1f}">{percent(risk)}</text>'


def _bars(days: Sequence[tuple[date, float]], across: _Across, name: Counted) -> Iterator[str]:
    """One bar per week, counted back from as_of."""
    weeks: dict[int, float] = {}
    for day, much in days:
        week = (across.until - day).days - 1
        weeks[week // _WEEK] = weeks.get(week // _WEEK, 0.0) + much
    top = max(weeks.values())
    wide = (100 - 2 * _MARGIN) * _WEEK / max((across.until - across.since).days, 1)
    for week, much in sorted(weeks.items()):
        first = max(across.until - timedelta(days=_WEEK * (week + 1)), across.since)
        tall = _BARS * max(much, 0.0) / top if top > 0 else 0.0
        told = f"{first}: {money(much) if name == 'spend' else f'{much:.0f}'}"
        yield (
            f'<rect class="b" x="{across.at(first)}" width="{0.8 * wide:.2f}%" y="{_BARS - tall:.1f}" height="{tall:.1f}">'
            f"<title>{escape(told)}</title></rect>"
        )


def _contracts(story: Story, across: _Across) -> Iterator[str]:
    """A beam per contract, its plan beside its first day."""
    for one in story.lived.contracts:
        end = one.ended or across.until
        if end < across.since:
            continue
        first = max(one.began, across.since)
        told = f"{one.plan} {one.began} – {one.ended or ''}".strip()
        yield (
            f'<line class="c" x1="{across.at(first)}" x2="{across.at(end)}" y1="7" y2="7"><title>{escape(told)}</title></line>'
        )
        for day, bad in ((one.began, False), (one.ended, True)):
            if day and day >= across.since:
                yield f'<circle class="d{" bad" if bad else ""}" cx="{across.at(day)}" cy="7" r="4"/>'


def _dot(event: Event, story: Story, across: _Across) -> str:
    line = partial(event_line, locale=story.locale, currency=story.currency)
    kind = "d bad" if event.bad else "d"
    told = escape(f"{event.day} {line(event)}")
    return f'<circle class="{kind}" cx="{across.at(event.day)}" cy="7" r="4"><title>{told}</title></circle>'

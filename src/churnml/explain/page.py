"""One customer as a page that needs nothing else: no network, no script."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from html import escape

from churnml.explain.events import Event
from churnml.explain.picture import picture
from churnml.explain.sentences import (
    alert_lines,
    cause_line,
    event_line,
    kind_line,
    percent,
    plain,
    plan_lines,
    reason_lines,
    risk_line,
    tier_line,
    value_line,
)
from churnml.explain.story import Story
from churnml.explain.style import STYLE
from churnml.explain.tables import month_rows, past_rows
from churnml.explain.words import HEADS, LINES
from churnml.language import phrase, shown

_FIRST = 30
"""Single things that are seen at once."""

_NOTHING_FROM_ELSEWHERE = "default-src 'none'; style-src 'unsafe-inline'"


_BAD = ' class="bad"'


def page(story: Story) -> str:
    """The page as HTML."""
    line = partial(phrase, LINES, locale=story.locale)
    title = line("title", customer=plain(story.customer))
    where = line("as_of", project=story.project, as_of=story.as_of)
    body = "".join(_sections(story))
    return f"""<!DOCTYPE html>
<html lang="{story.locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{_NOTHING_FROM_ELSEWHERE}">
<meta name="robots" content="noindex">
<title>{escape(title)}</title>
<style>{STYLE}</style>
</head>
<body><main>
<h1>{escape(title)}</h1>
<p class="soft">{escape(where)}</p>
{body}
</main></body>
</html>
"""


def _sections(story: Story) -> Iterator[str]:
    if story.warning:
        yield _section(story, "warning", _paragraphs([story.warning]), "warning")
    if story.risk is None:
        yield _section(story, "risk", _paragraphs([risk_line(story)]))
    else:
        yield '<div class="two">' + "".join(_judged(story)) + "</div>"
    if story.lived.months or story.past:
        yield _section(story, "picture", picture(story))
    yield _section(story, "past", _past(story))
    if story.lived.months:
        yield _section(story, "months", _table(month_rows(story)))
    yield _section(story, "events", _events(story))


def _judged(story: Story) -> Iterator[str]:
    """Risk, reasons, action, alerts."""
    if story.risk is None:
        return
    number = percent(story.risk.risk)
    big = f'<p class="risk">{number}</p>' + _paragraphs([risk_line(story).removeprefix(number).strip()])
    where = [f"{shown(HEADS, 'tier', story.locale)}{_colon(story)}{tier_line(story)}"]
    where += [f"{shown(HEADS, 'value', story.locale)}{_colon(story)}{value_line(story)}", kind_line(story)]
    yield _section(story, "risk", big + _paragraphs(where))
    reasons = reason_lines(story)
    why = _list(reasons, "ol") if story.risk.reasons else _paragraphs(reasons)
    cause = f"{shown(HEADS, 'cause', story.locale)}{_colon(story)}{cause_line(story)}"
    yield _section(story, "why", why + _paragraphs([cause], "soft"))
    plan = plan_lines(story)
    yield _section(story, "to_do", _paragraphs(plan[:1]) + _paragraphs(plan[1:], "script"))
    yield _section(story, "alerts", _list(alert_lines(story), "ul"))


def _past(story: Story) -> str:
    if story.past is None:
        return _paragraphs([shown(LINES, "no_boosters", story.locale)])
    if not story.past:
        return _paragraphs([shown(LINES, "no_past", story.locale)])
    return _paragraphs([shown(LINES, "said_then", story.locale)], "soft") + _table(past_rows(story), "words")


def _events(story: Story) -> str:
    events = story.lived.events
    if not events:
        return _paragraphs([shown(LINES, "nothing", story.locale)])
    said = _dated(events[:_FIRST], story)
    if len(events) > _FIRST:
        more = escape(phrase(LINES, "more", story.locale, count=len(events) - _FIRST))
        said += f"<details><summary>{more}</summary>{_dated(events[_FIRST:], story)}</details>"
    return said


def _dated(events: Iterable[Event], story: Story) -> str:
    items = "".join(
        f'<li{_BAD if one.bad else ""}><time datetime="{one.day}">{one.day}</time>'
        f"{escape(event_line(one, story.locale, story.currency))}</li>"
        for one in events
    )
    return f'<ul class="events">{items}</ul>'


def _section(story: Story, head: str, body: str, kind: str = "") -> str:
    name = f' class="{kind}"' if kind else ""
    return f"<section{name}><h2>{escape(shown(HEADS, head, story.locale))}</h2>{body}</section>\n"


def _paragraphs(words: Sequence[str], kind: str = "") -> str:
    name = f' class="{kind}"' if kind else ""
    return "".join(f"<p{name}>{escape(each)}</p>" for each in words if each)


def _list(words: Sequence[str], tag: str) -> str:
    return f"<{tag}>" + "".join(f"<li>{escape(each)}</li>" for each in words) + f"</{tag}>"


def _table(rows: Sequence[Sequence[str]], kind: str = "") -> str:
    name = f' class="{kind}"' if kind else ""
    head = "".join(f"<th>{escape(cell)}</th>" for cell in rows[0])
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows[1:])
    return f'<div class="wide"><table{name}><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _colon(story: Story) -> str:
    return shown(LINES, "colon", story.locale)

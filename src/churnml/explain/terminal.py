"""One customer on the terminal."""

import unicodedata
from collections.abc import Collection, Iterator, Sequence
from functools import partial

from churnml.explain.sentences import (
    alert_lines,
    cause_line,
    event_line,
    kind_line,
    plain,
    plan_lines,
    reason_lines,
    risk_line,
    seen,
    tier_line,
    value_line,
)
from churnml.explain.story import Story
from churnml.explain.tables import month_rows, past_rows
from churnml.explain.words import HEADS, LINES
from churnml.language import phrase, shown

EVENTS = 30
"""Single things that are told; the rest is counted."""

_WIDTH = 120
_CHINESE = "WF"


def lines(story: Story) -> list[str]:
    """All of it, line by line."""
    line, head = partial(phrase, LINES, locale=story.locale), partial(shown, HEADS, locale=story.locale)
    title = line("title", customer=plain(story.customer))
    said = [line("and").join((title, line("as_of", project=story.project, as_of=story.as_of)))]
    facts = list(_facts(story))
    margin = max(_width(head(name)) for name, _ in facts) + 2
    for name, parts in facts:
        said += _hanging(head(name), parts, margin)
    if story.past is None:
        said += ["", head("past") + line("colon") + line("no_boosters")]
    elif not story.past:
        said += ["", head("past") + line("colon") + line("no_past")]
    else:
        said += ["", head("past") + line("colon") + line("said_then"), *_aligned(past_rows(story), left=(0, 3, 4))]
    if story.lived.months:
        said += ["", head("months"), *_aligned(month_rows(story), left=(0,))]
    return [seen(row) for row in (*said, "", head("events"), *_events(story))]


def _facts(story: Story) -> Iterator[tuple[str, Sequence[str]]]:
    """What stands above: head and its lines."""
    if story.warning:
        yield "warning", [story.warning]
    yield "risk", [risk_line(story)]
    if story.risk is None:
        return
    yield "tier", [tier_line(story)]
    yield "value", [value_line(story)]
    if kind := kind_line(story):
        yield "kind", [kind]
    yield "why", reason_lines(story)
    yield "cause", [cause_line(story)]
    yield "to_do", plan_lines(story)
    yield "alerts", alert_lines(story)


def _events(story: Story) -> list[str]:
    events = story.lived.events
    said = [f"  {one.day}  {event_line(one, story.locale, story.currency)}" for one in events[:EVENTS]]
    if len(events) > EVENTS:
        said.append("  " + phrase(LINES, "more", story.locale, count=len(events) - EVENTS))
    return said or ["  " + shown(LINES, "nothing", story.locale)]


def _hanging(head: str, parts: Sequence[str], margin: int) -> Iterator[str]:
    """Parts below each other, wrapped, beside their head."""
    beside = head + " " * (margin - _width(head))
    for part in parts:
        for row in _wrapped(part, _WIDTH - margin):
            yield (beside + row).rstrip()
            beside = " " * margin


def _wrapped(words: str, width: int) -> list[str]:
    """Rows of at most so many columns; Chinese breaks anywhere, English between words."""
    rows, row = [], ""
    for piece in _pieces(words):
        if row and _width(row) + _width(piece.rstrip()) > width:
            rows.append(row.rstrip())
            row = ""
        row += piece
    return [*rows, row.rstrip()] if row.strip() or not rows else rows


def _pieces(words: str) -> list[str]:
    """Where a row may break: after each space, and after each wide sign."""
    pieces = [""]
    for sign in words:
        pieces[-1] += sign
        if sign == " " or unicodedata.east_asian_width(sign) in _CHINESE:
            pieces.append("")
    return [piece for piece in pieces if piece]


def _aligned(rows: Sequence[Sequence[str]], left: Collection[int]) -> list[str]:
    """Columns below their names: words to the left, numbers to the right."""
    widths = [max(_width(row[place]) for row in rows) for place in range(len(rows[0]))]
    said = []
    for row in rows:
        cells = []
        for place, (cell, width) in enumerate(zip(row, widths, strict=True)):
            gap = " " * (width - _width(cell))
            cells.append(cell + gap if place in left else gap + cell)
        said.append("  ".join(["", *cells]).rstrip())
    return said


def _width(text: str) -> int:
    """Columns: Chinese signs take two."""
    return sum(2 if unicodedata.east_asian_width(sign) in _CHINESE else 1 for sign in text)

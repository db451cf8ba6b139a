"""The rows of the two tables that both the terminal and the page show."""

from functools import partial

from churnml.explain.sentences import money, percent
from churnml.explain.story import Story
from churnml.explain.timeline import COUNTED
from churnml.explain.words import COLUMNS, LINES
from churnml.language import phrase, shown

Rows = list[list[str]]


def past_rows(story: Story) -> Rows:
    """Risk at past cutoffs, the newest first, below the header: with how it moved and what followed."""
    header = [shown(COLUMNS, name, story.locale) for name in ("as_of", "risk", "moved", "tier", "then")]
    rows, before = [], None
    for past in story.past or ():
        then = "open" if past.left is None else "left" if past.left else "stayed"
        moved = "" if before is None else f"{round(100 * (past.risk - before), 1) + 0.0:+.1f}"
        tier = story.tiers.get(past.tier, past.tier)
        rows.append([str(past.as_of), percent(past.risk), moved, tier, shown(LINES, then, story.locale)])
        before = past.risk
    return [header, *reversed(rows)]


def month_rows(story: Story) -> Rows:
    """Month by month, the newest first, below the header."""
    names = [name for name in COUNTED if story.lived.months and name in story.lived.months[0][1]]
    header = [shown(COLUMNS, name, story.locale) for name in ("month", *names)]
    line = partial(phrase, LINES, locale=story.locale)
    rows = [
        [
            line("month_name", year=first.year, month=first.month),
            *(money(told[name]) if name == "spend" else f"{told[name]:,.0f}" for name in names),
        ]
        for first, told in reversed(story.lived.months)
    ]
    return [header, *rows]

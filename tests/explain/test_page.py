"""The page needs nothing else, and nobody can put anything into it."""

import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from churnml.contracts.customer import Alert, Past, Place, Plan, Risk
from churnml.explain import Story, lines, page, timeline

HOSTILE = "<script>alert(1)</script>\"'><img src=http://evil.example/x>&\x1b[31m"
AS_OF = date(2024, 3, 1)


def rows(text: str) -> dict[str, list[dict[str, object]]]:
    """Something in every table, each text the same."""
    return {
        "customers": [{"customer_id": text, "signed_up_on": date(2023, 12, 1)}],
        "transactions": [{"occurred_on": date(2024, 1, day), "amount": 5} for day in range(1, 9)],
        "activity": [
            {"occurred_on": date(2024, 2, 3), "signal": None},
            {"occurred_on": date(2024, 2, 4), "signal": "late"},
        ],
        "tickets": [{"opened_on": date(2024, 2, 5), "ticket_id": text, "kind": text, "complaint": True}],
        "surveys": [{"answered_on": date(2024, 2, day % 28 + 1), "kind": text, "score": 3} for day in range(40)],
        "contacts": [
            {"contacted_on": date(2024, 2, 6), "action": text, "answered_on": date(2024, 2, 7), "answer": text}
        ],
        "subscriptions": [{"started_on": date(2023, 12, 1), "plan": text, "monthly_amount": 9}],
        "cancellations": [{"cancelled_on": date(2024, 2, 20), "reason": text}],
    }


def story(text: str = HOSTILE) -> Story:
    """A customer of whom every text is hostile."""
    plan = Plan(text, text, text, AS_OF, text)
    place = Place(Path(text), text, text, 1, False, "A", "new", "acquired", "555", "champions", plan)
    alerts = (Alert(text, text, text, text, text, AS_OF),)
    lived = timeline(rows(text), AS_OF)
    risk = Risk(0.5, 10.0, 5.0, (text,), "service", text, alerts, (text,), place)
    past = [Past(date(2024, 1, 1), 0.25, text, True), Past(date(2024, 2, 1), 0.75, text, None)]
    return Story(text, AS_OF, text, "en", text, "inactivity", 28, lived, risk, "", None, past, {text: text}, text)


class _Tags(HTMLParser):
    """All tags and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in ("meta", "img"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_nothing_hostile_gets_in():
    """Whatever the exports hold is text: tags and attributes are ours alone, and all that is opened is closed."""
    told = _Tags()
    told.feed(page(story()))
    assert told.open == []
    assert not told.tags & {"script", "img", "link", "iframe", "object", "a", "image", "use"}
    assert not {name for name in told.attributes if name.startswith("on") or name in ("src", "href", "xlink:href")}
    plain = _Tags()
    plain.feed(page(story("word")))
    assert (told.tags, told.attributes) == (plain.tags, plain.attributes)


def test_nothing_is_fetched():
    """No address, no import, and browsers are told to fetch nothing."""
    said = page(story("word"))
    assert not re.search(r"https?:|//|url\(|@import", said)
    assert "default-src 'none'" in said


@pytest.mark.parametrize("text", [HOSTILE, "word"])
def test_a_terminal_is_told_nothing_but_letters(text):
    """No sign of the exports moves the cursor or paints."""
    assert all(sign.isprintable() for line in lines(story(text)) for sign in line)


def test_most_of_a_long_story_is_counted():
    """Thirty things are told on the terminal; the page has all of them."""
    told = story("word")
    said = [line for line in lines(told) if re.match(r"  2024-0[12]-\d\d  [a-z]", line)]
    assert len([line for line in said if "%" not in line]) == 30
    assert lines(told)[-1] == f"  … and {len(told.lived.events) - 30} earlier"
    assert page(told).count("<time ") == len(told.lived.events)

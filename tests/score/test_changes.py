"""What changed since the list before, customer by customer."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from churnml.score.changes import changes
from churnml.score.previous import Previous

TIERS, CONTACTED = ["high", "medium", "low"], ["high", "medium"]
THEN = date(2024, 2, 1)


def rows(text):
    """Customers as words in columns below their names; `-` is nothing."""
    header, *lines = [line.split() for line in text.strip().splitlines()]
    cells = [[None if cell == "-" else cell for cell in line] for line in lines]
    return pd.DataFrame(cells, columns=header)


def with_held(customers, held=()):
    return customers.assign(held=customers["customer_id"].isin(held))


def changed(before, now, gone="customer_id reason", held=(), held_before=()):
    """Customer -> what changed."""
    scored, then = with_held(rows(now).assign(risk=0.5), held), with_held(rows(before).assign(risk=0.4), held_before)
    scored["last_seen"] = pd.to_datetime(scored["last_seen"])
    earlier = Previous(Path("lists/2024-02-01"), THEN, "", then)
    found = changes(scored, rows(gone), earlier, TIERS, CONTACTED)
    return dict(zip(found["customer_id"], found["change"], strict=True))


NOW = "customer_id tier last_seen\n"
BEFORE = "customer_id tier\n"


@pytest.mark.parametrize(
    ("before", "now", "change"),
    [
        ("low", "high 2024-01-01", "entered"),
        ("medium", "high 2024-01-01", "moved_up"),
        ("low", "medium 2024-02-20", "entered"),
        ("high", "medium 2024-01-01", "moved_down"),
        ("high", "medium 2024-02-20", "moved_down"),
        ("high", "low 2024-01-31", "left"),
        ("high", "low 2024-02-01", "recovered"),
        ("high", "low -", "left"),
        ("medium", "low 2024-02-20", "recovered"),
    ],
)
def test_moves(before, now, change):
    """Up from low is entered; down to low is recovered with a sign of life since the list before, else left."""
    assert changed(f"{BEFORE}ann {before}", f"{NOW}ann {now}") == {"ann": change}


@pytest.mark.parametrize(("before", "now"), [("high", "high"), ("low", "low"), ("medium", "medium")])
def test_who_stays_isnt_listed(before, now):
    """Only changes are."""
    assert changed(f"{BEFORE}ann {before}", f"{NOW}ann {now} 2024-02-20") == {}


def test_who_wasnt_there_or_isnt_any_more():
    """New in a contacted tier: entered; new in the last: nothing. Unscored since gone: gone, else left."""
    before = f"{BEFORE}bob high\ncat medium\ndan high\neve low"
    now = f"{NOW}new high 2024-02-20\nnobody low 2024-02-20"
    gone = "customer_id reason\nbob already_gone\ncat cancelled\neve already_gone"
    assert changed(before, now, gone) == {"new": "entered", "bob": "gone", "cat": "gone", "dan": "left"}


def test_who_is_left_alone_is_on_no_list_and_not_here():
    """Held now, or then: whatever became of them."""
    before, now = f"{BEFORE}ann high\nbob low\ncat high", f"{NOW}ann low 2024-02-20\nbob high 2024-02-20\ncat low -"
    assert changed(before, now, held=["bob"], held_before=["ann"]) == {"cat": "left"}


def test_risks_stand_beside_the_tiers():
    """Entered first, then by customer; what isn't known is empty."""
    scored = with_held(rows(f"{NOW}ann high 2024-02-20\nbob low 2024-02-20").assign(risk=[0.5, 0.1]))
    scored["last_seen"] = pd.to_datetime(scored["last_seen"])
    earlier = Previous(Path("x"), THEN, "", with_held(rows(f"{BEFORE}bob medium").assign(risk=0.4)))
    found = changes(scored, rows("customer_id reason"), earlier, TIERS, CONTACTED)
    assert found.to_numpy().tolist() == [
        ["ann", "entered", None, "high", None, 0.5],
        ["bob", "recovered", "medium", "low", 0.4, 0.1],
    ]


def test_without_a_list_before_nothing_is_known_to_have_changed():
    """A table with its header and no row."""
    found = changes(
        rows(f"{NOW}ann high 2024-02-20").assign(risk=0.5), rows("customer_id reason"), None, TIERS, CONTACTED
    )
    assert found.empty
    assert list(found) == ["customer_id", "change", "tier_before", "tier_now", "risk_before", "risk_now"]

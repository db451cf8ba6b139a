"""Pairs of small histories that agree on everything that was known before as_of, and on nothing else."""

from datetime import timedelta
from pathlib import Path

from hypothesis import strategies as st

import shelf

WHO = st.sampled_from(["ann", "bob", "cat"])
TOWN = st.sampled_from(["Ash", "Beech"])
PAST, FUTURE = st.integers(-70, -1), st.integers(0, 60)
LATER_OR_NEVER = st.none() | FUTURE


def _bought(days):
    """Transactions: customer, day, amount, order, items, discount."""
    return st.tuples(WHO, days, st.integers(-30, 90), st.sampled_from("pqr"), st.integers(1, 5), st.integers(0, 9))


@st.composite
def pairs(draw):
    """Two histories; days count from as_of."""
    bought = [("ann", -5, 10, "p", 1, 0), *draw(st.lists(_bought(PAST), max_size=12))]
    contacted = draw(st.lists(st.tuples(WHO, PAST, st.none() | st.integers(-20, -1)), max_size=6))
    joined = [(name, draw(st.none() | PAST)) for name in ("ann", "bob", "cat")]

    def one():
        later = draw(st.lists(_bought(FUTURE), max_size=8))
        later_contacted = [("cat", 9, None), *draw(st.lists(st.tuples(WHO, FUTURE, LATER_OR_NEVER), max_size=3))]
        answered = [(name, day, draw(LATER_OR_NEVER) if answer is None else answer) for name, day, answer in contacted]
        people = [(name, draw(LATER_OR_NEVER) if day is None else day, draw(TOWN)) for name, day in joined]
        return draw(st.permutations(bought + later)), answered + later_contacted, people

    return one(), one()


def write(folder: Path, history) -> Path:
    """A history as canonical tables around shelf.AS_OF."""
    bought, contacted, people = history
    return shelf.write_tables(
        folder,
        {
            "transactions": _text(
                "customer_id occurred_at amount order_id quantity discount",
                [(name, _day(offset), *cells) for name, offset, *cells in bought],
            ),
            "contacts": _text(
                "customer_id contacted_at action answer answered_at",
                [(name, _day(day), "mail", _said(answer), _day(answer)) for name, day, answer in contacted],
            ),
            "customers": _text(
                "customer_id signed_up_at town plan", [(name, _day(day), town, town) for name, day, town in people]
            ),
        },
    )


def _day(offset):
    return "-" if offset is None else str(shelf.AS_OF + timedelta(days=offset))


def _said(answer):
    return "-" if answer is None else f"yes{answer}"


def _text(header, rows):
    return "\n".join([header, *(" ".join(str(cell) for cell in row) for row in rows)])

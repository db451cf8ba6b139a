"""Pairs of small histories that agree on everything that was known before as_of, and on nothing else."""

from datetime import timedelta
from pathlib import Path

from hypothesis import strategies as st

import shelf

WHO = st.sampled_from(["ann", "bob", "cat"])
TOWN = st.sampled_from(["Ash", "Beech"])
PAST, FUTURE = st.integers(-70, -1), st.integers(0, 60)
LATER_OR_NEVER = st.none() | FUTURE
NEVER_YET = st.none() | PAST


def _bought(days):
    """Transactions: customer, day, amount, order, items, discount."""
    return st.tuples(WHO, days, st.integers(-30, 90), st.sampled_from("pqr"), st.integers(1, 5), st.integers(0, 9))


def _done(days):
    """Activity: customer, day, event, feature, quantity."""
    event = st.sampled_from(["login", "use", "payment_overdue", "auto_renew_off"])
    return st.tuples(WHO, days, event, st.sampled_from(["-", "map", "ink"]), st.integers(1, 4))


def _opened(days):
    """Tickets: customer, day, and their kind and priority."""
    return st.tuples(WHO, days, st.sampled_from(["complaint", "question"]), st.sampled_from(["high", "low"]))


def _asked(days):
    """Answers to surveys: customer, day, score, kind."""
    return st.tuples(WHO, days, st.integers(0, 10), st.sampled_from(["nps", "csat", "-"]))


def _signed(days):
    """Contracts: customer, day of begin, plan, amount."""
    return st.tuples(WHO, days, st.sampled_from(["basic", "pro"]), st.integers(0, 3))


@st.composite
def pairs(draw):
    """Two histories, rows by table; days count from as_of."""
    bought = [("ann", -5, 10, "p", 1, 0), *draw(st.lists(_bought(PAST), max_size=12))]
    contacted = draw(st.lists(st.tuples(WHO, PAST, st.none() | PAST), max_size=6))
    joined = [(name, draw(st.none() | PAST)) for name in ("ann", "bob", "cat")]
    done = draw(st.lists(_done(PAST), max_size=8))
    opened = [(*one, draw(NEVER_YET), draw(NEVER_YET)) for one in draw(st.lists(_opened(PAST), max_size=5))]
    asked = draw(st.lists(_asked(PAST), max_size=5))
    signed = [(*one, draw(NEVER_YET)) for one in draw(st.lists(_signed(PAST), max_size=4))]

    def later_or(day):
        return draw(LATER_OR_NEVER) if day is None else day

    def rated(resolved):
        """Known with the end: each history has its own opinion of tickets that are still open."""
        return draw(st.integers(1, 5)) if resolved is None else -resolved % 5 + 1

    def one():
        later = draw(st.lists(_bought(FUTURE), max_size=8))
        later_contacted = [("cat", 9, None), *draw(st.lists(st.tuples(WHO, FUTURE, LATER_OR_NEVER), max_size=3))]
        later_opened = [(*one, None, None) for one in draw(st.lists(_opened(FUTURE), max_size=3))]
        later_signed = [(*one, None) for one in draw(st.lists(_signed(FUTURE), max_size=2))]
        answered = [(name, day, later_or(answer)) for name, day, answer in contacted]
        tickets = [(*one, later_or(first), later_or(end), rated(end)) for *one, first, end in opened + later_opened]
        contracts = [(*one, later_or(end), draw(st.sampled_from(["yes", "no"]))) for *one, end in signed + later_signed]
        return {
            "transactions": draw(st.permutations(bought + later)),
            "contacts": draw(st.permutations(answered + later_contacted)),
            "customers": [(name, later_or(day), draw(TOWN)) for name, day in joined],
            "activity": draw(st.permutations(done + draw(st.lists(_done(FUTURE), max_size=4)))),
            "tickets": draw(st.permutations(tickets)),
            "surveys": draw(st.permutations(asked + draw(st.lists(_asked(FUTURE), max_size=2)))),
            "subscriptions": draw(st.permutations(contracts)),
        }

    return one(), one()


def write(folder: Path, history) -> Path:
    """A history as canonical tables around shelf.AS_OF."""
    contacts = [(name, _day(day), "mail", _said(answer), _day(answer)) for name, day, answer in history["contacts"]]
    tickets = [
        (name, _day(day), kind, priority, _day(first), _day(end), rating)
        for name, day, kind, priority, first, end, rating in history["tickets"]
    ]
    contracts = [
        (name, _day(day), plan, amount, _day(end), renews)
        for name, day, plan, amount, end, renews in history["subscriptions"]
    ]
    return shelf.write_tables(
        folder,
        {
            "transactions": _dated(
                "customer_id occurred_at amount order_id quantity discount", history["transactions"]
            ),
            "contacts": _text("customer_id contacted_at action answer answered_at", contacts),
            "customers": _text(
                "customer_id signed_up_at town plan",
                [(name, _day(day), town, town) for name, day, town in history["customers"]],
            ),
            "activity": _dated("customer_id occurred_at event feature quantity", history["activity"]),
            "tickets": _text("customer_id opened_at kind priority first_response_at resolved_at satisfaction", tickets),
            "surveys": _dated("customer_id answered_at score kind", history["surveys"]),
            "subscriptions": _text("customer_id started_at plan monthly_amount ended_at auto_renew", contracts),
        },
    )


def _dated(header, rows):
    """Rows whose second cell is a day."""
    return _text(header, [(name, _day(day), *cells) for name, day, *cells in rows])


def _day(offset):
    return "-" if offset is None else str(shelf.AS_OF + timedelta(days=offset))


def _said(answer):
    return "-" if answer is None else f"yes{answer}"


def _text(header, rows):
    return "\n".join([header, *(" ".join(str(cell) for cell in row) for row in rows)])

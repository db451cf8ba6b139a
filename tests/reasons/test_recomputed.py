"""Every number in a reason, computed a second time: from the tables, in plain Python, by what the words say.

A simulated company with a shop, contracts, a product, a helpdesk, surveys and contacts. Of each customer all that was known
before as_of is read row by row; no SQL, and nothing of churnml but what it wrote.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from churnml.config import read_params
from churnml.contracts.files import House
from churnml.features.panel import snapshot
from churnml.pipeline import run_ingest
from churnml.reasons.facts import Facts
from churnml.reasons.topics import TOPICS
from churnml.simulate import simulate, world_of

REACH, RECENT, LONGEST = 224, 28, 112
DAY = {
    "transactions": "occurred_on",
    "activity": "occurred_on",
    "tickets": "opened_on",
    "surveys": "answered_on",
    "contacts": "contacted_on",
    "subscriptions": "started_on",
    "cancellations": "cancelled_on",
    "customers": "signed_up_on",
}
LATER = {
    "tickets": {"first_response_on": ["first_response_at"], "resolved_on": ["resolved_at", "satisfaction"]},
    "contacts": {"answered_on": ["answered_at", "answer"]},
    "subscriptions": {"ended_on": ["ended_at"]},
}
SIGNALS = {"key_contact_changed", "payment_overdue", "auto_renew_off", "newsletter_off", "cancel_page_viewed"}
ABOUT = {
    "Nobody gets back to me about my last request": "waiting",
    "Waited days for an answer": "waiting",
    "I hardly use it any more, what is it still good for?": "use",
    "Does not do much for us these days": "use",
    "Another shop offers the same for less": "price",
    "Too expensive compared with others": "price",
    "The invoice is wrong again": "bills",
    "Our data and bills were wrong": "bills",
    "Who looks after us now?": "contact",
    "Never hear from anybody": "contact",
}

REASONS = {
    "service": "poor service",
    "value": "not used enough",
    "competitor": "other provider",
    "operations": "wrong data or bills",
    "relationship": "no contact",
}


def mean(numbers):
    """Of a list; None of an empty one."""
    return sum(numbers) / len(numbers) if numbers else None


@dataclass(frozen=True)
class Customer:
    """What was known of one before as_of: rows by table, what was filled in later blanked; and with rows twice as far back."""

    as_of: date
    rows: dict[str, list[dict[str, Any]]]
    farther: dict[str, list[dict[str, Any]]]

    def ago(self, day):
        return (self.as_of - day).days

    def last(self, days):
        """Days since the last of some days; None if there is none."""
        return min((self.ago(day) for day in days), default=None)

    @cached_property
    def bought(self):
        """Lines that are no refunds."""
        return [row for row in self.rows["transactions"] if row["amount"] >= 0]

    @cached_property
    def purchase_days(self):
        return sorted({row["occurred_on"] for row in self.bought})

    @property
    def recency(self):
        return self.last(self.purchase_days)

    @property
    def gap(self):
        days = self.purchase_days
        return (days[-1] - days[0]).days / (len(days) - 1) if len(days) > 1 else None

    def spend(self, window):
        """Refunds taken off."""
        rows = self.rows["transactions"]
        return float(sum(row["amount"] for row in rows if self.ago(row["occurred_on"]) <= window))

    def purchases(self, window):
        return sum(self.ago(day) <= window for day in self.purchase_days)

    def basket(self, window):
        lines = [row["amount"] for row in self.bought if self.ago(row["occurred_on"]) <= window]
        return float(sum(lines)) / self.purchases(window) if lines else None

    @property
    def last_basket(self):
        if not self.purchase_days:
            return None
        total = sum(row["amount"] for row in self.bought)
        newest = sum(row["amount"] for row in self.bought if row["occurred_on"] == self.purchase_days[-1])
        return float(newest) / (float(total) / len(self.purchase_days)) if total else None

    def different(self, column):
        rows = [row[column] for row in self.bought if self.ago(row["occurred_on"]) <= LONGEST]
        return len({cell for cell in rows if cell is not None})

    def refunds(self, window):
        return sum(row["amount"] < 0 and self.ago(row["occurred_on"]) <= window for row in self.rows["transactions"])

    def off(self, window):
        """Percent of the full price that was taken off."""
        paid, saved = defaultdict(float), defaultdict(float)
        for row in self.bought:
            if self.ago(row["occurred_on"]) <= window:
                paid[row["occurred_on"]] += float(row["amount"])
                if row["discount"] is not None:
                    saved[row["occurred_on"]] += float(row["discount"])
        full = sum(paid[day] + saved[day] for day in saved)
        return 100 * sum(saved.values()) / full if full else None

    @cached_property
    def used(self):
        """What they did in the product."""
        return [row for row in self.rows["activity"] if row["event"] not in SIGNALS]

    def signal(self, event):
        return self.last(row["occurred_on"] for row in self.rows["activity"] if row["event"] == event)

    def activities(self, window):
        return sum(self.ago(row["occurred_on"]) <= window for row in self.used)

    def active_days(self, window):
        return len({row["occurred_on"] for row in self.used if self.ago(row["occurred_on"]) <= window})

    def features_used(self, window):
        rows = [row["feature"] for row in self.used if self.ago(row["occurred_on"]) <= window]
        return len({cell for cell in rows if cell is not None})

    @property
    def unused(self):
        """Days since the feature was used that was used most until a month ago."""
        rows = [row for row in self.used if row["feature"] is not None]
        earlier = Counter(row["feature"] for row in rows if self.ago(row["occurred_on"]) > RECENT)
        if not earlier:
            return None
        most = min(earlier, key=lambda name: (-earlier[name], name))
        return self.last(row["occurred_on"] for row in rows if row["feature"] == most)

    @property
    def uses(self):
        """Of features, the newest first, twice as far back; the smaller before the larger of one moment."""
        rows = [r for r in self.farther["activity"] if r["event"] not in SIGNALS and r["feature"] is not None]
        amounts = [(row["occurred_at"], 1.0 if row["quantity"] is None else float(row["quantity"])) for row in rows]
        amounts.sort(key=lambda use: use[1])
        return [amount for _, amount in sorted(amounts, key=lambda use: use[0], reverse=True)]

    @property
    def shallower_lately(self):
        """Percent by which the last ten uses are smaller than those before, ten at least."""
        before = self.uses[10:]
        return 100 * (1 - mean(self.uses[:10]) / mean(before)) if len(before) >= 10 and sum(before) else None

    @property
    def shallower(self):
        """Percent by which a use of a feature is smaller than before."""
        uses = [row for row in self.used if row["feature"] is not None]
        quantity = {True: [], False: []}
        for row in uses:
            amount = 1.0 if row["quantity"] is None else float(row["quantity"])
            quantity[self.ago(row["occurred_on"]) <= LONGEST].append(amount)
        now, then = mean(quantity[True]), mean(quantity[False])
        return 100 * (1 - now / then) if now is not None and then else None

    def tickets(self, window):
        return sum(self.ago(row["opened_on"]) <= window for row in self.rows["tickets"])

    @property
    def complaints(self):
        return [row for row in self.rows["tickets"] if row["kind"] == "complaint"]

    @property
    def complaints_open_in_row(self):
        """From the newest back, until one that was resolved."""
        count = 0
        for row in sorted(self.complaints, key=lambda row: row["opened_at"], reverse=True):
            if row["resolved_on"] is not None:
                break
            count += 1
        return count

    @property
    def open(self):
        return [self.ago(row["opened_on"]) for row in self.rows["tickets"] if row["resolved_on"] is None]

    @property
    def waits(self):
        """Hours until tickets of the longest window were answered; who still waits has since the midnight after."""
        hours = []
        for row in self.rows["tickets"]:
            if self.ago(row["opened_on"]) <= LONGEST:
                answer = row["first_response_at"] or row["resolved_at"]
                wait = (answer - row["opened_at"]).total_seconds() / 3600 if answer else None
                hours.append(24 * (self.ago(row["opened_on"]) - 1) if wait is None else max(wait, 0))
        return hours

    @property
    def solved(self):
        """Days until tickets of the longest window were solved."""
        rows = [row for row in self.rows["tickets"] if row["resolved_at"] and self.ago(row["opened_on"]) <= LONGEST]
        return mean([(row["resolved_at"] - row["opened_at"]).total_seconds() / 86400 for row in rows])

    @property
    def late(self):
        """Tickets whose first answer took more than a day, or that have waited for longer."""
        answers = [(row, row["first_response_at"] or row["resolved_at"]) for row in self.rows["tickets"]]
        return [
            row
            for row, answer in answers
            if (answer - row["opened_at"] > timedelta(days=1) if answer else self.ago(row["opened_on"]) > 1)
        ]

    @property
    def slow(self):
        """Tickets that took more than a week, or have been open for longer."""
        week = timedelta(days=7)
        return [
            row
            for row in self.rows["tickets"]
            if (row["resolved_at"] - row["opened_at"] > week if row["resolved_at"] else self.ago(row["opened_on"]) > 7)
        ]

    @property
    def ratings(self):
        """Oldest first."""
        rows = [row for row in self.rows["tickets"] if row["satisfaction"] is not None]
        return [float(row["satisfaction"]) for row in sorted(rows, key=lambda row: row["resolved_at"])]

    def score(self, kind, place):
        """The last one is 1, the one before 2."""
        rows = [row for row in self.rows["surveys"] if row["kind"] == kind]
        scores = [float(row["score"]) for row in sorted(rows, key=lambda row: row["answered_at"])]
        return scores[-place] if len(scores) >= place else None

    def wrote(self, about):
        days = [
            row[DAY[table]]
            for table in ("tickets", "surveys")
            for row in self.rows[table]
            if ABOUT.get(row["text"]) == about
        ]
        return self.last(days)

    def gave(self, reason):
        """Days since the last notice for it."""
        rows = self.rows["cancellations"]
        return self.last(row["cancelled_on"] for row in rows if row["reason"] == REASONS[reason])

    @property
    def contracts(self):
        """Oldest first."""
        return sorted(self.rows["subscriptions"], key=lambda row: row["started_at"])

    @property
    def running(self):
        return [row for row in self.contracts if row["ended_on"] is None]

    @property
    def followed(self):
        """Pairs of contracts, the second of which went on from the first: it had ended up to a month after it began."""
        pairs = zip(self.contracts, self.contracts[1:], strict=False)
        return [(a, b) for a, b in pairs if a["ended_on"] and (a["ended_on"] - b["started_on"]).days <= 31]

    @property
    def dearer(self):
        ratios = [float(b["monthly_amount"]) / float(a["monthly_amount"]) for a, b in self.followed]
        return 100 * (ratios[-1] - 1) if ratios else None

    @property
    def replanned(self):
        return self.last(b["started_on"] for a, b in self.followed if a["plan"] != b["plan"])

    @property
    def anniversary(self):
        """Days to the next one."""
        coming = []
        for row in self.running:
            day = row["started_on"]
            while day < self.as_of:
                leap = (day.month, day.day) == (2, 29)
                day = date(day.year + 1, 2, 28) if leap else date(day.year + 1, day.month, day.day)
            coming.append((day - self.as_of).days)
        return min(coming, default=None)

    @cached_property
    def contacts(self):
        return [row for row in self.rows["contacts"] if row["arm"] != "holdout"]

    @property
    def personal(self):
        """Oldest first."""
        rows = [row for row in self.contacts if row["list_id"] is None]
        return sorted(rows, key=lambda row: row["contacted_at"])

    @property
    def unattended(self):
        """Days from a personal contact to the last sign of life: the last one before it, of the last four.

        What may be the bill of a contract shows nothing where anything else does, be it a use of a feature longer ago.
        """
        contacts = [row for row in self.farther["contacts"] if row["arm"] != "holdout" and row["list_id"] is None]
        days = sorted(self.ago(row["contacted_on"]) for row in contacts)[:4]
        rows = self.used or [
            r for r in self.farther["activity"] if r["event"] not in SIGNALS and r["feature"] is not None
        ]
        used = [self.ago(row["occurred_on"]) for row in rows]
        ended = self.last(row["ended_on"] for row in self.contracts if row["ended_on"])
        billed = self.running or (self.purchase_days and ended is not None and ended <= self.recency)
        bought = [] if billed and used else [self.ago(day) for day in self.purchase_days]
        silence = min((*used, *bought), default=0)
        return next((ago - silence for ago in days if ago >= silence), None)

    @property
    def unanswered(self):
        count = 0
        for row in sorted(self.contacts, key=lambda row: row["contacted_at"], reverse=True):
            if row["answered_on"] is not None:
                break
            count += 1
        return count

    @property
    def slower(self):
        rows = sorted((row for row in self.contacts if row["answered_on"]), key=lambda row: row["answered_at"])
        waited = [(row["answered_on"] - row["contacted_on"]).days for row in rows]
        return waited[-1] - mean(waited) if waited else None

    @property
    def signed_up(self):
        return self.last(row["signed_up_on"] for row in self.rows["customers"] if row["signed_up_on"])

    @property
    def tenure(self):
        known = [
            max((self.ago(day) for day in self.purchase_days), default=0),
            self.signed_up or 0,
            self.last(row["started_on"] for row in self.running) or 0,
            2 * RECENT if any(self.ago(row["occurred_on"]) >= 2 * RECENT for row in self.used) else 0,
        ]
        return max(known)

    def before(self, count):
        """Per month, before the last one."""
        if self.tenure >= LONGEST:
            return (count(LONGEST) - count(RECENT)) / ((LONGEST - RECENT) / RECENT)
        return count(2 * RECENT) - count(RECENT) if self.tenure >= 2 * RECENT else None


SILENT = {"days": lambda who: who.recency, "gap": lambda who: who.gap}
Numbers = dict[str, Callable[[Customer], float | None]]

RECOMPUTED: dict[tuple[str, int], Numbers] = {
    ("notice", 0): {"days": lambda who: who.gave("service")},
    ("notice", 1): {"days": lambda who: who.gave("value")},
    ("notice", 2): {"days": lambda who: who.gave("competitor")},
    ("notice", 3): {"days": lambda who: who.gave("operations")},
    ("notice", 4): {"days": lambda who: who.gave("relationship")},
    ("tickets", 0): {"count": lambda who: who.complaints_open_in_row, "days": lambda who: max(who.open, default=None)},
    ("tickets", 1): {"count": lambda who: len(who.open), "days": lambda who: max(who.open, default=None)},
    ("tickets", 2): {"count": lambda who: sum(who.ago(row["opened_on"]) <= LONGEST for row in who.complaints)},
    ("tickets", 3): {"before": lambda who: who.before(who.tickets), "now": lambda who: who.tickets(RECENT)},
    ("tickets", 4): {"count": lambda who: who.tickets(LONGEST)},
    ("replies", 0): {"hours": lambda who: mean(who.waits)},
    ("replies", 1): {"hours": lambda who: max(who.waits, default=None)},
    ("replies", 2): {"days": lambda who: who.solved},
    ("replies", 3): {"days": lambda who: who.last(row["opened_on"] for row in who.late)},
    ("replies", 4): {"days": lambda who: who.last(row["opened_on"] for row in who.slow)},
    ("ratings", 0): {"now": lambda who: who.ratings[-1] if who.ratings else None, "typical": lambda _: 4.5},
    ("ratings", 1): {"now": lambda who: mean(who.ratings), "typical": lambda _: 4.5},
    ("surveys", 0): {"before": lambda who: who.score("nps", 2), "now": lambda who: who.score("nps", 1)},
    ("surveys", 1): {"before": lambda who: who.score("csat", 2), "now": lambda who: who.score("csat", 1)},
    ("surveys", 2): {"now": lambda who: who.score("nps", 1)},
    ("surveys", 3): {"now": lambda who: who.score("csat", 1), "typical": lambda _: 4.5},
    ("answering", 0): {"days": lambda who: who.last(row["answered_on"] for row in who.rows["surveys"])},
    ("voice_waiting", 0): {"days": lambda who: who.wrote("waiting")},
    ("voice_use", 0): {"days": lambda who: who.wrote("use")},
    ("voice_price", 0): {"days": lambda who: who.wrote("price")},
    ("voice_bills", 0): {"days": lambda who: who.wrote("bills")},
    ("voice_contact", 0): {"days": lambda who: who.wrote("contact")},
    ("price", 0): {"percent": lambda who: who.dearer},
    ("smaller_plan", 0): {"days": lambda who: who.replanned},
    ("contract", 0): {"days": lambda who: who.last(row["ended_on"] for row in who.contracts if row["ended_on"])},
    ("contract", 1): {},
    ("contract", 2): {"days": lambda who: who.anniversary},
    ("contract", 3): {"days": lambda who: who.last(row["started_on"] for row in who.running)},
    ("owner", 0): {"days": lambda who: who.last(row["contacted_on"] for row in who.personal)},
    ("owner", 1): {"days": lambda who: who.unattended},
    ("owner", 2): {},
    ("contact", 0): {"days": lambda who: who.last(row["contacted_on"] for row in who.contacts)},
    ("answers", 0): {"count": lambda who: who.unanswered},
    ("answers", 1): {"days": lambda who: who.slower},
    ("new", 0): {"days": lambda who: who.signed_up},
    ("use", 0): {"days": lambda who: who.last(row["occurred_on"] for row in who.used)},
    ("use", 1): {"before": lambda who: who.before(who.activities), "now": lambda who: who.activities(RECENT)},
    ("use", 2): {"before": lambda who: who.before(who.active_days), "now": lambda who: who.active_days(RECENT)},
    ("use", 3): {"days": lambda who: who.signal("login")},
    ("use", 4): {},
    ("use", 5): {"count": lambda who: who.active_days(LONGEST)},
    ("depth", 0): {"percent": lambda who: who.shallower},
    ("last_uses", 0): {"percent": lambda who: who.shallower_lately},
    ("features", 0): {"days": lambda who: who.unused},
    ("features", 1): {"now": lambda who: who.features_used(RECENT), "before": lambda who: who.features_used(LONGEST)},
    ("key_contact", 0): {"days": lambda who: who.signal("key_contact_changed")},
    ("late_payment", 0): {"days": lambda who: who.signal("payment_overdue")},
    ("auto_renew_off", 0): {"days": lambda who: who.signal("auto_renew_off")},
    ("mail_off", 0): {"days": lambda who: who.signal("newsletter_off")},
    ("asked_to_cancel", 0): {"days": lambda who: who.signal("cancel_page_viewed")},
    ("silence", 0): SILENT,
    ("silence", 1): {"days": lambda who: who.recency},
    ("silence", 2): {"days": lambda who: who.recency, "spent": lambda who: who.spend(LONGEST)},
    ("silence", 3): SILENT,
    ("pace", 0): {"before": lambda who: who.before(who.purchases), "now": lambda who: who.purchases(RECENT)},
    ("pace", 1): {},
    ("pace", 2): {"count": lambda who: who.purchases(LONGEST)},
    ("spend", 0): {"before": lambda who: who.before(who.spend), "now": lambda who: who.spend(RECENT)},
    ("basket", 0): {"before": lambda who: who.basket(LONGEST), "now": lambda who: who.basket(RECENT)},
    ("basket", 1): {"percent": lambda who: 100 * who.last_basket if who.last_basket is not None else None},
    ("range", 0): {"count": lambda who: who.different("category")},
    ("range", 1): {"count": lambda who: who.different("product")},
    ("refunds", 0): {"count": lambda who: who.refunds(RECENT)},
    ("refunds", 1): {"count": lambda who: who.refunds(LONGEST)},
    ("discounts", 0): {"now": lambda who: who.off(RECENT), "before": lambda who: who.off(LONGEST)},
    ("discounts", 1): {"now": lambda who: who.off(LONGEST)},
}
PLACES = [
    pytest.param(topic, number, place, id=f"{topic.name}-{number}-{place}")
    for topic in TOPICS
    for number, statement in enumerate(topic.statements)
    for place in statement.filled
]


@dataclass(frozen=True)
class Company:
    """Facts as reasons read them, and the same customers as the tables tell of them."""

    facts: Facts
    customers: list[Customer]


@pytest.fixture(scope="module")
def company(tmp_path_factory, engine) -> Company:
    """Four weeks before the end, so that there is something to leak."""
    house = House(tmp_path_factory.mktemp("company") / "project")
    world = world_of("both", (), 60)
    simulate(house.root, world, customers=800, seed=7)
    params = read_params(house.params)
    assert (params.features.reach_days, params.features.windows_days) == (REACH, (7, 14, RECENT, 56, LONGEST))
    run_ingest(params, house, engine)
    as_of, out = world.start + timedelta(days=world.days - 28), house.root / "snapshots.parquet"
    with_work = house.root / "work"
    with_work.mkdir()
    snapshot(
        tables=house.tables, churn=params.churn, params=params.features, engine=engine, as_of=as_of, work=with_work, out=out
    )  # fmt: skip
    rows = pq.read_table(out)
    typical = dict.fromkeys(("ticket_last_rating", "ticket_rating_mean", "survey_last_score"), 4.5)
    near, farther = (
        {name: known(house.tables / f"{name}.parquet", name, as_of, reach) for name in DAY}
        for reach in (REACH, 2 * REACH)
    )
    customers = [
        Customer(as_of, *({name: seen[name][who] for name in DAY} for seen in (near, farther)))
        for who in rows["customer_id"].to_pylist()
    ]
    return Company(Facts(rows, params.features.windows_days, typical), customers)


def known(path, name, as_of, reach) -> dict[str, list[dict[str, Any]]]:
    """A table's rows as of a midnight, by customer: later rows, and for most tables too old ones, left out."""
    found = defaultdict(list)
    for row in pq.read_table(path).to_pylist():
        day = row[DAY[name]]
        lasting = name in ("subscriptions", "cancellations", "customers")
        if day is None or day >= as_of or (not lasting and (as_of - day).days > reach):
            continue
        for knowing, cells in LATER.get(name, {}).items():
            if row[knowing] is None or row[knowing] >= as_of:
                row.update(dict.fromkeys([knowing, *cells]))
        found[row["customer_id"]].append(row)
    return found


def test_each_place_is_recomputed():
    """A statement that is added without a second computation fails here."""
    every = {
        (topic.name, number): set(statement.filled)
        for topic in TOPICS
        for number, statement in enumerate(topic.statements)
    }
    assert {key: set(numbers) for key, numbers in RECOMPUTED.items()} == every


@pytest.mark.parametrize(("topic", "number", "place"), PLACES)
def test_numbers_are_what_the_tables_say(company, topic, number, place):
    """Of every customer, said or not: the same number, and known for the same ones."""
    value = topic.statements[number].filled[place](company.facts)
    found = [float(cell) if np.isfinite(cell) else None for cell in value]
    expected = [RECOMPUTED[topic.name, number][place](who) for who in company.customers]
    assert any(cell is not None for cell in expected)
    assert found == [None if cell is None else pytest.approx(cell, rel=1e-9, abs=1e-9) for cell in expected]


def test_most_statements_are_true_of_somebody(company):
    """The company is rich enough: what nobody could be told is listed here."""
    never = [
        (topic.name, number)
        for topic in TOPICS
        for number, statement in enumerate(topic.statements)
        if not statement.true_of(company.facts).any()
    ]
    assert never == [("notice", 2), ("price", 0), ("owner", 2), ("pace", 1), ("discounts", 1)]


def test_what_is_said_without_a_number(company):
    """Statements without a number of their own are true of whom the tables say so, and of nobody else."""
    topics = {topic.name: topic for topic in TOPICS}
    none = {
        "use": [who.active_days(LONGEST) == 0 for who in company.customers],
        "pace": [who.purchases(LONGEST) == 0 for who in company.customers],
        "contract": [
            who.anniversary == 0 and who.last(r["started_on"] for r in who.running) >= 90 for who in company.customers
        ],
    }
    places = {"use": 4, "pace": 1, "contract": 1}
    for name, expected in none.items():
        assert topics[name].statements[places[name]].true_of(company.facts).tolist() == expected

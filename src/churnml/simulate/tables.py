"""What happened -> the rows that a business could know of: canonical tables, and beside them the truth."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from churnml.simulate.billing import monthly_cents
from churnml.simulate.calendar import DAY, NEVER, Calendar
from churnml.simulate.draws import Draws, Flags, Ints, whole
from churnml.simulate.life import Lived
from churnml.simulate.moods import OPERATIONS
from churnml.simulate.outreach import NO_LIST
from churnml.simulate.people import PLANS, People
from churnml.simulate.words import EVENTS, Locale, words
from churnml.simulate.world import World

Rows = Mapping[str, np.ndarray]
DEALT_WEEKS = 4
_MUDDLED = 0.6


@dataclass(frozen=True)
class Told:
    """Some customers' lives, as they are told in exports.

    Attributes:
        lived: the lives.
        world: in which they were lived.
        customers: how many customers the whole world has.
        seed: of the world.
        draws: of these customers.
        locale: in which words are told.
    """

    lived: Lived
    world: World
    customers: int
    seed: int
    draws: Draws
    locale: Locale

    @property
    def end(self) -> int:
        """The moment at which the exports are made; nothing later is in them."""
        return self.world.days * DAY

    def ids(self, who: Ints, at: Ints | None = None) -> pa.Array:
        """Customers by the number that the company gave them, eight digits with leading zeros.

        In a shuffled world, each four weeks' rows, counted back from the end, stand under another customer's number.
        """
        number = self.lived.people.number[who]
        if self.world.shuffled and at is not None:
            period = (self.end - 1 - at) // (DEALT_WEEKS * 7 * DAY)
            dealt = Draws(self.seed, np.arange(10_000)).uniform("dealt")[period.clip(0, 9_999)]
            number = (number + whole(dealt * self.customers)) % self.customers
        return numbered(number, 8)

    def moments(self, at: Ints, known: Flags | None = None) -> pa.Array:
        """Local times; none where they aren't known yet."""
        start = np.datetime64(self.world.start, "s")
        hidden = (at >= self.end) if known is None else ~known
        return pa.array(start + np.where(hidden, 0, at).astype("m8[s]"), pa.timestamp("s"), mask=hidden)

    def words(self, of: str, index: Ints) -> pa.Array:
        """Words of the locale; none where the index is MISSING."""
        vocabulary = pa.array(words(of, self.locale), pa.string())
        return vocabulary.take(pa.array(index, mask=index < 0))

    def happened(self, table: str, since: int = 0) -> Rows:
        """Rows of the journal that happened before the exports were made, and not before anybody watched."""
        rows = self.lived.journal.rows(table)
        known = (rows["at"] >= since) & (rows["at"] < self.end)
        return {name: column[known] for name, column in rows.items()}


def customers(told: Told) -> pa.Table:
    """Everybody who signed up before the exports were made, as the CRM knows them then."""
    people, state = told.lived.people, told.lived.state
    who = np.arange(len(people))
    u, muddled = told.draws.uniform, state.grievances[OPERATIONS] > _MUDDLED
    first, last = (told.words(of, whole(len(words(of, told.locale)) * u(of))) for of in ("first_name", "last_name"))
    parts = (first, last, " ") if told.locale == "en" else (last, first, "")
    digits = numbered(whole(10_000_000 * u("phone")), 7)
    columns = {
        "who": pa.array(who),
        "at": pa.array(people.signed_up * DAY),
        "customer_id": told.ids(who),
        "name": pc.binary_join_element_wise(*parts),
        "phone": pc.binary_join_element_wise("+1-555-" if told.locale == "en" else "199-0", digits, ""),
        "email": pc.binary_join_element_wise("c", told.ids(who), "@example.com", ""),
        "signed_up_at": told.moments(people.signed_up * DAY + whole((6 + 2 * u("signed up at")) * 3600)),
        "owner": told.words(
            "owner", np.where(people.cared & ~(muddled & (u("owner lost") < 0.5)), people.owner % 4, -1)
        ),
        "segment": told.words("segment", people.segment),
        "region": told.words("region", people.region),
        "source": told.words("source", people.source),
    }
    if told.world.subscribes:
        columns["plan"] = told.words("plan", np.where(people.subscribes, _tariff(people, state.plan), -1))
    if told.world.leak:
        columns["status"] = told.words("status", (~state.alive).astype(np.int64))
    return pa.table(columns)


def orders(told: Told) -> pa.Table:
    """Lines of orders in the shop, refunds included."""
    rows = told.happened("transactions")
    return _sold(told, _where(rows, lambda rows: (rows["category"] < 8) & (rows["day"] >= 0)), "S")


def invoices(told: Told) -> pa.Table:
    """Bills of contracts."""
    rows = told.happened("transactions")
    return _sold(told, _where(rows, lambda rows: rows["category"] == 8), "I")


def activity(told: Told) -> pa.Table:
    """Visits, logins, use of features, signals; in a leaking world also talks that took place after the departure."""
    rows = told.happened("activity")
    if told.world.leak:
        rows = _with_leak(told, rows)
    return _table(
        told, rows,
        occurred_at=told.moments(rows["at"]),
        event=told.words("event", rows["event"]),
        feature=told.words("feature", rows["feature"]),
        quantity=_whole(rows["quantity"]),
    )  # fmt: skip


def tickets(told: Told) -> pa.Table:
    """Tickets of the help desk."""
    rows = told.happened("tickets")
    return _table(
        told, rows,
        ticket_id=_joined(told, "T", rows["who"], rows["week"], 3),
        opened_at=told.moments(rows["at"]),
        first_response_at=told.moments(rows["first_response"]),
        resolved_at=told.moments(rows["resolved"]),
        kind=told.words("ticket_kind", rows["kind"]),
        priority=told.words("priority", rows["priority"]),
        satisfaction=_whole(np.where(rows["resolved"] < told.end, rows["satisfaction"], -1)),
        text=told.words("ticket_text", rows["text"]),
    )  # fmt: skip


def surveys(told: Told) -> pa.Table:
    """Answers to surveys."""
    rows = told.happened("surveys")
    return _table(
        told, rows,
        answered_at=told.moments(rows["at"]),
        kind=told.words("survey_kind", rows["kind"]),
        score=_whole(rows["score"]),
        text=told.words("survey_text", rows["text"]),
    )  # fmt: skip


def subscriptions(told: Told) -> pa.Table:
    """Contracts, with their renewal as the billing system sees it on the day of the export."""
    rows, people = told.happened("subscriptions", since=-NEVER), told.lived.people
    who, ended = rows["who"], rows["ended"] < told.end
    calendar, begun = Calendar(told.world.start), rows["at"] // DAY
    last = np.full(len(who), told.world.days - 1)
    renews = calendar.next_billing(begun, people.yearly[who], last) * DAY
    runs_out = ended | (rows["runs_out"] == 1)
    return _table(
        told, rows,
        subscription_id=_joined(told, "C", who, begun + 1_000_000, 7),
        started_at=told.moments(rows["at"]),
        ended_at=told.moments(rows["ended"]),
        plan=told.words("plan", _tariff(people, rows["plan"], who)),
        monthly_amount=_money(monthly_cents(told.world, rows["plan"], rows["dearer"] == 1)),
        auto_renew=told.words("yes_no", runs_out.astype(np.int64)),
        renews_at=told.moments(renews, ~ended),
        cancel_reason=told.words("reason", np.where(ended, rows["reason"], -1)),
    )  # fmt: skip


def cancellations(told: Told) -> pa.Table:
    """Notices that customers gave."""
    rows = told.happened("cancellations")
    return _table(
        told, rows,
        cancelled_at=told.moments(rows["at"]),
        reason=told.words("reason", rows["reason"]),
    )  # fmt: skip


def contacts(told: Told) -> pa.Table:
    """Contacts by owners and by retention lists; whoever was left alone is listed with the arm holdout."""
    rows = told.happened("contacts")
    lists, answered = rows["list"], rows["answered"] < told.end
    listed = pa.array(lists, mask=lists == NO_LIST)
    return _table(
        told, rows,
        contacted_at=told.moments(rows["at"]),
        action=told.words("action", rows["action"]),
        channel=told.words("contact_channel", rows["channel"]),
        arm=told.words("arm", rows["arm"]),
        list_id=pc.binary_join_element_wise("L", pc.utf8_lpad(listed.cast(pa.string()), 3, "0"), ""),
        answered_at=told.moments(rows["answered"]),
        answer=told.words("answer", np.where(answered, rows["answer"], -1)),
    )  # fmt: skip


TABLES: Mapping[str, Callable[[Told], pa.Table]] = {
    function.__name__: function
    for function in (customers, orders, invoices, activity, tickets, surveys, subscriptions, cancellations, contacts)
}
"""What the systems of a company hold, by the name of their export; `who` (position) and `at` (seconds) tell rows apart."""


def _tariff(people: People, plan: Ints, who: Ints | slice = slice(None)) -> Ints:
    """A plan as it is called: those of a year have names of their own."""
    return plan + PLANS * people.yearly[who]


def numbered(number: Ints, width: int) -> pa.Array:
    """Whole numbers with leading zeros.

    >>> numbered(np.array([7, 123]), 4).to_pylist()
    ['0007', '0123']
    """
    return pc.utf8_lpad(pa.array(number).cast(pa.string()), width, "0")


def _sold(told: Told, rows: Rows, mark: str) -> pa.Table:
    return _table(
        told, rows,
        occurred_at=told.moments(rows["at"]),
        order_id=_joined(told, mark, rows["who"], rows["day"], 3),
        line=_whole(rows["line"] + 1),
        product=pc.binary_join_element_wise("P", numbered(rows["product"], 3), ""),
        category=told.words("category", rows["category"]),
        channel=told.words("channel", rows["channel"]),
        quantity=pa.array(rows["quantity"]),
        discount=_money(rows["discount"]),
        amount=_money(rows["amount"]),
    )  # fmt: skip


def _table(told: Told, rows: Rows, **columns: pa.Array) -> pa.Table:
    """A table of these columns, after those that tell rows apart."""
    own = {"who": rows["who"], "at": rows["at"], "customer_id": told.ids(rows["who"], rows["at"])}
    return pa.table({**own, **columns})


def _where(rows: Rows, holds: Callable[[Rows], Flags]) -> Rows:
    kept = holds(rows)
    return {name: column[kept] for name, column in rows.items()}


def _with_leak(told: Told, rows: Rows) -> Rows:
    """Talks with leavers, entered after they had left and dated two weeks before."""
    left = told.happened("truth_departures")
    number = left["at"] // DAY % (1 << 31)
    talked = told.draws.uniform("exit call", number, left["who"]) < 0.5
    who, at = left["who"][talked], left["at"][talked] - 14 * DAY + 10 * 3600
    talks: dict[str, Any] = {"who": who, "at": at, "event": np.full(len(who), EVENTS.index("exit_call"))}
    talks |= {name: np.full(len(who), -1) for name in ("feature", "quantity")}
    both = {name: np.concatenate([column, talks[name]]) for name, column in rows.items()}
    order = np.lexsort((both["at"], both["who"]))
    watched = both["at"][order] >= 0
    return {name: column[order][watched] for name, column in both.items()}


def _joined(told: Told, mark: str, who: Ints, number: Ints, width: int) -> pa.Array:
    """A number that is the customer's and the moment's own, for orders, tickets and contracts."""
    return pc.binary_join_element_wise(mark, numbered(told.lived.people.number[who], 8), numbered(number, width), "")


def _whole(number: Ints) -> pa.Array:
    return pa.array(number, mask=number < 0)


def _money(cents: Ints) -> pa.Array:
    """Cents as decimals with two places.

    >>> _money(np.array([1250, -5])).cast(pa.string()).to_pylist()
    ['12.50', '-0.05']
    """
    return pc.multiply(pa.array(cents).cast(pa.decimal128(19, 0)), pa.scalar("0.01").cast(pa.decimal128(3, 2)))

"""Who is told of now: cooldown, escalation, replaced rules, the owners' budget, and what the next list remembers."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from churnml.alerts import decide
from churnml.config import Rules

MONDAY = date(2024, 1, 1)


def rules(*given, **file):
    """Rules in few words; the condition is of no matter here."""
    plain = {"title": "t", "then": "t", "when": {"to_call": True}, "cooldown_days": 0}
    return Rules.model_validate({"rules": [{**plain, **rule} for rule in given], **file})


def people(*names, held=(), owner=None):
    """Customers in the order of their rank."""
    rows = pd.DataFrame(
        {"customer_id": names, "rank": range(1, len(names) + 1), "held": [name in held for name in names]}
    )
    return rows if owner is None else rows.assign(owner=owner)


def told(given, *, day=0, who=None, memory=None, **true):
    """State by (customer, rule), after so many days; true: by rule, names of customers."""
    who = people("ann", "bob", "cat") if who is None else who
    flags = {name: who["customer_id"].isin(list(names)).to_numpy() for name, names in true.items()}
    return decide(given, MONDAY + timedelta(day), who, flags, memory)


def states(said):
    """As a dict."""
    return {(row["customer_id"], row["rule"]): row["state"] for row in said.rows.to_dict("records")}


def due_on(said):
    """By when, in days from the list on, of what is told."""
    rows = said.rows[said.rows["state"] == "alerted"]
    return {(row["customer_id"], row["rule"]): (row["due"].date() - MONDAY).days for row in rows.to_dict("records")}


def test_cooldown_is_from_the_last_alert_on():
    """With 28 days of it, told of on day 0, silent on days 7 and 27, told of again on day 28."""
    given, memory, found = rules({"name": "a", "cooldown_days": 28}), None, []
    for day in (0, 7, 27, 28):
        said = told(given, day=day, memory=memory, a=["ann"])
        found.append(states(said)["ann", "a"])
        memory = said.rows
    assert found == ["alerted", "cooldown", "cooldown", "alerted"]
    assert memory["since"].dt.date.tolist() == [MONDAY]
    assert memory["first_on"].dt.date.tolist() == [MONDAY]
    assert memory["last_on"].dt.date.tolist() == [MONDAY + timedelta(28)]


def test_a_cooldown_outlives_the_condition():
    """What came to an end and comes back within the cooldown says nothing; since when it is true begins anew."""
    given = rules({"name": "a", "cooldown_days": 28})
    gone = told(given, day=7, memory=told(given, a=["ann"]).rows)
    assert states(gone) == {("ann", "a"): "over"}
    back = told(given, day=14, memory=gone.rows, a=["ann"])
    assert states(back) == {("ann", "a"): "cooldown"}
    assert back.rows["since"].dt.date.tolist() == [MONDAY + timedelta(14)]
    assert states(told(given, day=28, memory=gone.rows)) == {}


def test_an_escalation_comes_once_and_in_spite_of_the_cooldown():
    """Still true 30 days after the first alert: told of with what to do then; later alerts keep to that."""
    rule = {"name": "a", "cooldown_days": 90, "escalate": {"after_days": 30, "then": "t", "urgency": "urgent"}}
    given, memory, found = rules(rule), None, []
    for day in (0, 29, 30, 60, 120):
        said = told(given, day=day, memory=memory, a=["ann"])
        memory = said.rows
        (row,) = memory.to_dict("records")
        found.append((row["state"], row["escalated"], row["urgency"]))
    assert found == [
        ("alerted", False, "normal"), ("cooldown", False, "normal"), ("alerted", True, "urgent"), ("cooldown", False, "urgent"),
        ("alerted", True, "urgent"),
    ]  # fmt: skip


def test_an_escalation_starts_again_with_the_condition():
    """Who came back in between isn't the same case."""
    rule = {"name": "a", "escalate": {"after_days": 30, "then": "t"}}
    first = told(rules(rule), a=["ann"])
    gone = told(rules(rule), day=7, memory=first.rows)
    again = told(rules(rule), day=40, memory=gone.rows, a=["ann"])
    assert not again.rows["escalated"].any()


def test_a_stronger_rule_speaks_for_the_weaker():
    """Also where the stronger one is in its own cooldown, and by way of a third."""
    given = rules(
        {"name": "a"}, {"name": "b", "replaces": ["a"], "cooldown_days": 28}, {"name": "c", "replaces": ["b"]}
    )
    first = told(given, a=["ann", "bob", "cat"], b=["ann"], c=["bob"])
    assert states(first) == {
        ("ann", "a"): "replaced", ("ann", "b"): "alerted", ("bob", "a"): "replaced", ("bob", "c"): "alerted",
        ("cat", "a"): "alerted",
    }  # fmt: skip
    later = told(given, day=7, memory=first.rows, a=["ann"], b=["ann"])
    assert states(later) == {("ann", "a"): "replaced", ("ann", "b"): "cooldown"}


def test_who_is_left_alone_is_counted_and_not_told_of():
    """The holdout shows what becomes of customers whom nobody contacts."""
    said = told(rules({"name": "a"}), who=people("ann", "bob", held=["ann"]), a=["ann", "bob"])
    assert states(said) == {("ann", "a"): "held", ("bob", "a"): "alerted"}
    assert (said.customers, said.states["held"]) == (1, 1)


def test_an_owner_gets_the_most_urgent_customers():
    """One a week, lists of two weeks: two customers; an urgent rule comes before a better rank, and the rest waits."""
    given = rules(
        {"name": "a", "urgency": "watch"},
        {"name": "b", "urgency": "urgent"},
        weekly_budget_per_owner=1,
        list_every_days=14,
    )
    said = told(given, a=["ann", "bob", "cat"], b=["cat"])
    assert states(said) == {
        ("ann", "a"): "alerted", ("bob", "a"): "budget", ("cat", "a"): "alerted", ("cat", "b"): "alerted",
    }  # fmt: skip
    due = {row["customer_id"]: row["due"] for row in said.rows.to_dict("records") if row["state"] == "alerted"}
    assert due == {"cat": pd.Timestamp(MONDAY + timedelta(7)), "ann": pd.Timestamp(MONDAY + timedelta(14))}
    assert states(told(given, day=14, memory=said.rows, a=["bob"]))["bob", "a"] == "alerted"


def test_an_alert_is_due_when_its_rule_says():
    """One customer a week: the first week ends on day 7, the second on day 14; 3 days after it begins is day 3 and day 10."""
    given = rules({"name": "a"}, {"name": "b", "due_days": 3}, weekly_budget_per_owner=1, list_every_days=14)
    said = told(given, a=["ann", "bob"], b=["ann", "bob"])
    assert due_on(said) == {("ann", "a"): 7, ("ann", "b"): 3, ("bob", "a"): 14, ("bob", "b"): 10}


def test_of_what_is_as_urgent_the_soonest_comes_first():
    """Ann has the better rank, bob is to be called within a day; cat, of a watch rule, comes last all the same.

    All that is said of bob comes with his turn; what rule a says of him is due by the end of that week.
    """
    given = rules(
        {"name": "a"}, {"name": "b", "due_days": 1}, {"name": "c", "urgency": "watch", "due_days": 1},
        weekly_budget_per_owner=1, list_every_days=21,
    )  # fmt: skip
    said = told(given, a=["ann", "bob"], b=["bob"], c=["cat"])
    assert due_on(said) == {("bob", "a"): 7, ("bob", "b"): 1, ("ann", "a"): 14, ("cat", "c"): 15}


def test_each_owner_has_a_budget_and_those_without_one_share_theirs():
    """Two owners and nobody: one customer each."""
    given = rules({"name": "a"}, weekly_budget_per_owner=1, list_every_days=7)
    who = people(*"abcdef", owner=["x", "x", "y", "y", None, None])
    said = told(given, who=who, a=list("abcdef"))
    assert [name for (name, _), state in states(said).items() if state == "alerted"] == ["a", "c", "e"]


def test_nothing_is_lost():
    """Every rule that is true of somebody is alerted or counted by the reason why not; no order of rows matters."""
    rng = np.random.default_rng(3)
    given = rules(
        {"name": "a", "cooldown_days": 28},
        {"name": "b", "replaces": ["a"]},
        weekly_budget_per_owner=2,
        list_every_days=7,
    )
    names = [f"{number:03d}" for number in range(60)]
    who = people(*names, held=names[::7], owner=rng.choice(["x", "y"], 60))
    memory, again = None, None
    for day in (0, 7, 14):
        flags = {name: rng.random(60) < 0.4 for name in ("a", "b")}
        said = decide(given, MONDAY + timedelta(day), who, flags, memory)
        assert sum(said.states.values()) == sum(int(one.sum()) for one in flags.values())
        turned = decide(given, MONDAY + timedelta(day), who[::-1], {n: f[::-1] for n, f in flags.items()}, again)
        pd.testing.assert_frame_equal(said.rows, turned.rows)
        memory, again = said.rows, turned.rows[::-1]

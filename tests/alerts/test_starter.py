"""Every starter rule fires on a customer made for it, and not on the near miss beside it.

`ann` is meant, `bob` just isn't. as_of is 2024-03-01; a row of the day before is one day old.
"""

from datetime import timedelta
from pathlib import Path

import pytest

import ruled
import shelf
from churnml.config import STARTER_RULES, Features, Rules, read_rules
from churnml.features import require_known

REPOSITORY = Path(__file__).parents[2]
RULES = read_rules(STARTER_RULES)

BOUGHT = "customer_id occurred_at amount\nann 2024-02-28 10\nbob 2024-02-28 10"


def ago(days: int) -> str:
    """The day that lies so many days back."""
    return str(shelf.AS_OF - timedelta(days))


def rows(header: str, **people: str) -> str:
    """A table: per customer, lines of cells, the first of which is how many days ago."""
    lines = [f"customer_id {header}"]
    for who, text in people.items():
        for line in text.split(";"):
            first, *rest = line.split()
            cells = [ago(int(cell[1:])) if cell.startswith("@") else cell for cell in rest]
            lines.append(" ".join([who, ago(int(first)), *cells]))
    return "\n".join(lines)


def done(ann: str, bob: str, header: str = "occurred_at event") -> dict[str, str]:
    """Activity of two."""
    return {"transactions": BOUGHT, "activity": rows(header, ann=ann, bob=bob)}


def ordered(ann: str, bob: str) -> dict[str, str]:
    """Purchase days of two."""
    ann, bob = (";".join(f"{day} 10" for day in days.split()) for days in (ann, bob))
    return {"transactions": rows("occurred_at amount", ann=ann, bob=bob)}


def opened(ann: str, bob: str, header: str) -> dict[str, str]:
    """Tickets of two."""
    return {"transactions": BOUGHT, "tickets": rows(f"opened_at {header}", ann=ann, bob=bob)}


WEEKLY = ";".join(f"{day} use" for day in (8, 15, 22, 29, 36, 43))
RARELY = ";".join(f"{day} use" for day in (8, 15, 22, 29, 36))
USED = ";".join(f"{day} login api" for day in range(32, 200, 2))
"""Every other day until a month ago."""
HALF = ";".join(f"{day} login api" for day in range(3, 28, 3))
"""Every third day since: two thirds of what it was."""

CASES = {
    "silent_30d": done("30 login", "29 login"),
    "silent_90d": done("90 login", "89 login"),
    "quiet_week": done(WEEKLY, RARELY),
    "no_order_2w": ordered("35 28 21 14", "34 27 20 13"),
    "no_order_2m": ordered("100 80 60", "99 79 59"),
    "no_repurchase_3m": ordered("90", "89"),
    "two_open_complaints": opened("20 complaint -;9 complaint -", "20 complaint -;9 complaint @3", "kind resolved_at"),
    "slow_reply": opened("9 @7", "9 @8", "first_response_at"),
    "negative_feedback": {
        "transactions": BOUGHT,
        "surveys": rows("answered_at score kind", ann="9 3 nps", bob="9 4 nps"),
    },
    "drop": done(f"{USED};20 login api", f"{USED};{HALF}", "occurred_at event feature"),
    "drop_key_feature": done(f"{USED};8 use map", f"{USED};5 use map;6 login -", "occurred_at event feature"),
    "drop_low_nps_open_ticket": {
        **done(f"{USED};20 login api", f"{USED};20 login api", "occurred_at event feature"),
        "surveys": rows("answered_at score kind", ann="60 6 nps", bob="60 7 nps"),
        "tickets": rows("opened_at resolved_at", ann="9 -", bob="9 -"),
    },
    "no_answer_3": {
        "transactions": BOUGHT,
        "contacts": rows(
            "contacted_at action answered_at", ann="30 call -;20 call -;9 call -", bob="30 call @25;20 call -;9 call -"
        ),
    },
    "key_contact_left": done("28 key_contact_changed", "29 key_contact_changed"),
    "auto_renew_off": done("28 自动续费关闭", "29 自动续费关闭"),
    "renewal_near": {
        "transactions": BOUGHT,
        # 2023-03-31 is 30 days before its anniversary, 2023-04-01 is 31.
        "subscriptions": "customer_id started_at plan\nann 2023-03-31 pro\nbob 2023-04-01 pro",
    },
    "late_payment": done("28 payment_overdue", "29 payment_overdue"),
    "after_payoff_15d": done("15 Loan-Paid-Off", "16 loan_paid_off")
    | {"transactions": rows("occurred_at amount", ann="15 10", bob="30 10")},
    "after_trial_3d": done("3 试用结束", "4 试用结束")
    | {"transactions": rows("occurred_at amount", ann="30 10", bob="30 10")},
}


@pytest.mark.parametrize("name", [rule.name for rule in RULES.rules])
def test_fires_on_who_is_meant_and_not_on_the_near_miss(name, tmp_path, engine):
    """One day, one score, one answer less, and it doesn't fire."""
    rule = Rules(rules=tuple(one.model_copy(update={"replaces": ()}) for one in RULES.rules if one.name == name))
    what, people = ruled.known(rule, tmp_path, CASES[name], engine)
    assert what.asleep == {}
    assert set(people["customer_id"]) == {"ann", "bob"}
    assert ruled.fired(rule, what, people) == {name: ["ann"]}


@pytest.mark.parametrize(("event", "bought"), [("after_payoff_15d", 14), ("after_trial_3d", 2)])
def test_a_next_step_silences_it(event, bought, tmp_path, engine):
    """Who bought on a later day than that of the event has taken the next step."""
    rule = Rules(rules=tuple(one for one in RULES.rules if one.name == event))
    tables = CASES[event] | {"transactions": rows("occurred_at amount", ann=f"{bought} 10", bob="30 10")}
    what, people = ruled.known(rule, tmp_path, tables, engine)
    assert ruled.fired(rule, what, people) == {}


def test_a_renewal_is_told_of_only_where_the_risk_is_medium_or_above(tmp_path, engine):
    """Who isn't in a tier that is called isn't troubled."""
    rule = Rules(rules=tuple(one for one in RULES.rules if one.name == "renewal_near"))
    what, people = ruled.known(rule, tmp_path, CASES["renewal_near"], engine)
    assert ruled.fired(rule, what, people.assign(to_call=False)) == {}


def test_the_file_of_the_repository_is_the_one_that_is_shipped():
    """Who has no rules.yaml gets the very rules that ours explains."""
    assert (REPOSITORY / "rules.yaml").read_bytes() == STARTER_RULES.read_bytes()


@pytest.mark.parametrize("windows", [(7,), (28,), (30, 90), (3, 9, 365), (7, 14, 28, 56, 112)])
def test_they_are_known_whatever_the_windows(windows):
    """Windows in names of rules are their own; no choice of params.yaml makes a starter rule unknown."""
    require_known(RULES, Features(windows_days=windows), ["low"], STARTER_RULES)


def test_what_is_to_be_escalated_is_escalated_on_the_next_list():
    """Lists come every 28 days: whoever is still silent then is to be called, and not a list later."""
    assert [rule.name for rule in RULES.rules if rule.escalate] == ["silent_90d"]
    when = {rule.escalate.after_days for rule in RULES.rules if rule.escalate}
    assert when == {RULES.list_every_days}


def test_they_speak_both_languages():
    """Titles and what to do are written in each."""
    for rule in RULES.rules:
        for said in (rule.title, rule.then, *([rule.escalate.then] if rule.escalate else [])):
            assert said.en.isascii()
            assert not said.zh.isascii()

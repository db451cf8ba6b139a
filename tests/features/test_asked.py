"""What rules may ask for: known names only, through the as-of views, and asleep where a table isn't there."""

from datetime import date

import pyarrow.parquet as pq
import pytest

import ruled
import shelf
from ahead import look_a_day_ahead
from churnml.config import Features, Rules
from churnml.errors import ParamsError
from churnml.features import asked, families, require_known
from churnml.features.history import table_paths
from churnml.features.named import COMPLETE, named

BOUGHT = "customer_id occurred_at amount\nann 2024-02-01 10\nann 2024-01-01 40\nbob 2024-02-20 5"


def refusal(tmp_path, **when):
    """What is said of one rule."""
    with pytest.raises(ParamsError) as refused:
        require_known(ruled.one_rule(**when), Features(profile={"age": "number"}), ["high", "low"], tmp_path)
    return str(refused.value).removeprefix(f"{tmp_path}: ")


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (
            {"feature": "login_recency_day", "at_least": 3},
            "rule 'it': no feature 'login_recency_day'; did you mean 'login_recency_days'?",
        ),
        (
            {"feature": "complaints", "at_least": 1},
            "rule 'it': no feature 'complaints'; say of how many days, such as complaints_112d (any number of days)",
        ),
        (
            {"not": {"feature": "complaint_30d", "at_least": 1}},
            "rule 'it': no feature 'complaint_30d'; did you mean 'complaints_30d'?",
        ),
        (
            {"feature": "complaints_0d", "at_least": 1},
            "rule 'it': no feature 'complaints_0d'; a window has 1 to 3660 days",
        ),
        ({"tier": ["hihg"]}, "rule 'it': no tier 'hihg'; did you mean 'high'? (high, low)"),
        (
            {"feature": "tickets_open", "is": "many"},
            "rule 'it': tickets_open is a number, and never 'many'; compare it with a number",
        ),
        (
            {"feature": "contract_plan", "above": 3},
            "rule 'it': contract_plan is a word and has no size; use is, is_not or in",
        ),
        (
            {"attribute": "age", "within_days": 3},
            "rule 'it': 'age' is no date (features.profile), so within_days says nothing of it",
        ),
    ],
)
def test_what_nobody_knows_is_refused(when, said, tmp_path):
    """One line with the rule, the word and the nearest one, whatever tables there are."""
    assert refusal(tmp_path, **when) == said


@pytest.mark.parametrize(
    ("when", "lacks"),
    [
        ({"feature": "login_recency_days", "at_least": 3}, ("table", "activity")),
        ({"event": {"table": "cancellations"}, "within_days": 3}, ("table", "cancellations")),
        (
            {"event": {"table": "transactions", "column": "category", "says": ["loan"]}, "within_days": 3},
            ("column", "transactions.category"),
        ),
        ({"feature": "items_28d", "at_least": 3}, ("column", "transactions.quantity")),
        ({"feature": "spend_400d", "at_least": 3}, ("history", "spend_400d")),
        ({"event": {"table": "transactions"}, "within_days": 400}, ("history", "400")),
        ({"attribute": "trial_ends_on", "within_days": 3}, ("attribute", "trial_ends_on")),
        ({"not": {"feature": "tickets_open", "at_least": 1}}, ("table", "tickets")),
    ],
)
def test_what_is_not_there_lets_a_rule_sleep(when, lacks, tmp_path, engine):
    """It fires on nobody, and what it waits for is said; no other rule minds."""
    rules = Rules(rules=(*ruled.one_rule(**when).rules, *_named("other", feature="recency_days", above=20)))
    require_known(rules, ruled.PARAMS, ["high"], tmp_path)
    what, rows = ruled.known(rules, tmp_path, {"transactions": BOUGHT}, engine)
    assert what.asleep == {"it": lacks}
    assert ruled.fired(rules, what, rows) == {"other": ["ann"]}


def test_a_rule_works_by_the_ways_that_are_left(tmp_path, engine):
    """Without surveys, `any` of tickets and surveys goes by tickets; `all` of them sleeps."""
    parts = [{"feature": "nps_last_score", "at_most": 3}, {"feature": "tickets_open", "at_least": 1}]
    tables = {"transactions": BOUGHT, "tickets": "customer_id opened_at resolved_at\nann 2024-02-20 -"}
    for word, wanted in (("any", {"it": ["ann"]}), ("all", {})):
        rules = ruled.one_rule(**{word: parts})
        what, rows = ruled.known(rules, tmp_path / word, tables, engine)
        assert ruled.fired(rules, what, rows) == wanted
        assert what.asleep == ({} if wanted else {"it": ("table", "surveys")})


def test_a_window_of_any_length(tmp_path, engine):
    """spend_30d is computed although params.yaml names no window of 30 days: 10 on 2024-02-01, 29 days back."""
    rules = ruled.one_rule(all=[{"feature": "spend_30d", "is": 10}, {"feature": "spend_28d", "is": 0}])
    what, rows = ruled.known(rules, tmp_path, {"transactions": BOUGHT}, engine)
    assert ruled.fired(rules, what, rows) == {"it": ["ann"]}


def test_entries_are_those_of_the_model():
    """Under its name, each entry of the catalog is computed by the same SQL over the same rows, whatever else is."""
    params = Features()
    for family in families(params, COMPLETE):
        for feature in family.features:
            found = named(feature.name, params, COMPLETE)
            assert found is not None
            assert (found.features[0].sql, found.features[0].window_days) == (feature.sql, feature.window_days)


def test_before_is_the_snapshot_of_that_day(tmp_path, engine):
    """28 days before, ann had spent 10 within 28 days and 40 before; bob wasn't there."""
    rules = ruled.one_rule(feature="spend_28d", over_days=28, falls_by=10)
    _, rows = ruled.known(rules, tmp_path, {"transactions": BOUGHT}, engine)
    then = shelf.snapshots(tmp_path / "tables", engine, as_of=date(2024, 2, 2), params=ruled.PARAMS, split="score")
    assert {
        row["customer_id"]: row["spend_28d@28"] for row in rows.to_dict("records") if row["customer_id"] == "ann"
    } == {"ann": then["ann"]["spend_28d"]}
    assert "bob" not in then
    assert rows.loc[rows["customer_id"] == "bob", "spend_28d@28"].isna().all()


EVENTS = ruled.one_rule(
    event={"table": "activity", "column": "event", "says": ["trial ended"]},
    within_days=3,
    since_then_no={"table": "transactions"},
)
DONE = {
    "transactions": "customer_id occurred_at amount\nann 2024-02-01 10\nann 2024-03-01 40",
    "activity": "customer_id occurred_at event\nann 2024-02-28 trial_ended\nann 2024-03-01 trial_ended",
}


def test_what_was_before_the_tables_begin_is_not_compared(tmp_path, engine):
    """2024-01-01 is the first day: 30 days of it aren't seen 56 days before, and it is said so."""
    rules = ruled.one_rule(feature="spend_28d", over_days=56, falls_by=10)
    what, rows = ruled.known(rules, tmp_path, {"transactions": BOUGHT}, engine)
    assert what.asleep == {"it": ("history", "spend_28d, 56")}
    assert ruled.fired(rules, what, rows) == {}


def test_events_know_nothing_of_the_day_of_as_of(tmp_path, engine):
    """The purchase and the second trial of 2024-03-01 aren't known at its midnight: one event, 2 days old, none since."""
    what, rows = ruled.known(EVENTS, tmp_path, DONE, engine)
    (leaf,) = EVENTS.rules[0].when.leaves()
    (row,) = rows.to_dict("records")
    assert (row[f"{leaf.column}_times"], row[f"{leaf.column}_age"], row[leaf.since]) == (1, 2, 29)
    assert ruled.fired(EVENTS, what, rows) == {"it": ["ann"]}


def test_a_leak_in_the_views_would_be_seen(tmp_path, engine, monkeypatch):
    """Events have no path of their own: where views show the day of as_of, the purchase of that day ends the alert."""
    look_a_day_ahead(monkeypatch)
    what, rows = ruled.known(EVENTS, tmp_path, DONE, engine)
    (leaf,) = EVENTS.rules[0].when.leaves()
    assert rows[leaf.since].tolist() == [0]
    assert ruled.fired(EVENTS, what, rows) == {}


def test_words_of_an_event_are_words(tmp_path, engine):
    """Quotes and signs in a word are looked for, and never run."""
    table = "customer_id occurred_at event\nann 2024-02-28 it's|over\nbob 2024-02-28 its_over"
    says = ["IT'S|Over", "'; DROP TABLE activity; --"]
    rules = ruled.one_rule(event={"table": "activity", "column": "event", "says": says}, within_days=3)
    what, rows = ruled.known(rules, tmp_path, {"transactions": BOUGHT, "activity": table}, engine)
    assert ruled.fired(rules, what, rows) == {"it": ["ann"]}


def test_a_date_of_the_customer(tmp_path, engine):
    """A declared date: 2 days ago is within 3 days, 4 days ago and in a week aren't."""
    people = "customer_id trial_ends_on\nann 2024-02-28\nbob 2024-02-26\ncat 2024-03-08"
    bought = f"{BOUGHT}\ncat 2024-02-20 5"
    rules = ruled.one_rule(attribute="trial_ends_on", within_days=3)
    params = Features(profile={"trial_ends_on": "date"})
    what, rows = ruled.known(rules, tmp_path, {"transactions": bought, "customers": people}, engine, params=params)
    assert ruled.fired(rules, what, rows) == {"it": ["ann"]}
    assert ruled.reasons(rules, what, rows, "ann", "it") == "2 days since trial_ends_on"


def test_whoever_can_leave_is_asked_about(tmp_path, engine):
    """One row per customer of the population, also where no rule asks for anything."""
    rules = ruled.one_rule(risk={"at_least": 0.1})
    ruled.known(rules, tmp_path, {"transactions": BOUGHT}, engine)
    assert pq.read_table(tmp_path / "asked.parquet").to_pydict() == {"customer_id": ["ann", "bob"]}
    assert asked(rules, ruled.PARAMS, {name: [] for name in table_paths(tmp_path / "tables")}).now == ()


def _named(name, **when):
    (rule,) = ruled.one_rule(**when).rules
    return (rule.model_copy(update={"name": name}),)

"""Who can leave, by what was known before as_of, and where leaving is silence also who did."""

import pyarrow.parquet as pq
import pytest

from churnml.config import Churn, Features

CHURN = Churn(horizon_days=28, active_within_days=56)


@pytest.mark.parametrize(
    ("day", "inside"), [("2024-01-04", False), ("2024-01-05", True), ("2024-02-29", True), ("2024-03-01", False)]
)
def test_the_population_was_active_in_the_window_before(at, day, inside):
    """Who bought within [as_of - 56, as_of) is in: 2024-01-05 is 56 days before 2024-03-01."""
    people = at(
        transactions=f"customer_id occurred_at amount\nann {day} 10\nbob 2024-02-01 10",
        churn=CHURN,
    )
    assert ("ann" in people) is inside


@pytest.mark.parametrize(
    ("day", "amount", "label"),
    [
        ("2024-02-29", 10, 1),
        ("2024-03-01", 10, 0),
        ("2024-03-28", 10, 0),
        ("2024-03-29", 10, 1),
        ("2024-03-10", 0, 0),
        ("2024-03-10", -10, 1),
    ],
)
def test_a_label_looks_at_the_horizon_alone(at, day, amount, label):
    """Who bought within [as_of, as_of + 28) stayed; an amount of 0 is enough, a refund isn't."""
    people = at(
        transactions=f"customer_id occurred_at amount\nann 2024-02-01 10\nann {day} {amount}",
        churn=CHURN,
    )
    assert people["ann"]["label"] == label


def test_a_refund_makes_nobody_active(at):
    """Who only returned something isn't in the population."""
    people = at(
        transactions="customer_id occurred_at amount\nann 2023-01-01 10\nann 2024-02-20 -10\nbob 2024-02-20 10",
        churn=CHURN,
    )
    assert list(people) == ["bob"]


def test_any_of_the_named_events_shows_life(at):
    """With two event tables, a row in either is enough, before as_of and after."""
    people = at(
        transactions="customer_id occurred_at amount\nann 2024-02-20 10\nbob 2024-02-20 10",
        contacts="customer_id contacted_at action\nann 2024-03-05 call\ncat 2024-02-20 call",
        churn=CHURN.model_copy(update={"events": ("transactions", "contacts")}),
    )
    assert {name: row["label"] for name, row in people.items()} == {"ann": 0, "bob": 1, "cat": 1}


def test_what_customers_do_themselves_shows_life(at):
    """A login, a ticket, an answer and a new contract are events where they are named, on the day of their row."""
    others = {
        "activity": "customer_id occurred_at event\nbob 2024-03-02 login",
        "tickets": "customer_id opened_at resolved_at\ncat 2024-02-20 2024-03-02",
        "surveys": "customer_id answered_at score\ndan 2024-03-28 9",
        "subscriptions": "customer_id started_at ended_at\neve 2024-02-29 -",
    }
    people = at(
        transactions="customer_id occurred_at amount\nann 2024-02-20 10\nbob 2024-02-20 10\ndan 2024-02-20 10",
        churn=CHURN.model_copy(update={"events": ("transactions", *others)}),
        **others,
    )
    assert {name: row["label"] for name, row in people.items()} == {"ann": 1, "bob": 0, "cat": 1, "dan": 0, "eve": 1}


def test_scoring_computes_no_label(at):
    """Split `score` has no label, not even where the horizon is in the tables."""
    people = at(transactions="customer_id occurred_at amount\nann 2024-02-20 10\nann 2024-03-02 10", split="score")
    assert people["ann"]["label"] is None


@pytest.mark.parametrize("away", ["2019-05-01", "2023-12-01"])
def test_who_came_back_is_in_again(at, away):
    """A silence longer than the 56 days, before the last event, puts nobody out for good: ann was back on the 20th."""
    people = at(transactions=f"customer_id occurred_at amount\nann {away} 10\nann 2024-02-20 10", churn=CHURN)
    assert list(people) == ["ann"]


def test_who_bought_once_is_in(at):
    """One purchase ever is enough; it is also the customer who leaves most often."""
    people = at(transactions="customer_id occurred_at amount\nann 2024-02-20 10", churn=CHURN)
    assert people["ann"]["label"] == 1


def test_repeated_rows_are_one_customer(at, tmp_path):
    """Rows said twice, in one event table and in another, make one snapshot."""
    at(
        transactions="customer_id occurred_at amount\nann 2024-02-20 10\nann 2024-02-20 10\nann 2024-02-21 5",
        activity="customer_id occurred_at event\nann 2024-02-20 login\nann 2024-02-20 login",
        churn=CHURN.model_copy(update={"events": ("transactions", "activity")}),
    )
    assert pq.read_table(tmp_path / "tables" / "snapshots.out").num_rows == 1


CONTRACTS = Churn(definition="cancellation", horizon_days=28)
BOUGHT = "customer_id occurred_at amount\nzoe 2024-02-20 10"


@pytest.mark.parametrize(
    ("started", "ended", "inside"),
    [
        ("2024-02-29", "-", True),
        ("2024-03-01", "-", False),
        ("2024-01-01", "2024-02-29", False),
        ("2024-01-01", "2024-03-01", True),
        ("2024-01-01", "2024-03-28", True),
        ("2024-01-01", "2024-12-31", True),
        ("2024-02-10", "2024-02-10", False),
        ("2024-02-29", "2024-02-29", False),
    ],
)
def test_a_running_contract_can_be_left(at, started, ended, inside):
    """A contract that began before as_of and didn't end before it; an end on as_of itself or later is still unknown."""
    people = at(
        transactions=BOUGHT,
        subscriptions=f"customer_id started_at ended_at\nann {started} {ended}\nbob 2024-01-01 -",
        churn=CONTRACTS,
    )
    assert list(people) == (["ann", "bob"] if inside else ["bob"])


def test_a_contract_runs_however_long_ago_it_began(at):
    """Features look back 7 days here; contracts of 2009 are seen all the same, and so is the cancellation of one."""
    people = at(
        transactions=BOUGHT,
        subscriptions="customer_id started_at ended_at\nann 2009-01-01 -\nbob 2009-01-01 -\ncat 2009-01-01 2010-01-01",
        cancellations="customer_id cancelled_at\nbob 2010-01-01",
        churn=CONTRACTS,
        params=Features(windows_days=(7,), history_days=7),
    )
    assert list(people) == ["ann"]


def test_a_purchase_is_no_contract(at):
    """Where contracts are fed, buying puts nobody into the population, not even where events are named."""
    people = at(
        transactions="customer_id occurred_at amount\nann 2024-02-20 10\nbob 2024-02-20 10",
        subscriptions="customer_id started_at ended_at\nbob 2024-01-01 -\ncat 2024-01-01 2024-02-01",
        churn=CONTRACTS.model_copy(update={"events": ("transactions",)}),
    )
    assert list(people) == ["bob"]


def test_one_of_several_contracts_is_enough(at):
    """Who has one that runs is in, once, whatever became of the others."""
    people = at(
        transactions=BOUGHT,
        subscriptions="""customer_id started_at ended_at
            ann 2023-01-01 2024-02-01
            ann 2023-06-01 -
            ann 2023-06-01 -
            bob 2023-01-01 2024-02-01
            bob 2023-06-01 2024-02-02
            cat 2023-01-01 2024-01-31
            cat 2024-02-01 -""",
        churn=CONTRACTS,
    )
    assert list(people) == ["ann", "cat"]


@pytest.mark.parametrize(
    ("cancelled", "inside"), [("2023-12-31", True), ("2024-01-02", False), ("2024-02-29", False), ("2024-03-01", True)]
)
def test_who_cancelled_already_is_out(at, cancelled, inside):
    """The contract of the first of January runs to its end; a cancellation since it began, known before as_of, says no."""
    people = at(
        transactions=BOUGHT,
        subscriptions="customer_id started_at ended_at\nann 2024-01-01 2024-03-31\nbob 2024-01-01 -",
        cancellations=f"customer_id cancelled_at\nann {cancelled}",
        churn=CONTRACTS,
    )
    assert list(people) == (["ann", "bob"] if inside else ["bob"])


@pytest.mark.parametrize(
    ("again", "inside"),
    [
        ("2024-02-09", False),
        ("2024-02-10", True),
        ("2024-02-11", True),
        ("2024-02-29", True),
        ("2024-03-01", False),
    ],
)
def test_a_contract_begun_on_or_after_the_cancellation_counts_again(at, again, inside):
    """Ann cancelled on the 10th of February; the contract that brings her back began on that day or later."""
    people = at(
        transactions=BOUGHT,
        subscriptions=f"customer_id started_at ended_at\nann 2023-01-01 2024-02-28\nann {again} -\nbob 2024-01-01 -",
        cancellations="customer_id cancelled_at\nann 2024-02-10\nann 2024-02-10",
        churn=CONTRACTS,
    )
    assert list(people) == (["ann", "bob"] if inside else ["bob"])


def test_contracts_whose_ends_are_told_by_cancellations_alone(at):
    """Without the column ended_at a contract runs until it is cancelled."""
    people = at(
        transactions=BOUGHT,
        subscriptions="customer_id started_at\nann 2023-01-01\nbob 2023-01-01\ncat 2023-01-01\ncat 2024-02-11",
        cancellations="customer_id cancelled_at\nbob 2024-02-10\ncat 2024-02-10",
        churn=CONTRACTS,
    )
    assert list(people) == ["ann", "cat"]


CANCELLED = Churn(definition="cancellation", events=("transactions",), horizon_days=28, active_within_days=56)


@pytest.mark.parametrize(
    ("cancelled", "inside"),
    [("2024-02-19", True), ("2024-02-20", False), ("2024-02-29", False), ("2024-03-01", True), ("2019-01-01", True)],
)
def test_without_contracts_an_event_since_cancelling_counts_again(at, cancelled, inside):
    """Ann's last purchase is of the 20th: a cancellation before that day is over, one on that day or later isn't."""
    people = at(
        transactions="customer_id occurred_at amount\nann 2024-02-01 10\nann 2024-02-20 10\nbob 2024-02-20 10",
        cancellations=f"customer_id cancelled_at\nann {cancelled}",
        churn=CANCELLED,
        split="score",
    )
    assert list(people) == (["ann", "bob"] if inside else ["bob"])


@pytest.mark.parametrize(
    ("day", "inside"), [("2024-01-04", False), ("2024-01-05", True), ("2024-02-29", True), ("2024-03-01", False)]
)
def test_without_contracts_the_population_was_active_before(at, day, inside):
    """Who never cancelled is in with an event in [as_of - 56, as_of), and not without."""
    people = at(
        transactions=f"customer_id occurred_at amount\nann {day} 10\nbob 2024-02-20 10",
        cancellations="customer_id cancelled_at",
        churn=CANCELLED,
        split="score",
    )
    assert ("ann" in people) is inside


def test_a_refund_after_cancelling_brings_nobody_back(at):
    """The money back for what was left shows no life; the purchase of 0 of bob does."""
    people = at(
        transactions="""customer_id occurred_at amount
            ann 2024-02-10 10
            ann 2024-02-20 -10
            bob 2024-02-10 10
            bob 2024-02-20 0""",
        cancellations="customer_id cancelled_at\nann 2024-02-15\nbob 2024-02-15",
        churn=CANCELLED,
        split="score",
    )
    assert list(people) == ["bob"]


def test_an_old_cancellation_is_seen_beyond_the_reach_of_features(at):
    """Who cancelled 50 days ago stays out, though features look back 7 days; who bought since is in."""
    people = at(
        transactions="customer_id occurred_at amount\nann 2024-01-10 10\nbob 2024-01-10 10\nbob 2024-01-13 5",
        cancellations="customer_id cancelled_at\nann 2024-01-11\nbob 2024-01-11",
        churn=CANCELLED,
        split="score",
        params=Features(windows_days=(7,), history_days=7),
    )
    assert list(people) == ["bob"]


def test_inactivity_takes_no_notice_of_cancellations_and_contracts(at):
    """Where silence is leaving, who cancelled and bought all the same is in, and stays by buying."""
    people = at(
        transactions="customer_id occurred_at amount\nann 2024-02-20 10\nann 2024-03-02 10",
        cancellations="customer_id cancelled_at\nann 2024-02-25\nann 2024-03-10",
        subscriptions="customer_id started_at ended_at\nbob 2023-01-01 -",
        churn=CHURN,
    )
    assert {name: row["label"] for name, row in people.items()} == {"ann": 0}


def test_everybody_in_customers_can_have_a_label(at):
    """Where a column says who left, whoever is in customers is scored, bought or not, and told or not."""
    said = Churn(definition="label", column="gone", left=("yes",), labelled_on="2024-03-01", horizon_days=28)
    people = at(
        transactions="customer_id occurred_at amount\nann 2024-02-20 10\nzoe 2024-02-20 10",
        customers="customer_id gone\nann no\nbob yes\ncat -",
        churn=said,
        split="score",
    )
    assert {name: row["label"] for name, row in people.items()} == {"ann": None, "bob": None, "cat": None}

"""Who left within [as_of, as_of + horizon), and whom we contacted meanwhile: as_of is 2024-03-01, its window 28 days."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import shelf
from churnml.config import Churn, Features, Panel
from churnml.errors import DataError
from churnml.features.history import History
from churnml.features.moments import moments_of

CONTRACTS = Churn(definition="cancellation", horizon_days=28)
CANCELLED = Churn(
    definition="cancellation", events=("transactions", "activity"), horizon_days=28, active_within_days=56
)
INACTIVE = Churn(events=("transactions", "activity"), horizon_days=28, active_within_days=56)
SAID = Churn(definition="label", column="gone", left=("yes", "lost"), labelled_on="2024-03-01", horizon_days=28)
BOUGHT = "customer_id occurred_at amount\nzoe 2024-02-20 10"


def told(people):
    """Labels by customer."""
    return {name: row["label"] for name, row in people.items()}


@pytest.mark.parametrize(
    ("ended", "label"),
    [
        ("-", 0),
        ("2024-03-01", 1),
        ("2024-03-28", 1),
        ("2024-03-29", 0),
        ("2024-12-31", 0),
    ],
)
def test_the_last_contract_ended_in_the_window(at, ended, label):
    """An end in [1 March, 29 March) is leaving; one on the 29th, or the end of a fixed term in December, isn't yet."""
    people = at(
        transactions=BOUGHT, subscriptions=f"customer_id started_at ended_at\nann 2024-01-01 {ended}", churn=CONTRACTS
    )
    assert told(people) == {"ann": label}


@pytest.mark.parametrize(
    ("started", "ended", "label"),
    [
        ("2024-02-01", "-", 0),
        ("2024-02-01", "2024-03-20", 1),
        ("2024-02-01", "2024-03-29", 0),
        ("2024-03-10", "-", 0),
        ("2024-03-10", "2024-03-28", 1),
        ("2024-03-20", "-", 0),
        ("2024-03-28", "-", 0),
        ("2024-03-28", "2024-03-28", 1),
        ("2024-03-29", "-", 1),
    ],
)
def test_another_contract_goes_on(at, started, ended, label):
    """Ann's contract ends on 10 March. She stays by another one, from before or begun since, that runs on 29 March."""
    people = at(
        transactions=BOUGHT,
        subscriptions=f"customer_id started_at ended_at\nann 2024-01-01 2024-03-10\nann {started} {ended}",
        churn=CONTRACTS,
    )
    assert told(people) == {"ann": label}


@pytest.mark.parametrize(
    ("cancelled", "label"), [("2024-03-01", 1), ("2024-03-28", 1), ("2024-03-29", 0), ("2023-12-31", 0)]
)
@pytest.mark.parametrize("ended", ["-", "2024-03-31", "2024-12-31"])
def test_cancelling_is_leaving_though_the_contract_runs_on(at, cancelled, ended, label):
    """The day on which ann cancels decides, not the later one on which her contract ends."""
    people = at(
        transactions=BOUGHT,
        subscriptions=f"customer_id started_at ended_at\nann 2024-01-01 {ended}",
        cancellations=f"customer_id cancelled_at\nann {cancelled}",
        churn=CONTRACTS,
    )
    assert told(people) == {"ann": label}


@pytest.mark.parametrize(
    ("again", "label"), [("2024-03-09", 1), ("2024-03-10", 0), ("2024-03-28", 0), ("2024-03-29", 1)]
)
def test_a_contract_begun_since_cancelling_is_staying(at, again, label):
    """Ann cancels on 10 March: a contract of that day is a change of plan, one of the day before was cancelled too."""
    people = at(
        transactions=BOUGHT,
        subscriptions=f"customer_id started_at ended_at\nann 2024-01-01 2024-03-31\nann {again} -",
        cancellations="customer_id cancelled_at\nann 2024-03-10\nann 2024-03-10",
        churn=CONTRACTS,
    )
    assert told(people) == {"ann": label}


def test_cancelled_again_after_coming_back(at):
    """The last cancellation decides: ann left, came back and left; bob left and came back; cat's new one ended too."""
    people = at(
        transactions=BOUGHT,
        subscriptions="""customer_id started_at ended_at
            ann 2024-01-01 -
            ann 2024-03-10 -
            bob 2024-01-01 2024-03-05
            bob 2024-03-10 -
            cat 2024-01-01 2024-03-05
            cat 2024-03-10 2024-03-20""",
        cancellations="customer_id cancelled_at\nann 2024-03-05\nann 2024-03-20\nbob 2024-03-05\ncat 2024-03-05",
        churn=CONTRACTS,
    )
    assert told(people) == {"ann": 1, "bob": 0, "cat": 1}


def test_a_cancellation_does_not_say_of_which_contract(at):
    """Of two contracts that run, one is cancelled: the row names the customer alone, so the customer left."""
    people = at(
        transactions=BOUGHT,
        subscriptions="customer_id started_at ended_at\nann 2024-01-01 2024-03-31\nann 2024-02-01 -",
        cancellations="customer_id cancelled_at\nann 2024-03-10",
        churn=CONTRACTS,
    )
    assert told(people) == {"ann": 1}


def test_contracts_without_an_end_are_left_by_cancelling_alone(at):
    """Where the export has no ended_at, ann stayed, bob left, and cat began anew on the day on which she cancelled."""
    people = at(
        transactions=BOUGHT,
        subscriptions="customer_id started_at\nann 2024-01-01\nbob 2024-01-01\ncat 2024-01-01\ncat 2024-03-10",
        cancellations="customer_id cancelled_at\nbob 2024-03-10\ncat 2024-03-10",
        churn=CONTRACTS,
    )
    assert told(people) == {"ann": 0, "bob": 1, "cat": 0}


def test_silence_is_no_cancellation(at):
    """Who has a contract and does nothing stays, and who buys until the contract ends leaves."""
    people = at(
        transactions="customer_id occurred_at amount\nann 2022-01-01 10\nbob 2024-02-20 10\nbob 2024-03-28 10",
        subscriptions="customer_id started_at ended_at\nann 2022-01-01 -\nbob 2022-01-01 2024-03-20",
        churn=CONTRACTS,
    )
    assert told(people) == {"ann": 0, "bob": 1}


@pytest.mark.parametrize(
    ("cancelled", "label"), [("2024-03-01", 1), ("2024-03-28", 1), ("2024-03-29", 0), ("2024-02-19", 0)]
)
def test_without_contracts_a_cancellation_in_the_window_is_leaving(at, cancelled, label):
    """A row of cancellations in [1 March, 29 March) and nothing else: neither silence nor a purchase afterwards."""
    people = at(
        transactions="customer_id occurred_at amount\nann 2024-02-20 10\nann 2024-03-28 10\nbob 2024-02-20 10",
        activity="customer_id occurred_at event",
        cancellations=f"customer_id cancelled_at\nann {cancelled}\nann {cancelled}",
        churn=CANCELLED,
    )
    assert told(people) == {"ann": label, "bob": 0}


def test_a_column_says_who_left(at):
    """Any of the words is leaving, in capitals or not, any other staying; an empty cell says nothing: cat isn't learned from."""
    people = at(
        transactions=BOUGHT,
        customers="customer_id gone\nann no\nbob yes\ncat -\ndan lost\neve Yes",
        churn=SAID,
    )
    assert told(people) == {"ann": 0, "bob": 1, "dan": 1, "eve": 1}


def test_who_is_silent_is_not_who_left(at):
    """With a label, events on either side of as_of say nothing."""
    people = at(
        transactions="customer_id occurred_at amount\nann 2024-03-10 10\nbob 2020-01-01 10",
        customers="customer_id gone\nann yes\nbob no",
        churn=SAID,
    )
    assert told(people) == {"ann": 1, "bob": 0}


def test_words_and_columns_with_quotes_and_blanks(at):
    """Headers and words are as exports write them, but for blanks around a word."""
    churn = SAID.model_copy(update={"column": 'Gone"?', "left": (" won't ",)})
    people = at(transactions=BOUGHT, customers="customer_id Gone\"?\nann won't\nbob wont", churn=churn)
    assert told(people) == {"ann": 1, "bob": 0}


def test_a_share_of_customers_is_held_back(at):
    """About a quarter of 400 is test, and who that is doesn't depend on who else is in the export."""
    names = [f"c{number:03}" for number in range(400)]
    people = at(
        transactions=BOUGHT,
        customers="customer_id gone\n" + "\n".join(f"{name} no" for name in names),
        churn=SAID,
        split=0.25,
    )
    test = {name for name, row in people.items() if row["split"] == "test"}
    assert 80 <= len(test) <= 120
    assert {row["split"] for row in people.values()} == {"train", "test"}
    fewer = at(
        transactions=BOUGHT,
        customers="customer_id gone\n" + "\n".join(f"{name} yes" for name in names[::7]),
        churn=SAID,
        split=0.25,
    )
    assert {name for name, row in fewer.items() if row["split"] == "test"} == test & set(names[::7])


def test_a_larger_share_holds_back_the_same_and_more(at):
    """Who is test at a quarter is test at a half: the border moves, customers don't."""
    customers = "customer_id gone\n" + "\n".join(f"c{number} no" for number in range(40))
    tests = [
        {
            name
            for name, row in at(transactions=BOUGHT, customers=customers, churn=SAID, split=share).items()
            if row["split"] == "test"
        }
        for share in (0.25, 0.5, 0.999999)
    ]
    assert tests[0] < tests[1] < tests[2]
    assert len(tests[2]) == 40


def test_a_label_has_one_as_of():
    """The day of the export, with the share of customers that is held back."""
    span = History(shelf.AS_OF, shelf.AS_OF, 1)
    assert moments_of(Panel(test=0.25), SAID, span) == [(shelf.AS_OF, 0.25)]


@pytest.mark.parametrize(
    ("day", "arm", "contacted"),
    [
        ("2024-02-29", "treated", 0),
        ("2024-03-01", "treated", 1),
        ("2024-03-28", "treated", 1),
        ("2024-03-29", "treated", 0),
        ("2024-03-10", "-", 1),
        ("2024-03-10", "holdout", 0),
    ],
)
def test_whom_we_contacted_within_the_window(at, day, arm, contacted):
    """A contact in [1 March, 29 March) that was made: those of the arm holdout weren't. Bob had none."""
    people = at(
        transactions="customer_id occurred_at amount\nann 2024-02-20 10\nbob 2024-02-20 10",
        contacts=f"customer_id contacted_at action arm\nann {day} call {arm}\nann {day} mail {arm}",
    )
    assert {name: row["contacted"] for name, row in people.items()} == {"ann": contacted, "bob": 0}


def test_contacts_without_arms_were_all_made(at):
    """Where the export has no column arm nobody was left alone."""
    people = at(
        transactions="customer_id occurred_at amount\nann 2024-02-20 10",
        contacts="customer_id contacted_at action\nann 2024-03-10 call",
    )
    assert people["ann"]["contacted"] == 1


def test_one_made_contact_among_held_back_ones(at):
    """Ann was held back once and called once: she was contacted, and has one row."""
    people = at(
        transactions="customer_id occurred_at amount\nann 2024-02-20 10",
        contacts="customer_id contacted_at action arm\nann 2024-03-02 call holdout\nann 2024-03-10 call treated",
    )
    assert people["ann"]["contacted"] == 1


def test_nobody_knows_whom_we_contacted(at):
    """Without a table of contacts that isn't known, nor where the label has no window, nor for those being scored."""
    bought = "customer_id occurred_at amount\nann 2024-02-20 10"
    contacts = "customer_id contacted_at action\nann 2024-03-10 call"
    assert at(transactions=bought)["ann"]["contacted"] is None
    scored = at(transactions=bought, contacts=contacts, split="score")
    assert (scored["ann"]["contacted"], scored["ann"]["label"]) == (None, None)
    said = at(transactions=bought, contacts=contacts, customers="customer_id gone\nann no", churn=SAID)
    assert said["ann"]["contacted"] is None


# What follows compares all that with a few lines of Python, over histories whose days crowd at the borders.

HORIZON, ACTIVE = 28, 56
PEOPLE = ("ann", "bob", "cat", "dan", "eve", "fay")
NAMES = st.sampled_from(PEOPLE)
DAYS = st.sampled_from([-400, -57, -56, -55, -20, -2, -1, 0, 1, 10, 27, 28, 29, 300])
PURCHASES = st.lists(st.tuples(NAMES, DAYS, st.sampled_from([-5, 0, 5])), min_size=4, max_size=9)
DONE = st.lists(st.tuples(NAMES, DAYS), max_size=5)
STARTS, ENDS = st.sampled_from([-400, -57, -20, -2, -1, 0, 10, 27, 28]), st.sampled_from([-20, -1, 0, 10, 27, 28, 300])
TERMS = st.lists(
    st.tuples(NAMES, STARTS, ENDS | st.none()).filter(lambda term: term[2] is None or term[2] >= term[1]),
    min_size=4,
    max_size=9,
)
HISTORIES = st.fixed_dictionaries(
    {"transactions": PURCHASES, "activity": DONE, "subscriptions": TERMS, "cancellations": DONE}
)
HEADERS = {
    "transactions": "customer_id occurred_at amount",
    "activity": "customer_id occurred_at event",
    "subscriptions": "customer_id started_at ended_at",
    "cancellations": "customer_id cancelled_at",
}
DEFINITIONS = {
    "inactivity": (INACTIVE, ("transactions", "activity")),
    "contracts": (CONTRACTS, ("transactions", "subscriptions", "cancellations")),
    "cancellations": (CANCELLED, ("transactions", "activity", "cancellations")),
}


def computed(engine, name, history):
    """Labels by customer, as the panel says."""
    churn, tables = DEFINITIONS[name]
    with TemporaryDirectory() as folder:
        texts = {
            table: "\n".join(
                [HEADERS[table], *(" ".join([row[0], *map(_cell, row[1:])]) for row in _rows(table, history))]
            )
            for table in tables
        }
        shelf.write_tables(Path(folder), texts)
        params = Features(windows_days=(7,), history_days=7, families=("rfm",))
        return told(shelf.snapshots(Path(folder), engine, churn=churn, params=params))


def _rows(table, history):
    if table == "transactions":
        return [(name, ("day", day), amount) for name, day, amount in history[table]]
    dated = [(row[0], *(("day", day) for day in row[1:])) for row in history[table]]
    return [(*row, "login") for row in dated] if table == "activity" else dated


def _cell(value):
    if not isinstance(value, tuple):
        return str(value)
    return "-" if value[1] is None else str(shelf.AS_OF + timedelta(days=value[1]))


def worked_out(name, history):
    """The same in plain Python, from the rules as they are told to people."""
    return {who: left for who in PEOPLE if (left := ORACLES[name](_own(history, who))) is not None}


def _own(history, who):
    own = {table: [row[1:] for row in rows if row[0] == who] for table, rows in history.items()}
    return {
        "alive": [day for day, amount in own["transactions"] if amount >= 0] + [day for (day,) in own["activity"]],
        "terms": own["subscriptions"],
        "cancelled": [day for (day,) in own["cancellations"]],
    }


def _by_silence(own):
    if not any(-ACTIVE <= day <= -1 for day in own["alive"]):
        return None
    return int(set(own["alive"]).isdisjoint(range(HORIZON)))


def _by_contracts(own):
    cancelled_last = max((day for day in own["cancelled"] if day <= -1), default=-9999)
    running = [start for start, end in own["terms"] if start <= -1 and (end is None or end >= 0)]
    if not any(start >= cancelled_last for start in running):
        return None
    cancelled_next = max((day for day in own["cancelled"] if 0 <= day <= HORIZON - 1), default=None)
    begun = [start for start, _ in own["terms"] if start <= HORIZON - 1]
    came_back = cancelled_next is None or max(begun) >= cancelled_next
    goes_on = any(start <= HORIZON - 1 and not (end is not None and end <= HORIZON - 1) for start, end in own["terms"])
    return int(not (came_back and goes_on))


def _by_cancellations(own):
    alive = [day for day in own["alive"] if -ACTIVE <= day <= -1]
    if not alive or any(max(alive) <= day <= -1 for day in own["cancelled"]):
        return None
    return int(not set(own["cancelled"]).isdisjoint(range(HORIZON)))


ORACLES = {"inactivity": _by_silence, "contracts": _by_contracts, "cancellations": _by_cancellations}


@pytest.mark.parametrize("name", DEFINITIONS)
@settings(max_examples=20, deadline=None, derandomize=True)
@given(history=HISTORIES)
def test_population_and_labels_are_what_the_rules_say(engine, name, history):
    """A few lines of Python, written from the rules, say the same of any history."""
    assert computed(engine, name, history) == worked_out(name, history)


def known_by(day, history, then):
    """What was known of one history before a day, followed by what another one says from that day on."""
    mixed = {}
    for table, rows in history.items():
        mixed[table] = [row for row in rows if row[1] < day] + [row for row in then[table] if row[1] >= day]
    ends = [end for _, _, end in then["subscriptions"] if end is None or end >= day] or [None]
    mixed["subscriptions"] = [
        (who, start, ends[number % len(ends)] if start < day and (end is None or end >= day) else end)
        for number, (who, start, end) in enumerate(mixed["subscriptions"])
    ]
    return mixed


@pytest.mark.parametrize("name", DEFINITIONS)
@settings(max_examples=20, deadline=None, derandomize=True)
@given(history=HISTORIES, then=HISTORIES)
def test_no_other_future_changes_the_population_or_what_a_label_saw(engine, name, history, then):
    """Another future from as_of on leaves the population as it is, one from the end of the window on the labels too."""
    now = computed(engine, name, history)
    assert computed(engine, name, known_by(0, history, then)).keys() == now.keys()
    assert computed(engine, name, known_by(HORIZON, history, then)) == now


@pytest.mark.parametrize("name", ["inactivity", "cancellations"])
@settings(max_examples=20, deadline=None, derandomize=True)
@given(history=HISTORIES)
def test_no_other_past_changes_a_label(engine, name, history):
    """Events from before the days in which one must be active change neither the population nor a label."""
    recent = history | {
        table: [row for row in history[table] if row[1] >= -ACTIVE] for table in ("transactions", "activity")
    }
    assert computed(engine, name, recent) == computed(engine, name, history)


def test_tables_that_are_older_than_params(at):
    """Where what decides was never ingested, the message says what to run."""
    cancelling = Churn(definition="cancellation", horizon_days=28, active_within_days=60, events=("transactions",))
    with pytest.raises(
        DataError, match=r"neither a table of subscriptions nor of cancellations; run `churnml ingest` again$"
    ):
        at(transactions="customer_id occurred_at amount\nann 2024-02-01 10", churn=cancelling)
    labelled = Churn(definition="label", column="gone", left=("yes",), labelled_on="2024-03-01", horizon_days=28)
    with pytest.raises(
        DataError, match=r"^churn.column: the tables hold no 'gone' of customers; run `churnml ingest` again$"
    ):
        at(
            transactions="customer_id occurred_at amount\nann 2024-02-01 10",
            customers="customer_id town\nann Ash",
            churn=labelled,
        )


def test_a_label_column_that_holds_days_is_read_as_text(at):
    """A time that the contract knows is no word of `left`; nothing breaks on it."""
    labelled = Churn(
        definition="label",
        column="signed_up_at",
        left=("2024-01-05 10:00:00",),
        labelled_on="2024-03-01",
        horizon_days=28,
    )
    people = at(
        transactions="customer_id occurred_at amount\nann 2024-02-01 10\nbob 2024-02-01 10",
        customers="customer_id signed_up_at\nann 2024-01-05\nbob 2024-01-06",
        churn=labelled,
    )
    assert {name: row["label"] for name, row in people.items()} == {"ann": 1, "bob": 0}

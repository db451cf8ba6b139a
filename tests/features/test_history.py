"""Which days the events span."""

from datetime import date, timedelta

import pytest

import shelf
from churnml.config import Churn, Panel
from churnml.errors import DataError
from churnml.features.condition import gaps, pauses
from churnml.features.history import History, history, table_paths
from churnml.features.moments import moments_of

CHURN = Churn(horizon_days=28, active_within_days=28)
HEADER = "customer_id occurred_at amount\n"
YEAR = "".join(f"ann {date(2024, 1, 1) + timedelta(days)} 5\nbob {date(2024, 1, 1) + timedelta(days)} 5\n" * 3
               for days in range(366))  # fmt: skip


@pytest.fixture
def span(tmp_path, engine):
    """Called with transactions: the days that they span."""

    def of(transactions):
        tables = shelf.write_tables(tmp_path / "tables", {"transactions": HEADER + transactions})
        return history(tables, CHURN, engine, tmp_path)

    return of


def test_a_refund_is_no_event(span):
    """The end is the day after the last purchase, whatever is refunded later."""
    assert span("ann 2024-02-29 0\nann 2024-03-05 -1").end == date(2024, 3, 1)


def test_refunds_only(span):
    """Where nobody was ever alive there is nothing to predict."""
    with pytest.raises(DataError, match=r"^transactions: no row shows that anybody was alive; check the sign"):
        span("ann 2024-03-05 -1")


def test_a_mistyped_year_long_ago_is_no_history(span):
    """One row of 1990 among thousands doesn't make the history begin then."""
    assert span(YEAR + "ann 1990-05-05 5\n").start == date(2024, 1, 1)
    assert span("ann 1990-05-05 5\nann 2024-01-01 5\nann 2024-01-20 5").start == date(2024, 1, 1)


def test_the_longest_pause(span):
    """A shop that sells on Mondays and Thursdays pauses for four days at most, whatever strays long before."""
    assert span("ann 1990-05-05 5\nann 2024-01-01 5\nann 2024-01-04 5\nann 2024-01-08 5").longest_pause_days == 4


def test_a_month_that_is_missing_is_found_within_the_reach_of_features(tmp_path, engine):
    """Rows on 1 and 3 January, then on 5 February: 32 days without, from 4 January on; behind the reach it is of no account."""
    rows = HEADER + "ann 2024-01-01 5\nann 2024-01-03 5\nann 2024-02-05 5\nann 2024-02-06 5\nann 2024-05-01 5"
    paths = table_paths(shelf.write_tables(tmp_path / "tables", {"transactions": rows}))
    assert gaps(paths, engine, date(2024, 3, 1), 90, tmp_path) == {"transactions": (32, date(2024, 1, 4))}
    assert gaps(paths, engine, date(2024, 3, 1), 30, tmp_path) == {"transactions": (0, date(2024, 2, 6))}
    assert gaps(paths, engine, date(2024, 2, 1), 10, tmp_path) == {}
    assert pauses(paths, engine, tmp_path) == {"transactions": 85}


def test_a_mistyped_year_to_come_is_refused(span):
    """One row of 2099 would make everybody look silent for decades."""
    with pytest.raises(DataError) as refused:
        span(YEAR + "ann 2099-01-01 5\n")
    assert str(refused.value) == (
        "the events stop on 2024-12-31 and go on on 2099-01-01, 27029 days later: correct the dates from 2099-01-01 on "
        "in the export, or add what is missing in between"
    )


def test_a_missing_event_table(tmp_path, engine):
    """A table that defines being alive can't be done without."""
    tables = shelf.write_tables(tmp_path / "tables", {"customers": "customer_id\nann"})
    with pytest.raises(DataError, match=r"^churn.events: there is no table 'transactions'"):
        history(tables, CHURN, engine, tmp_path)


BOTH = Churn(events=("transactions", "tickets"), horizon_days=28, active_within_days=28)
CANCELLATION = Churn(definition="cancellation", horizon_days=28)
BOUGHT = HEADER + "ann 2024-01-01 5\nann 2024-02-01 5\nann 2024-03-01 5\nann 2024-03-31 5\nann 2024-03-31 -5"


@pytest.fixture
def spanned(tmp_path, engine):
    """Called with a definition and tables by name: the days that they span."""

    def of(churn, **tables):
        return history(shelf.write_tables(tmp_path / "tables", tables), churn, engine, tmp_path)

    return of


def daily(first, count, *more):
    """Rows of so many days in a row, and of more days."""
    days = [str(date.fromisoformat(first) + timedelta(days)) for days in range(count)]
    return "".join(f"\nann {day}" for day in [*days, *more])


@pytest.mark.parametrize(
    ("newest", "end", "what_ends"),
    [
        ("2024-03-22", "2024-04-01", "the events end"),
        ("2024-03-21", "2024-04-01", "the events end"),
        ("2024-03-20", "2024-03-21", "the rows of tickets end"),
        ("2024-03-15", "2024-03-16", "the rows of tickets end"),
    ],
)
def test_a_table_that_ends_earlier_than_its_longest_pause_was_cut(spanned, newest, end, what_ends):
    """Someone asks every day or at least every 10: ten days without a ticket up to 31 March are a pause, 11 a cut."""
    tickets = "customer_id opened_at" + daily("2024-02-01", 20, "2024-03-01", "2024-03-11", "2024-03-12", newest)
    span = spanned(BOTH, transactions=BOUGHT, tickets=tickets)
    assert (str(span.end), span.what_ends) == (end, what_ends)


@pytest.mark.parametrize(("count", "end"), [(19, "2024-04-01"), (20, "2024-02-21")])
def test_of_a_handful_of_days_nobody_can_say_that_they_were_cut(spanned, count, end):
    """Nineteen days with a ticket may end early by chance; from twenty on, their longest pause says what is early."""
    first = date(2024, 2, 21) - timedelta(days=count)
    tickets = "customer_id opened_at" + daily(str(first), count)
    assert str(spanned(BOTH, transactions=BOUGHT, tickets=tickets).end) == end


def test_the_table_that_was_cut_first_is_named(spanned):
    """Of two that were cut, cutoffs must be labelled by the one that ends earlier."""
    span = spanned(
        BOTH.model_copy(update={"events": ("transactions", "tickets", "surveys")}),
        transactions=BOUGHT,
        tickets="customer_id opened_at" + daily("2024-02-01", 20),
        surveys="customer_id answered_at" + daily("2024-01-01", 20),
    )
    assert (span.end, span.what_ends) == (date(2024, 1, 21), "the rows of surveys end")


def test_an_incomplete_label_window_is_refused_by_the_name_of_what_was_cut(spanned):
    """28 days after 19 January the tickets end; a later cutoff would call everybody silent who merely asks."""
    span = spanned(BOTH, transactions=BOUGHT, tickets="customer_id opened_at" + daily("2024-01-27", 20))
    assert moments_of(Panel(train=["2023-12-01"], test=["2024-01-19"]), BOTH, span)[-1] == (date(2024, 1, 19), "test")
    with pytest.raises(DataError) as refused:
        moments_of(Panel(train=["2023-12-01"], test=["2024-01-20"]), BOTH, span)
    assert str(refused.value) == (
        "panel: 2024-01-20: the label window of 28 days isn't over, the rows of tickets end on 2024-02-15; "
        "use cutoffs up to 2024-01-19"
    )


def test_the_history_begins_where_every_event_table_has_begun(spanned):
    """Before the first ticket nobody could have been seen asking."""
    tickets = "customer_id opened_at\nann 2024-02-20\nann 2024-03-31"
    assert spanned(BOTH, transactions=BOUGHT, tickets=tickets).start == date(2024, 2, 20)


def test_events_say_how_far_contracts_reach(spanned):
    """Where events are named, contracts and cancellations that go on longer don't lengthen the history."""
    span = spanned(
        CANCELLATION.model_copy(update={"events": ("transactions",)}),
        transactions=BOUGHT,
        subscriptions="customer_id started_at\nann 2023-01-01\nbob 2024-05-01",
        cancellations="customer_id cancelled_at\nann 2023-01-01\nann 2024-05-20",
    )
    assert (span.start, span.end, span.what_ends) == (date(2024, 1, 1), date(2024, 4, 1), "the events end")


@pytest.mark.parametrize(
    ("newest", "end", "what_ends"),
    [("2024-03-11", "2024-04-01", "the events end"), ("2024-03-10", "2024-03-11", "the rows of cancellations end")],
)
def test_cancellations_can_be_cut_too(spanned, newest, end, what_ends):
    """Once nobody cancelled from 20 February to 11 March; 21 days without one, while others buy, are a cut."""
    span = spanned(
        CANCELLATION.model_copy(update={"events": ("transactions",)}),
        transactions=BOUGHT,
        subscriptions="customer_id started_at\nann 2023-01-01\nbob 2024-03-31",
        cancellations="customer_id cancelled_at" + daily("2024-02-01", 20, newest),
    )
    assert (str(span.end), span.what_ends) == (end, what_ends)


def test_contracts_that_were_cut(spanned):
    """A contract that began after the export of contracts isn't there, so who renewed would look like who left."""
    span = spanned(
        CANCELLATION.model_copy(update={"events": ("transactions",)}),
        transactions=BOUGHT,
        subscriptions="customer_id started_at" + daily("2024-02-01", 20),
    )
    assert (span.end, span.what_ends) == (date(2024, 2, 21), "the rows of subscriptions end")


def test_contracts_and_cancellations_speak_for_themselves(spanned):
    """Without events the one that ends last says how far the exports reach, the one that begins last since when."""
    span = spanned(
        CANCELLATION,
        subscriptions="customer_id started_at\nann 2024-01-01\nbob 2024-02-01\ncat 2024-03-20",
        cancellations="customer_id cancelled_at\nann 2024-02-10\nbob 2024-03-31",
    )
    assert (span.start, span.end, span.longest_pause_days) == (date(2024, 2, 10), date(2024, 4, 1), 50)


def test_nobody_cancelled_yet(spanned):
    """A table of cancellations without a row says nothing about days; contracts do."""
    span = spanned(
        CANCELLATION,
        subscriptions="customer_id started_at ended_at\nann 2024-01-01 -\nbob 2024-02-01 2024-08-01",
        cancellations="customer_id cancelled_at",
    )
    assert (span.start, span.end) == (date(2024, 1, 1), date(2024, 2, 2))


def test_contracts_without_rows(spanned):
    """Neither contracts nor cancellations: nothing says who left."""
    with pytest.raises(DataError) as refused:
        spanned(
            CANCELLATION,
            subscriptions="customer_id started_at",
            cancellations="customer_id cancelled_at",
        )
    assert str(refused.value) == (
        "subscriptions and cancellations: no rows, so nothing says who left; check the exports"
    )


def test_neither_contracts_nor_cancellations_are_there(spanned):
    """A message names what is missing."""
    with pytest.raises(DataError, match=r"^subscriptions"):
        spanned(CANCELLATION, customers="customer_id\nann")


def test_where_silence_is_leaving_contracts_are_not_looked_at(spanned):
    """Contracts that ended long ago cut nothing off where purchases decide."""
    span = spanned(
        CHURN,
        transactions=BOUGHT,
        subscriptions="customer_id started_at\nann 2020-01-01\nbob 2020-01-02",
        cancellations="customer_id cancelled_at\nann 2020-02-01",
    )
    assert (span.end, span.what_ends) == (date(2024, 4, 1), "the events end")


SAID = Churn(definition="label", column="gone", left=("yes",), labelled_on="2024-03-01", horizon_days=28)


def test_a_label_spans_its_own_day(spanned):
    """A column that says who left was exported on one day, whatever else there is."""
    assert spanned(SAID, customers="customer_id gone\nann yes") == History(date(2024, 3, 1), date(2024, 3, 1), 1)


def test_a_summer_without_new_contracts_is_no_mistyped_year(spanned):
    """Twenty contracts in spring, none for 57 days, then one in July: few begin anew where contracts are large."""
    days = [date(2024, 4, 15) + timedelta(days=number) for number in range(20)] + [date(2024, 6, 30)]
    contracts = "customer_id started_at ended_at\n" + "\n".join(f"c{day:%m%d} {day} -" for day in days)
    assert spanned(CANCELLATION, subscriptions=contracts).end == date(2024, 7, 1)

"""Counts by month, on tables that one can count by hand."""

from datetime import date

import pyarrow.parquet as pq

import shelf
from churnml.config import Churn
from churnml.features import write_months
from churnml.features.months import month_number, month_start

SILENCE = Churn(horizon_days=28, active_within_days=31)
CONTRACTS = Churn(definition="cancellation", events=("activity",), horizon_days=28)
SALES = """
    customer_id occurred_at amount
    ann         2024-01-01  5
    ann         2024-02-10  5
    ann         2024-03-05  5
    ann         2024-04-02  5
    ann         2024-04-02  7
    ann         2024-04-03  5
    ann         2024-05-05  5
    bob         2024-01-20  5
    bob         2024-02-20  5
    cem         2024-02-05  5
    cem         2024-04-10  5
    dan         2024-03-10  -5"""
JANUARY, FEBRUARY, MARCH, APRIL = (month_number(date(2024, month, 1)) for month in (1, 2, 3, 4))


def counted(folder, engine, churn, **tables):
    """Which months were counted, and the rows of every file."""
    written = shelf.write_tables(folder / "tables", tables)
    out = folder / "out"
    out.mkdir()
    months = write_months(tables=written, churn=churn, params=shelf.FEATURES, engine=engine, work=folder, out=out)
    return months, {
        path.stem: [tuple(row.values()) for row in pq.read_table(path).to_pylist()] for path in out.iterdir()
    }


def test_who_left_by_the_label_of_the_panel(tmp_path, engine):
    """At the first midnight of a month: who bought in the 31 days before, and of them who doesn't in the 28 days from it on.

    In January the population would reach back to before the data begin; May's label window isn't over.
    """
    _, told = counted(tmp_path, engine, SILENCE, transactions=SALES)
    assert told["churn"] == [(FEBRUARY, 2, 0), (MARCH, 3, 2), (APRIL, 1, 0)]


def test_cohorts_are_followed_month_by_month(tmp_path, engine):
    """By the first purchase; a month without any of a cohort has no row, and refunds are no sign of life."""
    months, told = counted(tmp_path, engine, SILENCE, transactions=SALES)
    assert months.whole == tuple(date(2024, month, 1) for month in (1, 2, 3, 4))
    assert (months.begin, months.earlier_until, months.of_contracts) == (date(2024, 1, 1), date(2024, 2, 1), False)
    assert told["first_seen"] == [("ann", JANUARY), ("bob", JANUARY), ("cem", FEBRUARY)]
    assert told["retention"] == [
        (JANUARY, JANUARY, 2),
        (JANUARY, FEBRUARY, 2),
        (JANUARY, MARCH, 1),
        (JANUARY, APRIL, 1),
        (FEBRUARY, FEBRUARY, 1),
        (FEBRUARY, APRIL, 1),
    ]


def test_who_buys_again_and_on_how_many_days(tmp_path, engine):
    """Two purchases within three months; without ids of orders two lines of a day are one purchase."""
    _, told = counted(tmp_path, engine, SILENCE, transactions=SALES)
    assert told["purchases"] == [(MARCH, 3, 2), (APRIL, 3, 2)]
    assert told["active_days"] == [(JANUARY, 2, 2, 2), (FEBRUARY, 3, 3, 3), (MARCH, 1, 1, 1), (APRIL, 2, 3, 5)]


def test_orders_are_told_by_their_ids(tmp_path, engine):
    """Two orders of a day are two purchases, three lines of one order are one."""
    sales = """
        customer_id occurred_at amount order_id
        ann         2024-01-01  5      -
        ann         2024-03-05  5      A1
        ann         2024-03-05  5      A2
        bob         2024-03-06  5      B1
        bob         2024-03-07  5      B1
        bob         2024-03-31  -5     B2
        eve         2024-02-01  5      E1
        eve         2024-04-01  5      E2"""
    _, told = counted(tmp_path, engine, SILENCE, transactions=sales)
    assert told["purchases"] == [(MARCH, 3, 1)]


def test_days_are_of_activity_where_it_is_known_for_all_of_a_month(tmp_path, engine):
    """Activity tells more than purchases; months that it doesn't hold whole aren't counted."""
    use = "customer_id occurred_at event\n" + "\n".join(f"ann 2024-0{month}-20 login" for month in (2, 3, 4))
    _, told = counted(tmp_path, engine, SILENCE, transactions=SALES, activity=use)
    assert told["active_days"] == [(MARCH, 1, 1, 1)]


def test_answers_to_the_recommendation_question(tmp_path, engine):
    """9 and 10 promote, 0 to 6 detract; other surveys, other scales and months that aren't whole don't count."""
    surveys = """
        customer_id answered_at score kind
        ann         2024-02-01  10    NPS
        ann         2024-02-10  9     nps
        bob         2024-02-11  8     nps
        bob         2024-02-29  6     net_promoter
        bob         2024-02-12  0     csat
        cem         2024-02-12  42    nps
        cem         2024-05-02  9     nps"""
    _, told = counted(tmp_path, engine, SILENCE, transactions=SALES, surveys=surveys)
    assert told["nps"] == [(FEBRUARY, 4, 2, 1)]


def test_contracts_show_who_is_still_there(tmp_path, engine):
    """A contract runs in the month in which it begins, and in each in which it runs for longer than its first midnight."""
    contracts = """
        customer_id started_at ended_at   subscription_id
        ann         2024-01-10 -          1
        bob         2024-01-05 2024-02-15 2
        cem         2024-02-03 2024-03-01 3
        dan         2024-02-10 2024-02-20 4"""
    use = "customer_id occurred_at event\neve 2024-01-01 login\nann 2024-02-20 login\nann 2024-03-20 login\nann 2024-04-30 login"
    months, told = counted(tmp_path, engine, CONTRACTS, subscriptions=contracts, activity=use)
    assert months.of_contracts
    assert (months.begin, months.earlier_until) == (date(2024, 1, 1), date.min)  # all begins are known
    assert told["retention"] == [
        (JANUARY, JANUARY, 2),
        (JANUARY, FEBRUARY, 2),
        (JANUARY, MARCH, 1),
        (JANUARY, APRIL, 1),
        (FEBRUARY, FEBRUARY, 2),
    ]
    assert told["churn"] == [(JANUARY, 0, 0), (FEBRUARY, 2, 1), (MARCH, 2, 1), (APRIL, 1, 0)]


def test_a_first_month_without_history(tmp_path, engine):
    """Three weeks of sales hold no whole month: nothing is counted, and nothing fails."""
    sales = "customer_id occurred_at amount\nann 2024-01-05 5\nann 2024-01-25 5"
    months, told = counted(tmp_path, engine, SILENCE, transactions=sales)
    assert (months.whole, told) == ((), {})


def test_a_label_without_days(tmp_path, engine):
    """Where a column says who left there is no churn by month; without any table of events there is nothing."""
    churn = Churn(definition="label", column="state", left=("gone",), labelled_on=date(2024, 5, 1), horizon_days=28)
    people = "customer_id state\nann gone\nbob here"
    assert counted(tmp_path, engine, churn, customers=people)[1] == {}


def test_the_same_bytes(tmp_path, engine):
    """Twice the same tables, twice the same files."""
    written = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        counted(tmp_path / name, engine, SILENCE, transactions=SALES)
        written.append({path.name: path.read_bytes() for path in (tmp_path / name / "out").iterdir()})
    assert written[0] == written[1]
    assert len(written[0]) == 5


def test_months_have_numbers():
    """December and January follow each other."""
    assert [month_start(month_number(date(2023, 12, 31)) + place) for place in (0, 1)] == [
        date(2023, 12, 1),
        date(2024, 1, 1),
    ]

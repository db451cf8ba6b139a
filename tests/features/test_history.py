"""Which days the events span."""

from datetime import date, timedelta

import pytest

import shelf
from churnml.config import Churn
from churnml.errors import DataError
from churnml.features.history import history

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

"""Who left, and the similar customers who stayed."""

from datetime import date

import pyarrow.parquet as pq
import pytest

from churnml.report.similar import Departures, write_pairs, write_unseen
from predictions import FIRST, predicted

LATER = date(2024, 1, 29)


def rows_of(*rows, **columns):
    """Predictions of (customer, label, spend), who left the day before the cutoff unless said otherwise."""
    customers, label, spend = zip(*rows, strict=True)
    left_on = [date(2023, 12, 31) if gone else None for gone in label]
    columns = {"left_on": left_on, **columns}
    return predicted(list(label), 0.1, customers=list(customers), spend=[float(money) for money in spend], **columns)


@pytest.fixture
def pairs(tmp_path, engine):
    """Called with rolling and test predictions: what was found, and the pairs (who left, on which day, who stayed)."""

    def found(rolling, test=None, most=100):
        pq.write_table(rolling, tmp_path / "rolling.parquet")
        pq.write_table(rolling.slice(0, 0) if test is None else test, tmp_path / "test.parquet")
        write_unseen(tmp_path, engine, tmp_path / "unseen.parquet")
        how = {"window_days": 28, "engine": engine, "work": tmp_path, "out": tmp_path / "people.parquet"}
        departures = write_pairs(tmp_path / "unseen.parquet", most=most, **how)
        people = pq.read_table(tmp_path / "people.parquet").to_pylist()
        assert [row["place"] for row in people] == list(range(len(people)))
        return departures, [
            (left["customer_id"], left["left_on"], stayed["customer_id"])
            for left, stayed in zip(people[::2], people[1::2], strict=True)
        ]

    return found


def test_the_nearest_in_money_who_stayed(pairs):
    """First 4, then 7 is nearest to 5; nobody is taken twice; the third has nobody left of the lowest third."""
    leavers = [("x", 1, 5), ("y", 1, 5), ("z", 1, 5)]
    rows = rows_of(*leavers, ("a", 0, 4), ("b", 0, 7), *((name, 0, 90) for name in "cdefghijkl"))
    departures, found = pairs(rows)
    assert [stayed for _, _, stayed in found] == ["a", "b"]
    assert departures == Departures(3, 3, 2, (FIRST,))


def test_the_same_segment(pairs):
    """A nearer customer of another segment isn't similar."""
    rows = rows_of(("x", 1, 5), ("a", 0, 5), ("b", 0, 5), segment=["shop", "web", "shop"])
    assert [stayed for _, _, stayed in pairs(rows)[1]] == ["b"]


def test_money_per_day_that_they_were_there(pairs):
    """Silent for 14 of the 28 days: 10 spent in the other 14 is the pace of 20 in 28."""
    silent = [date(2023, 12, 17), *[None] * 4]
    rows = rows_of(("x", 1, 10), ("a", 0, 10), ("b", 0, 19), ("c", 0, 21), ("d", 0, 22), left_on=silent)
    assert [stayed for _, _, stayed in pairs(rows)[1]] == ["b"]


def test_who_left_once_is_counted_once(pairs):
    """At two cutoffs with the same last day: at the first of them; in both files: once; stayers are of that cutoff."""
    both = [date(2023, 12, 20), None]
    rolling = rows_of(("x", 1, 17), ("a", 0, 28), left_on=both)
    test = rows_of(("x", 1, 0), ("b", 0, 0), left_on=both, as_of=LATER)
    departures, found = pairs(rolling, test)
    assert found == [("x", date(2023, 12, 20), "a")]
    assert departures.there == 1


def test_at_most_so_many_and_the_newest_first(pairs):
    """Two of three: those of the later cutoff."""
    rolling = rows_of(("x", 1, 5), ("a", 0, 5), ("b", 0, 5))
    test = rows_of(("y", 1, 0), ("z", 1, 0), ("a", 0, 0), ("b", 0, 0), as_of=LATER)
    departures, found = pairs(rolling, test, most=2)
    assert {left for left, _, _ in found} == {"y", "z"}
    assert departures == Departures(3, 2, 2, (LATER,))


def test_the_order_of_rows_changes_nothing(pairs):
    """Ties are broken by a hash of the id."""
    rows = rows_of(("x", 1, 5), ("y", 1, 5), *((name, 0, 5) for name in "abcdef"))
    assert pairs(rows)[1] == pairs(rows.take(list(range(rows.num_rows))[::-1]))[1]


def test_nobody_left(pairs):
    """No pairs, and nothing fails."""
    assert pairs(rows_of(("a", 0, 5), ("b", 0, 5))) == (Departures(0, 0, 0, ()), [])

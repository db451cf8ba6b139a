"""What left with those who left: money by cause, and typical cases."""

from datetime import date

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from churnml.bundle import ModelBundle
from churnml.report.losses import cases, losses, write_leavers
from churnml.report.similar import PEOPLE, write_unseen
from churnml.value import value


@pytest.fixture
def lost(finished, engine, tmp_path):
    """Called with how many are looked at: what left with those who left at the test cutoffs of the tiny shop."""

    def found(most=100_000):
        write_unseen(finished.boosters, engine, tmp_path / "unseen.parquet")
        return losses(
            boosters=finished.boosters, snapshots=finished.panel / "snapshots.parquet",
            unseen=tmp_path / "unseen.parquet", bundle=ModelBundle.load(finished.bundle), resamples=50, seed=7,
            engine=engine, work=tmp_path, most=most,
        )  # fmt: skip

    return found


def test_the_value_of_all_who_left(finished, lost):
    """Each once per last day, worth what they spent in the longest window, carried forward; the parts are the whole."""
    told = lost()
    rows = pq.read_table(finished.boosters / "test.parquet").to_pandas()
    gone = rows[rows["label"] == 1].sort_values("as_of").drop_duplicates(["customer_id", "left_on"])
    params = ModelBundle.load(finished.bundle).params
    worth = value(gone["spend"].to_numpy(), params.features.windows_days[-1], params.score.value)
    assert (told.there, told.taken) == (len(gone), len(gone))
    assert told.money == pytest.approx(worth.sum(), abs=0.01)
    assert told.by_cause["money"].sum() == pytest.approx(told.money, abs=0.05)
    assert told.by_cause["customers"].sum() == len(gone)
    assert told.by_cause["share"].sum() == pytest.approx(1, abs=1e-5)


def test_a_part_of_them_is_scaled(lost):
    """The causes of five, and the money of all, as if the others were like them."""
    every, told = lost(), lost(most=5)
    assert (told.there, told.taken, len(told.leavers)) == (every.there, 5, 5)
    assert told.money == pytest.approx(told.leavers["value"].sum() * every.there / 5, abs=0.01)


def test_the_same_every_time(lost):
    """Chosen by a hash, resampled by a seed."""
    pd.testing.assert_frame_equal(lost(5).leavers, lost(5).leavers)
    pd.testing.assert_frame_equal(lost().by_cause, lost().by_cause)


LEAVERS = pd.DataFrame(
    {
        "customer_id": ["a", "b", "c", "d", "e"],
        "left_on": [date(2024, 7, 1)] * 5,
        "value": [1.0, 2.0, 9.0, 5.0, 3.0],
        "cause": ["service", "service", "service", "none", "value"],
    }
)


def weekly(path, whole=("a", "b", "c", "d", "e"), **lanes):
    rows = [
        {
            "place": place,
            "part": part,
            "until": date(2024, 6, 30),
            "whole": customer in whole,
            **{lane: float(part == 0) * count for lane, count in lanes.items()},
        }
        for place, customer in enumerate(LEAVERS["customer_id"])
        for part in range(2)
    ]
    pq.write_table(pa.Table.from_pylist(rows), path)
    return path


def test_the_one_in_the_middle_of_each_cause(tmp_path):
    """By value; the cause of most first, no clear cause last."""
    told = cases(LEAVERS, weekly(tmp_path / "l.parquet", orders=2))
    assert told.cases[["customer_id", "cause"]].to_numpy().tolist() == [
        ["b", "service"],
        ["e", "value"],
        ["d", "none"],
    ]


def test_who_was_there_for_all_weeks_is_taken_rather(tmp_path):
    """Of the service cases c alone was."""
    told = cases(LEAVERS, weekly(tmp_path / "l.parquet", whole=("c", "d"), orders=2))
    assert told.cases["customer_id"].tolist() == ["c", "e", "d"]


def test_of_whom_nothing_is_known_isnt_typical(tmp_path):
    """Nothing of b in all those weeks: the cases that did are a and c."""
    path = weekly(tmp_path / "l.parquet", orders=2)
    rows = pq.read_table(path).to_pandas()
    rows.loc[rows["place"] == 1, "orders"] = 0.0
    pq.write_table(pa.Table.from_pandas(rows), path)
    assert cases(LEAVERS, path).cases["customer_id"].tolist() == ["a", "e", "d"]


def test_weeks_in_order_of_time(tmp_path):
    """Each lane of a case, a row per week, named by its first day."""
    told = cases(LEAVERS, weekly(tmp_path / "l.parquet", orders=2, active_days=0, tickets=1))
    mine = told.weeks[told.weeks["customer_id"] == "b"]
    assert [tuple(row) for row in mine.to_numpy()] == [
        ("b", date(2024, 6, 17), "orders", 0),
        ("b", date(2024, 6, 24), "orders", 2),
        ("b", date(2024, 6, 17), "active_days", 0),
        ("b", date(2024, 6, 24), "active_days", 0),
        ("b", date(2024, 6, 17), "tickets", 0),
        ("b", date(2024, 6, 24), "tickets", 1),
    ]


def test_days_that_say_what_orders_say_are_no_lane(tmp_path):
    """Without a table of activity, days with a purchase are those with an order."""
    told = cases(LEAVERS, weekly(tmp_path / "l.parquet", orders=2, active_days=1))
    assert set(told.weeks["lane"]) == {"orders"}


def test_no_days_no_cases(tmp_path):
    """Where nobody's days are known there is no timeline."""
    path = weekly(tmp_path / "l.parquet", orders=2)
    pq.write_table(pq.read_table(path).slice(0, 0), path)
    assert cases(LEAVERS, path) is None


def test_leavers_are_written_by_place(tmp_path):
    """A last day that isn't known is empty."""
    write_leavers(LEAVERS.assign(left_on=[None, *LEAVERS["left_on"][1:]]), tmp_path / "p.parquet")
    rows = pq.read_table(tmp_path / "p.parquet")
    assert rows.schema == PEOPLE
    assert rows.slice(0, 2).to_pylist() == [
        {"place": 0, "customer_id": "a", "left_on": None},
        {"place": 1, "customer_id": "b", "left_on": date(2024, 7, 1)},
    ]

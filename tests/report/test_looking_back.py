"""The last months of those who left beside those of similar customers, and who left."""

from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from churnml.metrics import share_interval
from churnml.report.looking_back import last_months, who_left
from churnml.report.similar import write_unseen
from predictions import FIRST, predicted

LATER = date(2024, 1, 29)


def lives(path, left, stayed, whole=True, **more):
    """Pairs whose orders by month (the last one first) are given per pair, as a file."""
    rows = []
    for pair, sides in enumerate(zip(left, stayed, strict=True)):
        for side, orders in enumerate(sides):
            for part, count in enumerate(orders):
                further = {name: float(cells[side][part]) for name, cells in more.items()}
                rows.append({"place": 2 * pair + side, "part": part, "whole": whole, "orders": float(count), **further})
    pq.write_table(pa.Table.from_pylist(rows), path)
    return path


def test_what_fell_before_they_left(tmp_path):
    """1 order in the last month after 2, 2 and 2: half of it; those who stayed kept theirs, 2 in each."""
    told = last_months(lives(tmp_path / "lives.parquet", [(1, 2, 2, 2)] * 30, [(2, 2, 2, 2)] * 30), 50, 7)
    assert told.pairs == 30
    left, stayed = told.changes.to_dict("records")
    assert (left["side"], left["last"], left["before"], left["change"], left["change_clear"]) == (
        "left",
        1,
        2,
        -0.5,
        True,
    )
    assert (stayed["side"], stayed["last"], stayed["before"], stayed["change"]) == ("stayed", 2, 2, 0)
    assert not stayed["change_clear"]
    assert (left["apart"], left["apart_low"], left["apart_high"], left["apart_clear"]) == (-0.5, -0.5, -0.5, True)
    assert told.months["mean"].tolist() == [1, 2, 2, 2, 2, 2, 2, 2]


def test_what_may_be_chance_isnt_clear(tmp_path):
    """As many rose as fell: the interval holds both."""
    left = [(2, 1, 1, 1), (0, 1, 1, 1)] * 15
    told = last_months(lives(tmp_path / "lives.parquet", left, [(1, 1, 1, 1)] * 30), 200, 7)
    first = told.changes.iloc[0]
    assert first["change"] == 0
    assert first["change_low"] < 0 < first["change_high"]
    assert not first["change_clear"] and not first["apart_clear"]


def test_the_wait_is_per_ticket(tmp_path):
    """6 hours for 2 replies in the last month, 3 for 3 in the three before: 3 hours after 1."""
    hours, replies = (((6, 1, 1, 1), (1, 1, 1, 1)), ((2, 1, 1, 1), (1, 1, 1, 1)))
    same = [(1, 1, 1, 1)] * 30
    told = last_months(lives(tmp_path / "l.parquet", same, same, reply_hours=hours, replies=replies), 50, 7)
    waits = told.changes[told.changes["measure"] == "reply_hours"]
    assert waits[["last", "before", "change"]].to_numpy().tolist() == [[3, 1, 2], [1, 1, 0]]


def test_what_hardly_ever_happened_isnt_told(tmp_path):
    """A complaint of one customer in thirty says nothing of all."""
    same = [(1, 1, 1, 1)] * 30
    path = lives(tmp_path / "l.parquet", same, same, complaints=((0, 0, 0, 0), (5, 5, 5, 5)))
    assert set(last_months(path, 50, 7).changes["measure"]) == {"orders"}


@pytest.mark.parametrize(("count", "whole"), [(19, True), (30, False)])
def test_too_few_pairs(tmp_path, count, whole):
    """Fewer than twenty, or not there for all months: nothing is compared."""
    same = [(1, 1, 1, 1)] * count
    assert last_months(lives(tmp_path / "l.parquet", same, same, whole=whole), 50, 7) is None


def test_a_pair_of_which_one_isnt_known_is_left_out(tmp_path):
    """Both or none."""
    path = lives(tmp_path / "l.parquet", [(1, 1, 1, 1)] * 25, [(1, 1, 1, 1)] * 25)
    rows = pq.read_table(path).to_pandas()
    pq.write_table(pa.Table.from_pandas(rows[rows["place"] != 7]), path)
    assert last_months(path, 50, 7).pairs == 24


@pytest.fixture
def groups(tmp_path, engine):
    """Called with predictions: who left, by group."""

    def told(rows, newest=(LATER,)):
        pq.write_table(rows, tmp_path / "rolling.parquet")
        pq.write_table(rows.slice(0, 0), tmp_path / "test.parquet")
        write_unseen(tmp_path, engine, tmp_path / "unseen.parquet")
        cutoffs = sorted(set(rows["as_of"].to_pylist()))
        return who_left(tmp_path / "unseen.parquet", cutoffs, newest)

    return told


def snapshots(left, of, as_of, **columns):
    return predicted([1] * left + [0] * (of - left), 0.1, as_of=as_of, spend=[float(n) for n in range(of)], **columns)


def test_who_left_now_and_before(groups):
    """15 of 30 in segment x against 3 of 30 before: 40 points more, which is clear."""
    rows = pa.concat_tables([snapshots(3, 30, FIRST, segment="x"), snapshots(15, 30, LATER, segment="x")])
    told = groups(rows)
    first = told[told["by"] == "segment"].iloc[0]
    assert first[["group", "customers_new", "left_new", "rate_new"]].tolist() == ["x", 30, 15, 0.5]
    assert first[["customers_old", "left_old", "rate_old"]].tolist() == [30, 3, 0.1]
    low, high = share_interval(15, 30)
    low_old, high_old = share_interval(3, 30)
    assert first["change"] == pytest.approx(0.4)
    assert first["change_low"] == pytest.approx(0.4 - np.hypot(0.5 - low, high_old - 0.1))
    assert first["change_high"] == pytest.approx(0.4 + np.hypot(high - 0.5, 0.1 - low_old))
    assert first["clear"]


def test_thirds_by_money_come_in_their_order(groups):
    """Those who left spent least: all of the lowest third left, nobody else."""
    told = groups(snapshots(20, 60, LATER))
    assert told[["group", "customers_new", "left_new"]].to_numpy().tolist() == [
        ["lowest third", 20, 20],
        ["middle third", 20, 0],
        ["highest third", 20, 0],
    ]
    assert told["rate_old"].isna().all() and not told["clear"].any()


def test_small_groups_are_told_together(groups):
    """The eight largest by name, the others together; who has none is unknown; fewer than twenty aren't told."""
    names = [f"g{number:02d}" for number in range(10) for _ in range(25 - number)]
    rows = snapshots(5, len(names) + 5, LATER, region=[*names, *[None] * 5])
    told = groups(rows)
    assert told[told["by"] == "region"]["group"].tolist() == [
        "g00", "g01", "g02", "g03", "g04", "g05", "others",
    ]  # fmt: skip


def test_the_frame_of_nobody_is_empty(groups):
    """Without money and groups there is nothing to tell apart."""
    rows = predicted([1, 0], 0.1, as_of=LATER, spend=0.0)
    assert isinstance(groups(rows), pd.DataFrame) and not len(groups(rows))

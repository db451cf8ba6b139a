"""All that is said of those who left, from the tiny shop."""

from functools import partial

import pytest

from churnml.bundle import ModelBundle
from churnml.features import write_lives
from churnml.report.past import look_back


@pytest.fixture
def past(finished, engine, tmp_path):
    """Called with changes of what is handed over."""

    def told(**changes):
        bundle = ModelBundle.load(finished.bundle)
        lives = partial(write_lives, tables=finished.tables, churn=bundle.params.churn, engine=engine, work=tmp_path)
        given = {"boosters": finished.boosters, "snapshots": finished.panel / "snapshots.parquet", "bundle": bundle}
        return look_back(**{**given, **changes}, write_lives=lives, engine=engine, work=tmp_path)

    return told


def test_the_tiny_shop(past):
    """Everything is there: cutoffs in order, pairs, groups by value, money, and cases with their weeks."""
    told = past()
    assert [*told.earlier, *told.newest] == sorted([*told.earlier, *told.newest])
    assert len(told.newest) == 2
    assert told.departures.there >= told.departures.taken >= told.departures.paired > 0
    assert set(told.groups["by"]) == {"value"}
    assert told.losses.money > 0
    assert (told.cases.weeks.groupby(["customer_id", "lane"]).size() == 26).all()


def test_without_a_panel_nobody_knows_the_causes(past, tmp_path):
    """The rest is told."""
    told = past(snapshots=tmp_path / "nothing.parquet")
    assert (told.losses, told.cases) == (None, None)
    assert told.departures.paired > 0


def test_no_boosters_no_past(past, tmp_path):
    """A bundle alone knows no departures."""
    assert past(boosters=tmp_path) is None

"""Up or down: a window against the one before, the same days a year ago, and the slope over the longest.

Most histories are told as days back from as_of: yesterday is 1.
"""

import itertools
import math
import statistics
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import shelf
from churnml.config import Features
from churnml.features import families
from churnml.features.trend import YEAR_DAYS

BEFORE = """
    customer_id  occurred_at  amount
    ann          2024-02-15   100
    ann          2024-02-16   10
    ann          2024-02-22   20
    ann          2024-02-23   40
    ann          2024-02-29   30
    ann          2024-02-29   20
    ann          2024-03-01   999
"""
YEAR = """
    customer_id  occurred_at  amount
    ann          2023-02-02   900
    ann          2023-02-03   10
    ann          2023-03-02   20
    ann          2023-03-03   400
    ann          2024-02-01   500
    ann          2024-02-02   60
    ann          2024-02-29   25
    ann          2024-02-29   5
    ann          2024-03-01   999
"""
OF_BEFORE = ("purchase_days_change_7d_before", "spend_change_7d_before")
OF_YEAR = ("purchase_days_change_28d_year", "spend_change_28d_year")
OF_SLOPES = ("purchase_days_slope_28d", "spend_slope_28d")


def values(row, names):
    return tuple(row[name] for name in names)


def test_the_window_before_ends_where_the_window_begins(at):
    """7 days hold 40 + 50 on two days, the 7 before 10 + 20 on two: no more days, (90 - 30) / (90 + 30) more money.

    02-23 is the first day of the window, 02-16 that of the window before; 02-15 is in neither.
    """
    ann = at(transactions=BEFORE)["ann"]
    assert values(ann, OF_BEFORE) == (0, 0.5)


def test_days_and_money_change_each_for_itself(at):
    """One day of 90 against three days of 10: (1 - 3) / (1 + 3) days, (90 - 30) / (90 + 30) money."""
    ann = at(
        transactions="""
            customer_id  occurred_at  amount
            ann          2024-02-17   10
            ann          2024-02-18   10
            ann          2024-02-19   10
            ann          2024-02-27   90
        """
    )["ann"]
    assert values(ann, OF_BEFORE) == (-0.5, 0.5)


def test_stopped_the_same_began_and_nothing_at_all(at):
    """-1 for who stopped, 0 for who buys as before, 1 for who bought nothing just before; 0 against 0 is no change."""
    people = at(
        transactions="""
            customer_id  occurred_at  amount
            ann          2024-02-20   10
            bob          2024-02-20   10
            bob          2024-02-27   10
            cat          2024-02-01   10
            cat          2024-02-27   10
            dan          2024-02-01   10
        """
    )
    changes = {name: values(people[name], OF_BEFORE) for name in people}
    assert changes == {"ann": (-1, -1), "bob": (0, 0), "cat": (1, 1), "dan": (None, None)}


def test_who_is_new_didnt_begin_to_buy_more(at):
    """Whose first purchase lies in the window wasn't a customer before, so nothing is known; one day earlier it is.

    A refund before, of something bought before the exports begin, makes no customer.
    """
    people = at(
        transactions="""
            customer_id  occurred_at  amount
            ann          2024-02-15   -10
            ann          2024-02-23   10
            bob          2024-02-22   10
        """
    )
    assert values(people["ann"], OF_BEFORE) == (None, None)
    assert values(people["bob"], OF_BEFORE) == (-1, -1)


def test_refunds_change_no_trend_and_zero_is_a_purchase(at):
    """Money spent is that of purchases, whatever came back; a basket of 0 is a day, and 0 against 0 money unknown.

    Slope: (0.5 · 1 + 1.5 · 1) / 5 = 0.4 days a week, of half a day in the mean.
    """
    people = at(
        transactions="""
            customer_id  occurred_at  amount
            ann          2024-02-20   50
            ann          2024-02-27   50
            ann          2024-02-27   -50
            ann          2024-02-28   -50
            bob          2024-02-19   0
            bob          2024-02-20   0
            bob          2024-02-21   0
            bob          2024-02-27   0
        """
    )
    assert values(people["ann"], OF_BEFORE) == (0, 0)
    assert values(people["ann"], OF_SLOPES) == (0.8, 0.8)
    assert values(people["bob"], OF_BEFORE) == (-0.5, None)


def test_the_same_days_a_year_ago(at):
    """364 days are 52 weeks: 2024-02-02 to 02-29 is held against 2023-02-03 to 03-02, Friday to Thursday both.

    Two days then and now; 60 + 30 now against 10 + 20 then: (90 - 30) / 120. A day earlier or later is in neither.
    """
    ann = at(transactions=YEAR)["ann"]
    assert values(ann, OF_YEAR) == (0, 0.5)
    assert YEAR_DAYS == 52 * 7


def test_stopped_began_and_nothing_since_a_year_ago(at):
    """The same scale as against the window before."""
    people = at(
        transactions="""
            customer_id  occurred_at  amount
            ann          2023-02-03   10
            ann          2023-06-01   10
            bob          2023-01-01   10
            bob          2024-02-29   10
            cat          2023-01-01   10
            cat          2023-06-01   10
        """
    )
    changes = {name: values(people[name], OF_YEAR) for name in people}
    assert changes == {"ann": (-1, -1), "bob": (1, 1), "cat": (None, None)}


def test_who_wasnt_there_yet_for_all_the_days_a_year_ago(at):
    """Whose first purchase came on the first of these days was there; a day later, some of them are unknown."""
    people = at(
        transactions="""
            customer_id  occurred_at  amount
            ann          2023-02-03   10
            ann          2024-02-20   10
            bob          2023-02-03   -10
            bob          2023-02-04   10
            bob          2024-02-20   10
        """
    )
    assert values(people["ann"], OF_YEAR) == (0, 0)
    assert values(people["bob"], OF_YEAR) == (None, None)


@pytest.mark.parametrize(
    ("windows", "history", "before", "year"),
    [
        ((7, 28), 420, {7, 28}, {28}),
        ((7, 28), 419, {7, 28}, set()),
        ((7, 27), 3650, {7, 27}, set()),
        ((7, 28, 56), 420, {7, 28, 56}, {28}),
        ((7, 28), 56, {7, 28}, set()),
        ((7, 28), 55, {7}, set()),
    ],
)
def test_nothing_is_compared_with_what_features_dont_reach(at, windows, history, before, year):
    """The window before needs two windows of history, a year ago needs 364 days and two; under 28 days it says little."""
    ann = at(transactions=BEFORE, params=Features(windows_days=windows, history_days=history))["ann"]
    for measure in ("purchase_days", "spend"):
        there = {name for name in ann if name.startswith(f"{measure}_change")}
        expected = {f"{measure}_change_{days}d_before" for days in before}
        assert there == expected | {f"{measure}_change_{days}d_year" for days in year}


def test_constant_buying_has_no_slope(at):
    """A purchase of 10 in each of the four weeks: flat."""
    ann = at(
        transactions="""
            customer_id  occurred_at  amount
            ann          2024-02-06   10
            ann          2024-02-13   10
            ann          2024-02-20   10
            ann          2024-02-27   10
        """
    )["ann"]
    assert values(ann, OF_SLOPES) == (0, 0)


def test_rising_buying_by_hand(at):
    """Weeks of 0, 1, 2, 3 days: one more a week, of 1.5 in the mean. Weeks of 0, 40, 40, 40 money: 12 more, of 30.

    Least squares over weeks at -1.5, -0.5, 0.5, 1.5, whose squares sum to 5:
    days (-1.5 · 0 - 0.5 · 1 + 0.5 · 2 + 1.5 · 3) / 5 = 1, money (-1.5 · 0 - 0.5 · 40 + 0.5 · 40 + 1.5 · 40) / 5 = 12.
    The weeks begin 28, 21, 14 and 7 days back; 29 days back is outside, as_of isn't known.
    """
    ann = at(
        transactions="""
            customer_id  occurred_at  amount
            ann          2024-02-01   500
            ann          2024-02-09   40
            ann          2024-02-16   30
            ann          2024-02-22   10
            ann          2024-02-23   10
            ann          2024-02-26   10
            ann          2024-02-29   15
            ann          2024-02-29   5
            ann          2024-03-01   999
        """
    )["ann"]
    assert values(ann, OF_SLOPES) == (1 / 1.5, 12 / 30)


@pytest.mark.parametrize(
    ("day", "slope"),
    [
        ("2024-02-29", 1.2),
        ("2024-02-23", 1.2),
        ("2024-02-22", 0.4),
        ("2024-02-16", 0.4),
        ("2024-02-15", -0.4),
        ("2024-02-09", -0.4),
        ("2024-02-08", -1.2),
        ("2024-02-02", -1.2),
        ("2024-02-01", None),
    ],
)
def test_one_purchase_and_the_borders_of_the_quarters(at, day, slope):
    """One purchase in the newest week: 1.5 · 1 / 5 of a mean of 1/4 is 1.2; in the week before it 0.5 · 1 / 5 · 4."""
    ann = at(transactions=f"customer_id occurred_at amount\nann {day} 10")["ann"]
    assert values(ann, OF_SLOPES) == (slope, slope)


def test_free_baskets_have_days_and_no_money(at):
    """A slope relative to a mean of 0 is unknown."""
    ann = at(transactions="customer_id occurred_at amount\nann 2024-02-29 0")["ann"]
    assert values(ann, OF_SLOPES) == (1.2, None)


def test_quarters_lie_in_their_window(at):
    """Of the last 30 days, 31 days back is no part: who bought then alone has no slope."""
    ann = at(
        transactions="customer_id occurred_at amount\nann 2024-01-30 10",
        params=Features(windows_days=(7, 30), history_days=3650),
    )["ann"]
    assert (ann["purchase_days_slope_30d"], ann["spend_slope_30d"]) == (None, None)


def test_who_last_bought_beyond_the_reach_of_features(at):
    """Of who bought nothing that features see, no change is known."""
    ann = at(
        transactions="customer_id occurred_at amount\nann 2024-01-04 10",
        params=Features(windows_days=(7, 28), history_days=56),
    )["ann"]
    assert {ann[name] for name in (*OF_BEFORE, "purchase_days_change_28d_before", *OF_SLOPES)} == {None}


WINDOWS = (8, 16, 32)
PARAMS = Features(windows_days=WINDOWS, history_days=500)
AGO = st.integers(0, 40) | st.integers(350, 420) | st.integers(0, 520)
EVENT = st.tuples(AGO, st.integers(-300, 900) | st.just(0))
HISTORY = st.tuples(st.tuples(st.integers(1, 60), st.integers(0, 900)), st.lists(EVENT, max_size=12))


@settings(max_examples=30, deadline=None, derandomize=True)
@given(histories=st.lists(HISTORY, min_size=1, max_size=5))
def test_rhythm_trend_and_lifecycle_by_their_definitions(engine, histories):
    """What plain words say of a history, event by event, is what the entries hold, whatever ties and refunds it has."""
    people = {f"c{number}": [first, *others] for number, (first, others) in enumerate(histories)}
    lines = [
        f"{name} {shelf.AS_OF - timedelta(ago)} {cents / 100:.2f}" for name in people for ago, cents in people[name]
    ]
    with TemporaryDirectory() as folder:
        tables = {"transactions": "\n".join(["customer_id occurred_at amount", *lines])}
        seen = shelf.snapshots(shelf.write_tables(Path(folder), tables), engine, params=PARAMS)
    entries = [
        feature.name
        for family in families(PARAMS, {"transactions": ["customer_id", "occurred_at", "amount"]})
        for feature in family.features
        if family.name in ("rhythm", "trend", "lifecycle")
    ]
    for name, events in people.items():
        expected = defined(events)
        assert set(expected) == set(entries)
        pairs = {entry: (seen[name][entry], expected[entry]) for entry in entries}
        assert {entry: pair for entry, pair in pairs.items() if differ(*pair)} == {}


def differ(value, expected):
    if value is None or expected is None:
        return value is not expected
    return not math.isclose(value, expected, rel_tol=1e-9, abs_tol=1e-9)


def defined(events):
    """Entries from their definitions, of (days ago, cents)."""
    bought = [(ago, cents) for ago, cents in events if 1 <= ago <= PARAMS.reach_days and cents >= 0]
    ages = sorted({ago for ago, _ in bought}, reverse=True)
    ended = {newer: older - newer for older, newer in itertools.pairwise(ages)}  # gap by the age of its end
    return rhythm_of(ages, ended) | trend_of(bought, ages) | lifecycle_of(ages, ended)


def rhythm_of(ages, ended):
    gaps, silence = list(ended.values()), ages[-1]
    mean, spread = mean_of(gaps), spread_of(gaps)
    out = {
        "gap_mean_days": mean,
        "gap_median_days": statistics.median(gaps) if gaps else None,
        "gap_spread_days": spread,
        "gap_max_days": max(gaps, default=None),
        "gap_last_days": gaps[-1] if gaps else None,
        "active_parts_32d": sum(any(ago in (first, first + 1) for ago in ages) for first in range(1, 32, 2)),
        "overdue_ratio": silence / mean if gaps else None,
        "overdue_spreads": (silence - mean) / spread if spread else None,
        "due_days": mean - silence if gaps else None,
        "gaps_longer_share": sum(gap > silence for gap in gaps) / len(gaps) if gaps else None,
    }
    for days in (16, 32):
        recent = [gap for ago, gap in ended.items() if ago <= days]
        out[f"gap_mean_{days}d_days"] = mean_of(recent)
        out[f"gap_spread_{days}d_days"] = spread_of(recent)
        out[f"gap_max_{days}d_days"] = max(recent, default=None)
        out[f"gap_trend_{days}d_ratio"] = mean_of(recent) / mean if recent else None
    return out


def trend_of(bought, ages):
    def days(first, last):
        return sum(first <= ago <= last for ago in ages)

    def spend(first, last):
        return sum(cents for ago, cents in bought if first <= ago <= last)

    out = {}
    for name, measure in (("purchase_days", days), ("spend", spend)):
        for window in WINDOWS:
            now, then = measure(1, window), measure(window + 1, 2 * window)
            out[f"{name}_change_{window}d_before"] = change(now, then) if ages[0] > window else None
        now, then = measure(1, 32), measure(365, 396)
        out[f"{name}_change_32d_year"] = change(now, then) if ages[0] >= 396 else None
        out[f"{name}_slope_32d"] = slope([measure(25, 32), measure(17, 24), measure(9, 16), measure(1, 8)])
    return out


def lifecycle_of(ages, ended):
    back = [ago for ago, gap in ended.items() if gap > 32]
    return {
        "silence_share_of_tenure": ages[-1] / ages[0],
        "bought_once": int(len(ages) == 1),
        "second_purchase_days": ages[0] - ages[1] if len(ages) > 1 else None,
        "comebacks": len(back),
        "comeback_days": min(back, default=None),
    }


def mean_of(gaps):
    return sum(gaps) / len(gaps) if gaps else None


def spread_of(gaps):
    return math.sqrt(statistics.variance(map(Fraction, gaps))) if len(gaps) > 1 else None


def change(now, then):
    return (now - then) / (now + then) if now + then else None


def slope(quarters):
    """Oldest first, against the mean quarter."""
    mean = statistics.mean(quarters)
    return statistics.linear_regression(range(4), quarters).slope / mean if mean else None

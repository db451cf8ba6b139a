"""How many come back who have been silent for so long: each silence weighs the same, open ones as long as seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from churnml.define.returns import Returns, Wait
from churnml.define.silence import by_silence, settled_days


def test_silences_are_gaps_between_days(on):
    """Two purchases on a day are one event; the gap between two days is one silence, and the last one is open."""
    found = on(days={"ann": [0, 0, 8, 28], "bob": [0]})
    assert (found.customers, found.silences) == (2, 4)


def test_a_refund_ends_no_silence(on):
    """Ann's refund on day 5 is no event: her silence lasts from day 0 to day 20."""
    found = on(transactions="customer_id occurred_at amount\nann 2024-01-01 10\nann 2024-01-06 -10\nann 2024-01-21 10")
    assert found.silences == 2


def test_return_after_a_silence(on):
    """The Kaplan-Meier estimate, by hand: the last day is 40, bought by dan.

    Watched for longer than 7 days: ann 8 (then back), ann 32, bob 20 (back), bob 20 (open), cat 30 (back), cat 10 (open),
    eve 40 (open). At 8 one of seven comes back, at 20 one of five (cat is out), at 30 one of three (both of bob's are).
    """
    found = on(days={"ann": [0, 8], "bob": [0, 20], "cat": [0, 30], "dan": [40], "eve": [0]})
    after_7 = found.silent[0]
    assert (after_7.days, after_7.silences) == (7, 7)
    assert after_7.within[30] == pytest.approx(1 - (6 / 7) * (4 / 5) * (2 / 3))
    assert after_7.within[60] is None
    assert (after_7.seen_days, after_7.seen) == (33, after_7.within[30])


def test_as_far_as_the_data_show(on):
    """Forty days show nothing about a silence of 60, and of one of 30 only the next ten days."""
    found = on(days={"ann": [0, 8], "bob": [0, 20], "cat": [0, 30], "dan": [40], "eve": [0]})
    assert [row.days for row in found.silent] == [7, 14, 28, 30]
    assert found.silent[-1].seen_days == 10


def test_nobody_came_back(on):
    """One-time buyers: nobody is seen to come back, however long the silence."""
    found = on(days={"ann": [0], "bob": [20], "cat": [40]})
    assert {row.seen for row in found.silent} == {0.0}


def test_one_event_shows_no_silence(on):
    """On the day of the only event there is nothing to watch."""
    found = on(days={"ann": [0]})
    assert found.silent == []


def test_settled():
    """After 31 days of silence nobody comes back: the 50 who returned did so after 31 days at most."""
    returns = Returns([Wait(31, True, 50), Wait(400, False, 50)])
    assert settled_days(returns, 0.2) == 31
    assert by_silence(returns, [30])[0].seen == 0.5
    assert by_silence(returns, [31])[0].seen == 0.0


def test_not_settled():
    """A silence is settled only where half a year more is seen."""
    assert settled_days(Returns([Wait(31, True, 50), Wait(200, False, 50)]), 0.2) is None


waits = st.lists(st.builds(Wait, st.integers(0, 50), st.booleans(), st.integers(1, 9)), min_size=1)


@given(waits, st.integers(0, 60), st.integers(1, 60))
def test_a_share_is_a_share(waited, after, days):
    """Between 0 and 1, and more time never means fewer who came back."""
    returns = Returns(waited)
    share, later = returns.within(days, after=after), returns.within(days + 1, after=after)
    assert share is None or 0 <= share <= 1
    assert share is None or later is None or later >= share


@given(waits)
def test_fully_watched_is_a_plain_share(waited):
    """Where everybody is watched to the end, the estimate is the share that came back."""
    watched = [
        Wait(each.days + 1, each.back, each.people) if each.back else Wait(60, False, each.people) for each in waited
    ]
    people = sum(each.people for each in watched)
    back = sum(each.people for each in watched if each.back)
    assert abs((Returns(watched).within(60) or 0.0) - back / people) < 1e-9

"""Who may see what, and which days a label looks at."""

from datetime import date, timedelta
from itertools import pairwise

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from churnml.errors import DataError, LeakageError
from churnml.windows import (
    counted_back,
    in_label_window,
    known,
    label_end,
    lookback_start,
    require_labelled,
    require_purged,
)

AS_OF = date(2024, 3, 1)
DATABASE = duckdb.connect()
days = st.dates(date(2000, 1, 1), date(2050, 1, 1))
lengths = st.integers(1, 400)


def holds(condition: str, day: date) -> bool:
    """Whether an SQL condition on `day` holds for this day."""
    [row] = DATABASE.execute(f"SELECT {condition} FROM (SELECT ?::DATE AS day)", [day]).fetchall()
    return bool(row[0])


@given(as_of=days, offset=st.integers(-3, 3))
def test_known_ends_before_as_of(as_of: date, offset: int) -> None:
    """Something is visible when its day lies before as_of; as_of itself is the future."""
    assert holds(known("day", as_of), as_of + timedelta(days=offset)) == (offset < 0)


@given(as_of=days, horizon=lengths, offset=st.integers(-2, 402))
def test_label_window_is_half_open(as_of: date, horizon: int, offset: int) -> None:
    """The label window holds as_of and ends before as_of + horizon."""
    inside = holds(in_label_window("day", as_of, horizon), as_of + timedelta(days=offset))
    assert inside == (0 <= offset < horizon)


@given(as_of=days, horizon=lengths, offset=st.integers(-400, 400))
def test_no_day_is_feature_and_label_at_once(as_of: date, horizon: int, offset: int) -> None:
    """What is known and what the label sees never overlap."""
    day = as_of + timedelta(days=offset)
    assert not (holds(known("day", as_of), day) and holds(in_label_window("day", as_of, horizon), day))


def test_windows_are_calendar_days() -> None:
    """A lookback of 28 days starts 28 calendar days before, leap days included."""
    assert lookback_start(AS_OF, 28) == date(2024, 2, 2)
    assert label_end(AS_OF, 31) == date(2024, 4, 1)


@given(first=days, length=st.integers(0, 800), step=lengths, history=lengths, horizon=lengths)
def test_counted_cutoffs(first: date, length: int, step: int, history: int, horizon: int) -> None:
    """Cutoffs rise by the step, have their history and their label window, and none that would fit is missing."""
    end = first + timedelta(days=length)
    cutoffs = counted_back(first, end, step_days=step, history_days=history, horizon_days=horizon)
    assert len(cutoffs) == max(0, (length - history - horizon) // step + 1)
    for cutoff in cutoffs:
        assert lookback_start(cutoff, history) >= first
        assert label_end(cutoff, horizon) <= end
    assert all(later - earlier == timedelta(days=step) for earlier, later in pairwise(cutoffs))
    assert not cutoffs or label_end(cutoffs[-1], horizon) == end


@given(train=st.lists(days, max_size=5), test=st.lists(days, max_size=3), horizon=lengths)
def test_purge(train: list[date], test: list[date], horizon: int) -> None:
    """A split passes exactly when every training label window ends at or before the first test cutoff."""
    clean = all(label_end(cutoff, horizon) <= first for cutoff in train for first in test)
    if clean:
        require_purged(train, test, horizon)
    else:
        with pytest.raises(LeakageError):
            require_purged(train, test, horizon)


def test_leaking_cutoffs_are_named() -> None:
    """The refusal names the cutoffs, three of them at most, and the newest that would be allowed."""
    train = [AS_OF - timedelta(days=days) for days in (28, 27, 20, 10, 1)]
    with pytest.raises(LeakageError) as refused:
        require_purged(train, [AS_OF, date(2024, 4, 1)], 28)
    assert str(refused.value) == (
        "panel.train: 2024-02-03, 2024-02-10, 2024-02-20 and 1 more: the 28-day label window ends after the first test "
        "cutoff 2024-03-01, so the test answers would be trained on; use training cutoffs up to 2024-02-02"
    )


def test_labels_must_be_complete() -> None:
    """A cutoff is usable from the day on which its label window is over, and not one day sooner."""
    require_labelled([AS_OF], label_end(AS_OF, 28), 28)
    with pytest.raises(DataError) as refused:
        require_labelled([AS_OF, date(2024, 2, 1)], date(2024, 3, 28), 28)
    assert str(refused.value) == (
        "panel: 2024-03-01: the label window of 28 days isn't over, the events end on 2024-03-27; "
        "use cutoffs up to 2024-02-29"
    )

"""Features that know too much."""

from datetime import date

import pyarrow as pa
import pytest

from churnml.suspects import SOME, too_good

NUMBER, CATEGORY = {"name": "x", "kind": "number"}, {"name": "x", "kind": "category"}
ATTRIBUTE = {**CATEGORY, "table": "customers"}
LABEL = [1, 1, 0, 0, 0, 0]


def rows(values, label, times=SOME, type=None):
    """The same customers so many times over."""
    kind = type or (pa.string() if any(isinstance(value, str) for value in values) else pa.float64())
    days = pa.array([date(2024, 1, 1)] * len(label) * times)
    return pa.table({"label": label * times, "x": pa.array(list(values) * times, kind), "as_of": days})


@pytest.mark.parametrize(
    ("values", "auc"),
    [
        ([9.0, 8, 1, 2, 3, 4], 1.0),
        ([1.0, 2, 9, 9, 9, 9], 1.0),
        ([None, None, 1, 2, 3, 4], 1.0),
        ([1.0, None, 2, 3, None, 4], None),
        ([None] * 6, None),
        (["gone", "gone", "here", "here", None, "new"], 1.0),
        (["a", "b", "a", "b", "a", "b"], None),
        ([1.0, 3, 2, 4, 1, 3], None),
    ],
    ids=str,
)
def test_a_feature_that_knows_the_answer(values, auc):
    """High or low, by being unknown, or by a word: a feature that alone ranks leavers at .9 or better is named."""
    entry = CATEGORY if any(isinstance(value, str) for value in values) else NUMBER
    found = too_good(rows(values, LABEL), [entry])
    assert [one["auc"] for one in found] == ([auc] if auc else [])


def test_where_nobody_left_nothing_is_too_good():
    """Without both kinds of customers no feature can know the answer."""
    assert too_good(rows([1.0] * 6, [0] * 6), [NUMBER]) == []


def test_of_a_handful_nothing_is_suspected():
    """Six customers, two of whom left: chance makes such a pattern often."""
    assert too_good(rows([9.0, 8, 1, 2, 3, 4], LABEL, times=1), [NUMBER]) == []


def test_an_id_tells_nothing():
    """A word that each customer has alone is judged by the other half of the customers, where nobody has it."""
    names = [str(number) for number in range(6 * SOME)]
    assert too_good(rows(names, LABEL * SOME, times=1), [CATEGORY]) == []


def test_a_value_that_only_leavers_have():
    """A fifth of the leavers carry a cause of leaving, and nobody else: AUC .6 alone, yet it is the answer."""
    values, label = ["moved", None, None, None, None, *[None] * 10], [1] * 5 + [0] * 10
    [found] = too_good(rows(values, label, times=50), [ATTRIBUTE])
    assert found["reason"] == "of 50 customers with 'moved' in it 50 left"
    [found] = too_good(rows([1.0, *[None] * 14], label, times=50), [{**ATTRIBUTE, "kind": "number"}])
    assert found["reason"].startswith("of 50 customers with any number in it 50 left")


def test_a_code_that_only_leavers_have():
    """20 for half of the leavers and nobody else, 10 or 30 for all others: AUC .5 alone, yet it is a status."""
    values, label = [20.0, 20, 10, 30, 10, 30, *[10, 30] * 7], [1] * 4 + [0] * 16
    [found] = too_good(rows(values, label, times=50), [{**ATTRIBUTE, "kind": "number"}])
    assert found["reason"] == "of 100 customers with '20' in it 100 left"


def test_an_amount_that_is_highest_for_leavers_is_no_code():
    """All with four complaints left, most with three, few with fewer: that is what complaints do."""
    values = [4.0, *[3] * 10, *[2] * 10, *[0] * 80]
    label = [1, *[1] * 8, 0, 0, 1, 1, *[0] * 8, *[1] * 8, *[0] * 72]
    assert too_good(rows(values, label, times=50), [{**ATTRIBUTE, "kind": "number"}]) == []


def test_a_value_that_only_leavers_have_where_most_leave():
    """Two thirds leave; who carries a cause of leaving always does."""
    values, label = ["moved", "moved", None, None, None, None], [1, 1, 1, 1, 0, 0]
    [found] = too_good(rows(values, label, times=100), [ATTRIBUTE])
    assert found["reason"] == "of 200 customers with 'moved' in it 200 left"
    few_more = ["new"] * 10 + ["old"] * 20
    assert too_good(rows(few_more, [1] * 9 + [0] + [1] * 11 + [0] * 9, times=50), [ATTRIBUTE]) == []


def test_a_copy_of_the_answer_is_named_however_few_left():
    """Six leavers among sixty whom one column tells from all others without a mistake."""
    values, label = [1.0, *[0.0] * 9], [1, *[0] * 9]
    [found] = too_good(rows(values, label, times=6), [NUMBER])
    assert found["auc"] == 1.0


def test_a_pure_value_of_what_customers_did_is_no_leak():
    """Nobody who was silent for so long came back: that is a signal, computed as of a day before."""
    values, label = ["silent", None, None, None, None, *[None] * 10], [1] * 5 + [0] * 10
    assert too_good(rows(values, label, times=50), [{**CATEGORY, "table": "transactions"}]) == []


def by_month(*closed):
    """Per month so many of so many customers with 'closed' in it left, and forty of 160 others."""
    label, values, days = [], [], []
    for month, (left, of) in enumerate(closed, start=1):
        label += [1] * left + [0] * (of - left) + [1] * 40 + [0] * 120
        values += ["closed"] * of + ["open"] * 160
        days += [date(2024, month, 1)] * (of + 160)
    return pa.table({"label": label, "x": values, "as_of": days})


def test_a_status_that_is_set_when_somebody_leaves():
    """A quarter of those with 'closed' left at older cutoffs, nearly all of the few at the newest: it is as of today."""
    [found] = too_good(by_month((40, 160), (40, 160), (40, 160), (56, 64)), [ATTRIBUTE])
    assert found["reason"] == (
        "of customers with 'closed' in it 25% left at older cutoffs and 88% of the few at the newest: "
        "it seems to be as of today"
    )


@pytest.mark.parametrize(
    "closed",
    [
        [(90, 160)] * 4,
        [(40, 160), (40, 160), (40, 160), (140, 160)],
        [(40, 160), (40, 160), (40, 160), (18, 64)],
        [(136, 160), (136, 160), (136, 160), (16, 64)],
        [(40, 160)],
    ],
    ids=str,
)
def test_what_tells_as_much_at_any_time_is_honest(closed):
    """As much throughout; more, but of as many; hardly more; less: nothing is suspected. Nor at a single cutoff."""
    assert too_good(by_month(*closed), [ATTRIBUTE]) == []

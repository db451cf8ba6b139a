"""Three-valued logic: what is unknown never fires, nor does its negation."""

import numpy as np
import pandas as pd
import pytest

import ruled
from churnml.alerts import truth
from churnml.config import Condition

ROWS = pd.DataFrame(
    {"days": [40.0, 30.0, 3.0, np.nan], "word": ["Pro ", "pro", "basic", None], "days@28": [10.0, 30, 9, 1]}
)
T, F, U = "T", "F", "U"


def said(**when):
    """T, F or U of each row."""
    found = truth(Condition.model_validate(when), ROWS)
    assert not (found.true & found.false).any()
    return "".join(T if true else F if false else U for true, false in zip(found.true, found.false, strict=True))


@pytest.mark.parametrize(
    ("when", "wanted"),
    [
        ({"feature": "days", "at_least": 30}, "TTFU"),
        ({"feature": "days", "above": 30}, "TFFU"),
        ({"feature": "days", "below": 30}, "FFTU"),
        ({"feature": "days", "at_least": 3, "at_most": 30}, "FTTU"),
        ({"feature": "days", "is": 30}, "FTFU"),
        ({"feature": "days", "is_not": 30}, "TFTU"),
        ({"feature": "days", "in": [3, 40]}, "TFTU"),
        ({"feature": "days", "known": True}, "TTTF"),
        ({"feature": "days", "known": False}, "FFFT"),
        ({"feature": "word", "is": "PRO"}, "TTFU"),
        ({"feature": "word", "is_not": "pro"}, "FFTU"),
        ({"feature": "days", "over_days": 28, "rises_by": 30}, "TFFU"),
        ({"feature": "days", "over_days": 28, "falls_by": 6}, "FFTU"),
        ({"feature": "days", "over_days": 28, "changed_by": 6}, "TFTU"),
        ({"feature": "days", "over_days": 28, "changed": True}, "TFTU"),
        ({"feature": "gone", "at_least": 1}, "UUUU"),
        ({"feature": "gone", "known": False}, "UUUU"),
        ({"not": {"feature": "days", "at_least": 30}}, "FFTU"),
        ({"all": [{"feature": "days", "at_least": 30}, {"feature": "word", "is": "pro"}]}, "TTFU"),
        ({"all": [{"feature": "days", "at_least": 30}, {"feature": "gone", "is": 1}]}, "UUFU"),
        ({"any": [{"feature": "days", "at_least": 30}, {"feature": "gone", "is": 1}]}, "TTUU"),
        ({"not": {"any": [{"feature": "days", "at_least": 30}, {"feature": "days", "known": False}]}}, "FFTF"),
    ],
)
def test_by_hand(when, wanted):
    """Kleene's tables: false wins in all, true wins in any, unknown stays unknown under not."""
    assert said(**when) == wanted


def test_a_customer_without_a_login_is_not_silent(tmp_path, engine):
    """Nobody knows when bob last logged in: neither `at_least: 30` nor its negation holds; `known: false` does."""
    tables = {
        "transactions": "customer_id occurred_at amount\nann 2024-02-20 1\nbob 2024-02-20 1",
        "activity": "customer_id occurred_at event\nann 2024-01-20 login\nbob 2024-01-20 use",
    }
    leaf = {"feature": "login_recency_days", "at_least": 30}
    for number, (when, wanted) in enumerate(
        [(leaf, ["ann"]), ({"not": leaf}, []), ({"feature": "login_recency_days", "known": False}, ["bob"])]
    ):
        rules = ruled.one_rule(**when)
        what, rows = ruled.known(rules, tmp_path / str(number), tables, engine)
        assert ruled.fired(rules, what, rows).get("it", []) == wanted

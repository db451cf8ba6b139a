"""Rules against the past, by hand: four customers on two lists, of whom two leave."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from churnml.config import Rules
from churnml.rules import backtest, report, write

FIRST, SECOND = date(2024, 1, 1), date(2024, 1, 29)
LEFT = date(2024, 2, 10)


def rule(name, above, **more):
    """True where x is above a number."""
    return {
        "name": name,
        "title": name,
        "when": {"feature": "x", "above": above},
        "then": "t",
        "cooldown_days": 0,
        **more,
    }


def past(count=4):
    """Ann and bob leave after the second list, on the first only ann and cat were in the first tier."""
    rows = []
    for day in (FIRST, SECOND):
        for place in range(count):
            gone = day == SECOND and place % 4 < 2
            tier = "high" if place % 4 in (0, 2) else "low"
            rows.append((f"{place:04d}", day, int(gone), LEFT if gone else None, 0.5, 10.0, 5.0, tier, place + 1))
    names = ["customer_id", "as_of", "label", "left_on", "risk", "value", "expected_loss", "tier", "rank"]
    return pd.DataFrame(rows, columns=names)


def judged(*rules, count=4, x=None, asleep=None, **file):
    """Lines by rule; x, by customer, is 3 2 1 0 unless given."""
    given = Rules.model_validate({"rules": list(rules), **file})
    known = pd.DataFrame(
        {"customer_id": [f"{n:04d}" for n in range(count)], "x": x or [3 - n % 4 for n in range(count)]}
    )
    found = backtest(given, past(count), lambda _: known, asleep or {}, ["high", "low"], ["high"], 28)
    return {line.name: line for line in found.lines}, found, given


def test_by_hand():
    """True of ann and bob on both lists: 4 alerts in 2 times 28 days, of which the 2 of the second list leave.

    The base rate is 2 of 8; the lead is from 2024-01-01 to 2024-02-10, 40 days; one of two is in the first tier.
    """
    lines, _, _ = judged(rule("a", 1))
    line = lines["a"]
    assert (line.true, line.due, line.a_month) == (4, 4, pytest.approx(4 / (56 / 30.4)))
    assert (line.precision, line.base_rate, line.lift) == (0.5, 0.25, 2.0)
    assert line.low < 0.5 < line.high
    assert (line.lead_days, line.in_first_tier) == (40, 0.5)
    assert line.advice == "few"


def test_what_cooldown_budget_and_a_stronger_rule_saved():
    """28 days between lists: a cooldown of 29 saves the second list's two; a budget of one customer saves one a list."""
    lines, _, _ = judged(rule("a", 1, cooldown_days=29))
    assert (lines["a"].due, lines["a"].cooldown) == (2, 2)
    lines, _, _ = judged(rule("a", 1), weekly_budget_per_owner=1, list_every_days=7)
    assert (lines["a"].due, lines["a"].budget, lines[""].budget) == (4, 2, 2)
    lines, _, _ = judged(rule("a", 1), rule("b", 2, replaces=["a"]))
    assert (lines["a"].due, lines["a"].replaced, lines["b"].due) == (2, 2, 2)


def test_all_together_count_a_customer_once_a_list():
    """Two rules of the same customers are one alert to their owner."""
    lines, _, _ = judged(rule("a", 1), rule("b", 1))
    assert (lines[""].due, lines["a"].other, lines["a"].shared) == (4, "b", 1.0)


def test_which_to_drop():
    """Of 80 customers: one that never fires, one at the base rate, one that another says, too; a good one is kept."""
    lines, _, _ = judged(
        rule("never", 99), rule("everybody", -1), rule("good", 1), rule("same", 1, urgency="urgent"), rule("gone", 1),
        count=80, asleep={"gone": ("table", "tickets")},
    )  # fmt: skip
    assert {name: line.advice for name, line in lines.items() if name} == {
        "never": "never", "everybody": "no_better", "good": "twin", "same": "keep", "gone": "asleep",
    }  # fmt: skip


def test_one_is_one():
    """One rule, on one list, isn't "1 rules"."""
    _, found, given = judged(rule("a", 1))
    one = replace(found, lists=found.lists[:1])
    assert report(one, given, "high", "en").startswith("1 rule at 1 past cutoff, 2024-01-01 to 2024-01-01: 8 ")
    assert report(one, given, "high", "zh-CN").startswith("1 条规则，1 个历史时点（2024-01-01 至 2024-01-01）：8 ")


def test_the_table_in_both_languages(tmp_path):
    """One row per rule that works, one for all; those that sleep come by what they wait for; numbers in rules.csv."""
    _, found, given = judged(rule("a", 1), rule("gone", 1), asleep={"gone": ("table", "tickets")})
    text = report(found, given, "high", "en")
    assert text.splitlines()[0] == (
        "2 rules at 2 past cutoffs, 2024-01-01 to 2024-01-29: 8 customers and lists, 25.0% of them left"
    )
    assert text.splitlines()[2].split() == [
        "a",
        "2.2",
        "50",
        "(15-85)",
        "2.0",
        "40",
        "50",
        "·",
        "0",
        "0",
        "0",
        *["too", "few", "cases", "to", "judge", "(4)"],
    ]
    assert "asleep, needs table tickets: gone" in text
    assert "休眠，缺少数据表 tickets：gone" in report(found, given, "high", "zh-CN")
    write(tmp_path / "rules.csv", found)
    assert [line.split(",")[0] for line in (tmp_path / "rules.csv").read_text().splitlines()] == [
        "rule",
        "a",
        "gone",
        "all",
    ]

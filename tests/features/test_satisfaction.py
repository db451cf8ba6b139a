"""Answers to surveys, by hand: six of ann before 2024-03-01, four about satisfaction and two of NPS."""

import pytest

from churnml.features.satisfaction import satisfaction

BOUGHT = """
    customer_id  occurred_at  amount
    ann          2024-01-15   10
    bob          2024-01-15   10
"""
ANSWERS = """
    customer_id  answered_at  score  kind
    ann          2023-11-21   9      NPS
    ann          2023-12-01   5      csat
    ann          2024-01-10   4      csat
    ann          2024-02-09   2      satisfaction
    ann          2024-02-10   6      nps
    ann          2024-02-20   3      -
    ann          2024-03-01   10     nps
    ann          2024-03-01   1      csat
"""
BY_HAND = {
    "survey_recency_days": 10,
    "survey_answers_28d": 3,
    # 10 days, where 5 gaps took 91.
    "survey_silence_ratio": 50 / 91,
    "survey_last_score": 3,
    "survey_score_change": 1,
    "nps_last_score": 6,
    "nps_score_change": -3,
    "nps_detractor": 1,
}


def test_every_entry_by_hand(at):
    """Each entry is in the table above, and nothing else is an entry; answers of as_of aren't known."""
    assert {feature.name for feature in satisfaction((7, 28), ["kind"]).features} == set(BY_HAND)
    ann = at(transactions=BOUGHT, surveys=ANSWERS)["ann"]
    assert {name: ann[name] for name in BY_HAND} == BY_HAND


def test_who_never_answered(at):
    """No answers are 0; what they would have said is unknown."""
    bob = at(transactions=BOUGHT, surveys=ANSWERS)["bob"]
    assert {name: bob[name] for name in BY_HAND} == dict.fromkeys(BY_HAND) | {"survey_answers_28d": 0}


def test_without_kinds_all_answers_are_of_one_survey(at):
    """Then nothing is said of NPS, and the last two scores are compared."""
    ann = at(
        transactions=BOUGHT,
        surveys="customer_id answered_at score\nann 2024-01-10 9\nann 2024-02-10 6\nann 2024-03-01 1",
    )["ann"]
    assert (ann["survey_last_score"], ann["survey_score_change"]) == (6, -3)
    assert [name for name in ann if name.startswith("nps")] == []


@pytest.mark.parametrize(("score", "detractor"), [(0, 1), (6, 1), (7, 0), (10, 0)])
def test_detractors_score_six_or_less(at, score, detractor):
    """A first answer is compared with nothing, and says nothing of satisfaction with this and that."""
    ann = at(transactions=BOUGHT, surveys=f"customer_id answered_at score kind\nann 2024-02-10 {score} 净推荐值")["ann"]
    assert (ann["nps_last_score"], ann["nps_detractor"], ann["nps_score_change"]) == (score, detractor, None)
    assert (ann["survey_last_score"], ann["survey_silence_ratio"]) == (None, None)


def test_of_one_moment_the_lower_score_is_the_last(at):
    """Whatever the order of rows."""
    rows = ["ann 2024-02-10 5", "ann 2024-02-10 3"]
    for order in (rows, rows[::-1]):
        ann = at(transactions=BOUGHT, surveys="\n".join(["customer_id answered_at score", *order]))["ann"]
        assert (ann["survey_last_score"], ann["survey_score_change"]) == (3, -2)


def test_who_stopped_answering(at):
    """40 days of silence after an answer every 10."""
    ann = at(
        transactions=BOUGHT,
        surveys="customer_id answered_at score\nann 2024-01-01 5\nann 2024-01-11 5\nann 2024-01-21 5",
    )["ann"]
    assert ann["survey_silence_ratio"] == 4


def test_at_most_ten():
    """With the usual windows the family stays readable."""
    assert len(satisfaction((7, 14, 28, 56, 112), ["kind"]).features) == 10

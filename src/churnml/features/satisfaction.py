"""What a customer says when asked: the last score, whether it falls, and whether answers still come."""

from collections.abc import Sequence

from churnml.features.entry import Family, Feature
from churnml.features.measures import counted, longer, newest_first, recency, silence
from churnml.features.voice import voice
from churnml.features.words import NPS, says

_SOURCE = "survey answers (practice of customer-success teams: satisfaction and its change, who stopped answering)"
_PROMOTERS = "net promoter score (Reichheld 2003)"

DETRACTOR = 6
"""The highest score on the scale of 0 to 10 with which somebody counts as a detractor."""


def satisfaction(windows_days: Sequence[int], columns: Sequence[str]) -> Family:
    """The family over answers to surveys.

    Args:
        windows_days: lookback windows; only those of a month and longer are used, surveys are rare.
        columns: columns that the surveys table has. Without `kind` all answers are of one survey; with it, NPS has a scale
            of its own and is told apart from all others.
    """
    features = (
        *_answers(longer(windows_days)),
        *_scores(),
        *_nps(),
        *voice("survey", "answered_on", "a survey", "问卷"),
    )
    return Family("satisfaction", "surveys", _rows(columns), features).with_columns(columns)


def _rows(columns: Sequence[str]) -> str:
    """Answers; `place` is 1 for the last one of NPS and of the others, the lower of two of the same moment."""
    nps = says("kind", NPS) if "kind" in columns else "FALSE"
    place = newest_first("answered_at", "score", within=("customer_id", "nps"))
    return f"SELECT *, {place} AS place FROM (SELECT *, {nps} AS nps FROM {{table}}) AS told"


def _answers(windows_days: Sequence[int]) -> list[Feature]:
    return [
        Feature(
            "survey_recency_days", recency("answered_on"), "days", "days since the customer last answered a survey",
            "距上次回答问卷天数", "relationship", _SOURCE,
        ),
        Feature(
            "survey_silence_ratio", silence("answered_on"), "ratio",
            "days since the last answer to a survey divided by the usual days between answers", "距上次答卷天数与平均答卷间隔之比",
            "relationship", _SOURCE,
        ),
        *(
            Feature(
                f"survey_answers_{days}d", counted("answered_on"), "answers",
                f"answers to surveys in the last {days} days", f"近{days}天答卷次数", "relationship", _SOURCE, days, empty=0,
            )
            for days in windows_days
        ),
    ]  # fmt: skip


def _at(place: int, which: str) -> str:
    return f"max(CASE WHEN {which} AND place = {place} THEN score END)"


def _scores() -> list[Feature]:
    last, before = _at(1, "NOT nps"), _at(2, "NOT nps")
    return [
        Feature(
            "survey_last_score", last, "points", "score of the last survey, NPS aside", "最近一次满意度评分（NPS除外）", "service",
            _SOURCE,
        ),
        Feature(
            "survey_score_change", f"{last} - {before}", "points", "score of the last survey against the one before, NPS aside",
            "满意度评分较上一次的变化（NPS除外）", "service", _SOURCE,
        ),
    ]  # fmt: skip


def _nps() -> list[Feature]:
    last, before = _at(1, "nps"), _at(2, "nps")
    return [
        Feature(
            "nps_last_score", last, "points", "last NPS score, 0 to 10", "最近一次NPS评分", "value", _PROMOTERS, needs=("kind",),
        ),
        Feature(
            "nps_score_change", f"{last} - {before}", "points", "last NPS score against the one before", "NPS评分较上一次的变化",
            "value", _PROMOTERS, needs=("kind",),
        ),
        Feature(
            "nps_detractor", f"CASE WHEN {last} <= {DETRACTOR} THEN 1 WHEN {last} > {DETRACTOR} THEN 0 END", "yes or no",
            f"1 for a detractor: a last NPS score of {DETRACTOR} or less", f"NPS贬损者（评分不高于{DETRACTOR}，1 为是）", "value",
            _PROMOTERS, needs=("kind",),
        ),
    ]  # fmt: skip

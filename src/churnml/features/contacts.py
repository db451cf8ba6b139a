"""How we reached out, and whether the customer answered; an answer counts from the day it came."""

from collections.abc import Collection, Sequence

from churnml.features.entry import Family, Feature
from churnml.features.measures import counted, in_a_row, longer, mean, newest_first, recency, silence
from churnml.features.words import HOLDOUT, VISITED, says

_SOURCE = "contact history (practice of customer-success teams: no contact, no answer)"
_NEGLECT = "neglect (practice of customer-success teams: no follow-up by the owner, no visit)"
_ANSWERED = ("answered_on",)
_WAITED = "CASE WHEN answered_on >= contacted_on THEN date_diff('day', contacted_on, answered_on) END"
_OF_LISTS = ("list_id",)

_CELLS = {
    "place": newest_first("contacted_at", "action"),
    "unanswered": in_a_row("contacted_at", "answered_on IS NOT NULL"),
    "answer_place": newest_first("answered_at", "answer"),
    "wait_place": newest_first("answered_at", _WAITED),
    "waited": _WAITED,
    "own_place": newest_first("CASE WHEN list_id IS NULL THEN contacted_at END"),
}
"""What is told of each contact: `place` is 1 for the last one, `answer_place` for the one that was answered last."""

LONGEST_ANSWER = 24
"""Letters. Longer answers are sentences: they sort nobody, may hold anything private, and are unknown to features."""


def contacts(windows_days: Sequence[int], columns: Sequence[str]) -> Family:
    """The family over contacts that were made.

    Args:
        windows_days: lookback windows; only those of a month and longer are used, contacts are rare.
        columns: columns that the contacts table has.
    """
    features = (*_lately(), *_neglect(), *(feature for days in longer(windows_days) for feature in _window(days)))
    rows = f"SELECT *{{cells}} FROM {{table}} WHERE {made(columns)}"
    return Family("contacts", "contacts", rows, features, cells=_CELLS).with_columns(columns)


def made(columns: Collection[str]) -> str:
    """SQL: a row of contacts is one that was made; rows of the arm `holdout` weren't.

    Args:
        columns: of the contacts table.
    """
    return f"NOT {says('arm', HOLDOUT)}" if "arm" in columns else "TRUE"


def _lately() -> list[Feature]:
    short = f"length(answer) <= {LONGEST_ANSWER}"
    return [
        Feature(
            "contact_recency_days", recency("contacted_on"), "days", "days since we last contacted the customer",
            "距上次联系天数", "relationship", _SOURCE,
        ),
        Feature(
            "contacts_answered_share", "CAST(count(answered_on) AS DOUBLE) / count(contacted_on)", "share",
            "share of our contacts that the customer answered", "联系回复率", "relationship", _SOURCE, needs=_ANSWERED,
        ),
        Feature(
            "contacts_unanswered_in_row", "count(CASE WHEN unanswered THEN 1 END)", "contacts",
            "how many of our latest contacts in a row weren't answered", "最近连续未回复的联系次数", "relationship", _SOURCE,
            needs=_ANSWERED, empty=0,
        ),
        Feature(
            "answer_recency_days", recency("answered_on"), "days", "days since the customer last answered", "距上次回复天数",
            "relationship", _SOURCE, needs=_ANSWERED,
        ),
        Feature(
            "answer_mean_days", mean("waited"), "days", "days until the customer answers our contacts, of those answered",
            "客户平均回复天数（仅计已回复）", "relationship", _SOURCE, needs=_ANSWERED,
        ),
        Feature(
            "answer_slower_days", f"max(CASE WHEN wait_place = 1 THEN waited END) - {mean('waited')}", "days",
            "days until the last answer less the usual: above 0 the customer answers more slowly", "最近一次回复天数与平均之差（大于0为变慢）",
            "relationship", _SOURCE, needs=_ANSWERED,
        ),
        Feature(
            "last_action", "max(CASE WHEN place = 1 THEN action END)", "category", "what we did when we last contacted the customer",
            "最近一次联系动作", "relationship", _SOURCE, kind="category",
        ),
        Feature(
            "last_answer", f"max(CASE WHEN answer_place = 1 AND {short} THEN answer END)", "category",
            "what the customer last answered", "最近一次回复内容", "relationship", _SOURCE, needs=(*_ANSWERED, "answer"),
            kind="category",
        ),
    ]  # fmt: skip


def _neglect() -> list[Feature]:
    """Silence of ours. A contact that no list or campaign asked for was made by whoever looks after the customer."""
    own = "list_id IS NULL"
    return [
        Feature(
            "contact_silence_ratio", silence("contacted_on"), "ratio",
            "days since our last contact divided by the usual days between our contacts", "距上次联系天数与平均联系间隔之比",
            "relationship", _NEGLECT,
        ),
        Feature(
            "owner_contact_recency_days", recency("contacted_on", own), "days",
            "days since our last contact that belonged to no list or campaign, such as the owner's own", "距负责人上次主动跟进天数",
            "relationship", _NEGLECT, needs=_OF_LISTS,
        ),
        Feature(
            "owner_silence_ratio", silence(f"CASE WHEN {own} THEN contacted_on END"), "ratio",
            "days since our last contact outside lists and campaigns divided by the usual days between such contacts",
            "负责人未跟进天数与其平均跟进间隔之比", "relationship", _NEGLECT, needs=_OF_LISTS,
        ),
        Feature(
            "owner_gap_last_days",
            f"date_diff('day', {_own(2)}, {_own(1)})", "days",
            "days between our last two contacts outside lists and campaigns", "最近两次主动跟进的间隔天数", "relationship", _NEGLECT,
            needs=_OF_LISTS,
        ),
        Feature(
            "visit_recency_days", recency("contacted_on", says("action", VISITED)), "days", "days since we last visited the customer",
            "距上次拜访天数", "relationship", _NEGLECT,
        ),
    ]  # fmt: skip


def _own(place: int) -> str:
    """SQL: the day of a contact outside lists and campaigns, 1 being the last."""
    return f"max(CASE WHEN list_id IS NULL AND own_place = {place} THEN contacted_on END)"


def _window(days: int) -> list[Feature]:
    return [
        Feature(
            f"contacts_{days}d", counted("contacted_on"), "contacts",
            f"contacts in the last {days} days", f"近{days}天联系次数", "relationship", _SOURCE, days, empty=0,
        ),
        Feature(
            f"answers_{days}d", counted("answered_on"), "answers",
            f"answers in the last {days} days", f"近{days}天回复次数", "relationship", _SOURCE, days, _ANSWERED, 0,
        ),
    ]  # fmt: skip

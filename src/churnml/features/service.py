"""How we serve a customer: tickets, how long they wait and for what; a ticket's later cells count from the day they came."""

from collections.abc import Sequence

from churnml.features.entry import Family, Feature
from churnml.features.measures import (
    change,
    counted,
    in_a_row,
    longer,
    mean,
    month,
    newest_first,
    recency,
    share,
    silence,
)
from churnml.features.voice import voice
from churnml.features.words import COMPLAINT, URGENT, says

_SOURCE = "service history (practice of customer-success teams: complaints, open tickets, sudden rise or silence)"
_WAITING = "response times (practice of customer-success teams: first reply within 1 h, alarm after 24 h)"
_RATED = "rating of the handling (service recovery: Smith and Bolton 1998)"

SLOW_HOURS, SLOW_DAYS = 24, 7
"""From then on a first answer, and a solution, is late."""

_DAY, _HOUR = 86_400, 3_600

_COMPLAINT = says("kind", COMPLAINT)
_REPLIED, _RESOLVED, _RATING = ("first_response_on",), ("resolved_on",), ("satisfaction", "resolved_on")

_ROWS = "SELECT *{cells} FROM (SELECT *, date_diff('day', opened_on, {as_of}) AS age FROM {table}) AS aged"


def service(windows_days: Sequence[int], columns: Sequence[str]) -> Family:
    """The family over tickets.

    Args:
        windows_days: lookback windows; only those of a month and longer are used, tickets are rare.
        columns: columns that the tickets table has.
    """
    features = (
        *_counts(longer(windows_days)),
        *_unresolved(),
        *_waiting(windows_days[-1]),
        *_rated(),
        *_against_own_past(month(windows_days)),
        *voice("ticket", "opened_on", "a ticket", "工单"),
    )
    return Family("service", "tickets", _ROWS, features, cells=_cells(columns)).with_columns(columns)


def _cells(columns: Sequence[str]) -> dict[str, str]:
    """What is told of each ticket.

    Hours run between the instants of cells that were known. as_of is a midnight, whose instant depends on the timezone:
    who still waits for an answer has waited since the end of the day of opening at least, and late from the second on.
    """
    answered = "coalesce(first_response_at, resolved_at)" if "resolved_on" in columns else "first_response_at"
    replied, resolved = _seconds(answered), _seconds("resolved_at")
    rated = "CASE WHEN satisfaction IS NOT NULL THEN resolved_at END"
    return {
        "reply_seconds": f"coalesce({replied}, (age - 1) * {_DAY})",
        "late": f"coalesce({replied} > {SLOW_HOURS * _HOUR}, age > 1)",
        "resolution_seconds": resolved,
        "slow": f"coalesce({resolved} > {SLOW_DAYS * _DAY}, age > {SLOW_DAYS})",
        "unresolved": in_a_row("opened_at", "resolved_on IS NOT NULL"),
        "complaint_unresolved": in_a_row("opened_at", "resolved_on IS NOT NULL", _COMPLAINT),
        "rating_place": newest_first(rated, "satisfaction"),
    }


def _seconds(until: str) -> str:
    return f"CASE WHEN {until} IS NOT NULL THEN greatest(date_diff('second', opened_at, {until}), 0) END"


def _counts(windows_days: Sequence[int]) -> list[Feature]:
    features = [
        Feature(
            "ticket_recency_days", recency("opened_on"), "days", "days since the last ticket", "距上次工单天数", "service", _SOURCE,
        ),
        Feature(
            "tickets_urgent_share", share(says("priority", URGENT), "TRUE"), "share", "share of tickets that were urgent",
            "紧急工单比例", "service", _SOURCE, needs=("priority",),
        ),
    ]  # fmt: skip
    for days in windows_days:
        features += [
            Feature(
                f"tickets_{days}d", counted("opened_on"), "tickets",
                f"tickets in the last {days} days", f"近{days}天工单数", "service", _SOURCE, days, empty=0,
            ),
            Feature(
                f"complaints_{days}d", counted("opened_on", _COMPLAINT), "complaints",
                f"complaints in the last {days} days", f"近{days}天投诉数", "service", _SOURCE, days, ("kind",), 0,
            ),
        ]  # fmt: skip
    return features


def _unresolved() -> list[Feature]:
    return [
        Feature(
            "tickets_open", "count(CASE WHEN resolved_on IS NULL THEN 1 END)", "tickets", "tickets that are open",
            "未解决工单数", "service", _SOURCE, needs=_RESOLVED, empty=0,
        ),
        Feature(
            "ticket_open_longest_days", "max(CASE WHEN resolved_on IS NULL THEN age END)", "days",
            "days for which the oldest open ticket has been open", "最早未解决工单的天数", "service", _SOURCE, needs=_RESOLVED,
        ),
        Feature(
            "tickets_unresolved_in_row", "count(CASE WHEN unresolved THEN 1 END)", "tickets",
            "how many of the latest tickets in a row are unresolved", "最近连续未解决工单数", "service", _SOURCE,
            needs=_RESOLVED, empty=0,
        ),
        Feature(
            "complaints_unresolved_in_row", "count(CASE WHEN complaint_unresolved THEN 1 END)", "complaints",
            "how many of the latest complaints in a row are unresolved", "最近连续未解决投诉数", "service", _SOURCE,
            needs=(*_RESOLVED, "kind"), empty=0,
        ),
    ]  # fmt: skip


def _waiting(days: int) -> list[Feature]:
    within = "opened_on >= {since}"
    replied, resolved = (f"CASE WHEN {within} THEN {what}_seconds END" for what in ("reply", "resolution"))
    return [
        Feature(
            f"first_reply_mean_{days}d_hours", f"{mean(replied)} / {_HOUR}", "hours",
            f"hours until the first answer to tickets of the last {days} days; who still waits counts with the time so far",
            f"近{days}天首次响应平均时长（小时，未响应按已等待计）", "service", _WAITING, days, _REPLIED,
        ),
        Feature(
            f"first_reply_max_{days}d_hours", f"CAST(max({replied}) AS DOUBLE) / {_HOUR}", "hours",
            f"longest wait for a first answer to a ticket of the last {days} days", f"近{days}天首次响应最长时长（小时）",
            "service", _WAITING, days, _REPLIED,
        ),
        Feature(
            f"first_reply_late_{days}d_share", share("late", within), "share",
            f"share of the tickets of the last {days} days whose first answer took more than {SLOW_HOURS} hours",
            f"近{days}天首次响应超过{SLOW_HOURS}小时的比例", "service", _WAITING, days, _REPLIED,
        ),
        Feature(
            f"resolution_mean_{days}d_hours", f"{mean(resolved)} / {_HOUR}", "hours",
            f"hours until tickets of the last {days} days were resolved, of those that are", f"近{days}天平均解决时长（小时）",
            "service", _WAITING, days, _RESOLVED,
        ),
        Feature(
            "reply_late_days", recency("opened_on", "late"), "days",
            f"days since the customer last opened a ticket whose first answer took more than {SLOW_HOURS} hours",
            f"距上次首次响应超过{SLOW_HOURS}小时的工单天数", "service", _WAITING, needs=_REPLIED,
        ),
        Feature(
            "solution_late_days", recency("opened_on", "slow"), "days",
            f"days since the customer last opened a ticket that took more than {SLOW_DAYS} days to resolve, or is open for longer",
            f"距上次解决超过{SLOW_DAYS}天的工单天数", "service", _WAITING, needs=_RESOLVED,
        ),
    ]  # fmt: skip


def _rated() -> list[Feature]:
    return [
        Feature(
            "ticket_last_rating", "max(CASE WHEN rating_place = 1 THEN satisfaction END)", "points",
            "how the customer rated the handling of a ticket last", "最近一次工单评价", "service", _RATED, needs=_RATING,
        ),
        Feature(
            "ticket_rating_mean", mean("satisfaction"), "points", "how the customer rates the handling of tickets",
            "工单平均评价", "service", _RATED, needs=_RATING,
        ),
    ]  # fmt: skip


def _against_own_past(days: int) -> list[Feature]:
    return [
        Feature(
            f"tickets_change_{days}d_baseline", change("1", days), "share",
            f"tickets of the last {days} days against the customer's own rate before: -1 none, 0 the same, near 1 a sudden rise",
            f"近{days}天工单量与自身此前水平相比（-1 停止，0 持平，接近1为突增）", "service", _SOURCE, days,
        ),
        Feature(
            "ticket_silence_ratio", silence("opened_on"), "ratio",
            "days since the last ticket divided by the usual days between tickets", "距上次工单天数与平均工单间隔之比", "service",
            _SOURCE,
        ),
    ]  # fmt: skip

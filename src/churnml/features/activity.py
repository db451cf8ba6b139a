"""What a customer does in the product: how lately, how often, how widely; and events that are signals by themselves."""

from collections.abc import Mapping, Sequence
from itertools import chain

from churnml.features import words
from churnml.features.entry import Cause, Family, Feature
from churnml.features.measures import change, days_with, longer, month, recency
from churnml.features.words import says

_SOURCE = "activity (practice of customer-success teams: days since login, active days, breadth and depth of use)"
_SIGNALS = (
    "signals (practice of customer-success teams: contact changed, late payment, renewal off, asks to leave, opts out)"
)

_WORDS: Mapping[str, tuple[str, ...]] = {
    "contact": words.KEY_CONTACT_CHANGED,
    "late": words.PAYMENT_LATE,
    "renewal": words.AUTO_RENEW_OFF,
    "leaving": words.CANCEL_ASKED,
    "mail": words.MAIL_OFF,
}
"""Signals by the words that events say them with; what is a signal isn't use."""

_USE = "signal IS NULL"


def activity(windows_days: Sequence[int], columns: Sequence[str]) -> Family:
    """The family over activity, by day and feature where that matters.

    Args:
        windows_days: lookback windows.
        columns: columns that the activity table has.
    """
    recent = month(windows_days)
    features = (
        *_recency(),
        *(feature for days in windows_days for feature in _window(days)),
        *(_breadth(days) for days in longer(windows_days)),
        *_depth_and_change(recent),
        *_signals(),
    )
    lines = _lines(columns)
    rows = _by_feature(lines, recent) if "feature" in columns else lines
    return Family("activity", "activity", rows, features, plain=lines).with_columns(columns)


def _lines(columns: Sequence[str]) -> str:
    """Activities, with their `age`, the signal that they are, and whether they were a login."""
    feature = "feature" if "feature" in columns else "CAST(NULL AS VARCHAR)"
    amount = "coalesce(quantity, 1)" if "quantity" in columns else "1"
    return f"""
        SELECT customer_id, occurred_on AS day, date_diff('day', occurred_on, {{as_of}}) AS age, {signal()} AS signal,
            {says("event", words.LOGIN)} AS login, {feature} AS feature, 1 AS times, {amount} AS amount
        FROM {{table}}"""


def signal() -> str:
    """SQL: which signal an event is; NULL where it is none, as most are."""
    which = " ".join(f"WHEN {says('event', said)} THEN '{name}'" for name, said in _WORDS.items())
    return f"CASE WHEN {says('event', tuple(chain(*_WORDS.values())))} THEN CASE {which} END END"


def _by_feature(lines: str, recent: int) -> str:
    """One row per day, feature, signal and whether it was a login.

    `used_before` says how often the row's feature was used before the recent window; `key` is 1 in the last row of the
    feature that was used most by then, the first in the alphabet of several.
    """
    before = f"CASE WHEN feature IS NOT NULL AND {_USE} AND age > {recent} THEN times END"
    # Only days are compared: rows of one day and feature say the same.
    return f"""
        SELECT *, row_number() OVER (
            PARTITION BY customer_id ORDER BY used_before DESC NULLS LAST, feature NULLS LAST, age) AS key
        FROM (
            SELECT *, sum({before}) OVER (PARTITION BY customer_id, feature) AS used_before
            FROM (
                SELECT customer_id, day, age, signal, login, feature, sum(times) AS times, sum(amount) AS amount
                FROM ({lines}) AS lines GROUP BY customer_id, day, age, signal, login, feature) AS by_day) AS counted"""


def _recency() -> list[Feature]:
    return [
        Feature(
            "activity_recency_days", recency("day", _USE), "days", "days since the customer last did anything", "距上次活动天数",
            "value", _SOURCE,
        ),
        Feature("login_recency_days", recency("day", "login"), "days", "days since the last login", "距上次登录天数", "value", _SOURCE),
    ]  # fmt: skip


def _window(days: int) -> list[Feature]:
    within = f"{_USE} AND day >= {{since}}"
    return [
        Feature(
            f"activities_{days}d", f"sum(CASE WHEN {within} THEN times ELSE 0 END)", "events",
            f"things that the customer did in the last {days} days", f"近{days}天活动次数", "value", _SOURCE, days, empty=0,
        ),
        Feature(
            f"active_days_{days}d", days_with(_USE, days), "days",
            f"days on which the customer did something in the last {days} days", f"近{days}天活跃天数", "value", _SOURCE, days,
            empty=0,
        ),
    ]  # fmt: skip


def _breadth(days: int) -> Feature:
    return Feature(
        f"features_used_{days}d", f"count(DISTINCT CASE WHEN {_USE} AND day >= {{since}} THEN feature END)", "features",
        f"different features used in the last {days} days", f"近{days}天使用的不同功能数", "value", _SOURCE, days, ("feature",), 0,
    )  # fmt: skip


def _depth_and_change(days: int) -> list[Feature]:
    within = f"{_USE} AND day >= {{since}}"
    return [
        Feature(
            f"activity_depth_{days}d",
            f"CAST(sum(CASE WHEN {within} THEN amount END) AS DOUBLE)"
            f" / nullif({days_with(_USE, days)}, 0)",
            "events per active day",
            f"how much the customer did per active day in the last {days} days, by quantity where it is recorded",
            f"近{days}天每个活跃日的使用量", "value", _SOURCE, days,
        ),
        Feature(
            f"activity_change_{days}d_baseline", change(f"CASE WHEN {_USE} THEN times ELSE 0 END", days), "share",
            f"activity of the last {days} days against the customer's own rate before: -1 stopped, 0 the same; -0.5 is a third",
            f"近{days}天活跃度与自身此前水平相比（-1 停止，0 持平，-0.5 为三分之一）", "value", _SOURCE, days,
        ),
        Feature(
            "key_feature_unused_days", recency("day", "key = 1 AND used_before > 0"), "days",
            f"days since the feature was last used that the customer used most until {days} days ago",
            f"此前（{days}天前）最常用功能未使用天数", "value", _SOURCE, needs=("feature",),
        ),
    ]  # fmt: skip


def _signals() -> list[Feature]:
    def signal(name: str, said: str, en: str, zh: str, cause: Cause) -> Feature:
        return Feature(name, recency("day", f"signal = '{said}'"), "days", en, zh, cause, _SIGNALS)

    return [
        signal("key_contact_changed_days", "contact", "days since the key contact changed", "距关键联系人变动天数", "relationship"),
        signal("payment_late_days", "late", "days since a payment was late", "距付款逾期天数", "value"),
        signal("auto_renew_off_days", "renewal", "days since automatic renewal was switched off", "距关闭自动续费天数", "value"),
        signal("mail_off_days", "mail", "days since the customer unsubscribed from mails or messages", "距退订邮件或短信天数", "value"),
        signal("cancel_asked_days", "leaving", "days since the customer asked or looked how to cancel", "距咨询退订天数", "value"),
    ]  # fmt: skip

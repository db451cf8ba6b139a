"""What a customer does in the product: how lately, how often, how widely; and events that are signals by themselves."""

from collections.abc import Mapping, Sequence
from itertools import chain

from churnml.features import words
from churnml.features.entry import Cause, Family, Feature
from churnml.features.measures import change, days_with, longer, month, recency
from churnml.features.words import says

_SOURCE = "activity (practice of customer-success teams: days since login, active days, breadth and depth of use)"
_EXPECTED = "activity against the customer's own rate, in standard deviations of a Poisson count"
_DECAY = "exponentially weighted past (Gupta and Lehmann 2008 on recency-weighted frequency)"
_OWN_RATE = 8
"""Over so many windows a customer's own rate is looked at."""

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

_IS_SIGNAL = says("event", tuple(chain(*_WORDS.values())))
_WHICH = " ".join(f"WHEN {says('event', said)} THEN '{name}'" for name, said in _WORDS.items())

SIGNAL = f"CASE WHEN {_IS_SIGNAL} THEN CASE {_WHICH} END END"
"""SQL: which signal an event is; NULL where it is none, as most are."""

_CELLS = {
    "signal": SIGNAL,
    "login": says("event", words.LOGIN),
}


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
        _surprise(recent, _OWN_RATE * recent),
        _feature_depth(recent),
        _depth_change(windows_days[-1]),
        *_signals(),
    )
    lines = _lines(columns)
    rows = _by_feature(lines, recent) if "feature" in columns else lines
    family = Family("activity", "activity", _of_use(rows), features, plain=_of_use(lines), cells=_CELLS)
    return family.with_columns(columns)


def _lines(columns: Sequence[str]) -> str:
    """Activities, with their `age`, and whether they are use."""
    feature = "feature" if "feature" in columns else "CAST(NULL AS VARCHAR)"
    amount = "coalesce(quantity, 1)" if "quantity" in columns else "1"
    return f"""
        SELECT customer_id, occurred_on AS day, date_diff('day', occurred_on, {{as_of}}) AS age, NOT {_IS_SIGNAL} AS used,
            {feature} AS feature, 1 AS times, {amount} AS amount{{cells}}
        FROM {{table}}"""


def _of_use(rows: str) -> str:
    """Rows with `used_on` and `used_ago`, their day and age; empty where they are a signal."""
    return f"SELECT *, CASE WHEN used THEN day END AS used_on, CASE WHEN used THEN age END AS used_ago FROM ({rows}) AS told"


def _by_feature(lines: str, recent: int) -> str:
    """One row per day, feature, and what else is told of an activity.

    `used_before` says how often the row's feature was used before the recent window; `key` is 1 in the last row of the
    feature that was used most by then, the first in the alphabet of several.
    """
    before = f"CASE WHEN feature IS NOT NULL AND used AND age > {recent} THEN times END"
    # Only days are compared: rows of one day and feature say the same.
    return f"""
        SELECT *, row_number() OVER (
            PARTITION BY customer_id ORDER BY used_before DESC NULLS LAST, feature NULLS LAST, age) AS key
        FROM (
            SELECT *, sum({before}) OVER (PARTITION BY customer_id, feature) AS used_before
            FROM (
                SELECT customer_id, day, age, used, feature{{named}}, sum(times) AS times, sum(amount) AS amount
                FROM ({lines}) AS lines GROUP BY customer_id, day, age, used, feature{{named}}) AS by_day) AS counted"""


def _recency() -> list[Feature]:
    return [
        Feature(
            "activity_recency_days", recency("used_on"), "days", "days since the customer last did anything", "距上次活动天数",
            "none", _SOURCE,
        ),
        Feature("login_recency_days", recency("day", "login"), "days", "days since the last login", "距上次登录天数", "none", _SOURCE),
    ]  # fmt: skip


def _window(days: int) -> list[Feature]:
    within = "used_on >= {since}"
    return [
        Feature(
            f"activities_{days}d", f"sum(CASE WHEN {within} THEN times ELSE 0 END)", "events",
            f"things that the customer did in the last {days} days", f"近{days}天活动次数", "none", _SOURCE, days, empty=0,
        ),
        Feature(
            f"active_days_{days}d", days_with("used_ago", days), "days",
            f"days on which the customer did something in the last {days} days", f"近{days}天活跃天数", "none", _SOURCE, days,
            empty=0,
        ),
    ]  # fmt: skip


def _breadth(days: int) -> Feature:
    return Feature(
        f"features_used_{days}d", "count(DISTINCT CASE WHEN used_on >= {since} THEN feature END)", "features",
        f"different features used in the last {days} days", f"近{days}天使用的不同功能数", "value", _SOURCE, days, ("feature",), 0,
    )  # fmt: skip


def _depth_and_change(days: int) -> list[Feature]:
    within = "used_on >= {since}"
    return [
        Feature(
            f"activity_depth_{days}d",
            f"CAST(sum(CASE WHEN {within} THEN amount END) AS DOUBLE)"
            f" / nullif({days_with('used_ago', days)}, 0)",
            "events per active day",
            f"how much the customer did per active day in the last {days} days, by quantity where it is recorded",
            f"近{days}天每个活跃日的使用量", "value", _SOURCE, days,
        ),
        Feature(
            f"activity_change_{days}d_baseline", change("times", days, "used_ago"), "share",
            f"activity of the last {days} days against the customer's own rate before: -1 stopped, 0 the same; -0.5 is a third",
            f"近{days}天活跃度与自身此前水平相比（-1 停止，0 持平，-0.5 为三分之一）", "none", _SOURCE, days,
        ),
        Feature(
            "key_feature_unused_days", recency("day", "key = 1 AND used_before > 0"), "days",
            f"days since the feature was last used that the customer used most until {days} days ago",
            f"此前（{days}天前）最常用功能未使用天数", "value", _SOURCE, needs=("feature",),
        ),
    ]  # fmt: skip


def _surprise(days: int, reach: int) -> Feature:
    """A count against what the own rate before promised: the same drop says more of who came daily than of who came rarely.

    Args:
        days: length of the window.
        reach: over how many days, the window among them, the own rate is looked at.
    """
    now, all_days = days_with("used_ago", days), days_with("used_ago", reach)
    first = f"max(CASE WHEN used_ago IS NOT NULL THEN least(used_ago, {reach}) END)"
    expected = f"(CAST({days} * ({all_days} - {now}) AS DOUBLE) / nullif({first} - {days}, 0))"
    # Half a day more, for who was hardly there before: one day where none was expected isn't infinitely many deviations.
    return Feature(
        f"active_days_{days}d_surprise",
        f"CASE WHEN {first} >= {2 * days} THEN ({now} - {expected}) / sqrt({expected} + 0.5e0) END", "standard deviations",
        f"active days of the last {days} days against those expected by the customer's own rate before, in standard deviations: "
        f"below 0 fewer", f"近{days}天活跃天数与按自身此前水平预期之差（标准差倍数，小于0为偏少）", "none", _EXPECTED, days,
    )  # fmt: skip


def _feature_depth(half_life: int) -> Feature:
    """Amount per use of a feature; sums of whole millionths are exact whatever the order of rows."""
    used, weight = "used_ago IS NOT NULL AND feature IS NOT NULL", f"pow(0.5, used_ago / {half_life}e0)"
    amount, times = (
        f"CAST(sum(CASE WHEN {used} THEN CAST(round(1e6 * CAST({what} AS DOUBLE) * {weight}) AS DECIMAL(38, 0)) END) AS DOUBLE)"
        for what in ("amount", "times")
    )
    return Feature(
        f"feature_depth_decayed_{half_life}d", f"{amount} / nullif({times}, 0)", "quantity per use",
        f"quantity per use of a feature, each use counting half for every {half_life} days back",
        f"每次功能使用的用量（每{half_life}天衰减一半）", "value", _DECAY, half_life, ("feature", "quantity"),
    )  # fmt: skip


def _depth_change(days: int) -> Feature:
    """Amount per use of a feature against the customer's own past; unknown for who used none in the window, or none before."""

    def depth(when: str) -> str:
        amount, times = (
            f"sum(CASE WHEN {when} AND feature IS NOT NULL THEN {what} END)" for what in ("amount", "times")
        )
        return f"(CAST({amount} AS DOUBLE) / {times})"

    now, before = depth(f"used_ago <= {days}"), depth(f"used_ago > {days}")
    return Feature(
        f"feature_depth_change_{days}d_baseline", f"({now} - {before}) / nullif({now} + {before}, 0)", "share",
        f"quantity per use of a feature in the last {days} days against the customer's own before: 0 the same; -0.33 is half",
        f"近{days}天每次功能使用的用量与自身此前相比（0 持平，-0.33 为一半）", "value", _SOURCE, days, ("feature", "quantity"),
    )  # fmt: skip


def _signals() -> list[Feature]:
    def signal(name: str, said: str, en: str, zh: str, cause: Cause) -> Feature:
        return Feature(name, recency("day", f"signal = '{said}'"), "days", en, zh, cause, _SIGNALS)

    return [
        signal("key_contact_changed_days", "contact", "days since the key contact changed", "关键联系人变动后已过天数", "relationship"),
        signal("payment_late_days", "late", "days since a payment was late", "付款逾期后已过天数", "operations"),
        signal("auto_renew_off_days", "renewal", "days since automatic renewal was switched off", "关闭自动续费后已过天数", "none"),
        signal("mail_off_days", "mail", "days since the customer unsubscribed from mails or messages", "退订邮件或短信后已过天数", "value"),
        signal("cancel_asked_days", "leaving", "days since the customer asked or looked how to cancel", "咨询退订后已过天数", "competitor"),
    ]  # fmt: skip

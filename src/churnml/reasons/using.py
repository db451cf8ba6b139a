"""Reasons in what a customer does in the product, and in events that are signals by themselves."""

import numpy as np

from churnml.reasons.facts import Facts, Mask, Numbers
from churnml.reasons.statement import Statement, Topic, before, both, fell, of, own, since

QUIET_DAYS, SILENT_DAYS, WEEKLY = 7, 14, 4
"""A week of silence is worth a word of who was there in every week of a month, two weeks of anybody."""
HALF_A_YEAR = 182
"""Value fades over months, so its first sign may lie further back than what makes customers go at once."""
SHALLOW, FALLEN = -0.2, 2 / 3
"""A use of a feature is a third smaller than before, as a change and as a share."""


def _quiet(facts: Facts) -> Mask:
    days = facts.of("activity_recency_days")
    weekly = facts.before("active_days") >= WEEKLY
    return (days >= SILENT_DAYS) | ((days >= QUIET_DAYS) & weekly)


def _seldom(facts: Facts) -> Mask:
    return (facts.of("active_days_{l}d") >= 1) & (facts.of("active_days_{l}d") <= facts.longest / facts.recent)


def _fewer_features(facts: Facts) -> Mask:
    """Of who still does something: of the others it says nothing that silence doesn't."""
    active = facts.of("activity_recency_days") <= SILENT_DAYS
    return active & (2 * facts.of("features_used_{r}d") <= facts.of("features_used_{l}d"))


def _shallower(facts: Facts) -> Numbers:
    change = facts.of("feature_depth_change_{l}d_baseline")
    return np.asarray(-200 * change / np.where(change < 1, 1 - change, np.nan))


USE = Topic(
    "use",
    (
        "activity_recency_days", "login_recency_days", r"activities_\d+d", r"active_days_\d+d(_surprise)?", r"activity_depth_\d+d", "activity_change_.*",
    ),
    (
        Statement(
            "activity_recency_days", _quiet, {"days": own("activity_recency_days")},
            "no activity for {days} days", "已{days}天未使用",
        ),
        Statement(
            "activity_change_{r}d_baseline", fell("activities", 2.0),
            {"before": before("activities"), "now": own("activities_{r}d")},
            "activities {before} → {now} {month}", "使用 {before}→{now} 次{month}",
        ),
        Statement(
            "active_days_{r}d", fell("active_days", 2.0),
            {"before": before("active_days"), "now": own("active_days_{r}d")},
            "active days {before} → {now} {month}", "活跃天数 {before}→{now} 天{month}",
        ),
        Statement(
            "login_recency_days", of("login_recency_days", least=SILENT_DAYS), {"days": own("login_recency_days")},
            "no login for {days} days", "已{days}天未登录",
        ),
        Statement(
            "active_days_{l}d", of("active_days_{l}d", most=0), {},
            "no activity in the last {longest} days", "近{longest}天未使用",
        ),
        Statement(
            "active_days_{l}d", _seldom, {"count": own("active_days_{l}d")},
            "active on {count} of the last {longest} days", "近{longest}天仅有{count}天活跃",
        ),
    ),
)  # fmt: skip

FEATURES = Topic(
    "features",
    (r"features_used_\d+d", "key_feature_unused_days"),
    (
        Statement(
            "key_feature_unused_days",
            both(lambda facts: facts.of("key_feature_unused_days") >= facts.recent, of("activity_recency_days", most=SILENT_DAYS)),
            {"days": own("key_feature_unused_days")},
            "the feature they used most hasn't been used for {days} days", "此前最常用的功能已{days}天未使用",
        ),
        Statement(
            "features_used_{r}d", both(_fewer_features, of("features_used_{l}d", least=2)),
            {"now": own("features_used_{r}d"), "before": own("features_used_{l}d")},
            "different features used: {now} in {recent} days, {before} in {longest} days", "使用的功能：近{recent}天{now}个，近{longest}天{before}个",
        ),
    ),
)  # fmt: skip

DEPTH = Topic(
    "depth",
    ("feature_depth_.*",),
    (
        Statement(
            "feature_depth_change_{l}d_baseline", of("feature_depth_change_{l}d_baseline", most=SHALLOW), {"percent": _shallower},
            "does {percent} % less with each use of a feature than before", "每次使用功能的用量比此前少 {percent}%",
        ),
    ),
)  # fmt: skip

LAST_USES = Topic(
    "last_uses",
    ("(last|earlier)_uses_quantity", "feature_last_used_days"),
    (
        Statement(
            "last_uses_quantity", lambda facts: facts.depth_lately <= FALLEN, {"percent": lambda facts: 100 * (1 - facts.depth_lately)},
            "did {percent} % less with each of their last uses of features than before", "最近每次使用功能的用量比更早少 {percent}%", "value",
        ),
    ),
    learned=False,
)  # fmt: skip

SIGNALS = (
    since("key_contact", "key_contact_changed_days", "key contact changed {days} days ago", "关键联系人{days}天前变动"),
    since("late_payment", "payment_late_days", "a payment was late {days} days ago", "{days}天前付款逾期"),
    since(
        "auto_renew_off",
        "auto_renew_off_days",
        "automatic renewal switched off {days} days ago",
        "{days}天前关闭自动续费",
    ),
    since(
        "mail_off", "mail_off_days", "unsubscribed from mails {days} days ago", "{days}天前退订邮件或短信", HALF_A_YEAR
    ),
    since(
        "asked_to_cancel",
        "cancel_asked_days",
        "asked or looked how to cancel {days} days ago",
        "{days}天前咨询或查看退订",
    ),
)

USING = (USE, FEATURES, DEPTH, LAST_USES, *SIGNALS)

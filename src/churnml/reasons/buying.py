"""Reasons in what a customer buys."""

import numpy as np

from churnml.reasons.facts import Facts, Mask
from churnml.reasons.statement import Statement, Topic, before, both, of, own, percent

LATE, QUIET_DAYS = 1.5, 7
"""Silence is worth a word from so many usual gaps on, and from so many days."""
CLEAR = 0.05
"""By how much a share must have moved."""


def _late(facts: Facts) -> Mask:
    silence = facts.of("recency_days")
    return (silence >= QUIET_DAYS) & (silence >= LATE * facts.of("gap_mean_days"))


def _over_usual(facts: Facts) -> Mask:
    silence = facts.of("recency_days")
    return (silence >= QUIET_DAYS) & (silence > facts.of("gap_mean_days"))


def _stopped(facts: Facts) -> Mask:
    return (facts.of("recency_days") > facts.recent) & (facts.of("spend_{l}d") > 0)


def _slower(facts: Facts) -> Mask:
    return facts.fell("purchase_days", 1.5) & (facts.of("purchase_days_{r}d") >= 1)


def _seldom(facts: Facts) -> Mask:
    """Monthly at most, and lately no more often than that; bills of a contract come monthly, and silence says as much."""
    count, months = facts.of("purchase_days_{l}d"), facts.longest / facts.recent
    seldom = (count >= 1) & (count <= months) & ~(facts.of("purchase_days_{r}d") > count / months)
    silent = _late(facts) | _over_usual(facts) | _stopped(facts) | (facts.of("bought_once") >= 1)
    return np.asarray(seldom & ~silent & ~(facts.of("contracts_running") > 0))


def _less(facts: Facts) -> Mask:
    return facts.fell("spend", 1.0) & (facts.of("spend_{r}d") > 0)


def _basket_fell(facts: Facts) -> Mask:
    before, now = facts.of("basket_spend_{l}d"), facts.of("basket_spend_{r}d")
    return (now > 0) & (now <= before * 2 / 3)


def _cheaper(facts: Facts) -> Mask:
    return facts.of("discount_share_{r}d") >= facts.of("discount_share_{l}d") + CLEAR


_SILENT = {"days": own("recency_days"), "gap": own("gap_mean_days")}

SILENCE = Topic(
    "silence",
    (
        "recency_days", "overdue_.*", "due_days", "gaps_longer_share", "silence_share_of_tenure", "bought_once", "second_purchase_days",
        "comeback.*",
    ),
    (
        Statement("overdue_ratio", _late, _SILENT, "no purchase for {days} days, usually one every {gap} days", "已{days}天未购买，平时约{gap}天一次"),
        Statement(
            "bought_once", of("bought_once", least=1), {"days": own("recency_days")},
            "the only purchase in sight was {days} days ago", "可查记录中仅购买过一次（{days}天前）",
        ),
        Statement(
            "recency_days", _stopped, {"days": own("recency_days"), "spent": own("spend_{l}d")},
            "no purchase for {days} days, spent {spent} {currency} in {longest} days", "已{days}天未购买，近{longest}天消费 {spent} {currency}",
        ),
        Statement("recency_days", _over_usual, _SILENT, "last purchase {days} days ago, usually one every {gap} days", "距上次购买{days}天，平时约{gap}天一次"),
    ),
)  # fmt: skip

PACE = Topic(
    "pace",
    (
        r"(purchase_days|orders|items)_\d+d", r"purchase_days_decayed_\d+d", "gap_.*", r"active_parts_\d+d", "purchase_days_(change|slope)_.*",
    ),
    (
        Statement(
            "purchase_days_change_{r}d_before", _slower,
            {"before": before("purchase_days"), "now": own("purchase_days_{r}d")},
            "days with a purchase {before} → {now} {month}", "购买天数 {before}→{now} 天{month}",
        ),
        Statement(
            "purchase_days_{l}d", of("purchase_days_{l}d", most=0), {},
            "no purchase in the last {longest} days", "近{longest}天无购买",
        ),
        Statement(
            "purchase_days_{l}d", _seldom, {"count": own("purchase_days_{l}d")},
            "bought on {count} of the last {longest} days", "近{longest}天仅有{count}天购买",
        ),
    ),
)  # fmt: skip

SPEND = Topic(
    "spend",
    (r"spend_\d+d", r"spend_decayed_\d+d", "spend_(change|slope)_.*"),
    (
        Statement(
            "spend_change_{r}d_before", _less, {"before": before("spend"), "now": own("spend_{r}d")},
            "spend {before} → {now} {currency} {month}", "消费 {before}→{now} {currency}{month}",
        ),
    ),
)  # fmt: skip

BASKET = Topic(
    "basket",
    ("last_basket_ratio", "spend_per_purchase_day", r"basket_(spend|items)_\d+d"),
    (
        Statement(
            "basket_spend_{r}d", _basket_fell,
            {"before": own("basket_spend_{l}d"), "now": own("basket_spend_{r}d")},
            "spend per purchase day {now} {currency} lately, {before} in {longest} days",
            "近期每个购买日消费 {now} {currency}，近{longest}天平均 {before} {currency}",
        ),
        Statement(
            "last_basket_ratio", of("last_basket_ratio", most=2 / 3),
            {"percent": percent("last_basket_ratio")},
            "last basket {percent} % of the usual one", "最近一次消费仅为平时的 {percent}%",
        ),
    ),
)  # fmt: skip

RANGE = Topic(
    "range",
    (r"(products|categories|channels)_\d+d",),
    tuple(
        Statement(
            f"{what}_{{l}}d", both(of(f"{what}_{{l}}d", least=1, most=2), of("purchase_days_{l}d", least=3)),
            {"count": own(f"{what}_{{l}}d")},
            f"different {what} bought in {{longest}} days: {{count}}", f"近{{longest}}天购买的{zh}：{{count}}",
        )
        for what, zh in (("categories", "品类数"), ("products", "商品数"))
    ),
)  # fmt: skip

REFUNDS = Topic(
    "refunds",
    (r"refunds_\d+d", r"refund_share_\d+d"),
    tuple(
        Statement(
            f"refunds_{{{window}}}d", of(f"refunds_{{{window}}}d", least=1),
            {"count": own(f"refunds_{{{window}}}d")},
            f"refunds in {{{days}}} days: {{count}}", f"近{{{days}}}天退款 {{count}} 次",
        )
        for window, days in (("r", "recent"), ("l", "longest"))
    ),
)  # fmt: skip

DISCOUNTS = Topic(
    "discounts",
    (r"discount_share_\d+d",),
    (
        Statement(
            "discount_share_{r}d", _cheaper,
            {"now": percent("discount_share_{r}d"), "before": percent("discount_share_{l}d")},
            "bought at {now} % off lately, {before} % in {longest} days", "近期购买平均优惠 {now}%，近{longest}天平均 {before}%",
        ),
        Statement(
            "discount_share_{l}d", of("discount_share_{l}d", least=0.25), {"now": percent("discount_share_{l}d")},
            "bought at {now} % off in {longest} days", "近{longest}天购买平均优惠 {now}%",
        ),
    ),
)  # fmt: skip

BUYING = (SILENCE, PACE, SPEND, BASKET, RANGE, REFUNDS, DISCOUNTS)

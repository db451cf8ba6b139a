"""Recency, frequency, money: how lately, how often and for how much a customer buys."""

from collections.abc import Sequence

from churnml.features.days import DAYS
from churnml.features.entry import Family, Feature
from churnml.features.measures import days_with, recency

_SOURCE = "recency, frequency, monetary value (Hughes 1994)"
_WINDOWS = "recency, frequency, monetary value (Hughes 1994), counted in several windows"

_DECAY = "exponentially weighted past (Gupta and Lehmann 2008 on recency-weighted frequency)"


def rfm(windows_days: Sequence[int], columns: Sequence[str]) -> Family:
    """The family over days with transactions; a purchase day has at least one row that is no refund.

    Args:
        windows_days: lookback windows.
        columns: columns that the transactions table has.
    """
    middle = windows_days[len(windows_days) // 2]
    features = [
        *_whole_history(),
        *(feature for days in windows_days for feature in _window(days)),
        *(feature for days in dict.fromkeys((middle, windows_days[-1])) for feature in _baskets(days)),
        *(feature for days in windows_days for feature in _decayed(days)),
    ]
    return Family("rfm", "transactions", DAYS, tuple(features)).with_columns(columns)


def _whole_history() -> list[Feature]:
    # No counts and sums over all history: they grow with the data, so a later cutoff looks like nothing in training.
    return [
        Feature(
            "recency_days", recency("bought_on"), "days",
            "days since the last purchase", "距上次购买天数", "none", _SOURCE,
        ),
        Feature(
            "spend_per_purchase_day",
            "CAST(sum(spend) AS DOUBLE) / nullif(count(bought_on), 0)", "currency",
            "money spent per day with a purchase", "每个购买日平均消费", "none", _SOURCE,
        ),
        Feature(
            "last_basket_ratio",
            "CAST(max_by(bought, bought_on) AS DOUBLE) / nullif(CAST(sum(bought) AS DOUBLE) / count(bought_on), 0)", "ratio",
            "money spent on the last purchase day against the usual", "最近购买日消费与平均之比", "none", _SOURCE,
        ),
    ]  # fmt: skip


def _window(days: int) -> list[Feature]:
    within = "day >= {since}"
    return [
        Feature(
            f"purchase_days_{days}d", days_with("bought_ago", days), "days",
            f"days with a purchase in the last {days} days", f"近{days}天购买天数", "none", _WINDOWS, days, empty=0,
        ),
        Feature(
            f"orders_{days}d", f"coalesce(sum(CASE WHEN {within} THEN orders END), 0)", "orders",
            f"orders in the last {days} days", f"近{days}天订单数", "none", _WINDOWS, days, ("order_id",), 0,
        ),
        Feature(
            f"spend_{days}d", f"CAST(coalesce(sum(CASE WHEN {within} THEN spend END), 0) AS DOUBLE)", "currency",
            f"money spent in the last {days} days, refunds taken off", f"近{days}天消费金额（扣除退款）", "none",
            _WINDOWS, days, empty=0,
        ),
        Feature(
            f"items_{days}d", f"CAST(coalesce(sum(CASE WHEN {within} THEN items END), 0) AS DOUBLE)", "items",
            f"items bought in the last {days} days", f"近{days}天购买件数", "none", _WINDOWS, days, ("quantity",), 0,
        ),
        Feature(
            f"discount_share_{days}d",
            f"CAST(sum(CASE WHEN {within} THEN discount END) AS DOUBLE)"
            f" / nullif(CAST(sum(CASE WHEN {within} THEN bought + discount END) AS DOUBLE), 0)", "share",
            f"share of the full price of purchases that was taken off in the last {days} days", f"近{days}天折扣占比", "competitor",
            _WINDOWS, days, ("discount",),
        ),
    ]  # fmt: skip


def _baskets(days: int) -> list[Feature]:
    """What a purchase day looks like, and what of it comes back."""
    within, bought = "day >= {since}", days_with("bought_ago", days)
    return [
        Feature(
            f"basket_spend_{days}d", f"CAST(sum(CASE WHEN {within} THEN bought END) AS DOUBLE) / nullif({bought}, 0)", "currency",
            f"money spent per purchase day in the last {days} days", f"近{days}天每购买日消费", "none", _WINDOWS, days,
        ),
        Feature(
            f"basket_items_{days}d", f"CAST(sum(CASE WHEN {within} THEN items END) AS DOUBLE) / nullif({bought}, 0)", "items",
            f"items per purchase day in the last {days} days", f"近{days}天每购买日件数", "none", _WINDOWS, days, ("quantity",),
        ),
        Feature(
            f"refunds_{days}d", f"coalesce(sum(CASE WHEN {within} THEN refunds END), 0)", "refunds",
            f"refunds in the last {days} days", f"近{days}天退款次数", "service", _WINDOWS, days, empty=0,
        ),
        Feature(
            f"refund_share_{days}d",
            f"CAST(sum(CASE WHEN {within} THEN coalesce(bought, 0) - spend END) AS DOUBLE)"
            f" / nullif(CAST(sum(CASE WHEN {within} THEN bought END) AS DOUBLE), 0)", "share",
            f"money refunded as a share of money spent in the last {days} days", f"近{days}天退款金额占比", "service", _WINDOWS,
            days,
        ),
    ]  # fmt: skip


def _decayed(half_life: int) -> list[Feature]:
    """The past, each purchase day counting half as much for every half-life that it lies back.

    What a day counts is rounded to a whole number of millionths, so that sums are exact whatever the order of rows.
    """
    counted = f"CAST(round(1e6 * {{}} * pow(0.5, age / {half_life}e0)) AS DECIMAL(38, 0))"
    return [
        Feature(
            f"purchase_days_decayed_{half_life}d",
            f"coalesce(sum(CASE WHEN purchases > 0 THEN {counted.format(1)} END), 0) / 1e6", "days",
            f"days with a purchase, counting half for every {half_life} days back", f"购买天数（每{half_life}天衰减一半）", "none",
            _DECAY, half_life, empty=0,
        ),
        Feature(
            f"spend_decayed_{half_life}d",
            f"coalesce(CAST(sum({counted.format('CAST(spend AS DOUBLE)')}) AS DOUBLE), 0) / 1e6", "currency",
            f"money spent, counting half for every {half_life} days back", f"消费金额（每{half_life}天衰减一半）", "none",
            _DECAY, half_life, empty=0,
        ),
    ]  # fmt: skip

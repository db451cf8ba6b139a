"""Recency, frequency, money: how lately, how often and for how much a customer buys."""

from collections.abc import Sequence

from churnml.contracts.tables import TRANSACTIONS
from churnml.features.entry import Family, Feature

_SOURCE = "recency, frequency, monetary value (Hughes 1994)"
_WINDOWS = "recency, frequency, monetary value (Hughes 1994), counted in several windows"

_PURCHASE_DAYS = """
    SELECT customer_id, occurred_on AS day,
        count(CASE WHEN {alive} THEN 1 END) AS purchases,
        {orders} AS orders, sum(amount) AS spend, {items} AS items, {discount} AS discount
    FROM {table} GROUP BY customer_id, occurred_on"""


def rfm(windows_days: Sequence[int], columns: Sequence[str]) -> Family:
    """The family over days with transactions; a purchase day has at least one row that is no refund.

    Args:
        windows_days: lookback windows.
        columns: columns that the transactions table has.
    """
    optional = {
        "orders": ("order_id", f"count(DISTINCT CASE WHEN {TRANSACTIONS.alive} THEN order_id END)"),
        "items": ("quantity", "sum(quantity)"),
        "discount": ("discount", "sum(discount)"),
    }
    filled = {name: sql if column in columns else "NULL" for name, (column, sql) in optional.items()}
    rows = _PURCHASE_DAYS.format(table="{table}", alive=TRANSACTIONS.alive, **filled)
    features = [*_whole_history(), *(feature for days in windows_days for feature in _window(days))]
    return Family("rfm", "transactions", rows, tuple(features)).with_columns(columns)


def _whole_history() -> list[Feature]:
    # No counts and sums over all history: they grow with the data, so a later cutoff looks like nothing in training.
    return [
        Feature(
            "recency_days", "date_diff('day', max(CASE WHEN purchases > 0 THEN day END), {as_of})", "days",
            "days since the last purchase", "距上次购买天数", "value", _SOURCE,
        ),
        Feature(
            "spend_per_purchase_day",
            "CAST(sum(spend) AS DOUBLE) / nullif(count(CASE WHEN purchases > 0 THEN 1 END), 0)", "currency",
            "money spent per day with a purchase", "每个购买日平均消费", "value", _SOURCE,
        ),
    ]  # fmt: skip


def _window(days: int) -> list[Feature]:
    within = "day >= {since}"
    return [
        Feature(
            f"purchase_days_{days}d", f"count(CASE WHEN {within} AND purchases > 0 THEN 1 END)", "days",
            f"days with a purchase in the last {days} days", f"近{days}天购买天数", "value", _WINDOWS, days, empty=0,
        ),
        Feature(
            f"orders_{days}d", f"coalesce(sum(CASE WHEN {within} THEN orders END), 0)", "orders",
            f"orders in the last {days} days", f"近{days}天订单数", "value", _WINDOWS, days, ("order_id",), 0,
        ),
        Feature(
            f"spend_{days}d", f"CAST(coalesce(sum(CASE WHEN {within} THEN spend END), 0) AS DOUBLE)", "currency",
            f"money spent in the last {days} days, refunds taken off", f"近{days}天消费金额（扣除退款）", "value",
            _WINDOWS, days, empty=0,
        ),
        Feature(
            f"items_{days}d", f"CAST(coalesce(sum(CASE WHEN {within} THEN items END), 0) AS DOUBLE)", "items",
            f"items bought in the last {days} days", f"近{days}天购买件数", "value", _WINDOWS, days, ("quantity",), 0,
        ),
        Feature(
            f"discount_share_{days}d",
            f"CAST(sum(CASE WHEN {within} THEN discount END) AS DOUBLE)"
            f" / nullif(CAST(sum(CASE WHEN {within} THEN spend + discount END) AS DOUBLE), 0)", "share",
            f"share of the full price that was taken off in the last {days} days", f"近{days}天折扣占比", "competitor",
            _WINDOWS, days, ("discount",),
        ),
    ]  # fmt: skip

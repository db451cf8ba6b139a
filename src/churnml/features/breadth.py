"""How widely a customer buys: different products, categories and channels. Who buys in one corner only leaves easily."""

from collections.abc import Sequence

from churnml.contracts.tables import TRANSACTIONS
from churnml.features.entry import Family, Feature

_SOURCE = "cross-buying and multichannel shopping go with longer lifetimes (Reinartz and Kumar 2003)"

_KINDS = {
    "product": ("different products", "不同商品数"),
    "category": ("different categories", "不同品类数"),
    "channel": ("different shops or channels", "不同渠道数"),
}
_NAMES = {"product": "products", "category": "categories", "channel": "channels"}


def breadth(windows_days: Sequence[int]) -> Family:
    """The family over purchased lines; refunds widen nothing.

    Args:
        windows_days: lookback windows; those from the middle on are used, in shorter ones breadth is just frequency.
    """
    features = [
        Feature(
            f"{_NAMES[column]}_{days}d", f"count(DISTINCT CASE WHEN day >= {{since}} THEN {column} END)", _NAMES[column],
            f"{en} bought in the last {days} days", f"近{days}天购买的{zh}", "value", _SOURCE, days, (column,), 0,
        )
        for days in windows_days[len(windows_days) // 2 :]
        for column, (en, zh) in _KINDS.items()
    ]  # fmt: skip
    rows = f"SELECT *, occurred_on AS day FROM {{table}} WHERE {TRANSACTIONS.alive} AND occurred_on >= {{since}}"
    return Family("breadth", "transactions", rows, tuple(features))

"""Why customers say that they go, in the notices that they gave: told with the snapshots, never learned from.

Whoever gave notice is what is predicted, so nothing of it is in the catalog and no model sees it. But where leaving is another thing, such
as silence, they are on lists for weeks after it, and nobody knows the cause better.
"""

from collections.abc import Collection

from churnml.contracts.tables import CANCELLATIONS
from churnml.features.entry import Cause, Family, Feature
from churnml.features.measures import recency
from churnml.features.voice import mentions
from churnml.features.words import listed, says

_SOURCE = "reasons of cancellations (practice of customer-success teams: ask leavers why)"

_REASONS: dict[Cause, tuple[str, str, tuple[str, ...]]] = {
    "service": ("service", "服务", listed("""
        service, support, poor service, bad service, slow service, slow support, bad support, poor support, slow answers, slow response, unresolved issues, unresolved tickets,
        服务, 售后, 服务问题, 售后问题, 响应慢, 问题未解决
    """)),
    "value": ("little use for it", "用处不大、不再需要", listed("""
        not used enough, not used, not using it, low usage, no need, not needed, no longer needed, need changed, no longer relevant, missing features,
        missing functionality, too complicated, 使用少, 用得少, 不常用, 不用了, 不需要, 不再需要, 需求变化, 功能不足, 功能缺失
    """)),
    "competitor": ("prices or other providers", "价格或同行", listed("""
        other provider, another provider, competitor, competition, switched, switched provider, price, pricing, cost, costs, too expensive, budget,
        价格, 太贵, 成本, 预算, 更换供应商, 换供应商, 竞争对手, 竞品
    """)),
    "operations": ("bills or wrong data", "账单或数据出错", listed("""
        wrong data or bills, wrong bills, wrong data, billing, billing issues, billing error, invoice error, data errors, 账单, 账单问题, 账单错误, 数据错误, 数据或账单错误
    """)),
    "relationship": ("nobody looking after them", "无人联系", listed("""
        no contact, no contact person, no follow up, no account manager, poor relationship, 无人联系, 无人跟进, 缺少跟进, 关系维护不足
    """)),
}  # fmt: skip
"""By cause: what a notice names, in both languages, and cells that say so; beside them the sentences that texts are searched for."""


def notices(columns: Collection[str]) -> Family:
    """The family over cancellations.

    Args:
        columns: that the cancellations table has.
    """
    there = [name for name in ("reason", "text") if name in columns]
    features = tuple(
        Feature(
            f"notice_about_{cause}_days",
            recency(CANCELLATIONS.day, " OR ".join(_names(name, cause, words) for name in there)), "days",
            f"days since the customer last gave {en} as the reason of a notice", f"距客户最近一次以{zh}为由退订的天数", cause, _SOURCE,
        )
        for cause, (en, zh, words) in _REASONS.items()
    )  # fmt: skip
    return Family("notices", CANCELLATIONS.name, "SELECT * FROM {table}", features if there else ())


def _names(column: str, cause: Cause, words: tuple[str, ...]) -> str:
    """SQL: a cell is one of the words, or holds a complaint of this cause."""
    return f"({says(column, words)} OR {mentions(column, cause)})"

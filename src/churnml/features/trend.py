"""Up or down: this window against the one before and the same one a year ago, and the slope over the longest."""

from collections.abc import Sequence

from churnml.features.days import DAYS
from churnml.features.entry import Family, Feature
from churnml.features.measures import days_with

_SOURCE = (
    "change against the customer's own past (practice of customer-success teams: orders against the 3 months before)"
)
_SLOPE = "least-squares slope over equal parts of the longest window"

YEAR_DAYS = 364
"""52 weeks: the same days of the week, so that a weekly rhythm doesn't look like a change."""

PARTS = 4


def trend(windows_days: Sequence[int], reach_days: int) -> Family:
    """The family over purchase days; `bought_ago` counts days back from as_of, yesterday is 1. Refunds are left to rfm.

    Args:
        windows_days: lookback windows; each is compared where features reach back far enough.
        reach_days: how far back any feature looks.
    """
    before = [days for days in windows_days if 2 * days <= reach_days]
    year_ago = [days for days in windows_days if days >= 28 and YEAR_DAYS + 2 * days <= reach_days]
    features = [
        feature for days in before for feature in _against(days, days, "before", "the {} days before", "前{}天")
    ]
    features += [
        feature
        for days in year_ago
        for feature in _against(days, YEAR_DAYS, "year", "the same days a year ago", "去年同期")
    ]
    return Family("trend", "transactions", DAYS, (*features, *_slopes(windows_days[-1])))


def _against(days: int, back: int, word: str, en: str, zh: str) -> list[Feature]:
    """(now - then) / (now + then): -1 stopped, 0 as before, 1 new. Unknown for who wasn't a customer yet."""
    now, then = f"bought_ago <= {days}", f"bought_ago > {back} AND bought_ago <= {back + days}"
    was_there = f"max(bought_ago) >= {back + days}" if word == "year" else f"max(bought_ago) > {days}"

    def spent(window: str) -> str:
        return f"sum(CASE WHEN {window} THEN bought ELSE 0 END)"

    measures = {
        "purchase_days": (
            days_with("bought_ago", days),
            days_with("bought_ago", days, back),
            "days with a purchase",
            "购买天数",
        ),
        "spend": (spent(now), spent(then), "money spent", "消费金额"),
    }
    return [
        Feature(
            f"{name}_change_{days}d_{word}",
            f"CASE WHEN {was_there} THEN CAST({now} - {then} AS DOUBLE) / nullif(CAST({now} + {then} AS DOUBLE), 0) END",
            "share",
            f"{en_measure} in the last {days} days against {en.format(days)}: -1 stopped, 0 the same, 1 began",
            f"近{days}天{zh_measure}与{zh.format(days)}相比（-1 停止，0 持平，1 新增）",
            "none", _SOURCE, days,
        )
        for name, (now, then, en_measure, zh_measure) in measures.items()
    ]  # fmt: skip


def _slopes(longest: int) -> list[Feature]:
    """Slope over the parts, per part and relative to the mean part; exact sums, so that the order of rows is nothing."""
    part = max(longest // PARTS, 1)
    # Parts count back from as_of: 0 is the newest. Twice the distance from the middle keeps the weights whole.
    weight = f"({PARTS - 1} - 2 * ((bought_ago - 1) // {part}))"
    spread = sum((PARTS - 1 - 2 * number) ** 2 for number in range(PARTS))
    within = f"bought_ago <= {PARTS * part}"
    measures = {
        "purchase_days": ("1", "days with a purchase", "购买天数"),
        "spend": ("bought", "money spent", "消费金额"),
    }
    return [
        Feature(
            f"{name}_slope_{longest}d",
            f"CAST({2 * PARTS} * sum(CASE WHEN {within} THEN {weight} * {sql} END) AS DOUBLE)"
            f" / nullif(CAST({spread} * sum(CASE WHEN {within} THEN {sql} END) AS DOUBLE), 0)",
            "share per part",
            f"slope of {en} over the {PARTS} quarters of the last {longest} days, as a share of the mean quarter",
            f"近{longest}天{zh}的趋势斜率（相对均值）",
            "none", _SLOPE, longest,
        )
        for name, (sql, en, zh) in measures.items()
    ]  # fmt: skip

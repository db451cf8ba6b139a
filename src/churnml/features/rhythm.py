"""A customer's own rhythm: the gaps between purchase days, and silence measured against them."""

from collections.abc import Sequence

from churnml.features.days import DAYS
from churnml.features.entry import Family, Feature

_SOURCE = "inter-purchase times (Platzer and Reutterer 2016: regularity tells who is overdue)"

_SILENCE = "min(bought_ago)"

PARTS = 16
"""Into how many parts the longest window is cut to see in how many of them something was bought."""


def rhythm(windows_days: Sequence[int]) -> Family:
    """The family over purchase days; `gap` is the number of days since the purchase day before.

    Args:
        windows_days: lookback windows; recent gaps are looked at in those from the middle on.
    """
    recent = windows_days[len(windows_days) // 2 :]
    features = (*_gaps(), *(feature for days in recent for feature in _recent_gaps(days)), *_overdue(recent[-1]))
    return Family("rhythm", "transactions", DAYS, features)


def _mean(gap: str) -> str:
    return f"CAST(sum({gap}) AS DOUBLE) / nullif(count({gap}), 0)"


def _spread(gap: str) -> str:
    # Sums of whole numbers are exact: the spread is the same to the bit whatever the order of rows.
    squares = f"CAST(count({gap}) * sum({gap} * {gap}) - sum({gap}) * sum({gap}) AS DOUBLE)"
    return f"sqrt({squares} / nullif(CAST(count({gap}) * (count({gap}) - 1) AS DOUBLE), 0))"


def _gaps() -> list[Feature]:
    return [
        Feature("gap_mean_days", _mean("gap"), "days", "usual number of days between purchases", "平均购买间隔天数", "none", _SOURCE),
        Feature(
            "gap_median_days", "quantile_cont(gap, 0.5)", "days", "median number of days between purchases", "购买间隔中位数（天）",
            "none", _SOURCE,
        ),
        Feature(
            "gap_spread_days", _spread("gap"), "days", "standard deviation of the days between purchases", "购买间隔标准差",
            "none", _SOURCE,
        ),
        Feature("gap_max_days", "max(gap)", "days", "longest gap between purchases in the reach of features", "最长购买间隔天数", "none", _SOURCE),
        Feature(
            "gap_last_days", "date_diff('day', max(before), max(bought_on))", "days", "days between the last two purchases", "最近一次购买间隔天数",
            "none", _SOURCE,
        ),
    ]  # fmt: skip


def _recent_gaps(days: int) -> list[Feature]:
    """Gaps that ended in the window."""
    gap = "CASE WHEN day >= {since} THEN gap END"
    return [
        Feature(
            f"gap_mean_{days}d_days", _mean(gap), "days", f"usual number of days between purchases in the last {days} days",
            f"近{days}天平均购买间隔", "none", _SOURCE, days,
        ),
        Feature(
            f"gap_spread_{days}d_days", _spread(gap), "days",
            f"standard deviation of the days between purchases in the last {days} days", f"近{days}天购买间隔标准差", "none",
            _SOURCE, days,
        ),
        Feature(
            f"gap_max_{days}d_days", f"max({gap})", "days", f"longest gap between purchases that ended in the last {days} days",
            f"近{days}天最长购买间隔", "none", _SOURCE, days,
        ),
        Feature(
            f"gap_trend_{days}d_ratio", f"{_mean(gap)} / nullif({_mean('gap')}, 0)", "ratio",
            f"days between purchases in the last {days} days, against the usual number: above 1 it slows down",
            f"近{days}天购买间隔与平均间隔之比（大于1表示变慢）", "none", _SOURCE, days,
        ),
    ]  # fmt: skip


def _overdue(longest: int) -> list[Feature]:
    """Silence, against the customer's own gaps."""
    return [
        Feature(
            f"active_parts_{longest}d",
            f"count(DISTINCT CASE WHEN bought_ago <= {longest} THEN (bought_ago - 1) * {PARTS} // {longest} END)", "parts",
            f"in how many of {PARTS} equal parts of the last {longest} days something was bought",
            f"近{longest}天均分{PARTS}段中有购买的段数", "none", _SOURCE, longest, empty=0,
        ),
        Feature(
            "overdue_ratio", f"{_SILENCE} / nullif({_mean('gap')}, 0)", "ratio",
            "silence divided by the usual days between purchases", "沉默天数与平均购买间隔之比", "none", _SOURCE,
        ),
        Feature(
            "overdue_spreads", f"({_SILENCE} - {_mean('gap')}) / nullif({_spread('gap')}, 0)", "standard deviations",
            "how many standard deviations the silence exceeds the usual gap", "沉默超出平均间隔的标准差倍数", "none",
            _SOURCE,
        ),
        Feature(
            "due_days", f"{_mean('gap')} - {_SILENCE}", "days",
            "days until the next purchase is expected, by the usual gap; negative: overdue", "距预计下次购买天数（负数为逾期）",
            "none", _SOURCE,
        ),
        Feature(
            "gaps_longer_share", "CAST(count(CASE WHEN gap > silence THEN 1 END) AS DOUBLE) / nullif(count(gap), 0)", "share",
            "share of the customer's own gaps that were longer than the silence now", "历史间隔中长于当前沉默期的比例", "none",
            _SOURCE,
        ),
    ]  # fmt: skip

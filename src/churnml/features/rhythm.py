"""A customer's own rhythm: the gaps between purchase days, and silence measured against them."""

from collections.abc import Sequence

from churnml.contracts.tables import TRANSACTIONS
from churnml.features.entry import Family, Feature

_SOURCE = "inter-purchase times (Platzer and Reutterer 2016: regularity tells who is overdue)"

_PURCHASE_DAYS = f"""
    SELECT customer_id, day, date_diff('day', lag(day) OVER (PARTITION BY customer_id ORDER BY day), day) AS gap
    FROM (SELECT DISTINCT customer_id, occurred_on AS day FROM {{table}} WHERE {TRANSACTIONS.alive}) AS bought"""

_SILENCE = "date_diff('day', max(day), {as_of})"
_MEAN = "CAST(sum(gap) AS DOUBLE) / nullif(count(gap), 0)"
# Sums of whole numbers are exact: the spread is the same to the bit whatever the order of rows.
_SPREAD = (
    "sqrt(CAST(count(gap) * sum(gap * gap) - sum(gap) * sum(gap) AS DOUBLE)"
    " / nullif(CAST(count(gap) * (count(gap) - 1) AS DOUBLE), 0))"
)


def rhythm(windows_days: Sequence[int]) -> Family:
    """The family over purchase days; `gap` is the number of days since the purchase day before.

    Args:
        windows_days: lookback windows; the longest one is used for recent gaps.
    """
    longest = windows_days[-1]
    recent = "CASE WHEN day >= {since} THEN gap END"
    features = (
        Feature(
            "gap_mean_days", _MEAN, "days", "usual number of days between purchases", "平均购买间隔天数", "value", _SOURCE,
        ),
        Feature(
            "gap_spread_days", _SPREAD, "days", "standard deviation of the days between purchases", "购买间隔标准差",
            "value", _SOURCE,
        ),
        Feature("gap_max_days", "max(gap)", "days", "longest silence in the reach of features", "最长购买间隔天数", "value", _SOURCE),
        Feature(
            "gap_last_days", "max_by(gap, day)", "days", "days between the last two purchases", "最近一次购买间隔天数",
            "value", _SOURCE,
        ),
        Feature(
            f"gap_mean_{longest}d_days", f"CAST(sum({recent}) AS DOUBLE) / nullif(count({recent}), 0)", "days",
            f"usual number of days between purchases in the last {longest} days", f"近{longest}天平均购买间隔", "value",
            _SOURCE, longest,
        ),
        Feature(
            f"gap_max_{longest}d_days", f"max({recent})", "days", f"longest silence in the last {longest} days",
            f"近{longest}天最长购买间隔", "value", _SOURCE, longest,
        ),
        Feature(
            "overdue_ratio", f"{_SILENCE} / nullif({_MEAN}, 0)", "ratio",
            "silence divided by the usual days between purchases", "沉默天数与平均购买间隔之比", "value", _SOURCE,
        ),
        Feature(
            "overdue_spreads", f"({_SILENCE} - {_MEAN}) / nullif({_SPREAD}, 0)", "standard deviations",
            "how many standard deviations the silence exceeds the usual gap", "沉默超出平均间隔的标准差倍数", "value",
            _SOURCE,
        ),
    )  # fmt: skip
    return Family("rhythm", "transactions", _PURCHASE_DAYS, features)

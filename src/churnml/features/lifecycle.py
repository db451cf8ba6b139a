"""Where in its life a customer is: new, back after a long silence, or long gone quiet."""

from collections.abc import Sequence

from churnml.features.days import DAYS
from churnml.features.entry import Family, Feature

_SOURCE = "customer lifetime (Fader, Hardie and Lee 2005: T and t_x)"
_BACK = "reactivation (customer lifecycle in practice: new, growing, back, silent)"


def lifecycle(windows_days: Sequence[int]) -> Family:
    """The family over purchase days. A silence longer than the longest window and then a purchase is a comeback.

    Args:
        windows_days: lookback windows.
    """
    longest = windows_days[-1]
    back = f"CASE WHEN gap > {longest}"
    features = (
        Feature(
            "silence_share_of_tenure",
            "CAST(min(bought_ago) AS DOUBLE) / max(bought_ago)", "share",
            "days since the last purchase as a share of those since the first that features can see", "沉默天数占客户生命周期的比例", "none",
            _SOURCE,
        ),
        Feature(
            "bought_once", "CASE WHEN count(bought_on) = 1 THEN 1 WHEN count(bought_on) > 1 THEN 0 END", "yes or no",
            "1 for who bought on one day only, in the reach of features", "仅购买过一次（1 为是）", "none", _SOURCE,
        ),
        Feature(
            "second_purchase_days", "min_by(gap, CASE WHEN gap IS NOT NULL THEN bought_on END)", "days",
            "days from the first purchase that features can see to the second", "首次到第二次购买的天数", "none", _SOURCE,
        ),
        Feature(
            "comebacks", f"CASE WHEN count(bought_on) > 0 THEN count({back} THEN 1 END) END", "comebacks",
            f"purchases after a silence of more than {longest} days", f"沉默超过{longest}天后的回归次数", "none", _BACK,
        ),
        Feature(
            "comeback_days", f"date_diff('day', max({back} THEN bought_on END), {{as_of}})", "days",
            f"days since the customer came back from a silence of more than {longest} days",
            f"沉默超过{longest}天后回归至今的天数", "none", _BACK,
        ),
    )  # fmt: skip
    return Family("lifecycle", "transactions", DAYS, features)

"""The small preset: what a person would look at first, about thirty entries where all tables are there."""

from collections.abc import Sequence

from churnml.features.measures import month


def small(windows_days: Sequence[int]) -> frozenset[str]:
    """Names of its entries; those of attributes come on top.

    Args:
        windows_days: lookback windows.
    """
    recent, longest = month(windows_days), windows_days[-1]
    return frozenset((
        "recency_days", "last_basket_ratio", *(f"{what}_{days}d" for what in ("purchase_days", "spend") for days in windows_days),
        "gap_mean_days", "gap_spread_days", "gap_last_days", "overdue_ratio",
        f"purchase_days_change_{recent}d_before", f"spend_change_{recent}d_before", f"products_{longest}d",
        "activity_recency_days", f"activities_{recent}d", f"active_days_{recent}d", f"active_days_{longest}d",
        f"activity_change_{recent}d_baseline",
        "ticket_recency_days", f"tickets_{recent}d", f"tickets_{longest}d", "tickets_open", f"resolution_mean_{longest}d_hours",
        "survey_last_score", "nps_last_score", "contract_plan", "contract_age_days", "contract_anniversary_days", "contact_recency_days",
    ))  # fmt: skip

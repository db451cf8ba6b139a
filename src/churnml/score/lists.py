"""What people open: one CSV per tier, columns in the order of the phone call."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from churnml.spreadsheet import write_csv

_AFTER = ("risk_percent", "expected_loss", "value", "days_since_purchase", "usual_gap_days", "recent_spend", "rfm")


def write_lists(folder: Path, scored: pd.DataFrame, tiers: Sequence[str], keep: Sequence[str]) -> dict[str, int]:
    """Write <tier>.csv for each tier, most urgent first.

    Args:
        folder: of the pack.
        scored: one row per customer, with tier and rank.
        tiers: names, from the top.
        keep: columns passed through from the customers table.

    Returns:
        customers per tier.
    """
    header = ["rank", "customer_id", *keep, *_AFTER]
    counts = {}
    for tier in tiers:
        rows = scored[scored["tier"] == tier].sort_values("rank")
        counts[tier] = len(rows)
        shown = pd.DataFrame(
            {
                "rank": rows["rank"],
                "customer_id": rows["customer_id"],
                **{name: rows[name] for name in keep},
                "risk_percent": (rows["risk"] * 100).round(1),
                "expected_loss": rows["expected_loss"].round(2),
                "value": rows["value"].round(2),
                "days_since_purchase": rows["days_since_purchase"].round(0).astype("Int64"),
                "usual_gap_days": rows["usual_gap_days"].round(1),
                "recent_spend": rows["recent_spend"].round(2),
                "rfm": rows["rfm"],
            }
        )
        cells = shown.astype(object).where(shown.notna(), None)
        write_csv(folder / f"{tier}.csv", header, cells.itertuples(index=False, name=None))
    return counts

"""What changed since the list before, for those who work with the lists."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from churnml.score.previous import Previous

COLUMNS = ["customer_id", "change", "tier_before", "tier_now", "risk_before", "risk_now"]
GONE = ("already_gone", "cancelled")


def changes(
    scored: pd.DataFrame,
    unscored: pd.DataFrame,
    before: Previous | None,
    tiers: Sequence[str],
    contacted: Sequence[str],
) -> pd.DataFrame:
    """One row per customer who came to a contacted tier or left one, or went from one to another.

    * entered: into a contacted tier from below, or from nowhere.
    * gone: was in a contacted tier and has left, as the definition says.
    * recovered: was in a contacted tier, has shown life since, and is in none or a lower one.
    * left: was in a contacted tier and is in none or a lower one, or isn't in these exports, without a sign of life since.

    Args:
        scored: customer_id, tier, risk, last_seen.
        unscored: customer_id, reason.
        before: the earlier pack; None: nothing is known to have changed.
        tiers: all, from the top.
        contacted: those whose customers are called.

    Returns:
        rows of `COLUMNS`, entered first, then by customer.
    """
    if before is None:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in COLUMNS})
    now = scored[["customer_id", "tier", "risk", "last_seen"]].rename(columns={"tier": "tier_now", "risk": "risk_now"})
    then = before.scored.rename(columns={"tier": "tier_before", "risk": "risk_before"})
    both = then.merge(now, on="customer_id", how="outer", validate="one_to_one")
    place = {name: index for index, name in enumerate(tiers)}
    was, is_ = (both[name].map(place).fillna(len(tiers)).to_numpy() for name in ("tier_before", "tier_now"))
    few = len(contacted)
    gone = both["customer_id"].isin(unscored.loc[unscored["reason"].isin(GONE), "customer_id"]).to_numpy()
    alive = _since(both["last_seen"], before.as_of)
    conditions = [
        (is_ < few) & (is_ < was),
        (was < few) & gone,
        (was < few) & (is_ > was) & alive,
        (was < few) & (is_ > was),
    ]
    words = ["entered", "gone", "recovered", "left"]
    both["change"] = np.select(conditions, words, default="")
    both["order"] = both["change"].map({name: index for index, name in enumerate(words)})
    changed = both[both["change"] != ""].sort_values(["order", "customer_id"])
    return changed[COLUMNS].astype(object).where(changed[COLUMNS].notna(), None).reset_index(drop=True)


def _since(last_seen: pd.Series, day: date) -> np.ndarray:
    """Whether the last sign of life came at or after this day."""
    return np.asarray(pd.to_datetime(last_seen) >= pd.Timestamp(day))

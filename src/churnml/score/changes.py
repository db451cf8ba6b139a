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

    * entered: into a contacted tier from the last one, or from nowhere.
    * moved_up, moved_down: from one contacted tier to another.
    * gone: was in a contacted tier and has left, as the definition says.
    * recovered: was in a contacted tier, has shown life since, and is in none.
    * left: was in a contacted tier and is in none, or isn't in these exports, without a sign of life since.

    Whoever is left alone, now or then, is on no list, and not here either.

    Args:
        scored: customer_id, tier, risk, last_seen, held.
        unscored: customer_id, reason.
        before: the earlier pack; None: nothing is known to have changed.
        tiers: all, from the top.
        contacted: those whose customers are called.

    Returns:
        rows of `COLUMNS`, entered first, then by customer.
    """
    if before is None:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in COLUMNS})
    names = {"tier": "tier_now", "risk": "risk_now", "held": "held_now"}
    now = scored[["customer_id", "tier", "risk", "last_seen", "held"]].rename(columns=names)
    then = before.scored.rename(columns={"tier": "tier_before", "risk": "risk_before"})
    both = then.merge(now, on="customer_id", how="outer", validate="one_to_one")
    place = {name: index for index, name in enumerate(tiers)}
    was, is_ = (both[name].map(place).fillna(len(tiers)).to_numpy() for name in ("tier_before", "tier_now"))
    few = len(contacted)
    gone = both["customer_id"].isin(unscored.loc[unscored["reason"].isin(GONE), "customer_id"]).to_numpy()
    alive = _since(both["last_seen"], before.as_of)
    alone = (both["held"].eq(True) | both["held_now"].eq(True)).to_numpy()
    rules = {
        "": alone,
        "entered": (is_ < few) & (was >= few),
        "moved_up": (is_ < was) & (was < few),
        "moved_down": (is_ > was) & (is_ < few),
        "gone": (was < few) & gone,
        "recovered": (was < few) & (is_ > was) & alive,
        "left": (was < few) & (is_ > was),
    }
    words = list(rules)
    both["change"] = np.select(list(rules.values()), words, default="")
    both["order"] = both["change"].map({name: index for index, name in enumerate(words)})
    changed = both[both["change"] != ""].sort_values(["order", "customer_id"])
    return changed[COLUMNS].astype(object).where(changed[COLUMNS].notna(), None).reset_index(drop=True)


def _since(last_seen: pd.Series, day: date) -> np.ndarray:
    """Whether the last sign of life came at or after this day."""
    return np.asarray(pd.to_datetime(last_seen) >= pd.Timestamp(day))

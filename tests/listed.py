"""A small pack to write: what files.py is given."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from churnml.score.files import Files

HOW = Files(
    locale="en",
    csv_ids="excel",
    currency="USD",
    tiers=["high", "medium", "low"],
    contacted=["high", "medium"],
    keep=["name"],
    as_of=date(2024, 1, 5),
    project="shop",
)
SAID = {"high": "Of such, 61 % left.", "medium": "Of such, 30 % left.", "": "Usable: few leavers."}


def scored(**columns: list[Any]) -> pd.DataFrame:
    """Five customers, not in the order of their ranks: two high (one of them held), two medium, one low."""
    return pd.DataFrame(
        {
            "customer_id": ["007", "-12", "A-42", "8", "9"],
            "name": ["=HYPERLINK(1)", "Ann", "张三", None, "a, b"],
            "tier": ["high", "high", "medium", "low", "medium"],
            "held": [False, True, False, False, False],
            "rank": [2, 1, 4, 5, 3],
            "risk": [0.12345, 0.98765, 0.5, 0.01, 0.25],
            "expected_loss": [1.005, 20.0, 0.0, -0.5, 1.0],
            "value": [8.14, 20.25, 0.0, -50.0, 4.0],
            "days_since_purchase": [12.0, 3.0, float("nan"), 0.0, 7.0],
            "usual_gap_days": [4.26, float("nan"), 1.0, 2.0, 3.0],
            "recent_spend": [100.0, 250.5, -5.25, 0.0, 4.0],
            "rfm": ["312", "555", None, "111", "222"],
            "why": ["no login for 30 days", "2 tickets open", "=late; slow", None, None],
            "cause": ["value", "service", "none", None, "none"],
            "evidence": ["uses less", "waited", None, None, None],
            "layer": ["A", "A", "B", "B", "B"],
            "group": ["at_risk", "silent", "at_risk", "regular", "new"],
            "to_do": ["Call them", "Visit", "Call them", None, "no play fits"],
            "channel": ["phone", "visit", "chat_group", None, None],
            "by_whom": ["account_manager", "team_lead", "automatic", None, None],
            "due_on": pd.to_datetime(["2024-01-08", "2024-01-06", "2024-01-12", None, None]),
            "script": ["Hello", "Hi", "=Good morning", None, None],
            "before": ["medium", None, "medium", "high", "medium"],
            **columns,
        }
    )


def unscored(**columns: list[Any]) -> pd.DataFrame:
    """Two customers without a risk."""
    rows: Mapping[str, list[Any]] = {
        "customer_id": ["11", "B"],
        "name": ["Bo", None],
        "reason": ["too_new", "odd_case"],
        "last_seen": [date(2024, 1, 3), None],
        "detail": ["signed up 2 days ago", ""],
    }
    return pd.DataFrame({**rows, **columns})


def changes(**columns: list[Any]) -> pd.DataFrame:
    """Two customers whose tier is another one."""
    rows: Mapping[str, list[Any]] = {
        "customer_id": ["007", "8"],
        "name": ["=HYPERLINK(1)", None],
        "change": ["entered", "left"],
        "tier_before": [None, "high"],
        "tier_now": ["high", "low"],
        "risk_before": [float("nan"), 0.5],
        "risk_now": [0.12345, 0.01],
    }
    return pd.DataFrame({**rows, **columns})

"""What no proof can see, reported with the reason."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from churnml.features.proof.suspects import drifting, stability_index, without_history

NUMBER = {"kind": "number"}
LABEL = [1, 1, 0, 0, 0, 0]


def rows(**columns):
    moments = [date(2024, 1, 1)] * 3 + [date(2024, 2, 1)] * 3
    return pa.table({"label": LABEL, "as_of": pa.array(moments, pa.date32()), **columns})


def test_a_feature_that_moves_along_the_panel():
    """What is small at the first cutoff and large at the last drifts; what is unknown at first does, too."""
    table = rows(
        grows=[1.0, 2, 3, 11, 12, 13],
        stays=[1.0, 2, 3, 1, 2, 3],
        appears=pa.array([None, None, None, 1, 2, 3], pa.float64()),
    )
    found = drifting(table, [{"name": name, **NUMBER} for name in ("grows", "stays", "appears")])
    assert {one["name"]: one["reason"] for one in found} == {
        "grows": "median 2 on 2024-01-01, median 12 on 2024-02-01",
        "appears": "unknown for all on 2024-01-01, median 2 on 2024-02-01",
    }


def test_the_stability_index_by_hand():
    """Halves of 3:1 become 1:3: twice half of ln 3."""
    then, now = np.array([0.0, 0, 0, 1]), np.array([0.0, 1, 1, 1])
    assert stability_index(then, now) == pytest.approx(np.log(3))


def test_one_cutoff_has_nothing_to_drift_from():
    """Drift needs two moments."""
    assert drifting(rows(x=[1.0] * 6).slice(0, 3), [{"name": "x", **NUMBER}]) == []


def test_columns_without_a_history_are_named_with_what_is_done_about_them():
    """Attributes and the contract's `current` columns are; what is known with its row, or at a time, isn't."""
    columns = {
        "customers": ["customer_id", "signed_up_at", "signed_up_on", "plan", "town"],
        "subscriptions": ["customer_id", "started_at", "started_on", "renews_at", "renews_on", "ended_at", "ended_on"],
    }
    found = without_history(columns, {"town": "category"})
    assert [(one["table"], one["name"]) for one in found] == [
        ("customers", "plan"),
        ("customers", "town"),
        ("subscriptions", "renews_at"),
    ]
    assert "never changes" in found[1]["reason"]
    assert "no feature sees it" in found[0]["reason"]

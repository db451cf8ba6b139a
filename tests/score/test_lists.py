"""The files that people open."""

import csv

import pandas as pd
import pytest

from churnml.score.lists import write_lists

HEADER = [
    "rank", "customer_id", "name", "risk_percent", "expected_loss", "value", "days_since_purchase", "usual_gap_days",
    "recent_spend", "rfm",
]  # fmt: skip


@pytest.fixture
def scored():
    """Three customers, not in the order of their ranks."""
    return pd.DataFrame(
        {
            "customer_id": ["007", "-12", "42"],
            "name": ["=HYPERLINK(1)", "Ann", None],
            "tier": ["high", "high", "low"],
            "rank": [2, 1, 3],
            "risk": [0.12345, 0.98765, 0.5],
            "expected_loss": [1.005, 20.0, 0.0],
            "value": [8.14, 20.25, 0.0],
            "days_since_purchase": [12.0, 3.0, float("nan")],
            "usual_gap_days": [4.26, float("nan"), 1.0],
            "recent_spend": [100.0, 250.5, -5.25],
            "rfm": ["312", "555", None],
        }
    )


def rows(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_one_file_per_tier_most_urgent_first(scored, tmp_path):
    """Rows in the order of ranks; risks in percent; unknown facts are empty cells."""
    assert write_lists(tmp_path, scored, ["high", "low"], ["name"]) == {"high": 2, "low": 1}
    assert rows(tmp_path / "high.csv") == [
        HEADER,
        ["1", "'-12", "Ann", "98.8", "20.0", "20.25", "3", "", "250.5", "555"],
        ["2", "007", "'=HYPERLINK(1)", "12.3", "1.0", "8.14", "12", "4.3", "100.0", "312"],
    ]


def test_text_is_defused_and_negative_numbers_stay_numbers(scored, tmp_path):
    """An id or name that a spreadsheet would run gets an apostrophe; refunds that exceed purchases stay negative."""
    write_lists(tmp_path, scored, ["high", "low"], ["name"])
    assert rows(tmp_path / "low.csv")[1] == ["3", "42", "", "50.0", "0.0", "0.0", "", "1.0", "-5.25", ""]


def test_a_spreadsheet_reads_the_text_as_it_is_meant(scored, tmp_path):
    """UTF-8 with BOM, so that Excel shows names in any script."""
    write_lists(tmp_path, scored.assign(name="王芳"), ["high", "low"], ["name"])
    content = (tmp_path / "high.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfrank,customer_id,name,")
    assert content.decode("utf-8").count("王芳") == 2


def test_an_empty_tier_is_a_file_with_a_header(scored, tmp_path):
    """Nobody to call today is an answer."""
    assert write_lists(tmp_path, scored, ["medium"], []) == {"medium": 0}
    assert rows(tmp_path / "medium.csv") == [[name for name in HEADER if name != "name"]]

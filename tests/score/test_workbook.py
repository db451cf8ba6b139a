"""lists.xlsx, read back cell by cell."""

from dataclasses import replace
from datetime import date
from zipfile import ZipFile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import load_workbook

from churnml.score import sheets
from churnml.score.files import write_files
from listed import HOW, SAID, changes, scored, unscored

STAKE = ["risk", "expected_loss", "value"]
PLAN = ["to_do", "channel", "by_whom", "due_on", "script"]
FACTS = ["days_since_purchase", "usual_gap_days", "recent_spend", "rfm", "layer", "group"]
HEADER = [
    *("rank", "customer_id", "name", *STAKE, "why", "cause", "evidence", *PLAN, *FACTS),
    *("before", "list_id", "contacted_at", "action", "answer"),
]
TEXT = st.text(
    alphabet=st.one_of(st.sampled_from("=+-@\t\n '\"0019Ee/.,<>&"), st.characters(codec="utf-8")), min_size=1
)


def write(folder, how=HOW, rows=None, said=SAID):
    aside, changed = (frame.assign(**dict.fromkeys(how.keep, None)) for frame in (unscored(), changes()))
    write_files(folder, how, scored() if rows is None else rows, aside, changed, said)
    return folder / "lists.xlsx"


def cells(path, sheet):
    return load_workbook(path).get_sheet_by_name(sheet).to_python()


def told(path):
    """All that the first sheet says, row by row."""
    return [
        " | ".join(str(cell) for cell in row if cell != "")
        for row in load_workbook(path).get_sheet_by_index(0).to_python()
    ]


def test_one_sheet_per_tier_that_is_called(tmp_path):
    """Most urgent first; a risk is a number, an id is text; whoever is held isn't there."""
    path = write(tmp_path)
    assert load_workbook(path).sheet_names == ["read me first", "high", "medium"]
    assert cells(path, "high") == [
        HEADER,
        [
            *(2, "007", "=HYPERLINK(1)", 0.12345, 1, 8.14, "no login for 30 days", "less value or need", "uses less"),
            *("Call them", "phone", "account manager", date(2024, 1, 8), "Hello"),
            *(12, 4.3, 100, "312", "A", "at risk", "medium", "2024-01-05 high", "", "", ""),
        ],
    ]
    assert [row[:3] for row in cells(path, "medium")] == [HEADER[:3], [3, "9", "a, b"], [4, "A-42", "张三"]]


def test_the_first_sheet_says_what_this_is(tmp_path):
    """Project, day, doubts, tiers with counts and what happened to their like, who is left alone, what to fill in."""
    lines = told(write(tmp_path))
    assert lines[:2] == ["shop: whom to call", "As of 2024-01-05: nothing that happened on that day or later is in it."]
    for line in (
        "Usable: few leavers.",
        "high | 2.0 | 1.0 | 1.0 | sheet high, high.csv | Of such, 61 % left.",
        "medium | 2.0 | 0.0 | 2.0 | sheet medium, medium.csv | Of such, 30 % left.",
        "low | 1.0 | low.csv",
        "Layer A, 40% of the customers, holds 88% of the value; layer B are all others.",
        "high, layer A | 2.0 | 28.0 | 21.0",
        "low, layer B | 1.0 | -50.0 | 0.0",
        "unscored.csv: customers without a risk, and why (2).",
        "expected_loss | risk times value, in USD",
    ):
        assert line in lines
    assert any(line.startswith("Customers who were drawn by lot (1)") for line in lines)
    assert any("fill in contacted_at, action and answer" in line for line in lines)


def test_the_first_sheet_in_chinese(tmp_path):
    """The same, in the pack's language."""
    path = write(tmp_path, replace(HOW, locale="zh-CN", currency="CNY"))
    assert load_workbook(path).sheet_names == ["使用说明", "高", "中"]
    lines = told(path)
    assert lines[:2] == ["shop：联系名单", "截至 2024-01-05 零点：名单只依据此前已知的情况。"]
    assert "高 | 2.0 | 1.0 | 1.0 | 工作表“高”，high.csv | Of such, 61 % left." in lines
    assert "预期损失 | 流失风险 × 客户价值，CNY" in lines


def test_a_sheet_shows_the_most_urgent(tmp_path, monkeypatch):
    """Where a tier is too large for a sheet, its CSV has everybody, and the first sheet says so."""
    monkeypatch.setattr(sheets, "SHEET_ROWS", 1)
    monkeypatch.setattr("churnml.score.cover.SHEET_ROWS", 1)
    path = write(tmp_path)
    assert [row[0] for row in cells(path, "medium")] == ["rank", 3]
    assert any("the first 1 on sheet medium, all in medium.csv" in line for line in told(path))
    assert len((tmp_path / "medium.csv").read_text(encoding="utf-8-sig").splitlines()) == 3


def test_the_same_bytes_again(tmp_path):
    """Whoever writes the same pack on another day gets the same workbook."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert write(tmp_path / "a").read_bytes() == write(tmp_path / "b", rows=scored().iloc[::-1]).read_bytes()


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_nobody_is_an_answer(tmp_path, locale):
    """Sheets with a header alone."""
    write_files(tmp_path, replace(HOW, locale=locale), scored().head(0), unscored().head(0), changes().head(0), {})
    book = load_workbook(tmp_path / "lists.xlsx")
    assert [book.get_sheet_by_index(place).height for place in (1, 2)] == [1, 1]
    assert not any("holdout.csv" in line for line in told(tmp_path / "lists.xlsx"))


def test_names_of_sheets_that_excel_refuses(tmp_path):
    """At most 31 characters, each once, and not `history`."""
    tiers = ["history", "a" * 40, "a" * 41, "low"]
    path = write(tmp_path, replace(HOW, tiers=tiers, contacted=tiers[:3]), scored(tier=["low"] * 5))
    assert load_workbook(path).sheet_names[1:] == ["history (1)", "a" * 31, "a" * 27 + " (3)"]


@st.composite
def fives(draw, cells):
    """A cell for each of the five customers."""
    return draw(st.lists(cells, min_size=5, max_size=5))


def called(**columns):
    """All five on one sheet, by the order of their rows."""
    return scored(rank=[1, 2, 3, 4, 5], tier=["high"] * 5, held=[False] * 5, **columns)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(ids=fives(TEXT), names=fives(st.one_of(st.none(), TEXT)))
def test_text_is_never_bent_nor_run(tmp_path_factory, ids, names):
    """Ids and names come back to the character; there is no formula and no link in the file."""
    path = write(tmp_path_factory.mktemp("book"), rows=called(customer_id=ids, name=names))
    assert [row[1:3] for row in cells(path, "high")[1:]] == [
        [customer, name or ""] for customer, name in zip(ids, names, strict=True)
    ]
    content = ZipFile(path).read("xl/worksheets/sheet2.xml")
    assert b"<f>" not in content
    assert b"<hyperlink" not in content


@settings(max_examples=20, deadline=None, derandomize=True)
@given(days=fives(st.one_of(st.none(), st.dates(min_value=date(1900, 3, 1)))))
def test_dates_are_dates(tmp_path_factory, days):
    """A day of the customers table can be sorted and filtered by."""
    path = write(tmp_path_factory.mktemp("book"), replace(HOW, keep=["since"]), called(since=days))
    assert [row[2] for row in cells(path, "high")[1:]] == [day or "" for day in days]


@settings(max_examples=20, deadline=None, derandomize=True)
@given(numbers=fives(st.floats(min_value=-1e12, max_value=1e12)), risks=fives(st.floats(min_value=0, max_value=1)))
def test_numbers_are_numbers(tmp_path_factory, numbers, risks):
    """Amounts of the customers table and risks, also negative ones."""
    path = write(tmp_path_factory.mktemp("book"), replace(HOW, keep=["limit"]), called(limit=numbers, risk=risks))
    read = np.array([row[2:4] for row in cells(path, "high")[1:]])
    np.testing.assert_allclose(read, np.column_stack([numbers, risks]), rtol=1e-14)

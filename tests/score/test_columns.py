"""Columns of the customers table, whatever they hold, and their cells in CSVs and workbooks."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from churnml.contracts.listed import TIERS
from churnml.score.cells import of_book, of_csv
from churnml.score.columns import Column, kept, worded

UNHURRIED = settings(deadline=None, derandomize=True)
ZONE = timezone(timedelta(hours=8))


def column(*cells, dtype=object):
    return kept("x", pd.Series(list(cells), dtype=dtype), (), "en")


def in_csv(found, csv_ids):
    return of_csv(found, csv_ids).cast("string").to_pylist()


@pytest.mark.parametrize(
    ("cells", "form", "csv", "book"),
    [
        (["007", None, "Ann"], "id", ['="007"', None, "Ann"], ["007", None, "Ann"]),
        ([None, None], "id", [None, None], [None, None]),
        ([1, 2, None], "whole", ["1", "2", None], [1, 2, None]),
        ([1.0, -2.0, np.nan], "whole", ["1", "-2", None], [1, -2, None]),
        ([-1.25, 3, np.inf], "number", ["-1.25", "3", None], [-1.25, 3.0, None]),
        ([Decimal("1.10"), None], "number", ["1.1", None], [1.1, None]),
        ([True, None, False], "text", ["yes", None, "no"], ["yes", None, "no"]),
        ([date(2024, 1, 5), None], "day", ["2024-01-05", None], [45296, None]),
        ([pd.Timestamp("2024-01-05"), None], "day", ["2024-01-05", None], [45296, None]),
        ([pd.Timestamp("2024-01-05 12:00"), None], "moment", ["2024-01-05 12:00:00", None], [45296.5, None]),
        ([datetime(2024, 1, 5, 12, tzinfo=ZONE)], "moment", ["2024-01-05 12:00:00"], [45296.5]),
        ([date(1850, 1, 5), date(9999, 12, 31)], "day", ["1850-01-05", "9999-12-31"], ["1850-01-05", 2958465]),
        ([123456789012345678, None], "id", ['="123456789012345678"', None], ["123456789012345678", None]),
        (["a", 1, None], "id", ["a", '="1"', None], ["a", "1", None]),
    ],
)
def test_a_cell_stays_what_it_is(cells, form, csv, book):
    """Text is text, numbers are numbers, dates are dates; a number too long for a spreadsheet, or a day that it can't show, is text."""
    found = column(*cells)
    assert found.form == form
    assert in_csv(found, "excel") == csv
    assert of_book(found) == book


@pytest.mark.parametrize("dtype", ["str", "object", "category", "string[pyarrow]"])
def test_the_way_text_is_stored_changes_nothing(dtype):
    """Pandas has many kinds of text."""
    found = column("007", None, dtype=dtype)
    assert (found.form, in_csv(found, "excel"), of_book(found)) == ("id", ['="007"', None], ["007", None])


@pytest.mark.parametrize("dtype", ["float64", "Int64", "int64"])
def test_the_way_numbers_are_stored_changes_nothing(dtype):
    """Nor for numbers."""
    assert in_csv(column(5, -6, dtype=dtype), "excel") == ["5", "-6"]


def test_dates_in_a_table_s_own_unit():
    """Parquet's timestamps come in microseconds, pandas' in nanoseconds."""
    for unit in ("s", "us", "ns"):
        found = kept("x", pd.Series(["2024-01-05", None], dtype=f"datetime64[{unit}]"), (), "en")
        assert (in_csv(found, "excel"), of_book(found)) == (["2024-01-05", None], [45296, None])


def test_plain_ids_are_written_as_they_are_but_never_run():
    """Programs that read the CSV get the id; a spreadsheet gets no formula."""
    found = column("007", "+86138", "-12", "=1+1")
    assert in_csv(found, "plain") == ["007", "'+86138", "'-12", "'=1+1"]
    assert in_csv(found, "excel") == ['="007"', '="+86138"', '="-12"', "'=1+1"]


@pytest.mark.parametrize(
    ("form", "number", "csv", "book"),
    [
        ("risk", 0.12345, "12.3", 0.12345),
        ("risk", 1.0, "100", 1.0),
        ("money", 1234.567, "1234.57", 1234.57),
        ("money", -0.001, "0", 0.0),
        ("tenths", 4.26, "4.3", 4.3),
        ("whole", 12.0, "12", 12),
        ("money", np.nan, None, None),
    ],
)
def test_our_own_numbers(form, number, csv, book):
    """A risk is percent in a CSV and a share in a workbook; amounts have cents, gaps tenths of days."""
    found = Column("x", "x", form, pd.Series([number]))
    assert (in_csv(found, "excel"), of_book(found)) == ([csv], [book])


def test_a_column_that_reads_like_one_of_ours_is_told_apart():
    """No file has two columns of one name."""
    assert [kept(name, pd.Series(["a"]), {"value", "客户价值"}, "zh-CN").header for name in ("name", "客户价值")] == [
        "name",
        "customers.客户价值",
    ]


def test_columns_that_we_know_have_a_word_unless_another_column_has_it():
    """The owner is 客户经理, as long as the export has no column of that name, too."""
    owner = pd.Series(["a"])
    assert [kept("owner", owner, taken, "zh-CN").header for taken in ((), {"客户经理"})] == [
        "客户经理",
        "customers.owner",
    ]
    assert kept("owner", owner, (), "en").header == "owner"


def test_names_become_words():
    """Each name by the table of words; nobody's tier is nothing."""
    assert worded(TIERS, pd.Series(["high", None, "vip", "high"]), "zh-CN").tolist() == ["高", None, "vip", "高"]


@UNHURRIED
@given(st.lists(st.one_of(st.none(), st.dates(), st.datetimes(), st.text(), st.integers(), st.floats(), st.booleans())))
def test_any_column_can_be_shown(cells):
    """Nothing that a customers table may hold stops the lists, and nothing that is known is lost."""
    found = column(*cells)
    for shown in (in_csv(found, "excel"), of_book(found)):
        assert len(shown) == len(cells)
        assert all(cell is None for cell, given in zip(shown, cells, strict=True) if given is None)

"""CSV files that a spreadsheet opens as they are meant."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from churnml.spreadsheet import defused, write_csv


def test_written_as_a_spreadsheet_reads_it(tmp_path: Path) -> None:
    """UTF-8 with BOM, commas, quotes where needed, None as an empty cell, numbers as numbers."""
    path = tmp_path / "list.csv"
    write_csv(path, ["name", "risk"], [["张三", -0.5], ['a "b", c', None], ["two\nlines", 7]])
    assert path.read_bytes().decode() == ('\ufeffname,risk\r\n张三,-0.5\r\n"a ""b"", c",\r\n"two\nlines",7\r\n')


@pytest.mark.parametrize("text", ["=1+1", "+49 30 1234", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_text_is_never_a_formula(text: str) -> None:
    """Text that a spreadsheet would run gets an apostrophe in front and is otherwise left whole."""
    assert defused(text) == f"'{text}"


@given(st.one_of(st.text(), st.integers(), st.floats(), st.none()))
def test_what_is_written_never_starts_a_formula(cell: object) -> None:
    """Any text comes out harmless and ends in what it was; anything but text isn't touched."""
    out = defused(cell)
    if isinstance(cell, str):
        assert isinstance(out, str)
        assert out.endswith(cell)
        assert out[:1] not in tuple("=+-@\t\r")
    else:
        assert out is cell


@given(st.lists(st.tuples(st.text(alphabet=st.characters(codec="utf-8"))), max_size=5))
def test_text_comes_back_whole(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str]]) -> None:
    """Whatever a cell holds, reading the file gives the same cells again."""
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    write_csv(path, ["x", "n"], [[*row, 1] for row in rows])
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [["x", "n"], *([str(defused(text)), "1"] for (text,) in rows)]

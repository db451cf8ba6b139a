"""CSV files that a spreadsheet opens as they are meant."""

import csv
import re
from pathlib import Path
from zipfile import ZipFile

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import load_workbook

from churnml.spreadsheet import (
    LONGEST_LITERAL,
    all_defused,
    defused,
    kept_as_text,
    put_text,
    workbook,
    write_columns,
    write_csv,
)  # fmt: skip

UNHURRIED = settings(deadline=None, derandomize=True, max_examples=50)
NASTY = st.text(
    alphabet=st.one_of(st.sampled_from('=+-@\t\r\n \u3000＝0019E/.,:"年月ABJanmay'), st.characters(codec="utf-8"))
)


def kept(*texts: str | None) -> list[str | None]:
    return kept_as_text(pa.array(texts, pa.string())).to_pylist()


def test_written_as_a_spreadsheet_reads_it(tmp_path: Path) -> None:
    """UTF-8 with BOM, commas, quotes where needed, None as an empty cell, numbers as numbers."""
    path = tmp_path / "list.csv"
    write_csv(path, ["name", "risk"], [["张三", -0.5], ['a "b", c', None], ["two\nlines", 7]])
    assert path.read_bytes().decode() == ('\ufeffname,risk\r\n张三,-0.5\r\n"a ""b"", c",\r\n"two\nlines",7\r\n')


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+49 30 1234", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠A1", " =1", "\u3000=1", "\n=1"],
)
def test_text_is_never_a_formula(text: str) -> None:
    """Text that a spreadsheet would run gets an apostrophe in front and is otherwise left whole."""
    assert defused(text) == f"'{text}"


@UNHURRIED
@given(st.one_of(NASTY, st.integers(), st.floats(), st.none()))
def test_what_is_written_never_starts_a_formula(cell: object) -> None:
    """Any text comes out harmless and ends in what it was; anything but text isn't touched."""
    out = defused(cell)
    if isinstance(cell, str):
        assert isinstance(out, str)
        assert out.endswith(cell)
        assert out.lstrip(" \u3000\n")[:1] not in tuple("=+-@\t\r＝＋－＠")
    else:
        assert out is cell


@UNHURRIED
@given(st.lists(st.one_of(st.none(), NASTY)))
def test_a_column_is_defused_as_its_cells_are(texts: list[str | None]) -> None:
    """One rule, for cells and for columns."""
    assert all_defused(pa.array(texts, pa.string())).to_pylist() == [defused(text) for text in texts]


@pytest.mark.parametrize(
    "text",
    [
        "00123", "123456789012345678", "+86 138-0000-0000", "0086 (10) 8888", "1E5", "12e-3", "1D5", "3-4", "2024-01", "1/2",
        "12:30", "1.10", "1,000", "5%", "$5", "¥5", "(5)", "-5", " 5", "9 am", "00１２", "3月4日", "2024年", "9时", "MAR1",
        "1-Sept", "Dec 2024", "12 March 2024", "TRUE", "false",
    ],
)  # fmt: skip
def test_text_that_reads_as_a_number_or_date_stays_text(text: str) -> None:
    """It is written as a literal, which a spreadsheet shows as it was: neither zeros nor digits are lost."""
    assert kept(text) == [f'="{text}"']


@pytest.mark.parametrize(
    "text",
    [
        "A-12",
        "C00042",
        "E5",
        "12A",
        "5b",
        "Ann",
        "May",
        "March",
        "mar",
        "12 Hill Road",
        "3/4 Elm St",
        "中山路 5 号",
        "a@b.cn",
        "",
        "张三",
    ],
)
def test_words_addresses_and_ids_with_letters_stay_as_they_are(text: str) -> None:
    """A spreadsheet makes nothing of them."""
    assert kept(text) == [text]


def test_a_literal_is_no_longer_than_excel_takes() -> None:
    """255 characters are kept, 256 are left as they are; nothing is lost by a file that Excel can't open."""
    most = "1" * LONGEST_LITERAL
    assert kept(most, most + "1", None) == [f'="{most}"', most + "1", None]


def test_a_formula_is_defused_where_text_is_kept() -> None:
    """A phone number is text; what would be run gets its apostrophe; and so does a sign without a number."""
    assert kept("+86138", '=HYPERLINK("x")', "+a", "-") == ['="+86138"', '\'=HYPERLINK("x")', "'+a", "'-"]


@UNHURRIED
@given(st.lists(NASTY, min_size=1))
def test_text_kept_is_harmless_and_can_be_read_back(texts: list[str]) -> None:
    """Each comes out as it was, behind an apostrophe, or as a literal without quotes in it."""
    for text, out in zip(texts, kept(*texts), strict=True):
        literal = re.fullmatch('="([^"]*)"', out or "", re.DOTALL)
        assert (literal and literal[1] == text) or out == defused(text)


@UNHURRIED
@given(st.lists(st.tuples(NASTY, NASTY), max_size=5))
def test_columns_are_written_as_rows_are(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]) -> None:
    """The fast way gives the bytes of the plain one, whatever the parts, and reading them gives the cells again."""
    folder = tmp_path_factory.mktemp("csv")
    columns = [all_defused(pa.array([row[place] for row in rows], pa.string())) for place in (0, 1)]
    write_csv(folder / "rows.csv", ["=x", "n"], rows)
    write_columns(
        folder / "columns.csv", ["=x", "n"], [[c.slice(0, 2) for c in columns], [c.slice(2) for c in columns]]
    )
    assert (folder / "columns.csv").read_bytes() == (folder / "rows.csv").read_bytes()
    with (folder / "columns.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [["'=x", "n"], *([defused(cell) for cell in row] for row in rows)]


def test_an_unknown_cell_is_empty(tmp_path: Path) -> None:
    """Null is nothing between two commas, also for a column in which nothing is known."""
    write_columns(tmp_path / "t.csv", ["a", "b"], [[pa.array(["x", None]), pa.nulls(2, pa.string())]])
    assert (tmp_path / "t.csv").read_bytes().decode() == "\ufeffa,b\r\nx,\r\n,\r\n"


@UNHURRIED
@given(st.lists(st.one_of(NASTY, st.sampled_from(["<r>x</r>", "_x0041_", "http://a.b", "a\r\nb", " x "])), min_size=1))
def test_a_workbook_keeps_any_text(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    """Text is text: never a formula, a link, a number, or markup of the workbook itself."""
    path = tmp_path_factory.mktemp("book") / "t.xlsx"
    with workbook(path) as book:
        sheet = book.add_worksheet()
        for row, text in enumerate(["first", *texts]):
            put_text(sheet, row, 0, text)
            put_text(sheet, row, 1, "second")
    read = load_workbook(path).get_sheet_by_index(0).to_python()
    assert [row[0] for row in read] == ["first", *texts]
    assert b"<f>" not in ZipFile(path).read("xl/worksheets/sheet1.xml")

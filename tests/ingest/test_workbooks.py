"""Sheets of a workbook are read like CSVs of them."""

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from churnml.errors import ExportError
from intake import Shop, customers, transactions

XLSX = transactions(path="transactions*.xlsx")
ERROR = "=1/0"
HEAD = ["id", "when", "paid"]


def write(path: Path, rows: Sequence[Sequence[Any]], start: int = 0) -> None:
    """A workbook with these rows, the first at a row of the sheet, and a second sheet that holds something else."""
    path.parent.mkdir(parents=True, exist_ok=True)
    book = xlsxwriter.Workbook(path)
    sheet, shown = book.add_worksheet("orders"), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    for row, cells in enumerate(rows, start):
        for column, cell in enumerate(cells):
            if cell == ERROR:
                sheet.write_formula(row, column, cell, None, "#DIV/0!")
            elif isinstance(cell, date | time):
                sheet.write_datetime(row, column, cell, shown)
            elif isinstance(cell, str):
                sheet.write_string(row, column, cell)
            elif cell is not None:
                sheet.write(row, column, cell)
    book.add_worksheet("notes").write_string(0, 0, "id")
    book.close()


def as_csv(rows: Sequence[Sequence[str]]) -> str:
    """The same rows as a CSV."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def table(shop: Shop, name: str = "transactions") -> bytes:
    """A table, byte for byte."""
    return (shop.data / f"tables/{name}.parquet").read_bytes()


def test_the_same_rows_give_the_same_tables(shop: Shop) -> None:
    """Ids as text and as numbers, moments, whole and broken numbers, names with all that a CSV has to quote."""
    at = datetime(2026, 10, 1, 9, 30, 15)  # noqa: DTZ001  a cell has no offset
    bought = [HEAD, ["007", at, 5.0], [42, date(2026, 10, 2), 19.99], ["123456789012345678", at, -3]]
    worded = [HEAD, ["007", str(at), "5"], ["42", "2026-10-02", "19.99"], ["123456789012345678", str(at), "-3"]]
    people = [
        ["id", "joined", "name", "vip", "age"],
        ["007", at, '张三, "Zoë"\n=1+1', True, 30],
        [42, None, "😀", False, 30.5],
    ]
    named = [
        ["id", "joined", "name", "vip", "age"],
        ["007", str(at), '张三, "Zoë"\n=1+1', "TRUE", "30"],
        ["42", "", "😀", "FALSE", "30.5"],
    ]
    write(shop.raw / "transactions.xlsx", bought)
    write(shop.raw / "customers.xlsx", people)
    profiles = shop.ingest(XLSX, customers(path="customers.xlsx"), share=0.0)
    from_books = table(shop), table(shop, "customers")
    assert {str(file.format) for profile in profiles for file in profile.files.values()} == {"xlsx"}
    shop.write("transactions.csv", as_csv(worded))
    shop.write("customers.csv", as_csv(named))
    shop.ingest(transactions(), customers(), share=0.0)
    assert (table(shop), table(shop, "customers")) == from_books


def test_pinyin_above_a_name_is_no_part_of_it(shop: Shop) -> None:
    """Excel keeps how a word is pronounced beside the word, in the same cell."""
    write(shop.raw / "plain.xlsx", [["id", "joined", "name"], ["1", "2024-01-01", "张三"]])
    heard = "张三</t></si>", '张三</t><rPh sb="0" eb="2"><t>zhāng sān</t></rPh><phoneticPr fontId="1"/></si>'
    with zipfile.ZipFile(shop.raw / "plain.xlsx") as plain, zipfile.ZipFile(shop.raw / "customers.xlsx", "w") as said:
        for part in plain.namelist():
            said.writestr(part, plain.read(part).decode().replace(*heard))
        assert heard[1] in said.read("xl/sharedStrings.xml").decode()
    shop.ingest(customers(path="customers.xlsx"), share=0.0)
    assert shop.column("name", "customers") == ["张三"]


def test_rows_are_numbered_as_the_spreadsheet_does(shop: Shop) -> None:
    """Blank rows are no rows, but count; cells with an error are empty."""
    write(shop.raw / "transactions.xlsx", [HEAD, ["1", date(2026, 10, 1), 5], [], ["2", date(2026, 10, 1), ERROR]])
    [profile] = shop.ingest(XLSX)
    assert shop.aside() == [["transactions.xlsx", "4", "paid", "required", ""]]
    assert profile.counts == {"rows_in": 2, "kept": 1, "set_aside": 1, "duplicates": 0}


def test_moments_are_no_text_in_another_format(shop: Shop) -> None:
    """Where the source has a format for its CSVs, cells that are moments are read all the same."""
    rows = [["1", date(2026, 3, 4), 5], ["2", "04/03/2026 10:30", 5], ["3", datetime(2026, 3, 4, 9, 3, 11), 5]]  # noqa: DTZ001
    write(shop.raw / "transactions.xlsx", [HEAD, *rows])
    shop.ingest(XLSX.model_copy(update={"date_format": "%d/%m/%Y %H:%M"}), share=0.0)
    assert [str(moment)[11:] for moment in shop.column("occurred_at")] == ["00:00:00", "10:30:00", "09:03:11"]


def test_many_rows(shop: Shop) -> None:
    """Batches of a large sheet are numbered on."""
    rows = [[str(number), date(2026, 10, 1), 5] for number in range(66_000)]
    write(shop.raw / "transactions.xlsx", [HEAD, *rows, ["", date(2026, 10, 1), 5]])
    [profile] = shop.ingest(XLSX)
    assert profile.kept == 66_000
    assert shop.aside() == [["transactions.xlsx", "66002", "id", "required", ""]]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xd0\xcf\x11\xe0", "can't be read as a workbook (ZipError); open and save it again, or export a CSV"),
        (b"", "can't be read as a workbook (ZipError); open and save it again, or export a CSV"),
        ([], "is empty; export it again with its header"),
        ([[], ["x"]], "has no header in its first line; export it again with its header"),
        (
            [["id", "when"]],
            "no column 'paid' for transactions.amount; did you mean 'id'? (columns there: id, when); correct the export or "
            "its mapping (sources[].columns)",
        ),
    ],
    ids=["broken", "nothing", "empty", "below", "column"],
)
def test_workbooks_that_are_refused(shop: Shop, content: Any, said: str) -> None:
    """One line, as for a CSV."""
    path = shop.raw / "transactions.xlsx"
    shop.write(path.name, content) if isinstance(content, bytes) else write(path, content)
    with pytest.raises(ExportError) as refused:
        shop.ingest(XLSX)
    assert str(refused.value) == f"{path}: {said}"


def book_of(path: Path, **sheets: Sequence[Sequence[Any]]) -> None:
    """A workbook with these sheets; one whose name begins with "hidden" is hidden."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                sheet.write_row(row, 0, cells)
            if name.startswith("hidden"):
                sheet.hide()


def test_all_sheets_that_hold_the_mapped_headers_are_read(shop: Shop) -> None:
    """Call lists have a cover, then a sheet per tier; a row is named by its sheet. Hidden sheets are left alone."""
    book_of(
        shop.raw / "transactions.xlsx",
        cover=[["Call lists"], ["id", "is a customer"]],
        high=[HEAD, ["1", "2024-01-01", 5]],
        hidden=[HEAD, ["9", "2024-01-01", 5]],
        low=[["Low"], [], HEAD, ["2", "2024-01-01", 5], ["3", "x", 5]],
    )
    [profile] = shop.ingest(XLSX)
    assert shop.column("customer_id") == ["1", "2"]
    assert shop.aside() == [["transactions.xlsx (low)", "5", "when", "not_a_time", "x"]]
    assert list(profile.files) == ["transactions.xlsx"]


def test_a_stated_sheet(shop: Shop) -> None:
    """It alone is read, hidden or not; a misspelt one is answered with those that are there."""
    rows = [HEAD, ["1", "2024-01-01", 5]]
    path = shop.raw / "transactions.xlsx"
    book_of(path, orders=[HEAD, ["2", "2024-01-01", 5]], hidden=rows)
    shop.ingest(XLSX.model_copy(update={"sheet": "hidden"}), share=0.0)
    assert shop.column("customer_id") == ["1"]
    with pytest.raises(ExportError) as refused:
        shop.ingest(XLSX.model_copy(update={"sheet": "order"}))
    assert str(refused.value) == (
        f"{path}: no sheet 'order'; did you mean 'orders'? (sheets there: orders, hidden); correct `sheet` of its source"
    )


def test_titles_above_and_empty_columns_before(shop: Shop) -> None:
    """A header anywhere in the first rows and columns; a row of totals lacks its customer."""
    rows = [["", "Orders"], [], ["", *HEAD, ""], ["", "1", "2024-01-01", 5], ["", "", "Total", 5]]
    book_of(shop.raw / "transactions.xlsx", orders=rows)
    shop.ingest(XLSX)
    assert shop.column("customer_id") == ["1"]
    assert {line[1] for line in shop.aside()} == {"5"}


def test_amounts_of_text_are_read_by_evidence(shop: Shop) -> None:
    """A workbook of nothing but text says no more than a CSV: 1.234 beside 1.234,50 is more than a thousand."""
    rows = [["1", "2026-10-01", cell] for cell in ("1.234,50", "1.234", "12,00", "12.345")]
    write(shop.raw / "transactions.xlsx", [HEAD, *rows])
    shop.ingest(XLSX, share=0.0)
    assert [float(amount) for amount in shop.column("amount")] == [12, 1234, 1234.5, 12345]


@pytest.mark.parametrize(
    ("cells", "amounts"),
    [
        ([12.5, 7, "1.234,50", "2.345,00", "1.234", "99,90"], [12.5, 7, 1234.5, 2345, 1234, 99.9]),
        ([1.234, "¥1,234", "1,234.50"], [1.234, 1234, 1234.5]),
    ],
)
def test_numbers_and_text_in_one_column(shop: Shop, cells: list[Any], amounts: list[float]) -> None:
    """A number is what it says, and says nothing of the sign in which people wrote beside it."""
    write(
        shop.raw / "transactions.xlsx",
        [["id", "when", "paid"], *([str(n), "2024-01-01", cell] for n, cell in enumerate(cells))],
    )
    shop.ingest(transactions(path="transactions.xlsx"), share=0.0)
    assert [float(amount) for amount in shop.column("amount")] == amounts


def test_a_number_is_no_evidence_for_text(shop: Shop) -> None:
    """12.5 was typed; what 1.234 says in text, nothing tells."""
    write(
        shop.raw / "transactions.xlsx",
        [["id", "when", "paid"], ["1", "2024-01-01", 12.5], ["2", "2024-01-01", "1.234"]],
    )
    with pytest.raises(ExportError, match=r"'1\.234' is 1234 or 1\.234"):
        shop.ingest(transactions(path="transactions.xlsx"), share=0.0)


def test_cells_that_are_merged_over_rows(shop: Shop) -> None:
    """One order of two lines: the customer is meant for both, an amount that is merged once."""
    with xlsxwriter.Workbook(_made(shop) / "transactions.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["id", "when", "paid", "what"])
        sheet.merge_range(1, 0, 2, 0, "ann")
        sheet.merge_range(1, 1, 2, 1, "2024-01-01")
        sheet.write_column(1, 2, [5, 7])
        sheet.merge_range(3, 2, 4, 2, 9)
        sheet.write_column(3, 0, ["bob", "bob"])
        sheet.write_column(3, 1, ["2024-01-02", "2024-01-02"])
    shop.ingest(transactions(path="transactions.xlsx"))
    assert [(row["customer_id"], int(row["amount"])) for row in shop.rows()] == [("ann", 5), ("ann", 7), ("bob", 9)]
    assert [line[1:4] for line in shop.aside()] == [["5", "paid", "required"]]


def test_ids_that_a_spreadsheet_wrapped(shop: Shop) -> None:
    """A CSV that was opened and saved as a workbook keeps the signs around its ids."""
    cells = ["'00123", '="00456"', "`00789"]
    write(shop.raw / "transactions.xlsx", [["id", "when", "paid"], *([cell, "2024-01-01", 1] for cell in cells)])
    shop.ingest(transactions(path="transactions.xlsx"))
    assert shop.column("customer_id") == ["00123", "00456", "00789"]


@pytest.mark.parametrize(("pattern", "told"), [("00000", True), ("0", False), ("#,##0.00", False)])
def test_zeros_that_are_a_format_alone(shop: Shop, pattern: str, told: bool) -> None:
    """People see 00123 where the cell says 123: what they don't see is told."""
    with xlsxwriter.Workbook(_made(shop) / "transactions.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        sheet.write_number(1, 0, 123, book.add_format({"num_format": pattern}))
        sheet.write_row(1, 1, ["2024-01-01", 5])
    [profile] = shop.ingest(XLSX)
    assert shop.column("customer_id") == ["123"]
    assert ("zeros_by_format" in [note.kind for note in profile.told]) == told


def test_sheets_that_overlap(shop: Shop) -> None:
    """An order that stands in a month's sheet and in that of all orders is one."""
    rows = {
        "May": [("ann", 10, "A", "new"), ("ann", 20, "B", "new")],
        "all": [("ann", 10, "A", "done"), ("ann", 18, "B", "done")],
    }
    with xlsxwriter.Workbook(_made(shop) / "transactions.xlsx") as book:
        for name, cells in rows.items():
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["id", "when", "paid", "order", "state"])
            for place, (customer, paid, order, state) in enumerate(cells, 1):
                sheet.write_row(place, 0, [customer, "2024-05-01", paid, order, state])
    columns = {"customer_id": "id", "occurred_at": "when", "amount": "paid", "order_id": "order"}
    [profile] = shop.ingest(transactions(path="transactions.xlsx", columns=columns))
    assert sorted(map(int, shop.column("amount"))) == [10, 18, 20]
    assert [one.finding for one in profile.findings] == ["changed_between_files"]


def _made(shop: Shop) -> Path:
    shop.raw.mkdir(parents=True, exist_ok=True)
    return shop.raw


def test_an_id_of_more_digits_than_a_workbook_keeps(shop: Shop) -> None:
    """Excel keeps fifteen digits of a number; those behind them would be made up, so that nobody is called by them."""
    write(
        shop.raw / "transactions.xlsx",
        [HEAD, [202401011234567890, "2026-10-01", 5], [123456789012345, "2026-10-01", 5]],
    )
    shop.ingest(XLSX)
    assert shop.column("customer_id") == ["123456789012345"]
    assert shop.aside() == [["transactions.xlsx", "2", "id", "no_real_id", "2.02401011234568e+17"]]


def sheets(shop: Shop, **rows: Sequence[Sequence[Any]]) -> None:
    """A workbook of these sheets, in columns of their own."""
    shop.raw.mkdir(exist_ok=True)
    book = xlsxwriter.Workbook(shop.raw / "transactions.xlsx")
    for name, lines in rows.items():
        sheet = book.add_worksheet(name)
        for place, line in enumerate(lines):
            sheet.write_row(place, 0, line)
    book.close()


def test_a_sheet_that_lacks_a_column_is_refused(shop: Shop) -> None:
    """One sheet a month, of which one calls a column otherwise: as with several files."""
    sheets(shop, May=[HEAD, ["1", "2026-05-01", 5]], June=[["id", "when", "sum"], ["1", "2026-06-01", 5]])
    with pytest.raises(ExportError, match=r"transactions.xlsx: no column 'paid' .*columns there: id, when, sum"):
        shop.ingest(XLSX)


def test_a_sheet_without_a_header_is_told(shop: Shop) -> None:
    """What goes on in a second sheet without a header can't be read; notes needn't."""
    sheets(shop, May=[HEAD, ["1", "2026-05-01", 5]], Sheet2=[["1", "2026-06-01", 5]])
    [profile] = shop.ingest(XLSX)
    assert [note.line("en") for note in profile.told] == [
        "not read, since no mapped header stands in them: transactions.xlsx (Sheet2)"
    ]

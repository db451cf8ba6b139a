"""One export in many dresses: however a system writes it, the canonical tables are the same, byte for byte."""

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from churnml.config import Source
from churnml.ports import Engine
from intake import Shop

Rows = Sequence[Sequence[object]]


def at(text: str) -> datetime:
    """A moment to the minute."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M")  # noqa: DTZ007  an export without offsets


ORDERS = [
    ("00123", at("2026-01-05 09:03"), Decimal("1234.50"), "张三", "A-1"),
    ("00123", at("2026-01-25 21:30"), Decimal("-12.05"), "Smith, John", ""),
    ("123456789012345678", at("2026-02-03 00:00"), Decimal("1234567.89"), "王小明", "A-2"),
    ("123456789012345678", at("2026-03-04 12:15"), Decimal("0.99"), "", "A-3"),
    ("42", at("2025-12-31 23:59"), Decimal("-2345.10"), "O'Neil", ""),
    ("42", at("2026-01-13 00:05"), Decimal("999.00"), "Anne Miller", "A-4"),
]
PEOPLE = [
    ("00123", at("2020-05-17 08:00"), "张三", 'says "soon", again'),
    ("123456789012345678", at("2021-11-30 13:07"), "王小明", "first line\nsecond, line"),
    ("42", None, "O'Neil", ""),
    ("7", at("2022-01-02 00:00"), "Smith, John", "a;b|c\td"),
]
ENGLISH = (
    ["customer id", "ordered at", "amount paid", "name", "order no."],
    ["customer id", "signed up", "name", "note"],
)
CHINESE = ["客户编号", "下单时间", "金额", "姓名", "订单号"], ["客户编号", "注册时间", "姓名", "备注"]


def _tables(names: tuple[list[str], list[str]]) -> tuple[Source, Source]:
    """The mapping of both tables; `note` is what it is called in the table of customers."""
    (buyer, when, paid, what, number), (customer, joined, owner, plan) = names
    orders = {"customer_id": buyer, "occurred_at": when, "amount": paid, "product": what, "order_id": number}
    people = {"customer_id": customer, "signed_up_at": joined, "owner": owner, "segment": plan}
    return (
        Source(table="transactions", path="orders*", columns=orders),
        Source(table="customers", path="people*", columns=people),
    )


def _hour(moment: datetime) -> str:
    return f"{moment.hour % 12 or 12}:{moment:%M} {'AM' if moment.hour < 12 else 'PM'}"


DATES: dict[str, Callable[[datetime], str]] = {
    "iso": lambda moment: f"{moment:%Y-%m-%d %H:%M}",
    "iso T": lambda moment: f"{moment:%Y-%m-%dT%H:%M:00}",
    "slashed": lambda moment: f"{moment.year}/{moment.month}/{moment.day} {moment.hour}:{moment:%M}",
    "chinese": lambda moment: f"{moment.year}年{moment.month}月{moment.day}日 {moment.hour}时{moment:%M}分",
    "day first": lambda moment: f"{moment:%d/%m/%Y %H:%M}",
    "month first": lambda moment: f"{moment:%m/%d/%Y} {_hour(moment)}",
    "points": lambda moment: f"{moment:%d.%m.%Y %H:%M}",
}
_WIDE = str.maketrans("0123456789,.-", "０１２３４５６７８９，．－")
_CONTINENTAL = str.maketrans(",.", ".,")
NUMBERS: dict[str, Callable[[Decimal], str]] = {
    "plain": str,
    "grouped": lambda number: f"{number:,}",
    "yuan": lambda number: f"{'-' if number < 0 else ''}¥{abs(number):,}",
    "comma": lambda number: f"{number:,}".translate(_CONTINENTAL),
    "wide": lambda number: f"{number:,}".translate(_WIDE),
}


@dataclass(frozen=True)
class Dress:
    """How an export is written."""

    suffix: str = ".csv"
    encoding: str = "utf-8"
    delimiter: str = ","
    dates: str = "iso"
    numbers: str = "plain"
    names: tuple[list[str], list[str]] = field(default=ENGLISH)
    end: str = "\n"
    title: Sequence[str] = ()
    backwards: bool = False
    split: bool = False
    quoting: int = csv.QUOTE_MINIMAL

    def table(self, rows: Rows, names: list[str]) -> list[list[object]]:
        """The header and the rows, each cell as it is written."""
        lines: list[list[object]] = [list(names), *([self.cell(cell) for cell in row] for row in rows)]
        return [line[::-1] for line in lines] if self.backwards else lines

    def cell(self, cell: object) -> object:
        """A cell as it is written; typed files have types."""
        if isinstance(cell, datetime) and self.dates != "typed":
            return DATES[self.dates](cell)
        return NUMBERS[self.numbers](cell) if isinstance(cell, Decimal) and self.numbers != "typed" else cell

    def written(self, lines: list[list[object]]) -> bytes:
        """The content of a file."""
        suffix = self.suffix.removesuffix(".gz").removesuffix(".zip")
        content = {".xlsx": _workbook, ".parquet": _parquet, ".jsonl": _json_lines, ".json": _json}.get(
            suffix, self._text
        )(lines)
        if self.suffix.endswith(".gz"):
            return gzip.compress(content)
        return _zipped(f"part{suffix}", content) if self.suffix.endswith(".zip") else content

    def _text(self, lines: list[list[object]]) -> bytes:
        out = io.StringIO(newline="")
        out.writelines(line + self.end for line in self.title)
        writer = csv.writer(out, delimiter=self.delimiter, lineterminator=self.end, quoting=self.quoting)
        writer.writerows([["" if cell is None else cell for cell in line] for line in lines])
        return out.getvalue().encode(self.encoding)


def _workbook(lines: list[list[object]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    shown, sheet = book.add_format({"num_format": "yyyy-mm-dd hh:mm"}), book.add_worksheet()
    for row, line in enumerate(lines):
        for column, cell in enumerate(line):
            if isinstance(cell, datetime):
                sheet.write_datetime(row, column, cell, shown)
            elif isinstance(cell, Decimal):
                sheet.write_number(row, column, float(cell))
            elif cell:
                sheet.write_string(row, column, str(cell))
    book.close()
    return out.getvalue()


def _parquet(lines: list[list[object]]) -> bytes:
    names, *rows = lines
    out = io.BytesIO()
    columns = [pa.array([None if cell == "" else cell for cell in column]) for column in zip(*rows, strict=True)]
    pq.write_table(pa.Table.from_arrays(columns, names=names), out)
    return out.getvalue()


def _objects(lines: list[list[object]]) -> list[dict[str, object]]:
    names, *rows = lines
    return [{str(name): cell for name, cell in zip(names, row, strict=True) if cell is not None} for row in rows]


def _json_lines(lines: list[list[object]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False, default=_plain) + "\n" for row in _objects(lines)).encode()


def _json(lines: list[list[object]]) -> bytes:
    return json.dumps(_objects(lines), default=_plain, indent=1).encode()


def _plain(cell: object) -> object:
    return float(cell) if isinstance(cell, Decimal) else str(cell)


def _zipped(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def tables(shop: Shop, dress: Dress, orders: Rows = ORDERS, people: Rows = PEOPLE) -> dict[str, bytes]:
    """The canonical tables of the export in a dress; nothing of it may be set aside."""
    for stem, rows, names in (("orders", orders, dress.names[0]), ("people", people, dress.names[1])):
        cut = len(rows) // 2 if dress.split else len(rows)
        for number, part in enumerate(filter(None, (rows[:cut], rows[cut:]))):
            shop.write(f"{stem}_{number}{dress.suffix}", dress.written(dress.table(part, names)))
    profiles = shop.ingest(*_tables(dress.names), share=0.0, timezone="Asia/Shanghai")
    assert [(profile.rows_in, profile.kept) for profile in profiles] == [
        (len(orders), len(orders)),
        (len(people), len(people)),
    ]
    return {name: content for name, content in shop.everything().items() if name.startswith("tables/")}


@pytest.fixture(scope="module")
def straight(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The tables of the plainest dress, checked by their values."""
    shop = Shop(tmp_path_factory.mktemp("straight"), engine)
    made = tables(shop, Dress())
    assert sorted(made) == ["tables/customers.parquet", "tables/transactions.parquet"]
    assert set(shop.column("customer_id")) == {"00123", "123456789012345678", "42"}
    assert sorted(shop.column("amount")) == sorted(row[2] for row in ORDERS)
    assert {f"{day}" for day in shop.column("occurred_on")} == {f"{row[1]:%Y-%m-%d}" for row in ORDERS}
    assert shop.column("segment", "customers") == [row[3] or None for row in PEOPLE]
    return made


DRESSES = {
    "utf-8 with a mark": Dress(encoding="utf-8-sig"),
    "utf-16 with tabs": Dress(".txt", "utf-16", "\t"),
    "utf-16 without a mark": Dress(encoding="utf-16-le"),
    "gb18030, chinese headers": Dress(encoding="gb18030", names=CHINESE),
    "gb18030, chinese times, yuan": Dress(encoding="gb18030", names=CHINESE, dates="chinese", numbers="yuan", end="\r\n"),
    "semicolons": Dress(delimiter=";"),
    "bars": Dress(".txt", delimiter="|"),
    "windows line ends": Dress(end="\r\n"),
    "every cell quoted": Dress(quoting=csv.QUOTE_ALL),
    "slashed days, grouped": Dress(dates="slashed", numbers="grouped"),
    "day first, tabs, split": Dress(".tsv", delimiter="\t", dates="day first", split=True),
    "month first with AM and PM": Dress(dates="month first"),
    "month first, grouped, title": Dress(dates="month first", numbers="grouped", title=["Orders of our shop", ""]),
    "points": Dress(dates="points"),
    "points, decimal comma, semicolons": Dress(delimiter=";", dates="points", numbers="comma"),
    "decimal comma, tabs, utf-16": Dress(".txt", "utf-16", "\t", dates="points", numbers="comma", end="\r\n"),
    "grouped": Dress(numbers="grouped"),
    "yuan": Dress(numbers="yuan", names=CHINESE),
    "full width": Dress(numbers="wide", names=CHINESE),
    "full width, gb18030, title": Dress(encoding="gb18030", numbers="wide", names=CHINESE, title=["订单明细", "导出人：李四"]),
    "columns backwards": Dress(backwards=True),
    "title, backwards, semicolons, crlf": Dress(delimiter=";", title=["Export"], backwards=True, end="\r\n"),
    "split, backwards, chinese": Dress(split=True, backwards=True, names=CHINESE),
    "gz": Dress(".csv.gz"),
    "gz, gb18030, tabs": Dress(".tsv.gz", "gb18030", "\t", names=CHINESE, dates="slashed"),
    "zip of csv": Dress(".csv.zip"),
    "zip of xlsx": Dress(".xlsx.zip", dates="typed", numbers="typed"),
    "zip of jsonl": Dress(".jsonl.zip", dates="chinese"),
    "workbook of text": Dress(".xlsx", dates="slashed", numbers="grouped"),
    "workbook of values": Dress(".xlsx", dates="typed", numbers="typed", names=CHINESE),
    "workbook, backwards, split": Dress(".xlsx", dates="typed", numbers="typed", backwards=True, split=True),
    "parquet of text": Dress(".parquet"),
    "parquet of values, split": Dress(".parquet", dates="typed", numbers="typed", split=True, names=CHINESE),
    "json lines, gz": Dress(".jsonl.gz", dates="iso T", numbers="typed", names=CHINESE),
    "json array": Dress(".json", dates="month first", numbers="grouped"),
}  # fmt: skip


@pytest.mark.parametrize("dress", DRESSES.values(), ids=list(DRESSES))
def test_a_dress_changes_nothing(shop: Shop, straight: dict[str, bytes], dress: Dress) -> None:
    """Encoding, delimiter, dates, numbers, kind of file, headers, title, order and split are the dress, not the export."""
    assert tables(shop, dress) == straight


TRADITIONAL = str.maketrans({"张": "張"})
_OTHERS = {
    "cp950": (["客戶編號", "下單時間", "金額", "姓名", "訂單號"], ["客戶編號", "註冊時間", "姓名", "備註"], {"三": "張", "王": "陳"}),
    "cp1252": (["Kundennr.", "Bestellt am", "Betrag (€)", "Name", "Größe"], ["Kundennr.", "Seit", "Name", "Notiz für uns"],
               {"张三": "Müller", "王小明": "Désirée Gößmann"}),
}  # fmt: skip


@pytest.mark.parametrize("dates", ["iso", "points"])
@pytest.mark.parametrize("encoding", list(_OTHERS))
def test_an_older_encoding_changes_nothing(shop: Shop, encoding: str, dates: str) -> None:
    """Big5 and Windows-1252 can't hold the export above; one that they can is read as it is in UTF-8."""
    orders, people, words = _OTHERS[encoding]

    def within(cell: object) -> object:
        for old, new in words.items() if isinstance(cell, str) else ():
            cell = str(cell).replace(old, new)
        return cell.translate(TRADITIONAL) if isinstance(cell, str) else cell

    rows = [[[within(cell) for cell in row] for row in table] for table in (ORDERS, PEOPLE)]
    dress = Dress(encoding=encoding, names=(orders, people), dates=dates, delimiter=";", numbers="comma")
    assert tables(shop, dress, *rows) == tables(shop, replace(dress, encoding="utf-8"), *rows)

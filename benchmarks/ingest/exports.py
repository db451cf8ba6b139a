"""Small exports, right and mutated, each made from its number alone."""

import csv
import gzip
import io
import json
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

_HEADERS = {
    "transactions": {"customer_id": "编号", "occurred_at": "下单时间", "amount": "金额", "product": "note"},
    "customers": {"customer_id": "Kundennr", "signed_up_at": "joined on"},
    "tickets": {"customer_id": "id", "opened_at": "opened", "ticket_id": "number", "resolved_at": "closed"},
}
_MORE = {"transactions": ["城市", "line"], "customers": ["城市", "Größe", "note"], "tickets": ["text"]}
_NAMES = ["张三", "李四", "Müller", "O'Neil", "Smith, John", 'a "b" c', "", "王小明", "naïve", "two\nlines"]
_TIMES = [
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
    "%Y/%m/%d %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%Y年%m月%d日",
    "%m/%d/%Y %I:%M %p",
    "%d/%m/%Y",
]
_ENCODINGS = ["utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "gb18030", "cp950", "cp1252"]
_DELIMITERS = [",", ",", ";", "\t", "|"]
_SUFFIXES = [
    ".csv",
    ".tsv",
    ".txt",
    ".jsonl",
    ".json",
    ".xlsx",
    ".xls",
    ".xlsm",
    ".parquet",
    ".zip",
    ".csv.gz",
    ".jsonl.gz",
]
_ODD_TIMES = [
    "0000-00-00", "9999-12-31", "2024-02-30", "1.1.1", "13/13/2024", "294247-01-10", "2024-01-01T00:00:00+99:99",
    "99999999999999", "2024-01-01 25:61", "-1", "1e400", "١/١/٢٠٢٤", "2024-01-01 10:00 XM", "0001-01-01", "45000.99999",
    "2024-06-01 12:00:00.123456789", "32 Jan 2024", "Jan 5, 2026 9:03 PM", "290000-01-01", "20241332", "9999999999999999",
    "12/31/9999", "2024-01-01 00:00:00+14:00", "2024年13月1日 下午25时", "infinity", "-infinity", "epoch", "1/1/0000",
]  # fmt: skip
_ODD_NUMBERS = [
    "1e999", "-1e308", "1e-400", "NaN", "inf", "99999999999999999999999999999999999999", "9999999999999999999999亿", "1,2,3",
    "1.2.3", "--1", "+", ".", ",", "1.234", "1,234", "1_000", "0x1F", "١٢", "1e", "(1", "１，２３４．５", "100%", "¥", "1 2 3",
    "9999999999999999999999万", "99999999999999999999.99999999%", "-0", "1" * 400, "1,23,456.7", "1'000", "€-5", "5-",
    "99999999999999", "999999999999999", "12345678901234亿", "1e17", "1e14", "0." + "0" * 300 + "1",
]  # fmt: skip
_CONTROLS = [
    "\x00",
    "\x01",
    "\x07",
    "\x0b",
    "\x0c",
    "\x1b[31m",
    "\x1c",
    "\x1e",
    "\x1f",
    "\x7f",
    "\x85",
    "\u2028",
    "\u200b",
    "\ufeff",
    "\u202e",
    "\x1a",
]


@dataclass
class Case:
    """One export.

    Attributes:
        table: that it feeds.
        columns: canonical column -> header.
        name: of the file.
        content: of the file.
        readable: encoding, delimiter and text of a CSV that Python's csv module can read as well; None where it can't.
        done: what was done to it.
    """

    table: str
    columns: dict[str, str]
    name: str = ""
    content: bytes = b""
    readable: tuple[str, str] | None = None
    done: list[str] = field(default_factory=list)
    share: float = 1.0


def case(seed: int, number: int) -> Case:
    """The export of a number."""
    dice = random.Random(f"{seed}/{number}")
    made = Case(table := dice.choice(list(_HEADERS)), dict(_HEADERS[table]), share=dice.choice([1.0, 1.0, 0.2]))
    rows = _rows(dice, table)
    for change in dice.sample(_OF_ROWS, dice.choice([0, 0, 1, 1, 2])):
        if rows[0]:
            made.done.append(change.__name__)
            change(dice, rows)
    kind = dice.choice(["text"] * 6 + ["workbook"] * 2 + ["parquet"] * 2 + ["json"] * 3)
    made.done.append(kind)
    {"text": _text, "workbook": _workbook, "parquet": _parquet, "json": _json}[kind](dice, rows, made)
    if made.readable is None or dice.random() < 0.3:
        for change in dice.sample(_OF_BYTES, dice.choice([0, 0, 1, 1, 2])):
            made.done.append(change.__name__)
            made.content, made.readable = change(dice, made.content), None
    _packed(dice, made)
    if dice.random() < 0.06:
        made.done.append("wrong suffix")
        made.name, made.readable = f"export{dice.choice(_SUFFIXES)}", None
    return made


def _rows(dice: random.Random, table: str) -> list[list[str]]:
    """A header and a few rows."""
    names = [*_HEADERS[table].values(), *_MORE[table]]
    style, comma = dice.choice(_TIMES), dice.random() < 0.2
    start = datetime(2023, 1, 1)  # noqa: DTZ001  an export without offsets
    rows = [names]
    for _ in range(dice.choice([0, 1, 2, 5, 5, 20, 20, 60, 60])):
        at = start + timedelta(minutes=dice.randrange(1_000_000))
        amount = f"{dice.randrange(-99_999, 999_999) / 100:.2f}"
        cells = {
            "编号": f"{dice.randrange(40):05}", "Kundennr": str(dice.randrange(10**17, 10**18)), "id": f"c{dice.randrange(9)}",
            "金额": amount.replace(".", ",") if comma else amount, "number": str(dice.randrange(10**6)),
            **dict.fromkeys(("下单时间", "joined on", "opened"), at.strftime(style)),
            "closed": dice.choice(["", (at + timedelta(days=1)).strftime(style)]), "line": str(dice.randrange(3)),
        }  # fmt: skip
        rows.append([cells[name] if name in cells else dice.choice(_NAMES) for name in names])
    return rows


def _somewhere(dice: random.Random, rows: list[list[str]]) -> tuple[int, int]:
    row = dice.randrange(len(rows))
    return row, dice.randrange(len(rows[row]) or 1)


def _put(dice: random.Random, rows: list[list[str]], value: str) -> None:
    row, column = _somewhere(dice, rows)
    if rows[row]:
        rows[row][column] = value


def odd_cells(dice: random.Random, rows: list[list[str]]) -> None:
    for row in rows[1:]:
        for place in range(1, len(row)):
            if dice.random() < 0.15:
                row[place] = dice.choice(_ODD_TIMES + _ODD_NUMBERS)


def odd_column(dice: random.Random, rows: list[list[str]]) -> None:
    place, odd = dice.randrange(1, 3), dice.choice([_ODD_TIMES, _ODD_NUMBERS])
    for row in rows[1:]:
        if place < len(row):
            row[place] = dice.choice(odd)


def controls(dice: random.Random, rows: list[list[str]]) -> None:
    for _ in range(dice.choice([1, 3])):
        row, column = _somewhere(dice, rows)
        if rows[row]:
            rows[row][column] = dice.choice(["{0}{1}", "{1}{0}", "{1}"]).format(
                rows[row][column], dice.choice(_CONTROLS)
            )


def huge_cell(dice: random.Random, rows: list[list[str]]) -> None:
    _put(dice, rows, dice.choice(["x", "长", '"', "1", ","]) * dice.choice([200, 5_000, 140_000]))


def huge_header(dice: random.Random, rows: list[list[str]]) -> None:
    rows[0][dice.randrange(len(rows[0]))] = dice.choice(["x", "长 ", "a\n"]) * dice.choice([300, 5_000])


def many_columns(_: random.Random, rows: list[list[str]]) -> None:
    for number, row in enumerate(rows):
        row += [f"{'a long name of a column' if not number else ''} {count}" for count in range(300)]


def renamed(dice: random.Random, rows: list[list[str]]) -> None:
    column = dice.randrange(len(rows[0]))
    name = rows[0][column]
    odd = [
        "",
        " ",
        f"\n{name}\n",
        name.upper(),
        f"{name}\nvalue",
        f"{name} ",
        "amount",
        ":row",
        "=x",
        "Größe 2",
        f"{name}\x00",
        '"',
    ]
    rows[0][column] = dice.choice(odd)


def doubled(dice: random.Random, rows: list[list[str]]) -> None:
    one, two = dice.choices(range(len(rows[0])), k=2)
    rows[0][one] = dice.choice([str, str.upper, str.title, lambda name: f" {name}\n"])(rows[0][two])


def column_gone(dice: random.Random, rows: list[list[str]]) -> None:
    column = dice.randrange(len(rows[0]))
    for row in rows:
        del row[column : column + 1]


def ragged(dice: random.Random, rows: list[list[str]]) -> None:
    for _ in range(dice.choice([1, 4])):
        row = rows[dice.randrange(len(rows))]
        if dice.random() < 0.5 and row:
            row.pop()
        else:
            row.append(dice.choice(["", "more"]))


def titled(dice: random.Random, rows: list[list[str]]) -> None:
    rows[:0] = [
        dice.choice([["Export of 2024"], [""], ["note", ""], ["a", "b", "c", "d"]])
        for _ in range(dice.choice([1, 3, 60]))
    ]


def blank_rows(dice: random.Random, rows: list[list[str]]) -> None:
    rows.insert(dice.randrange(len(rows) + 1), dice.choice([[], [""] * len(rows[0]), [" "] * len(rows[0])]))


def repeated(dice: random.Random, rows: list[list[str]]) -> None:
    rows += [list(row) for row in rows[1:] if dice.random() < 0.5]


def header_again(dice: random.Random, rows: list[list[str]]) -> None:
    rows.insert(dice.randrange(len(rows) + 1), list(rows[0]))


def shuffled(dice: random.Random, rows: list[list[str]]) -> None:
    order = dice.sample(range(len(rows[0])), len(rows[0]))
    rows[:] = [[row[place] for place in order if place < len(row)] for row in rows]


def no_header(_: random.Random, rows: list[list[str]]) -> None:
    del rows[0]
    if not rows:
        rows.append([""])


_OF_ROWS: list[Callable[[random.Random, list[list[str]]], None]] = [
    odd_cells, odd_cells, odd_column, controls, controls, huge_cell, huge_header, many_columns, renamed, renamed, doubled,
    column_gone, ragged, ragged, titled, blank_rows, repeated, header_again, shuffled, no_header,
]  # fmt: skip


def _text(dice: random.Random, rows: list[list[str]], made: Case) -> None:
    delimiter, end = dice.choice(_DELIMITERS), dice.choice(["\n", "\n", "\r\n", "\r"])
    encoding = dice.choice(_ENCODINGS)
    out = io.StringIO(newline="")
    writer = csv.writer(
        out, delimiter=delimiter, lineterminator=end, quoting=dice.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
    )
    writer.writerows(rows)
    text, whole = out.getvalue(), True
    if dice.random() < 0.35:
        change = dice.choice(_OF_TEXT)
        made.done.append(change.__name__)
        text, whole = change(dice, text), change is mixed_ends
    try:
        made.content = text.encode(encoding)
    except UnicodeEncodeError:
        encoding = dice.choice(["utf-8", "gb18030"])
        made.content = text.encode(encoding, "replace")
    made.done.append(f"{encoding} {delimiter!r} {end!r}")
    made.name = f"export{dice.choice(['.csv', '.csv', '.tsv', '.txt', '.CSV'])}"
    made.readable = (encoding, delimiter) if whole else None


def swapped_delimiter(dice: random.Random, text: str) -> str:
    place = dice.randrange(len(text) + 1)
    return text[:place] + text[place:].translate(str.maketrans(",;\t|", ";,|\t"))


def lone_quote(dice: random.Random, text: str) -> str:
    place = dice.randrange(len(text) + 1)
    return text[:place] + dice.choice(['"', '"', '""', '","', "'"]) + text[place:]


def fewer_quotes(dice: random.Random, text: str) -> str:
    return text.replace('"', "", dice.choice([1, 3, -1]))


def mixed_ends(dice: random.Random, text: str) -> str:
    return "".join(
        line.rstrip("\r\n") + dice.choice(["\n", "\r\n", "\r", "\n\n"]) for line in text.splitlines(keepends=True)
    )


def no_ends(_: random.Random, text: str) -> str:
    return text.replace("\n", "").replace("\r", "")


def a_separator(dice: random.Random, text: str) -> str:
    return dice.choice(["sep=;\n", "\ufeff\ufeff", "\n\n\n", "#", " ", "\x00"]) + text


_OF_TEXT = [swapped_delimiter, lone_quote, lone_quote, fewer_quotes, mixed_ends, mixed_ends, no_ends, a_separator]


def flipped(dice: random.Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(dice.choice([1, 3, 20])):
        if changed:
            changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


def deleted(dice: random.Random, content: bytes) -> bytes:
    start = dice.randrange(len(content) + 1)
    return content[:start] + content[start + dice.choice([1, 2, 30]) :]


def duplicated(dice: random.Random, content: bytes) -> bytes:
    start = dice.randrange(len(content) + 1)
    part = content[start : start + dice.choice([1, 2, 200])]
    return content[:start] + part * dice.choice([2, 5]) + content[start:]


def inserted(dice: random.Random, content: bytes) -> bytes:
    start = dice.randrange(len(content) + 1)
    return content[:start] + dice.randbytes(dice.choice([1, 2, 30])) + content[start:]


def truncated(dice: random.Random, content: bytes) -> bytes:
    return content[: dice.randrange(len(content) + 1)]


def emptied(dice: random.Random, _: bytes) -> bytes:
    return dice.choice(
        [
            b"",
            b"\n",
            b"\r\n\r\n",
            b"\xef\xbb\xbf",
            b"\xff\xfe",
            b"\x00",
            b" ",
            b"\xff\xfe\x00\x00",
            b'"',
            b"[]",
            b"{}",
            b"null",
        ]
    )


def zeros(dice: random.Random, content: bytes) -> bytes:
    start = dice.randrange(len(content) + 1)
    return content[:start] + b"\x00" * dice.choice([1, 4, 4096]) + content[start:]


def another_encoding(dice: random.Random, content: bytes) -> bytes:
    more = "\n张三,Müller,臺北;Łódź\n".encode(dice.choice(["utf-8", "gb18030", "utf-16", "utf-8-sig"]))
    return dice.choice([content + more, more + content])


_OF_BYTES = [flipped, flipped, deleted, duplicated, inserted, truncated, truncated, emptied, zeros, another_encoding]


def _workbook(dice: random.Random, rows: list[list[str]], made: Case) -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "nan_inf_to_errors": True})
    day = book.add_format({"num_format": dice.choice(["yyyy-mm-dd hh:mm", "h:mm", "[h]:mm", "0.00%", "@"])})
    for sheet in [
        book.add_worksheet("one"),
        *(book.add_worksheet(f"表{count}") for count in range(dice.choice([0, 0, 1, 2]))),
    ]:
        for place, row in enumerate(rows, dice.choice([0, 0, 2, 60])):
            for column, cell in enumerate(row):
                _cell(dice, sheet, place, column, cell[:32_000], day)
        if dice.random() < 0.1:
            sheet.merge_range(0, 0, 0, 3, "merged")
        if dice.random() < 0.1:
            sheet.hide()
    try:
        book.close()
    except xlsxwriter.exceptions.XlsxWriterException:
        made.done.append("nothing but hidden sheets")
    made.content, made.name = out.getvalue(), f"export{dice.choice(['.xlsx', '.xlsx', '.xlsm'])}"
    if dice.random() < 0.5:
        made.content = _inside(dice, made)


def _cell(dice: random.Random, sheet: Any, row: int, column: int, cell: str, day: Any) -> None:
    how = dice.random()
    if how < 0.8:
        sheet.write_string(row, column, cell)
    elif how < 0.85:
        sheet.write_number(row, column, dice.choice([0, -1, 45000.5, 1e300, 1e-300, 2.5, 123456789012345678, 3e9]), day)
    elif how < 0.9:
        moment = datetime(2024, 1, 1, 9, 3)  # noqa: DTZ001  an export without offsets
        sheet.write_datetime(row, column, dice.choice([moment, date(1900, 1, 1), date(9999, 12, 31)]), day)
    elif how < 0.93:
        sheet.write_boolean(row, column, True)
    elif how < 0.97:
        sheet.write_formula(row, column, "=1/0", None, dice.choice(["#DIV/0!", "#N/A", "5", "TRUE", ""]))


def _inside(dice: random.Random, made: Case) -> bytes:
    """The workbook with one of its parts mutated and packed again."""
    change = dice.choice(_OF_BYTES)
    made.done.append(f"inside: {change.__name__}")
    out = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(made.content)) as old, zipfile.ZipFile(out, "w") as new:
            chosen = dice.choice([name for name in old.namelist() if "xl/" in name] or old.namelist())
            for name in old.namelist():
                if name != chosen or dice.random() < 0.9:
                    new.writestr(name, change(dice, old.read(name)) if name == chosen else old.read(name))
    except zipfile.BadZipFile:
        return made.content
    return out.getvalue()


def _parquet(dice: random.Random, rows: list[list[str]], made: Case) -> None:
    names, *body = rows
    arrays = [
        _array(dice, [row[place] if place < len(row) else None for row in body]) if body else pa.array([], pa.string())
        for place in range(len(names))
    ]
    table = pa.Table.from_arrays(arrays, names=names)
    out = io.BytesIO()
    pq.write_table(
        table, out, compression=dice.choice(["snappy", "none", "zstd"]), row_group_size=dice.choice([1, 7, 1000])
    )
    made.content, made.name = out.getvalue(), "export.parquet"


def _array(dice: random.Random, cells: list[str | None]) -> pa.Array:
    """Cells as text, or something else in their place."""
    moment, count = datetime(2024, 1, 1, 9, 3), len(cells)  # noqa: DTZ001  an export without offsets
    others: list[Callable[[], pa.Array]] = [
        lambda: pa.array([5.5, float("inf"), float("nan"), None, 1e300] * count, pa.float64()),
        lambda: pa.array([1.5, None, 65504] * count, pa.float32()),
        lambda: pa.array([2**63 - 1, -1, None] * count, pa.int64()),
        lambda: pa.array([2**64 - 1, 0] * count, pa.uint64()),
        lambda: pa.array([Decimal("1.234567890123456789012345678"), None] * count, pa.decimal128(38, 27)),
        lambda: pa.array([Decimal(10) ** 60, None] * count, pa.decimal256(76, 2)),
        lambda: pa.array([moment, None] * count, pa.timestamp("ns", "Asia/Shanghai")),
        lambda: pa.array([2**50, -(2**50), 0] * count, pa.timestamp("s")),
        lambda: pa.array([2**31 - 1, -(2**31), 0] * count, pa.date32()),
        lambda: pa.array([moment.date()] * count, pa.date64()),
        lambda: pa.array([moment.time()] * count, pa.time64("us")),
        lambda: pa.array([timedelta(days=1)] * count, pa.duration("ms")),
        lambda: pa.array([True, None] * count, pa.bool_()),
        lambda: pa.nulls(count),
        lambda: pa.array([b"\xff", b"1"] * count, pa.binary()),
        lambda: pa.array([["a"], []] * count, pa.list_(pa.string())),
        lambda: pa.array([{"x": 1}, None] * count, pa.struct([("x", pa.int8())])),
        lambda: pa.array([[("k", 1)]] * count, pa.map_(pa.string(), pa.int8())),
        lambda: pa.array(cells, pa.large_string()),
        lambda: pa.array(cells, pa.string()).dictionary_encode(),
        lambda: pa.array(cells, pa.string_view()),
    ]
    return dice.choice(others)().slice(0, count) if dice.random() < 0.25 else pa.array(cells, pa.string())


def _json(dice: random.Random, rows: list[list[str]], made: Case) -> None:
    names, *body = rows
    objects: list[Any] = [dict(zip(names, row, strict=False)) for row in body]
    odd = [
        None, True, 0.1, -5, 1e300, 10**40, [], {}, [{"a": [1]}], {"x": {"y": None}}, "\ud800", "\x00", "a\nb", float("nan"),
        float("inf"), "\u2028",
    ]  # fmt: skip
    if dice.random() < 0.5:
        for row in objects:
            for name in list(row):
                if dice.random() < 0.05:
                    row[name] = dice.choice(odd)
                elif dice.random() < 0.02:
                    row[dice.choice([f"{name}\n", "", "\ud800", " ", f"{name}2", ":x", "Note"])] = row.pop(name)
    if objects and dice.random() < 0.1:
        objects[dice.randrange(len(objects))] = dice.choice(odd)
    plain = dice.random() < 0.5
    lines = [json.dumps(row, ensure_ascii=True if "\\ud8" in json.dumps(row) else plain) for row in objects]
    text = "[" + ",\n".join(lines) + "]" if dice.random() < 0.4 else "\n".join(lines)
    if dice.random() < 0.05:
        text = dice.choice(
            ["[" * 100_000, '{"a":' * 50_000, "[1", '{"id": 1', "1" * 5000, text + "]", text + text, '{"a":1}{"b":2}']
        )
    made.content = text.encode(dice.choice(["utf-8", "utf-8", "utf-8-sig", "utf-16", "gb18030"]), "replace")
    made.name = f"export{dice.choice(['.jsonl', '.json', '.ndjson'])}"


def _packed(dice: random.Random, made: Case) -> None:
    how = dice.random()
    if how < 0.12 and not made.name.endswith((".xlsx", ".xlsm", ".parquet")):
        made.done.append("gz")
        made.name, made.content = f"{made.name}.gz", gzip.compress(made.content)
    elif how < 0.22:
        made.done.append("zip")
        out = io.BytesIO()
        with zipfile.ZipFile(
            out, "w", dice.choice([zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
        ) as packed:
            packed.writestr(dice.choice([made.name, f"导出/{made.name}", f"../{made.name}"]), made.content)
            if dice.random() < 0.2:
                packed.writestr(dice.choice(["__MACOSX/._x.csv", "readme.pdf", "a/"]), b"")
        made.name, made.content = "export.zip", out.getvalue()
    else:
        return
    if made.readable is None and dice.random() < 0.4:
        change = dice.choice(_OF_BYTES)
        made.done.append(f"packed, then {change.__name__}")
        made.content = change(dice, made.content)


def rows_of(made: Case, content: bytes) -> int | None:
    """How many rows Python's csv module finds below the header; None where it can't tell."""
    if made.readable is None:
        return None
    encoding, delimiter = made.readable
    csv.field_size_limit(1 << 24)
    text = content.decode(encoding).removeprefix("\ufeff")
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    wanted = {_loose(name) for name in made.columns.values()}
    header = next(
        (place for place, cells in enumerate(records[:50]) if wanted <= {_loose(cell) for cell in cells}), None
    )
    if header is None:
        return None
    width = len(records[header])
    return sum(bool(cells) and (len(cells) != width or any(cells)) for cells in records[header + 1 :])


def _loose(name: str) -> str:
    return "".join(name.split()).casefold()


def written(made: Case, folder: Path) -> Path:
    """The export as a file."""
    folder.mkdir(parents=True)
    path = folder / made.name
    path.write_bytes(made.content)
    return path

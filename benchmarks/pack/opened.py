"""What a spreadsheet shows of a pack: 10,000 nasty rows, opened by LibreOffice and compared cell by cell.

    python benchmarks/pack/opened.py [--rows 10000] [--keep FOLDER]

Needs LibreOffice (`soffice` on the path; Debian: apt-get install libreoffice-calc). Each file is opened without a window
and saved as a workbook; python-calamine reads what LibreOffice understood. CSVs are opened as by double click: UTF-8,
commas, each column by the spreadsheet's own guess.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pandas as pd
import pyarrow as pa
from python_calamine import load_workbook

from churnml.score.files import Files, write_files
from churnml.score.sheets import SHEET_ROWS
from churnml.spreadsheet import defused, kept_as_text

HOW = Files(
    locale="zh-CN",
    csv_ids="excel",
    currency="CNY",
    tiers=["high", "low"],
    contacted=["high"],
    keep=["name", "phone", "note", "limit", "since", "seen"],
    as_of=date(2024, 1, 5),
    project="演示",
)
IDS: list[Callable[[int], str]] = [
    lambda i: f"{i:08d}",
    lambda i: f"{10**17 + i}",
    lambda i: f"+86138{i:08d}",
    lambda i: f"{i}E5",
    lambda i: f"A-{i}",
    lambda i: f"{1 + i % 28}-{1 + i % 12}-{2000 + i}",
    lambda i: f"{i}/7",
    lambda i: f"MAR{i}",
    lambda i: f"客户{i:06d}",
    lambda i: f"{i}.10",
]
NAMES = [
    "张三",
    "O'Neil, Ann",
    'Bo "Bobby" Lee',
    "李雷 👩‍👩‍👧 🎉",
    "two\nlines",
    "Zoë Müller",
    "欧阳 娜娜",
    " led by a space",
    "<r>x</r>",
    "_x0041_",
]
NOTES = [
    '=HYPERLINK("http://example.org","click")', "-2+3+cmd", "@SUM(1)", "+1", "＝1+1", "\t=1", "00123", "2024-01", "1/2", "TRUE",
    "May", "12 Hill Road", "3月4日", "9:30", "50%", "1,000", None, "a;b", "http://example.org", "x" * 300,
]  # fmt: skip
DAYS = datetime(1950, 1, 1)  # noqa: DTZ001  as the customers table has it


def frame(rows: int) -> pd.DataFrame:
    """Customers whom a spreadsheet would bend, one by one in another way."""
    i = np.arange(rows)
    return pd.DataFrame(
        {
            "rank": i + 1,
            "customer_id": [IDS[n % len(IDS)](n) for n in i],
            "tier": "high",
            "held": False,
            "risk": (i % 1000) / 1000,
            "value": i * 1.25,
            "expected_loss": i * 0.5 - 100,
            "days_since_purchase": i % 90,
            "usual_gap_days": (i % 50) / 10,
            "recent_spend": np.where(i % 7 == 0, np.nan, i - 50.25),
            "rfm": [f"{1 + n % 5}{1 + n % 3}{1 + n % 4}" for n in i],
            "before": [("high", "low", None)[n % 3] for n in i],
            "name": [NAMES[n % len(NAMES)] for n in i],
            "phone": [f"+86 138-{n // 10000:04d}-{n % 10000:04d}" if n % 2 else f"010{n:08d}" for n in i],
            "note": [NOTES[n % len(NOTES)] for n in i],
            "limit": [-1234.56 * (n % 11) for n in i],
            "since": [(DAYS + timedelta(days=int(n) * 5)).date() for n in i],
            "seen": [DAYS + timedelta(hours=int(n) * 7) for n in i],
        }
    )


def opened(path: Path, out: Path, options: str = "") -> Path:
    """The workbook that LibreOffice makes of a file."""
    words = ["--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), str(path)]
    if options:
        words[1:1] = [f"--infilter=CSV:{options}"]
    profile = f"-env:UserInstallation=file://{out / 'profile'}"
    subprocess.run(["soffice", profile, *words], check=True, capture_output=True, timeout=300)
    return out / f"{path.stem}.xlsx"


def changed(path: Path, sheet: int, expected: pd.DataFrame, first: tuple[str, ...]) -> Iterator[str]:
    """Cells that aren't what they were, told as one line for each column; `first` names the columns from the left."""
    shown = load_workbook(path).get_sheet_by_index(sheet).to_python()[1:]
    if len(shown) != len(expected):
        yield f"{len(expected):,} rows became {len(shown):,}"
        return
    for place, name in enumerate(first):
        pairs = [(was, row[place]) for was, row in zip(expected[name], shown, strict=True)]
        wrong = [(was, now) for was, now in pairs if not same(was, now)]
        if wrong:
            yield f"{name}: {len(wrong):,} changed, such as {wrong[:3]}"


def same(was: Any, now: Any) -> bool:
    """Whether a cell shows what it was given."""
    if was is None or (isinstance(was, float) and np.isnan(was)):
        return now == ""
    if isinstance(was, pd.Timestamp | datetime):
        plain = datetime(now.year, now.month, now.day) if type(now) is date else now  # noqa: DTZ001
        return isinstance(plain, datetime) and abs(plain - was) < timedelta(seconds=1)
    if isinstance(was, (int, float)):
        return isinstance(now, (int, float)) and abs(now - was) <= 1e-9 * max(1.0, abs(was))
    return type(now) is type(was) and now == was


def formulas(path: Path, sheet: int) -> int:
    """How many cells of a sheet are formulas."""
    return ZipFile(path).read(f"xl/worksheets/sheet{sheet + 1}.xml").count(b"<f")


def compare(folder: Path, rows: int) -> int:
    """Write and open the files; print what changed and give the number of findings in the workbook."""
    customers = frame(rows)
    none = customers.head(0).assign(
        reason="", last_seen=None, detail="", change="", tier_before="", tier_now="", risk_before=0.0, risk_now=0.0
    )
    first = (
        "rank",
        "customer_id",
        *HOW.keep,
        "risk",
        "expected_loss",
        "value",
        "days_since_purchase",
        "usual_gap_days",
        "recent_spend",
        "rfm",
    )
    for csv_ids in ("excel", "plain"):
        (folder / csv_ids).mkdir()
        write_files(folder / csv_ids, replace(HOW, csv_ids=csv_ids), customers, none, none, {})
    book = opened(folder / "excel" / "lists.xlsx", folder / "book")
    on_sheet = customers.head(SHEET_ROWS)  # the most urgent ones; a sheet shows no more
    found = [*changed(folder / "excel" / "lists.xlsx", 1, on_sheet, first), *changed(book, 1, on_sheet, first)]
    say(f"lists.xlsx, {formulas(book, 1)} formulas", found, len(on_sheet) * len(first))
    # What a CSV says: percent, digits that are as good as a number, and an apostrophe in front of what would run.
    texts = ("customer_id", "name", "phone", "note")
    guarded = customers.assign(risk=(customers["risk"] * 100).round(1), rfm=customers["rfm"].astype(int))
    literal = guarded.assign(**{name: in_literals(guarded[name]) for name in texts})
    harmless = guarded.assign(**{name: [defused(cell) for cell in guarded[name]] for name in texts})
    as_text = "/".join(f"{place}/2" for place, name in enumerate(first, start=1) if name in texts)
    ways = (
        ("excel", "as by double click", "44,34,76,1", literal),
        ("excel", "without evaluating formulas", "44,34,76,1,,0,false,true,false,false,false,-1,false", literal),
        ("plain", "as by double click", "44,34,76,1", harmless),
        ("plain", "ids and texts imported as text", f"44,34,76,1,{as_text}", harmless),
    )
    for place, (csv_ids, how, options, expected) in enumerate(ways):
        shown = opened(folder / csv_ids / "high.csv", folder / f"way{place}", options)
        say(f"high.csv, csv_ids: {csv_ids}, {how}", list(changed(shown, 0, expected, first)), rows * len(first))
    return len(found)


def in_literals(texts: pd.Series) -> list[Any]:
    """What a spreadsheet shows of text in a CSV with literals: the text itself, or what was defused."""
    written = kept_as_text(pa.array(texts, pa.string(), from_pandas=True)).to_pylist()
    return [text if shown == f'="{text}"' else shown for text, shown in zip(texts, written, strict=True)]


def say(what: str, found: list[str], cells: int) -> None:
    """One paragraph per file."""
    print(f"{what}: {cells:,} cells{'' if found else ', 0 changed'}")
    for line in found:
        print(f"  {line}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--keep", type=Path, help="an empty folder for what is written")
    given = parser.parse_args()
    if not shutil.which("soffice"):
        sys.exit("LibreOffice isn't installed: soffice isn't on the path (Debian: apt-get install libreoffice-calc)")
    with tempfile.TemporaryDirectory() as folder:
        findings = compare(given.keep or Path(folder), given.rows)
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()

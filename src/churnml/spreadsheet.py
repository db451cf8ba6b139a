"""CSV files for spreadsheets: UTF-8 with BOM, so that names survive; text is never run as a formula.

Ids that look like numbers are written as they are: a spreadsheet that opens such a file by double click drops their
leading zeros.
"""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def defused(cell: object) -> object:
    """Text that a spreadsheet would run as a formula gets a leading apostrophe; numbers are left alone.

    >>> defused("=1+1"), defused(-3.5), defused("Ann")
    ("'=1+1", -3.5, 'Ann')
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_STARTS_A_FORMULA) else cell


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write one table for people to open; None is an empty cell."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows([defused(cell) for cell in row] for row in rows)

"""The cells of a column, as a CSV and as a workbook take them."""

from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from churnml.score.columns import Column, texts
from churnml.spreadsheet import all_defused, kept_as_text

_DECIMALS = {"whole": 0, "tenths": 1, "money": 2}
_FIRST_DAY = np.datetime64("1899-12-30", "us")
_TRUSTED_DAY = 61
"""1 March 1900. Spreadsheets disagree about the days before."""


def of_csv(column: Column, csv_ids: Literal["excel", "plain"]) -> pa.Array:
    """A CSV's cells as `write_columns` takes them, null where there is nothing.

    Risks are percent with one decimal, amounts have at most two, dates are ISO 8601.

    Args:
        column: of any form.
        csv_ids: whether text of the exports is guarded against what a spreadsheet makes of it, or only against being run.
    """
    if column.form == "note":
        return pa.nulls(len(column.values))
    if column.form == "id" and csv_ids == "excel":
        return kept_as_text(texts(column.values))
    if column.form in ("id", "text"):
        return all_defused(texts(column.values))
    if column.form in ("day", "moment"):
        return _dates(column)
    numbers = _numbers(column)
    if column.form == "risk":
        numbers = (numbers * 100).round(1) + 0.0
    known = pa.array(numbers, mask=~np.isfinite(numbers))
    return known.cast(pa.int64()) if column.form == "whole" else known


def of_book(column: Column) -> list[Any]:
    """Cells for a workbook: text, numbers, days since its first one for dates; None where there is nothing.

    Risks are from 0 to 1. A date that a spreadsheet can't show is text.
    """
    if column.form == "note":
        return [None] * len(column.values)
    if column.form in ("id", "text"):
        return list(texts(column.values).to_numpy(zero_copy_only=False))
    if column.form not in ("day", "moment"):
        return _known(_numbers(column), column)
    days = (column.values.to_numpy("datetime64[us]") - _FIRST_DAY) / np.timedelta64(1, "D")
    shown = _known(days, column)
    for place in np.flatnonzero(days < _TRUSTED_DAY):
        shown[place] = _dates(column.only(np.array([place]))).cast(pa.string())[0].as_py()
    return shown


def _dates(column: Column) -> pa.Array:
    return pa.array(column.values.to_numpy("datetime64[D]" if column.form == "day" else "datetime64[s]"))


def _numbers(column: Column) -> npt.NDArray[np.float64]:
    numbers = column.values.to_numpy(dtype=np.float64, na_value=np.nan)
    decimals = _DECIMALS.get(column.form)
    return numbers if decimals is None else numbers.round(decimals) + 0.0  # no -0.0


def _known(numbers: npt.NDArray[np.float64], column: Column) -> list[Any]:
    """Python numbers, whole ones without a decimal point; None for what is no number."""
    unknown = ~np.isfinite(numbers)
    whole = np.where(unknown, 0, numbers).astype(np.int64) if column.form == "whole" else numbers
    cells = whole.astype(object)
    cells[unknown] = None
    return list(cells)

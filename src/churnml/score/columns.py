"""What the pack's files show, column by column, before it is a CSV or a sheet."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, Literal, Self

import numpy as np
import pandas as pd
import pyarrow as pa

from churnml.language import Locale, Words, shown
from churnml.score.words import ANSWERS, PEOPLE

Form = Literal["id", "text", "number", "whole", "tenths", "money", "risk", "day", "moment", "note"]
"""How cells are written: an id or other text of the exports, which must not be bent; our own words; numbers as they are,
without and with one decimal; currency; 0..1; a date; a date and a time, as the table has it; left empty to be filled in."""

Rows = np.ndarray[Any, np.dtype[Any]]

_EXACT = 10**15
"""From here on a spreadsheet loses digits of a whole number."""


@dataclass(frozen=True)
class Column:
    """One column of a file.

    Attributes:
        name: what the code calls it.
        header: what people read.
        form: how its cells are written.
        values: text (str or null) for id, text and note; datetime64 for day and moment; floats otherwise.
    """

    name: str
    header: str
    form: Form
    values: pd.Series

    def only(self, rows: Rows) -> Self:
        """The column of some of the rows, given by mask or position."""
        return replace(self, values=self.values.iloc[rows])


def kept(name: str, values: pd.Series, taken: Collection[str], locale: Locale) -> Column:
    """A column of the customers table, whatever it holds, under its own name or our word for it.

    Args:
        name: its name; where another header reads the same, `customers.` goes before it.
        values: str, numbers, booleans, dates or timestamps, also as objects; mixed ones are shown as text.
        taken: other headers.
        locale: of the word, of yes and no.
    """
    word = shown(PEOPLE, name, locale)
    header = f"customers.{name}" if word in taken else word
    form, plain = _plain(values, locale)
    return Column(name, header, form, plain)


def worded(words: Words, names: pd.Series, locale: Locale) -> pd.Series:
    """Each name as people read it; a name without a word stays, null stays null."""
    codes, unique = pd.factorize(names.astype(object))
    read = np.array([*(shown(words, str(name), locale) for name in unique), None], dtype=object)
    return pd.Series(read[codes], index=names.index, dtype=object)


def texts(values: pd.Series) -> pa.Array:
    """Text as Arrow has it, with nulls for what isn't there."""
    array = pa.array(values, pa.string(), from_pandas=True)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _plain(values: pd.Series, locale: Locale) -> tuple[Form, pd.Series]:
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype(values.cat.categories.dtype)
    kind = pd.api.types.infer_dtype(values, skipna=True)
    if kind in ("string", "empty"):
        return "id", values
    if kind == "boolean":
        words = values.astype(object).map({True: "yes", False: "no"})
        return "text", worded(ANSWERS, words, locale)
    if kind in ("integer", "floating", "mixed-integer-float", "decimal"):
        return _number(values)
    if kind in ("date", "datetime", "datetime64"):
        return _moment(values)
    return "id", values.astype(object).map(str, na_action="ignore")


def _number(values: pd.Series) -> tuple[Form, pd.Series]:
    """Whole numbers without a decimal point; those too long for a spreadsheet as text."""
    numbers = pd.to_numeric(values.astype(object).where(values.notna(), np.nan)).astype("float64")
    finite = numbers[np.isfinite(numbers)]
    if not bool((finite == np.floor(finite)).all()):
        return "number", numbers
    if bool((finite.abs() >= _EXACT).any()):
        return "id", values.astype(object).map(lambda number: str(int(number)), na_action="ignore")
    return "whole", numbers


def _moment(values: pd.Series) -> tuple[Form, pd.Series]:
    """A date where every cell is a midnight; a time with an offset as the clock there shows it."""
    moments = pd.Series(pd.to_datetime(values), index=values.index)
    moments = moments.dt.tz_localize(None) if moments.dt.tz is not None else moments
    at_midnight = bool((moments.dropna() == moments.dropna().dt.normalize()).all())
    return ("day" if at_midnight else "moment"), moments

"""Why a rule is true of a customer, in the customer's own numbers and the words of the catalog."""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from churnml.alerts.truth import AGE, TIMES, Truth, truth
from churnml.alerts.words import BOUNDS, LINES, TABLES, UNITS
from churnml.config import Condition, Happening
from churnml.language import Locale, phrase, shown

Known = Mapping[str, Any]
"""What is known of one customer, by column."""

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_AGAINST = re.compile(r"_change_\d+d_")
"""Entries of (now - before) / (now + before): people read what is left of before."""


def because(
    condition: Condition, rows: pd.DataFrame, told: Mapping[str, Mapping[str, Any]], locale: Locale
) -> list[str]:
    """What makes a condition true of each customer, each thing once; nothing where only today's list says it.

    Args:
        condition: of a rule.
        rows: what is known of customers of whom it is true.
        told: by feature, kind, unit and meaning.
        locale: of the words.
    """
    then, known = shown(LINES, "then", locale), dict(_parts(condition, rows))
    told_of = {
        name
        for leaf in condition.leaves()
        for name in (leaf.column, leaf.earlier, leaf.column + TIMES, leaf.column + AGE)
    }
    cells: dict[Any, list[Any]] = {name: rows[name].tolist() for name in rows if name in told_of}
    said = []
    for place in range(len(rows)):
        row = {name: column[place] for name, column in cells.items()}
        words = [_leaf(leaf, row, told, locale, wanted) for leaf, wanted in _ways(condition, known, place, True)]
        said.append(then.join(dict.fromkeys(word for word in words if word)))
    return said


def _parts(condition: Condition, rows: pd.DataFrame) -> Iterator[tuple[Condition, Truth]]:
    """Every part of a condition, with what it says of each row."""
    for part in condition.parts or filter(None, (condition.not_,)):
        yield part, truth(part, rows)
        yield from _parts(part, rows)


def _ways(
    condition: Condition, known: Mapping[Condition, Truth], place: int, wanted: bool
) -> Iterator[tuple[Condition, bool]]:
    """The leaves by which a condition came out so for one row, and how each had to come out."""
    if condition.not_ is not None:
        yield from _ways(condition.not_, known, place, not wanted)
    elif condition.parts:
        each = (condition.any_ is not None) == wanted  # of several ways the one that it came
        for part in condition.parts:
            if not each or (known[part].true if wanted else known[part].false)[place]:
                yield from _ways(part, known, place, wanted)
    else:
        yield condition, wanted


def _leaf(
    leaf: Condition, row: Known, told: Mapping[str, Mapping[str, Any]], locale: Locale, wanted: bool
) -> str | None:
    line = partial(phrase, LINES, locale=locale)
    if leaf.event is not None:
        return _event(leaf, row, locale, wanted)
    if leaf.feature is None and leaf.attribute is None:
        return _of_the_list(leaf, row, locale)
    name = leaf.column
    entry = told.get(name, {"unit": "", "meaning": {}})
    meaning = _meaning(entry["meaning"].get(locale, name), entry["unit"], locale)
    write = partial(_number, name=name, unit=entry["unit"], meaning=meaning, locale=locale)
    if leaf.over_days is not None:
        now, then = (write(row.get(column)) for column in (name, leaf.earlier))
        return line("moved", meaning=meaning, now=now, then=then, days=leaf.over_days)
    if leaf.attribute is not None and leaf.within_days is not None and wanted:
        return line("attribute", age=write(row.get(name)), what=leaf.attribute)
    if leaf.bounds and wanted:
        bounds = shown(LINES, "and", locale).join(
            shown(BOUNDS, bound, locale).format(write(number, way="percent")) for bound, number in leaf.bounds.items()
        )
        return line("limited", meaning=meaning, value=write(row.get(name)), bounds=bounds)
    return line("value", meaning=meaning, value=write(row.get(name)))


def _of_the_list(leaf: Condition, row: Known, locale: Locale) -> str | None:
    """Risk and money in numbers; the tier stands on the list already."""
    limits = {"risk": leaf.risk, "value_of": leaf.value, "expected_loss": leaf.expected_loss}
    for name in (name for name, limit in limits.items() if limit is not None):
        number = row[leaf.column]
        read = f"{number:.0%}" if name == "risk" else f"{number:,.0f}"
        return phrase(LINES, "value", locale, meaning=shown(LINES, name, locale), value=read)
    return None


def _meaning(meaning: str, unit: str, locale: Locale) -> str:
    """Without the explanation of what values mean."""
    if unit == "yes or no":
        return (
            re.sub(r"（[^（）]*）$", "", meaning) if locale == "zh-CN" else meaning.removeprefix("1 for ").split(":")[0]
        )
    return re.sub(r"（[^（）]*，[^（）]*）$", "", meaning) if locale == "zh-CN" else meaning.split(":", maxsplit=1)[0]


def _number(value: Any, *, name: str, unit: str, meaning: str, locale: Locale, way: str = "of_before") -> str:
    """A cell as people read it; a change as a percentage of what was before, in words of its own."""
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return shown(LINES, "unknown", locale)
    if isinstance(value, str):
        return value
    if unit == "yes or no":
        return shown(LINES, "yes" if value else "no", locale)
    if _AGAINST.search(name):
        left = (1 + value) / (1 - value) if value < 1 else None
        return shown(LINES, "new", locale) if left is None else phrase(LINES, way, locale, share=100 * left)
    number = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}".rstrip("0").rstrip(".")
    word = shown(UNITS, unit, locale) if unit in UNITS else ""
    return f"{number} {word}" if word and word not in meaning else number


def _event(leaf: Condition, row: Known, locale: Locale, wanted: bool) -> str:
    line = partial(phrase, LINES, locale=locale)
    assert leaf.event is not None
    what, times = _what(leaf.event, locale), row.get(leaf.column + TIMES)
    if not wanted or not times:
        return line("never", what=what, days=leaf.within_days)
    how: dict[str, Any] = {"what": what, "age": int(row[leaf.column + AGE])}
    said = line("once", **how) if not leaf.times else line("often", **how, times=int(times), days=leaf.within_days)
    if leaf.since_then_no is not None:
        said += shown(LINES, "and", locale) + line("since", what=_what(leaf.since_then_no, locale))
    return said


def _what(event: Happening, locale: Locale) -> str:
    """An event by its table, and by the first of its words that is of the language."""
    table = shown(TABLES, event.table, locale)
    words = [word for word in event.says if bool(_CHINESE.search(word)) == (locale == "zh-CN")] or list(event.says)
    return phrase(LINES, "about", locale, word=words[0], table=table) if words else table

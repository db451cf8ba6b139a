"""Why a rule is true of a customer, in the customer's own numbers and the words of the catalog."""

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from churnml.alerts.truth import AGE, TIMES, truth
from churnml.alerts.words import BOUNDS, LINES, TABLES, UNITS
from churnml.config import Condition, Happening
from churnml.language import Locale, phrase, shown

Known = Mapping[str, Any]
"""What is known of one customer, by column."""

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_AGAINST = re.compile(r"_change_\d+d_")
"""Entries of (now - before) / (now + before): people read what is left of before."""


def because(condition: Condition, row: Known, told: Mapping[str, Mapping[str, Any]], locale: Locale) -> str:
    """What makes a condition true, each thing once; nothing where only today's list says it.

    Args:
        condition: of a rule.
        row: what is known of a customer, of whom it is true.
        told: by feature, kind, unit and meaning.
        locale: of the words.
    """
    return shown(LINES, "then", locale).join(dict.fromkeys(_said(condition, row, told, locale, True)))


def _said(
    condition: Condition, row: Known, told: Mapping[str, Mapping[str, Any]], locale: Locale, wanted: bool
) -> list[str]:
    if condition.not_ is not None:
        return _said(condition.not_, row, told, locale, not wanted)
    if condition.parts:
        parts = condition.parts
        if (condition.any_ is not None) == wanted:  # of several ways the one that it came
            parts = tuple(part for part in parts if _holds(part, row, wanted))
        return [words for part in parts for words in _said(part, row, told, locale, wanted)]
    return [words for words in (_leaf(condition, row, told, locale, wanted),) if words]


def _holds(condition: Condition, row: Known, wanted: bool) -> bool:
    said = truth(condition, pd.DataFrame([row]))
    return bool((said.true if wanted else said.false)[0])


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

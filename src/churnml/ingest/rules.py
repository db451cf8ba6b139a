"""Which rules rows can break, and how often each was broken."""

from dataclasses import dataclass
from typing import Any, Final, Literal

from churnml.contracts.broken import RULES
from churnml.ingest.words import LINES, joined
from churnml.language import Locale, phrase, shown

RuleName = Literal[
    "required", "not_a_row", "no_real_id", "not_in_lookup", "not_a_number", "not_a_time", "ambiguous_number", "ambiguous_time", "no_real_time",
    "in_the_future", "wrong_number_of_fields", "conflicting_key",
]  # fmt: skip

NOT_A_ROW: Final = "not_a_row"
NOT_FOUND: Final = "not_in_lookup"
MALFORMED: Final = "wrong_number_of_fields"
CONFLICT: Final = "conflicting_key"


@dataclass(frozen=True)
class Place:
    """A row of a file."""

    file: str
    row: int

    def line(self, locale: Locale) -> str:
        """Where to look.

        >>> Place("a.csv", 7).line("en"), Place("a.csv", 7).line("zh-CN")
        ('a.csv row 7', 'a.csv 第 7 行')
        """
        return phrase(LINES, "place", locale, file=self.file, row=self.row)


@dataclass(frozen=True)
class Rule:
    """How often one rule was broken in one column, with three places to look at, and what stands at the first of them."""

    rule: RuleName
    column: str
    cells: int
    examples: list[Place]
    shown: str = ""

    def as_json(self) -> dict[str, Any]:
        """For ingest.json: no cell is in it."""
        examples = [place.line("en") for place in self.examples]
        return {"rule": self.rule, "column": self.column, "cells": self.cells, "examples": examples}

    def line(self, locale: Locale) -> str:
        """For the terminal, below the line of its table."""
        rule, places = shown(RULES, self.rule, locale), joined([place.line(locale) for place in self.examples], locale)
        name = "broken" if self.column else "broken_row"
        return phrase(LINES, name, locale, cells=self.cells, rule=rule, column=self.column, places=places)

"""What came in, said in numbers that add up."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from churnml.contracts.columns import Table
from churnml.errors import QuarantineError
from churnml.ingest.findings import Finding
from churnml.ingest.formats import Format
from churnml.ingest.notes import Note
from churnml.ingest.repair import Repair
from churnml.ingest.rules import CONFLICT, NOT_A_ROW, Rule
from churnml.ingest.words import LINES
from churnml.language import Locale, phrase


@dataclass(frozen=True)
class ReadFile:
    """A file of an export: how it was read, and its content hash."""

    format: Format
    sha256: str


@dataclass(frozen=True)
class TableProfile:
    """One table: rows in = kept + set aside + exact duplicates + superseded + left out.

    A row is superseded by a newer folder's row of the same key, and left out by its source's `where`. `from_history` of the rows came in as rows of canonical tables, not from exports.
    """

    table: str
    rows_in: int
    kept: int
    set_aside: int
    duplicates: int
    superseded: int
    left_out: int
    from_history: int
    rules: list[Rule]
    customers: int
    first_day: str | None
    last_day: str | None
    files: dict[str, ReadFile]
    told: list[Note]
    repairs: list[Repair]
    findings: list[Finding]
    ignored_columns: list[str]

    def __post_init__(self) -> None:
        if self.rows_in != self.kept + self.set_aside + self.duplicates + self.superseded + self.left_out:
            raise AssertionError(
                f"{self.table}: {self.rows_in} rows in, but {self.kept} kept + {self.set_aside} set aside "
                f"+ {self.duplicates} duplicates + {self.superseded} superseded + {self.left_out} left out"
            )

    def with_findings(self, found: Sequence[Finding]) -> Self:
        """The same, with what its table contradicts in others."""
        return replace(self, findings=[*self.findings, *found])

    def as_json(self) -> dict[str, Any]:
        """Plain values in one language, for reports/ingest.json, which MLflow gets as well: no cell of an export is in them."""
        return asdict(self) | {
            "rules": [rule.as_json() for rule in self.rules],
            "files": {name: {"format": str(file.format), "sha256": file.sha256} for name, file in self.files.items()},
            "told": [note.line("en") for note in self.told],
            "findings": [finding.as_json() for finding in self.findings],
        }

    @property
    def counts(self) -> dict[str, int]:
        """The numbers that add up; of what only some exports have, those that aren't 0."""
        always = {
            "rows_in": self.rows_in, "kept": self.kept, "set_aside": self.set_aside, "duplicates": self.duplicates,
        }  # fmt: skip
        return always | self._seldom

    @property
    def _seldom(self) -> dict[str, int]:
        """What only some exports have."""
        seldom = {"superseded": self.superseded, "left_out": self.left_out}
        return {name: count for name, count in seldom.items() if count}

    def lines(self, locale: Locale) -> list[str]:
        """A line of counts for the terminal, and one for each thing to know, repair, broken rule and finding."""
        below: list[Note | Repair | Rule | Finding] = [*self.told, *self.repairs, *self.rules, *self.findings]
        return [self.line(locale), *(f"  {one.line(locale)}" for one in below)]

    def line(self, locale: Locale) -> str:
        """The counts in one line."""
        known = phrase(LINES, "from_history", locale, count=self.from_history) if self.from_history else ""
        seldom = "".join(phrase(LINES, name, locale, count=count) for name, count in self._seldom.items())
        span = phrase(LINES, "span", locale, first=self.first_day, last=self.last_day) if self.first_day else ""
        counts = {**self.counts, "customers": self.customers, "known": known, "seldom": seldom, "span": span}
        return phrase(LINES, "counts", locale, table=self.table, **counts)


_LINES, _LINES_SHARE = 10, 0.1
"""So many lines of totals and notes, or such a share, may stand between the rows of exports: they break no contract."""


def require_few_set_aside(profile: TableProfile, max_share: float) -> None:
    """Stop before anything is written when too many rows break the contract; lines of totals and notes don't.

    Raises:
        QuarantineError: naming the rule broken most often, its column and three places.
    """
    read = profile.rows_in - profile.from_history - profile.left_out
    beside = sum(rule.cells for rule in profile.rules if rule.rule == NOT_A_ROW)
    broken = profile.set_aside - (beside if beside <= max(_LINES, _LINES_SHARE * read) else 0)
    if broken <= max_share * read:
        return
    worst = max(profile.rules, key=lambda rule: rule.cells)
    column = f" in column '{worst.column}'" if worst.column else ""
    do = "correct the export or its mapping, or raise the share"
    if worst.rule == CONFLICT:
        do = "say by `dedupe` of its source which of the rows holds, correct the export, or raise the share"
    raise QuarantineError(
        f"{profile.table}: {broken:,} of {read:,} rows break the contract, more than "
        f"ingest.max_quarantine_share {max_share:.1%} allows; mostly {worst.rule}{column}, e.g. "
        f"{', '.join(place.line('en') for place in worst.examples)}{f' ({worst.shown!r})' if worst.shown else ''}; {do}"
    )


def require_rows(profile: TableProfile, table: Table, events: Sequence[str]) -> None:
    """Stop when the tables that define being alive hold nothing.

    Raises:
        QuarantineError: naming the files.
    """
    if table.name in events and not profile.kept:
        worst = max(profile.rules, key=lambda rule: rule.cells, default=None)
        why = f"; {worst.line('en')}" if worst else "; export it again with its rows"
        raise QuarantineError(f"{table.name}: {', '.join(profile.files)}: no row to use{why}")

"""What a feature is: its computation and its meaning, declared together."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

Cause = Literal["service", "value", "competitor", "operations", "relationship", "none"]


def words_of(sql: Iterable[str]) -> set[str]:
    """The words of some SQL, those in quotes aside: a cell that it doesn't name needn't be computed.

    >>> sorted(words_of(["sum(spend)", "max(day) = 'late'"]))
    ['day', 'max', 'spend', 'sum']
    """
    return {word for each in sql for word in re.findall(r"\w+", re.sub(r"'[^']*'", "", each))}


@dataclass(frozen=True)
class Feature:
    """One entry of the catalog.

    Attributes:
        name: column of the panel; units are in the name.
        sql: aggregate over the rows of its family. `{as_of}` is the day, `{since}` the first day of the window.
        unit: days, purchases, items, currency, share …
        en: meaning in English.
        zh: meaning in Chinese.
        cause: cause family that it is evidence for.
        source: where the idea comes from.
        window_days: lookback window; None: all history.
        needs: optional columns of the table without which it isn't computed.
        empty: value for customers without rows in the family's table; None: unknown.
        kind: number or category.
    """

    name: str
    sql: str
    unit: str
    en: str
    zh: str
    cause: Cause
    source: str
    window_days: int | None = None
    needs: tuple[str, ...] = ()
    empty: int | None = None
    kind: Literal["number", "category"] = "number"


@dataclass(frozen=True)
class Family:
    """Features that aggregate over the same rows.

    Attributes:
        name: its name in params.yaml.
        table: the canonical table that it reads, as visible at as_of.
        rows: SQL over `{table}`: the rows that the entries aggregate over, with customer_id. Over `{days}` where days
            with transactions do. `{since}` is the first day of the longest window among the entries.
        features: its entries.
        plain: simpler rows, which do where no entry needs an optional column.
        cells: further cells of the rows, name -> SQL, of which `rows` says `{cells}` where they are computed and `{named}`
            where they are passed on, each after a comma: those that an entry names.
        farther: whether it sees further back than features reach; only what is told beside the catalog does.
    """

    name: str
    table: str
    rows: str
    features: tuple[Feature, ...]
    plain: str | None = None
    cells: Mapping[str, str] = field(default_factory=dict)
    farther: bool = False

    @property
    def view(self) -> str:
        """What its table is called where it is read."""
        return f"{'farther' if self.farther else 'visible'}_{self.table}"

    @property
    def source(self) -> str:
        """The rows to aggregate over, no richer than the entries need."""
        rows = self.rows if self.plain is None or any(feature.needs for feature in self.features) else self.plain
        named = words_of(feature.sql for feature in self.features)
        cells = {name: sql for name, sql in self.cells.items() if name in named}
        rows = rows.replace("{cells}", "".join(f", {sql} AS {name}" for name, sql in cells.items()))
        return rows.replace("{named}", "".join(f", {name}" for name in cells))

    def with_columns(self, columns: Sequence[str]) -> "Family":
        """The family with the entries that a table of these columns allows."""
        kept = tuple(feature for feature in self.features if set(feature.needs) <= set(columns))
        return replace(self, features=kept)

    def within(self, names: Collection[str]) -> "Family":
        """The family with the entries of these names alone."""
        kept = tuple(feature for feature in self.features if feature.name in names)
        return replace(self, features=kept)

    def without(self, names: Collection[str]) -> "Family":
        """The family without the entries of these names."""
        kept = tuple(feature for feature in self.features if feature.name not in names)
        return replace(self, features=kept)

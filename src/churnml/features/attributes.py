"""Which attributes of customers are learned from, and which of them are numbers."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from churnml.config import Churn, Features
from churnml.contracts.columns import CURRENT, quoted
from churnml.contracts.tables import CUSTOMERS
from churnml.errors import DataError, did_you_mean
from churnml.ports import Engine

NO_ATTRIBUTES = {name for column in CUSTOMERS.columns if column.known != CURRENT for name in (column.name, column.day)}
"""Columns of customers that are an id or a time."""

NUMBERS = 0.95
"""Share of the cells that hold something from which on an attribute is a number; its other cells are unknown."""

NAMES = 0.5
"""Distinct words as a share of the cells from which on an attribute names customers rather than describes them."""

NUMBER = r"^\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,2})?\s*$"
_CODE = r"^\s*[+-]?0[0-9]"
_DAY = r"^\s*[0-9]{4}-[0-9]{2}-[0-9]{2}([ T]00:00:00)?\s*$"


def day_of(name: str) -> str:
    """SQL: the day that an attribute's cell holds, written 2024-01-31; NULL where it holds anything else.

    A time of day is none: it may be meant in another timezone, and then the day is another one.
    """
    text = f"CAST({quoted(name)} AS VARCHAR)"
    return f"CASE WHEN regexp_matches({text}, '{_DAY}') THEN TRY_CAST(substr(trim({text}), 1, 10) AS DATE) END"


def with_attributes(
    params: Features,
    churn: Churn,
    columns: Mapping[str, Sequence[str]],
    private: Collection[str],
    paths: Mapping[str, Path],
    engine: Engine,
    work: Path,
) -> Features:
    """The features section with every attribute that is learned from, as number, category, date or filled.

    Under `auto` those are none where the past is looked at as of a day, since an attribute shows today's value. Where a
    column says who left there is nothing else: then all that aren't private, the label, or other for nearly everybody.

    Args:
        params: the features section.
        churn: what leaving means.
        columns: of each table that is there.
        private: columns of customers that may be seen in the lists alone.
        paths: the tables that are there.
        engine: where the SQL runs.
        work: a folder for work in progress.

    Raises:
        DataError: an attribute that is named isn't in the table, or is the id or a time, or is no date as declared.
    """
    there, chosen = columns.get(CUSTOMERS.name, ()), params.attributes
    if params.profile == "auto" and not churn.is_dated:
        no = {*NO_ATTRIBUTES, *private, churn.column, *params.leave_out}
        chosen = {name: "auto" for name in there if name not in no and not set("{}") & set(name)}
    require_attributes(chosen, there)
    if not chosen:
        return params.model_copy(update={"profile": {}})
    out = work / "attributes.parquet"
    engine.run(_counts(list(chosen)), {CUSTOMERS.name: paths[CUSTOMERS.name]}, out)
    counts = pq.read_table(out).to_pylist()[0]
    kinds = {}
    for place, (name, kind) in enumerate(chosen.items()):
        found = _kind(counts, place) if kind == "auto" else kind
        if found == "date":
            _require_days(name, counts[f"cells_{place}"], counts[f"days_{place}"])
        tells_apart = counts[f"words_{place}"] > NAMES * counts[f"cells_{place}"]
        if params.profile != "auto" or found == "number" or not tells_apart:
            kinds[name] = found
    return params.model_copy(update={"profile": kinds})


def require_attributes(names: Collection[str], there: Sequence[str]) -> None:
    """Refuse what isn't an attribute.

    Raises:
        DataError: it isn't in the table, or is the id or a time.
    """
    for name in names:
        if name not in there:
            raise DataError(
                f"features.profile: customers has no column '{name}'{did_you_mean(name, list(there))}; "
                f"correct the name or remove it"
            )
        if name in NO_ATTRIBUTES:
            raise DataError(f"features.profile: '{name}' is no attribute; remove it")


def _require_days(name: str, cells: int, days: int) -> None:
    """Refuse a date that most cells don't hold: all would be unknown, without a word."""
    if days < NUMBERS * cells:
        raise DataError(
            f"features.profile: '{name}' is declared to be a date, but {cells - days:,} of {cells:,} cells of customers aren't "
            f"written like 2024-01-31, without a time of day; write them so in the export, or remove it"
        )


def _kind(counts: Mapping[str, Any], place: int) -> str:
    """A number where nearly all cells are, and none begins with a zero as codes do."""
    cells, numbers, codes = (counts[f"{what}_{place}"] for what in ("cells", "numbers", "codes"))
    return "number" if cells and numbers >= NUMBERS * cells and not codes else "category"


def _counts(names: Sequence[str]) -> str:
    """SQL: per attribute how many cells hold something, of how many words, how many numbers, days, like 007."""
    said = []
    for place, name in enumerate(names):
        text = f"CAST({quoted(name)} AS VARCHAR)"
        said += [
            f"count({text}) AS cells_{place}",
            f"count(DISTINCT {text}) AS words_{place}",
            f"count(*) FILTER (WHERE regexp_matches({text}, '{NUMBER}')) AS numbers_{place}",
            f"count(*) FILTER (WHERE regexp_matches({text}, '{_CODE}')) AS codes_{place}",
            f"count({day_of(name)}) AS days_{place}",
        ]
    return f"SELECT {', '.join(said)} FROM {CUSTOMERS.name}"

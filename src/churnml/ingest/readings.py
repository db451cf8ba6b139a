"""How columns are read that aren't plain: decided over the whole column, and refused where it could be two things."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from churnml.config import Source
from churnml.contracts.columns import Column, quoted, text
from churnml.errors import ExportError
from churnml.ingest import amounts, times
from churnml.ingest.notes import Note, NoteKind
from churnml.ports import Engine

FILE, REST = ":file", ":rest"
_FLAGS = ("TRUE", "True", "true", "FALSE", "False", "false")
"""How systems write yes and no; a column of nothing else is written in capitals, as spreadsheets do."""

_ORDERS: Mapping[str, NoteKind] = {"day first": "day_first", "month first": "month_first"}

_SURE = 5
"""Cells such as 1,234 that are taken for thousands, if all others of the column are whole numbers below a thousand. Cells
such as 1.234 aren't: systems write amounts and prices to three decimals."""


_STRAY = 0.05
"""Share of cells that may have been typed by hand between others that a spreadsheet bent."""


@dataclass(frozen=True)
class Reading:
    """How one column of a source is read.

    Attributes:
        choice: file -> order of day and month, or decimal sign; of a column of TRUE and FALSE nothing.
        numbers: files in which a number may be a time.
        told: for the profile.
    """

    choice: Mapping[str, str]
    numbers: Sequence[str]
    told: Sequence[Note] = ()

    @property
    def chosen(self) -> str:
        """SQL: the choice of the file that a row came from."""
        cases = " ".join(f"WHEN {text(file)} THEN {text(choice)}" for file, choice in self.choice.items())
        return f"CASE {quoted(FILE)} {cases} END"

    @property
    def among_numbers(self) -> str:
        """SQL: whether a row came from a file of `numbers`."""
        return f"{quoted(FILE)} IN ({', '.join(map(text, self.numbers))})" if self.numbers else "FALSE"


@dataclass(frozen=True)
class Readings:
    """How the columns of a source are read.

    Attributes:
        odd: of columns that hold other cells than plain ones, or TRUE and FALSE alone.
        bare: columns of plain numbers alone, of plain times without an offset, of what surely are ids, or of text.
    """

    odd: Mapping[str, Reading]
    bare: Collection[str] = ()


PLAIN = Readings({})
"""Of columns that weren't looked at."""


def readings_of(
    source: Source,
    fields: Sequence[Column],
    staged: Path,
    engine: Engine,
    *,
    typed: Mapping[str, Collection[str]],
    settled: Collection[str] = (),
    private: Sequence[str],
    max_share: float,
    work: Path,
) -> Readings:
    """How columns are read, by what all their cells look like: plain numbers, ISO 8601, TRUE and FALSE, or others.

    Args:
        source: its formats.
        fields: columns that are staged.
        staged: rows as text, each with its file.
        engine: where the SQL runs.
        typed: headers below which a file holds numbers as numbers, by file: there they may be times.
        settled: columns that were seen to need no look.
        private: headers of which no cell may be shown.
        max_share: of a file's cells that may be ambiguous; their rows are set aside.
        work: a folder for work in progress.

    Raises:
        ExportError: too many cells of a column could be two days, or two numbers, and nothing tells which.
    """
    strict = source.date_format and not source.order
    open_to_doubt = [field for field in fields if field.name not in settled and field.name != "customer_id"]
    asked = [field for field in open_to_doubt if not (strict and field.kind == "time")]
    bare = [field.name for field in fields if field.name in settled]
    if not asked:
        return Readings({}, bare)
    out = work / "evidence.parquet"
    oddest = ", ".join(f"max({oddness(field)}) AS {quoted(field.name)}" for field in asked)
    engine.run(f"SELECT {oddest} FROM staged", {"staged": staged}, out)
    found = {name: oddness or 0 for name, oddness in pq.read_table(out).to_pylist()[0].items()}
    readings = {field.name: Reading({}, ()) for field in asked if field.kind == "text" and found[field.name] == 0}
    for field in [field for field in asked if field.kind != "text" and found[field.name] == 2]:
        evidence = times.evidence if field.kind == "time" else amounts.evidence
        engine.run(_evidence(field, evidence(*_forms(field))), {"staged": staged}, out)
        files = {row.pop("file"): row for row in pq.read_table(out).to_pylist()}
        header = source.columns.get(field.name, field.name)
        typed_files = {file for file, names in typed.items() if header in names}
        said = _Said(source, field, header, typed_files, private, max_share)
        readings[field.name] = _of_times(files, said) if field.kind == "time" else _of_numbers(files, said)
    bare += [field.name for field in asked if field.kind != "text" and found[field.name] == 0]
    return Readings(readings, bare)


@dataclass(frozen=True)
class _Said:
    """What is said of a column."""

    source: Source
    field: Column
    header: str
    typed: Collection[str]
    private: Sequence[str]
    max_share: float

    def refusal(self, file: str, cell: str, readings: str, do: str) -> ExportError:
        what = "has cells that mean two things" if self.header in self.private else f"'{cell}' is {readings}"
        return ExportError(f"{file}: column '{self.header}': {what}, and no other cell of the column tells which; {do}")


def oddness(field: Column) -> str:
    """SQL of a cell: 0 if it is bare, or one of TRUE and FALSE; 1 for a time that is plain but for its offset; else 2."""
    name = quoted(field.name)
    bare = f"{name} IS NULL OR {name} = ''"
    if field.kind == "text":
        return f"CASE WHEN {bare} OR {name} IN ({', '.join(map(text, _FLAGS))}) THEN 0 ELSE 2 END"
    if field.kind == "time":
        return f"""CASE WHEN {bare} OR regexp_matches({name}, '{times.LOCAL}') THEN 0
            WHEN regexp_matches({name}, '{times.WITH_OFFSET}') THEN 1 ELSE 2 END"""
    # The cast reads what PLAIN says and 1_000, and takes half of the time.
    return f"""CASE WHEN {bare} THEN 0 WHEN TRY_CAST({name} AS {amounts.NUMBER}) IS NULL OR contains({name}, '_') THEN 2
        WHEN {name} LIKE '%.___' AND regexp_matches({name}, '{amounts.GROUPED}') THEN 2 ELSE 0 END"""


def normal(field: Column) -> str:
    """SQL of a cell of a column of times or numbers: in the form that its parts are taken from."""
    name = quoted(field.name)
    return times.normal(name) if field.kind == "time" else amounts.normal(name, field.kind)


def _forms(field: Column) -> tuple[str, ...]:
    return (quoted(field.name), '"~"', '"~~"') if field.kind == "time" else (quoted(field.name), '"~~"')


def _evidence(field: Column, counts: Mapping[str, str]) -> str:
    name, how = quoted(field.name), times if field.kind == "time" else amounts
    said = ", ".join(f"{sql} AS {key}" for key, sql in counts.items())
    return f"""
        WITH filled AS (SELECT "{FILE}" AS file, {name}, {normal(field)} AS "~" FROM staged WHERE {name} <> ''),
        parted AS (SELECT *, {how.parts('"~"')} AS "~~" FROM filled)
        SELECT file, {said} FROM parted GROUP BY file ORDER BY file"""


def _of_times(files: Mapping[str, Mapping[str, Any]], said: _Said) -> Reading:
    """Day or month first, by cells that can't be anything else; a file without any goes by the others of its source."""
    orders: dict[str, str] = {}
    for file, row in files.items():
        if said.source.order:
            orders[file] = said.source.order
        elif row["day_first"] or row["month_first"]:
            both = row["day_first"] and row["month_first"]
            orders[file] = "either" if both else "day first" if row["day_first"] else "month first"
    for file, row in files.items():
        late = row["day_first"] + row["month_first"]
        early = row["year_first"] - row["year_first_late"]
        bent = row["either"] <= _STRAY * late and row["year_first_late"] <= _STRAY * row["year_first"]
        if late and bent and early >= _SURE:
            raise ExportError(
                f"{file}: column '{said.header}': {early:,} days lie on the first to the twelfth of a month, and {late:,} that are "
                f"written as text later in it: it seems that a spreadsheet took days for months; export "
                f"it again, as CSV if you can"
            )
    for file in _undecided(orders, files, said.max_share):
        cell = files[file]["shown"]
        raise said.refusal(
            file, cell, _two_days(cell), "set `date_format` of its source to `day first` or `month first`"
        )
    seen = list(dict.fromkeys(orders.values()))
    numbers = [file for file, row in files.items() if file in said.typed or row["numeric"] > row["filled"] / 2]
    told = [Note(_ORDERS[order], said.header, names=_where(orders, order)) for order in seen if order != "either"]
    if any(files[file]["numeric"] for file in numbers):
        told.append(Note("times_as_numbers", said.header))
    return Reading(_of_all(files, orders), numbers, told)


def _of_numbers(files: Mapping[str, Mapping[str, Any]], said: _Said) -> Reading:
    """The decimal sign, by cells that can be read with one only, or that group their thousands."""
    signs: dict[str, str] = {}
    for file, row in files.items():
        if said.source.decimal:
            signs[file] = said.source.decimal
        elif row["point"] or row["comma"]:
            signs[file] = "either" if row["point"] and row["comma"] else "." if row["point"] else ","
        elif row["either"] >= _SURE and row["signs"] == 1 and "," in row["shown"] and row["small"] and not row["large"]:
            signs[file] = "."
    for file in _undecided(signs, files, said.max_share):
        cell = files[file]["shown"]
        whole, part = cell.replace(".", ",").split(",")
        raise said.refusal(file, cell, f"{whole}{part} or {whole}.{part}", "set `decimal` of its source to '.' or ','")
    seen = list(dict.fromkeys(signs.values()))
    told = [Note("decimal_comma", said.header, names=_where(signs, ","))] if "," in seen else []
    return Reading(_of_all(files, signs), (), told)


def _undecided(chosen: Mapping[str, str], files: Mapping[str, Mapping[str, Any]], max_share: float) -> Iterator[str]:
    """Files of which too much could be read in two ways, where not all others are read in the same one."""
    if len(set(chosen.values()) - {"either"}) != 1:
        for file, row in files.items():
            if file not in chosen and row["either"] > max_share * row["filled"]:
                yield file


def _of_all(files: Iterable[str], chosen: Mapping[str, str]) -> dict[str, str]:
    """The choice of each file; one without goes by the others, if these agree."""
    seen = set(chosen.values())
    other = next(iter(seen)) if len(seen) == 1 else "either"
    return {file: chosen.get(file, other) for file in files}


def _two_days(cell: str) -> str:
    """In words: 2024-04-03 (day first) or 2024-03-04 (month first)."""
    one, two, year = times.in_parts(cell)
    return f"{year}-{two:02}-{one:02} (day first) or {year}-{one:02}-{two:02} (month first)"


def _where(chosen: Mapping[str, str], choice: str) -> tuple[str, ...]:
    """In which files, unless in all of them."""
    files = tuple(file for file, one in chosen.items() if one == choice)
    return files if len(files) < len(chosen) else ()

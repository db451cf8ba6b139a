"""What clean tables contradict in each other: told, never mended, since only their owner knows which side is right."""

import itertools
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pyarrow.parquet as pq

from churnml.contracts.columns import Table, quoted
from churnml.contracts.tables import CANCELLATIONS, CUSTOMERS, SUBSCRIPTIONS, TABLES
from churnml.ingest.readings import FILE, REST
from churnml.ingest.typed import BROKEN, SKIPPED
from churnml.ingest.words import FINDINGS, LINES, UNITS
from churnml.language import Locale, phrase, shown
from churnml.ports import Engine

_ORDERS = (
    ("tickets", "opened_at", "first_response_at"), ("tickets", "opened_at", "resolved_at"),
    ("subscriptions", "started_at", "ended_at"), ("contacts", "contacted_at", "answered_at"),
)  # fmt: skip
"""Table, and two of its times of which the first can't be later."""

ID = ":id"
"""What a staged row holds in the column `id_among`."""

_AN_ID = re.compile(r"(^|[_ .-])id$|Id$|(编号|单号|流水号)$", re.IGNORECASE)
_FEW = 0.1
"""Share of values in several rows, above which a column isn't there to tell rows apart."""

_LEFT = ("churn", "cancel", "流失", "退订", "注销")
"""What a column is called that says who left."""


FindingKind = Literal[
    "alike_ids", "missing_month", "orphans", "before_sign_up", "before_first_contract", "out_of_order", "contradicting_flag",
    "repeated_id", "hour_skipped", "several_in_file", "changed_between_files", "nearly_repeated",
]  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """Rows that contradict something.

    Attributes:
        finding: what it is.
        table: where they are.
        rows: how many.
        of: of how many.
        named: what its words name: header, month, or first and second of two times.
    """

    finding: FindingKind
    table: str
    rows: int
    of: int
    named: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """For ingest.json, with words in English."""
        words = f"{shown(UNITS, self.finding, 'en')} {self._words('en')}"
        return {"finding": self.finding, "table": self.table, "rows": self.rows, "of": self.of, "words": words}

    def line(self, locale: Locale) -> str:
        """For the terminal, below the line of its table."""
        unit, words = shown(UNITS, self.finding, locale), self._words(locale)
        return phrase(LINES, "found", locale, rows=self.rows, of=self.of, unit=unit, finding=words)

    def _words(self, locale: Locale) -> str:
        return phrase(FINDINGS, self.finding, locale, **self.named)


def id_among(headers: Sequence[str]) -> str | None:
    """The first header that is called like an id.

    >>> id_among(["note", "usage_id"])
    'usage_id'
    """
    return next((name for name in headers if _AN_ID.search(name)), None)


def findings(paths: Mapping[str, Path], engine: Engine, work: Path) -> list[Finding]:
    """Everything that is looked for, where it is found.

    Args:
        paths: the clean tables by name.
        engine: where the SQL runs.
        work: a folder for work in progress.
    """
    columns = {name: pq.read_schema(path).names for name, path in paths.items()}
    asked = list(_questions(columns))
    if not asked:
        return []
    each = (f"SELECT {place} AS place, found, of, shown FROM ({sql})" for place, (_, _, _, sql) in enumerate(asked))
    answers = _answer(f"{' UNION ALL '.join(each)} ORDER BY place", paths, engine, work)
    return [
        Finding(finding, table, row["found"], row["of"], {**named, **({"month": row["shown"]} if row["shown"] else {})})
        for (finding, table, named, _), row in zip(asked, answers, strict=True)
        if row["found"]
    ]


def repeated(path: Path, header: str, table: str, engine: Engine, work: Path) -> list[Finding]:
    """Ids in a column that nothing is mapped from, if it tells rows apart but for a few.

    Args:
        path: staged rows.
        header: of the column.
        table: that the rows are of.
        engine: where the SQL runs.
        work: a folder for work in progress.
    """
    ids = f"""SELECT "{ID}", count(*) AS rows FROM staged WHERE "{ID}" <> '' GROUP BY "{ID}\""""
    sql = f"SELECT count(*) FILTER (WHERE rows > 1) AS found, count(*) AS of FROM ({ids}) AS each"
    [row] = _answer(sql, {"staged": path}, engine, work)
    if not 0 < row["found"] <= _FEW * row["of"]:
        return []
    return [Finding("repeated_id", table, row["found"], row["of"], {"header": header})]


def skipped(parts: Mapping[str, Path], table: str, engine: Engine, work: Path) -> list[Finding]:
    """Rows with a time in an hour that no clock showed, since it was skipped when summer time began.

    Args:
        parts: checked rows, by source.
        table: that they are of.
        engine: where the SQL runs.
        work: a folder for work in progress.
    """
    rows = " UNION ALL ".join(f'SELECT "{SKIPPED}" FROM {name} WHERE len("{BROKEN}") = 0' for name in parts)
    sql = f'SELECT count(*) FILTER (WHERE "{SKIPPED}") AS found, count(*) AS of FROM ({rows})'
    [row] = _answer(sql, parts, engine, work)
    return [Finding("hour_skipped", table, row["found"], row["of"])] if row["found"] else []


def several_in_file(
    good: Path, table: Table, columns: Sequence[str], by: Sequence[str], engine: Engine, work: Path
) -> list[Finding]:
    """Different rows of one file of which `dedupe` keeps one alone: maybe they are lines of one order.

    Args:
        good: rows that break no rule, each with its file.
        table: that they are of.
        columns: of the canonical table.
        by: columns by which one of several rows is kept.
        engine: where the SQL runs.
        work: a folder for work in progress.
    """
    names, cells = ", ".join(map(quoted, by)), f"({', '.join(map(quoted, columns))})"
    sql = f"""
        SELECT coalesce(sum(rows) FILTER (WHERE different > 1), 0)::BIGINT AS found, coalesce(sum(rows), 0)::BIGINT AS of
        FROM (SELECT count(*) AS rows, count(DISTINCT {cells}) AS different FROM good GROUP BY "{FILE}", {names})"""
    [row] = _answer(sql, {"good": good}, engine, work)
    named = {"by": ", ".join(by)}
    return [Finding("several_in_file", table.name, row["found"], row["of"], named)] if row["found"] else []


def changed(good: Path, table: Table, columns: Sequence[str], engine: Engine, work: Path) -> list[Finding]:
    """Orders that several files hold, and not with the same rows: files overlap, and something changed in between.

    Money that was taken back later, under the number of its order, is no change of the order.

    Args:
        good: rows that break no rule, each with its file.
        table: that they are of.
        columns: of the canonical table.
        engine: where the SQL runs.
        work: a folder for work in progress.
    """
    cells = f"({', '.join(map(quoted, columns))})"
    sql = f"""
        WITH bought AS (SELECT * FROM good WHERE {table.alive or "TRUE"}),
        several AS (SELECT order_id FROM bought GROUP BY order_id HAVING min("{FILE}") < max("{FILE}")),
        told AS (
            SELECT count(DISTINCT "{FILE}") AS files, count(DISTINCT {cells}) AS rows, count(DISTINCT ("{FILE}", {cells})) AS pairs
            FROM bought SEMI JOIN several USING (order_id) GROUP BY order_id)
        SELECT count(*) FILTER (WHERE pairs < files * rows) AS found, count(*) AS of FROM told"""
    [row] = _answer(sql, {"good": good}, engine, work)
    return [Finding("changed_between_files", table.name, row["found"], row["of"])] if row["found"] else []


def nearly_repeated(good: Path, table: Table, columns: Sequence[str], engine: Engine, work: Path) -> list[Finding]:
    """Rows that several files hold and that differ between them only in what nothing is mapped from, where files overlap.

    Args:
        good: rows that break no rule, each with its file.
        table: that they are of; without a key or a number of the order nobody can say which rows are the same.
        columns: of the canonical table.
        engine: where the SQL runs.
        work: a folder for work in progress.
    """
    spans = (
        f'SELECT min({table.day}) AS first, max({table.day}) AS last FROM good GROUP BY "{FILE}" ORDER BY first, last'
    )
    files = _answer(spans, {"good": good}, engine, work)
    if not any(one["last"] >= next_one["first"] for one, next_one in itertools.pairwise(files)):
        return []
    cells = ", ".join(map(quoted, columns))
    sql = f"""
        SELECT count(*) AS found, (SELECT count(*) FROM good) AS of FROM (
            SELECT {cells} FROM good GROUP BY {cells} HAVING min("{FILE}") < max("{FILE}") AND min("{REST}") < max("{REST}")) AS rows"""
    [row] = _answer(sql, {"good": good}, engine, work)
    return [Finding("nearly_repeated", table.name, row["found"], row["of"])] if row["found"] else []


def _answer(sql: str, tables: Mapping[str, Path], engine: Engine, work: Path) -> list[dict[str, Any]]:
    out = work / "answer.parquet"
    engine.run(sql, tables, out)
    rows: list[dict[str, Any]] = pq.read_table(out).to_pylist()
    return rows


Question = tuple[FindingKind, str, Mapping[str, str], str]


def _questions(columns: Mapping[str, Sequence[str]]) -> Iterator[Question]:
    """Finding, table, what is named, and SQL of all that these tables can be asked."""
    people = columns.get(CUSTOMERS.name, ())
    yield "alike_ids", next(iter(columns)), {}, _alike(columns)
    timed = [TABLES[name] for name in columns if TABLES[name].time]
    for table in timed:
        if not table.lasting:
            yield "missing_month", table.name, {}, _months(table)
    for table in timed if people else []:
        yield "orphans", table.name, {}, _orphans(table)
    for table in timed if "signed_up_on" in people else []:
        early = _before(table, CUSTOMERS.name, "signed_up_on")
        yield "before_sign_up", table.name, {}, early
    if SUBSCRIPTIONS.name in columns and "activity" in columns:
        early = _before(TABLES["activity"], SUBSCRIPTIONS.name, "started_on")
        yield "before_first_contract", "activity", {}, early
    for name, first, second in _ORDERS:
        if second in columns.get(name, ()):
            named = {"first": first, "second": second}
            yield "out_of_order", name, named, _count(name, f"{second} < {first}", f"{second} IS NOT NULL")
    for flag in [name for name in people if any(word in name.lower() for word in _LEFT)]:
        if CANCELLATIONS.name in columns:
            yield "contradicting_flag", CUSTOMERS.name, {"header": flag}, _contradicting(flag)


def _count(table: str, found: str, asked: str = "true") -> str:
    return f"SELECT count(*) FILTER (WHERE {found}) AS found, count(*) AS of, NULL AS shown FROM {table} WHERE {asked}"


def _months(table: Table) -> str:
    """The months from the first to the last row; those without one."""
    month = f"date_trunc('month', {table.day})"
    every = f"unnest(generate_series(min({month}), max({month}), INTERVAL 1 MONTH)) AS month"
    there = f"(SELECT DISTINCT {month} AS month FROM {table.name})"
    return f"""
        SELECT count(*) FILTER (WHERE there.month IS NULL) AS found, count(*) AS of,
            strftime(min(each.month) FILTER (WHERE there.month IS NULL), '%Y-%m') AS shown
        FROM (SELECT {every} FROM {table.name}) AS each LEFT JOIN {there} AS there ON each.month = there.month"""


def _alike(tables: Collection[str]) -> str:
    """Ids that would be the same without leading zeros, capitals, and the decimals of a number that was one."""
    every = " UNION ".join(f"SELECT customer_id AS id FROM {name}" for name in tables)
    return f"""
        SELECT CAST(coalesce(sum(ids) FILTER (WHERE ids > 1), 0) AS BIGINT) AS found,
            CAST(coalesce(sum(ids), 0) AS BIGINT) AS of, NULL AS shown
        FROM (SELECT count(DISTINCT id) AS ids FROM ({every}) AS every GROUP BY regexp_replace(lower(ltrim(id, '0')), '\\.0+$', '')) AS likes"""


def _orphans(table: Table) -> str:
    return _count(table.name, f"customer_id NOT IN (SELECT customer_id FROM {CUSTOMERS.name})")


def _before(table: Table, other: str, day: str) -> str:
    first = f"(SELECT customer_id, min({day}) AS first FROM {other} GROUP BY customer_id)"
    joined = f"(SELECT * FROM {table.name} JOIN {first} AS known USING (customer_id) WHERE first IS NOT NULL)"
    found = f"count(*) FILTER (WHERE {table.day} < first) AS found"
    return f"SELECT {found}, count(*) AS of, NULL AS shown FROM {joined} AS dated"


def _contradicting(flag: str) -> str:
    left = f"customer_id IN (SELECT customer_id FROM {CANCELLATIONS.name})"
    said = quoted(flag)
    return _count(CUSTOMERS.name, f"({said} = 'TRUE') <> ({left})", f"{said} IN ('TRUE', 'FALSE')")

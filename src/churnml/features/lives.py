"""The last weeks of some customers, in numbers, up to a day of their own: to look back at, never to learn from.

Where leaving is silence, somebody has left on the day of their last event: whoever is looked at from there has, by
construction, just done something. So everybody is looked at from the day of such an event, customers who stayed from that
of the last one on or before the day on which the leaver left; and that day itself isn't counted, or the last weeks of all
would hold one event more than those before. Where leaving is a cancellation or the end of a contract, both are looked at
from that day, which isn't counted either: what is done on it belongs to the leaving.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from churnml.config import Churn
from churnml.contracts.tables import ACTIVITY, CONTACTS, SURVEYS, TABLES, TICKETS, TRANSACTIONS
from churnml.features.contacts import made
from churnml.features.context import life_days
from churnml.features.history import columns_of, table_paths
from churnml.features.words import COMPLAINT, says
from churnml.ports import Engine

_HOUR = 3_600


def write_lives(
    *,
    tables: Path,
    churn: Churn,
    people: Path,
    part_days: int,
    parts: int,
    engine: Engine,
    work: Path,
    out: Path,
) -> None:
    """Write what some customers did in equal parts of time before a day.

    Args:
        tables: folder of canonical tables.
        churn: what leaving means.
        people: Parquet file: `place` (a number of its own per row), `customer_id`, `left_on` (day by which they are
            looked at).
        part_days: length of a part, in days.
        parts: how many of them.
        engine: where the SQL runs.
        work: a folder for work in progress.
        out: Parquet file to write, one row per place and part (0 is the last one), in that order: `until` (the last day
            that counts), `whole` (whether the customer was there before the first of all parts),
            and per table that is there: `orders`, `spend` (currency units, refunds taken off), `active_days` (days with activity, or
            with a purchase where there is no activity), `tickets`, `complaints`, `replies` (of tickets opened in the part, those that were
            answered), `reply_hours` (their sum), `surveys`, `contacts` (those that were made). Who has no sign of life by that
            day has no row.
    """
    paths = table_paths(tables)
    columns = columns_of(paths)
    ends = work / "ends_of_lives.parquet"
    engine.run(_ends(churn, columns, part_days * parts), {**paths, "people": people}, ends, passing=True)
    ctes, told, joins = [], [], []
    for number, (table, cells) in enumerate(_measures(columns).items()):
        name, day = f"of_{number}", TABLES[table].day
        part = f"CAST(floor(date_diff('day', {day}, until) / {part_days}) AS BIGINT)"
        which = [f"date_diff('day', {day}, until) BETWEEN 0 AND {part_days * parts - 1}", *_which(table, columns)]
        computed = ", ".join(f"{sql} AS {cell}" for cell, sql in cells.items())
        ctes.append(
            f"""{name} AS (SELECT place, {part} AS part, {computed} FROM ends
            JOIN {table} ON {table}.customer_id = ends.customer_id WHERE {" AND ".join(which)} GROUP BY place, part)"""
        )
        told += [f"CAST(coalesce({name}.{cell}, 0) AS DOUBLE) AS {cell}" for cell in cells]
        joins.append(f"LEFT JOIN {name} ON {name}.place = grid.place AND {name}.part = grid.part")
    numbers = " UNION ALL ".join(f"SELECT CAST({part} AS BIGINT) AS part" for part in range(parts))
    ctes.insert(0, f"grid AS (SELECT * FROM ends CROSS JOIN ({numbers}) AS numbers)")
    sql = f"""WITH {", ".join(ctes)}
        SELECT {", ".join(["grid.place", "grid.part", "grid.until", "grid.whole", *told])}
        FROM grid {" ".join(joins)} ORDER BY grid.place, grid.part"""
    engine.run(sql, {**paths, "ends": ends}, out)


def _ends(churn: Churn, columns: Mapping[str, Sequence[str]], days: int) -> str:
    """(place, customer_id, until, whole): the last day that is looked at, by the rule of this module."""
    day = "left_on"
    if churn.definition == "inactivity":
        day = "max(CASE WHEN day <= left_on THEN day END)"
    return f"""
        SELECT place, customer_id, until, coalesce(date_diff('day', first, until) >= {days - 1}, FALSE) AS whole FROM (
            SELECT place, people.customer_id, {day} - 1 AS until, min(day) AS first
            FROM people LEFT JOIN ({life_days(columns, churn)}) AS alive ON alive.customer_id = people.customer_id
            GROUP BY place, people.customer_id, left_on) AS lived
        WHERE until IS NOT NULL"""


def _measures(columns: Mapping[str, Sequence[str]]) -> dict[str, dict[str, str]]:
    """What is counted of each table."""
    found: dict[str, dict[str, str]] = {}
    if TRANSACTIONS.name in columns:
        alive, order = TRANSACTIONS.alive, "CAST(occurred_on AS VARCHAR)"
        order = f"coalesce(order_id, {order})" if "order_id" in columns[TRANSACTIONS.name] else order
        found[TRANSACTIONS.name] = {
            "orders": f"count(DISTINCT CASE WHEN {alive} THEN {order} END)",
            "spend": "sum(amount)",
        }
        if ACTIVITY.name not in columns:
            found[TRANSACTIONS.name]["active_days"] = f"count(DISTINCT CASE WHEN {alive} THEN occurred_on END)"
    if ACTIVITY.name in columns:
        found[ACTIVITY.name] = {"active_days": "count(DISTINCT occurred_on)"}
    if TICKETS.name in columns:
        found[TICKETS.name] = {"tickets": "count(*)"}
        if "kind" in columns[TICKETS.name]:
            found[TICKETS.name]["complaints"] = f"count(CASE WHEN {says('kind', COMPLAINT)} THEN 1 END)"
        if "first_response_at" in columns[TICKETS.name]:
            waited = "greatest(date_diff('second', opened_at, first_response_at), 0)"
            found[TICKETS.name] |= {"replies": "count(first_response_at)", "reply_hours": f"sum({waited}) / {_HOUR}"}
    if SURVEYS.name in columns:
        found[SURVEYS.name] = {"surveys": "count(*)"}
    if CONTACTS.name in columns:
        found[CONTACTS.name] = {"contacts": "count(*)"}
    return found


def _which(table: str, columns: Mapping[str, Sequence[str]]) -> list[str]:
    return [made(columns[table])] if table == CONTACTS.name else []

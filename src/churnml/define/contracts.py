"""Contracts and cancellations: who has a running one, who gives it up, who begins another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from churnml.contracts.tables import CANCELLATIONS, SUBSCRIPTIONS
from churnml.define.events import Span
from churnml.define.returns import Returns, Wait
from churnml.windows import in_label_window, in_lookback, known, label_end, literal

Tables = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Contracts:
    """Leaving by word.

    Attributes:
        running: customers with a running contract when the data end; None without subscriptions.
        ever: share of the customers with an event who ever had a contract or cancelled; None without events.
        months: departures by month, "2024-05" -> how many; every month of the data. A departure is a cancellation, or the end of a contract,
            after which no other one runs.
        whole_months: the same in order of time, without a first and a last month that the data don't hold whole.
        returns: how long it took until another contract began (without subscriptions: until the next event).
    """

    running: int | None
    ever: float | None
    months: dict[str, int]
    whole_months: list[int]
    returns: Returns


def contracts_of(
    counted: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], span: Span, *, events: bool
) -> Contracts:
    """What the one row of `coverage` and the rows of `departures` say."""
    months = dict.fromkeys(_months(span), 0)
    for row in rows:
        months[f"{row['month']:%Y-%m}"] += row["people"]
    last = -1 if span.end.day != 1 else len(months)
    ever = counted["with_word"] / counted["customers"] if events and counted["customers"] else None
    waits = [Wait(row["days"], row["back"], row["people"]) for row in rows]
    return Contracts(
        counted["running"], ever, months, list(months.values())[int(span.start.day != 1) : last], Returns(waits)
    )


def cancelled_at_cutoff(
    cutoff: date, horizon_days: int, active_within_days: int | None, tables: Tables, span: Span
) -> str:
    """SQL: (cutoff, customer_id, gone, back_on, label_end) of the population of the definition `cancellation`.

    * population: a contract that began before the cutoff, hasn't ended by then and wasn't cancelled after that day.
      Without subscriptions: an event in active_within_days before, and no cancellation on its day or since.
    * gone: cancelled in the label window and began no contract on that day or later in it, or has no contract at its end.
    * back_on: another contract began (without subscriptions: another event) after the label window.
    """
    end, lasting = label_end(cutoff, horizon_days), SUBSCRIPTIONS.name in tables
    gone = []
    if CANCELLATIONS.name in tables:
        again = f""" AND NOT EXISTS (SELECT 1 FROM {SUBSCRIPTIONS.name} AS again
            WHERE again.customer_id = cancelled.customer_id AND again.started_on >= cancelled.cancelled_on
            AND {known("again.started_on", end)})"""
        gone.append(f"""customer_id IN (SELECT customer_id FROM {CANCELLATIONS.name} AS cancelled
            WHERE {in_label_window("cancelled_on", cutoff, horizon_days)}{again if lasting else ""})""")
    if lasting:
        gone.append(f"customer_id NOT IN ({_running(tables, end)})")
        people = f"SELECT DISTINCT customer_id FROM ({_terms(tables, cutoff)}) AS term WHERE gone_on IS NULL"
        back = f"SELECT customer_id, min(started_on) AS back_on FROM {SUBSCRIPTIONS.name} WHERE {_after('started_on', end, span)}"
    else:
        people = f"""SELECT customer_id FROM (SELECT customer_id, max(day) AS day FROM silences
            WHERE {in_lookback("day", cutoff, active_within_days or 0)} GROUP BY customer_id) AS active
            WHERE NOT EXISTS (SELECT 1 FROM {CANCELLATIONS.name} AS cancelled WHERE cancelled.customer_id = active.customer_id
            AND cancelled.cancelled_on >= active.day AND {known("cancelled.cancelled_on", cutoff)})"""
        back = f"SELECT customer_id, min(day) AS back_on FROM silences WHERE {_after('day', end, span)}"
    return f"""SELECT {literal(cutoff)} AS cutoff, people.customer_id, gone, back_on, {literal(end)} AS label_end
        FROM (SELECT customer_id, {" OR ".join(gone)} AS gone FROM ({people}) AS able) AS people
        LEFT JOIN ({back} GROUP BY customer_id) AS back ON back.customer_id = people.customer_id"""


def departures(tables: Tables, span: Span) -> str:
    """SQL: (month, days, back, people): everybody who left by word, and how long until they began again.

    A contract is over at its end or at the first cancellation since it began, whichever comes first; who has another one
    on that day hasn't left.
    """
    if SUBSCRIPTIONS.name in tables:
        gone = f"""
        SELECT DISTINCT customer_id, gone_on FROM terms WHERE {known("gone_on", span.end)} AND NOT EXISTS (
            SELECT 1 FROM terms AS other WHERE other.customer_id = terms.customer_id
            AND other.started_on <= terms.gone_on AND (other.gone_on IS NULL OR other.gone_on > terms.gone_on))"""
        terms, again, day = _terms(tables, span.end), "terms", "started_on"
    else:
        gone = f"""SELECT DISTINCT customer_id, cancelled_on AS gone_on FROM {CANCELLATIONS.name}
            WHERE {known("cancelled_on", span.end)}"""
        terms, again, day = "SELECT 1 AS nothing", "silences", "day"
    return f"""
    WITH terms AS ({terms}), gone AS ({gone}),
    backs AS (SELECT gone.customer_id, gone.gone_on, min(again.{day}) AS back_on FROM gone
        LEFT JOIN {again} AS again ON again.customer_id = gone.customer_id AND again.{day} > gone.gone_on
        GROUP BY gone.customer_id, gone.gone_on)
    SELECT CAST(date_trunc('month', gone_on) AS DATE) AS month,
        coalesce(date_diff('day', gone_on, back_on), date_diff('day', gone_on, {literal(span.end)}) - 1) AS days,
        back_on IS NOT NULL AS back, count(*) AS people
    FROM backs WHERE gone_on >= {literal(span.start)} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""


def coverage(tables: Tables, span: Span, *, events: bool) -> str:
    """SQL: one row (running, customers, with_word): how many contracts run, how many customers have anything to do with them."""
    running = "NULL"
    if SUBSCRIPTIONS.name in tables:
        terms = _terms(tables, span.end)
        running = f"(SELECT count(DISTINCT customer_id) FROM ({terms}) AS term WHERE gone_on IS NULL)"
    word = " UNION ".join(
        f"SELECT customer_id FROM {name}" for name in (SUBSCRIPTIONS.name, CANCELLATIONS.name) if name in tables
    )
    alive = (
        "SELECT DISTINCT customer_id FROM silences" if events else f"SELECT DISTINCT customer_id FROM ({word}) AS word"
    )
    return f"""
    SELECT {running} AS running, count(*) AS customers,
        count(*) FILTER (WHERE customer_id IN ({word})) AS with_word FROM ({alive}) AS alive"""


def _months(span: Span) -> list[str]:
    first, last = (day.year * 12 + day.month - 1 for day in (span.start, span.last))
    return [f"{month // 12:04d}-{month % 12 + 1:02d}" for month in range(first, last + 1)]


def _terms(tables: Tables, end: date) -> str:
    """SQL: (customer_id, started_on, gone_on) of contracts that began before `end`, as far as was known then."""
    ended = "ended_on" if "ended_on" in tables[SUBSCRIPTIONS.name] else "CAST(NULL AS DATE)"
    ended = f"CASE WHEN {known(ended, end)} THEN {ended} END"
    contract = f"SELECT DISTINCT customer_id, started_on, {ended} AS ended_on FROM {SUBSCRIPTIONS.name} WHERE {known('started_on', end)}"
    if CANCELLATIONS.name not in tables:
        return f"SELECT customer_id, started_on, ended_on AS gone_on FROM ({contract}) AS contract"
    return f"""
    SELECT contract.customer_id, started_on, least(ended_on, min(cancelled_on)) AS gone_on FROM ({contract}) AS contract
    LEFT JOIN {CANCELLATIONS.name} AS cancelled ON cancelled.customer_id = contract.customer_id
        AND cancelled.cancelled_on > contract.started_on AND {known("cancelled.cancelled_on", end)}
    GROUP BY contract.customer_id, started_on, ended_on"""


def _running(tables: Tables, end: date) -> str:
    """SQL: customer_id of everybody with a contract that began before `end` and hasn't ended by then."""
    ended = " AND (ended_on IS NULL OR ended_on >= {0})" if "ended_on" in tables[SUBSCRIPTIONS.name] else ""
    return f"SELECT customer_id FROM {SUBSCRIPTIONS.name} WHERE {known('started_on', end)}{ended.format(literal(end))}"


def _after(day: str, end: date, span: Span) -> str:
    return f"{day} >= {literal(end)} AND {known(day, span.end)}"

"""From event tables to silences: one row per customer and day with an event, and what came next."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from churnml.config import Churn
from churnml.contracts.columns import quoted
from churnml.contracts.tables import ACTIVITY, CUSTOMERS, TABLES, TRANSACTIONS
from churnml.errors import DataError, did_you_mean
from churnml.windows import known, literal

OTHERS, NOWHERE = "(others)", "(none)"
_SEGMENTS = 8
"""The largest segments are told apart, the rest are counted together."""


@dataclass(frozen=True)
class Span:
    """The days that are looked at: [start, end), where end is the day after the last event's."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.end - self.start).days

    @property
    def last(self) -> date:
        """The last of them."""
        return self.end - timedelta(days=1)


def events_of(churn: Churn, tables: Collection[str]) -> tuple[str, ...]:
    """Tables whose rows show life: those of churn.events; where none are named, purchases, else activity, if there."""
    usual = [table.name for table in (TRANSACTIONS, ACTIVITY) if table.name in tables]
    return churn.events or tuple(usual[:1])


def inactivity_of(churn: Churn, tables: Collection[str]) -> Churn:
    """The definition by which days are counted: the project's own, or silence where a column says who left.

    Raises:
        DataError: nothing here has a day.
    """
    if churn.is_dated:
        return churn
    events = events_of(churn, tables)
    if not events:
        raise DataError("no table of events or contracts is here, so nothing has a day; feed transactions and ingest")
    return Churn(events=events, horizon_days=churn.horizon_days, active_within_days=2 * churn.horizon_days)


def silences(events: Sequence[str], span: Span, segment: str | None) -> str:
    """SQL: (customer_id, day): a silence begins after each day with an event.

    Columns: next_day (of the next event; NULL where the silence lasts until the data end), first_day (of the
    customer), spend (money of that day, refunds not taken off), later (money of all days after it), segment.

    Args:
        events: tables whose rows show life; ties on a day are one event.
        span: days that count.
        segment: a column of customers, or None.
    """
    alive = " UNION ALL ".join(_alive(name, span) for name in events)
    return f"""
    WITH segments AS ({segments(segment)}),
    days AS (SELECT customer_id, day, sum(spend) AS spend FROM ({alive}) AS alive GROUP BY customer_id, day)
    SELECT days.customer_id, day, spend, coalesce(segment, '{NOWHERE}') AS segment,
        lead(day) OVER (PARTITION BY days.customer_id ORDER BY day) AS next_day,
        min(day) OVER (PARTITION BY days.customer_id) AS first_day,
        coalesce(sum(spend) OVER (PARTITION BY days.customer_id ORDER BY day
            ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING), 0) AS later
    FROM days LEFT JOIN segments ON segments.customer_id = days.customer_id
    ORDER BY days.customer_id, day"""


def segments(column: str | None) -> str:
    """SQL: (customer_id, segment): the value of a column of customers, the smaller ones together."""
    if column is None:
        return "SELECT CAST(NULL AS VARCHAR) AS customer_id, CAST(NULL AS VARCHAR) AS segment WHERE FALSE"
    return f"""
    SELECT customer_id, CASE WHEN place <= {_SEGMENTS} THEN named.segment ELSE '{OTHERS}' END AS segment
    FROM ({_named(column)}) AS named JOIN (
        SELECT segment, row_number() OVER (ORDER BY count(*) DESC, segment) AS place
        FROM ({_named(column)}) AS counted GROUP BY segment
    ) AS sizes ON sizes.segment = named.segment"""


def segment_column(asked: str | None, columns: Mapping[str, Sequence[str]], private: Collection[str]) -> str | None:
    """The column to tell customers apart by: the one asked for, else `segment` if there is one that isn't private.

    Args:
        asked: name of a column of customers.
        columns: of each table that is there.
        private: columns that may be seen in the lists alone.

    Raises:
        DataError: there is no such column, or it is private.
    """
    there = [name for name in columns.get(CUSTOMERS.name, ()) if name != "customer_id"]
    if asked is None:
        return "segment" if "segment" in there and "segment" not in private else None
    if asked in private:
        raise DataError(f"--segment {asked}: is in score.pii; private columns are seen in the lists alone")
    if asked not in there:
        public = [name for name in there if name not in private]
        listed = ", ".join(public) or "there is none"
        raise DataError(f"--segment {asked}: no such column of customers{did_you_mean(asked, public)} ({listed})")
    return asked


def _named(column: str) -> str:
    text = f"trim(CAST({quoted(column)} AS VARCHAR))"
    return f"SELECT customer_id, coalesce(nullif({text}, ''), '{NOWHERE}') AS segment FROM {CUSTOMERS.name}"


def _alive(name: str, span: Span) -> str:
    table = TABLES[name]
    spend = "amount" if name == TRANSACTIONS.name else "0"
    return f"""SELECT customer_id, {table.day} AS day, CAST({spend} AS DECIMAL(18, 4)) AS spend FROM {name}
        WHERE {table.alive} AND {table.day} >= {literal(span.start)} AND {known(table.day, span.end)}"""

"""What each definition would mean: tables -> numbers, table, picture and advice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from churnml.config import Params
from churnml.contracts.tables import CANCELLATIONS, SUBSCRIPTIONS
from churnml.define.advice import Advice, advise
from churnml.define.contracts import Contracts, contracts_of, coverage, departures
from churnml.define.definition import Definition, definitions, later_spend, tally
from churnml.define.events import Span, events_of, segment_column, silences
from churnml.define.measure import MOST_BACK, Measure, measure, with_back
from churnml.define.picture import draw
from churnml.define.returns import Returns, Wait
from churnml.define.shelf import write
from churnml.define.silence import Silent, by_silence, settled_days, silence_waits
from churnml.ports import Engine
from churnml.progress import steps
from churnml.publish import replacing, scratch

Columns = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Defined:
    """What was found.

    Attributes:
        project: its name.
        advice: what to choose.
        events: tables whose rows show life.
        span: days that were looked at.
        customers: with an event.
        silences: days of a customer with an event; a silence begins after each.
        silent: return by silence.
        settled_days: of silence after which few come back; None where the data show none.
        measures: of all customers, by kind and length.
        segment: the column by which customers are told apart.
        by_segment: measures of each definition and segment.
        contracts: leaving by word, if there is any.
    """

    project: str
    advice: Advice
    events: tuple[str, ...]
    span: Span
    customers: int = 0
    silences: int = 0
    silent: list[Silent] = field(default_factory=list)
    settled_days: int | None = None
    measures: list[Measure] = field(default_factory=list)
    segment: str | None = None
    by_segment: list[Measure] = field(default_factory=list)
    contracts: Contracts | None = None

    @property
    def shown(self) -> Definition | None:
        """The definition whose segments are printed: the recommended one."""
        return self.advice.chosen.definition if self.advice.chosen else None


class Asking:
    """Asks an engine for small answers."""

    def __init__(self, engine: Engine, tables: Mapping[str, Path], work: Path) -> None:
        self._engine, self._tables, self._work = engine, dict(tables), work

    def keep(self, name: str, sql: str) -> None:
        """Keep an answer as a table to ask again."""
        self._engine.run(sql, self._tables, self._work / f"{name}.parquet")
        self._tables[name] = self._work / f"{name}.parquet"

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """The rows of a small answer."""
        self._engine.run(sql, self._tables, self._work / "answer.parquet")
        rows: list[dict[str, Any]] = pq.read_table(self._work / "answer.parquet").to_pylist()
        return rows


def define(
    *, tables: Mapping[str, Path], params: Params, span: Span, engine: Engine, segment: str | None, out: Path
) -> Defined:
    """Count what each definition would mean.

    Args:
        tables: canonical tables by name.
        params: the project's.
        span: days that are complete.
        engine: where the SQL runs.
        segment: a column of customers to tell them apart by; None: `segment`, if there is one.
        out: folder of define.json, define.csv and plots/define/define.png.

    Raises:
        DataError: no such column of customers.
    """
    columns = {name: pq.read_schema(path).names for name, path in tables.items()}
    column = segment_column(segment, columns, _private(params))
    events = events_of(params.churn, tables)
    with scratch(out / "define") as work, replacing(out / "plots/define") as (plots,):
        asking = Asking(engine, tables, work)
        returns, customers, days = None, 0, 0
        if events:
            asking.keep("silences", silences(events, span, column))
            (sizes,) = asking.rows("SELECT count(*) AS days, count(DISTINCT customer_id) AS customers FROM silences")
            customers, days = sizes["customers"], sizes["days"]
            returns = Returns([Wait(**row) for row in asking.rows(silence_waits(span))])
        measures = _measured(asking, definitions(params.churn, events, tables), columns, span, column)
        whole = [each for each in measures if each.segment is None]
        contracts = _contracts(asking, columns, span, events)
        defined = Defined(
            project=params.project.name,
            events=events,
            span=span,
            customers=customers,
            silences=days,
            silent=by_silence(returns) if returns else [],
            settled_days=settled_days(returns, MOST_BACK) if returns else None,
            measures=whole,
            segment=column,
            by_segment=[each for each in measures if each.segment is not None],
            contracts=contracts,
            advice=advise(whole, contracts, events, params.features.reach_days),
        )
        draw(returns, whole, plots / "define.png")
        write(defined, work, out)
    return defined


def _measured(
    asking: Asking, every: Sequence[Definition], columns: Columns, span: Span, column: str | None
) -> list[Measure]:
    measures = []
    for definition in steps(every, "Counting"):
        cutoffs = definition.cutoffs(span)
        rows, spent = [], {}
        if cutoffs:
            rows = asking.rows(tally(definition, cutoffs, columns, span, column))
            if definition.kind == "inactivity":
                answer = asking.rows(later_spend(definition, cutoffs))
                spent = {row["cutoff"]: float(row["spend"]) for row in answer}
        measures.append(measure(definition, rows, span, spent=spent))
        for name in sorted({row["segment"] for row in rows}) if column else ():
            own = [row for row in rows if row["segment"] == name]
            measures.append(measure(definition, own, span, segment=name, spent={}))
    return with_back(measures)


def _contracts(asking: Asking, columns: Columns, span: Span, events: Sequence[str]) -> Contracts | None:
    if SUBSCRIPTIONS.name not in columns and not (CANCELLATIONS.name in columns and events):
        return None
    (counted,) = asking.rows(coverage(columns, span, events=bool(events)))
    return contracts_of(counted, asking.rows(departures(columns, span)), span, events=bool(events))


def _private(params: Params) -> set[str]:
    """Columns of customers that are private under their own name or under the export's."""
    private = set(params.score.pii)
    renamed = {
        word
        for source in params.sources
        if source.table == "customers"
        for word, header in source.columns.items()
        if header in private
    }
    return private | renamed

"""What is run beside the stages: questions to tables and models that nothing else reads."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from churnml.config import Params, Rules
from churnml.contracts.files import House
from churnml.pipeline import rules_in
from churnml.ports import Engine
from churnml.progress import steps
from churnml.publish import scratch

if TYPE_CHECKING:
    from churnml.bundle import ModelBundle
    from churnml.define import Defined
    from churnml.explain import Story
    from churnml.features.proof import Proof
    from churnml.rules import Backtest


def run_define(
    params: Params, house: House, engine: Engine, segment: str | None, out: Path
) -> "tuple[Defined, list[str]]":
    """Tables -> what each definition of leaving would mean, with what to be warned of. No stage: nothing reads it."""
    from churnml.define import define, inactivity_of
    from churnml.define.events import Span
    from churnml.features.history import history, table_paths

    paths = table_paths(house.tables)
    with scratch(out / "define") as work:
        seen = history(house.tables, inactivity_of(params.churn, paths), engine, work)
    span = Span(seen.start, seen.end)
    cut = [] if seen.what_ends == "the events end" else [f"{seen.what_ends} on {span.last}; later days aren't counted"]
    return define(tables=paths, params=params, span=span, engine=engine, segment=segment, out=out), cut


def run_proof(params: Params, house: House, engine: Engine) -> "Proof":
    """Tables -> the proof that features know nothing of the future."""
    from churnml.features.proof import prove

    return prove(
        tables=house.tables,
        churn=params.churn,
        panel=params.panel,
        params=params.features,
        engine=engine,
        work_near=house.panel,
        report=house.reports / "proof.json",
        private=params.private_of_customers(),
    )


def run_rules(params: Params, house: House, engine: Engine) -> "tuple[Backtest, Rules]":
    """Tables, boosters and bundle -> what the rules of rules.yaml, as they are now, would have been worth. No stage."""
    import pandas as pd

    from churnml.bundle import ModelBundle
    from churnml.calibrate import past_lists
    from churnml.features import ask
    from churnml.rules import backtest, write
    from churnml.score import owners

    rules, bundle = rules_in(params, house), ModelBundle.load(house.bundle)
    past = past_lists(house.boosters, bundle).merge(owners(house.tables), on="customer_id", how="left")
    cutoffs, decision = sorted(set(past["as_of"])), bundle.decision
    how: dict[str, Any] = {"tables": house.tables, "churn": bundle.params.churn, "params": bundle.params.features}
    asleep: dict[str, tuple[str, str]] = {}
    parts: dict[date, pd.DataFrame] = {}
    with scratch(house.reports / "rules") as work:
        for day in steps(cutoffs, "Judging rules"):
            out = work / f"{day}.parquet"
            asleep = dict(ask(rules, **how, engine=engine, as_of=day, work=work, out=out).asleep)
            parts[day] = pd.read_parquet(out)
    said = backtest(
        rules, past, parts.__getitem__, asleep, decision.names, decision.contacted, bundle.params.churn.horizon_days
    )
    write(house.reports / "rules.csv", said)
    return said, rules


def run_explain(house: House, bundle: "ModelBundle", engine: Engine, customer: str, as_of: date | None) -> "Story":
    """Tables and bundle -> one customer, by the code that makes lists, on the customer's rows alone. No stage.

    Args:
        house: its tables, and where known its boosters and lists.
        bundle: the model and everything it decided.
        engine: where the SQL runs.
        customer: the id.
        as_of: moment of knowledge; None: the midnight after the last event's day of all customers.
    """
    from churnml.calibrate import past_of
    from churnml.explain import Story, timeline
    from churnml.features import ask, lived, snapshot, unscored, write_context, write_only
    from churnml.score import Alone, reason_shown, single, tier_shown, warning_of

    params, project, tables = bundle.params, bundle.params.project, house.tables
    with scratch(house.reports / "explain") as work:
        mine, rows, context, asked = (work / name for name in ("tables", "snapshots", "context", "asked"))
        write_only(tables, customer, engine, work, mine)
        how: dict[str, Any] = {"churn": params.churn, "engine": engine, "work": work}
        every: dict[str, Any] = {**how, "tables": tables, "params": params.features, "only": mine}
        moment = snapshot(**every, as_of=as_of, out=rows)
        private = params.private_of_customers()
        write_context(**how, tables=mine, private=private, snapshots=rows, as_of=moment, out=context)
        what = ask(bundle.rules, **every, as_of=moment, out=asked)
        aside = unscored(**how, tables=mine, snapshots=rows, as_of=moment).to_pylist()
        alone = Alone(moment, mine, rows, context, asked, what.told, list(what.asleep))
        happened = lived(tables=mine, engine=engine, as_of=moment, private=params.private_of, work=work)
        return Story(
            customer=customer,
            as_of=moment,
            project=project.name,
            locale=project.locale,
            currency=project.currency,
            definition=params.churn.definition,
            horizon_days=params.churn.horizon_days,
            lived=timeline(happened, moment),
            risk=None if aside else single(bundle, alone, [house.lists, house.root / "lists"]),
            unscored=reason_shown(aside[0]["reason"], project.locale) if aside else "",
            last_seen=aside[0]["last_seen"] if aside else None,
            past=past_of(house.boosters, bundle, customer, moment),
            tiers={name: tier_shown(name, project.locale) for name in bundle.decision.names},
            warning=warning_of(bundle),
        )

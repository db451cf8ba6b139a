"""What `churnml define` counts is what the pipeline would train on."""

import random
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import shelf
from churnml.adapters.duckdb import DuckDBEngine
from churnml.beside import run_define
from churnml.config import Churn, Params
from churnml.contracts.files import House
from churnml.contracts.tables import TABLES

ALL = ("transactions", "activity", "subscriptions", "cancellations")
ENGINE = DuckDBEngine("1GB", threads=1)


def a_company(seed: int) -> dict[str, str]:
    """Forty customers over 300 days: purchases and refunds, logins, contracts of which some end, notices."""
    chance = random.Random(seed)
    people = [f"c{number:02d}" for number in range(40)]

    def day(low: int = 0, high: int = 299) -> str:
        number = chance.randint(low, high)
        return f"2024-{1 + number // 28:02d}-{1 + number % 28:02d}"

    bought = [f"{who} {day()} {chance.choice([5, 10, 0, -10])}" for who in people for _ in range(chance.randint(1, 9))]
    used = [f"{who} {day()} login" for who in people[:20] for _ in range(chance.randint(0, 5))]
    ran = []
    for who in people[10:]:
        first, last = sorted([chance.randint(0, 250), chance.randint(0, 299)])
        ran.append(f"{who} {day(first, first)} {chance.choice(['-', day(last, last)])}")
        if chance.random() < 0.5:
            ran.append(f"{who} {day(last, last)} -")
    gone = [f"{who} {day()}" for who in people[:25] if chance.random() < 0.6]
    ends = ["dan 2024-01-01 5", "dan 2024-11-18 5"]
    return {
        "transactions": "\n".join(["customer_id occurred_at amount", *ends, *bought]),
        "activity": "\n".join(["customer_id occurred_at event", "dan 2024-11-18 login", *used]),
        "subscriptions": "\n".join(["customer_id started_at ended_at", "dan 2024-11-18 -", *ran]),
        "cancellations": "\n".join(["customer_id cancelled_at", "dan 2024-11-18", *gone]),
    }


def params(tables: list[str], churn: Churn) -> Params:
    """Params of a project with these tables."""
    sources = [
        {"table": name, "path": f"{name}.csv", "columns": {column.name: column.name for column in TABLES[name].columns}}
        for name in tables
    ]
    return Params.model_validate(
        {
            "project": {"name": "tiny"},
            "sources": sources,
            "churn": churn.model_dump(),
            "panel": {"step_days": 30, "test": 1},
            "features": {"history_days": 3650},
            "calibrate": {"tiers": [{"name": "low"}]},
        }
    )


DEFINITIONS = {
    "purchases": (ALL, Churn(horizon_days=28, active_within_days=56)),
    "purchases and logins": (ALL, Churn(events=("transactions", "activity"), horizon_days=21, active_within_days=50)),
    "contracts and notices": (ALL, Churn(definition="cancellation", events=("transactions",), horizon_days=28)),
    "contracts": (("transactions", "subscriptions"), Churn(definition="cancellation", events=("transactions",), horizon_days=28)),
    "notices": (
        ("transactions", "cancellations"),
        Churn(definition="cancellation", events=("transactions",), horizon_days=28, active_within_days=56),
    ),
}  # fmt: skip


NOTICES = pytest.param("notices")


@pytest.mark.parametrize("name", [name if name != "notices" else NOTICES for name in DEFINITIONS])
def test_the_pipeline_counts_the_same(tmp_path, name):
    """Population and churn rate of the definition in params.yaml are those of the snapshots at the same cutoffs."""
    tables, churn = DEFINITIONS[name]
    house = House(tmp_path)
    world = a_company(1)
    shelf.write_tables(house.tables, {table: world[table] for table in tables})
    found, _ = run_define(params(list(tables), churn), house, ENGINE, None, house.reports)
    (measure,) = [each for each in found.measures if each.definition.own]
    sizes, rates = [], []
    for cutoff in measure.cutoffs:
        people = shelf.snapshots(house.tables, ENGINE, as_of=cutoff, churn=churn)
        sizes.append(len(people))
        rates.append(sum(row["label"] for row in people.values()) / len(people))
    assert len(sizes) >= 8
    assert 0 < measure.churn_rate < 1
    assert measure.population == pytest.approx(fmean(sizes))
    assert measure.churn_rate == pytest.approx(fmean(rates))
    assert (measure.churn_rate_low, measure.churn_rate_high) == (min(rates), max(rates))


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10**6), st.integers(5, 60), st.integers(5, 60), st.integers(0, 60))
def test_what_always_holds(seed, horizon, active, more):
    """Shares are between 0 and 1, and at the same cutoffs a longer activity never means fewer customers."""
    churn = Churn(horizon_days=horizon, active_within_days=active + more)
    with TemporaryDirectory() as folder:
        house = House(Path(folder))
        shelf.write_tables(house.tables, {"transactions": a_company(seed)["transactions"]})
        asked = params(["transactions"], churn)
        longer, _ = run_define(asked, house, ENGINE, None, house.reports)
        shorter, _ = run_define(
            asked.model_copy(update={"churn": churn.model_copy(update={"active_within_days": active})}),
            house, ENGINE, None, house.reports,
        )  # fmt: skip
    for each in longer.measures + shorter.measures:
        shares = [each.churn_rate, each.back, each.returns.within(each.seen_days), each.later_spend_share]
        assert all(share is None or 0 <= share <= 1 for share in shares)
    assert all(0 <= share <= 1 for row in longer.silent for share in row.within.values() if share is not None)
    (most,) = [each for each in longer.measures if each.definition.own]
    (least,) = [each for each in shorter.measures if each.definition.own]
    if most.cutoffs == least.cutoffs:
        assert most.population >= least.population

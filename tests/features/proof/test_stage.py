"""The proof finds what leaks, on every family, and finds nothing where nothing does."""

import dataclasses

import pytest

import shelf
import worlds
from churnml.config import Features, Panel, read_params
from churnml.contracts.files import House
from churnml.features import panel as panel_module
from churnml.features.catalog import families
from churnml.features.entry import Family, Feature
from churnml.features.proof import prove
from churnml.features.proof import stage as stage_module
from churnml.pipeline import run_ingest, run_proof
from churnml.publish import read_json


@pytest.fixture
def proof(project, engine, tmp_path):
    """Called with changes of params: what the proof says of the tiny shop, at its first cutoff and at its last."""

    def proved(**changes):
        params = read_params(project.params)
        return prove(
            tables=project.tables,
            churn=params.churn,
            panel=Panel(train=("2024-02-26",), test=("2024-07-01",)),
            params=params.features.model_copy(update=changes),
            engine=engine,
            work_near=tmp_path / "work",
            report=tmp_path / "proof.json",
        )

    return proved


def test_nothing_leaks_in_any_family(project, engine):
    """All families that exist are there, all tables get another future, and no bit changes at any cutoff."""
    proof = run_proof(read_params(project.params), project, engine)
    assert set(proof.families) == {"rfm", "rhythm", "trend", "lifecycle", "contacts", "profile"}
    assert set(proof.tables) == {"transactions", "contacts", "customers"}
    assert len(proof.cutoffs) == 9
    assert proof.leaks == []
    assert proof.lines[0].startswith(f"no leak: {proof.features} features of rfm, ")
    assert read_json(project.reports / "proof.json")["leaks"] == []


LEAKS = {
    "rows from as_of on": Feature(
        "leak", "max(day)", "days", "a look at the raw table", "-", "none", "a test",
    ),
    "a cell of an older row": Feature(
        "leak", "count(answered_on)", "answers", "an answer, whenever it came", "-", "none", "a test",
    ),
    "today's value": Feature("leak", "max(length(phone))", "letters", "what is in the CRM today", "-", "none", "a test"),
}  # fmt: skip
ROWS = {
    "rows from as_of on": "SELECT customer_id, epoch(occurred_at) AS day FROM transactions",
    "a cell of an older row": "SELECT customer_id, answered_on FROM contacts WHERE contacted_on < {as_of}",
    "today's value": "SELECT * FROM customers",
}


@pytest.mark.parametrize("kind", LEAKS)
def test_a_planted_leak_is_caught(proof, monkeypatch, kind):
    """A family that reads its table past the as-of view, in any of three ways, is named; the others aren't."""
    planted = Family("planted", "transactions", ROWS[kind], (LEAKS[kind],))

    def with_leak(params, columns):
        return [*families(params, columns), planted]

    monkeypatch.setattr(panel_module, "families", with_leak)
    found = proof(windows_days=(7, 28))
    assert {leak[2].column for leak in found.leaks} == {"leak"}
    assert found.lines[0].startswith("LEAK: ")
    assert "  leak: at " in found.lines[1]


def test_a_view_that_shows_the_day_of_as_of_is_caught(proof, monkeypatch):
    """One day too many, for every table: every family that reads rows changes."""
    real = panel_module.visible

    def a_day_more(table, columns, as_of, **how):
        return real(table, columns, as_of, **how).replace(f"< DATE '{as_of}'", f"<= DATE '{as_of}'")

    monkeypatch.setattr(panel_module, "visible", a_day_more)
    leaking = {leak[2].column for leak in proof(windows_days=(7, 28)).leaks}
    assert {"recency_days", "gap_last_days", "purchase_days_change_7d_before", "contacts_28d"} <= leaking


def test_a_population_that_looks_ahead_is_caught(proof, monkeypatch):
    """Who is in at all may not depend on what comes either."""

    def ahead(churn, tables, as_of):
        return "SELECT DISTINCT customer_id FROM transactions"

    monkeypatch.setattr(panel_module, "population", ahead)
    assert {leak[2].column for leak in proof().leaks} == {"population"}


def test_a_training_row_that_knows_more_is_caught(proof, monkeypatch):
    """What is learned from holds what would have been scored: a look at the label, or a choice of customers by it."""
    real = panel_module.snapshot_sql

    def looking(*given, split, **how):
        sql = real(*given, split=split, **how)
        return sql if split == "score" else sql.replace('of_lifecycle."bought_once"', "labels.label")

    monkeypatch.setattr(stage_module, "snapshot_sql", looking)
    assert {(*leak[1:2], leak[2].column) for leak in proof().leaks} == {(stage_module.TRAINING, "bought_once")}

    def choosing(*given, split, **how):
        sql = real(*given, split=split, **how)
        return sql if split == "score" else sql.replace("labels.label IS NOT NULL", "labels.label = 1")

    monkeypatch.setattr(stage_module, "snapshot_sql", choosing)
    assert {leak[2].column for leak in proof().leaks} == {"population"}


def test_an_attribute_that_knows_the_answer_is_named(tmp_path, engine):
    """A column written when customers left, declared timeless: no proof can see it, but it alone knows too much."""
    house = House(tmp_path)
    one = "panel: {train: ['2024-05-06'], test: ['2024-06-17']}"
    params = worlds.PARAMS.replace("profile: [town]", "profile: [status]")
    worlds.write_project(tmp_path, params.replace("panel: {step_days: 14, test: 2, min_history_days: 56}", one))
    last = {}
    for line in (tmp_path / "data/raw/transactions.csv").read_text().splitlines()[1:]:
        name, when = line.split(",")[:2]
        last[name] = max(last.get(name, ""), when)
    path = tmp_path / "data/raw/customers.csv"
    header, *people = path.read_text().splitlines()
    status = [f"{line},{'closed' if last.get(line[:5], '') < '2024-05-06' else 'open'}" for line in people]
    path.write_text("\n".join([f"{header},status", *status]) + "\n")
    run_ingest(read_params(house.params), house, engine)
    proof = run_proof(read_params(house.params), house, engine)
    assert [one["name"] for one in proof.too_good] == ["profile_status"]
    assert {one["name"]: one["reason"] for one in proof.without_history}["status"] == (
        "features.profile says that it never changes, and nothing here can prove it"
    )


def test_with_every_table_of_the_contract(tmp_path, engine):
    """Tables that no family reads yet are given another future, too; the population of contracts stays the same."""
    tables = shelf.write_tables(
        tmp_path / "tables",
        {
            "transactions": "customer_id occurred_at amount\nann 2024-01-02 5\nann 2024-02-20 5\nbob 2024-03-09 5",
            "activity": "customer_id occurred_at event quantity\nann 2024-02-02 login 1\nann 2024-03-02 login 1",
            "tickets": "customer_id opened_at resolved_at satisfaction\nann 2024-02-02 2024-03-05 1",
            "surveys": "customer_id answered_at score\nann 2024-02-02 9\nann 2024-03-02 1",
            "subscriptions": "customer_id started_at ended_at renews_at\nann 2023-02-02 2024-03-04 2024-05-02",
            "cancellations": "customer_id cancelled_at reason\nann 2024-03-03 price",
            "contacts": "customer_id contacted_at action\nann 2024-02-03 call\nann 2024-03-03 call",
            "customers": "customer_id signed_up_at\nann 2023-02-02\nbob -",
        },
    )
    how = dataclasses.asdict(_Cancelling())
    proof = prove(tables=tables, engine=engine, work_near=tmp_path / "work", report=tmp_path / "proof.json", **how)
    assert len(proof.tables) == 8
    assert proof.leaks == []


@dataclasses.dataclass
class _Cancelling:
    """Sections of params whose population is who has a running contract."""

    churn: object = None
    panel: object = None
    params: object = None

    def __post_init__(self):
        from churnml.config import Churn

        self.churn = Churn(definition="cancellation", horizon_days=1, events=("activity",))
        self.panel = Panel(train=("2024-02-25",), test=("2024-03-01",))
        self.params = Features(windows_days=(7, 28), history_days=60)

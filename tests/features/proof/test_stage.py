"""The proof finds what leaks, on every family, and finds nothing where nothing does."""

import pytest

import shelf
import worlds
from ahead import look_a_day_ahead
from churnml.beside import run_proof
from churnml.config import Churn, Features, Panel, read_params
from churnml.config.panel import FAMILIES
from churnml.contracts.files import House
from churnml.contracts.tables import TABLES
from churnml.features import query
from churnml.features.catalog import families
from churnml.features.entry import Family, Feature
from churnml.features.proof import prove
from churnml.features.proof import stage as stage_module
from churnml.pipeline import run_ingest
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

    monkeypatch.setattr(query, "families", with_leak)
    found = proof(windows_days=(7, 28))
    assert {leak[2].column for leak in found.leaks} == {"leak"}
    assert found.lines[0].startswith("LEAK: ")
    assert "  leak: at " in found.lines[1]


def test_a_view_that_shows_the_day_of_as_of_is_caught(proof, monkeypatch):
    """One day too many, for every table and for days with transactions: every family that reads rows changes."""
    look_a_day_ahead(monkeypatch)
    leaking = {leak[2].column for leak in proof(windows_days=(7, 28)).leaks}
    assert {"recency_days", "gap_last_days", "spend_change_7d_before", "contacts_28d"} <= leaking


def test_a_population_that_looks_ahead_is_caught(proof, monkeypatch):
    """Who is in at all may not depend on what comes either."""

    def ahead(churn, tables, as_of, *, prepared=False):
        return "SELECT DISTINCT customer_id FROM transactions"

    monkeypatch.setattr(query, "population", ahead)
    assert {leak[2].column for leak in proof().leaks} == {"population"}


def test_a_training_row_that_knows_more_is_caught(proof, monkeypatch):
    """What is learned from holds what would have been scored: a look at the label, or a choice of customers by it."""
    real = query.snapshot_sql

    def looking(*given, split, **how):
        sql = real(*given, split=split, **how)
        return sql if split == "score" else sql.replace('of_rfm."bought_once"', "labels.label")

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


def test_with_every_table_of_the_contract(prove_all):
    """All families are proved, on tables with a future of their own; the population of contracts stays the same."""
    proof = prove_all()
    assert set(proof.families) == set(FAMILIES) - {"breadth"}
    assert len(proof.tables) == 8
    assert proof.leaks == []


LOOKS = {
    "resolved_on": ("tickets", "count(resolved_on)"),
    "first_response_at": ("tickets", "max(date_diff('second', opened_at, first_response_at))"),
    "satisfaction": ("tickets", "max(satisfaction)"),
    "ended_on": ("subscriptions", "count(ended_on)"),
    "renews_on": ("subscriptions", "max(date_diff('day', {as_of}, renews_on))"),
    "answered_on": ("contacts", "count(answered_on)"),
}


def test_a_planted_look_at_a_later_cell_is_caught(prove_all, monkeypatch):
    """Families that read a table and not its view count ends, replies and ratings that nobody knew of: each is named."""

    def planted(cell):
        table, sql = LOOKS[cell]
        rows = f"SELECT * FROM {table} WHERE {TABLES[table].day} < {{as_of}}"
        look = Feature(cell, sql, "-", "a look at what came later", "-", "none", "a test")
        return Family(f"planted_{cell}", table, rows, (look,))

    looking = [planted(cell) for cell in LOOKS]
    monkeypatch.setattr(query, "families", lambda params, columns: [*families(params, columns), *looking])
    assert {leak[2].column for leak in prove_all().leaks} == set(LOOKS)


def test_a_look_at_a_day_that_an_attribute_holds_is_caught(prove_all, monkeypatch):
    """An attribute declared to be a date is known from the day after it on, and so it has a future as cells of tables have."""
    look = Feature("leak", "max(length(onboarded))", "letters", "whether it will ever be", "-", "none", "a test")
    planted = Family("planted", "customers", "SELECT * FROM customers", (look,))
    monkeypatch.setattr(query, "families", lambda params, columns: [*families(params, columns), planted])
    found = prove_all()
    assert {leak[2].column for leak in found.leaks} == {"leak"}
    assert "onboarded" not in {one["name"] for one in found.without_history}


def test_a_view_that_shows_a_day_more_is_caught_in_every_table(prove_all, monkeypatch):
    """Each family is only as blind as its view."""
    real = query.visible

    def a_day_more(table, columns, as_of, **how):
        return real(table, columns, as_of, **how).replace(f"< DATE '{as_of}'", f"<= DATE '{as_of}'")

    monkeypatch.setattr(query, "visible", a_day_more)
    active = Churn(horizon_days=1, active_within_days=60, events=("activity",))  # a population that reads no view
    leaking = {leak[2].column for leak in prove_all(churn=active).leaks}
    assert {"activity_recency_days", "activities_28d", "features_used_28d"} <= leaking
    assert {"ticket_recency_days", "tickets_28d", "tickets_open", "first_reply_mean_28d_hours"} <= leaking
    assert {"survey_recency_days", "survey_answers_28d", "survey_last_score"} <= leaking
    assert {"owner_contact_recency_days", "owner_silence_ratio", "visit_recency_days"} <= leaking
    assert {"contract_age_days", "contracts_running", "contact_recency_days", "last_action"} <= leaking


@pytest.fixture
def prove_all(tmp_path, engine):
    """Called with changes of sections: what the proof says of hand-made tables, all of the contract, at two cutoffs."""
    tables = shelf.write_tables(
        tmp_path / "tables",
        {
            "transactions": "customer_id occurred_at amount\nann 2024-01-02 5\nann 2024-02-20 5\nbob 2024-03-09 5",
            "activity": """
                customer_id  occurred_at  event  feature  quantity
                ann          2024-02-02   login  -        1
                ann          2024-02-10   use    map      2
                ann          2024-02-11   newsletter_off -        -
                ann          2024-03-02   login  map      1
            """,
            "tickets": """
                customer_id  opened_at   first_response_at  resolved_at  satisfaction  kind       priority
                ann          2024-02-02  2024-02-03         2024-03-05   1             complaint  high
                ann          2024-02-12  2024-03-03         2024-03-06   2             question   low
                ann          2024-03-02  2024-03-03         2024-03-06   2             question   low
            """,
            "surveys": "customer_id answered_at score kind\nann 2024-02-02 9 nps\nann 2024-02-03 4 csat\nann 2024-03-02 1 nps",
            "subscriptions": """
                customer_id  started_at  ended_at    plan   monthly_amount  renews_at
                ann          2022-02-02  2023-02-02  basic  5               -
                ann          2023-02-02  2024-03-04  pro    9               2024-05-02
            """,
            "cancellations": "customer_id cancelled_at reason\nann 2024-03-03 price",
            "contacts": """
                customer_id  contacted_at  action  list_id  answered_at  answer
                ann          2024-02-01    visit   -        2024-02-03   yes
                ann          2024-02-03    call    -        2024-02-04   yes
                ann          2024-02-05    mail    spring   2024-03-09   no
                ann          2024-03-01    visit   -        -            -
                ann          2024-03-03    call    -        -            -
            """,
            "customers": "customer_id signed_up_at onboarded\nann 2023-02-02 2024-03-01\nbob - -",
        },
    )
    how = {
        "churn": Churn(definition="cancellation", horizon_days=1, events=("activity",)),
        "panel": Panel(train=("2024-02-25",), test=("2024-03-01",)),
        "params": Features(windows_days=(7, 28), history_days=60, profile={"onboarded": "date"}),
    }

    def proved(**changes):
        where = {"work_near": tmp_path / "work", "report": tmp_path / "proof.json"}
        return prove(tables=tables, engine=engine, **where, **{**how, **changes})

    return proved

"""One customer says what the list says."""

import dataclasses
import re
import shutil
from datetime import date, timedelta

import pandas as pd
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

import worlds
from chinese import is_chinese
from churnml.beside import run_explain
from churnml.bundle import ModelBundle
from churnml.cli.app import app
from churnml.contracts.files import House
from churnml.contracts.listed import TIERS, WAITS
from churnml.errors import DataError
from churnml.explain import lines, page
from churnml.language import shown

AS_OF = date(2024, 7, 29)
BETWEEN = "; "


@pytest.fixture(scope="module")
def bundle(finished):
    return ModelBundle.load(finished.bundle)


@pytest.fixture(scope="module")
def pack(finished):
    return finished.lists / str(AS_OF)


@pytest.fixture(scope="module")
def scored(pack):
    return pq.read_table(pack / "scored.parquet").to_pandas()


@pytest.fixture(scope="module")
def chinese(bundle):
    """The same bundle with words in Chinese."""
    project = bundle.params.project.model_copy(update={"locale": "zh-CN"})
    return dataclasses.replace(bundle, params=bundle.params.model_copy(update={"project": project}))


def some(scored):
    """Customers of each tier, and some who are left alone."""
    held = scored[scored["held"]].head(1)
    return pd.concat([held, *(scored[scored["tier"] == tier].tail(2) for tier in ("high", "medium", "low"))])


def test_the_same_as_in_the_list(finished, bundle, engine, pack, scored):
    """Risk, value, reasons, cause, place, segments, action and alerts of a customer alone are those of the pack, bit for bit."""
    alerts = pq.read_table(pack / "alerts.parquet").to_pandas().set_index("customer_id")
    titles = {rule.name: rule.title.en for rule in bundle.rules.rules}
    for row in some(scored).itertuples():
        story = run_explain(finished, bundle, engine, row.customer_id, None)
        said, place = story.risk, story.risk.place
        assert (story.as_of, place.folder) == (AS_OF, pack)
        assert (said.risk, said.value, said.expected_loss) == (row.risk, row.value, row.expected_loss)
        assert (place.tier, place.rank, place.held) == (shown(TIERS, row.tier, "en"), row.rank, row.held)
        assert (place.layer, place.group, place.stage) == (row.layer, row.group, row.stage)
        assert (place.rfm, place.rfm_name) == (row.rfm, row.rfm_name)
        assert (place.plan.to_do, place.plan.script) == (row.to_do, row.script)
        assert place.plan.due_on == row.due_on.date()
        if row.tier in bundle.decision.contacted:  # others have no reasons in the list
            assert (BETWEEN.join(said.reasons) or None, said.cause) == (row.why, row.cause)
        here = alerts.loc[[row.customer_id]] if row.customer_id in alerts.index else alerts.head(0)
        true = {titles[one.rule]: one.state for one in here.itertuples() if one.state != "over"}
        states = {name: "" if state == "alerted" else shown(WAITS, state, "en") for name, state in true.items()}
        assert {alert.title: alert.state for alert in said.alerts} == states
        assert said.undecided == ()


def test_past_cutoffs_say_what_was_said_then(finished, bundle, engine, scored):
    """Each has the risk by a model that was fitted before, and whether the customer left; the newest says how the risk moved."""
    customer = scored["customer_id"].iloc[0]
    story = run_explain(finished, bundle, engine, customer, None)
    rolling = pq.read_table(finished.boosters / "rolling.parquet").to_pandas()
    mine = rolling[rolling["customer_id"] == customer].sort_values("as_of")
    assert [past.as_of for past in story.past] == mine["as_of"].tolist()
    assert [past.left for past in story.past] == mine["label"].astype(bool).tolist()
    if bundle.probability.base_rate == "trained" and bundle.probability.calibrator.method == "none":
        assert [past.risk for past in story.past] == mine["score"].tolist()
    assert story.moved == story.risk.risk - story.past[-1].risk


def test_as_of_an_earlier_day(finished, bundle, engine, scored):
    """Nothing later is told: no event, no cutoff, no answer whose time hadn't come; and no list says the tier."""
    then = AS_OF - timedelta(days=35)
    customer = scored.sort_values("days_since_purchase")["customer_id"].iloc[0]
    story = run_explain(finished, bundle, engine, customer, then)
    assert story.as_of == then
    assert all(event.day < then for event in story.lived.events)
    assert {past.as_of + timedelta(days=28) <= then for past in story.past if past.left is not None} == {True}
    assert [past.left for past in story.past if past.as_of + timedelta(days=28) > then] == [None]
    assert story.risk.place is None
    assert f"run `churnml score --as-of {then}`" in " ".join(" ".join(lines(story)).split())


def test_without_a_list_the_tier_is_left_open(project, bundle, engine, scored):
    """The risk is the same; a list whose risk is another one, or of another bundle, isn't believed."""
    customer = scored["customer_id"].iloc[0]
    other = dataclasses.replace(bundle, digest="another")
    assert run_explain(project, other, engine, customer, None).risk.place is None
    shutil.rmtree(project.lists)
    story = run_explain(project, bundle, engine, customer, None)
    assert (story.risk.risk, story.risk.place) == (scored["risk"].iloc[0], None)
    assert "It depends on the tier." in " ".join(lines(story))


@pytest.mark.parametrize(
    ("word", "meant"),
    [("42", "; did you mean '00042'?"), ("0004a", "; did you mean '00004' or '00040' or '00041'?"), ("nobody", "")],
)
def test_nobody_has_this_id(finished, bundle, engine, word, meant):
    """Zeros in front are the first guess, then ids that differ by a sign; nothing is guessed from afar."""
    with pytest.raises(DataError) as refused:
        run_explain(finished, bundle, engine, word, None)
    assert str(refused.value) == f"{finished.tables}: no customer '{word}' there{meant}"


def test_a_customer_without_a_risk(finished, bundle, engine, scored):
    """Why there is none, and what happened all the same."""
    gone = sorted(
        set(pq.read_table(finished.tables / "customers.parquet")["customer_id"].to_pylist()) - {*scored["customer_id"]}
    )
    story = run_explain(finished, bundle, engine, gone[0], None)
    assert (story.risk, story.unscored) == (None, "already gone")
    said = lines(story)
    assert f"Risk     none: already gone, last seen {story.last_seen}" in said
    assert story.lived.events and "  2024-01" in "\n".join(said)
    assert "already gone" in page(story)


def test_words_in_chinese(finished, chinese, engine, scored):
    """Every line that isn't a row of numbers, on the terminal and on the page."""
    story = run_explain(finished, chinese, engine, scored[scored["tier"] == "high"]["customer_id"].iloc[0], None)
    numbers = re.compile(r"^[\s\d.,%+:-]*$")
    said = [line for line in lines(story) if line and "town" not in line]  # a header of the export
    odd = [line for line in said if not is_chinese(line) and not numbers.match(line)]
    assert odd == []
    assert '<html lang="zh-CN">' in page(story)


def test_nothing_private(finished, bundle, engine, scored):
    """No cell of a private column, whatever shows it."""
    for customer in scored["customer_id"].head(2):
        story = run_explain(finished, bundle, engine, customer, None)
        assert worlds.PRIVATE not in page(story) + "\n".join(lines(story)) + repr(story)


def test_the_verb(project: House, monkeypatch):
    """Words on stdout, the page for its owner alone, one line and exit 1 for whom nobody knows."""
    monkeypatch.chdir(project.root)
    scored = pq.read_table(f"data/lists/{AS_OF}/scored.parquet")["customer_id"].to_pylist()
    done = CliRunner().invoke(app, ["explain", scored[0], "--html", "one.html"])
    assert (done.exit_code, done.stderr) == (0, "one.html\n"), done.output
    assert done.stdout.startswith(f"Customer {scored[0]}, tiny-shop, as of {AS_OF}\n")
    assert (project.root / "one.html").stat().st_mode & 0o777 == 0o600
    done = CliRunner().invoke(app, ["explain", "x1"])
    assert (done.exit_code, done.stdout, done.stderr) == (1, "", "error: data/tables: no customer 'x1' there\n")
    assert CliRunner().invoke(app, ["explain", scored[0], "--as-of", "2300-01-01"]).exit_code == 2
    assert sorted(path.name for path in (project.root / "reports").iterdir() if path.name.startswith(".")) == []

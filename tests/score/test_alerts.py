"""Alerts in the pack: who, why, what to do by when; and the memory of the pack before."""

import csv
import dataclasses
from datetime import date

import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from churnml.bundle import ModelBundle
from churnml.config import Rules
from churnml.contracts.files import ALERTS
from churnml.manifest import read_manifest
from churnml.pipeline import score_export

FIRST, SECOND = date(2024, 7, 1), date(2024, 7, 29)
SILENT = {
    "name": "silent", "title": {"en": "Silent", "zh-CN": "沉默"}, "when": {"feature": "recency_days", "at_least": 7},
    "then": {"en": "Call", "zh-CN": "致电"}, "cooldown_days": 56,
}  # fmt: skip


def bundle_with(house, locale="en", **file):
    """The bundle of the finished project, with these rules and language."""
    bundle = ModelBundle.load(house.bundle)
    project = bundle.params.project.model_copy(update={"locale": locale})
    params = bundle.params.model_copy(update={"project": project})
    return dataclasses.replace(bundle, rules=Rules.model_validate({"rules": [SILENT], **file}), params=params)


def scored(house, bundle, engine, out, as_of=FIRST, **how):
    """A pack."""
    return score_export([house.root / "data/raw"], bundle, engine, as_of, out, **how)


def shown(pack):
    """Rows of alerts.csv."""
    with (pack.folder / "alerts.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def worksheet(book):
    """Cells of the first sheet."""
    sheet = CalamineWorkbook.from_path(book).get_sheet_by_index(0)
    return [cell for row in sheet.to_python() for cell in row if cell]


def states(pack):
    """State by customer."""
    rows = pq.read_table(pack.folder / "alerts.parquet").to_pylist()
    return {row["customer_id"]: row["state"] for row in rows}


def test_who_is_told_of_and_why(finished, engine, tmp_path):
    """All who have a risk, are silent for a week and aren't left alone; each line with the customer's own number."""
    pack = scored(finished, bundle_with(finished), engine, tmp_path)
    people = pq.read_table(pack.folder / "scored.parquet").to_pandas().set_index("customer_id")
    silent = people[people["days_since_purchase"] >= 7]
    assert set(states(pack)) == set(silent.index)
    told = shown(pack)
    assert {row["customer_id"].strip('="') for row in told} == set(silent.index[~silent["held"]])
    for row in told:
        days = people.loc[row["customer_id"].strip('="'), "days_since_purchase"]
        assert row["fired_by"] == f"days since the last purchase: {days:.0f} (at least 7)"
        assert (row["rule"], row["to_do"], row["urgency"], row["due"]) == ("Silent", "Call", "normal", "2024-07-08")
    counted = read_manifest(pack.folder)["alerts"]
    assert (counted["customers"], counted["held"]) == (len(told), int(silent["held"].sum()))
    assert counted["held"] > 0
    assert f"by when ({len(told)})" in " ".join(map(str, worksheet(pack.folder / "lists.xlsx")))
    line = f"alerts: {len(told)} customers, rules: 1 (alerts.csv); not told of now: {counted['held']} left alone"
    assert line in pack.lines


def test_the_next_pack_remembers(finished, engine, tmp_path):
    """28 days later those who are still silent are in their cooldown of 56 days, and their silence is as old as it is."""
    bundle = bundle_with(finished)
    first = scored(finished, bundle, engine, tmp_path)
    second = scored(finished, bundle, engine, tmp_path, SECOND)
    was, now = states(first), states(second)
    again = [name for name, state in now.items() if was.get(name) == "alerted" and state != "over"]
    assert again
    assert {now[name] for name in again} <= {"cooldown", "held"}
    since = {row["customer_id"]: row["since"] for row in pq.read_table(second.folder / "alerts.parquet").to_pylist()}
    assert {since[name] for name in again} == {FIRST}
    assert not {row["customer_id"].strip('="') for row in shown(second)} & set(again)


def test_a_pack_of_before_there_were_rules(finished, engine, tmp_path):
    """It remembers nothing, and is read all the same."""
    first = scored(finished, bundle_with(finished, rules=[]), engine, tmp_path)
    assert shown(first) == []
    assert pq.read_table(first.folder / "alerts.parquet").schema.equals(ALERTS)
    second = scored(finished, bundle_with(finished), engine, tmp_path, SECOND)
    assert shown(second)


def test_the_owner_may_be_shown_too(project, engine, tmp_path):
    """Owners have budgets of their own, and a column of customers may be called like a feature or like a word of ours."""
    path = project.root / "data/raw/customers.csv"
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    told = [f"{line},{'xy'[place % 2]},Dr,1" for place, line in enumerate(lines)]
    path.write_text("\n".join([f"{head},owner,title,recency_days", *told]) + "\n", encoding="utf-8")
    bundle = bundle_with(project, weekly_budget_per_owner=2, list_every_days=7)
    score = bundle.params.score.model_copy(update={"keep": ("owner", "title", "recency_days")})
    sources = tuple(
        one.model_copy(update={"columns": {**one.columns, "owner": "owner"}}) if one.table == "customers" else one
        for one in bundle.params.sources
    )
    params = bundle.params.model_copy(update={"score": score, "sources": sources})
    bundle = dataclasses.replace(bundle, params=params)
    rows = shown(scored(project, bundle, engine, tmp_path))
    assert sorted(row["owner"] for row in rows) == ["x", "x", "y", "y"]
    assert {(row["title"], row["recency_days"], row["rule"]) for row in rows} == {("Dr", '="1"', "Silent")}


def test_all_that_is_said_of_a_customer_stands_together(finished, engine, tmp_path):
    """A second rule with a sooner due of its own: rows of one customer follow each other, each with its day."""
    soon = {**SILENT, "name": "soon", "title": "Soon", "due_days": 3}
    rows = shown(scored(finished, bundle_with(finished, rules=[SILENT, soon]), engine, tmp_path))
    names = [row["customer_id"] for row in rows]
    assert names[::2] == names[1::2]
    assert len(set(names)) == len(names) / 2
    assert [(row["rule"], row["due"]) for row in rows[:2]] == [("Soon", "2024-07-04"), ("Silent", "2024-07-08")]


def test_in_chinese(finished, engine, tmp_path):
    """Headers, rule, reason and what to do; who works with it needs no English."""
    pack = scored(finished, bundle_with(finished, "zh-CN"), engine, tmp_path)
    row = shown(pack)[0]
    assert (row["预警规则"], row["建议行动"], row["紧急程度"]) == ("沉默", "致电", "一般")
    assert row["触发依据"].startswith("距上次购买天数：")
    assert any(line.startswith("预警：") for line in pack.lines)


def test_private_columns_stay_in_the_csv(finished, engine, tmp_path):
    """alerts.csv shows what the lists show, and with --no-pii nothing private; alerts.parquet never does."""
    bundle = bundle_with(finished)
    assert "name" in shown(scored(finished, bundle, engine, tmp_path / "a"))[0]
    pack = scored(finished, bundle, engine, tmp_path / "b", private=False)
    assert "name" not in shown(pack)[0]
    assert pq.read_schema(pack.folder / "alerts.parquet").names == ALERTS.names


@pytest.mark.parametrize(("weekly", "days", "most"), [(2, 14, 4)])
def test_the_budget_is_said(weekly, days, most, finished, engine, tmp_path):
    """Nobody owns these customers: all share one budget, and who didn't get in is counted."""
    bundle = bundle_with(finished, weekly_budget_per_owner=weekly, list_every_days=days)
    pack = scored(finished, bundle, engine, tmp_path)
    assert len(shown(pack)) == most
    assert [row["due"] for row in shown(pack)] == ["2024-07-08"] * 2 + ["2024-07-15"] * 2
    assert f"{pack.alerts.states['budget']} over the budget" in " ".join(pack.lines)

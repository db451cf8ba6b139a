"""From a bundle and tables to a pack of lists."""

import csv
import dataclasses
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import worlds
from churnml.bundle import ModelBundle
from churnml.errors import BundleError, DataError
from churnml.manifest import digest, read_manifest, verify
from churnml.pipeline import score_export, score_tables

TIERS = ("high", "medium", "low")


@pytest.fixture
def bundle(finished):
    """The bundle of the finished project."""
    return ModelBundle.load(finished.bundle)


def keeping(bundle, *names):
    """The bundle with another score.keep."""
    score = bundle.params.score.model_copy(update={"keep": names})
    return dataclasses.replace(bundle, params=bundle.params.model_copy(update={"score": score}))


def pack_of(house):
    (pack,) = house.lists.iterdir()
    return pack


def listed(pack):
    """Rows of all lists, tier by tier."""
    out = {}
    for tier in TIERS:
        with (pack / f"{tier}.csv").open(encoding="utf-8-sig", newline="") as file:
            out[tier] = list(csv.DictReader(file))
        for row in out[tier]:
            row["customer_id"] = row["customer_id"].strip('="')  # as a spreadsheet shows it
    return out


def test_ranks_run_through_the_tiers(finished):
    """1 is the first of high; low goes on where medium ends; who is left alone has a rank, too, so lists have gaps."""
    lists = listed(pack_of(finished))
    scored = pq.read_table(pack_of(finished) / "scored.parquet").to_pandas()
    assert sorted(scored["rank"]) == list(range(1, len(scored) + 1))
    ranks = [int(row["rank"]) for tier in TIERS for row in lists[tier]]
    assert ranks == sorted(scored.loc[~scored["held"], "rank"])


def test_tiers_are_as_large_as_params_say(finished):
    """Fifteen to call, a fifth of all, the rest."""
    scored = pq.read_table(pack_of(finished) / "scored.parquet").to_pandas()
    assert len(listed(pack_of(finished))["high"]) == 15
    assert (scored["tier"] == "medium").sum() == round(0.2 * len(scored))


def test_within_a_tier_the_larger_loss_comes_first(finished):
    """The order of the ranking is the order of the list."""
    scored = pq.read_table(pack_of(finished) / "scored.parquet").to_pandas().sort_values("rank")
    for tier in TIERS:
        assert scored[scored["tier"] == tier]["expected_loss"].is_monotonic_decreasing
    assert (scored["expected_loss"] == scored["risk"] * scored["value"]).all()


def test_ids_and_kept_columns_pass_through(finished):
    """Leading zeros survive, and every name and town is that of its customer."""
    for rows in listed(pack_of(finished)).values():
        for row in rows:
            number = int(row["customer_id"])
            assert row["customer_id"] == f"{number:05d}"
            assert row["name"] == f"{worlds.PRIVATE} {number}"
            assert row["town"] == ("Ash", "Beech", "Cedar")[number % 3]


def test_the_pack_says_where_it_comes_from(finished, bundle):
    """Its manifest holds hashes of its files, the identities of bundle and tables, and the size of each tier."""
    pack = pack_of(finished)
    verify(pack)
    said = read_manifest(pack)
    assert (said["kind"], said["as_of"]) == ("lists", pack.name)
    assert said["made_from"] == {"tables": digest(finished.tables), "bundle": bundle.digest}
    assert said["customers"] == {tier: len(rows) for tier, rows in listed(pack).items()}
    assert set(said["files"]) == {
        *("high.csv", "medium.csv", "low.csv", "holdout.csv", "unscored.csv", "changes.csv", "checks.csv"),
        *("alerts.csv", "alerts.parquet", "lists.xlsx", "scored.parquet"),
    }


def test_a_kept_column_must_be_there(finished, bundle, engine, tmp_path):
    """A column to keep that no export gives is refused with the nearest name, and no pack is written."""
    with pytest.raises(DataError) as refused:
        score_tables(finished.tables, keeping(bundle, "nmae"), engine, None, tmp_path / "lists")
    assert str(refused.value) == (
        "customers: the lists show the column 'nmae' (score.keep), which isn't there; did you mean 'name'?; export it again "
        "with this column; there are customer_id, signed_up_at, signed_up_on, name, phone, town"
    )
    assert not list(tmp_path.rglob("*.csv"))


def test_a_table_that_the_model_learned_from_must_be_there(project, bundle, engine, tmp_path):
    """Without contacts the model lacks features; that is refused, not filled with zeros."""
    (project.tables / "contacts.parquet").unlink()
    with pytest.raises(BundleError, match=r"^the model needs the feature 'contact_recency_days' \(14 missing in all\)"):
        score_tables(project.tables, bundle, engine, None, tmp_path / "lists")


def test_customers_without_a_row_keep_their_place(project, bundle, engine, tmp_path):
    """Who isn't in the customers table is scored and listed, with empty cells."""
    path = project.tables / "customers.parquet"
    people = pq.read_table(path)
    pq.write_table(people.slice(0, people.num_rows // 2), path)
    before = sum(map(len, listed(pack_of(project)).values()))
    pack = score_tables(project.tables, bundle, engine, None, tmp_path / "lists")
    rows = [row for rows in listed(pack.folder).values() for row in rows]
    assert len(rows) == before
    assert 0 < sum(row["name"] == "" for row in rows) < before


def test_unknown_categories_are_counted_and_said(project, bundle, engine, tmp_path):
    """A town that training hadn't seen counts as unknown; the manifest and the checks say for how many."""
    path = project.tables / "customers.parquet"
    people = pq.read_table(path)
    towns = pa.array(["Elm" if town == "Ash" else town for town in people["town"].to_pylist()])
    pq.write_table(people.set_column(people.schema.get_field_index("town"), "town", towns), path)
    scored = pq.read_table(pack_of(project) / "scored.parquet").to_pandas()
    moved = int((scored["town"] == "Ash").sum())
    pack = score_tables(project.tables, bundle, engine, None, tmp_path / "lists")
    assert pack.unknown == {"profile_town": moved}
    [check] = [check for check in pack.checks if check.check == "category" and check.where == "profile_town"]
    assert (check.where, check.verdict) == ("profile_town", "warning")
    assert check.now.startswith(f"{moved} customers")
    assert f"warning: {check.line('en')}" in pack.lines
    said = json.loads((pack.folder / "manifest.json").read_text(encoding="utf-8"))
    assert said["unknown_categories"] == {"profile_town": moved}


def test_the_pack_in_a_few_lines(finished, bundle, engine, tmp_path):
    """As of when, how many in which tier and what became of their like, who isn't on a list, what differs, where."""
    assert bundle.verdict["word"] == "no better than recency"
    pack = score_tables(finished.tables, bundle, engine, None, tmp_path / "lists")
    sizes = {tier: len(rows) for tier, rows in listed(pack.folder).items()}
    everybody = len(pq.read_table(pack.folder / "scored.parquet"))
    gone = pq.read_table(finished.tables / "customers.parquet").num_rows - everybody
    doubtful = [check for check in pack.checks if check.verdict == "warning"]
    assert pack.lines == [
        f"as of 2024-07-29: {everybody} customers",
        *(f"  {tier}: {count} customers; {pack.sentences[tier]}" for tier, count in sizes.items()),
        f"  holdout: {everybody - sum(sizes.values())} left alone, to measure what contacting brings",
        f"not scored: {gone} already gone (unscored.csv)",
        *pack.alerts.lines("en"),
        "no earlier pack to compare with: every list is made afresh",
        f"{len(pack.checks)} checks against the training, warnings: {len(doubtful)} (checks.csv)",
        *(f"warning: {check.line('en')}" for check in doubtful[:5]),
        f"warning: {bundle.verdict['sentence']}",
        str(tmp_path / "lists/2024-07-29"),
    ]


def test_a_pack_of_an_export_says_so(finished, bundle, engine, tmp_path):
    """Its manifest also holds the identity of the exports; the same exports are the same, wherever they lie."""
    pack = score_export([finished.root / "data/raw"], bundle, engine, None, tmp_path / "lists").folder
    ingested = json.loads((finished.reports / "ingest.json").read_text(encoding="utf-8"))
    assert read_manifest(pack)["made_from"] == {
        "exports": ingested["made_from"]["exports"],
        "tables": digest(finished.tables),
        "bundle": bundle.digest,
    }
    assert json.loads((pack / "ingest.json").read_text(encoding="utf-8"))["made_from"] == ingested["made_from"]


def test_another_bundle_makes_another_pack(finished, bundle, engine, tmp_path):
    """A bundle that scores alike but was made from other boosters gives other lists by name, with the same rows."""
    other = tmp_path / "bundle"
    other.mkdir()
    dataclasses.replace(bundle, made_from={**bundle.made_from, "boosters": "b0"}).save(other)
    pack = score_tables(finished.tables, ModelBundle.load(other), engine, None, tmp_path / "lists").folder
    ours, theirs = read_manifest(pack), read_manifest(pack_of(finished))
    assert ours["files"] == theirs["files"]
    assert ours["made_from"] == {**theirs["made_from"], "bundle": read_manifest(other)["sha256"]}
    assert ours["sha256"] != theirs["sha256"]

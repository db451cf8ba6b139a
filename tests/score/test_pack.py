"""A pack as those who open it find it: who is where, who is left alone, what changed, and who may read it."""

import csv
import dataclasses
import shutil
import stat

import pyarrow.parquet as pq
import pytest

import killing
import worlds
from churnml.bundle import ModelBundle
from churnml.config import Holdout
from churnml.errors import BundleError, DataError, OutputError
from churnml.manifest import read_manifest, verify
from churnml.pipeline import score_export
from churnml.score import stage

FILES = {
    *("high.csv", "medium.csv", "low.csv", "holdout.csv", "unscored.csv", "changes.csv", "checks.csv"),
    *("alerts.csv", "alerts.parquet", "lists.xlsx", "scored.parquet", "ingest.json"),
}


def bundle_of(house, **decision):
    """The bundle of a project, deciding otherwise."""
    bundle = ModelBundle.load(house.bundle)
    return dataclasses.replace(bundle, decision=dataclasses.replace(bundle.decision, **decision))


def packed(house, engine, out, bundle=None, **how):
    """A pack of the project's exports."""
    given = {"as_of": None, "out": out, **how}
    return score_export([house.root / "data/raw"], bundle or bundle_of(house), engine, **given)


def rows(path):
    """Lines of a CSV by header."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def pack(finished, engine, tmp_path_factory):
    """The pack of the newest day, without one before it."""
    return packed(finished, engine, tmp_path_factory.mktemp("lists"))


def test_every_file_is_there_and_under_its_hash(pack):
    """Lists, who isn't on them, what was looked at, the workbook, the table for programs, and what was set aside."""
    verify(pack.folder)
    assert set(read_manifest(pack.folder)["files"]) >= FILES


def test_nobody_is_on_two_lists_and_nobody_is_missing(finished, pack):
    """Every customer of the tables is on exactly one list, left alone, or unscored with a reason."""
    on = [
        row["customer_id"].strip('="')
        for name in ("high", "medium", "low", "holdout", "unscored")
        for row in rows(pack.folder / f"{name}.csv")
    ]
    people = pq.read_table(finished.tables / "customers.parquet")["customer_id"].to_pylist()
    assert sorted(on) == sorted(people)
    assert all(row["reason"] for row in rows(pack.folder / "unscored.csv"))


def test_who_is_left_alone_is_on_no_list(finished, engine, tmp_path):
    """Half of the contacted tiers: they are in holdout.csv alone, with their tier; the team's capacity is whole."""
    half = packed(finished, engine, tmp_path, bundle_of(finished, holdout=Holdout(share=0.5)))
    scored = pq.read_table(half.folder / "scored.parquet").to_pandas()
    alone = {row["customer_id"].strip('="') for row in rows(half.folder / "holdout.csv")}
    assert alone == set(scored.loc[scored["held"], "customer_id"])
    assert set(scored.loc[scored["held"], "tier"]) == {"high", "medium"}
    assert len(rows(half.folder / "high.csv")) == half.customers["high"] == 15
    assert half.held == len(alone)


def test_without_an_earlier_pack_it_is_said(pack):
    """No list before: nobody keeps a place, no change is known, and one line says so."""
    assert "no earlier pack to compare with: every list is made afresh" in pack.lines
    assert rows(pack.folder / "changes.csv") == []


def test_the_newest_earlier_pack_is_the_one_before(finished, engine, tmp_path):
    """Beside --out lie two earlier packs; the newer counts, is named, and its hash is in the manifest."""
    for day in (27, 28):
        packed(finished, engine, tmp_path, as_of=worlds.START.replace(month=7, day=day))
    later = packed(finished, engine, tmp_path)
    assert later.folder.name == "2024-07-29"
    before = tmp_path / "2024-07-28"
    assert read_manifest(later.folder)["made_from"]["previous"] == read_manifest(before)["sha256"]
    assert any(line.startswith(f"compared with {before}") for line in later.lines)
    then = pq.read_table(before / "scored.parquet").to_pandas().set_index("customer_id")["tier"]
    now = pq.read_table(later.folder / "scored.parquet").to_pandas()
    known = now[now["before"].notna()]
    assert list(known["before"]) == list(then[known["customer_id"]])


def test_the_same_exports_and_previous_list_give_the_same_bytes(finished, engine, tmp_path):
    """Twice into two folders, with one pack before."""
    before = packed(finished, engine, tmp_path / "a", as_of=worlds.START.replace(month=7, day=1)).folder
    first = packed(finished, engine, tmp_path / "b", previous=before)
    second = packed(finished, engine, tmp_path / "c", previous=before)
    assert worlds.files_of(first.folder) == worlds.files_of(second.folder)


def test_a_previous_pack_must_be_one(finished, pack, engine, tmp_path):
    """A folder without lists, a pack of the same day, a pack that was changed: each is refused by name."""
    with pytest.raises(BundleError, match=r"holds no manifest\.json"):
        packed(finished, engine, tmp_path, previous=tmp_path)
    with pytest.raises(BundleError, match="is no pack of lists; name a folder that `churnml score` wrote"):
        packed(finished, engine, tmp_path, previous=finished.bundle)
    with pytest.raises(DataError, match="is as of 2024-07-29, not earlier than 2024-07-29; name an earlier pack"):
        packed(finished, engine, tmp_path, previous=pack.folder)
    assert not list(tmp_path.glob("2024*"))


def test_a_changed_pack_isnt_the_list_before(finished, engine, tmp_path):
    """The newest earlier pack was edited: refused, for who was on it isn't known any more."""
    before = packed(finished, engine, tmp_path, as_of=worlds.START.replace(month=7, day=1)).folder
    (before / "scored.parquet").write_bytes(b"")
    with pytest.raises(BundleError, match=r"scored\.parquet: was changed after it was written"):
        packed(finished, engine, tmp_path)
    (before / "manifest.json").write_text("{")
    with pytest.raises(BundleError, match=r"2024-07-01/manifest\.json: can't be read; restore it, move that pack away"):
        packed(finished, engine, tmp_path)


def test_a_pack_that_people_work_in_is_the_list_before(finished, engine, tmp_path):
    """A call was filled in, somebody has the workbook open: last month's places count all the same."""
    before = packed(finished, engine, tmp_path, as_of=worlds.START.replace(month=7, day=1)).folder
    (before / "high.csv").write_text("filled in")
    (before / ".~lock.lists.xlsx#").write_text("Ann")
    assert packed(finished, engine, tmp_path).previous == before


def test_lists_that_were_filled_in_are_not_replaced(finished, engine, tmp_path):
    """The same day again: as long as nobody wrote into the lists they are replaced, then refused and left as they are."""
    folder = packed(finished, engine, tmp_path).folder
    packed(finished, engine, tmp_path)
    (folder / "high.csv").write_text("filled in")
    with pytest.raises(OutputError) as refused:
        packed(finished, engine, tmp_path)
    assert str(refused.value) == (
        f"{folder / 'high.csv'}: was changed after it was written, filled in perhaps, and would be replaced; move {folder} away, "
        f"or choose another place"
    )
    assert (folder / "high.csv").read_text() == "filled in"


def test_another_project_s_lists_are_not_the_ones_before(finished, engine, tmp_path):
    """Named, they are refused; beside --out they are passed over."""
    bundle = bundle_of(finished)
    project = bundle.params.project.model_copy(update={"name": "elsewhere"})
    other = dataclasses.replace(bundle, params=bundle.params.model_copy(update={"project": project}))
    before = packed(finished, engine, tmp_path, other, as_of=worlds.START.replace(month=7, day=1)).folder
    assert packed(finished, engine, tmp_path).previous is None
    with pytest.raises(DataError, match="is of the project 'elsewhere', not of 'tiny-shop'; name a pack of the same"):
        packed(finished, engine, tmp_path, previous=before)


def test_only_the_owner_may_read_it(pack):
    """No group, nobody else: the folder and every file in it."""
    for path in (pack.folder, *pack.folder.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


def test_private_columns_can_be_left_out(finished, engine, tmp_path):
    """With names: in the lists and in no file for programs. Without: nowhere, and towns are still there."""
    private = worlds.PRIVATE.encode()
    shown = packed(finished, engine, tmp_path / "shown").folder
    assert private in (shown / "high.csv").read_bytes()
    assert "name" not in pq.read_schema(shown / "scored.parquet").names
    hidden = packed(finished, engine, tmp_path / "hidden", private=False).folder
    assert not any(private in content for content in worlds.files_of(hidden).values())
    assert {"town"} <= set(rows(hidden / "high.csv")[0]) and "name" not in rows(hidden / "high.csv")[0]
    assert read_manifest(shown)["files"]["scored.parquet"] == read_manifest(hidden)["files"]["scored.parquet"]


def test_another_run_meanwhile_is_said(finished, pack, engine, tmp_path, monkeypatch):
    """While one run writes, another finishes the same pack: the later one stays, whole, and says so."""
    write = stage.write_files

    def slow(*given):
        write(*given)
        shutil.copytree(pack.folder, tmp_path / pack.folder.name)

    monkeypatch.setattr(stage, "write_files", slow)
    outer = packed(finished, engine, tmp_path)
    assert any("another run has written" in line for line in outer.lines)
    assert not any("another run has written" in line for line in pack.lines)
    verify(outer.folder)


def test_two_runs_at_once_are_both_whole(project):
    """Two processes write the same pack over and over: whenever one looks, it is whole."""
    (folder,) = project.lists.iterdir()
    processes = [killing.started(project) for _ in range(2)]
    try:
        for _ in range(100):
            verify(folder)
        assert all(process.is_alive() for process in processes)
    finally:
        for process in processes:
            process.kill()
            process.join()

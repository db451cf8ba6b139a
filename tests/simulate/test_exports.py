"""What the systems write: all of it readable, or wrong in a known number of places."""

import csv
from collections import Counter
from datetime import date, datetime

import pyarrow.parquet as pq
import pytest
import python_calamine

from churnml.adapters.duckdb import DuckDBEngine
from churnml.config import read_params
from churnml.contracts.files import House
from churnml.contracts.tables import TABLES
from churnml.errors import OutputError
from churnml.pipeline import run_ingest
from churnml.simulate import KINDS, simulate, world_of
from churnml.simulate.faults import ASIDE, DROP, FAULTS


def written(folder, kind="both", twists=(), weeks=60, customers=400, **said):
    world = world_of(kind, twists, weeks)
    return simulate(folder, world, customers=customers, seed=7, twists=twists, **said), House(folder)


def ingested(house):
    return {
        profile.table: profile for profile in run_ingest(read_params(house.params), house, DuckDBEngine("1GB")).profiles
    }


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
@pytest.mark.parametrize("kind", KINDS)
def test_clean_exports_are_read_to_the_last_row(tmp_path, kind, locale):
    """Its own params.yaml reads every row of every file of a clean world: none set aside, none taken for a repetition."""
    said, house = written(tmp_path / "w", kind, locale=locale)
    profiles = ingested(house).values()
    assert sum(profile.kept for profile in profiles) == sum(said.exports.values())
    assert {file for profile in profiles for file in profile.files} == set(said.exports)


def test_every_table_is_there(tmp_path):
    """A company with a shop and contracts fills all tables and columns of the contracts but the text of cancellations."""
    _, house = written(tmp_path / "w")
    ingested(house)
    for name, table in TABLES.items():
        columns = set(pq.read_schema(house.tables / f"{name}.parquet").names)
        assert {column.name for column in table.columns} - columns <= {"text"}, name


def test_the_same_rows_in_both_languages(tmp_path):
    """Headers, words, encodings, delimiters and clocks differ between languages; who did what when does not."""
    times = {}
    for locale in ("en", "zh-CN"):
        _, house = written(tmp_path / locale, locale=locale)
        ingested(house)
        rows = pq.read_table(house.tables / "activity.parquet", columns=["customer_id", "occurred_on", "quantity"])
        times[locale] = Counter(map(tuple, (row.values() for row in rows.to_pylist())))
    assert times["en"] == times["zh-CN"]


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_planted_faults_are_found(tmp_path, locale):
    """Every row that a planted fault breaks is set aside, in its file and row, every repetition dropped, and no other.

    Thousands, full-width digits and currency signs break nothing.
    """
    said, house = written(tmp_path / "w", dirty=True, locale=locale, customers=800)
    profiles = ingested(house).values()
    with (tmp_path / "w/truth/faults.csv").open(encoding="utf-8", newline="") as file:
        planted = list(csv.DictReader(file))
    aside = set()
    for path in house.quarantine.glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            aside |= {(row["file"], row["row"]) for row in csv.DictReader(file)}
    assert aside == {(row["file"], row["row"]) for row in planted if row["outcome"] == ASIDE}
    assert sum(profile.duplicates for profile in profiles) == sum(row["outcome"] == DROP for row in planted)
    assert Counter((row["fault"], row["outcome"]) for row in planted) == said.faults
    assert {row["fault"] for row in planted} == {fault.name for fault in FAULTS}


def test_dirty_is_clean_but_for_the_faults(tmp_path):
    """Apart from the rows with faults, dirty exports hold the rows of the clean ones, in their order."""
    _, clean = written(tmp_path / "clean")
    _, dirty = written(tmp_path / "dirty", dirty=True)
    with (dirty.root / "truth/faults.csv").open(encoding="utf-8", newline="") as file:
        faulty = {(row["file"], int(row["row"])) for row in csv.DictReader(file)}
    for path in (clean.root / "data/raw").rglob("*.csv"):
        name = path.relative_to(clean.root / "data/raw").as_posix()
        lines = (dirty.root / "data/raw" / name).read_bytes().splitlines()
        kept = [line for number, line in enumerate(lines, 1) if (name, number) not in faulty]
        remaining = iter(path.read_bytes().splitlines())
        assert all(line in remaining for line in kept), name


def test_workbooks(tmp_path):
    """A workbook has ids as text, times and numbers as such, and, if dirty, lines above its header."""
    written(tmp_path / "w", format="xlsx", weeks=20)
    rows = python_calamine.CalamineWorkbook.from_path(tmp_path / "w/data/raw/crm/customers.xlsx").get_sheet_by_index(0)
    header, first, *_ = rows.to_python()
    assert header[:5] == ["Customer No", "Name", "Phone", "Email", "Signed up"]
    assert first[0] == "00000000"
    assert isinstance(first[4], (date, datetime))
    orders = sorted((tmp_path / "w/data/raw/shop").iterdir())[0]
    sheet = python_calamine.CalamineWorkbook.from_path(orders).get_sheet_by_index(0).to_python()
    assert isinstance(sheet[1][sheet[0].index("Paid")], float)
    written(tmp_path / "dirty", format="xlsx", weeks=20, dirty=True)
    dirty = python_calamine.CalamineWorkbook.from_path(tmp_path / "dirty/data/raw/crm/customers.xlsx")
    assert dirty.get_sheet_by_index(0).to_python(skip_empty_area=False)[2][0] == "Customer No"


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_workbooks_give_the_tables_of_csvs(tmp_path, locale):
    """The same company as workbooks and as CSV, in whatever encodings and formats of time: the same tables, byte for byte."""
    tables = []
    for format in ("csv", "xlsx"):
        said, house = written(tmp_path / format, format=format, weeks=20, customers=120, locale=locale)
        assert sum(profile.kept for profile in ingested(house).values()) == sum(said.exports.values())
        tables.append({path.name: path.read_bytes() for path in house.tables.iterdir()})
    assert [name for name in tables[0] if tables[0][name] != tables[1][name]] == []


def test_a_folder_with_files_is_left_alone(tmp_path):
    """Simulating into a folder that holds something is refused, and nothing in it is touched."""
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(OutputError, match="holds files already"):
        written(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_broken_run_leaves_nothing(tmp_path, monkeypatch):
    """Whatever goes wrong on the way, there is no half a world."""
    monkeypatch.setattr("churnml.simulate.stage.params_yaml", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        written(tmp_path / "w")
    assert list(tmp_path.iterdir()) == []

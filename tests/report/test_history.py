"""What the page says of earlier times: where it stands, and what it says where little is there."""

from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import worlds
from churnml.bundle import ModelBundle
from churnml.contracts.files import House
from churnml.pipeline import run_report
from churnml.report import newest_pack
from churnml.report.parts import Picture, Text


@pytest.fixture(scope="module")
def page(finished, engine, tmp_path_factory):
    """Sections of the tiny shop's page, and its file."""
    out = tmp_path_factory.mktemp("page") / "report.html"
    return run_report(finished, ModelBundle.load(finished.bundle), engine, newest_pack(finished), out), out


def named(sections, name):
    return next(one for one in sections if one.name == name)


def test_looking_back_and_kpis_stand_before_the_data(page):
    """In the order in which the page is read."""
    sections, _ = page
    assert [one.name for one in sections][-3:] == ["back", "kpis", "data"]


def test_all_that_they_say_is_on_the_page_and_nothing_private(page):
    """Sentences and cases in both languages; no name, no phone."""
    sections, out = page
    text = out.read_text(encoding="utf-8")
    for name in ("back", "kpis"):
        words = [part.words for part in named(sections, name).parts if isinstance(part, Text)]
        assert all(one.replace("&", "&amp;") in text.replace("&#x27;", "'") for pair in words for one in pair)
    assert worlds.PRIVATE not in text


def test_churn_rates_are_those_of_a_count_by_hand(page, finished: House):
    """Of who bought in the 56 days before the first of June, those who didn't in the 28 days from it on."""
    sections, _ = page
    rows = next(part for part in named(sections, "kpis").parts if isinstance(part, Picture)).table.rows
    sales = pq.read_table(finished.tables / "transactions.parquet").to_pandas()
    days = sales["occurred_on"].astype(str)
    there = set(sales[(days >= "2024-04-06") & (days < "2024-06-01")]["customer_id"])
    back = set(sales[(days >= "2024-06-01") & (days < "2024-06-29")]["customer_id"])
    june = next(row for row in rows if row["month"] == "2024-06")
    assert (june["customers"], june["left"]) == (len(there), len(there - back))


def test_the_same_page_every_time(page, finished: House, engine, tmp_path: Path):
    """Byte for byte."""
    _, out = page
    run_report(finished, ModelBundle.load(finished.bundle), engine, newest_pack(finished), tmp_path / "again.html")
    assert (tmp_path / "again.html").read_bytes() == out.read_bytes()


def test_a_pack_without_its_tables(project: House, engine, tmp_path: Path):
    """Where the tables aren't there the page says so, and is a page."""
    pack = newest_pack(project)
    for path in project.tables.iterdir():
        path.unlink()
    project.tables.rmdir()
    sections = run_report(project, ModelBundle.load(project.bundle), engine, pack, tmp_path / "r.html")
    for name, said in (("back", "Nobody who left"), ("kpis", "The tables behind these lists aren't here")):
        [part] = named(sections, name).parts
        assert isinstance(part, Text)
        assert part.words[0].startswith(said)


def test_those_who_left_are_told_by_the_tables_of_the_pipeline(page, finished: House, engine, tmp_path: Path):
    """Lists may be made from exports of two months; what somebody did before leaving is in the tables of the training."""
    short = tmp_path / "tables"
    short.mkdir()
    for path in finished.tables.glob("*.parquet"):
        rows = pq.read_table(path)
        late = [("occurred_on", ">=", date(2024, 5, 30))]
        pq.write_table(
            pq.read_table(path, filters=late) if "occurred_on" in rows.column_names else rows, short / path.name
        )
    bundle, out = ModelBundle.load(finished.bundle), tmp_path / "report.html"
    sections = run_report(finished, bundle, engine, newest_pack(finished), out, tables=short)
    assert named(sections, "back") == named(page[0], "back")
    assert named(sections, "kpis") != named(page[0], "kpis")

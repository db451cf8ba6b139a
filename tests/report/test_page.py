"""The page: whole in one file, every number that of the files, nothing private."""

import json
import re
import shutil
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

import worlds
from churnml.adapters.duckdb import DuckDBEngine
from churnml.bundle import ModelBundle
from churnml.contracts.files import House
from churnml.errors import BundleError, DataError
from churnml.manifest import write_manifest
from churnml.pipeline import run_report, score_tables
from churnml.publish import read_json
from churnml.report import newest_pack

Tables = dict[str, list[dict[str, str]]]
Page = Callable[..., str]


class _Read(HTMLParser):
    """Tables by name, as rows of what stands behind the cells; all text by language."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: Tables = {}
        self.heads: list[str] = []
        self.name, self.row, self.place = "", {}, 0  # type: ignore[var-annotated]
        self.inside: list[str] = []
        self.words: dict[str, list[str]] = {"en": [], "zh-CN": []}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "table" and said.get("data-name"):
            self.name, self.heads = str(said["data-name"]), []
            self.tables[self.name] = []
        elif tag == "th" and said.get("data-name"):
            self.heads.append(str(said["data-name"]))
        elif tag == "tr":
            self.row, self.place = {}, 0
        elif tag == "td" and self.heads and self.place < len(self.heads):
            self.row[self.heads[self.place]] = said.get("data-v") or ""
            self.place += 1
        if tag == "span" and said.get("lang"):
            self.inside.append(str(said["lang"]))

    def handle_endtag(self, tag: str) -> None:
        if tag == "span" and self.inside:
            self.inside.pop()
        elif tag == "tr" and self.row and self.name:
            self.tables[self.name].append(self.row)
            self.row = {}
        elif tag == "table":
            self.name, self.heads = "", []

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.words[self.inside[-1]].append(data)


def read(html: str) -> _Read:
    parsed = _Read()
    parsed.feed(html)
    return parsed


def write_page(house: House, engine: DuckDBEngine, out: Path) -> str:
    run_report(house, ModelBundle.load(house.bundle), engine, newest_pack(house), out)
    return out.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def html(finished: House, engine: DuckDBEngine, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of the tiny shop."""
    return write_page(finished, engine, tmp_path_factory.mktemp("page") / "report.html")


@pytest.fixture(scope="module")
def tables(html: str) -> Tables:
    """Its tables."""
    return read(html).tables


@pytest.fixture(scope="module")
def scored(finished: House) -> pd.DataFrame:
    """The customers that it is about."""
    return pd.read_parquet(newest_pack(finished) / "scored.parquet")


def test_value_against_risk_adds_up_to_all(tables: Tables, scored: pd.DataFrame) -> None:
    """Nobody is lost between the cells, and no money."""
    assert sum(int(row["customers"]) for row in tables["heat"]) == len(scored)
    assert sum(float(row["loss"]) for row in tables["heat"]) == pytest.approx(scored["expected_loss"].sum(), abs=0.01)


def test_cells_name_who_is_in_them(html: str, tables: Tables, scored: pd.DataFrame) -> None:
    """At most fifty, the most money first; with fewer in a cell, all of them."""
    cells = json.loads(re.search(r'id="cells">(.*?)</script>', html, re.S).group(1))  # type: ignore[union-attr]
    by_id = scored.set_index("customer_id")
    named = [row for place, rows in cells.items() if place.startswith("heat-") for row in rows]
    assert {row[0][0] for row in named} <= set(scored["customer_id"])
    assert (
        len({row[0][0] for row in named}) == len(named) == sum(min(50, int(row["customers"])) for row in tables["heat"])
    )
    for row in named:
        assert row[1][0] == pytest.approx(by_id.loc[row[0][0], "risk"], abs=1e-6)
    for rows in cells.values():
        losses = [row[3][0] for row in rows]
        assert losses == sorted(losses, reverse=True)


def test_tiers_are_those_of_the_lists(finished: House, tables: Tables, scored: pd.DataFrame) -> None:
    """Customers, risk and room now; churn rates are those of the bundle."""
    history = ModelBundle.load(finished.bundle).history
    for row in tables["tiers"]:
        mine = scored[scored["tier"] == row["tier"]]
        assert int(row["customers"]) == int((~mine["held"]).sum())
        assert float(row["said"]) == pytest.approx(mine["risk"].mean(), abs=1e-6)
        assert float(row["left"]) == history[row["tier"]]["churn_rate"]
    assert tables["tiers"][0]["capacity"] == "15"


def test_quality_is_what_calibrate_measured(finished: House, tables: Tables) -> None:
    """AUC per cutoff, differences and calibration are those of metrics.json and its plots."""
    measured = read_json(finished.reports / "metrics.json")
    assert [float(row["auc"]) for row in tables["ranking"]] == [one["auc"] for one in measured["cutoffs"]]
    recency = next(row for row in tables["against"] if row["against"] == "recency")
    assert float(recency["auc"]) == measured["backtest"]["differences"]["recency"]["auc"]
    calibration = pd.read_csv(finished.reports / "plots/calibrate/calibration.csv")
    assert [float(row["risk"]) for row in tables["calibration"]] == calibration["risk"].tolist()


def test_the_best_order_catches_everybody_first(tables: Tables, finished: House) -> None:
    """The curves start at nothing, end with all, and no order beats the best one."""
    tested = pd.read_parquet(finished.boosters / "test.parquet")
    rows = tables["gain"]
    assert [float(rows[0][name]) for name in ("ours", "recency", "best")] == [0, 0, 0]
    assert [float(rows[-1][name]) for name in ("ours", "recency", "best")] == [1, 1, 1]
    assert all(float(row["ours"]) <= float(row["best"]) + 1e-9 for row in rows)
    half = next(row for row in rows if row["called"] == "0.5")
    first = tested.sort_values("score", ascending=False).head(len(tested) // 2)
    assert float(half["ours"]) == pytest.approx(first["label"].sum() / tested["label"].sum(), abs=0.02)


def test_what_came_in_adds_up(finished: House, tables: Tables) -> None:
    """Rows per table are those of ingest.json."""
    said = read_json(finished.reports / "ingest.json")["tables"]
    for row in tables["tables"]:
        assert int(row["rows_in"]) == said[row["table"]]["rows_in"]
        assert int(row["kept"]) == said[row["table"]]["kept"]


def test_who_left_by_a_driver_is_counted_from_the_panel(finished: House, tables: Tables) -> None:
    """Bands hold all test snapshots once, and the share that left in each is that of its rows."""
    panel = pd.read_parquet(finished.panel / "snapshots.parquet").query("split == 'test'")
    for name, rows in tables.items():
        if name.startswith("moves_"):
            assert sum(int(row["customers"]) for row in rows) == len(panel)
            left = sum(float(row["left"]) * int(row["customers"]) for row in rows)
            assert left == pytest.approx(panel["label"].sum(), abs=0.01)


def test_everything_is_said_in_both_languages(html: str) -> None:
    """Each English span has its Chinese one; what is said in Chinese holds no English sentence."""
    words = read(html).words
    assert len(words["en"]) == len(words["zh-CN"]) > 100
    elements = re.sub(r"<script.*?</script>", "", html, flags=re.S)  # the library has titles of its own
    titles = re.findall(r"<h[23][^>]*>(.*?)</h[23]>", elements)
    assert [title for title in titles if 'lang="zh-CN"' not in title and title != "KPIs"] == []
    english = [
        text for text in words["zh-CN"] if re.search(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}", text) and "英文原文" not in text
    ]
    assert english == []


def test_no_request_could_leave(html: str) -> None:
    """No element fetches anything, and the page forbids the browser to."""
    assert "default-src 'none'" in html
    elements = re.sub(r"<script>.*?</script>", "", html, flags=re.S)
    assert re.findall(r"<(?:link|img|iframe|script)[^>]*(?:src|href)=", elements) == []
    assert len(html.encode()) < 3_000_000


def test_nothing_private_is_in_it(html: str) -> None:
    """Names and phone numbers reach the lists alone."""
    assert worlds.PRIVATE not in html


def test_the_same_files_give_the_same_bytes(finished: House, engine: DuckDBEngine, tmp_path: Path, html: str) -> None:
    """Nothing of the moment, the machine or the place is in it."""
    assert write_page(finished, engine, tmp_path / "again.html") == html


def test_a_name_can_break_nothing(project: House, engine: DuckDBEngine, tmp_path: Path) -> None:
    """A project, a customer's id and a file whose names are markup are shown as they are."""
    evil = "</script><script>alert(1)</script>"
    project.params.write_text(project.params.read_text().replace("tiny-shop", f'"{evil}"'))
    path = project.root / "data/raw/transactions.csv"
    path.write_text(path.read_text().replace("00007", "<b>7"))
    from conftest import run_all

    run_all(project, engine)
    page = write_page(project, engine, tmp_path / "report.html")
    assert evil not in page
    assert "<b>7" not in page


def test_who_came_and_who_went(project: House, engine: DuckDBEngine, tmp_path: Path) -> None:
    """With lists before, every customer of either is in one cell of the table of changes."""
    bundle = ModelBundle.load(project.bundle)
    newest = newest_pack(project)
    shutil.move(newest, project.root / "kept")
    from churnml.pipeline import score_export

    earlier = score_export([project.root / "data/raw"], bundle, engine, date(2024, 7, 1), project.root / "lists")
    later = score_export([project.root / "data/raw"], bundle, engine, None, project.root / "lists")
    run_report(project, bundle, engine, later.folder, tmp_path / "report.html")
    moves = read((tmp_path / "report.html").read_text(encoding="utf-8")).tables["moves"]
    before, now = (pd.read_parquet(pack.folder / "scored.parquet") for pack in (earlier, later))
    assert sum(int(row["customers"]) for row in moves) == len(set(before["customer_id"]) | set(now["customer_id"]))
    both = before.merge(now, on="customer_id")
    for row in moves:
        if row["was"] != "new" and row["tier"] != "gone":
            assert int(row["customers"]) == len(both[(both["tier_x"] == row["was"]) & (both["tier_y"] == row["tier"])])


def test_lists_of_another_bundle_are_refused(project: House, engine: DuckDBEngine, tmp_path: Path) -> None:
    """Nobody sees one model's lists beside another one's quality."""
    bundle = ModelBundle.load(project.bundle)
    pack = newest_pack(project)
    said = read_json(pack / "manifest.json")
    write_manifest(pack, "lists", {**said["made_from"], "bundle": "0" * 64}, {"as_of": said["as_of"]})
    with pytest.raises(DataError, match="made with another bundle"):
        run_report(project, bundle, engine, pack, tmp_path / "report.html")
    assert not (tmp_path / "report.html").exists()


@pytest.mark.parametrize("name", ["scored.parquet", "alerts.parquet"])
def test_lists_that_were_changed_are_refused(project: House, engine: DuckDBEngine, tmp_path: Path, name: str) -> None:
    """The page names the hash of its lists, so they must be those; a CSV that ops filled in is theirs."""
    bundle, pack = ModelBundle.load(project.bundle), newest_pack(project)
    (pack / "high.csv").write_text("filled in")
    run_report(project, bundle, engine, pack, tmp_path / "report.html")
    (pack / name).write_bytes(b"PAR1")
    with pytest.raises(BundleError, match=f"{name}: was changed after it was written"):
        run_report(project, bundle, engine, pack, tmp_path / "other.html")
    assert not (tmp_path / "other.html").exists()


def test_a_pack_and_its_bundle_alone_make_a_page(finished: House, engine: DuckDBEngine, tmp_path: Path) -> None:
    """An analyst without the pipeline sees the lists, and is told where the rest is."""
    pack = tmp_path / "lists/2024-07-29"
    shutil.copytree(newest_pack(finished), pack)
    out = tmp_path / "report.html"
    run_report(House(tmp_path), ModelBundle.load(finished.bundle), engine, pack, out)
    page = read(out.read_text(encoding="utf-8"))
    assert {"heat", "tiers", "causes"} <= set(page.tables)
    assert not {"calibration", "ranking", "drivers"} & set(page.tables)
    assert any("with the pipeline that trained" in text for text in page.words["en"])


def test_two_bundles_on_the_same_customers(project: House, engine: DuckDBEngine, tmp_path: Path) -> None:
    """A bundle against one with less room: whoever is called by either is counted once, in the cell of both tiers."""
    bundle = ModelBundle.load(project.bundle)
    shutil.copytree(project.bundle, tmp_path / "other")
    decided = json.loads((tmp_path / "other/tiers.json").read_text())
    decided["tiers"][0]["capacity"] = 5
    (tmp_path / "other/tiers.json").write_text(json.dumps(decided))
    worlds.resealed(tmp_path / "other")
    other = ModelBundle.load(tmp_path / "other")
    run_report(project, bundle, engine, newest_pack(project), tmp_path / "report.html", other)
    rows = read((tmp_path / "report.html").read_text(encoding="utf-8")).tables["compare"]
    ours = pd.read_parquet(newest_pack(project) / "scored.parquet")
    theirs = score_tables(project.tables, other, engine, None, tmp_path / "lists")
    both = ours.merge(pd.read_parquet(theirs.folder / "scored.parquet"), on="customer_id")
    for row in rows:
        mine = both[(both["tier_x"] == row["tier"]) & (both["tier_y"] == row["other"])]
        assert int(row["customers"]) == len(mine)
    assert sum(int(row["customers"]) for row in rows) == len(ours)

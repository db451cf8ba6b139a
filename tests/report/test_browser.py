"""The page in a real browser: looked at, clicked, sorted, taken along, read aloud."""

import csv
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from churnml.adapters.duckdb import DuckDBEngine
from churnml.bundle import ModelBundle
from churnml.contracts.files import House
from churnml.pipeline import run_report
from churnml.report import newest_pack

playwright = pytest.importorskip("playwright.sync_api")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
SERIOUS = {"serious", "critical"}


def browser_here() -> str | None:
    """Chromium or Chrome: what CHURNML_BROWSER names, or one on the path."""
    return os.environ.get("CHURNML_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="module")
def report(finished: House, engine: DuckDBEngine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the tiny shop."""
    out = tmp_path_factory.mktemp("page") / "report.html"
    run_report(finished, ModelBundle.load(finished.bundle), engine, newest_pack(finished), out)
    return out


@pytest.fixture(scope="module")
def browser() -> Iterator["playwright.Browser"]:
    """A real one."""
    here = browser_here()
    if here is None:
        pytest.skip("no Chromium or Chrome on the path; install one, or name it in CHURNML_BROWSER")
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=here, args=["--no-sandbox"])
        yield running
        running.close()


class Looked:
    """A page that is open, and what it said and asked for."""

    def __init__(self, page: "playwright.Page", report: Path) -> None:
        self.page = page
        self.said: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))
        page.goto(report.as_uri())
        self.drawn()

    def drawn(self) -> None:
        """Wait until all pictures are there."""
        self.page.wait_for_selector("html[data-drawn=all]", state="attached")

    @property
    def language(self) -> str:
        return str(self.page.evaluate("document.documentElement.lang"))


@pytest.fixture
def look(browser: "playwright.Browser", report: Path) -> Iterator[Looked]:
    """The page on a desk, by light, in English."""
    context = browser.new_context(viewport={"width": 1200, "height": 900}, accept_downloads=True)
    yield Looked(context.new_page(), report)
    context.close()


@pytest.mark.parametrize("width", [1200, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_everybody_can_use_it(
    browser: "playwright.Browser", report: Path, width: int, scheme: str, language: str
) -> None:
    """All pictures drawn, nothing wider than the screen, no error, no request, and nothing serious by the rules of axe-core."""
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    look = Looked(context.new_page(), report)
    if look.language != language:
        look.page.click("#language")
    assert look.language == language
    look.page.wait_for_function(
        "document.querySelectorAll('.canvas svg').length === document.querySelectorAll('.canvas').length"
    )
    assert look.said == []
    assert [url for url in look.asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert look.page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(look.page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in SERIOUS] == []
    context.close()


def test_a_cell_opens_whom_it_holds(look: Looked, finished: House) -> None:
    """By mouse and by keyboard; the ids are those of the lists, the most money first; a second click shuts it."""
    scored = pd.read_parquet(newest_pack(finished) / "scored.parquet").set_index("customer_id")
    cell = look.page.locator("#grid-heat button.cell").first
    count = int(cell.locator("span").first.inner_text().replace(",", ""))
    opened = look.page.locator("#opened-heat")
    assert not opened.is_visible()
    cell.click()
    ids = opened.locator("tbody tr td:first-child").all_inner_texts()
    assert len(ids) == min(50, count)
    losses = [float(scored.loc[each, "expected_loss"]) for each in ids]
    assert losses == sorted(losses, reverse=True)
    cell.click()
    assert not opened.is_visible()
    cell.focus()
    look.page.keyboard.press("Enter")
    assert opened.is_visible()
    assert cell.get_attribute("aria-expanded") == "true"


def test_a_table_is_sorted_by_its_numbers(look: Looked) -> None:
    """By the value behind, not by its letters: up, then down."""
    look.page.locator("#grid-heat details summary").click()
    table = look.page.locator("#table-heat")

    def counts() -> list[int]:
        return [int(text.replace(",", "")) for text in table.locator("tbody tr td:nth-child(3)").all_inner_texts()]

    head = table.locator("th[data-name=customers] button")
    head.click()
    assert counts() == sorted(counts())
    head.click()
    assert counts() == sorted(counts(), reverse=True)
    assert table.locator("th[data-name=customers]").get_attribute("aria-sort") == "descending"


def test_a_picture_stays_as_it_was_however_its_table_is_sorted(look: Looked) -> None:
    """Lines go from cutoff to cutoff, and tiers from the top, also when they are drawn again."""
    picture = look.page.locator("#picture-tiers .canvas svg")
    before = picture.inner_html()
    look.page.locator("#picture-tiers details summary").click()
    look.page.locator("#table-tiers th[data-name=left] button").click()
    for _ in range(2):
        look.page.click("#look")
    look.page.wait_for_timeout(500)
    look.page.wait_for_function("document.querySelector('#picture-tiers .canvas svg') !== null")
    assert re.sub("clip[0-9]+", "clip", picture.inner_html()) == re.sub("clip[0-9]+", "clip", before)


def test_numbers_can_be_taken_along(look: Looked, tmp_path: Path) -> None:
    """A CSV that Excel reads: marked as UTF-8, numbers whole, ids as text."""
    look.page.locator("#picture-tiers details summary").click()
    with look.page.expect_download() as waiting:
        look.page.locator("#picture-tiers button.csv").click()
    waiting.value.save_as(tmp_path / "tiers.csv")
    assert waiting.value.suggested_filename == "tiers.csv"
    assert (tmp_path / "tiers.csv").read_bytes().startswith("\ufeff".encode())
    with (tmp_path / "tiers.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    shown = look.page.locator("#table-tiers tbody tr").all()
    assert [row["tier"] for row in rows] == ["high", "medium", "low"]
    for row, line in zip(rows, shown, strict=True):
        assert float(row["said"]) == float(line.locator("td").nth(4).get_attribute("data-v") or "nan")
    look.page.locator("#grid-heat button.cell").first.click()
    with look.page.expect_download() as waiting:
        look.page.locator("#opened-heat button.csv").click()
    waiting.value.save_as(tmp_path / "ids.csv")
    first = (tmp_path / "ids.csv").read_text(encoding="utf-8-sig").splitlines()[1]
    assert first.startswith('"=""')


def test_the_language_changes_all_of_it(look: Looked) -> None:
    """Titles, tables and pictures; and back again."""
    page = look.page
    assert page.locator("#risk h2").inner_text() == "Risk"
    assert "share that leaves" in str(page.locator("#picture-tiers .canvas svg").text_content())
    page.click("#language")
    assert page.title().startswith("tiny-shop：客户流失报告")
    assert page.locator("#risk h2").inner_text() == "风险"
    page.wait_for_function("document.querySelector('#picture-tiers .canvas svg').textContent.includes('流失比例')")
    page.click("#language")
    page.wait_for_function(
        "document.querySelector('#picture-tiers .canvas svg').textContent.includes('share that leaves')"
    )


def test_it_prints_by_light(look: Looked, tmp_path: Path) -> None:
    """All pictures are on paper, whatever the screen shows."""
    look.page.click("#look")
    assert look.page.evaluate("document.documentElement.dataset.look") == "dark"
    look.page.pdf(path=tmp_path / "report.pdf")
    assert (tmp_path / "report.pdf").stat().st_size > 50_000


def test_without_scripts_the_numbers_are_there(browser: "playwright.Browser", report: Path) -> None:
    """Mail programs and cautious readers run none: one language, all tables."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(report.as_uri())
    assert page.locator("noscript p").is_visible()
    assert page.locator("#head .tile").count() == 5
    assert page.locator("#risk h2").inner_text() == "Risk"
    page.locator("#picture-tiers details summary").click()
    assert page.locator("#table-tiers tbody tr").count() == 3
    context.close()

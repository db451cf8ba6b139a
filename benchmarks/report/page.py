"""How large the page is and how soon it can be used, for a million customers.

    python benchmarks/report/page.py PROJECT [--customers 1000000]

PROJECT is a folder in which the pipeline has run, such as this one after `make run`. Its newest lists are drawn again under
new ids until there are so many customers, as the lists now and (shuffled) as those before; tables and panel stay as they are.
Needs Chromium or Chrome. Must: at most 3 MB, and interactive within a second.
"""

import argparse
import json
import os
import shutil
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
from playwright.sync_api import sync_playwright

from churnml.adapters.duckdb import DuckDBEngine
from churnml.bundle import ModelBundle
from churnml.contracts.files import House
from churnml.manifest import read_manifest, write_manifest
from churnml.pipeline import run_report
from churnml.report import newest_pack

MEGABYTES, SECONDS = 3.0, 1.0
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")


def grown(pack: Path, out: Path, customers: int, before: str | None) -> str:
    """The pack with so many customers; returns its hash."""
    shutil.copytree(pack, out)
    few = pd.read_parquet(pack / "scored.parquet")
    drawn = np.random.default_rng(7 if before else 8).integers(0, len(few), customers)
    many = few.iloc[drawn].reset_index(drop=True)
    many["customer_id"] = [f"{number:09d}" for number in range(customers)]
    many.to_parquet(out / "scored.parquet")
    said = read_manifest(pack)
    made_from = {**said["made_from"], **({"previous": before} if before else {})}
    facts = {key: said[key] for key in said if key not in ("kind", "made_from", "churnml", "files", "sha256")}
    (out / "manifest.json").unlink()
    write_manifest(out, "lists", made_from, facts)
    return str(read_manifest(out)["sha256"])


def opened(page: Path) -> dict[str, float]:
    """Seconds until the page answers, until the first picture, and until all are drawn."""
    here = os.environ.get("CHURNML_BROWSER") or next(filter(None, map(shutil.which, BROWSERS)))
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=here, args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 1200, "height": 900})
        tab.goto(page.as_uri(), wait_until="commit")
        started = time.perf_counter()
        tab.wait_for_selector("html[data-ready]", state="attached")
        tab.click("#grid-heat button.cell >> nth=0")
        tab.wait_for_selector("#opened-heat tbody tr")
        answered = time.perf_counter() - started
        tab.wait_for_selector("html[data-drawn=all]", state="attached")
        drawn = time.perf_counter() - started
        timing = json.loads(tab.evaluate("JSON.stringify(performance.getEntriesByType('navigation')[0])"))
        browser.close()
    return {"interactive": timing["domInteractive"] / 1000, "a cell answers": answered, "all drawn": drawn}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("project", type=Path)
    parser.add_argument("--customers", type=int, default=1_000_000)
    asked = parser.parse_args()
    house = House(asked.project)
    bundle, pack = ModelBundle.load(house.bundle), newest_pack(house)
    with TemporaryDirectory() as work:
        lists, page = Path(work) / "lists", Path(work) / "report.html"
        before = grown(pack, lists / "before", asked.customers, None)
        grown(pack, lists / "now", asked.customers, before)
        started = time.process_time(), time.perf_counter()
        run_report(house, bundle, DuckDBEngine("2GB"), lists / "now", page, tables=house.tables)
        cpu, wall = time.process_time() - started[0], time.perf_counter() - started[1]
        size = page.stat().st_size / 1e6
        found = opened(page)
    print(f"{asked.customers:,} customers: {size:.2f} MB, made in {cpu:.1f} CPU s ({wall:.1f} s)")
    print(", ".join(f"{name} {seconds:.2f} s" for name, seconds in found.items()))
    return int(size > MEGABYTES or found["a cell answers"] > SECONDS)


if __name__ == "__main__":
    sys.exit(main())

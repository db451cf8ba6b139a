"""How long a world takes, and how much memory: rows, seconds, peak of one process.

    python benchmarks/simulator/size.py [--customers 20000 1000000] [--weeks 104]

Worlds are written beside this folder's temporary files and removed; a million customers need about 10 GB of disk.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil


def measure(customers: int, scenario: str, weeks: int) -> str:
    """One world in a process of its own, as a row of a table."""
    with tempfile.TemporaryDirectory() as folder:
        words = ["--customers", str(customers), "--scenario", scenario, "--weeks", str(weeks)]
        command = [Path(sys.executable).with_name("churnml"), "simulate", f"{folder}/w", *words]
        begun, peak = time.perf_counter(), 0
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as running:
            watched = psutil.Process(running.pid)
            while running.poll() is None:
                try:
                    peak = max(peak, watched.memory_info().rss)
                except psutil.NoSuchProcess:
                    break
                time.sleep(0.05)
        seconds = time.perf_counter() - begun
        written = json.loads(Path(f"{folder}/w/truth/world.json").read_text(encoding="utf-8"))["rows"]
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    rows: dict[str, int] = {}
    for name, count in written.items():
        what = name.split("/")[1].split("_")[0].split(".")[0]
        rows[what] = rows.get(what, 0) + count
    said = ", ".join(f"{what} {count:,}" for what, count in rows.items())
    return f"| {scenario} | {customers:,} | {weeks} | {seconds:.0f} s | {peak / 2**30:.2f} GiB | {size / 2**30:.1f} GiB | {said} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--customers", type=int, nargs="+", default=[20_000, 1_000_000])
    parser.add_argument("--scenario", nargs="+", default=["retail"])
    parser.add_argument("--weeks", type=int, default=104)
    given = parser.parse_args()
    print("| scenario | customers | weeks | time | peak memory | on disk | rows |")
    print("|---|---:|---:|---:|---:|---:|---|")
    for scenario in given.scenario:
        for customers in given.customers:
            print(measure(customers, scenario, given.weeks), flush=True)


if __name__ == "__main__":
    main()

"""Whether any export, however broken, makes ingest fall over, hang, or lose rows in silence.

    python benchmarks/ingest/mutated.py [--count 5000] [--seed 7] [--jobs 2]
    python benchmarks/ingest/mutated.py --only 1234 [--keep FOLDER]

Small exports (CSV in eight encodings, workbooks, Parquet, JSON, packed or not) are made from a seed and mutated: bytes
flipped, deleted, repeated and inserted; cut off; delimiters, quotes, line ends and encodings mixed; columns lost, doubled,
renamed; NULs and control characters; huge cells and headers; odd times and numbers; nested JSON; parts of workbooks;
another suffix than the content's. Each must give tables whose numbers add up, or one line that says what to do:

* rows in = kept + set aside + duplicates + superseded + left out; the table has the rows that are kept, and the quarantine
  names the rows that are set aside;
* where a CSV is whole, Python's csv module finds as many rows in it;
* else a ChurnmlError of one line, without control characters, of at most 600 characters.

All else is a failure, printed with the number that makes it again. A case may take 20 seconds; one that takes longer, or
takes the process with it, is a failure, too. 5,000 cases take about ten minutes on two cores.
"""

import argparse
import csv
import multiprocessing
import shutil
import sys
import tempfile
import time
import traceback
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path

import pyarrow.parquet as pq
from exports import Case, case, rows_of, written

from churnml.adapters.duckdb import DuckDBEngine
from churnml.config import Churn, Ingest, Project, Source
from churnml.errors import ChurnmlError
from churnml.ingest import TableProfile, ingest
from churnml.ingest.told import told

LIMIT_SECONDS, LONGEST = 20, 600
_UNSEEN = ("Cc", "Cs", "Zl", "Zp")
Outcome = tuple[int, str, str]  # number, what became of it, in words


def outcome(seed: int, number: int, engine: DuckDBEngine, folder: Path) -> Outcome:
    """What becomes of one export: `tables`, `refused`, or what is wrong."""
    made = case(seed, number)
    about = f"{made.table} {made.name}: {', '.join(made.done)}"
    plain = made.content if not made.name.endswith((".gz", ".zip")) else None
    written(made, folder / "raw")
    try:
        profile = _ingested(made, engine, folder)
    except ChurnmlError as error:
        message = str(error)
        wrong = _unfit(message.replace(str(folder), ""))
        return number, wrong or "refused", f"{about}\n    {message[: LONGEST * 2]!r}"
    except BaseException as error:  # a panic of a library is no Exception
        return number, type(error).__name__, f"{about}\n{traceback.format_exc(limit=-6)}"
    wrong = _off(profile, folder, rows_of(made, plain) if plain is not None else None)
    return number, "doesn't add up" if wrong else "tables", f"{about}\n    {wrong or profile.line('en')}"


def _ingested(made: Case, engine: DuckDBEngine, folder: Path) -> TableProfile:
    [profile] = ingest(
        exports=[folder / "raw"],
        sources=[Source(table=made.table, path="export*", columns=made.columns)],
        params=Ingest(max_quarantine_share=made.share),
        project=Project(name="mutated", timezone="Asia/Shanghai"),
        churn=Churn(horizon_days=28, active_within_days=56),
        pii=(),
        engine=engine,
        tables=folder / "tables",
        quarantine=folder / "quarantine",
        report=folder / "report.json",
        today=date(2026, 1, 1),
    ).profiles
    return profile


def _unfit(message: str) -> str:
    """Why a message isn't fit to be shown; nothing where it is."""
    if "\n" in message or "\r" in message:
        return "several lines"
    if any(unicodedata.category(character) in _UNSEEN for character in message):
        return "control characters"
    return "too long" if len(message) > LONGEST else ""


def _off(profile: TableProfile, folder: Path, rows: int | None) -> str:
    """Where numbers don't add up; nothing where they do."""
    table = pq.read_table(folder / f"tables/{profile.table}.parquet")
    with (folder / f"quarantine/{profile.table}.csv").open(encoding="utf-8-sig", newline="") as file:
        aside = {(row[0], row[1]) for row in list(csv.reader(file))[1:]}
    if table.num_rows != profile.kept:
        return f"{table.num_rows} rows in the table; {profile.line('en')}"
    if len(aside) != profile.set_aside:
        return f"{len(aside)} rows in the quarantine; {profile.line('en')}"
    if rows is not None and rows != profile.rows_in:
        return f"{rows} rows by Python's csv; {profile.line('en')}"
    return next(
        (f"{wrong}: {line!r}" for line in [*profile.lines("en"), *told(profile, "en")] if (wrong := _unfit(line))), ""
    )


def _work(seed: int, numbers: Sequence[int], connection: Connection) -> None:
    csv.field_size_limit(1 << 24)
    engine = DuckDBEngine("512MB", threads=1)
    for number in numbers:
        with tempfile.TemporaryDirectory() as folder:
            connection.send(outcome(seed, number, engine, Path(folder)))


def outcomes(seed: int, numbers: Sequence[int]) -> Iterator[Outcome]:
    """What becomes of the exports, in a process that is replaced when one hangs or ends it."""
    context, left = multiprocessing.get_context("spawn"), list(numbers)
    while left:
        ours, theirs = context.Pipe()
        worker = context.Process(target=_work, args=(seed, left, theirs), daemon=True)
        worker.start()
        theirs.close()
        first = True
        while left:
            try:
                if not ours.poll(LIMIT_SECONDS * (3 if first else 1)):  # the first one waits for the libraries, too
                    yield left.pop(0), "hangs", ""
                    break
                yield ours.recv()
                left.pop(0)
                first = False
            except EOFError:
                yield left.pop(0), "ends the process", f"exit code {worker.exitcode}"
                break
        worker.kill()
        worker.join()


def main(arguments: Sequence[str] | None = None) -> int:
    """Print failures as they come, then what became of all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", type=int)
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args(arguments)
    if asked.only is not None:
        if asked.keep:
            shutil.rmtree(asked.keep, ignore_errors=True)
            written(case(asked.seed, asked.only), asked.keep)
        [(number, what, words)] = outcomes(asked.seed, [asked.only])
        print(f"{number} {what}: {words}".encode(errors="replace").decode())
        return int(what not in ("tables", "refused"))
    start, seen = time.monotonic(), Counter[str]()

    def tell(numbers: Sequence[int]) -> None:
        for number, what, words in outcomes(asked.seed, numbers):
            seen[what] += 1
            if what not in ("tables", "refused"):
                print(f"{number} {what}: {words}".encode(errors="replace").decode(), flush=True)

    every = range(asked.first, asked.first + asked.count)
    with ThreadPoolExecutor(asked.jobs) as pool:
        list(pool.map(tell, [every[job :: asked.jobs] for job in range(asked.jobs)]))
    failed = sum(seen.values()) - seen["tables"] - seen["refused"]
    print(
        f"{sum(seen.values()):,} mutated exports (seed {asked.seed}) in {time.monotonic() - start:.0f} s: {seen['tables']:,} "
        f"became tables that add up, {seen['refused']:,} were refused in one line, {failed:,} failed"
    )
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())

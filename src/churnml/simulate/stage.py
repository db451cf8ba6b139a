"""Simulate a whole company: its exports, a project that reads them, and the truth behind them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from churnml.errors import OutputError
from churnml.progress import steps
from churnml.publish import replacing, write_rows, write_text
from churnml.simulate.draws import Draws
from churnml.simulate.export import Exports, Format
from churnml.simulate.life import live
from churnml.simulate.project import params_yaml
from churnml.simulate.spill import SHEET_ROWS
from churnml.simulate.tables import Told
from churnml.simulate.truth import Truth
from churnml.simulate.words import Locale
from churnml.simulate.world import World

PART = 8192
"""Customers that are simulated at once; about 300 MB."""
_FAULTS_HEADER = ("file", "row", "column", "fault", "outcome", "written", "meant")


@dataclass(frozen=True)
class Simulated:
    """What was written.

    Attributes:
        exports: rows by file, relative to data/raw.
        truth: rows by file of truth/.
        faults: how often each fault was planted, and what a reader should make of it: (fault, outcome) -> rows.
    """

    exports: dict[str, int]
    truth: dict[str, int]
    faults: dict[tuple[str, str], int]

    def by_system(self) -> dict[str, int]:
        """Rows of the exports, those of all months in one line.

        >>> Simulated({"app/events_2024-01.csv": 2, "app/events_2024-02.csv": 3, "crm/people.csv": 1}, {}, {}).by_system()
        {'app/events (2 files)': 5, 'crm/people.csv': 1}
        """
        months: dict[str, list[int]] = {}
        for name, rows in self.exports.items():
            months.setdefault(name.split("_")[0], []).append(rows)
        return {name if "." in name else f"{name} ({len(rows)} files)": sum(rows) for name, rows in months.items()}


def simulate(
    out: Path, world: World, *, customers: int, seed: int, twists: Sequence[str] = (), locale: Locale = "en",
    format: Format = "csv", dirty: bool = False, part: int = PART,
) -> Simulated:  # fmt: skip
    """Write a project with exports and truth.

    The same bytes for the same world, customers, seed, locale, format and faults, whatever the size of the parts; and
    customer 17 is the same one however many there are (in a shuffled world, behind another number).

    Args:
        out: new folder: params.yaml, data/raw with the exports, truth.
        world: what is planted.
        customers: how many.
        seed: of all chance.
        twists: what was added to the world, for the record.
        locale: language of headers and cells.
        format: of the exports.
        dirty: whether exports have faults, counted in truth/faults.csv.
        part: customers simulated at once.

    Raises:
        OutputError: the folder holds files already, or a sheet can't hold that many rows.
    """
    if format == "xlsx" and customers >= SHEET_ROWS:
        raise OutputError(
            f"--format xlsx: a sheet holds {SHEET_ROWS - 1:,} rows below its header, {customers:,} customers don't fit; "
            f"use csv"
        )
    if out.is_dir() and any(out.iterdir()):
        raise OutputError(f"{out}: holds files already and is left as it is; name an empty or new folder")
    with replacing(out) as (draft,):
        exports, truth = Exports(draft / "data/raw", format, dirty), Truth(draft / "truth")
        for numbers in steps(list(_parts(customers, part)), f"Simulating {customers:,} customers"):
            told = Told(live(world, seed, numbers), world, customers, seed, Draws(seed, numbers), locale)
            exports.add(told)
            truth.add(told)
        written = exports.close()
        made = {"seed": seed, "customers": customers, "with": list(twists), "locale": locale, "format": format}
        known = truth.close(world, {"scenario": world.kind, **made, "dirty": dirty, "rows": written})
        if dirty:
            _write_faults(draft / "truth/faults.csv", exports)
        name = "-".join([world.kind, *(twist.replace("_", "-") for twist in twists)])
        params = params_yaml(
            world, customers, list(written), exports.headers, name=name, locale=locale, format=format, dirty=dirty
        )
        write_text(draft / "params.yaml", params)
    counted: dict[tuple[str, str], int] = {}
    for fault in (fault for faults in exports.planted.values() for fault in faults):
        counted[fault.fault, fault.outcome] = counted.get((fault.fault, fault.outcome), 0) + 1
    return Simulated(written, known, dict(sorted(counted.items())))


def _parts(customers: int, part: int) -> Iterator[np.ndarray]:
    for first in range(0, customers, part):
        yield np.arange(first, min(first + part, customers))


def _write_faults(path: Path, exports: Exports) -> None:
    rows = [{"file": file, **vars(fault)} for file in sorted(exports.planted) for fault in exports.planted[file]]
    write_rows(path, _FAULTS_HEADER, rows)

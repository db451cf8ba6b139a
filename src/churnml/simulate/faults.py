"""Faults as exports have them, planted in a known number and written down one by one in `truth/faults.csv`.

`outcome` says what a reader should make of a row: keep it, mend it (a value is written in an unusual but unambiguous
way), drop it (an exact repetition), or set it aside.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
import pyarrow as pa

from churnml.simulate.draws import Draws, Ints
from churnml.simulate.systems import System

KEEP, MEND, DROP, ASIDE = "keep", "mend", "drop", "set aside"
SHARE = 0.006
"""Share of all rows that get a fault."""

_KEYED = {"customers": "segment", "tickets": "priority", "subscriptions": "plan"}
"""What is exported under a number of its own, and what a second row of that number may contradict."""

_FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")


@dataclass(frozen=True)
class Fault:
    """One kind of fault.

    Attributes:
        name: as it is counted.
        outcome: what a reader should make of the row.
        column: the field that it spoils; `time`, `money` and `fact` (which a second row of the same key contradicts)
            stand for the system's own; "" for the whole row.
        spoil: clean cell -> what is written.
    """

    name: str
    outcome: str
    column: str
    spoil: Callable[[str], str]


def _thousand_more(cell: str) -> float:
    amount = float(cell)
    return amount + (1000 if amount >= 0 else -1000)


FAULTS = (
    Fault("repeated_row", DROP, "", lambda cell: cell),
    Fault("short_row", ASIDE, "", lambda cell: cell),
    Fault("no_customer", ASIDE, "customer_id", lambda _: ""),
    Fault("impossible_day", ASIDE, "time", lambda _: "31/02/2025 12:00"),
    Fault("zero_day", ASIDE, "time", lambda _: "0000-00-00 00:00:00"),
    Fault("no_number", ASIDE, "money", lambda _: "#N/A"),
    Fault("padded_id", KEEP, "customer_id", lambda cell: f"\u00a0{cell} \u200b"),
    Fault("unknown_customer", KEEP, "customer_id", lambda cell: f"99{cell[2:]}"),
    Fault("contradiction", ASIDE, "fact", lambda cell: f"{cell}?"),
    Fault("thousands", MEND, "money", lambda cell: f"{_thousand_more(cell):,.2f}"),
    Fault("full_width", MEND, "money", lambda cell: cell.translate(_FULL_WIDTH)),
    Fault("currency_sign", MEND, "money", lambda cell: f"¥{cell}"),
)


@dataclass(frozen=True)
class Planted:
    """One fault in one place.

    Attributes:
        row: of the file, as a spreadsheet counts; of a repeated row, the repetition's.
        column: header; "" for the whole row.
        fault: its name.
        outcome: what a reader should make of the row.
        written: the spoilt cell.
        meant: the cell without the fault.
    """

    row: int
    column: str
    fault: str
    outcome: str
    written: str
    meant: str


@dataclass(frozen=True)
class Spoilt:
    """A run of rows of one file, with what is wrong in them.

    Attributes:
        rows: to be written; the header's names.
        short: cells of a row that lost its last ones; then `rows` is empty.
        planted: faults, with rows counted from the first row of this run.
    """

    rows: pa.Table
    short: Sequence[str]
    planted: Sequence[Planted]


def plant(rows: pa.Table, fields: Sequence[str], system: System, draws: Draws, who: Ints, at: Ints) -> Iterator[Spoilt]:
    """Spoil some rows.

    Args:
        rows: text, under the headers of the export.
        fields: what each header holds.
        system: that they come from.
        draws: of the part's customers.
        who: position of each row's customer.
        at: a number that tells the customer's rows apart.
    """
    places = _places(fields, system)
    able = [fault for fault in FAULTS if fault.column in places]
    moment = (at + crc32(system.name.encode())) % (1 << 31)
    u = draws.uniform(f"fault in {system.name}", moment, who) if len(who) else np.zeros(0)
    start = 0
    for place in np.flatnonzero(u < SHARE).tolist():
        fault = able[int(u[place] / SHARE * len(able))]
        yield Spoilt(rows.slice(start, place - start), (), ())
        yield _spoilt(rows.slice(place, 1), fault, places)
        start = place + 1
    yield Spoilt(rows.slice(start), (), ())


def _places(fields: Sequence[str], system: System) -> dict[str, int]:
    """Where the columns are that faults spoil; customers' own ids stay, or nothing would fit them."""
    places = {"": 0, "time": list(fields).index(system.time)}
    if system.name != "customers":
        places["customer_id"] = list(fields).index("customer_id")
    for name in ("amount", "monthly_amount"):
        if name in fields:
            places["money"] = list(fields).index(name)
    if system.name in _KEYED:
        places["fact"] = list(fields).index(_KEYED[system.name])
    return places


def _spoilt(row: pa.Table, fault: Fault, places: dict[str, int]) -> Spoilt:
    cells = [column[0].as_py() for column in row.columns]
    if fault.name == "repeated_row":
        return Spoilt(pa.concat_tables([row, row]), (), (Planted(1, "", fault.name, fault.outcome, "", ""),))
    if fault.name == "short_row":
        kept = [cell or "" for cell in cells[: max(1, len(cells) // 2)]]
        return Spoilt(row.slice(1), kept, (Planted(0, "", fault.name, fault.outcome, "", ""),))
    place = places[fault.column]
    header, meant = row.schema.names[place], str(cells[place])
    written = fault.spoil(meant)
    column = pa.array([written], pa.string())
    spoilt = row.set_column(place, row.schema.field(place), column)
    if fault.name == "contradiction":
        both = (
            Planted(0, header, fault.name, fault.outcome, meant, ""),
            Planted(1, header, fault.name, fault.outcome, written, ""),
        )
        return Spoilt(pa.concat_tables([row, spoilt]), (), both)
    if fault.name == "thousands":
        meant = f"{_thousand_more(meant):.2f}"
    return Spoilt(spoilt, (), (Planted(0, header, fault.name, fault.outcome, written, meant),))

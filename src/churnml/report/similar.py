"""Who left at past cutoffs, and beside each of them one similar customer who stayed.

Similar is who could have left at the same cutoff and didn't, is in the same third by money and in the same segment, and
among those spends money at nearly the same pace; nobody is taken twice. Pace is the money spent in the longest window of
the features before the cutoff, per day on which the customer was still there: who had fallen silent weeks before the
cutoff would else be compared with small customers. Money spent in the last weeks alone isn't looked at: it is part of
what is to be compared, and who is alike in it is alike in the end by construction.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from churnml.contracts.files import GROUPS
from churnml.ports import Engine

MOST = 5_000
"""Who left, at most; the newest cutoffs first, and within one by a hash of the id."""

_LEAST_DAYS = 7

PEOPLE = pa.schema([("place", pa.int64()), ("customer_id", pa.string()), ("left_on", pa.date32())])
"""Who is looked at: `place` is even for who left, and one more for the similar customer who stayed."""


@dataclass(frozen=True)
class Departures:
    """Who left at past cutoffs.

    Attributes:
        there: how many left, each counted once per day on which they left.
        taken: how many of them are looked at.
        paired: for how many of these a similar customer was found.
        cutoffs: of those who are looked at, in order of time.
    """

    there: int
    taken: int
    paired: int
    cutoffs: tuple[date, ...]


def write_unseen(boosters: Path, engine: Engine, out: Path) -> None:
    """Write each snapshot that was predicted out of time once, cutoff by cutoff, those of a cutoff by a hash of the id.

    Args:
        boosters: folder with rolling.parquet and test.parquet.
        engine: where the SQL runs.
        out: Parquet file to write: customer_id, as_of, split, label, left_on, spend (in the longest window, currency
            units), and the groups.
    """
    paths = {name: boosters / f"{name}.parquet" for name in ("rolling", "test")}
    cells = ", ".join(("customer_id", "as_of", "split", "label", "left_on", "spend", *GROUPS))
    both = " UNION ".join(f'SELECT {cells} FROM {name} WHERE "repeat" = 0' for name in paths)
    engine.run(f"SELECT * FROM ({both}) AS unseen ORDER BY as_of, md5(customer_id), customer_id", paths, out)


def write_pairs(unseen: Path, window_days: int, engine: Engine, work: Path, out: Path, most: int = MOST) -> Departures:
    """Write who left and the similar customers who stayed: rows of `PEOPLE`, the newest cutoffs first.

    Who left at several cutoffs with the same last day left once, at the first of them.

    Args:
        unseen: file by `write_unseen`.
        window_days: length of the window that `spend` is of.
        engine: where the SQL runs.
        work: a folder for work in progress.
        out: Parquet file to write.
        most: how many who left are looked at.
    """
    once = "SELECT customer_id, left_on, min(as_of) AS as_of FROM unseen WHERE label = 1 AND left_on IS NOT NULL"
    sql = f"SELECT *, count(*) OVER () AS there FROM ({once} GROUP BY customer_id, left_on) AS once"
    newest = "ORDER BY as_of DESC, md5(customer_id), customer_id, left_on"
    engine.run(f"{sql} {newest} LIMIT {most}", {"unseen": unseen}, work / "left.parquet")
    left = pq.read_table(work / "left.parquet")
    people: dict[str, list[object]] = {name: [] for name in PEOPLE.names}
    for as_of in sorted(set(left["as_of"].to_pylist()), reverse=True):
        gone = left.filter(pc.equal(left["as_of"], pa.scalar(as_of, pa.date32())))
        for leaver, left_on, stayer in _pairs(at_cutoff(unseen, as_of), gone, as_of, window_days):
            first = len(people["place"])
            people["place"] += [first, first + 1]
            people["customer_id"] += [leaver, stayer]
            people["left_on"] += [left_on, left_on]
    pq.write_table(pa.table(people, schema=PEOPLE), out)
    there = left["there"][0].as_py() if left.num_rows else 0
    return Departures(there, left.num_rows, len(people["place"]) // 2, tuple(sorted(set(left["as_of"].to_pylist()))))


def at_cutoff(unseen: Path, as_of: date) -> pa.Table:
    """The snapshots of one cutoff: never all of them at once."""
    return pq.read_table(unseen, filters=[("as_of", "=", as_of)])


def thirds(spend: np.ndarray) -> np.ndarray:
    """The borders between thirds by money; who spends the same is in the same third."""
    return np.asarray(np.quantile(spend, [1 / 3, 2 / 3], method="inverted_cdf"))


def _pairs(here: pa.Table, gone: pa.Table, as_of: date, window_days: int) -> Iterator[tuple[str, date, str]]:
    """Of each who left, in order, the nearest in pace who stayed and isn't taken; who has none is left out."""
    customers, spend = here["customer_id"].to_pylist(), here["spend"].to_numpy()
    segments, borders = here["segment"].to_pylist(), thirds(spend)
    waiting = _waiting(segments, spend, borders, here["label"].to_numpy())
    place = {customer: number for number, customer in enumerate(customers)}
    for leaver, left_on in zip(gone["customer_id"].to_pylist(), gone["left_on"].to_pylist(), strict=True):
        silent = max((as_of - left_on).days - 1, 0)
        there = min(max(window_days - silent, _LEAST_DAYS), window_days)
        pace = float(spend[place[leaver]]) * window_days / there
        third = int(np.searchsorted(borders, pace, side="left"))
        found = _nearest(waiting.get((segments[place[leaver]], third), []), pace)
        if found is not None:
            yield leaver, left_on, customers[found]


def _waiting(
    segments: Sequence[str | None], spend: np.ndarray, borders: np.ndarray, label: np.ndarray
) -> Mapping[tuple[str | None, int], list[tuple[float, int]]]:
    """Those who stayed, by segment and third: (money, place), in order."""
    found: dict[tuple[str | None, int], list[tuple[float, int]]] = {}
    third = np.searchsorted(borders, spend, side="left")
    for number in np.lexsort((np.arange(len(spend)), spend)):
        if label[number] == 0:
            where = found.setdefault((segments[number], int(third[number])), [])
            where.append((float(spend[number]), int(number)))
    return found


def _nearest(waiting: list[tuple[float, int]], pace: float) -> int | None:
    """Take out whoever is nearest, of two the one who spends less, of equals the first by hash."""
    if not waiting:
        return None
    above = bisect_left(waiting, (pace, -1))
    below = above - 1
    if above < len(waiting) and (below < 0 or waiting[above][0] - pace < pace - waiting[below][0]):
        return waiting.pop(above)[1]
    return waiting.pop(bisect_left(waiting, (waiting[below][0], -1)))[1]

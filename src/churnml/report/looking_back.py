"""The last weeks of those who left, beside similar customers who stayed; and who left, by group.

Two stretches of time are compared, both counted back from the day that `churnml.features.lives` looks from: the last month
(28 days), and the three months before it (84 days, told per 28). Both of a pair must have been there for all 112 days.
Intervals are 95 %, by a bootstrap of pairs: both of a pair are drawn together. A change is clear where its interval
holds only falls, or only rises. Both sides are looked at from the day of an event, before which a customer who buys every
30 days has a month without one: a change of those who left means something only where it is clearly apart from that of
those who stayed.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from churnml.contracts.files import GROUPS
from churnml.metrics import interval, resampled, share_interval
from churnml.report.similar import at_cutoff, thirds

MONTH_DAYS, MONTHS = 28, 4
"""The last month, and the three before it."""

MEASURES: Mapping[str, tuple[str, str | None]] = {
    "active_days": ("active_days", None),
    "orders": ("orders", None),
    "spend": ("spend", None),
    "complaints": ("complaints", None),
    "reply_hours": ("reply_hours", "replies"),
    "contacts": ("contacts", None),
}
"""Measure -> what is summed, and what it is divided by; None: the customers. All are per customer and month but
`reply_hours`, the mean hours until the first reply to a ticket."""

_LEVEL = 0.05

FEWEST = 20
"""Pairs, and things that happened, below which nothing is said."""

THIRDS = ("lowest third", "middle third", "highest third")
_OTHERS, _UNKNOWN, _MOST_GROUPS = "others", "unknown", 8


@dataclass(frozen=True)
class LastMonths:
    """What the last months were like.

    Attributes:
        pairs: how many pairs are compared.
        changes: one row per measure and side (`left`, `stayed`): last and before (means per customer and 28 days), change
            (last / before - 1) with change_low, change_high, change_clear; and in both rows of a measure apart, how much the
            change of those who left is above (+) or below (-) that of those who stayed, as a factor minus 1, with
            apart_low, apart_high and apart_clear.
        months: one row per measure, side and month (0 is the last one): mean, low, high.
    """

    pairs: int
    changes: pd.DataFrame
    months: pd.DataFrame


def last_months(lives: Path, resamples: int, seed: int) -> LastMonths | None:
    """Compare those who left with those who stayed.

    Args:
        lives: file by `churnml.features.write_lives` of the people of `churnml.report.similar`, in four parts of 28 days.
        resamples: of the bootstrap.
        seed: of the bootstrap.

    Returns:
        None where fewer than 20 pairs are known long enough.
    """
    rows = pq.read_table(lives).to_pandas()
    rows = rows[rows["whole"]].sort_values(["place", "part"])
    pair = rows["place"] // 2
    rows = rows[pair.groupby(pair).transform("size") == 2 * MONTHS]
    count = len(rows) // (2 * MONTHS)
    if count < FEWEST:
        return None
    weights = np.vstack([np.ones(count), resampled(np.arange(count), resamples, seed)])
    changes: list[dict[str, Any]] = []
    months: list[dict[str, Any]] = []
    for measure, (summed, divided) in MEASURES.items():
        if summed not in rows:
            continue
        top = rows[summed].to_numpy().reshape(count, 2, MONTHS)
        bottom = rows[divided].to_numpy().reshape(count, 2, MONTHS) if divided else np.ones_like(top)
        happened = bottom if divided else top
        if np.count_nonzero(happened[:, 0]) < FEWEST:
            continue
        changes += _changes(measure, weights, top, bottom)
        months += _by_month(measure, weights, top, bottom)
    return LastMonths(count, pd.DataFrame(changes), pd.DataFrame(months)) if changes else None


def _changes(measure: str, weights: np.ndarray, top: np.ndarray, bottom: np.ndarray) -> list[dict[str, Any]]:
    """Both sides of a measure. The first row of weights is what was seen, the others are resamples."""
    told: dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]] = {}
    for place, side in enumerate(("left", "stayed")):
        last = _ratio(weights @ top[:, place, 0], weights @ bottom[:, place, 0])
        before = _ratio(weights @ top[:, place, 1:].sum(axis=1), weights @ bottom[:, place, 1:].sum(axis=1))
        told[side] = last, before, _ratio(last, before)
    apart = _numbers("apart", _ratio(told["left"][2], told["stayed"][2]) - 1)
    rows = []
    for side, (last, before, ratio) in told.items():
        means = {"last": _seen(last[0]), "before": _seen(before[0])}
        rows.append({"measure": measure, "side": side, **means, **_numbers("change", ratio - 1), **apart})
    return rows


def _by_month(measure: str, weights: np.ndarray, top: np.ndarray, bottom: np.ndarray) -> list[dict[str, Any]]:
    rows = []
    for place, side in enumerate(("left", "stayed")):
        for month in range(MONTHS):
            mean = _ratio(weights @ top[:, place, month], weights @ bottom[:, place, month])
            low, high = interval(mean[1:][np.isfinite(mean[1:])])
            numbers = {"mean": _seen(mean[0]), "low": _seen(low), "high": _seen(high)}
            rows.append({"measure": measure, "side": side, "month": month, **numbers})
    return rows


def _numbers(name: str, seen: np.ndarray) -> dict[str, Any]:
    """A number with its interval, and whether the interval leaves zero out; nothing where it can't be computed."""
    draws = seen[1:]
    usable = bool(np.isfinite(seen[0])) and np.isfinite(draws).mean() > 0.975
    low, high = interval(draws[np.isfinite(draws)]) if usable else (np.nan, np.nan)
    told = {name: seen[0] if usable else np.nan, f"{name}_low": low, f"{name}_high": high}
    clear = bool(usable and (low > 0 or high < 0))
    return {**{key: _seen(number) for key, number in told.items()}, f"{name}_clear": clear}


def _ratio(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    return np.asarray(np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom > 0))


def _seen(number: float) -> float:
    """So many places that the order of adding up doesn't show."""
    return round(float(number), 9)


def who_left(unseen: Path, cutoffs: Sequence[Any], newest: Sequence[Any]) -> pd.DataFrame:
    """Share that left, by group: at the newest cutoffs and at those before.

    Intervals are Wilson's, as if each snapshot were another customer; that of the difference is Newcombe's.

    Args:
        unseen: file by `churnml.report.similar.write_unseen`.
        cutoffs: all that are in it.
        newest: some of them, such as those of the test.

    Returns:
        one row per grouping (`by`: value, and segment, region, plan where there) and group: customers_new, left_new,
        rate_new with _low and _high; the same with `_old`; change (new less old), change_low, change_high, clear. Where
        there are no older cutoffs theirs are missing. A change is clear where chance alone would show one so large in any
        of the groups less than 5 times in 100 (Bonferroni): of twenty groups, one looks changed by chance. Groups of fewer than 20 customers at the newest are left out.
    """
    counted: dict[tuple[str, int, str], np.ndarray] = {}
    for as_of in cutoffs:
        here, when = at_cutoff(unseen, as_of), 0 if as_of in newest else 2
        label = here["label"].to_numpy()
        for by, names, codes in _groupings(here):
            size, left = np.bincount(codes, minlength=len(names)), np.bincount(codes, label, len(names))
            for place, name in enumerate(names):
                sums = counted.setdefault((by, place if by == "value" else 0, name), np.zeros(4, dtype=int))
                sums[when : when + 2] += [size[place], int(left[place])]
    rows = [
        {"by": by, "group": name, **_rates(*sums.tolist())}
        for (by, _, name), sums in sorted(_few(counted).items())
        if sums[0] >= FEWEST
    ]
    return pd.DataFrame([{**row, "clear": row["clear"] and _chance(row) * len(rows) < _LEVEL} for row in rows])


def _groupings(here: pa.Table) -> Iterator[tuple[str, Sequence[str], np.ndarray]]:
    """Ways to tell the customers of a cutoff apart: names of the groups, and the place of each customer's."""
    spend = here["spend"].to_numpy()
    borders = thirds(spend)
    if borders[0] < borders[1]:
        yield "value", THIRDS, np.searchsorted(borders, spend, side="left")
    for column in GROUPS:
        if here[column].null_count < here.num_rows:
            cells = pc.if_else(pc.equal(here[column], ""), _UNKNOWN, here[column]).fill_null(_UNKNOWN)
            encoded = cells.combine_chunks().dictionary_encode()
            yield column, encoded.dictionary.to_pylist(), encoded.indices.to_numpy()


def _few(counted: Mapping[tuple[str, int, str], np.ndarray]) -> dict[tuple[str, int, str], np.ndarray]:
    """The largest groups of each grouping; the others together."""
    told: dict[tuple[str, int, str], np.ndarray] = {}
    for by in {by for by, _, _ in counted}:
        mine = sorted((key for key in counted if key[0] == by), key=lambda key: (-int(counted[key][0]), key))
        for place, key in enumerate(mine):
            where = key if place < _MOST_GROUPS else (by, 9, _OTHERS)
            told[where] = told.get(where, np.zeros(4, dtype=int)) + counted[key]
    return told


def _chance(row: Mapping[str, Any]) -> float:
    """How often two shares would lie so far apart if they were the same: a two-sided z test of them pooled."""
    pooled = (row["left_new"] + row["left_old"]) / (row["customers_new"] + row["customers_old"])
    spread = math.sqrt(pooled * (1 - pooled) * (1 / row["customers_new"] + 1 / row["customers_old"]))
    return math.erfc(abs(row["change"]) / spread / math.sqrt(2)) if spread else 1.0


def _rates(customers: int, left: int, customers_old: int, left_old: int) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for when, of, gone in (("new", customers, left), ("old", customers_old, left_old)):
        low, high = share_interval(gone, of) if of else (np.nan, np.nan)
        rate = gone / of if of else np.nan
        told |= {f"customers_{when}": of, f"left_{when}": gone}
        told |= {f"rate_{when}": rate, f"rate_{when}_low": low, f"rate_{when}_high": high}
    change, low, high = difference(left, customers, left_old, customers_old)
    return {**told, "change": change, "change_low": low, "change_high": high, "clear": bool(low > 0 or high < 0)}


def difference(left: int, of: int, left_before: int, of_before: int) -> tuple[float, float, float]:
    """How much higher one share is than another, with its 95 % interval; not a number where there is nobody.

    Source: hybrid score interval (Newcombe 1998, method 10).

    >>> [round(number, 3) for number in difference(56, 70, 48, 80)]
    [0.2, 0.052, 0.334]
    """
    if not of or not of_before:
        return np.nan, np.nan, np.nan
    now, before = left / of, left_before / of_before
    (low, high), (low_before, high_before) = share_interval(left, of), share_interval(left_before, of_before)
    down, up = np.hypot(now - low, high_before - before), np.hypot(high - now, before - low_before)
    return now - before, float(now - before - down), float(now - before + up)

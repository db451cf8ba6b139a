"""What the training looked like, and an export to be scored; the former travels in the bundle and holds no row."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

BINS = 10
_LEAST = 1e-3
"""Share that an empty bin is taken for, so that one customer isn't infinitely far from none."""


@dataclass(frozen=True)
class Spread:
    """How the values of one feature were spread.

    Attributes:
        edges: between the tenths of a number.
        words: the commonest categories.
        shares: of customers, by tenth, or by word and then all others; then those without a value.
        between: the largest index of any training cutoff against all of them together.
    """

    edges: tuple[float, ...]
    words: tuple[str, ...]
    shares: tuple[float, ...]
    between: float = 0.0

    @classmethod
    def of(cls, column: pa.ChunkedArray, cutoffs: np.ndarray) -> "Spread":
        """Of a feature over all training snapshots, of which `cutoffs` says the as_of."""
        if pa.types.is_string(column.type):
            counted = pc.value_counts(column.combine_chunks().drop_null()).to_pylist()
            words = tuple(
                each["values"] for each in sorted(counted, key=lambda one: (-one["counts"], one["values"]))[:BINS]
            )
            spread = cls((), words, ())
        else:
            values = column.drop_null().to_numpy()
            edges = np.unique(np.quantile(values, np.arange(1, BINS) / BINS)) if len(values) else np.empty(0)
            spread = cls(tuple(map(float, edges)), (), ())
        shares = spread.shares_of(column)
        whole = cls(spread.edges, spread.words, tuple(round(float(share), 6) for share in shares))
        each = [whole.index(column.filter(pa.array(cutoffs == cutoff))) for cutoff in np.unique(cutoffs)]
        return cls(whole.edges, whole.words, whole.shares, round(max(each), 6))

    @property
    def median(self) -> float:
        """About the median of the known values of a number; NaN where there is none.

        >>> Spread((1.0, 4.0, 9.0), (), (0.3, 0.2, 0.2, 0.2, 0.1)).median
        4.0
        """
        reached = np.cumsum(self.shares[:-1]) >= (1 - self.missing) / 2
        return float(self.edges[int(reached[:-1].argmax())]) if len(self.edges) and reached[:-1].any() else float("nan")

    @property
    def missing(self) -> float:
        """Share of customers without a value."""
        return self.shares[-1]

    def shares_of(self, column: pa.ChunkedArray) -> np.ndarray:
        """Shares of these values, bin by bin."""
        if self.words or pa.types.is_string(column.type):
            places = pc.fill_null(pc.index_in(column, value_set=pa.array(self.words, pa.string())), len(self.words))
            found, bins = places.to_numpy(), len(self.words) + 1
        else:
            found, bins = np.searchsorted(self.edges, column.fill_null(0).to_numpy(), side="left"), len(self.edges) + 1
        there = column.is_valid().to_numpy()
        counts = np.append(np.bincount(found[there], minlength=bins), (~there).sum())
        return np.asarray(counts / max(len(there), 1))

    def index(self, column: pa.ChunkedArray) -> float:
        """Population stability index of these values: 0 where they are spread alike. Source: Siddiqi 2006."""
        now, then = np.maximum(self.shares_of(column), _LEAST), np.maximum(np.array(self.shares), _LEAST)
        return float(((now - then) * np.log(now / then)).sum())


@dataclass(frozen=True)
class Reference:
    """What training saw.

    Attributes:
        features: spread of each, by name.
        tables: by table, its columns.
        volumes: by table, the fewest and the most rows per customer and day at any cutoff.
        pauses: by table, the longest pause between two days with rows.
    """

    features: Mapping[str, Spread]
    tables: Mapping[str, Sequence[str]]
    volumes: Mapping[str, tuple[float, float]]
    pauses: Mapping[str, int]

    @classmethod
    def of(cls, snapshots: pa.Table, names: Sequence[str], history: Mapping[str, Any]) -> "Reference":
        """Of the snapshots that the final model learned from.

        Args:
            snapshots: of the panel.
            names: of the features.
            history: of the panel: volumes (cutoff -> table -> rows per customer and day), tables, pauses.
        """
        cutoffs = np.array([str(day) for day in snapshots["as_of"].to_pylist()])
        volumes: dict[str, list[float]] = {}
        for counted in history["volumes"].values():
            for table, volume in counted.items():
                volumes.setdefault(table, []).append(volume)
        return cls(
            {name: Spread.of(snapshots[name], cutoffs) for name in names},
            history["tables"],
            {table: (min(found), max(found)) for table, found in volumes.items()},
            history["pauses"],
        )

    def as_json(self) -> dict[str, Any]:
        """For the bundle."""
        return asdict(self)

    @classmethod
    def of_json(cls, said: Mapping[str, Any]) -> "Reference":
        """Read what `as_json` wrote.

        Raises:
            KeyError, TypeError: it isn't that.
        """
        features = {
            name: Spread(tuple(one["edges"]), tuple(one["words"]), tuple(one["shares"]), one["between"])
            for name, one in said["features"].items()
        }
        volumes = {table: (found[0], found[1]) for table, found in said["volumes"].items()}
        return cls(features, said["tables"], volumes, said["pauses"])


@dataclass(frozen=True)
class Condition:
    """An export at an as_of, as it is held against the training.

    Attributes:
        columns: of each table that is there.
        volumes: by table of what customers did, rows per customer and day over a horizon before as_of.
        last_days: by table, the last day with rows before as_of.
        no_numbers: by attribute that was a number in training, how many cells aren't, of how many that hold something.
        gaps: by table of what customers did, the longest pause within the history that features look at: its days, and
            the first of them.
        later: by table of what customers did, its last day where that is as_of or later.
    """

    columns: Mapping[str, Sequence[str]]
    volumes: Mapping[str, float]
    last_days: Mapping[str, date | None]
    no_numbers: Mapping[str, tuple[int, int]]
    gaps: Mapping[str, tuple[int, date]]
    later: Mapping[str, date]

"""A LightGBM booster that knows its own columns: order and categories travel with it, nothing is pickled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import lightgbm
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from churnml.errors import BundleError, OutputError
from churnml.publish import read_json, write_json


@dataclass(frozen=True)
class Columns:
    """What a booster reads: features in the order of training, and the categories it has seen.

    Attributes:
        features: names, in the order in which the booster counts them.
        categories: known values of each categorical feature; others are unknown to the booster, explicitly missing.
    """

    features: tuple[str, ...]
    categories: Mapping[str, tuple[str, ...]]

    @classmethod
    def learned(cls, panel: pa.Table, catalog: Sequence[Mapping[str, object]]) -> "Columns":
        """The columns of a catalog, with the categories that the rows of this panel hold."""
        names = tuple(str(entry["name"]) for entry in catalog)
        categorical = [str(entry["name"]) for entry in catalog if entry["kind"] == "category"]
        return cls(names, {name: tuple(sorted(_values(panel, name))) for name in categorical})

    def matrix(self, panel: pa.Table) -> np.ndarray:
        """Rows × features as float64; found by name, so that the order of the panel's columns doesn't matter.

        Raises:
            BundleError: the panel lacks a feature of this booster.
        """
        missing = [name for name in self.features if name not in panel.schema.names]
        if missing:
            raise BundleError(
                f"the model needs the feature '{missing[0]}' ({len(missing)} missing in all), which these tables don't "
                f"give; map the same columns as in training"
            )
        out = np.empty((panel.num_rows, len(self.features)))
        for position, name in enumerate(self.features):
            column = panel.column(name)
            if name in self.categories:
                known = pa.array(self.categories[name], pa.string())
                column = pc.index_in(column, value_set=known)
            out[:, position] = column.cast(pa.float64()).to_numpy()  # null becomes NaN
        return out

    def unknown(self, panel: pa.Table) -> dict[str, int]:
        """How many rows hold a category that training hadn't seen, by feature."""
        counts = {}
        for name, known in self.categories.items():
            column = panel.column(name)
            strange = pc.and_(pc.is_valid(column), pc.invert(pc.is_in(column, value_set=pa.array(known, pa.string()))))
            counts[name] = pc.sum(strange).as_py() or 0
        return {name: count for name, count in counts.items() if count}


@dataclass(frozen=True)
class Model:
    """A booster and its columns."""

    booster: lightgbm.Booster
    columns: Columns

    def score(self, panel: pa.Table) -> np.ndarray:
        """Raw probability of leaving, one float64 per row; a row's score depends on that row alone."""
        if panel.num_rows == 0:
            return np.empty(0)
        return np.asarray(self.booster.predict(self.columns.matrix(panel)), dtype=np.float64)

    def contributions(self, panel: pa.Table) -> np.ndarray:
        """What each feature adds to the raw score of a row, in log odds; rows × (features, and last what all have in common).

        Exact: the row's numbers add up to its raw score. Source: TreeSHAP (Lundberg et al. 2020).
        """
        if panel.num_rows == 0:
            return np.empty((0, len(self.columns.features) + 1))
        found = self.booster.predict(self.columns.matrix(panel), pred_contrib=True)
        return np.asarray(found, dtype=np.float64)

    def save(self, folder: Path, name: str) -> None:
        """Write <name>.txt (LightGBM's text format) and <name>.json (columns)."""
        (folder / f"{name}.txt").write_text(self.booster.model_to_string(), encoding="utf-8", newline="\n")
        columns = {"features": self.columns.features, "categories": self.columns.categories}
        write_json(folder / f"{name}.json", columns)

    @classmethod
    def load(cls, folder: Path, name: str) -> "Model":
        """Read what `save` wrote.

        Raises:
            BundleError: a file is missing or isn't a model.
        """
        try:
            columns = read_json(folder / f"{name}.json")
            booster = lightgbm.Booster(model_str=(folder / f"{name}.txt").read_text(encoding="utf-8"))
        except (OSError, ValueError, OutputError, lightgbm.basic.LightGBMError) as error:
            raise BundleError(
                f"{folder}: no model '{name}' there ({type(error).__name__}); run `churnml train`"
            ) from error
        categories = {feature: tuple(values) for feature, values in columns["categories"].items()}
        return cls(booster, Columns(tuple(columns["features"]), categories))


def _values(panel: pa.Table, name: str) -> list[str]:
    return [value for value in pc.unique(panel.column(name)).to_pylist() if value is not None]

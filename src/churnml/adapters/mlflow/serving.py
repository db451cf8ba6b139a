"""What MLflow calls to serve a registered bundle: feature rows in, risk out."""

from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from churnml.bundle import ModelBundle


class Risk:
    """A bundle behind MLflow's interface of Python models."""

    def __init__(self, bundle: ModelBundle) -> None:
        self._bundle = bundle

    def predict(self, rows: pd.DataFrame, params: Any = None) -> pd.DataFrame:  # noqa: ARG002
        """Feature rows -> one column `risk`, the same bits that `churnml score` gives."""
        columns = self._bundle.model.columns
        # Typed by the bundle, not by the rows: a column that is empty in all of them has no type of its own.
        kinds = {name: pa.string() if name in columns.categories else pa.float64() for name in columns.features}
        table = pa.table({name: pa.array(rows[name], kind, from_pandas=True) for name, kind in kinds.items()})
        return pd.DataFrame({"risk": self._bundle.risk(table)}, index=rows.index)


def _load_pyfunc(path: str) -> Risk:
    """Open the bundle that was logged; MLflow asks for this name."""
    return Risk(ModelBundle.load(Path(path)))

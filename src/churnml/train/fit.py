"""One way to fit: regularised LightGBM, log loss, deterministic."""

from collections.abc import Mapping, Sequence

import lightgbm
import numpy as np
import pyarrow as pa

from churnml.config import Train
from churnml.errors import DataError
from churnml.model import Columns, Model


def fit(rows: pa.Table, catalog: Sequence[Mapping[str, object]], params: Train) -> Model:
    """Fit a booster on labelled snapshots.

    Args:
        rows: labelled snapshots in the panel's order; sampling depends on it.
        catalog: features to use, in order.
        params: the train section.

    Raises:
        DataError: all labels are the same, or a parameter isn't one of LightGBM's.
    """
    label = rows["label"].to_numpy()
    if not 0 < label.sum() < len(label):
        every = "left" if label.all() else "stayed"
        raise DataError(
            f"all {len(label):,} training snapshots {every}: nothing to learn from; change churn.horizon_days, "
            f"churn.active_within_days or panel"
        )
    columns = Columns.learned(rows, catalog)
    categorical = [columns.features.index(name) for name in columns.categories]
    data = lightgbm.Dataset(
        columns.matrix(rows),
        label.astype(np.float64),
        feature_name=[f"f{number}" for number in range(len(columns.features))],
        categorical_feature=categorical,
        free_raw_data=False,
    )
    settings = {
        **params.params,
        "objective": "binary",
        "seed": params.seed,
        "num_threads": params.threads,
        "deterministic": True,
        "force_row_wise": True,
        "verbosity": -1,
    }
    try:
        booster = lightgbm.train(settings, data, num_boost_round=params.rounds)
    except lightgbm.basic.LightGBMError as error:
        raise DataError(f"train.params: LightGBM refuses: {str(error).splitlines()[0]}") from error
    return Model(booster, columns)

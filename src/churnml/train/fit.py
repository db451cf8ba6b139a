"""One way to fit: regularised LightGBM, log loss, deterministic."""

from collections.abc import Mapping, Sequence

import lightgbm
import numpy as np
import pyarrow as pa

from churnml.config import Train
from churnml.errors import DataError, did_you_mean
from churnml.model import Columns, Model

_FIXED = "is fixed, so that risks stay probabilities and bytes stay"
_OURS = {
    **dict.fromkeys(("objective", "num_class", "is_unbalance", "scale_pos_weight"), _FIXED),
    **dict.fromkeys(("pos_bagging_fraction", "neg_bagging_fraction"), _FIXED),
    **dict.fromkeys(("deterministic", "force_row_wise", "force_col_wise", "verbosity", "early_stopping_round"), _FIXED),
    "seed": "is train.seed",
    "num_threads": "is train.threads",
    "num_iterations": "is train.rounds",
}

FEWEST_IN_LEAF, MOST_IN_LEAF = 20, 100
"""Rows, of which a leaf holds at least a fortieth of all within these bounds: a small table can be split at all."""


def fit(rows: pa.Table, catalog: Sequence[Mapping[str, object]], params: Train) -> Model:
    """Fit a booster on labelled snapshots.

    Args:
        rows: labelled snapshots in the panel's order; sampling depends on it.
        catalog: features to use, in order.
        params: the train section.

    Raises:
        DataError: all labels are the same, or a parameter isn't one of LightGBM's or is set by us.
    """
    _require_known(params.params)
    label = rows["label"].to_numpy()
    if not 0 < label.sum() < len(label):
        every = "left" if label.all() else "stayed"
        raise DataError(
            f"all {len(label):,} training snapshots {every}: nothing to learn from; change what counts as having left "
            f"(section churn), or panel"
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
        **_leaves(params.params, rows.num_rows),
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
    except (lightgbm.basic.LightGBMError, ValueError) as error:
        said = str(error).splitlines()[0].split(" at /")[0]  # without the place in LightGBM's own sources
        raise DataError(f"train.params: LightGBM refuses: {said}") from error
    return Model(booster, columns)


def _leaves(params: Mapping[str, object], rows: int) -> dict[str, int]:
    """How many rows a leaf holds at least, unless params say so themselves."""
    meaning = meanings()
    if any(meaning[name] == "min_data_in_leaf" for name in params):
        return {}
    return {"min_data_in_leaf": min(max(rows // 40, FEWEST_IN_LEAF), MOST_IN_LEAF)}


def meanings() -> dict[str, str]:
    """Every name of a parameter that LightGBM knows -> its main name.

    >>> meanings()["min_child_samples"], meanings()["eta"]
    ('min_data_in_leaf', 'learning_rate')
    """
    # LightGBM says nothing of names that it doesn't know, and lists those that it knows nowhere else.
    aliases: Mapping[str, list[str]] = lightgbm.basic._ConfigAliases._get_all_param_aliases()
    return {alias: name for name, every in aliases.items() for alias in [name, *every]}


def _require_known(params: Mapping[str, object]) -> None:
    """Refuse names that LightGBM would ignore, and other names of what churnml sets itself."""
    meaning = meanings()
    for name in params:
        if name not in meaning:
            raise DataError(f"train.params: LightGBM has no '{name}'{did_you_mean(name, list(meaning))}")
        if meaning[name] in _OURS:
            raise DataError(
                f"train.params: '{name}' is LightGBM's {meaning[name]}, which {_OURS[meaning[name]]}; remove it"
            )

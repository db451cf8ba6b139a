"""The value model against what was really spent: in the label window of cutoffs that no model had seen."""

import numpy as np
import pyarrow as pa
from scipy.stats import rankdata

from churnml.config import Value
from churnml.value import lasting_days

Figures = dict[str, float]

_TENTH = 10


def value_backtest(rows: pa.Table, window_days: int, horizon_days: int, churn_rate: float) -> dict[str, Figures]:
    """What each model expects to be spent in the label window, held against what was.

    Margin and the length of the value's horizon are left out: they are the same for every model.

    Args:
        rows: predictions, of any cutoffs.
        window_days: of the column `spend`.
        horizon_days: of the label.
        churn_rate: by which `clv` lets customers leave.

    Returns:
        by model (`recent_spend`, `clv`, and `last_window`: as much as in as many days before), `expected_mean` and
        `actual_mean` (currency units per customer), `absolute_error` (their mean distance), `rank_correlation`
        (Spearman's), `top_tenth_share` (of all that was spent, by the tenth of highest value) and `best_tenth_share` (by
        the tenth that spent most); nothing where nobody knows what was spent.
    """
    after = rows["spend_after"].to_numpy()
    known = ~np.isnan(after)
    if not known.any():
        return {}
    per_day, before = (np.clip(rows[name].to_numpy()[known], 0, None) for name in ("spend", "spend_before"))
    per_day = per_day / window_days
    models = {
        name: per_day * lasting_days(Value(model=name, horizon_days=horizon_days), churn_rate, horizon_days)
        for name in ("recent_spend", "clv")
    }
    return {name: _figures(said, after[known]) for name, said in {**models, "last_window": before}.items()}


def _figures(expected: np.ndarray, actual: np.ndarray) -> Figures:
    figures = {
        "expected_mean": float(expected.mean()),
        "actual_mean": float(actual.mean()),
        "absolute_error": float(np.abs(expected - actual).mean()),
    }
    if len(np.unique(expected)) > 1 and len(np.unique(actual)) > 1:
        ranks = [rankdata(values) for values in (expected, actual)]
        figures["rank_correlation"] = float(np.corrcoef(ranks)[0, 1])
    if actual.sum() > 0:
        figures["top_tenth_share"] = _held_by_top(expected, actual)
        figures["best_tenth_share"] = _held_by_top(actual, actual)
    return {name: round(number, 6) for name, number in figures.items()}


def _held_by_top(order: np.ndarray, actual: np.ndarray) -> float:
    """Share of all that was spent by the tenth that comes first; equals count in part, so that rows needn't be in order."""
    room = max(len(actual) // _TENTH, 1)
    last = np.sort(order)[::-1][room - 1]
    above, equal = order > last, order == last
    part = (room - int(above.sum())) / int(equal.sum())
    return float((actual[above].sum() + part * actual[equal].sum()) / actual.sum())

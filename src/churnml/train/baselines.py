"""What a model must beat: recency alone, and a logistic regression on recency, frequency and money."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def baselines(longest_days: int) -> dict[str, tuple[str, ...]]:
    """The features of each baseline.

    Args:
        longest_days: the longest window, over which frequency and money are counted.
    """
    return {
        "recency": ("recency_days",),
        "logistic": ("recency_days", f"purchase_days_{longest_days}d", f"spend_{longest_days}d", "tenure_days"),
    }


def baseline_scores(train: pa.Table, test: pa.Table, longest_days: int) -> dict[str, np.ndarray]:
    """Risks of the test snapshots by each baseline whose features the panel has.

    Args:
        train: labelled snapshots.
        test: snapshots to score.
        longest_days: the longest window.
    """
    scores = {}
    label = train["label"].to_numpy()
    for name, features in baselines(longest_days).items():
        if set(features) <= set(train.schema.names):
            model = make_pipeline(StandardScaler(), LogisticRegression())
            model.fit(_logs(train, features), label)
            scores[name] = np.asarray(model.predict_proba(_logs(test, features))[:, 1])
    return scores


def _logs(panel: pa.Table, features: Sequence[str]) -> np.ndarray:
    """Counts, days and money on a log scale; refunds can't make them negative."""
    values = np.column_stack([panel[name].to_numpy() for name in features])
    return np.asarray(np.log1p(np.clip(np.nan_to_num(values), 0, None)))

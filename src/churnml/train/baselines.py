"""What a model must beat: recency, the RFM score, a logistic regression on recency, frequency and money, and BG/NBD."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

_RFM = ("recency_days", "purchase_days", "spend", "age_days")


def baseline_scores(train: pa.Table, test: pa.Table) -> dict[str, np.ndarray]:
    """Risks of the test snapshots by each baseline; none where nobody bought anything.

    * recency: logistic regression on the days since the last purchase.
    * rfm: logistic regression on the sum of the three scores (Hughes 1994).
    * logistic: logistic regression on recency, frequency, money and the days since the first purchase.
    * bg_nbd: the chance of no purchase within the horizon (Fader, Hardie and Lee 2005), fitted at each as_of on what
      was known by then, and taken as it is.

    Args:
        train: labelled rows of `PEERS`.
        test: rows of `PEERS` to score.
    """
    if not train.num_rows or not test.num_rows:
        return {}
    designs = {
        "recency": (_logs(train, _RFM[:1]), _logs(test, _RFM[:1])),
        "rfm": (_score(train), _score(test)),
        "logistic": (_logs(train, _RFM), _logs(test, _RFM)),
    }
    scores = {name: _fitted(ours, train["label"].to_numpy(), theirs) for name, (ours, theirs) in designs.items()}
    return {**scores, "bg_nbd": test["silent"].to_numpy()}


def _fitted(train: np.ndarray, label: np.ndarray, test: np.ndarray) -> np.ndarray:
    model = make_pipeline(StandardScaler(), LogisticRegression())
    return np.asarray(model.fit(train, label).predict_proba(test)[:, 1])


def _score(peers: pa.Table) -> np.ndarray:
    return np.asarray(sum(peers[name].to_numpy().astype(float) for name in ("r", "f", "m"))).reshape(-1, 1)


def _logs(peers: pa.Table, names: Sequence[str]) -> np.ndarray:
    """Counts, days and money on a log scale; refunds can't make them negative."""
    values = np.column_stack([peers[name].to_numpy() for name in names])
    return np.asarray(np.log1p(np.clip(values, 0, None)))

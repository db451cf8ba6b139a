"""What a model must beat: the base rate, recency, the RFM score, a logistic regression on RFM, and BG/NBD."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

_RFM = ("recency_days", "purchase_days", "spend", "age_days")


def baseline_scores(train: pa.Table, test: pa.Table, peers: pa.Table) -> dict[str, np.ndarray]:
    """Risks of the test snapshots by each baseline.

    * base_rate: the churn rate of the training snapshots, for everybody.
    * recency: logistic regression on the days since the last purchase; where nobody buys, since the last sign of life.
    * rfm: logistic regression on the sum of the three scores (Hughes 1994).
    * logistic: logistic regression on recency, frequency, money and the days since the first purchase.
    * bg_nbd: the chance of no purchase within the horizon (Fader, Hardie and Lee 2005), fitted at each as_of on what
      was known by then, and taken as it is.

    Args:
        train: labelled snapshots with their context.
        test: snapshots with their context, to be scored; sorted by as_of and customer.
        peers: rows of `PEERS`; nobody where nothing was bought.

    Returns:
        by name, risks in the order of `test`.
    """
    scores = {"base_rate": np.full(test.num_rows, train["label"].to_numpy().mean())}
    if not peers.num_rows:
        return {**scores, **_silence(train, test)}
    ours, theirs = _compared(train, peers), _compared(test, peers)
    designs = {
        "recency": (_logs(ours, _RFM[:1]), _logs(theirs, _RFM[:1])),
        "rfm": (_score(ours), _score(theirs)),
        "logistic": (_logs(ours, _RFM), _logs(theirs, _RFM)),
    }
    label = ours["label"].to_numpy()
    fitted = {name: _fitted(seen, label, unseen) for name, (seen, unseen) in designs.items()}
    return {**scores, **fitted, "bg_nbd": theirs["silent"].to_numpy()}


def _silence(train: pa.Table, test: pa.Table) -> dict[str, np.ndarray]:
    """Recency where nobody buys; nothing where nobody gives any sign of life."""
    if train["silent_days"].null_count == train.num_rows:
        return {}
    typical = float(np.nanmedian(train["silent_days"].to_numpy()))
    designs = [
        np.log1p(np.nan_to_num(rows["silent_days"].to_numpy(), nan=typical)).reshape(-1, 1) for rows in (train, test)
    ]
    return {"recency": _fitted(designs[0], train["label"].to_numpy(), designs[1])}


def _compared(rows: pa.Table, peers: pa.Table) -> pa.Table:
    """The snapshots' rows of `peers`, in their order, with the label."""
    keys = ["customer_id", "as_of"]
    ours = rows.select([*keys, "label"]).join(peers, keys, join_type="inner")
    return ours.sort_by([("as_of", "ascending"), ("customer_id", "ascending")])


def _fitted(train: np.ndarray, label: np.ndarray, test: np.ndarray) -> np.ndarray:
    model = make_pipeline(StandardScaler(), LogisticRegression())
    return np.asarray(model.fit(train, label).predict_proba(test)[:, 1])


def _score(peers: pa.Table) -> np.ndarray:
    return np.asarray(sum(peers[name].to_numpy().astype(float) for name in ("r", "f", "m"))).reshape(-1, 1)


def _logs(peers: pa.Table, names: Sequence[str]) -> np.ndarray:
    """Counts, days and money on a log scale; refunds can't make them negative."""
    values = np.column_stack([peers[name].to_numpy() for name in names])
    return np.asarray(np.log1p(np.clip(values, 0, None)))

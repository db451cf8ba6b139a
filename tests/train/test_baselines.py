"""What a model must beat."""

import numpy as np
import pyarrow as pa

from churnml.train.baselines import baseline_scores


def test_recency_alone_says_that_silence_is_risk(rows):
    """The recency baseline rises with the days of silence and gives probabilities."""
    risk = baseline_scores(rows, rows, 56)["recency"]
    by_silence = risk[np.argsort(rows["recency_days"].to_numpy(), kind="stable")]
    assert (np.diff(by_silence) >= 0).all()
    assert 0 < risk.min() < risk.max() < 1


def test_a_baseline_without_its_features_is_left_out(rows):
    """These rows have no purchase days and no tenure, so there is no logistic baseline; with them there is."""
    assert list(baseline_scores(rows, rows, 56)) == ["recency"]
    full = rows.append_column("purchase_days_56d", rows["spend_56d"]).append_column("tenure_days", rows["spend_56d"])
    assert list(baseline_scores(full, full, 56)) == ["recency", "logistic"]


def test_baselines_bear_what_features_hold(rows):
    """Unknown values and refunds that exceed purchases give a risk, not NaN."""
    spend = pa.array([None, -50.0, *rows["spend_56d"].to_pylist()[2:]], pa.float64())
    odd = rows.set_column(rows.schema.get_field_index("spend_56d"), "spend_56d", spend)
    full = odd.append_column("purchase_days_56d", odd["spend_56d"]).append_column("tenure_days", odd["spend_56d"])
    assert np.isfinite(baseline_scores(full, full, 56)["logistic"]).all()

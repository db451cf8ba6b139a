"""What a model must beat."""

import numpy as np
import pyarrow as pa
import pytest

from churnml.train.baselines import baseline_scores


@pytest.fixture
def peers(rows):
    """The snapshots' customers compared with each other; RFM says nothing here but by recency."""
    recency = rows["recency_days"].to_numpy()
    fifth = 5 - (recency * 5 // 57)
    return pa.table(
        {
            "customer_id": rows["customer_id"],
            "as_of": rows["as_of"],
            "recency_days": recency,
            "purchase_days": np.ones(len(recency)),
            "spend": np.where(recency > 50, -50.0, 20.0),
            "age_days": recency + 100,
            **{name: fifth.astype(np.int8) for name in "rfm"},
            "silent": recency / 60,
        }
    )


def test_recency_alone_says_that_silence_is_risk(rows, peers):
    """The recency baseline rises with the days of silence and gives probabilities."""
    risk = baseline_scores(rows, rows, peers)["recency"]
    by_silence = risk[np.argsort(peers["recency_days"].to_numpy(), kind="stable")]
    assert (np.diff(by_silence) >= 0).all()
    assert 0 < risk.min() < risk.max() < 1


def test_the_better_the_rfm_score_the_lower_the_risk(rows, peers):
    """The sum of the three scores ranks: the same sum, the same risk; a higher one, a lower risk."""
    risk = baseline_scores(rows, rows, peers)["rfm"]
    by_score = {int(score): set(risk[peers["r"].to_numpy() == score]) for score in range(1, 6)}
    assert all(len(risks) == 1 for risks in by_score.values())
    assert sorted(by_score, key=lambda score: max(by_score[score])) == [5, 4, 3, 2, 1]


def test_bg_nbd_is_taken_as_it_is(rows, peers):
    """Nobody refits it on labels: it is the chance that its own model gives."""
    assert baseline_scores(rows, rows, peers)["bg_nbd"].tolist() == peers["silent"].to_pylist()


def test_refunds_that_exceed_purchases_give_a_risk(rows, peers):
    """Money below zero counts as none; every risk is a number."""
    assert np.isfinite(baseline_scores(rows, rows, peers)["logistic"]).all()


def test_without_purchases_silence_is_counted_from_any_sign_of_life(rows, peers):
    """Nobody bought anything: recency is the days since the last event; the other three need purchases."""
    silent = rows.append_column("silent_days", rows["recency_days"])
    scores = baseline_scores(silent, silent, peers.slice(0, 0))
    assert set(scores) == {"base_rate", "recency"}
    assert (np.diff(scores["recency"][np.argsort(rows["recency_days"].to_numpy())]) >= 0).all()


def test_the_base_rate_is_the_churn_rate_of_training(rows, peers):
    """Everybody gets the same; where nobody gives any sign of life it is all there is."""
    unknown = rows.append_column("silent_days", pa.nulls(rows.num_rows, pa.float64()))
    scores = baseline_scores(unknown.slice(0, 300), unknown.slice(300), peers.slice(0, 0))
    assert list(scores) == ["base_rate"]
    assert set(scores["base_rate"]) == {rows["label"].to_numpy()[:300].mean()}

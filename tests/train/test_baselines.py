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
            "label": rows["label"],
            "recency_days": recency,
            "purchase_days": np.ones(len(recency)),
            "spend": np.where(recency > 50, -50.0, 20.0),
            "age_days": recency + 100,
            **{name: fifth.astype(np.int8) for name in "rfm"},
            "silent": recency / 60,
        }
    )


def test_recency_alone_says_that_silence_is_risk(peers):
    """The recency baseline rises with the days of silence and gives probabilities."""
    risk = baseline_scores(peers, peers)["recency"]
    by_silence = risk[np.argsort(peers["recency_days"].to_numpy(), kind="stable")]
    assert (np.diff(by_silence) >= 0).all()
    assert 0 < risk.min() < risk.max() < 1


def test_the_better_the_rfm_score_the_lower_the_risk(peers):
    """The sum of the three scores ranks: the same sum, the same risk; a higher one, a lower risk."""
    risk = baseline_scores(peers, peers)["rfm"]
    by_score = {int(score): set(risk[peers["r"].to_numpy() == score]) for score in range(1, 6)}
    assert all(len(risks) == 1 for risks in by_score.values())
    assert sorted(by_score, key=lambda score: max(by_score[score])) == [5, 4, 3, 2, 1]


def test_bg_nbd_is_taken_as_it_is(peers):
    """Nobody refits it on labels: it is the chance that its own model gives."""
    assert baseline_scores(peers, peers)["bg_nbd"].tolist() == peers["silent"].to_pylist()


def test_refunds_that_exceed_purchases_give_a_risk(peers):
    """Money below zero counts as none; every risk is a number."""
    assert np.isfinite(baseline_scores(peers, peers)["logistic"]).all()


def test_without_purchases_there_are_no_baselines(peers):
    """Where there are no transactions nobody can be compared by them."""
    assert baseline_scores(peers.slice(0, 0), peers.slice(0, 0)) == {}

"""The verdict in words."""

import pytest

from churnml.calibrate.verdict import verdict


def over(auc, low, high, log_loss=-0.05):
    """A paired difference."""
    return {
        "auc": auc, "auc_low": low, "auc_high": high, "log_loss": log_loss, "log_loss_low": log_loss - 0.01,
        "log_loss_high": log_loss + 0.01,
    }  # fmt: skip


def judge(
    *, auc=0.8, ends=(0.78, 0.82), test=None, recency=None, others=None, suspects=(), warnings=(), dated=True, left=500
):
    """The verdict on a model that is good but for what is given."""
    differences = {
        "base_rate": over(0.3, 0.28, 0.32),
        **({} if recency == "none" else {"recency": recency or over(0.1, 0.08, 0.12)}),
    }
    measured = {
        "test": {"auc": auc, "risk": 0.12, "churn_rate": 0.13, **(test or {})},
        "backtest": {
            "auc": auc, "auc_low": ends[0], "auc_high": ends[1], "differences": {**differences, **(others or {})},
        },
    }  # fmt: skip
    trained = {
        "drift": {"warnings": list(warnings)} if dated else None,
        "suspects": list(suspects),
        "importance": [{"feature": "recency_days", "gain": 0.5}],
    }
    return verdict(measured, trained, dated=dated, left=left)


def test_good():
    """Clearly better than recency, with the interval of the difference."""
    assert judge().sentence == (
        "good: ranking (AUC) 0.800, recency alone 0.700: a difference of +0.100 [+0.080, +0.120]"
    )


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"left": 60}, "few churners: 60 of those looked at left, so all figures are rough"),
        ({"warnings": ["the churn rate drifts"]}, "the churn rate drifts"),
        ({"test": {"churn_rate": 0.2}}, "the level is off: said 12.0% would leave, 20.0% did"),
        ({"others": {"bg_nbd": over(0.001, -0.01, 0.01, 0.0)}}, "BG/NBD does as well"),
    ],
)
def test_usable(given, reason):
    """Better than recency, and something to know."""
    said = judge(**given)
    assert (said.word, said.callable) == ("usable", True)
    assert said.reasons[1:] == (reason,)


def test_label_only_data_is_never_good():
    """What is known may be from after the answer."""
    said = judge(dated=False, recency="none")
    assert said.word == "usable"
    assert "guessing 0.500" in said.reasons[0]
    assert "this is no forecast" in said.reasons[1]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"auc": 0.51, "ends": (0.48, 0.54)}, "no signal: nothing in these tables tells who leaves"),
        ({"auc": 0.75}, "no signal beyond recency"),
        ({"auc": 0.6, "ends": (0.4, 0.8), "left": 12}, "too few churners: only 12 of those looked at left"),
    ],
)
def test_no_better_than_recency(given, reason):
    """The paired interval holds 0: nobody is called, and the reason is said."""
    said = judge(recency=over(0.005, -0.01, 0.02), **given)
    assert said.sentence.startswith(f"no better than recency, don't call anyone on this: {reason}; ranking (AUC)")


def test_a_better_order_with_worse_probabilities_is_no_better():
    """A risk that is further from what happens than recency's is no risk to act on."""
    assert judge(recency=over(0.1, 0.08, 0.12, 0.02)).word == "no better than recency"


def test_a_feature_that_knows_the_answer():
    """The column is named, whatever else is good."""
    said = judge(suspects=[{"name": "profile_status", "auc": 0.99, "reason": "alone it ranks leavers with AUC 0.990"}])
    assert (said.word, said.columns, said.callable) == ("leakage suspected", ("status",), False)
    assert said.sentence.startswith(
        "leakage suspected, don't call anyone on this: 'status': alone it ranks leavers with AUC 0.990; check when it is known"
    )


def test_a_model_that_is_too_good_to_be_true():
    """No single feature tells, all together do: the one that is used most is named."""
    said = judge(auc=0.98, ends=(0.97, 0.99))
    assert (said.word, said.columns) == ("leakage suspected", ("recency_days",))

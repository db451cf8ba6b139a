"""One way to fit, and what it refuses."""

import pyarrow as pa
import pytest

from churnml.config import Train
from churnml.errors import DataError
from churnml.train.fit import fit

SMALL = Train(rounds=10, params={"num_leaves": 4, "min_child_samples": 10})


def with_label(rows, value):
    """The same rows, all with one label."""
    label = pa.array([value] * rows.num_rows, pa.int8())
    return rows.set_column(rows.schema.get_field_index("label"), "label", label)


def test_a_fit_ranks_by_what_it_learned(rows, catalog):
    """The longer the silence, the higher the risk that the booster gives."""
    model = fit(rows, catalog, SMALL)
    risk = model.score(rows)
    silent = rows["recency_days"].to_numpy() > 40
    assert risk[silent].mean() > 1.5 * risk[~silent].mean()


def test_risks_stay_probabilities(rows, catalog):
    """The mean risk is the churn rate: nothing is reweighted."""
    risk = fit(rows, catalog, SMALL).score(rows)
    assert risk.mean() == pytest.approx(rows["label"].to_numpy().mean(), abs=0.01)


@pytest.mark.parametrize("params", [{}, {"bagging_fraction": 0.5, "bagging_freq": 1, "feature_fraction": 0.7}])
def test_threads_dont_change_the_trees(rows, catalog, params):
    """One thread or two, with and without sampling: the same trees, byte for byte."""

    def trees(threads):
        settings = SMALL.model_copy(update={"threads": threads, "params": {**SMALL.params, **params}})
        return fit(rows, catalog, settings).booster.model_to_string().split("\nparameters:")[0]

    assert trees(1) == trees(2)


@pytest.mark.parametrize(("label", "did"), [(0, "stayed"), (1, "left")])
def test_one_class_is_nothing_to_learn_from(rows, catalog, label, did):
    """Where everybody did the same, the message says which settings decide on it."""
    with pytest.raises(DataError) as refused:
        fit(with_label(rows, label), catalog, SMALL)
    assert str(refused.value) == (
        f"all 400 training snapshots {did}: nothing to learn from; change what counts as having left (section churn), "
        f"or panel"
    )


@pytest.mark.parametrize(("times", "said", "least"), [(1, {}, 20), (4, {}, 40), (20, {}, 100), (1, {"min_data": 7}, 7)])
def test_a_leaf_of_a_small_table_is_small(rows, catalog, times, said, least):
    """A fortieth of 400, 1,600 and 8,000 rows within 20 and 100, unless params say another number, by whatever name."""
    params = Train(rounds=1, params={"num_leaves": 4, **said})
    model = fit(pa.concat_tables([rows] * times), catalog, params)
    assert f"[min_data_in_leaf: {least}]" in model.booster.model_to_string()


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"num_leaves": 1}, "train.params: LightGBM refuses: Check failed: (num_leaves) > (1)"),
        ({"learning_rate": "fast"}, "train.params: LightGBM refuses: Unknown token fast in data file"),
        ({"num_leavs": 31}, "train.params: LightGBM has no 'num_leavs'; did you mean 'num_leaves'?"),
        ({"random_state": 1}, "train.params: 'random_state' is LightGBM's seed, which is train.seed; remove it"),
        (
            {"n_estimators": 9},
            "train.params: 'n_estimators' is LightGBM's num_iterations, which is train.rounds; remove it",
        ),
        (
            {"unbalance": True},
            "train.params: 'unbalance' is LightGBM's is_unbalance, which is fixed, so that risks stay probabilities and "
            "bytes stay; remove it",
        ),
    ],
)
def test_a_parameter_that_cant_be_used_is_refused_in_one_line(rows, catalog, params, message):
    """LightGBM's refusals, misspelt names, and other names of what churnml sets itself."""
    with pytest.raises(DataError) as refused:
        fit(rows, catalog, Train(rounds=2, params=params))
    assert str(refused.value) == message

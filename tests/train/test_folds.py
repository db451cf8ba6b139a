"""What tuning is measured on: training snapshots alone, each predicted from what was known before it."""

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from churnml.errors import DataError
from churnml.train.folds import customer_folds, temporal_folds


@pytest.fixture
def training(rows):
    """The three monthly training cutoffs of `rows`."""
    return rows.filter(pc.equal(rows["split"], "train"))


def cutoffs(part):
    return sorted({str(day) for day in part["as_of"].to_pylist()})


def test_each_training_cutoff_is_predicted_from_those_before_it(training):
    """Three monthly cutoffs, 28 days of label: the second knows the first, the third both."""
    folds = temporal_folds(training, 28, 1)
    assert [fold.name for fold in folds] == ["2024-01-29", "2024-02-26"]
    assert [cutoffs(fold.validated) for fold in folds] == [["2024-01-29"], ["2024-02-26"]]
    assert [cutoffs(fold.learned) for fold in folds] == [["2024-01-01"], ["2024-01-01", "2024-01-29"]]


def test_a_label_that_isnt_complete_is_not_learned_from(training):
    """With 29 days of label the third cutoff knows the first alone, and the second nothing."""
    (fold,) = temporal_folds(training, 29, 1)
    assert (fold.name, cutoffs(fold.learned)) == ("2024-02-26", [str(date(2024, 1, 1))])


def test_too_few_training_cutoffs_to_tune(training):
    """The message says how many there are and what would do."""
    with pytest.raises(DataError) as refused:
        temporal_folds(training, 28, 3)
    assert str(refused.value) == (
        "train.min_cutoffs 3: the last cutoff has only 2 before it whose label window was over; lower it to 2 or give more "
        "panel.train cutoffs, or set train.trials to 0: tuning sees the training cutoffs alone"
    )


def test_where_there_is_one_as_of_parts_of_the_training_customers(training, catalog):
    """Five parts: each customer is predicted once, from others alone; a second row of the same customer goes with it."""
    one = training.slice(0, 100)
    ids = pa.array([f"again {name}" for name in one["customer_id"].to_pylist()[:40]])
    both = pa.concat_tables([one, one.slice(0, 40).set_column(0, "customer_id", ids)])
    folds = customer_folds(both, catalog, 7)
    assert [fold.name for fold in folds] == [f"part {number}" for number in range(1, 6)]
    predicted = [name for fold in folds for name in fold.validated["customer_id"].to_pylist()]
    assert sorted(predicted) == sorted(both["customer_id"].to_pylist())
    for fold in folds:
        seen, unseen = (
            {name.removeprefix("again ") for name in part["customer_id"].to_pylist()}
            for part in (fold.learned, fold.validated)
        )
        assert not seen & unseen

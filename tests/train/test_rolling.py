"""Predictions out of time: nobody is scored by a model that saw an answer from then on."""

from datetime import date, timedelta

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from churnml.config import Train
from churnml.errors import DataError
from churnml.train.fit import fit
from churnml.train.rolling import held_back_predictions, origins, rolling_predictions, twins

START = date(2024, 1, 1)


def test_origins_by_hand():
    """Fortnightly cutoffs, 28 days of label: the third is the first with one labelled cutoff before it."""
    days = [START + timedelta(days=14 * number) for number in range(5)]
    assert origins(days, 28, 1) == {days[2]: days[:1], days[3]: days[:2], days[4]: days[:3]}
    assert origins(days, 28, 3) == {days[4]: days[:3]}
    assert origins(days, 29, 3) == {}


@settings(deadline=None, derandomize=True)
@given(st.sets(st.integers(0, 200), min_size=1), st.integers(1, 60), st.integers(1, 5))
def test_every_label_was_complete_before_the_cutoff(offsets, horizon, least):
    """Whatever the cutoffs: the label window of each training cutoff ends at or before the cutoff that is predicted."""
    cutoffs = [START + timedelta(days=offset) for offset in sorted(offsets)]
    for moment, earlier in origins(cutoffs, horizon, least).items():
        assert len(earlier) >= least
        assert all(cutoff + timedelta(days=horizon) <= moment for cutoff in earlier)


def test_each_cutoff_is_scored_by_the_model_before_it(rows, catalog):
    """Of four monthly cutoffs the last two have two labelled before them; each model saw those and no more."""
    seen = []

    def spying_fit(part):
        seen.append(sorted({str(day) for day in part["as_of"].to_pylist()}))
        return fit(part, catalog, Train(rounds=2))

    predicted = list(rolling_predictions(rows, 28, 2, spying_fit))
    assert seen == [["2024-01-01", "2024-01-29"], ["2024-01-01", "2024-01-29", "2024-02-26"]]
    assert [set(map(str, each.rows["as_of"].to_pylist())) for each in predicted] == [{"2024-02-26"}, {"2024-03-25"}]
    assert [each.previous for each in predicted] == [None, predicted[0].model]


def test_too_few_cutoffs_to_predict_out_of_time(rows, catalog):
    """Where no cutoff has enough labelled ones before it, the message says what would do."""
    two = rows.slice(0, 200)
    with pytest.raises(DataError) as refused:
        list(rolling_predictions(two, 28, 10, lambda part: fit(part, catalog, Train(rounds=2))))
    assert str(refused.value) == (
        "train.min_cutoffs 10: the last cutoff has only 1 before it whose label window was over; lower it to 1 or give "
        "more panel.train cutoffs"
    )


def test_where_there_is_one_as_of_customers_are_held_back(rows, catalog):
    """Five folds, three times: each customer is scored once per repeat, by a model that was fitted on others alone."""
    one = rows.slice(0, 100)
    each = list(held_back_predictions(one, catalog, 7, lambda part: fit(part, catalog, Train(rounds=2))))
    everybody = one["customer_id"].to_pylist()
    assert [fold.repeat for fold in each] == [0] * 5 + [1] * 5 + [2] * 5
    for repeat in range(3):
        held_back = [name for fold in each if fold.repeat == repeat for name in fold.rows["customer_id"].to_pylist()]
        assert sorted(held_back) == everybody
    for fold in each:
        assert not set(fold.rows["customer_id"].to_pylist()) & set(fold.learned["customer_id"].to_pylist())
        assert fold.rows["label"].to_numpy().mean() == pytest.approx(one["label"].to_numpy().mean(), abs=0.06)


def test_twins_are_held_back_together(rows, catalog):
    """Fifty customers are there twice under two ids: no model has seen the twin of somebody that it is asked about."""
    half = rows.slice(0, 50)
    ids = pa.array([f"again {name}" for name in half["customer_id"].to_pylist()])
    both = pa.concat_tables([rows.slice(0, 100), half.set_column(0, "customer_id", ids)])
    group = twins(both, catalog)
    assert (group[:50] == group[100:]).all()
    assert len(set(group)) == 100
    for fold in held_back_predictions(both, catalog, 7, lambda part: fit(part, catalog, Train(rounds=2))):
        names = {name.removeprefix("again ") for name in fold.rows["customer_id"].to_pylist()}
        assert not names & {name.removeprefix("again ") for name in fold.learned["customer_id"].to_pylist()}


def test_where_there_is_little_to_tell_by_nobody_is_a_twin(rows, catalog):
    """Two towns and nothing else: customers who share one are two customers."""
    group = twins(rows.slice(0, 100), [catalog[2]])
    assert len(set(group)) == 100

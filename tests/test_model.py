"""A booster that knows its own columns."""

import lightgbm
import numpy as np
import pyarrow as pa
import pytest

from churnml.errors import BundleError
from churnml.model import Columns, Model

COLUMNS = Columns(("days", "town"), {"town": ("Ash", "Beech")})
ROWS = pa.table({"town": ["Beech", "Ash", "Elm", None], "days": [1.5, None, 3.0, 4.0], "unused": [1, 2, 3, 4]})


@pytest.fixture(scope="module")
def model():
    """A booster on two columns."""
    rng = np.random.default_rng(1)
    x = np.column_stack([rng.uniform(0, 10, 300), rng.integers(0, 2, 300)])
    y = (rng.random(300) < x[:, 0] / 12 + x[:, 1] / 8).astype(float)
    data = lightgbm.Dataset(x, y, categorical_feature=[1])
    settings = {"objective": "binary", "verbosity": -1, "num_threads": 1, "deterministic": True}
    return Model(lightgbm.train(settings, data, 10), COLUMNS)


def test_the_matrix_is_in_the_order_of_training():
    """Columns are found by name; categories become their number; unknown and missing ones are missing, never 0."""
    expected = [[1.5, 1], [np.nan, 0], [3, np.nan], [4, np.nan]]
    np.testing.assert_array_equal(COLUMNS.matrix(ROWS), expected)
    np.testing.assert_array_equal(COLUMNS.matrix(ROWS.select(["unused", "days", "town"])), expected)


def test_categories_are_those_that_training_saw():
    """Sorted, without NULL."""
    catalog = [{"name": "days", "kind": "number"}, {"name": "town", "kind": "category"}]
    assert Columns.learned(ROWS, catalog) == Columns(("days", "town"), {"town": ("Ash", "Beech", "Elm")})


def test_unknown_categories_are_counted():
    """Elm wasn't seen in training; an empty cell isn't strange."""
    assert COLUMNS.unknown(ROWS) == {"town": 1}
    assert COLUMNS.unknown(ROWS.slice(0, 2)) == {}


def test_a_missing_feature_is_refused():
    """A feature that the tables don't give is named, never filled."""
    with pytest.raises(BundleError) as refused:
        COLUMNS.matrix(ROWS.select(["town"]))
    assert str(refused.value) == (
        "the model needs the feature 'days' (1 missing in all), which these tables don't give; map the same columns as "
        "in training"
    )


def test_a_score_depends_on_its_row_alone(model):
    """One by one, all at once or in another order: the same bits."""
    rows = pa.table({"days": np.linspace(0, 10, 40), "town": ["Ash", "Beech", None, "Elm"] * 10})
    together = model.score(rows)
    alone = [float(model.score(rows.slice(number, 1))[0]) for number in range(40)]
    backwards = model.score(rows.take(list(range(39, -1, -1))))[::-1]
    assert together.tolist() == alone == backwards.tolist()


def test_nobody_has_no_score(model):
    """No rows, no scores, no error."""
    assert model.score(ROWS.slice(0, 0)).shape == (0,)


def test_what_was_saved_is_loaded(model, tmp_path):
    """Scores after a round trip are the same bits, the files the same bytes."""
    model.save(tmp_path, "one")
    loaded = Model.load(tmp_path, "one")
    loaded.save(tmp_path, "two")
    assert loaded.columns == model.columns
    assert loaded.score(ROWS).tolist() == model.score(ROWS).tolist()
    for suffix in ("txt", "json"):
        assert (tmp_path / f"one.{suffix}").read_bytes() == (tmp_path / f"two.{suffix}").read_bytes()


def test_what_isnt_a_model_is_refused(model, tmp_path):
    """Nothing there, no JSON, or no booster: one line that says where."""
    with pytest.raises(BundleError, match="no model 'final' there"):
        Model.load(tmp_path, "final")
    model.save(tmp_path, "final")
    (tmp_path / "final.txt").write_text("tree\nnot a tree", encoding="utf-8")
    with pytest.raises(BundleError, match=r"no model 'final' there .*run `churnml train`$"):
        Model.load(tmp_path, "final")

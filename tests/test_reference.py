"""How a feature was spread in training, and how far another export is from that."""

import json

import numpy as np
import pyarrow as pa
import pytest

from churnml.reference import Reference, Spread

CUTOFFS = np.array(["2024-01-01"] * 50 + ["2024-02-01"] * 50)
NUMBERS = pa.chunked_array([[float(number) for number in range(100)]])


def test_the_same_values_are_no_drift():
    """Tenths of the training hold a tenth each; the same values again have index 0."""
    spread = Spread.of(NUMBERS, CUTOFFS)
    assert np.allclose(spread.shares[:10], 0.1)
    assert spread.shares[10] == spread.missing == 0
    assert spread.index(NUMBERS) == 0


def test_index_by_hand():
    """Half missing where nobody was, the rest in two halves: .25 against .5 twice, and .5 against .001."""
    spread = Spread((0.0,), (), (0.5, 0.5, 0.0))
    now = pa.chunked_array([pa.array([-1.0, 1.0, None, None])])
    assert list(spread.shares_of(now)) == [0.25, 0.25, 0.5]
    assert spread.index(now) == pytest.approx(2 * -0.25 * np.log(0.5) + 0.499 * np.log(500))


def test_between_is_the_largest_of_any_cutoff():
    """The first cutoff holds the lower half only, the second the upper: both are equally far from the whole."""
    spread = Spread.of(NUMBERS, CUTOFFS)
    assert spread.between == pytest.approx(spread.index(NUMBERS.slice(0, 50)), abs=1e-6)


def test_the_commonest_words_have_a_share_each_and_the_others_one():
    """Two towns of three customers, then others, then none."""
    towns = pa.chunked_array([pa.array(["Ash", "Ash", "Elm", None])])
    spread = Spread.of(towns, np.array(["2024-01-01"] * 4))
    assert (spread.words, spread.shares) == (("Ash", "Elm"), (0.5, 0.25, 0.0, 0.25))
    assert list(spread.shares_of(pa.chunked_array([pa.array(["Oak", "Ash"])]))) == [0.5, 0, 0.5, 0]


def test_it_travels_as_json():
    """Written and read again it is the same, features, tables, volumes and pauses."""
    snapshots = pa.table({"as_of": CUTOFFS, "n": NUMBERS, "t": pa.chunked_array([["Ash", None] * 50])})
    history = {
        "volumes": {"2024-01-01": {"tickets": 0.5}, "2024-02-01": {"tickets": 0.25}},
        "tables": {"tickets": ["customer_id"]},
        "pauses": {"tickets": 3},
    }
    made = Reference.of(snapshots, ["n", "t"], history)
    assert made.volumes == {"tickets": (0.25, 0.5)}
    assert Reference.of_json(json.loads(json.dumps(made.as_json()))) == made

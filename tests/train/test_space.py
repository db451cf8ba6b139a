"""Where tuning looks."""

import pytest

from churnml.config.decision import REGULARISED
from churnml.train.fit import FEWEST_IN_LEAF, MOST_IN_LEAF
from churnml.train.space import SPACE, in_our_words, joined


def test_the_regularised_parameters_lie_within():
    """What stands by default is a point of the space, so that the search learns how good it is; so is any default leaf."""
    standing = {"min_child_samples": MOST_IN_LEAF, **REGULARISED}
    assert all(known.holds(standing[name]) for name, known in SPACE.items())
    assert SPACE["min_child_samples"].holds(FEWEST_IN_LEAF)


def test_a_trial_keeps_what_isnt_searched():
    """A proposal replaces what is searched, in four digits; all else stays as it stands, bagging is switched on."""
    proposed = {"learning_rate": 0.0123456, "num_leaves": 12}
    assert joined({"learning_rate": 0.03, "max_depth": 3}, proposed) == {
        "bagging_freq": 1,
        "learning_rate": 0.01235,
        "max_depth": 3,
        "num_leaves": 12,
    }
    assert joined({"bagging_freq": 5}, {})["bagging_freq"] == 5


@pytest.mark.parametrize("name", ["min_data_in_leaf", "min_samples_leaf", "min_child_samples"])
def test_another_name_of_the_same_parameter(name):
    """LightGBM has several names for one parameter; a trial must not hold two of them."""
    assert in_our_words({name: 40}) == {"min_child_samples": 40}

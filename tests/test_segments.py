"""Segments by hand: who is in which layer, group, stage, and by which name."""

import numpy as np
import pytest

from churnml.contracts.segments import CAUSES, FOURFOLD, KINDS, LAYERS, RFM_NAMES, SEGMENT_MEANINGS, STAGES
from churnml.segments import Life, fourfold, grid, kinds, layer_shares, layers, possible, rfm_names, stages

NAN = float("nan")


def texts(*words):
    return np.array(words, dtype=object)


def life(*rows):
    """(tenure, silence, usual gap) of each customer."""
    return Life(*np.array(rows, dtype=float).T)


@pytest.mark.parametrize(
    ("value", "layer"),
    [
        ([80, 20], "AB"),  # 80 of 100 is enough
        ([79, 20, 1], "AAB"),  # 79 isn't
        ([20, 1, 79], "ABA"),  # whatever the order
        ([40, 40, 20, 20], "AAAA"),  # one of two equals is needed: both are in
        ([10, 10, 10, 10, 10], "AAAAA"),
        ([5, 0, 0], "ABB"),  # worth nothing: never
        ([0, 0], "BB"),
        ([NAN, -3, 7], "BBA"),  # unknown and below nothing count as nothing
        ([], ""),
    ],
)
def test_layer_a_holds_four_fifths_of_all_value(value, layer):
    """The fewest customers who together hold 80 %, with all who are worth as much as the last of them."""
    assert "".join(layers(np.array(value, dtype=float))) == layer


def test_what_layer_a_holds_is_said():
    """Half of the customers hold nine tenths; of nothing, nobody holds anything."""
    assert layer_shares(texts("A", "B"), np.array([9.0, 1.0])) == {"customers": 0.5, "value": 0.9}
    assert layer_shares(texts("B"), np.array([0.0])) == {"customers": 0.0, "value": 0.0}
    assert layer_shares(texts(), np.array([])) == {"customers": 0.0, "value": 0.0}


@pytest.mark.parametrize(
    ("layer", "contacted", "lived", "group"),
    [
        ("A", True, (89, 80, 3), "new"),  # whatever else
        ("A", True, (90, 29, 3), "silent"),
        ("A", True, (90, 28, 3), "at_risk"),  # silent for no longer than the horizon
        ("A", True, (90, 29, 15), "at_risk"),  # less than twice the usual gap
        ("A", False, (90, 29, NAN), "silent"),  # no usual gap is known: the horizon decides
        ("A", False, (400, 3, 3), "loyal"),
        ("B", False, (400, 3, 3), "regular"),
        ("B", True, (NAN, NAN, NAN), "at_risk"),  # unknown is neither new nor silent
    ],
)
def test_the_four_groups(layer, contacted, lived, group):
    """New, silent against the own rhythm, at risk, loyal: the first that fits, with a horizon of 28 days."""
    assert fourfold(texts(layer), np.array([contacted]), life(lived), 28).tolist() == [group]


@pytest.mark.parametrize(
    ("lived", "stage"),
    [
        ((0, 0, NAN), "acquired"),
        ((89, 70, NAN), "acquired"),
        ((90, 5, NAN), "growing"),
        ((364, 56, NAN), "growing"),
        ((365, 5, NAN), "retained"),
        ((365, 57, 20), "lost"),
        ((365, 57, 30), "retained"),  # buys every 30 days: 57 are not yet twice that
        ((NAN, 57, NAN), "lost"),
        ((NAN, 5, NAN), "unknown"),
    ],
)
def test_the_stages_of_a_life(lived, stage):
    """By tenure, unless silent for longer than anyone who counts as active, here 56 days."""
    assert stages(life(lived), 56).tolist() == [stage]


def test_eight_names_for_three_digits():
    """High is above the middle digit, in recency, frequency and money."""
    assert rfm_names(texts("444", "443", "434", "433", "344", "343", "334", "333")).tolist() == [
        "champions", "loyal_small", "rising_spenders", "promising", "cannot_lose", "fading", "slipping_spenders", "hibernating",
    ]  # fmt: skip
    assert rfm_names(texts(None, NAN)).tolist() == [None, None]


@pytest.mark.parametrize(
    ("cause", "change", "kind"),
    [
        ("competitor", -1, "active"),
        ("service", -1, "passive"),
        ("operations", 0, "passive"),
        ("relationship", NAN, "passive"),
        ("value", 0, "passive"),
        ("value", -0.5, "hidden"),  # less and less is what is seen of falling value
        ("none", -0.5, "hidden"),
        ("none", -0.3, "none"),
        ("none", NAN, "none"),
    ],
)
def test_kinds_of_churn(cause, change, kind):
    """They turn away, we let them go, or they fade; none where nothing says it."""
    assert kinds(texts(cause), np.array([change], dtype=float)).tolist() == [kind]


def test_only_what_the_rules_can_say_is_possible():
    """Every customer that the rules can make is possible, so that a playbook isn't asked about others."""
    days = np.array([0, 28, 29, 57, 89, 90, 364, 365, NAN])
    rows = [(a, b, c) for a in days for b in days for c in (3, 20, 40, NAN)]
    people = life(*rows)
    for layer in LAYERS:
        for contacted in (True, False):
            groups = fourfold(np.full(len(rows), layer, dtype=object), np.full(len(rows), contacted), people, 28)
            for group, stage in {*zip(groups, stages(people, 56), strict=True)}:
                assert possible(contacted=contacted, layer=layer, group=group, stage=stage), (layer, group, stage)
    assert not possible(contacted=True, layer="A", group="loyal", stage="retained")
    assert not possible(contacted=True, layer="A", group="at_risk", stage="acquired")
    assert not possible(contacted=False, layer="B", group="regular", stage="lost")


def test_value_against_risk():
    """Counts and money add up to all customers."""
    told = grid(texts("A", "A", "B"), texts("high", "low", "low"), np.array([90.0, 50, 10]), np.array([45.0, 5, 1]))
    assert told["low"] == {
        "A": {"customers": 1, "value": 50.0, "expected_loss": 5.0},
        "B": {"customers": 1, "value": 10.0, "expected_loss": 1.0},
    }
    assert told["high"]["B"]["customers"] == 0


@pytest.mark.parametrize("words", [LAYERS, FOURFOLD, STAGES, CAUSES, KINDS, RFM_NAMES])
def test_each_word_is_there_in_both_languages(words):
    """No word is missing, and none stands for two things."""
    for language in (0, 1):
        said = [pair[language].strip() for pair in words.values()]
        assert all(said)
        assert len(set(said)) == len(said)


def test_each_word_has_a_meaning():
    """But those that mean that nothing is known."""
    assert {*LAYERS, *FOURFOLD, *STAGES, *KINDS} - set(SEGMENT_MEANINGS) == {"none"}

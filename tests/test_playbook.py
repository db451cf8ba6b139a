"""Which play is whose; gaps, dead plays, and what no playbook may do."""

import numpy as np
import pytest

from churnml.config.playbook import Playbook, starter_playbook
from churnml.errors import ParamsError
from churnml.playbook import chosen, reviewed

TIERS, CALLED = ["high", "medium", "low"], ["high", "medium"]
PERSON = {"action": "Call", "channel": "phone", "by": "sales", "due_days": 2, "script": "Hello"}
CALL = {"name": "call", "when": {"contacted": True}, **PERSON}
CARE = {"name": "care", "when": {"contacted": False}, **PERSON, "by": "automatic", "due_days": 30}


def book(*plays):
    return Playbook.model_validate({"plays": plays})


def rows(*people):
    """(tier, layer, cause, group, stage) of each customer."""
    return {
        key: np.array([each[place] for each in people], dtype=object)
        for place, key in enumerate(("tier", "layer", "cause", "group", "stage"))
    }


def test_the_first_play_that_fits_is_chosen():
    """From the top; all that a play asks about must fit; nobody's play is -1."""
    plays = book(
        {**PERSON, "name": "a", "when": {"tier": "high", "layer": "A", "cause": ["service", "none"]}},
        {**PERSON, "name": "b", "when": {"contacted": True, "stage": "growing"}},
        {**PERSON, "name": "c", "when": {"contacted": False, "group": "loyal"}},
    )
    people = rows(
        ("high", "A", "none", "at_risk", "growing"),
        ("high", "B", "none", "at_risk", "growing"),
        ("medium", "A", "service", "at_risk", "retained"),
        ("low", "A", "none", "loyal", "retained"),
        ("low", "B", "none", "regular", "growing"),
    )
    assert chosen(plays, people, CALLED).tolist() == [0, 1, -1, 2, -1]


def test_the_first_tier_can_be_asked_for_without_its_name():
    """It is the first of those that are called; a starter knows no names."""
    plays = book(
        {**PERSON, "name": "a", "when": {"first": True}},
        {**PERSON, "name": "b", "when": {"contacted": True, "first": False}},
        {**PERSON, "name": "c", "when": {"first": False}},
    )
    people = rows(*((tier, "A", "none", "silent", "growing") for tier in TIERS))
    assert chosen(plays, people, CALLED).tolist() == [0, 1, 2]


def test_the_starter_has_no_gap_and_nothing_dead():
    """Whoever a customer is, there is a play, and every play is somebody's, under any names of tiers."""
    for tiers, called in ((TIERS, CALLED), (["a", "b", "c", "d"], ["a", "b", "c"])):
        assert reviewed(starter_playbook(), tiers, called).lines == []
    assert reviewed(starter_playbook(), ["now", "later"], ["now"]).gaps == ()


def test_gaps_are_told_in_few_words():
    """Only what matters is named, and equal gaps together."""
    service = {**CALL, "name": "service", "when": {"contacted": True, "cause": "service"}}
    competitor_a = {**CALL, "name": "price", "when": {"tier": "high", "cause": "competitor", "layer": "A"}}
    assert reviewed(book(service, competitor_a, CARE), TIERS, CALLED).gaps == (
        "high, medium × value, operations, relationship, none: no play",
        "B × competitor: no play",
        "medium × competitor: no play",
    )
    assert reviewed(book(CALL), TIERS, CALLED).gaps == ("low: no play",)


def test_gaps_name_every_customer_without_a_play_and_nobody_else():
    """Whatever plays are taken out of the starter, what is told adds up."""
    plays = starter_playbook().plays
    for out in range(len(plays) - 4, len(plays)):
        left = Playbook(plays=(*plays[:out], *plays[out + 1 :]))
        told = reviewed(left, TIERS, CALLED).gaps
        words = {word for line in told for word in line.removesuffix(": no play").replace(" × ", ", ").split(", ")}
        assert (plays[out].name == "routine") == bool(told)
        assert words <= {"regular", "value", "competitor", "operations", "relationship", "none"}


def test_dead_plays_are_told():
    """Those whose customers earlier plays take, and those whose customers there can't be."""
    covered = {**CALL, "name": "covered", "when": {"tier": "high", "cause": "service"}}
    nobody = {**CARE, "name": "nobody", "when": {"tier": "low", "group": "at_risk"}}
    not_asked = {**CARE, "name": "not_asked", "when": {"tier": "low", "cause": "service"}}
    assert reviewed(book(CALL, covered, nobody, not_asked, CARE), TIERS, CALLED).dead == (
        "'covered' is never reached: earlier plays take all its customers (call)",
        "'nobody' is never reached: there can be no such customer",
        "'not_asked' is never reached: there can be no such customer",
    )


@pytest.mark.parametrize(
    ("play", "said"),
    [
        (
            {"when": {"tier": "hihg"}},
            "'call' names the tier 'hihg', which calibrate.tiers of params.yaml doesn't; did you mean 'high'? (high, medium, low)",
        ),
        (
            {"by": "automatic"},
            "'call' leaves layer A of the tier 'high' to a machine; put a play by a person before it, or say by: account_manager",
        ),
        (
            {"due_days": 8},
            "'call' is due after 8 days for the tier 'high', which is called within 7; say due_days: 7 or less, or contacted: "
            "false in when",
        ),
    ],
)
def test_what_no_playbook_may_do(play, said):
    """High value hears from a person, and whoever is called within a week."""
    with pytest.raises(ParamsError) as refused:
        reviewed(book({**CALL, **play}, CARE), TIERS, CALLED)
    assert str(refused.value) == f"playbook.yaml: {said}"


def test_only_who_is_given_a_play_counts():
    """A late play by a machine may stand below one that takes all who are called."""
    late = {**CALL, "name": "late", "when": {}, "by": "automatic", "due_days": 60}
    assert reviewed(book(CALL, late), TIERS, CALLED).lines == []

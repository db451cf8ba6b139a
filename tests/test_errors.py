"""One exception tree, drawn in one docstring."""

import inspect

import pytest

from churnml import errors
from churnml.errors import ChurnmlError, ParamsError, did_you_mean

TREE = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, ChurnmlError)]


def test_the_tree_is_drawn_whole() -> None:
    """Every exception stands in the picture at the top of the module, and nothing else does."""
    drawn = {word for word in (errors.__doc__ or "").split() if word.endswith("Error")}
    assert drawn == {kind.__name__ for kind in TREE}


@pytest.mark.parametrize("kind", TREE)
def test_exit_codes(kind: type[ChurnmlError]) -> None:
    """What was asked for wrongly exits with 2, bad data and failed checks with 1."""
    assert kind.exit_code == (2 if kind is ParamsError else 1)


def test_did_you_mean_names_the_nearest_or_nothing() -> None:
    """A near word is offered as a question; a far one isn't guessed."""
    known = ["horizon_days", "active_within_days", "events"]
    assert did_you_mean("active_days", known) == "; did you mean 'active_within_days'?"
    assert did_you_mean("colour", known) == ""
    assert did_you_mean("", []) == ""


def test_did_you_mean_ignores_case_and_blanks_first() -> None:
    """A name that differs in case or in blanks around it alone is what was meant, however near others are."""
    assert did_you_mean("ID", ["paid", "id"]) == "; did you mean 'id'?"
    assert did_you_mean("paid", ["paid_at", " Paid "]) == "; did you mean ' Paid '?"

"""Where the files of a project lie."""

from pathlib import Path

from churnml.contracts.files import PANEL_KEYS, PREDICTIONS, House


def test_all_places_lie_in_the_project(tmp_path: Path) -> None:
    """Each place is below the root, and no place is inside another: stages replace their folders whole."""
    house = House(tmp_path)
    outputs = [house.tables, house.quarantine, house.panel, house.boosters, house.bundle, house.lists, house.reports]
    for place in outputs:
        assert place.is_relative_to(tmp_path)
        assert not any(place != other and place.is_relative_to(other) for other in outputs)


def test_root_may_be_text() -> None:
    """A house built from a string knows the same places."""
    assert House("here").params == Path("here/params.yaml")  # type: ignore[arg-type]


def test_predictions_say_more_than_a_panel_and_never_less() -> None:
    """Predictions start with the keys of the panel; their label is always known."""
    assert PREDICTIONS.names[: len(PANEL_KEYS)] == PANEL_KEYS.names
    assert PANEL_KEYS.field("label").nullable
    assert not PREDICTIONS.field("label").nullable

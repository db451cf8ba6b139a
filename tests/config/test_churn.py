"""What leaving means is said once and whole: each definition refuses what it can't use, in words of its own."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from churnml.config import Churn, Panel, Params, in_one_line

SOURCES: dict[str, dict[str, Any]] = {
    "transactions": {"customer_id": "id", "occurred_at": "when", "amount": "paid"},
    "customers": {"customer_id": "id"},
    "subscriptions": {"customer_id": "id", "started_at": "from", "ended_at": "to"},
    "endless": {"customer_id": "id", "started_at": "from"},
    "cancellations": {"customer_id": "id", "cancelled_at": "on"},
    "activity": {"customer_id": "id", "occurred_at": "when", "event": "what"},
}
COUNTED = {"step_days": 28, "test": 2}
SILENCE = {"horizon_days": 28, "active_within_days": 56}
CANCELLATION = {"definition": "cancellation", "horizon_days": 28}
SAID = {"definition": "label", "horizon_days": 28, "column": "gone", "left": ["yes"], "labelled_on": "2024-03-01"}
CUSTOMERS_ALONE = (
    "panel: with definition label there is one as_of, churn.labelled_on; give the share of customers held back as "
    "test, such as 0.25, and nothing else"
)
SHARE = "panel.test: a share of customers is for definition label; give dates or a number of cutoffs"
WHO = "churn: without subscriptions, say by events and active_within_days who was a customer before cancelling"
QUOTES = "left: put yes, no, true and false in quotes, as the export writes them"
ALIVE = "(transactions, activity, tickets, surveys, subscriptions, contacts)"


def params(churn: dict[str, Any], *fed: str, panel: dict[str, Any] = COUNTED, **more: Any) -> dict[str, Any]:
    """A params.yaml with this churn section, whose sources feed these tables."""
    sources = [
        {"table": {"endless": "subscriptions"}.get(name, name), "path": "f.csv", "columns": SOURCES[name]}
        for name in fed
    ]
    return {
        "project": {"name": "shop"},
        "sources": sources,
        "churn": churn,
        "panel": panel,
        "calibrate": {"tiers": [{"name": "low"}]},
        **more,
    }


def without(given: dict[str, Any], key: str) -> dict[str, Any]:
    """The section without one of its keys."""
    return {name: value for name, value in given.items() if name != key}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"definition": "silence", "horizon_days": 28},
         "definition: input should be 'inactivity', 'cancellation' or 'label'"),
        (without(SILENCE, "active_within_days"),
         "active_within_days: say within how many days a customer counts as active"),
        (SILENCE | {"events": []}, "events: name at least one table whose rows show that a customer is alive"),
        (SILENCE | {"events": ["logins"]}, f"events: no event table 'logins' {ALIVE}"),
        (CANCELLATION | {"events": ["cancellations"]},
         f"events: no row of 'cancellations' shows that a customer is alive; name others {ALIVE}"),
        (without(SAID, "column"), "definition label needs column: the column of customers that says who left"),
        (SAID | {"column": ""}, "definition label needs column: the column of customers that says who left"),
        (without(SAID, "left"), "definition label needs left: what the column says of those who left, as a list"),
        (SAID | {"left": []}, "definition label needs left: what the column says of those who left, as a list"),
        (SAID | {"left": "yes"}, "left: expected a list, as in [a, b]"),
        (SAID | {"left": [True]}, QUOTES),
        (SAID | {"left": ["gone", False]}, QUOTES),
        (without(SAID, "labelled_on"),
         "definition label needs labelled_on: the day on which the column was exported, in quotes"),
        (SAID | {"labelled_on": "1824-03-01"}, "labelled_on: input should be greater than or equal to 1900-01-01"),
        (SAID | {"active_within_days": 56},
         "active_within_days: everybody with a label is in the population; remove it"),
        (without(SAID, "horizon_days"), "horizon_days: is missing"),
        (SILENCE | {"column": "gone"}, "column belongs to definition label; remove it, or change the definition"),
        (SILENCE | {"left": ["yes"]}, "left belongs to definition label; remove it, or change the definition"),
        (CANCELLATION | {"labelled_on": "2024-03-01"},
         "labelled_on belongs to definition label; remove it, or change the definition"),
    ],
)  # fmt: skip
def test_refused_alone(given: dict[str, Any], said: str) -> None:
    """Each definition has keys of its own, needs them all, and takes none of another's."""
    with pytest.raises(ValidationError) as refused:
        Churn.model_validate(given)
    assert in_one_line(refused.value, Churn) == said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (params(SILENCE | {"events": ["activity"]}, "activity"),
         "sources: transactions or subscriptions is needed; add a source that feeds it"),
        (params(SILENCE, "customers"), "churn.events: no source feeds 'transactions'; add one under sources"),
        (params(CANCELLATION, "transactions"),
         "sources: subscriptions or cancellations is needed; add a source that feeds it"),
        (params(SAID, "transactions", panel={"test": 0.25}),
         "sources: customers is needed; add a source that feeds it"),
        (params(CANCELLATION | {"active_within_days": 56}, "transactions", "subscriptions"),
         "churn.active_within_days: where subscriptions are fed, those with a running contract can leave; remove it"),
        (params(CANCELLATION, "transactions", "endless"),
         "churn: nothing says that a contract ended; map ended_at of subscriptions, or feed cancellations"),
        (params(CANCELLATION, "transactions", "cancellations"), WHO),
        (params(CANCELLATION | {"events": ["transactions"]}, "transactions", "cancellations"), WHO),
        (params(CANCELLATION | {"active_within_days": 56}, "transactions", "cancellations"), WHO),
        (params(SAID, "customers", features={"profile": ["town", "gone"]}, panel={"test": 0.25}),
         "features.profile: 'gone' is the label itself; remove it"),
        (params(SAID, "customers"), CUSTOMERS_ALONE),
        (params(SAID, "customers", panel={"train": ["2024-01-01"], "test": ["2024-03-01"]}), CUSTOMERS_ALONE),
        (params(SILENCE, "transactions", panel={"test": 0.25}), SHARE),
        (params(CANCELLATION, "transactions", "subscriptions", panel={"test": 0.25}), SHARE),
    ],
)  # fmt: skip
def test_refused_with_the_others(given: dict[str, Any], said: str) -> None:
    """What a definition needs must be fed, can be said in one way, and isn't learned from."""
    with pytest.raises(ValidationError) as refused:
        Params.model_validate(given)
    assert in_one_line(refused.value, Params) == said


@pytest.mark.parametrize(
    "given",
    [
        params(SILENCE, "transactions"),
        params(SILENCE | {"events": ["transactions", "activity"]}, "transactions", "activity"),
        params(SILENCE | {"events": ["subscriptions"]}, "subscriptions"),
        params(CANCELLATION, "subscriptions"),
        params(
            CANCELLATION, "subscriptions", features={"families": ["subscription"]}
        ),  # no rfm where nothing is bought
        params(CANCELLATION, "endless", "cancellations"),
        params(CANCELLATION | {"events": ["transactions"]}, "transactions", "subscriptions", "cancellations"),
        params(CANCELLATION | SILENCE | {"events": ["transactions"]}, "transactions", "cancellations"),
        params(SAID, "customers", panel={"test": 0.25}),
        params(SAID | {"events": ["transactions"]}, "customers", "transactions", panel={"test": 0.25}),
    ],
)
def test_taken(given: dict[str, Any]) -> None:
    """One example of each way to say it; what travels in a bundle is the same when it is read again."""
    churn = Params.model_validate(given).churn
    assert Churn.model_validate(churn.model_dump(mode="json")) == churn


@pytest.mark.parametrize(
    ("given", "events"),
    [
        (SILENCE, ("transactions",)),
        (CANCELLATION, ()),
        (SAID, ()),
        (CANCELLATION | {"events": ["tickets"]}, ("tickets",)),
    ],
)
def test_only_inactivity_has_events_unless_they_are_named(given: dict[str, Any], events: tuple[str, ...]) -> None:
    """Purchases, where silence is leaving; elsewhere none."""
    assert Churn.model_validate(given).events == events


@pytest.mark.parametrize(
    ("given", "plainly"),
    [
        (SILENCE | {"definition": None}, SILENCE),
        (CANCELLATION | {"events": None}, CANCELLATION),
        (SAID | {"events": None}, SAID),
    ],
)
def test_nothing_behind_a_key_is_as_good_as_none(given: dict[str, Any], plainly: dict[str, Any]) -> None:
    """`definition:` and `events:` with nothing behind them mean what they mean where they are left out."""
    assert Churn.model_validate(given) == Churn.model_validate(plainly)


@pytest.mark.parametrize(
    ("left", "words"), [([1], ("1",)), (["yes", "no"], ("yes", "no")), ([1.0], ("1.0",)), ([2, "01"], ("2", "01"))]
)
def test_what_the_export_says_is_text(left: list[Any], words: tuple[str, ...]) -> None:
    """YAML reads 1 as a number; cells of an export are compared as text."""
    assert Churn.model_validate(SAID | {"left": left}).left == words


@pytest.mark.parametrize("left", [[None], [""], [" "], ["yes", "yes"]])
def test_words_that_say_nothing_are_refused(left: list[Any]) -> None:
    """No cell holds nothing or the word None, and a word is said once, as elsewhere."""
    with pytest.raises(ValidationError):
        Churn.model_validate(SAID | {"left": left})


def test_a_label_is_dated_by_its_day_alone() -> None:
    """Silence and cancellation look at a window behind every as_of; a column of customers was true on one day."""
    said = Churn.model_validate(SAID)
    assert (said.is_dated, said.labelled_on) == (False, date(2024, 3, 1))
    assert Churn.model_validate(SILENCE).is_dated
    assert Churn.model_validate(CANCELLATION).is_dated


def test_the_label_is_named_in_training_and_not_in_scoring() -> None:
    """An export that is to be scored needn't say who left; one to be learned from must."""
    given = Params.model_validate(params(SAID, "customers", panel={"test": 0.25}))
    assert given.named_of_customers()["churn.column"] == ("gone",)
    assert "churn.column" not in Params.model_validate(params(SILENCE, "transactions")).named_of_customers()


@pytest.mark.parametrize("test", [0.0, 1.0, 1.5, -0.25, True])
def test_a_share_lies_between_none_and_all(test: float) -> None:
    """Somebody is learned from and somebody held back."""
    with pytest.raises(ValidationError):
        Panel.model_validate({"test": test})


@pytest.mark.parametrize("more", [{"step_days": 28}, {"train": ["2024-01-01"]}])
def test_a_share_stands_alone(more: dict[str, Any]) -> None:
    """There is one as_of, so nothing is counted back or listed beside a share."""
    with pytest.raises(ValidationError) as refused:
        Panel.model_validate({"test": 0.25} | more)
    assert in_one_line(refused.value, Panel) == (
        "give lists of dates for train and test, or step_days and a number of test cutoffs"
    )

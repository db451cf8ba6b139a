"""What leaving means: the section `churn`."""

from typing import Any, Literal, Self

from pydantic import field_validator, model_validator

from churnml.config.section import Cutoff, Days, Section, once
from churnml.contracts.tables import TABLES
from churnml.errors import did_you_mean

Definition = Literal["inactivity", "cancellation", "label"]


class Churn(Section):
    """What leaving means, and who can.

    * **inactivity**: no event of `events` within the horizon, for customers with one in `active_within_days` before.
    * **cancellation**: a row of cancellations, or the last contract ended and none began, within the horizon; for
      customers with a running contract, or without contracts, for those with an event in `active_within_days` before.
    * **label**: a column of customers says who left. It holds for one day only and nothing about it is as of a past one.

    Attributes:
        definition: inactivity, cancellation or label.
        events: tables whose rows show that a customer is alive, and up to which day the exports reach.
        horizon_days: length of the label window.
        active_within_days: population, where it is defined by events.
        column: the column of customers that says who left.
        left: what it says of those who did.
        labelled_on: the day on which it was exported, which is the as_of of all its rows.
    """

    definition: Definition = "inactivity"
    events: tuple[str, ...] = ("transactions",)
    horizon_days: Days
    active_within_days: Days | None = None
    column: str | None = None
    left: tuple[str, ...] = ()
    labelled_on: Cutoff | None = None

    @model_validator(mode="before")
    @classmethod
    def _events_of_the_definition(cls, given: Any) -> Any:
        """Only inactivity can't be told without events; elsewhere they are none unless named."""
        if not isinstance(given, dict):
            return given
        said = {name: value for name, value in given.items() if value is not None}
        return {"events": (), **said} if said.get("definition", "inactivity") != "inactivity" else said

    @field_validator("events")
    @classmethod
    def _known_events(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        events = [table.name for table in TABLES.values() if table.alive]
        for name in value:
            if name in TABLES and name not in events:
                raise ValueError(
                    f"no row of '{name}' shows that a customer is alive; name others ({', '.join(events)})"
                )
            if name not in events:
                raise ValueError(f"no event table '{name}'{did_you_mean(name, events)} ({', '.join(events)})")
        return once(value)

    @field_validator("left", mode="before")
    @classmethod
    def _words(cls, value: Any) -> Any:
        """YAML reads yes, true and 1 as no text; what the export says is text."""
        if isinstance(value, (list, tuple)):
            if any(isinstance(word, bool) for word in value):
                raise ValueError("put yes, no, true and false in quotes, as the export writes them")
            if any(word is None or not str(word).strip() for word in value):
                raise ValueError("an empty cell says nothing of a customer; remove the empty word")
            return once(tuple(str(word).strip() for word in value))
        return value

    @model_validator(mode="after")
    def _says_what_it_needs(self) -> Self:
        of_label = {"column": self.column, "left": self.left, "labelled_on": self.labelled_on}
        for name, value in of_label.items():
            if self.definition == "label" and not value:
                raise ValueError(f"definition label needs {name}: {_NEEDED[name]}")
            if self.definition != "label" and value:
                raise ValueError(f"{name} belongs to definition label; remove it, or change the definition")
        if self.definition == "inactivity":
            if not self.events:
                raise ValueError("events: name at least one table whose rows show that a customer is alive")
            if self.active_within_days is None:
                raise ValueError("active_within_days: say within how many days a customer counts as active")
        if self.definition == "label" and self.active_within_days is not None:
            raise ValueError("active_within_days: everybody with a label is in the population; remove it")
        return self

    @property
    def is_dated(self) -> bool:
        """Whether a label looks at a window of its own behind each as_of."""
        return self.definition != "label"


_NEEDED = {
    "column": "the column of customers that says who left",
    "left": "what the column says of those who left, as a list",
    "labelled_on": "the day on which the column was exported, in quotes",
}

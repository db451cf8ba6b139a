"""Numbers of rules.yaml, and between which of them something lies."""

from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from churnml.config.section import Days, Section


def _no_switch(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("expected a number, not true or false")
    return value


Number = Annotated[float, BeforeValidator(_no_switch), Field(allow_inf_nan=False)]
Above0 = Annotated[float, BeforeValidator(_no_switch), Field(allow_inf_nan=False, gt=0)]
Count = Annotated[int, BeforeValidator(_no_switch), Field(gt=0, le=10_000)]
Due = Annotated[int, BeforeValidator(_no_switch), Field(ge=1, le=7)]
Wait = Annotated[int, BeforeValidator(_no_switch), Field(ge=0, le=3660)]
Span = Annotated[Days, BeforeValidator(_no_switch)]


class Bounds(Section):
    """Between which numbers something lies."""

    above: Number | None = None
    at_least: Number | None = None
    below: Number | None = None
    at_most: Number | None = None

    @property
    def bounds(self) -> dict[str, float]:
        """Those that are said."""
        said = {name: getattr(self, name) for name in ("above", "at_least", "below", "at_most")}
        return {name: number for name, number in said.items() if number is not None}

    @model_validator(mode="after")
    def _leaves_room(self) -> Self:
        lowest = [number for number in (self.above, self.at_least) if number is not None]
        highest = [number for number in (self.below, self.at_most) if number is not None]
        if len(lowest) > 1 or len(highest) > 1:
            raise ValueError("above or at_least, below or at_most: one of each, not both")
        strict = self.above is not None or self.below is not None
        if lowest and highest and (lowest[0] > highest[0] or (strict and lowest[0] == highest[0])):
            raise ValueError("no number is that high and that low at once; exchange them")
        return self


class Limits(Bounds):
    """At least one bound."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.bounds:
            raise ValueError("say above, at_least, below or at_most")
        return self


class Shares(Limits):
    """Bounds of what lies between 0 and 1."""

    @model_validator(mode="after")
    def _are_shares(self) -> Self:
        for name, number in self.bounds.items():
            if not 0 <= number <= 1:
                hint = f"; {number:g} % is {number / 100:g}" if 1 < number <= 100 else ""
                raise ValueError(f"{name} {number:g}: a risk is a share from 0 to 1{hint}")
        return self

"""From tables to snapshots: the sections `ingest`, `panel` and `features`."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from churnml.config.section import Cutoff, Days, Section, Share, once
from churnml.errors import did_you_mean


class Ingest(Section):
    """How much may be set aside before the run stops."""

    max_quarantine_share: Share = 0.01


class Panel(Section):
    """Which cutoffs train and test: dates, or counted back from the newest complete label window.

    Where a column says who left there is one as_of only, and `test` is the share of customers that is held back.

    Attributes:
        train: training cutoffs; None: all that are left.
        test: test cutoffs, or how many of the newest, or a share of customers.
        step_days: days between counted cutoffs; None when all dates are given.
        min_history_days: history that the oldest counted cutoff must have.
    """

    train: tuple[Cutoff, ...] | None = None
    test: tuple[Cutoff, ...] | Annotated[int, Field(gt=0, strict=True)] | Annotated[float, Field(gt=0, lt=1)]
    step_days: Days | None = None
    min_history_days: Days = 56

    @model_validator(mode="after")
    def _one_way_to_say_it(self) -> Self:
        listed = self.train is not None and isinstance(self.test, tuple)
        counted = self.step_days is not None and self.train is None and isinstance(self.test, int)
        shared = self.train is None and self.step_days is None and isinstance(self.test, float)
        if not (listed or counted or shared) or (listed and self.step_days is not None):
            raise ValueError("give lists of dates for train and test, or step_days and a number of test cutoffs")
        if listed and not (self.train and self.test):
            raise ValueError("train and test need at least one cutoff each")
        listed_days = [*(self.train or ()), *(self.test if isinstance(self.test, tuple) else ())]
        twice = sorted({day for day in listed_days if listed_days.count(day) > 1})
        if twice:
            raise ValueError(f"{twice[0]} is listed twice")
        return self


FAMILIES = (
    *("rfm", "rhythm", "trend", "breadth", "lifecycle"),
    *("activity", "service", "satisfaction", "subscription", "contacts", "profile"),
)


class Features(Section):
    """Which features, and how much memory the engine may take.

    Attributes:
        windows_days: lookback windows.
        history_days: how far back any feature looks; twice the longest window if None.
        families: `auto` (all that the tables allow) or names.
        preset: `full`, all entries of the families, or `small`, the thirty that a person would look at first.
        profile: customer attributes that were the same at every past as_of, and may therefore be learned from; where
            it isn't said whether one is a number or a category, its cells say it. A date is a day on which something
            happened once, and unknown before it; `filled` learns whether the cell is, and not what it says. auto: none, but under definition label all that aren't private.
        leave_out: features, or attributes, that aren't learned from.
        engine: where the SQL runs.
        memory_limit: of the engine, e.g. 4GB; beyond it work spills to disk.
    """

    windows_days: tuple[Days, ...] = (7, 14, 28, 56, 112)
    history_days: Days | None = None
    families: Literal["auto"] | tuple[str, ...] = "auto"
    preset: Literal["full", "small"] = "full"
    profile: Literal["auto"] | dict[str, Literal["auto", "number", "category", "date", "filled"]] = "auto"
    leave_out: tuple[str, ...] = ()
    engine: Literal["duckdb"] = "duckdb"
    memory_limit: str = Field(default="4GB", pattern=r"^\d{1,5}(\.\d+)?\s*[KMGT]i?B$")

    @field_validator("windows_days")
    @classmethod
    def _rising(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        if not value or list(value) != sorted(set(value)):
            raise ValueError("give at least one window, each longer than the one before")
        return value

    @field_validator("families")
    @classmethod
    def _known_families(cls, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
        if isinstance(value, str):
            return value
        for name in value:
            if name not in FAMILIES:
                raise ValueError(f"no family '{name}'{did_you_mean(name, list(FAMILIES))} ({', '.join(FAMILIES)})")
        return once(value)

    @field_validator("profile", mode="before")
    @classmethod
    def _names_alone(cls, value: Any) -> Any:
        """A list of names says nothing about their kinds."""
        if not isinstance(value, list | tuple):
            return value
        if not all(isinstance(name, str) for name in value):
            raise ValueError("give names of columns of customers, or {name: number, category, date or filled}")
        return dict.fromkeys(once(tuple(value)), "auto")

    @field_validator("profile")
    @classmethod
    def _plain_names(cls, value: str | dict[str, str]) -> str | dict[str, str]:
        for name in value if isinstance(value, dict) else ():
            if "{" in name or "}" in name:
                raise ValueError(f"'{name}' can't name a feature: rename the column in the export, without braces")
        return value

    @field_validator("leave_out")
    @classmethod
    def _once(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return once(value)

    @model_validator(mode="after")
    def _reaches_its_windows(self) -> Self:
        if self.reach_days < self.windows_days[-1]:
            raise ValueError(
                f"history_days: {self.reach_days} is shorter than the longest window {self.windows_days[-1]}"
            )
        return self

    @property
    def attributes(self) -> dict[str, str]:
        """Customer attributes that are named: number, category, date, filled, or auto where their cells say it."""
        return {} if self.profile == "auto" else dict(self.profile)

    @property
    def reach_days(self) -> int:
        """How far back any feature looks, and how far back an export must reach to be scored."""
        return self.history_days or 2 * self.windows_days[-1]

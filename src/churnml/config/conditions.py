"""Conditions of rules.yaml, on what is known of a customer. Nothing in them is run."""

from collections.abc import Iterator
from hashlib import blake2b
from math import isfinite
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, ConfigDict, Field, field_validator, model_validator

from churnml.config.numbers import Above0, Bounds, Count, Limits, Shares, Span, Wait
from churnml.config.said import plain_text
from churnml.config.section import Section, once
from churnml.contracts.columns import CURRENT
from churnml.contracts.tables import TABLES
from churnml.errors import did_you_mean

LONGEST_WORD = 120


def _no_braces(value: str) -> str:
    if set("{}") & set(value) or not value.isprintable():
        raise ValueError("braces and signs that nobody can see can't be looked for; remove them")
    return value


def _word_or_number(value: Any) -> float | str:
    """True is 1 and false 0, as entries of yes or no have it."""
    if isinstance(value, int | float):
        try:
            number = float(value)
        except OverflowError:
            number = float("inf")
        if not isfinite(number):
            raise ValueError("expected a number that there is")
        return number
    if isinstance(value, str) and 0 < len(" ".join(value.split())) <= LONGEST_WORD:
        return " ".join(value.split())
    raise ValueError(f"expected a number or a word of at most {LONGEST_WORD} letters")


Name = Annotated[str, BeforeValidator(plain_text), Field(min_length=1, max_length=120)]
WordOrNumber = Annotated[float | str, BeforeValidator(_word_or_number)]
Sought = Annotated[Name, Field(max_length=80)]


class Happening(Section):
    """Rows of a table, by the day on which they became known.

    Attributes:
        table: the canonical table. A row of transactions is a purchase, one of contacts a contact that was made.
        column: of the table, a text; without it every row counts.
        says: words, one of which the cell is; capitals, spaces, hyphens and underscores make no difference.
        at: the time that is looked at, if it isn't that of the row.
    """

    table: str
    column: str | None = None
    says: tuple[Sought, ...] = ()
    at: str | None = None

    @field_validator("says")
    @classmethod
    def _words(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return once(tuple(_no_braces(word) for word in value))

    @model_validator(mode="after")
    def _is_there(self) -> Self:
        contract = TABLES.get(self.table)
        if contract is None:
            raise ValueError(f"no table '{self.table}'{did_you_mean(self.table, list(TABLES))} ({', '.join(TABLES)})")
        if bool(self.column) != bool(self.says):
            raise ValueError("column and says belong together: which column says which words")
        for name, kind in ((self.column, "text"), (self.at, "time")):
            known = [column.name for column in contract.columns if column.kind == kind and column.known != CURRENT]
            if name is not None and name not in known:
                raise ValueError(
                    f"{self.table} has no {kind} with a history called '{name}'{did_you_mean(name, known)} "
                    f"({', '.join(known)})"
                )
        if self.at is None and contract.time is None:
            raise ValueError(f"say by `at` which time of {self.table} is meant, such as signed_up_at")
        return self

    @property
    def day(self) -> str:
        """The column of local days."""
        contract = TABLES[self.table]
        column = contract.column(self.at) if self.at else None
        return column.day if column else contract.day


_PARTS = ("all", "any", "not")
_COMPARED = ("above", "at_least", "below", "at_most", "is", "is_not", "in", "known")
_CHANGES = ("rises_by", "falls_by", "changed_by", "changed")
_TIMES = ("within_days", "after_days")
_ALLOWED: dict[str, tuple[str, ...]] = {
    "feature": (*_COMPARED, "over_days", *_CHANGES),
    "attribute": (*_COMPARED, *_TIMES),
    "event": (*_TIMES, "times", "since_then_no"),
    **dict.fromkeys((*_PARTS, "risk", "value", "expected_loss", "tier", "to_call"), ()),
}
"""What a condition is about -> the keys that may stand beside it."""


class Condition(Bounds):
    """One condition, or several of them.

    What is unknown never fires, nor does its negation: `known: false` asks for it.

    Attributes:
        all_: all of them hold.
        any_: at least one holds.
        not_: it doesn't hold.
        feature: an entry of the catalog; a window may be of any length, such as complaints_90d.
        attribute: an attribute of customers that is named in features.profile.
        event: something that happened.
        risk: of leaving within the horizon, 0 to 1.
        value: of the customer, in currency units.
        expected_loss: risk times value.
        tier: of today's list, by name.
        to_call: whether the customer is in a tier that is called: any but the last.
        is_: is that word or number; true is 1 and false 0.
        is_not: is known and another one.
        in_: is one of them.
        known: whether it is known at all.
        over_days: today against so many days ago; with one of the next four.
        rises_by: by at least so much.
        falls_by: by at least so much.
        changed_by: up or down by at least so much.
        changed: whether it is another one now.
        within_days: in so many days before as_of; of an attribute, a date: so many days ago at most.
        after_days: at least so many days ago.
        times: at least so often.
        since_then_no: and nothing of this since the last of those events, on days after it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)

    all_: tuple["Condition", ...] | None = Field(default=None, alias="all", min_length=1, max_length=50)
    any_: tuple["Condition", ...] | None = Field(default=None, alias="any", min_length=1, max_length=50)
    not_: "Condition | None" = Field(default=None, alias="not")
    feature: Name | None = None
    attribute: Name | None = None
    event: Happening | None = None
    risk: Shares | None = None
    value: Limits | None = None
    expected_loss: Limits | None = None
    tier: tuple[Name, ...] | None = Field(default=None, min_length=1)
    to_call: bool | None = None
    is_: WordOrNumber | None = Field(default=None, alias="is")
    is_not: WordOrNumber | None = None
    in_: tuple[WordOrNumber, ...] | None = Field(default=None, alias="in", min_length=1)
    known: bool | None = None
    over_days: Span | None = None
    rises_by: Above0 | None = None
    falls_by: Above0 | None = None
    changed_by: Above0 | None = None
    changed: bool | None = None
    within_days: Span | None = None
    after_days: Wait | None = None
    times: Count | None = None
    since_then_no: Happening | None = None

    @field_validator("tier", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _is_about_one_thing(self) -> Self:
        said = self.said
        subjects = [name for name in _ALLOWED if name in said]
        if len(subjects) != 1:
            among = f"not {' and '.join(subjects)} at once; put them below all or any" if subjects else "it says none"
            raise ValueError(f"a condition is about one of {', '.join(_ALLOWED)}; {among}")
        subject, rest = subjects[0], [name for name in said if name not in _ALLOWED]
        for name in rest:
            if name not in _ALLOWED[subject]:
                allowed = ", ".join(_ALLOWED[subject]) or "nothing"
                raise ValueError(f"{name} doesn't go with {subject}; beside it may stand {allowed}")
        if subject in ("feature", "attribute"):
            self._compares(subject, rest)
        if subject == "event" and self.within_days is None:
            raise ValueError("say within how many days the event happened: within_days")
        if self.after_days is not None and self.within_days is not None and self.after_days > self.within_days:
            raise ValueError(f"after_days {self.after_days} lies before within_days {self.within_days}; exchange them")
        return self

    def _compares(self, subject: str, rest: list[str]) -> None:
        ways = [name for name in rest if name not in ("above", "at_least", "below", "at_most", "over_days", *_TIMES)]
        bounded = bool(self.bounds)
        dated = self.within_days is not None or self.after_days is not None
        if len(ways) + bounded + dated != 1:
            problem = "say one comparison only" if rest else "say what to compare it with"
            raise ValueError(f"{problem}: {', '.join(_ALLOWED[subject])}")
        if (self.over_days is not None) != (ways[:1] != [] and ways[0] in _CHANGES):
            raise ValueError(f"over_days goes with one of {', '.join(_CHANGES)}, and they with it")

    @property
    def said(self) -> dict[str, Any]:
        """What is said, by the words of the file."""
        fields = type(self).model_fields
        return {
            field.alias or name: getattr(self, name)
            for name, field in fields.items()
            if getattr(self, name) is not None
        }

    @property
    def parts(self) -> tuple["Condition", ...]:
        """Conditions below this one."""
        return (*(self.all_ or ()), *(self.any_ or ()), *((self.not_,) if self.not_ else ()))

    def leaves(self) -> Iterator["Condition"]:
        """All conditions that have none below, in the order of the file."""
        for part in self.parts:
            yield from part.leaves()
        if not self.parts:
            yield self

    @property
    def deep(self) -> int:
        """How many conditions stand below each other."""
        return 1 + max((part.deep for part in self.parts), default=0)

    @property
    def column(self) -> str:
        """The column of what is known that a leaf looks at."""
        if self.attribute is not None:
            return f"profile_{self.attribute}"
        if self.event is not None:
            said = f"{self.event.model_dump_json()} {self.within_days} {self.after_days}"
            return f"event_{blake2b(said.encode(), digest_size=6).hexdigest()}"
        return self.feature or next(iter(self.said))

    @property
    def earlier(self) -> str:
        """The column of the same, `over_days` before."""
        return f"{self.column}@{self.over_days}"

    @property
    def since(self) -> str:
        """The column of days since the last event that must not have happened."""
        then = self.since_then_no.model_dump_json() if self.since_then_no else ""
        return f"last_{blake2b(then.encode(), digest_size=6).hexdigest()}"

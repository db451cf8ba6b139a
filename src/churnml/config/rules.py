"""rules.yaml: what business people want to be told of, as conditions on what is known of a customer."""

import re
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from churnml.config.conditions import Condition, Name
from churnml.config.numbers import Count, Due, Span, Wait
from churnml.config.said import Said
from churnml.config.section import Section, once
from churnml.errors import did_you_mean

Urgency = Literal["urgent", "normal", "watch"]
URGENCIES: tuple[Urgency, ...] = ("urgent", "normal", "watch")
"""The most urgent first."""

EVERY_RULE = "all"
"""What rules.csv calls all rules together; no rule is called so."""

DEEPEST = 8
"""Conditions within conditions: nobody reads more."""


class Escalation(Section):
    """What to do where a rule is still true so long after the first alert."""

    after_days: Span
    then: Said
    urgency: Urgency | None = None


class Rule(Section):
    """One rule.

    Attributes:
        name: by which lists remember it; don't change it.
        title: what people call it.
        when: the condition.
        then: what to do.
        urgency: urgent, normal or watch.
        due_days: by when it is to be done, counted from the day on which the week of the customer's turn begins.
        cooldown_days: the same customer isn't told of again by this rule for so long.
        escalate: what to do later.
        replaces: rules that say nothing where this one is true.
    """

    name: str
    title: Said
    when: Condition
    then: Said
    urgency: Urgency = "normal"
    due_days: Due = 7
    cooldown_days: Wait = 28
    escalate: Escalation | None = None
    replaces: tuple[Name, ...] = ()

    @field_validator("name")
    @classmethod
    def _a_name(cls, value: str) -> str:
        if not re.fullmatch(r"\w{1,60}", value):
            raise ValueError("expected a short name of letters, digits and _, without spaces, such as no_login_30d")
        if value == EVERY_RULE:
            raise ValueError(f"'{EVERY_RULE}' stands for all rules together in rules.csv; call this one otherwise")
        return value

    @field_validator("when")
    @classmethod
    def _can_be_read(cls, value: Condition) -> Condition:
        if value.deep > DEEPEST:
            raise ValueError(f"more than {DEEPEST} conditions stand below each other; write several rules")
        return value


class Rules(Section):
    """The whole of rules.yaml.

    Attributes:
        list_every_days: how often lists are made: the budget of a list is that of so many days.
        weekly_budget_per_owner: how many customers an owner is alerted to a week, the most urgent first; None: no limit.
        rules: all of them.
    """

    list_every_days: Span = 28
    weekly_budget_per_owner: Count | None = None
    rules: tuple[Rule, ...] = Field(default=(), max_length=200)

    @model_validator(mode="after")
    def _know_each_other(self) -> Self:
        names = [rule.name for rule in self.rules]
        once(tuple(names))
        for rule in self.rules:
            for other in rule.replaces:
                if other not in names:
                    raise ValueError(
                        f"rule '{rule.name}' replaces '{other}', which isn't there{did_you_mean(other, names)}"
                    )
            if rule.name in self.replaced_by(rule.name):
                raise ValueError(f"rule '{rule.name}' replaces itself, directly or by way of another one")
        return self

    def replaced_by(self, name: str) -> set[str]:
        """All rules that a rule replaces, directly or not; itself is one of them only where they run in a circle."""
        of = {rule.name: rule.replaces for rule in self.rules}
        found: set[str] = set()
        waiting = list(of.get(name, ()))
        while waiting:
            other = waiting.pop()
            if other not in found:
                found.add(other)
                waiting += of.get(other, ())
        return found

    @property
    def list_budget(self) -> int | None:
        """How many customers an owner is alerted to by one list."""
        weekly = self.weekly_budget_per_owner
        return None if weekly is None else max(1, round(weekly * self.list_every_days / 7))

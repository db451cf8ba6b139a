"""What is said of one customer, between the rooms that find it out and the one that shows it."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True)
class Alert:
    """A rule that is true of the customer, in words.

    Attributes:
        title: of the rule.
        why: what makes it true.
        to_do: what the rule asks for.
        urgency: how urgent.
        state: why nobody is told of it now; empty where somebody is, or where no list says it.
        due: by when.
    """

    title: str
    why: str
    to_do: str
    urgency: str
    state: str = ""
    due: date | None = None


@dataclass(frozen=True)
class Plan:
    """What the playbook says is to be done, in words."""

    to_do: str
    channel: str = ""
    by_whom: str = ""
    due_on: date | None = None
    script: str = ""


@dataclass(frozen=True)
class Place:
    """What was decided among all customers, as a list has it: names, but for the tier in words.

    Attributes:
        folder: of the list.
        tier: where the customer is.
        before: where the customer was on the list before; empty: nowhere.
        rank: who comes first.
        held: left alone, to measure what contacting brings.
        layer: of the value.
        group: of four, or `regular`.
        stage: of life.
        rfm: three digits; empty where nobody buys.
        rfm_name: their name.
        plan: what is to be done; None: nothing.
    """

    folder: Path
    tier: str
    before: str
    rank: int
    held: bool
    layer: str
    group: str
    stage: str
    rfm: str
    rfm_name: str
    plan: Plan | None


@dataclass(frozen=True)
class Risk:
    """What the bundle says of a customer.

    Attributes:
        risk: of leaving within the horizon.
        value: in currency units.
        expected_loss: risk times value.
        reasons: in words, the weightiest first.
        cause: a cause family, or `none`.
        evidence: what the cause is read from, in words; empty where there is none.
        alerts: rules that are true, whatever the tier is.
        undecided: titles of rules that are true or not depending on the tier, where no list says it.
        place: what a list decided; None: there is no list of this moment and bundle.
    """

    risk: float
    value: float
    expected_loss: float
    reasons: tuple[str, ...]
    cause: str
    evidence: str
    alerts: tuple[Alert, ...]
    undecided: tuple[str, ...]
    place: Place | None


@dataclass(frozen=True)
class Past:
    """What was said at a past cutoff, by a model that was fitted before it.

    Attributes:
        as_of: the cutoff.
        risk: that was said.
        tier: where the customer would have been.
        left: whether the customer left within the horizon; None: not known yet.
    """

    as_of: date
    risk: float
    tier: str
    left: bool | None

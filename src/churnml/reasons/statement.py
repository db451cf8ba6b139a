"""What a reason is made of: statements that are true of a customer, and topics that group features by meaning."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from churnml.reasons.facts import Facts, Mask, Values

Holds = Callable[[Facts], Mask]
Filled = Mapping[str, Callable[[Facts], Values]]


@dataclass(frozen=True, eq=False)
class Statement:
    """One way to word a topic.

    Attributes:
        feature: the one that it speaks of and takes its cause from; `{r}` and `{l}` stand for windows.
        holds: of whom it is true, and bad news. What is unknown makes it false.
        filled: place in the words -> the customer's own number or word.
        en: words in English. `{month}`, `{recent}`, `{longest}` and `{currency}` are filled in as well.
        zh: words in Chinese.
        cause: that it speaks for, where the feature is told beside the catalog.
    """

    feature: str
    holds: Holds
    filled: Filled
    en: str
    zh: str
    cause: str = ""

    def true_of(self, facts: Facts) -> Mask:
        """Of whom it holds, with each of its numbers known: an owner may leave out any feature."""
        with np.errstate(invalid="ignore"):
            true = np.asarray(self.holds(facts))
            for value in self.filled.values():
                found = value(facts)
                if isinstance(found, np.ndarray):
                    true = true & np.isfinite(found)
        return true


@dataclass(frozen=True, eq=False)
class Topic:
    """Features that mean the same to a caller, so that they give one reason and not five.

    Attributes:
        name: what the code calls it.
        features: patterns of their whole names.
        statements: the first that holds is the one that is said.
        learned: whether models learn from them; else they are told beside the catalog.
    """

    name: str
    features: tuple[str, ...]
    statements: tuple[Statement, ...]
    learned: bool = True

    def has(self, feature: str) -> bool:
        """Whether a feature belongs to it."""
        return any(re.fullmatch(pattern, feature) for pattern in self.features)


def own(feature: str) -> Callable[[Facts], Values]:
    """A feature as it is."""
    return lambda facts: facts.of(feature)


def percent(feature: str) -> Callable[[Facts], Values]:
    """A share, in percent."""
    return lambda facts: 100 * facts.of(feature)


def before(what: str) -> Callable[[Facts], Values]:
    """How often something happened in a month before the last one."""
    return lambda facts: facts.before(what)


def of(feature: str, *, least: float | None = None, most: float | None = None) -> Holds:
    """Whether a feature lies within bounds; either may be missing."""

    def holds(facts: Facts) -> Mask:
        value = facts.of(feature)
        low = value >= (-float("inf") if least is None else least)
        high = value <= (float("inf") if most is None else most)
        return low & high

    return holds


def fell(what: str, least: float) -> Holds:
    """Whether a count fell by a third at least, from a past of at least so much a month."""
    return lambda facts: facts.fell(what, least)


def both(*conditions: Holds) -> Holds:
    """Whether all hold."""

    def holds(facts: Facts) -> Mask:
        found = conditions[0](facts)
        for condition in conditions[1:]:
            found = found & condition(facts)
        return found

    return holds


def since(name: str, feature: str, en: str, zh: str, within_days: int | None = None) -> Topic:
    """A topic of one event, told by the days since it happened, where that was lately.

    Args:
        name: of the topic.
        feature: days since then.
        en: what happened; `{days}` is filled in.
        zh: the same in Chinese.
        within_days: what is lately; None: the longest window.
    """
    days = {"days": own(feature)}
    return Topic(
        name, (feature,), (Statement(feature, lambda facts: facts.lately(feature, within_days), days, en, zh),)
    )


def topic_of(feature: str, topics: Sequence[Topic]) -> Topic | None:
    """The topic that a feature belongs to; the first of several."""
    return next((topic for topic in topics if topic.has(feature)), None)

"""Why a customer may leave, in the customer's own numbers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from churnml.contracts.files import ATTRIBUTE
from churnml.language import Locale
from churnml.model import Model
from churnml.reasons.causes import causes, evidence
from churnml.reasons.facts import Facts, Mask, Values, said
from churnml.reasons.statement import Statement, Topic, topic_of
from churnml.reasons.topics import TOPICS

FLAG = "yes or no"
"""Unit of what is only there or not."""

_AT_ONCE = 10_000
"""Customers whose contributions are held in memory at once."""


@dataclass(frozen=True)
class Why:
    """Why some customers may leave.

    Attributes:
        reasons: of each customer, what raises the risk and is true, the weightiest first; maybe nothing.
        causes: of each customer, a cause family, or `none`.
        evidence: of each customer, what the cause is read from, in words; None where there is none.
    """

    reasons: list[tuple[str, ...]]
    causes: np.ndarray[Any, np.dtype[np.object_]]
    evidence: list[str | None]


def why(
    model: Model,
    rows: pa.Table,
    catalog: Sequence[Mapping[str, Any]],
    *,
    windows_days: Sequence[int],
    typical: Mapping[str, float],
    most: int,
    locale: Locale,
    currency: str,
) -> Why:
    """Reasons and cause of each row.

    A reason is a topic whose features together raise the risk and of which a statement holds. What isn't known or isn't true
    is never given, nor is what lowers the risk. Attributes of the customer are each a topic of their own. What decides about
    the cause is told apart: the model may count it for the customer.

    Args:
        model: its booster tells what each feature adds.
        rows: snapshots.
        catalog: name and cause of each feature.
        windows_days: lookback windows.
        typical: median of features in training.
        most: how many reasons at most.
        locale: of the words.
        currency: of amounts.
    """
    reasons: list[tuple[str, ...]] = []
    read_from: list[str | None] = []
    said_to_be = []
    of_feature = {str(entry["name"]): str(entry["cause"]) for entry in catalog}
    flags = {str(entry["name"]) for entry in catalog if entry.get("unit") == FLAG}
    for first in range(0, rows.num_rows, _AT_ONCE):
        part = rows.slice(first, _AT_ONCE)
        weighed = _Weighed.of(model, part, windows_days, typical, flags)
        decides = evidence(weighed.topics, weighed.chosen, weighed.facts)
        reasons += map(tuple, weighed.words(weighed.raising(most), locale, currency))
        deciding = [[int(place)] if place >= 0 else [] for place in decides]
        read_from += [told[0] if told else None for told in weighed.words(deciding, locale, currency)]
        said_to_be.append(causes(weighed.topics, decides, weighed.chosen, weighed.facts, of_feature))
    return Why(reasons, np.concatenate(said_to_be) if said_to_be else np.empty(0, dtype=object), read_from)


@dataclass(frozen=True)
class _Weighed:
    """Topics of some customers.

    Attributes:
        facts: their numbers.
        topics: those that the model has features of, and those of which the rows tell beside.
        weight: customers × topics, what the topic adds to the raw score.
        chosen: customers × topics, which of the topic's statements is the first that holds; -1: none.
    """

    facts: Facts
    topics: Sequence[Topic]
    weight: np.ndarray
    chosen: np.ndarray

    @classmethod
    def of(
        cls,
        model: Model,
        rows: pa.Table,
        windows_days: Sequence[int],
        typical: Mapping[str, float],
        flags: Collection[str],
    ) -> "_Weighed":
        facts = Facts(rows, windows_days, typical)
        members = _members(model.columns.features, flags)
        added = model.contributions(rows)
        weight = [added[:, places].sum(axis=1) for places in members.values()]
        told = [topic for topic in TOPICS if not topic.learned and any(map(topic.has, rows.schema.names))]
        beside = [topic for topic in told if topic not in members]
        topics = (*members, *beside)
        weight += [np.zeros(len(facts))] * len(beside)
        chosen = np.column_stack([_first(topic, facts) for topic in topics])
        return cls(facts, topics, np.column_stack(weight), chosen)

    def words(self, places: Sequence[Sequence[int]], locale: Locale, currency: str) -> list[list[str]]:
        """What the topics at these places say, by customer."""
        month, recent, longest = self.facts.month(locale), str(self.facts.recent), str(self.facts.longest)
        general = {"month": month, "recent": recent, "longest": longest, "currency": currency}
        filled: dict[Statement, dict[str, Values]] = {}
        found = []
        for row, ours in enumerate(places):
            words = []
            for place in ours:
                statement = self.topics[place].statements[self.chosen[row, place]]
                if statement not in filled:
                    filled[statement] = {name: value(self.facts) for name, value in statement.filled.items()}
                numbers = {name: said(values[row]) for name, values in filled[statement].items()}
                told = statement.zh if locale == "zh-CN" else _singular(statement.en, numbers)
                words.append(told.format(**general, **numbers))
            found.append(words)
        return found

    def raising(self, most: int) -> list[list[int]]:
        """Places of the weightiest topics that raise the risk and have something to say, by customer."""
        counts = np.where(self.chosen >= 0, np.clip(self.weight, 0, None), 0.0)
        order = np.argsort(-counts, axis=1, kind="stable")[:, :most]
        return [[int(place) for place in places if counts[row, place] > 0] for row, places in enumerate(order)]


def _singular(words: str, numbers: Mapping[str, str]) -> str:
    """English words in which nothing lasts `1 days`."""
    for name in (name for name, number in numbers.items() if number == "1"):
        words = words.replace(f"{{{name}}} days", f"{{{name}}} day")
    return words


def topic_name(feature: str) -> str:
    """What a feature is counted under; one without a topic stands for itself."""
    topic = None if feature.startswith(ATTRIBUTE) else topic_of(feature, TOPICS)
    return feature if topic is None else topic.name


def _members(features: Sequence[str], flags: Collection[str]) -> dict[Topic, list[int]]:
    """Topics, and at which places the model has features of them."""
    found: dict[Topic, list[int]] = {}
    for place, name in enumerate(features):
        topic = attribute_topic(name, flag=name in flags) if name.startswith(ATTRIBUTE) else topic_of(name, TOPICS)
        if topic is not None:
            found.setdefault(topic, []).append(place)
    return found


def attribute_topic(name: str, *, flag: bool) -> Topic:
    """A topic of its own, told as it is; of a cell that is only known to be filled or not, that it is empty."""

    def known(facts: Facts) -> Mask:
        return np.array([cell is not None for cell in facts.cells(name)], dtype=bool)

    def empty(facts: Facts) -> Mask:
        return np.array([cell == 0 for cell in facts.cells(name)], dtype=bool)

    told = name.removeprefix(ATTRIBUTE).replace("{", "{{").replace("}", "}}")
    if flag:
        return Topic(name, (name,), (Statement(name, empty, {}, f"no {told} on record", f"没有登记 {told}"),))
    statement = Statement(
        name, known, {"value": lambda facts: facts.cells(name)}, f"{told}: {{value}}", f"{told}：{{value}}"
    )
    return Topic(name, (name,), (statement,))


def _first(topic: Topic, facts: Facts) -> np.ndarray:
    """Which statement of a topic is the first that holds, by customer."""
    chosen = np.full(len(facts), -1)
    for place, statement in reversed(list(enumerate(topic.statements))):
        chosen[statement.true_of(facts)] = place
    return chosen

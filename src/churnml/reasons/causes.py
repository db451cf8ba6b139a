"""Which cause family the evidence speaks for.

A model tells how much risk a feature adds, not why the customer goes: whoever leaves falls silent, whatever the cause. So the
cause is read from evidence that is specific, from the most telling kind to the least: what customers say themselves, what
they do about it, what we did to them, what they use of it, and whether anybody cared. The first kind that is there decides.
Which cause each feature speaks for is in the catalog. Without such evidence there is no clear cause, and that is said.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from churnml.reasons.facts import Facts, Mask
from churnml.reasons.statement import Topic

NONE = "none"

TELLING = (
    "voice_contact", "voice_bills", "voice_price", "asked_to_cancel", "late_payment", "replies", "voice_waiting", "key_contact", "price",
    "smaller_plan", "depth", "voice_use", "features", "owner", "tickets", "mail_off",
)  # fmt: skip
"""Topics that suffice as evidence, the most telling first."""

BILL_DAYS, NEGLECT_DAYS = 3, 90
"""How long after the last sign of life a late payment is still counted as before; a quarter without a word is neglect."""


def _late_while_there(facts: Facts) -> Mask:
    """A bill that stays open once a customer has fallen silent is no cause but the end of the story."""
    return np.asarray(facts.of("payment_late_days") >= facts.silence - BILL_DAYS)


def _neglected_while_there(facts: Facts) -> Mask:
    """Somebody looked after the customer, and had stopped long before the customer fell silent."""
    looked_after = ~np.isnan(facts.of("owner_silence_ratio"))
    return np.asarray(looked_after & (facts.unattended >= NEGLECT_DAYS))


_WHILE_THERE = {"late_payment": _late_while_there, "owner": _neglected_while_there}


def evidence(topics: Sequence[Topic], weight: np.ndarray, chosen: np.ndarray, facts: Facts) -> np.ndarray:
    """Which topic decides about each customer's cause, as its place among the topics; -1: none does.

    A topic whose features together lower the risk is no evidence.

    Args:
        topics: those that the model has features of.
        weight: customers × topics, what the topic adds to the raw score.
        chosen: customers × topics, which statement holds; -1: none.
        facts: the customers' numbers.
    """
    place = {topic.name: number for number, topic in enumerate(topics)}
    decides = np.full(len(facts), -1)
    for name in reversed([name for name in TELLING if name in place]):
        here = place[name]
        there = (chosen[:, here] >= 0) & (weight[:, here] >= 0)
        if name in _WHILE_THERE:
            there &= _WHILE_THERE[name](facts)
        decides[there] = here
    return decides


def causes(
    topics: Sequence[Topic], decides: np.ndarray, chosen: np.ndarray, facts: Facts, of_feature: Mapping[str, str]
) -> np.ndarray:
    """Cause family of each customer, `none` where nothing is clear.

    Args:
        topics: those that the model has features of.
        decides: what `evidence` found.
        chosen: customers × topics, which statement holds.
        facts: they know how a feature's name reads.
        of_feature: cause of each feature of the catalog.
    """
    found = np.full(len(decides), NONE, dtype=object)
    for row in np.flatnonzero(decides >= 0):
        statement = topics[decides[row]].statements[chosen[row, decides[row]]]
        found[row] = of_feature.get(facts.named(statement.feature), NONE)
    return found

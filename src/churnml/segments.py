"""Segments: what kind of customer somebody is, by plain rules. For lists, playbooks and reports; nothing learns from them.

Layers and names by RFM compare customers with each other, so they depend on who else is in the export.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

A_SHARE = 0.8
"""Of all value, held by layer A: the 80/20 rule."""

NEW_DAYS = 90
RETAINED_DAYS = 365

OVERDUE = 2.0
"""Usual gaps without a sign of life after which a customer is silent."""

FADING = -1 / 3
"""(now - before) / (now + before) from which a customer does less and less: half of what it was."""

_CHANGES = ("activity_change_{}d_baseline", "purchase_days_change_{}d_before")
_BROKE_OFF = ("service", "operations", "relationship")
_RFM = (
    "hibernating",
    "slipping_spenders",
    "fading",
    "cannot_lose",
    "promising",
    "rising_spenders",
    "loyal_small",
    "champions",
)

Texts = np.ndarray[Any, np.dtype[np.object_]]


@dataclass(frozen=True)
class Life:
    """How long, by row; NaN where it isn't known.

    Attributes:
        tenure_days: since sign-up or the first sign of life.
        silent_days: since the last sign of life.
        usual_gap_days: usually between two purchases.
    """

    tenure_days: np.ndarray
    silent_days: np.ndarray
    usual_gap_days: np.ndarray

    @property
    def new(self) -> np.ndarray:
        """A customer for less than `NEW_DAYS`."""
        return np.asarray(self.tenure_days < NEW_DAYS)

    def silent(self, days: int) -> np.ndarray:
        """No sign of life for more than so many days, and for more than twice the usual gap, where one is known."""
        return np.asarray(self.silent_days > np.fmax(days, OVERDUE * self.usual_gap_days))


def layers(value: np.ndarray) -> Texts:
    """A for the fewest customers who together hold `A_SHARE` of all value, B for the others.

    Who is worth as much as the last of A is in A, too, so that the order of rows doesn't matter; who is worth nothing
    never is.

    >>> layers(np.array([1.0, 60.0, 20.0, 0.0, 19.0, 20.0])).tolist()
    ['B', 'A', 'A', 'B', 'B', 'A']
    """
    worth = np.clip(np.nan_to_num(value), 0, None)
    ordered = np.sort(worth)[::-1]
    if not worth.any():
        return np.full(len(worth), "B", dtype=object)
    held = np.cumsum(ordered)
    last = ordered[np.searchsorted(held, A_SHARE * held[-1] * (1 - 1e-12))]
    return np.where(worth >= last, "A", "B").astype(object)


def fourfold(layer: Texts, contacted: np.ndarray, life: Life, horizon_days: int) -> Texts:
    """The group of each customer; the first that fits.

    * new: a customer for less than `NEW_DAYS`.
    * silent: see `Life.silent`, for the horizon.
    * at_risk: in a tier that is called.
    * loyal: in layer A, and in no such tier.
    * regular: everybody else.

    Args:
        layer: by `layers`.
        contacted: whether the tier is one that is called.
        life: how long.
        horizon_days: of the label.
    """
    rules = [life.new, life.silent(horizon_days), contacted, layer == "A"]
    return np.select(rules, [*map(_text, ("new", "silent", "at_risk", "loyal"))], "regular").astype(object)


def stages(life: Life, lost_days: int) -> Texts:
    """Where in its life each customer is; the first that fits.

    * acquired: a customer for less than `NEW_DAYS`.
    * lost: silent (see `Life.silent`) for more than `lost_days`. Where events say who can leave, nobody is: who has
      been silent for so long gets no risk.
    * growing: a customer for less than `RETAINED_DAYS`.
    * retained: a customer for longer.
    * unknown: nobody knows since when.

    Args:
        life: how long.
        lost_days: days without a sign of life after which nobody counts as active.
    """
    tenure = life.tenure_days
    rules = [life.new, life.silent(lost_days), tenure < RETAINED_DAYS, tenure >= RETAINED_DAYS]
    return np.select(rules, [*map(_text, ("acquired", "lost", "growing", "retained"))], "unknown").astype(object)


def rfm_names(rfm: Texts) -> Texts:
    """The name of three digits: whether each is above the middle one, 3; None without digits.

    >>> rfm_names(np.array(["555", "333", "515", "144", None], dtype=object)).tolist()
    ['champions', 'hibernating', 'rising_spenders', 'cannot_lose', None]
    """
    known = {
        digits: _RFM[sum((int(digit) > 3) << place for place, digit in zip((2, 1, 0), digits, strict=True))]
        for digits in {each for each in rfm if isinstance(each, str)}
    }
    return np.array([known.get(each) for each in rfm], dtype=object)


def kinds(cause: Texts, change: np.ndarray) -> Texts:
    """How a customer who leaves would leave; the first that fits.

    * active: the cause is the competitor, or price.
    * passive: the cause is on our side: service, operations, relationship.
    * hidden: no such cause, and `change` is `FADING` or below: not gone, less and less.
    * passive: the cause is value: the product no longer serves.
    * none: nothing says it.

    Args:
        cause: one of the causes, or `none`.
        change: what the customer did lately against the time before, from -1, stopped, to 1, began; NaN: not known.
    """
    rules = [cause == "competitor", np.isin(cause, _BROKE_OFF), change <= FADING, cause == "value"]
    return np.select(rules, [*map(_text, ("active", "passive", "hidden", "passive"))], "none").astype(object)


def change_features(names: Collection[str], windows_days: Sequence[int], horizon_days: int) -> list[str]:
    """Features that tell whether a customer does less: of each measure, that of the window nearest to the horizon.

    >>> change_features(["activity_change_28d_baseline", "purchase_days_change_7d_before"], [7, 28], 28)
    ['activity_change_28d_baseline', 'purchase_days_change_7d_before']
    """
    nearest = sorted(windows_days, key=lambda days: (abs(days - horizon_days), days))
    found = (next((name for name in map(measure.format, nearest) if name in names), None) for measure in _CHANGES)
    return [name for name in found if name]


def possible(*, contacted: bool, layer: str, group: str, stage: str) -> bool:
    """Whether a customer can be all of that, by the rules above."""
    if (group == "new") != (stage == "acquired") or (stage == "lost" and group != "silent"):
        return False
    return {
        "at_risk": contacted,
        "loyal": not contacted and layer == "A",
        "regular": not contacted and layer == "B",
    }.get(group, True)


def grid(layer: Texts, tier: Texts, value: np.ndarray, loss: np.ndarray) -> dict[str, dict[str, dict[str, float]]]:
    """Value against risk: by tier and layer, how many customers, what they are worth, and what may be lost.

    >>> grid(*(np.array(a, dtype=object) for a in (["A", "B"], ["high", "high"])), np.array([9.0, 1]), np.array([3, .5]))
    {'high': {'A': {'customers': 1, 'value': 9.0, 'expected_loss': 3.0}, 'B': {'customers': 1, 'value': 1.0, 'expected_loss': 0.5}}}
    """
    told: dict[str, dict[str, dict[str, float]]] = {}
    for name in dict.fromkeys(tier):
        for one in ("A", "B"):
            here = (tier == name) & (layer == one)
            sums = {"value": round(float(value[here].sum()), 2), "expected_loss": round(float(loss[here].sum()), 2)}
            told.setdefault(name, {})[one] = {"customers": int(here.sum()), **sums}
    return told


def layer_shares(layer: Texts, value: np.ndarray) -> Mapping[str, float]:
    """How many of all customers are in layer A, and how much of all value they hold; 0 where there is none.

    >>> layer_shares(np.array(["A", "B", "B", "B"], dtype=object), np.array([8.0, 1, 1, 0]))
    {'customers': 0.25, 'value': 0.8}
    """
    inside, value = layer == "A", np.clip(value, 0, None)
    total = float(value.sum())
    return {
        "customers": float(inside.mean()) if len(layer) else 0.0,
        "value": float(value[inside].sum()) / total if total else 0.0,
    }


def _text(word: str) -> Texts:
    return np.array(word, dtype=object)

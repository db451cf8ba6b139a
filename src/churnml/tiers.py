"""Tiers: a decision about risk, value and the team's capacity, made the same way for the past and for today."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any

import numpy as np
from scipy.special import expit, logit

from churnml.config import Holdout, Profit, Tier
from churnml.profit import profit_of_contact

_MEMORY = 0.25
"""Weight of the lists before in the risk by which places are given; measured in `benchmarks/quality/tiers.py`."""

_TINY = 1e-9


@dataclass(frozen=True)
class Placed:
    """Where customers went, by row.

    Attributes:
        tier: index into the tiers.
        rank: from 1, the first to call; whoever is in a higher tier comes first.
        held: left alone, though in a tier that is contacted.
        steady: the risk by which places were given: averaged with that of the lists before.
    """

    tier: np.ndarray
    rank: np.ndarray
    held: np.ndarray
    steady: np.ndarray


@dataclass(frozen=True)
class Before:
    """What the list before said of the same customers, by row.

    Attributes:
        tier: as an index; `len(tiers)` or more for those who weren't on it.
        steady: see `Placed`; NaN for those who weren't on it.
    """

    tier: np.ndarray
    steady: np.ndarray

    @classmethod
    def of(cls, customers: np.ndarray, earlier: Mapping[str, tuple[int, float]], tiers: int) -> "Before":
        """By customer's id: tier and steady risk then."""
        found = [earlier.get(each, (tiers, np.nan)) for each in customers]
        return cls(np.array([tier for tier, _ in found], dtype=int), np.array([risk for _, risk in found], dtype=float))


@dataclass(frozen=True)
class Decision:
    """How customers get into tiers. It travels in the bundle.

    Attributes:
        tiers: filled from the top, the last without a condition.
        order: who comes first: `expected_loss` (risk times value, then risk) or `risk` (then value).
        hysteresis: the risk of who was in a tier, or above it, counts (1 + this) times for a place in it; above 0, risks
            are averaged with those of the lists before, too.
        profit: what contacting costs and saves, for tiers with `max_profit`.
        holdout: who is left alone.
    """

    tiers: tuple[Tier, ...]
    order: str = "expected_loss"
    hysteresis: float = 0.0
    profit: Profit = field(default_factory=Profit)
    holdout: Holdout = field(default_factory=lambda: Holdout(share=0.0))

    @property
    def names(self) -> list[str]:
        """Of the tiers, from the top."""
        return [tier.name for tier in self.tiers]

    @property
    def contacted(self) -> list[str]:
        """Tiers whose customers are called: all but the last, which takes the rest."""
        return self.names[:-1] or self.names

    @property
    def afresh(self) -> "Decision":
        """The same, as if there were no list before and nobody were left alone."""
        return replace(self, hysteresis=0.0, holdout=Holdout(share=0.0))

    def as_json(self) -> dict[str, Any]:
        """For the bundle."""
        return {
            "tiers": [tier.model_dump() for tier in self.tiers],
            "order": self.order,
            "hysteresis": self.hysteresis,
            "profit": self.profit.model_dump(),
            "holdout": self.holdout.model_dump(),
        }

    @classmethod
    def of_json(cls, said: Mapping[str, Any]) -> "Decision":
        """Read what `as_json` wrote.

        Raises:
            KeyError, ValidationError: it isn't that.
        """
        return cls(
            tuple(Tier.model_validate(tier) for tier in said["tiers"]),
            said["order"],
            said["hysteresis"],
            Profit.model_validate(said["profit"]),
            Holdout.model_validate(said["holdout"]),
        )

    def place(self, customers: np.ndarray, risk: np.ndarray, value: np.ndarray, before: Before | None = None) -> Placed:
        """Fill the tiers from the top.

        Each takes, in order, those who meet its conditions, as many as its capacity or its share of all allow. The last
        takes the rest. It depends on no order of rows.

        Args:
            customers: ids, once each; they break ties.
            risk: probability of leaving.
            value: money at stake, in currency units.
            before: the list before; None: there was none.
        """
        ids, held, steady = _places(customers), self.held(customers), self._steady(risk, before)
        tier = np.full(len(customers), len(self.tiers) - 1)
        waiting = np.ones(len(customers), dtype=bool)
        for index, spec in enumerate(self.tiers[:-1]):
            counted = (
                steady if before is None else np.where(before.tier <= index, steady * (1 + self.hysteresis), steady)
            )
            ranking = _ranking(ids, counted, value, self.order)
            fits = ranking[(waiting & self._meets(spec, steady, value))[ranking]]
            taken = fits[: _room(spec, held[fits], len(customers))]
            tier[taken] = index
            waiting[taken] = False
        first_to_last = _ranking(ids, risk, value, self.order)
        first_to_last = first_to_last[np.argsort(tier[first_to_last], kind="stable")]
        rank = np.empty(len(customers), dtype=np.int64)
        rank[first_to_last] = np.arange(1, len(customers) + 1)
        return Placed(tier, rank, held & (tier < len(self.contacted)), steady)

    def _steady(self, risk: np.ndarray, before: Before | None) -> np.ndarray:
        """Log odds averaged with those of the lists before: half of what changes from month to month is chance."""
        if before is None or not self.hysteresis:
            return risk
        known = ~np.isnan(before.steady)
        now, then = (logit(np.clip(one[known], _TINY, 1 - _TINY)) for one in (risk, before.steady))
        out = risk.copy()
        out[known] = expit((1 - _MEMORY) * now + _MEMORY * then)
        return out

    def held(self, customers: np.ndarray) -> np.ndarray:
        """Who is left alone where contacted: by a hash of id and salt, whoever else is there and whatever the seeds."""
        border = int(self.holdout.share * 2**64)
        if not border:
            return np.zeros(len(customers), dtype=bool)
        salt = self.holdout.salt.encode()[:64]
        drawn = b"".join([blake2b(name.encode(), digest_size=8, key=salt).digest() for name in customers.tolist()])
        return np.frombuffer(drawn, dtype=">u8") < np.uint64(border)

    def _meets(self, spec: Tier, risk: np.ndarray, value: np.ndarray) -> np.ndarray:
        meets = np.ones(len(risk), dtype=bool) if spec.min_risk is None else risk >= spec.min_risk
        if spec.max_profit:
            meets &= profit_of_contact(risk, value, self.profit) > 0
        return meets


def ranked(customers: np.ndarray, risk: np.ndarray, value: np.ndarray, order: str) -> np.ndarray:
    """Row numbers from the first to call to the last; ids break ties."""
    return _ranking(_places(customers), risk, value, order)


def _ranking(ids: np.ndarray, risk: np.ndarray, value: np.ndarray, order: str) -> np.ndarray:
    loss = risk * value
    first, then = (loss, risk) if order == "expected_loss" else (risk, value)
    return np.lexsort((ids, -then, -first))


def _places(customers: np.ndarray) -> np.ndarray:
    """The place of each id among all: numbers are compared faster than text."""
    if bool(np.all(customers[:-1] <= customers[1:])):
        return np.arange(len(customers))
    return np.unique(customers, return_inverse=True)[1]


def _room(spec: Tier, held: np.ndarray, everybody: int) -> int:
    """How many of those in line a tier takes; a team's capacity isn't spent on those who are left alone."""
    if spec.share is not None:
        return round(spec.share * everybody)
    if spec.capacity is None:
        return len(held)
    return int(np.searchsorted(np.cumsum(~held), spec.capacity)) + 1

"""A customer's own numbers, as reasons are worded from them."""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
import pyarrow as pa

from churnml.contracts.files import ATTRIBUTE
from churnml.language import Locale

Numbers = np.ndarray[tuple[int], np.dtype[np.float64]]
Values = Sequence[float | str | None] | Numbers
Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]

OWNER = f"{ATTRIBUTE}owner"
"""Whether somebody looks after the customer, where a project declares that column of customers."""

MONTH = (28, 31)
"""Days of a window that people call a month."""


class Facts:
    """Features of some customers, by name; what the model doesn't have is unknown for everybody.

    Attributes:
        recent: days of the window that comes nearest to a month.
        longest: days of the longest window.
    """

    def __init__(self, rows: pa.Table, windows_days: Sequence[int], typical: Mapping[str, float] | None = None) -> None:
        """Read them.

        Args:
            rows: snapshots.
            windows_days: lookback windows that the features were made with.
            typical: the median of each feature in training, where it is known.
        """
        self._rows, self._typical = rows, typical or {}
        self.recent = min(windows_days, key=lambda days: (abs(days - MONTH[0]), days))
        self.longest = windows_days[-1]

    def __len__(self) -> int:
        """How many customers."""
        return int(self._rows.num_rows)

    def named(self, name: str) -> str:
        """A feature's name with its window: `{r}` stands for the recent one, `{l}` for the longest, `{d}` for twice the recent.

        >>> Facts(pa.table({"x": [1.0]}), [7, 28, 112]).named("spend_{r}d")
        'spend_28d'
        """
        return name.format(r=self.recent, l=self.longest, d=2 * self.recent)

    def of(self, name: str) -> Numbers:
        """Values of a feature; NaN where it is unknown."""
        name = self.named(name)
        if name not in self._rows.schema.names:
            return np.full(len(self), np.nan)
        return np.asarray(self._rows[name].cast(pa.float64()).to_numpy(), dtype=np.float64)

    def cells(self, name: str) -> list[float | str | None]:
        """Values of a feature that may be a category; None where it is unknown."""
        return list(self._rows[name].to_pylist())

    def typical(self, name: str) -> float:
        """Its median in training; NaN where that isn't known."""
        return self._typical.get(self.named(name), np.nan)

    @cached_property
    def silence(self) -> Numbers:
        """Days since the customer last bought or did anything; 0 where nothing tells.

        Purchases of who has a contract, or had one until then, may be its bills, which go on until it ends: there, what
        the customer did counts alone, where it is known.
        """
        bought, did = self.of("recency_days"), self.of("activity_recency_days")
        did = np.where(np.isnan(did), self.of("feature_last_used_days"), did)
        billed = (self.of("contracts_running") > 0) | (self.of("contract_ended_days") <= bought)
        seen = np.vstack([np.where(billed & ~np.isnan(did), np.nan, bought), did])
        days = np.nan_to_num(seen, nan=np.inf).min(axis=0)
        return np.asarray(np.where(np.isinf(days), 0.0, days))

    @cached_property
    def unattended(self) -> Numbers:
        """For how many days we hadn't been in touch personally when the customer fell silent; NaN where that isn't known.

        Where we have been in touch since, it is counted from the contact before. Infinite where an owner is on record and no such contact
        in sight, though the customer was there for as long as the longest window.
        """
        last, gap = self.of("owner_contact_recency_days"), self.of("owner_gap_last_days")
        farther = [self.of(name) for name in self._rows.schema.names if re.fullmatch(r"owner_contact_\d+_days", name)]
        days = np.vstack([last, last + gap, *farther])
        before = np.where(days >= self.silence, days, np.inf).min(axis=0) - self.silence
        never = np.isnan(days).all(axis=0) & (self.owned == 1) & (self.tenure - self.silence >= self.longest)
        never &= "owner_contact_recency_days" in self._rows.schema.names  # else such contacts aren't told from others
        return np.asarray(np.where(never | np.isfinite(before), before, np.nan))

    @cached_property
    def owned(self) -> Numbers:
        """1 where an owner is on record, 0 where none is; NaN where that isn't known, for only few projects declare it."""
        names = self._rows.schema.names
        declared = OWNER in names and pa.types.is_floating(self._rows.schema.field(OWNER).type)
        return self.of(OWNER) if declared else np.full(len(self), np.nan)

    @property
    def depth_lately(self) -> Numbers:
        """Quantity per use of a feature in the last uses, as a share of that in those before; NaN where that isn't known."""
        before = self.of("earlier_uses_quantity")
        return np.asarray(self.of("last_uses_quantity") / np.where(before > 0, before, np.nan))

    def newest(self, *names: str) -> Numbers:
        """Days since the last of several things happened; infinite where none did."""
        return np.asarray(np.nan_to_num(np.vstack([self.of(name) for name in names]), nan=np.inf).min(axis=0))

    def lately(self, name: str, within_days: int | None = None) -> Mask:
        """Whether something happened within some days before the customer fell silent, or since.

        Args:
            name: days since it happened.
            within_days: None: the longest window.
        """
        return np.asarray(self.of(name) <= (within_days or self.longest) + self.silence)

    @cached_property
    def tenure(self) -> Numbers:
        """Days for which the customer is known to have been there, as far as features can see; 0 where nothing tells."""
        with np.errstate(divide="ignore", invalid="ignore"):
            since_first = np.round(self.of("recency_days") / self.of("silence_share_of_tenure"))  # whole days again
        used = np.where(np.isnan(self.of("activity_change_{r}d_baseline")), 0.0, 2.0 * self.recent)
        known = np.vstack([since_first, self.of("signed_up_days"), self.of("contract_age_days"), used])
        return np.asarray(np.nan_to_num(known, nan=0.0, posinf=0.0).max(axis=0))

    def before(self, what: str) -> Numbers:
        """How often something happened in a recent window's time before that window, by the customer's own past.

        The past reaches back to the longest window for who has been there so long, to twice the recent one for who has
        been there that long, and is unknown for others.

        Args:
            what: a count, such as `purchase_days`.
        """
        now, double, longest = (self.of(f"{what}_{{{window}}}d") for window in "rdl")
        rate = (
            (longest - now) * self.recent / (self.longest - self.recent) if self.longest > self.recent else now * np.nan
        )
        rate = np.where(self.tenure >= self.longest, rate, double - now)
        return np.where(self.tenure >= 2 * self.recent, rate, np.nan)

    def fell(self, what: str, least: float) -> Mask:
        """Whether a count fell by a third at least, from a past that is worth mentioning."""
        before, now = self.before(what), self.of(f"{what}_{{r}}d")
        return np.asarray((before >= least) & (now <= before * 2 / 3))

    def month(self, locale: Locale) -> str:
        """How the recent window is called after a rate."""
        if MONTH[0] <= self.recent <= MONTH[1]:
            return "/月" if locale == "zh-CN" else "a month"
        return f"/{self.recent}天" if locale == "zh-CN" else f"in {self.recent} days"


def said(value: float | str | None) -> str:
    """A number as people say it: whole ones as they are, small ones with one decimal, others rounded; words as they are.

    >>> said(3.0), said(2.25), said(2.98), said(12.4), said(1234.5), said("monthly")
    ('3', '2.2', '3', '12', '1,234', 'monthly')
    """
    if value is None or isinstance(value, str):
        return value or ""
    value = round(value, 1) if abs(value) < 10 else round(value)
    return f"{value:,.0f}" if value == round(value) else f"{value:.1f}"

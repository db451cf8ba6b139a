"""Snapshots that a model hadn't seen, with what it said of them, what simpler ways said, and what happened."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from churnml.contracts.files import PREDICTIONS, PREVIOUS
from churnml.metrics import auc_draws, interval, log_loss_draws, measure, measure_with_intervals
from churnml.profit import expected_maximum_profit
from churnml.tiers import Decision, ranked

PUBLISHED_VALUE = 200.0
"""Value of a customer where nobody knows it: that of Verbraken, Verbeke and Baesens 2013."""

GUESS = "base_rate"
"""The baseline that says the same of everybody."""


@dataclass(frozen=True)
class Judged:
    """Predictions beside what happened.

    Attributes:
        customers: ids, by row.
        lists: by row, which list it would have been on: its as_of, and the repeat of a cross-validation.
        label: 1 left, 0 stayed.
        value: money at stake, in currency units.
        risk: of the model.
        others: risks by baselines, by name.
        weights: of bootstrap resamples of customers, resamples × rows.
    """

    customers: np.ndarray
    lists: np.ndarray
    label: np.ndarray
    value: np.ndarray
    risk: np.ndarray
    others: Mapping[str, np.ndarray]
    weights: np.ndarray

    @classmethod
    def of(cls, rows: pa.Table, risk: np.ndarray, value: np.ndarray, weights: np.ndarray) -> "Judged":
        """Predictions as `PREDICTIONS` has them; further columns are the baselines."""
        moments = np.array([str(day) for day in rows["as_of"].to_pylist()])
        repeats = rows["repeat"].to_numpy().astype(str)
        others = {name: rows[name].to_numpy() for name in rows.schema.names if name not in PREDICTIONS.names}
        return cls(
            rows["customer_id"].to_numpy(zero_copy_only=False).astype(str),
            np.char.add(np.char.add(moments, " "), repeats),
            rows["label"].to_numpy(),
            value,
            risk,
            others,
            weights,
        )

    def where(self, rows: np.ndarray) -> "Judged":
        """Some of the rows."""
        return replace(
            self,
            customers=self.customers[rows],
            lists=self.lists[rows],
            label=self.label[rows],
            value=self.value[rows],
            risk=self.risk[rows],
            others={name: said[rows] for name, said in self.others.items()},
            weights=self.weights[:, rows],
        )

    @property
    def left(self) -> int:
        """How many snapshots left."""
        return int(self.label.sum())

    @property
    def measurable(self) -> bool:
        """Whether some left and some stayed."""
        return 0 < self.left < len(self.label)

    @property
    def dated(self) -> bool:
        """Whether the lists are of several days, one after the other, and not of one day over and over."""
        return len({name.split()[0] for name in np.unique(self.lists)}) > 1

    def contacted(self, decision: Decision) -> dict[str, np.ndarray]:
        """Who would have been called: the first tier of each list by the model, and as many by each baseline.

        Args:
            decision: its first tier is the team's capacity; every list is made afresh, and nobody is left alone.

        Returns:
            by name (the model is `test`), whether each row is among them.
        """
        chosen = {name: np.zeros(len(self.label), dtype=bool) for name in ("test", *self._complete())}
        for name in np.unique(self.lists):
            rows = np.flatnonzero(self.lists == name)
            placed = decision.afresh.place(self.customers[rows], self.risk[rows], self.value[rows])
            first = rows[placed.tier == 0]
            chosen["test"][first] = True
            for other, risk in self._complete().items():
                order = ranked(self.customers[rows], risk[rows], self.value[rows], decision.order)
                chosen[other][rows[order[: len(first)]]] = True
        return chosen

    def _complete(self) -> dict[str, np.ndarray]:
        return {name: risk for name, risk in self.others.items() if name != PREVIOUS}

    def measured(self, decision: Decision) -> dict[str, dict[str, float]]:
        """All metrics with 95 % intervals, of the model (`test`) and of each baseline.

        Beside those of `METRICS`, for as many customers as the first tier holds: lift (their churn rate over that of
        all), recall (share of the leavers among them), money (share of the leavers' value among them); and the expected
        maximum profit per customer, in currency units.
        """
        contacted, profit = self.contacted(decision), decision.profit
        worth = float(self.value.mean()) or PUBLISHED_VALUE
        said = {}
        for name, risk in {"test": self.risk, **self._complete()}.items():
            numbers = measure_with_intervals(self.label, risk, self.weights)
            numbers |= self._at_capacity(contacted[name])
            earned, share = expected_maximum_profit(
                self.label,
                risk,
                value=worth,
                offer_cost=profit.offer_cost,
                contact_cost=profit.contact_cost,
                alpha=profit.alpha,
                beta=profit.beta,
            )
            numbers |= {"profit": earned, "profit_share": share}
            said[name] = {metric: round(number, 6) for metric, number in numbers.items()}
        return said

    def _at_capacity(self, contacted: np.ndarray) -> dict[str, float]:
        """Of those who would have been contacted; nothing where nobody would have been."""
        if not contacted.any():
            return {}
        lost = self.label * self.value
        found: dict[str, float] = {}
        shares = {
            "recall_at_capacity": (contacted * self.label, self.label),
            **({"money_at_capacity": (contacted * lost, lost)} if lost.any() else {}),
        }
        for name, (part, whole) in shares.items():
            found |= self._ratio(name, part, whole)
        low_high = [
            (weight @ (contacted * self.label)) / (weight @ contacted) / ((weight @ self.label) / weight.sum())
            for weight in self.weights
            if weight @ contacted and weight @ self.label
        ]
        found["lift_at_capacity"] = float(self.label[contacted].mean() / self.label.mean())
        found["lift_at_capacity_low"], found["lift_at_capacity_high"] = interval(np.array(low_high))
        return found

    def _ratio(self, name: str, part: np.ndarray, whole: np.ndarray) -> dict[str, float]:
        below = self.weights @ whole
        draws = (self.weights @ part)[below > 0] / below[below > 0]
        low, high = interval(draws)
        return {name: float(part.sum() / whole.sum()), f"{name}_low": low, f"{name}_high": high}

    def own(self) -> dict[str, float]:
        """AUC and log loss of the model, with 95 % intervals; nothing where all left, or all stayed."""
        if not self.measurable:
            return {}
        numbers = measure_with_intervals(self.label, self.risk, self.weights, ("auc", "log_loss"))
        return {name: round(number, 6) for name, number in numbers.items()}

    def differences(self) -> dict[str, dict[str, float]]:
        """Model minus each baseline, on the same resamples and with 95 % intervals, of rows that the baseline tells of.

        Above 0 is better for auc, below 0 for log_loss.
        """
        found = {}
        for name, risk in self.others.items():
            known = ~np.isnan(risk)
            rows = self if known.all() else self.where(known)
            if known.any() and rows.measurable:
                found[name] = rows._difference(risk[known], ranks=name != GUESS)
        return found

    def _difference(self, risk: np.ndarray, *, ranks: bool) -> dict[str, float]:
        """To a baseline; one that doesn't rank has an AUC of a half, though it says another number of each part."""
        numbers: dict[str, float] = {}
        for name, draws in (("auc", auc_draws), ("log_loss", log_loss_draws)):
            other = risk if ranks or name != "auc" else np.zeros(len(risk))
            ours, theirs = (measure(self.label, said, (name,))[name] for said in (self.risk, other))
            spread = draws(self.label, self.risk, self.weights) - draws(self.label, other, self.weights)
            low, high = interval(spread)
            numbers |= {name: ours - theirs, f"{name}_low": low, f"{name}_high": high}
        return {name: round(float(number), 6) for name, number in numbers.items()}

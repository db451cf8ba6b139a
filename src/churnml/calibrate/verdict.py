"""The verdict in words: may anybody be called on this, and why, or why not."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from churnml.calibrate.judged import GUESS
from churnml.contracts.files import ATTRIBUTE

GOOD, USABLE = "good", "usable"
WORTHLESS, LEAK = "no better than recency", "leakage suspected"

FEW = 100
"""Leavers below which a validation says little. Source: Vergouwe, Steyerberg, Eijkemans and Habbema 2005."""
TOO_GOOD = 0.97
"""AUC of a whole model from which on the answer must be among its features; published ones reach .72 to .86."""
LEVEL = 0.03
"""Difference between mean risk and churn rate from which on the level is off."""

_STOP = "don't call anyone on this"


@dataclass(frozen=True)
class Verdict:
    """What the evaluation comes to.

    Attributes:
        word: good, usable, no better than recency, leakage suspected.
        reasons: what speaks for or against, as sentences without a full stop.
        columns: features, or attributes of customers, that leakage is suspected in.
    """

    word: str
    reasons: tuple[str, ...]
    columns: tuple[str, ...] = ()

    @property
    def callable(self) -> bool:
        """Whether ops may act on the lists."""
        return self.word in (GOOD, USABLE)

    @property
    def sentence(self) -> str:
        """For a report.

        >>> Verdict("usable", ("few left",)).sentence
        'usable: few left'
        """
        stop = "" if self.callable else f", {_STOP}"
        return f"{self.word}{stop}: {'; '.join(self.reasons)}"

    def as_json(self) -> dict[str, Any]:
        """For reports and the bundle."""
        return {
            **asdict(self),
            "reasons": list(self.reasons),
            "columns": list(self.columns),
            "callable": self.callable,
            "sentence": self.sentence,
        }


def verdict(measured: Mapping[str, Any], trained: Mapping[str, Any], *, dated: bool, left: int) -> Verdict:
    """Judge the model by what was measured on snapshots that it hadn't seen.

    * leakage suspected: a single feature, or the whole model, is better than anything honest.
    * no better than recency: the 95 % interval of the paired difference in AUC to recency (where there is none, to
      guessing) holds 0 or less, or the probabilities are no better.
    * usable: better, but something is doubtful: few leavers, a drift, a level that is off, a simple formula that does as
      well, or data that isn't as of a past moment.
    * good: none of that.

    Args:
        measured: test, backtest and probability as metrics.json has them.
        trained: drift, suspects and importance as train.json has them.
        dated: whether labels look at a window behind an as_of; else what is known may be from after the answer.
        left: customers who left at a cutoff of the backtest, once each.
    """
    leak = _leak(measured, trained)
    if leak:
        return leak
    against, over = _simplest(measured["backtest"]["differences"])
    said = _beside(measured["backtest"], against, over)
    if over["auc_low"] <= 0 or over["log_loss"] >= 0:
        return Verdict(WORTHLESS, (_why_not(measured["backtest"], against, left), said))
    doubts = tuple(_doubts(measured, trained, dated=dated, left=left))
    return Verdict(USABLE if doubts else GOOD, (said, *doubts))


def _leak(measured: Mapping[str, Any], trained: Mapping[str, Any]) -> Verdict | None:
    suspects: Sequence[Mapping[str, Any]] = trained["suspects"]
    if suspects:
        names = tuple(one["name"].removeprefix(ATTRIBUTE) for one in suspects)
        reasons = (f"'{name}': {one['reason']}" for name, one in zip(names, suspects, strict=True))
        return Verdict(LEAK, (*reasons, _remedy(names)), names)
    if measured["test"]["auc"] >= TOO_GOOD:
        first = trained["importance"][0]["feature"].removeprefix(ATTRIBUTE) if trained["importance"] else ""
        reason = f"AUC {measured['test']['auc']:.3f} is too good to be true; look at '{first}' first"
        return Verdict(LEAK, (reason, _remedy((first,))), (first,))
    return None


def _remedy(names: Sequence[str]) -> str:
    which = "it is" if len(names) == 1 else "each is"
    return f"check when {which} known; name what comes after the answer in features.leave_out, and run again"


def _simplest(differences: Mapping[str, Mapping[str, float]]) -> tuple[str, Mapping[str, float]]:
    """What the model must beat at least."""
    name = "recency" if "recency" in differences else GUESS
    return name, differences[name]


def _beside(backtest: Mapping[str, Any], against: str, over: Mapping[str, float]) -> str:
    word = "recency alone" if against == "recency" else "guessing"
    return (
        f"ranking (AUC) {backtest['auc']:.3f}, {word} {backtest['auc'] - over['auc']:.3f}: a difference of "
        f"{over['auc']:+.3f} [{over['auc_low']:+.3f}, {over['auc_high']:+.3f}]"
    )


def _why_not(backtest: Mapping[str, Any], against: str, left: int) -> str:
    if left < FEW:
        return f"too few churners: only {left:,} of those looked at left"
    if backtest["auc_low"] <= 0.5 <= backtest["auc_high"] or backtest["auc"] < 0.5:
        return "no signal: nothing in these tables tells who leaves"
    return f"no signal beyond {'recency' if against == 'recency' else 'the churn rate itself'}"


def _doubts(measured: Mapping[str, Any], trained: Mapping[str, Any], *, dated: bool, left: int) -> list[str]:
    doubts = []
    if not dated:
        doubts.append(
            "the columns aren't as of a day before the answer, so this is no forecast: it tells who resembles those who left"
        )
    if left < FEW:
        doubts.append(f"few churners: {left:,} of those looked at left, so all figures are rough")
    doubts += list((trained["drift"] or {}).get("warnings", ()))
    if dated and abs(measured["test"]["risk"] - measured["test"]["churn_rate"]) > LEVEL:
        test = measured["test"]
        doubts.append(f"the level is off: said {test['risk']:.1%} would leave, {test['churn_rate']:.1%} did")
    for name, word in (("logistic", "a logistic regression on recency, frequency and money"), ("bg_nbd", "BG/NBD")):
        over = measured["backtest"]["differences"].get(name)
        if over and over["auc_low"] <= 0 and over["log_loss_high"] >= 0:
            doubts.append(f"{word} does as well")
    return doubts

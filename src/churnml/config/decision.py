"""From snapshots to lists: the sections `train`, `calibrate`, `score` and `track`."""

import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from churnml.config.section import Days, Section, Share, once

RESERVED = {
    "rank", "customer_id", "as_of", "tier", "risk", "risk_percent", "value", "expected_loss", "score", "label", "split",
    "days_since_purchase", "usual_gap_days", "recent_spend", "rfm", "silent", "before", "held", "steady_risk",
    "why", "cause", "evidence", "layer", "group", "stage", "rfm_name", "kind", "play", "to_do", "channel", "by_whom", "due_on", "script",
    "last_seen", "reason", "change", "tier_before", "tier_now", "risk_before", "risk_now",
    "rule", "urgency", "due", "since", "escalated",
}  # fmt: skip
"""Columns of the lists that are ours; `score.keep` may not name them."""

TAKEN_FILES = {"holdout", "unscored", "changes", "alerts", "lists", "scored", "checks", "manifest"}
"""Files of a pack that are no tier's."""

HYSTERESIS = 1.0
"""Measured in `benchmarks/quality/tiers.py`: at most half as many customers change tier, at the same recall."""


REGULARISED: dict[str, float | int | str | bool] = {
    "learning_rate": 0.03,
    "num_leaves": 8,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 10.0,
}
"""Measured better than LightGBM's own defaults on every task of `benchmarks/quality/`; `train.fit` adds how
many rows a leaf holds."""


class Train(Section):
    """The model: its seed and LightGBM's parameters.

    Attributes:
        seed: of bagging and feature sampling, and of the bootstrap.
        threads: of LightGBM; does not change the trees.
        rounds: boosting rounds.
        trials: sets of parameters that tuning tries, the first being `params` as they stand; 0: no tuning.
        minutes: time box of tuning; where it bites, which parameters are found depends on the machine.
        min_cutoffs: training cutoffs that a rolling prediction, or one of tuning, needs before it.
        bootstrap: resamples of customers behind each interval.
        contacted: whether snapshots of customers whom we contacted within the label window are learned from: `keep` or
            `leave_out`. Who stayed because we called is no example of somebody who stays; but who was called was chosen.
        params: handed to LightGBM as they are, unless tuning finds better ones; regularised where nothing is said.
    """

    seed: int = Field(default=7, ge=0)
    threads: int = Field(default=2, gt=0)
    rounds: int = Field(default=300, gt=0)
    trials: int = Field(default=0, ge=0)
    minutes: float = Field(default=20.0, gt=0, allow_inf_nan=False)
    min_cutoffs: int = Field(default=3, gt=0)
    bootstrap: int = Field(default=300, ge=50)
    contacted: Literal["keep", "leave_out"] = "keep"
    params: dict[str, float | int | str | bool] = Field(default_factory=REGULARISED.copy)


class Tier(Section):
    """One tier: how customers get into it. The last tier takes the rest and states nothing.

    Attributes:
        name: of the tier and of its file.
        capacity: how many the team can contact; those left alone as holdout come on top.
        share: of all customers.
        min_risk: nobody below.
        max_profit: nobody whom contacting costs more than it is expected to save, by `calibrate.profit`.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    capacity: Annotated[int, Field(gt=0)] | None = None
    share: Annotated[float, Field(gt=0, le=1)] | None = None
    min_risk: Share | None = None
    max_profit: bool = False

    @field_validator("name")
    @classmethod
    def _a_file_of_its_own(cls, value: str) -> str:
        if value in TAKEN_FILES:
            raise ValueError(f"'{value}' names another file of the lists; choose another word")
        return value

    @property
    def takes_the_rest(self) -> bool:
        """No condition: everybody who is left."""
        return self.capacity is None and self.share is None and self.min_risk is None and not self.max_profit


class Profit(Section):
    """What contacting costs and how often an offer is accepted: for the expected maximum profit and for `max_profit`.

    Attributes:
        contact_cost: of reaching one customer, in currency units.
        offer_cost: of what is given to one who accepts, in currency units.
        alpha: with beta, how the share of leavers who accept is distributed: mean alpha / (alpha + beta).
        beta: see alpha. 6 and 14 are those of Verbraken, Verbeke and Baesens 2013.
    """

    contact_cost: Annotated[float, Field(ge=0)] = 1.0
    offer_cost: Annotated[float, Field(ge=0)] = 10.0
    alpha: Annotated[float, Field(gt=0)] = 6.0
    beta: Annotated[float, Field(gt=0)] = 14.0


class Calibrate(Section):
    """From scores to decisions: probability, order and tiers.

    Attributes:
        method: the calibrator; auto: none, unless a rolling backtest clearly shows another to be better.
        base_rate: which churn rate the level of risks is shifted to: that of the training cutoffs, as it comes; that of
            the newest; that of the season a year before; a number; auto: trained, unless a backtest
            clearly shows another, or the season where churn swings as no chance would.
        profit: costs, for the expected maximum profit.
        order: who comes first.
        hysteresis: the risk of who was in a tier, or above it, on the list before counts (1 + this) times for a place in
            it, and risks are averaged with those of the lists before; 0: every list is made afresh.
        tiers: filled from the top.
    """

    method: Literal["auto", "none", "platt", "beta", "isotonic"] = "auto"
    base_rate: Literal["auto", "trained", "last_cutoff", "same_season"] | Annotated[float, Field(gt=0, lt=1)] = "auto"
    profit: Profit = Profit()
    order: Literal["expected_loss", "risk"] = "expected_loss"
    hysteresis: Annotated[float, Field(ge=0, le=10)] = HYSTERESIS
    tiers: tuple[Tier, ...]

    @field_validator("tiers")
    @classmethod
    def _last_takes_the_rest(cls, value: tuple[Tier, ...]) -> tuple[Tier, ...]:
        names = [tier.name for tier in value]
        if len(set(names)) != len(names):
            raise ValueError("two tiers have the same name")
        if not value or not value[-1].takes_the_rest:
            raise ValueError("the last tier must take the rest: give it a name only")
        for tier in value[:-1]:
            if tier.takes_the_rest:
                raise ValueError(
                    f"tier '{tier.name}' needs capacity, share, min_risk or max_profit; only the last one takes the rest"
                )
            if tier.capacity is not None and tier.share is not None:
                raise ValueError(f"tier '{tier.name}': capacity or share, not both")
        return value


class Value(Section):
    """What a customer is worth: recent spend, carried forward over a horizon, times the margin.

    Attributes:
        model: recent_spend: as if the customer stayed; clv: customers leave at the rate of earlier cutoffs.
        margin: share of an amount that is ours.
        horizon_days: how far it is carried forward.
    """

    model: Literal["recent_spend", "clv"] = "recent_spend"
    margin: Annotated[float, Field(gt=0, le=1)] = 0.25
    horizon_days: Days = 365


class Holdout(Section):
    """Who is left alone, so that the effect of contacting can be measured.

    Attributes:
        share: of each contacted tier (0: nobody).
        salt: with the customer's id it decides who; another one chooses others.
    """

    share: Annotated[float, Field(ge=0, le=0.5)] = 0.1
    salt: str = "churnml"


class Score(Section):
    """What the lists hold.

    Attributes:
        value: the value model.
        reasons: how many reasons a customer on a list has at most.
        holdout: who of the contacted tiers is left alone.
        keep: columns of `customers` passed through to the lists.
        pii: columns, or headers of the export, that may be seen in the lists alone, if they are kept.
        csv_ids: `excel` writes text that a spreadsheet would take for a number as ="00123"; `plain` as it is.
    """

    value: Value = Value()
    reasons: Annotated[int, Field(ge=0, le=10)] = 3
    holdout: Holdout = Holdout()
    keep: tuple[str, ...] = ()
    pii: tuple[str, ...] = ()
    csv_ids: Literal["excel", "plain"] = "excel"

    @field_validator("keep")
    @classmethod
    def _not_ours(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        taken = sorted(set(value) & RESERVED)
        if taken:
            raise ValueError(f"'{taken[0]}' is a column of every list already")
        return once(value)

    @field_validator("pii")
    @classmethod
    def _once(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return once(value)


class Track(Section):
    """Where MLflow keeps its runs."""

    uri: str = "sqlite:///mlflow.db"
    experiment: str = "churnml"

    @field_validator("uri")
    @classmethod
    def _no_password(cls, value: str) -> str:
        address = urlsplit(value)
        try:
            known = address.username or address.password or address.port == 0
        except ValueError:  # a port that is no number: most often a password with a slash in it
            known = True
        if known or "password=" in address.query:
            raise ValueError("holds a user or password; put the whole address into the variable MLFLOW_TRACKING_URI")
        return value

    @field_validator("experiment")
    @classmethod
    def _a_name(cls, value: str) -> str:
        if not value.strip() or re.search(r"[/:'\"`%\\\x00-\x1f]", value):
            raise ValueError("is empty or holds one of / : ' \" ` % \\; it names the registered model, too")
        return value

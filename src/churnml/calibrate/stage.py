"""The calibrate stage: never refits; decides on probability and tiers, judges, and packs the bundle."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from churnml.bundle import ModelBundle
from churnml.calibrate.choice import Trial, choose_base_rate, choose_method
from churnml.calibrate.groups import COLUMNS, by_group
from churnml.calibrate.history import tier_history, tiers_then
from churnml.calibrate.judged import GUESS, Judged
from churnml.calibrate.quality import by_cutoff, calibration_table
from churnml.calibrate.rolling import Rolling, probability_of
from churnml.calibrate.verdict import verdict
from churnml.calibrate.worth import value_backtest
from churnml.config import Calibrate, Playbook, Rules, Travelling
from churnml.errors import DataError
from churnml.lead import lead_time
from churnml.manifest import origin
from churnml.model import Model
from churnml.playbook import reviewed
from churnml.probability import NEAR_DAYS, SETTLED_DAYS, Calibrator, Levels, Probability, levels_of_json, shift_to
from churnml.publish import read_json, replacing, write_json, write_rows
from churnml.reference import Reference
from churnml.tiers import Decision
from churnml.value import lasting_days, value
from churnml.windows import label_end

FEWEST_CUTOFFS = 3
"""Below which nobody knows at what rate customers leave."""

_CALIBRATION = ("group", "customers", "risk", "churn_rate", "churn_rate_low", "churn_rate_high")
_CUTOFFS = (
    *("as_of", "customers", "churn_rate", "risk", "auc", "auc_low", "auc_high"),
    *("log_loss", "log_loss_low", "log_loss_high"),
)
_TIERS = ("tier", "customers", "churn_rate", "churn_rate_low", "churn_rate_high", "risk", "money_share")
_AGAINST = ("against", "auc", "auc_low", "auc_high", "log_loss", "log_loss_low", "log_loss_high")


def calibrate(
    *,
    boosters: Path,
    playbook: Playbook,
    trained: Path,
    params: Calibrate,
    travelling: Travelling,
    rules: Rules,
    resamples: int,
    seed: int,
    bundle: Path,
    report: Path,
    plots: Path,
) -> dict[str, Any]:
    """Choose probability by backtest, judge the evaluation booster, look back at the tiers, pack the final booster.

    Args:
        boosters: folder that train wrote.
        playbook: how customers are treated.
        trained: train.json.
        params: the calibrate section.
        travelling: the sections that scoring needs.
        rules: that go with them.
        resamples: bootstrap resamples of customers.
        seed: of the bootstrap.
        bundle: folder that is replaced.
        report: metrics.json.
        plots: folder that is replaced by calibration.csv, cutoffs.csv, tiers.csv, against.csv and groups.csv.

    Returns:
        what the report says.

    Raises:
        DataError: the boosters aren't there, quality can't be measured, or a base rate has no reference.
        BundleError: the boosters aren't what their manifest says.
        ParamsError: the playbook doesn't fit the tiers.
    """
    if not (boosters / "test.parquet").is_file():
        raise DataError(f"{boosters}: no boosters there; run `churnml train` first")
    made_from = origin(boosters, "churnml train")
    decision = Decision(params.tiers, params.order, params.hysteresis, params.profit, travelling.score.holdout)
    review = reviewed(playbook, decision.names, decision.contacted)
    dated, horizon = travelling.churn.is_dated, travelling.churn.horizon_days
    learned = read_json(boosters / "levels.json")
    start = date.fromisoformat(learned["start"])
    levels = {name: levels_of_json(known) for name, known in learned["models"].items()}
    rolling = Rolling(pq.read_table(boosters / "rolling.parquet"), levels if dated else {}, start, horizon)
    test_rows = pq.read_table(boosters / "test.parquet")
    tests = sorted(set(test_rows["as_of"].to_pylist()))
    following = label_end(max(tests), horizon)

    base_rate, method, trials = _chosen(rolling, levels, params, tests, following, resamples, seed)
    evaluated = _probability(rolling.training(), levels["evaluation"], base_rate, method, start, tests[-1])
    final = _probability(rolling, levels["final"], base_rate, method, start, following)
    said_then = rolling.risk(base_rate if isinstance(base_rate, str) else "trained", method)

    window, worth = travelling.features.windows_days[-1], travelling.score.value

    rate = float(rolling.label.mean()) if len(rolling.label) else 0.0
    if worth.model == "clv" and not (dated and len(rolling.cutoffs) >= FEWEST_CUTOFFS):
        raise DataError(
            f"score.value.model clv: the rate at which customers leave is taken from at least {FEWEST_CUTOFFS} cutoffs that were "
            f"predicted out of time; there are {len(rolling.cutoffs) if dated else 0}; use recent_spend"
        )
    lasting = lasting_days(worth, rate, horizon)

    def judged(of: Rolling, risk: np.ndarray) -> Judged:
        return Judged.of(
            of.rows, risk, value(of.rows["spend"].to_numpy(), window, worth, lasting), of.weights(resamples, seed)
        )

    testing = Rolling(test_rows, {}, start, horizon)
    tested, rolled = judged(testing, _risk(testing, evaluated)), judged(rolling, said_then)
    _require_measurable(tested, "test")
    tier = tiers_then(rolled, decision)
    history = tier_history(rolled, tier, decision)
    measured = tested.measured(decision)
    said: dict[str, Any] = {
        "test": {**_sizes(tested), **measured.pop("test")},
        "baselines": measured,
        "differences": tested.differences(),
        "backtest": _backtest(rolled),
        "probability": _words_of(evaluated, final, trials),
        "lead_time": lead_time(rolling.rows, tier),
        "groups": by_group(tested, test_rows),
        "tiers": history,
        "cutoffs": by_cutoff(rolled, rolling.moments),
        "value": {
            "test": value_backtest(test_rows, window, horizon, rate),
            "backtest": value_backtest(rolling.rows, window, horizon, rate),
        },
        "playbook": {"plays": len(playbook.plays), **asdict(review)},
    }
    left = len(np.unique(rolled.customers[rolled.label == 1]))
    judgement = verdict(said, read_json(trained), dated=dated, left=left)
    said["verdict"] = judgement.as_json()
    catalog = tuple(read_json(boosters / "catalog.json"))
    packed = ModelBundle(
        Model.load(boosters, "final"),
        travelling.with_attributes(catalog),
        decision,
        history,
        catalog,
        final,
        said["verdict"],
        Reference.of_json(read_json(boosters / "reference.json")),
        made_from,
        playbook=playbook,
        rules=rules,
    )
    with replacing(bundle, plots) as (new_bundle, new_plots):
        packed.save(new_bundle)
        write_rows(new_plots / "calibration.csv", _CALIBRATION, calibration_table(tested.label, tested.risk))
        write_rows(new_plots / "cutoffs.csv", _CUTOFFS, said["cutoffs"])
        write_rows(new_plots / "tiers.csv", _TIERS, ({"tier": name, **past} for name, past in history.items()))
        against = {name: one for name, one in said["backtest"]["differences"].items() if name != GUESS}
        write_rows(new_plots / "against.csv", _AGAINST, ({"against": name, **one} for name, one in against.items()))
        write_rows(new_plots / "groups.csv", COLUMNS, said["groups"])
    write_json(report, said)
    return said


def _chosen(
    rolling: Rolling,
    levels: Mapping[str, Levels],
    params: Calibrate,
    tests: Sequence[date],
    following: date,
    resamples: int,
    seed: int,
) -> tuple[str | float, str, list[Trial]]:
    """Base rate and calibrator, as params say or as training cutoffs show."""
    base_rate: str | float = params.base_rate
    if not rolling.levels:  # customers were held back: there is no other cutoff to shift to
        if base_rate in ("last_cutoff", "same_season"):
            raise DataError(f"calibrate.base_rate {base_rate}: there is one as_of only; use trained, or a number")
        return (
            ("trained" if base_rate == "auto" else base_rate),
            ("none" if params.method == "auto" else params.method),
            [],
        )
    asked = [("evaluation", day) for day in tests] + [("final", following)]
    missing = [day for model, day in asked if probability_of(levels[model], "same_season", rolling.start, day) is None]
    if base_rate == "same_season" and missing:
        raise DataError(
            f"calibrate.base_rate same_season: {missing[0]} needs a cutoff within {NEAR_DAYS} days of the same day a year "
            f"before that has six months ({SETTLED_DAYS} days) of history; events begin on {rolling.start} and labelled "
            f"cutoffs reach from {min(levels['final'])} to {max(levels['final'])}; export older months, or use auto"
        )
    trials: list[Trial] = []
    training = rolling.training()
    if base_rate == "auto":
        base_rate, trials = choose_base_rate(training, not missing, resamples, seed)
    method: str = params.method
    if method == "auto":
        method, tried = choose_method(training, base_rate if isinstance(base_rate, str) else "trained", resamples, seed)
        trials += tried
    return base_rate, method, trials


def _probability(
    rolling: Rolling, levels: Levels, base_rate: str | float, method: str, start: date, as_of: date
) -> Probability:
    """How scores of a model become risks, by out-of-time predictions that it may know.

    Args:
        rolling: those predictions; the calibrator is fitted on all of them.
        levels: of the cutoffs that the model learned from.
        base_rate: trained, last_cutoff, same_season or a number.
        method: the calibrator.
        start: day of the first event.
        as_of: the moment that will be asked about.
    """
    if isinstance(base_rate, str):
        found = probability_of(levels, base_rate, start, as_of) or Probability()
        moved = rolling.moved(base_rate)[0]
    else:
        newest = rolling.moments == rolling.cutoffs[-1] if rolling.cutoffs else np.zeros(0, dtype=bool)
        if not newest.any():
            raise DataError(
                "calibrate.base_rate: a number is reached by shifting what was said of the newest training cutoff, and no "
                "model could be fitted before it; lower train.min_cutoffs"
            )
        found = Probability("number", round(shift_to(rolling.score[newest], base_rate), 6))
        moved = found.risk(rolling.score)
    return replace(found, calibrator=Calibrator.fit(method, moved, rolling.label) if len(moved) else Calibrator())


def _risk(rolling: Rolling, probability: Probability) -> np.ndarray:
    risk = np.empty(len(rolling.score))
    for day in rolling.cutoffs:
        here = rolling.moments == day
        risk[here] = probability.risk(rolling.score[here], date.fromisoformat(day))
    return risk


def _require_measurable(judged: Judged, split: str) -> None:
    if not judged.measurable:
        raise DataError(
            f"all {len(judged.label):,} {split} snapshots {'left' if judged.left else 'stayed'}: quality can't be measured; "
            f"choose other panel.{split} cutoffs"
        )


def _sizes(judged: Judged) -> dict[str, float]:
    return {
        "snapshots": len(judged.label),
        "customers": len(np.unique(judged.customers)),
        "churn_rate": round(float(judged.label.mean()), 6),
        "risk": round(float(judged.risk.mean()), 6),
    }


def _backtest(rolled: Judged) -> dict[str, Any]:
    """All cutoffs that could be predicted out of time, together, with paired differences to each baseline."""
    own = rolled.own()
    return {"cutoffs": len(np.unique(rolled.lists)), **_sizes(rolled), **own, "differences": rolled.differences()}


def _words_of(evaluated: Probability, final: Probability, trials: Sequence[Trial]) -> dict[str, Any]:
    return {
        "base_rate": final.base_rate,
        "method": final.calibrator.method,
        "shift": final.shift,
        "shift_of_evaluation": evaluated.shift,
        "trials": [asdict(trial) for trial in trials],
    }

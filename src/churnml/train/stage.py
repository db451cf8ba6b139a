"""The train stage: an evaluation booster, a final one, baselines, and predictions that nobody was fitted on."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from churnml.config import Churn, Train
from churnml.contracts.files import CONTEXT, PREDICTIONS, PREVIOUS
from churnml.errors import DataError
from churnml.manifest import origin, write_manifest
from churnml.metrics import churn_rates, measure
from churnml.model import Model
from churnml.ports import Trial
from churnml.publish import read_json, replacing, write_json, write_rows
from churnml.reference import Reference
from churnml.suspects import too_good
from churnml.train.baselines import baseline_scores
from churnml.train.drift import drift
from churnml.train.fit import fit
from churnml.train.folds import customer_folds, temporal_folds
from churnml.train.levels import levels, levels_as_json
from churnml.train.rolling import Unseen, held_back_predictions, rolling_predictions, twins
from churnml.train.tune import Tuned, nobody, tune
from churnml.value import spend_feature, spend_source
from churnml.windows import require_purged


def train(
    *,
    panel: Path,
    churn: Churn,
    windows_days: Sequence[int],
    params: Train,
    boosters: Path,
    report: Path,
    plots: Path,
    on_trial: Callable[[Trial], None] = nobody,
) -> dict[str, Any]:
    """Fit the boosters and predict out of time.

    Args:
        panel: folder with snapshots.parquet, peers.parquet, context.parquet, catalog.json and history.json.
        churn: the horizon.
        windows_days: lookback windows; money spent in the longest is kept beside the predictions.
        params: the train section.
        boosters: folder that is replaced by evaluation.txt/.json, final.txt/.json, test.parquet (with the baselines'
            scores), rolling.parquet, levels.json (what each model says of the cutoffs that it learned from), the panel's
            catalog.json and a manifest.
        report: train.json.
        plots: folder that is replaced by importance.csv, for `dvc plots`.
        on_trial: called with each trial of tuning that is over.

    Returns:
        what the report says.

    Raises:
        LeakageError: a training label window reaches into the test period.
        DataError: there is no panel, or nothing to learn from.
        BundleError: the panel isn't what its manifest says.
    """
    if not (panel / "snapshots.parquet").is_file():
        raise DataError(f"{panel}: no panel there; run `churnml features` first")
    made_from = origin(panel, "churnml features")
    snapshots, catalog = _with_context(panel), read_json(panel / "catalog.json")
    history, peers = read_json(panel / "history.json"), pq.read_table(panel / "peers.parquet")
    spent = spend_feature(windows_days)
    if peers.num_rows and spent not in snapshots.schema.names:
        raise DataError(
            f"the panel has no '{spent}', by which value is measured; add rfm to features.families, and take it "
            f"out of features.leave_out"
        )
    training, test = _split(snapshots, "train"), _split(snapshots, "test")
    if churn.is_dated:
        require_purged(_moments(training), _moments(test), churn.horizon_days)
    else:
        training = _without_twins(training, test, catalog)

    tuned = _tuned(training, churn, catalog, params, on_trial) if params.trials else Tuned(params, None)

    def fitted(rows: pa.Table) -> Model:
        return fit(learned_from(rows, params.contacted), catalog, tuned.params)

    evaluation, final = fitted(training), fitted(snapshots)
    source = spend_source(snapshots.schema.names, windows_days)
    tested = predictions(Unseen(test, training, evaluation), source, peers)
    unseen = (
        rolling_predictions(snapshots, churn.horizon_days, params.min_cutoffs, fitted)
        if churn.is_dated
        else held_back_predictions(snapshots, catalog, params.seed, fitted)
    )
    rolled, learned = [], {"evaluation": levels(evaluation, training), "final": levels(final, snapshots)}
    for each in unseen:
        rolled.append(predictions(each, source, peers))
        if churn.is_dated:
            learned[str(each.rows["as_of"][0])] = levels(each.model, each.learned)
    said = {**_report(snapshots, tested, history, churn, catalog, evaluation), "tuning": tuned.said}
    with replacing(boosters, plots) as (draft, new_plots):
        evaluation.save(draft, "evaluation")
        final.save(draft, "final")
        pq.write_table(tested, draft / "test.parquet", compression="zstd")
        pq.write_table(pa.concat_tables(rolled), draft / "rolling.parquet", compression="zstd")
        write_json(draft / "levels.json", levels_as_json(learned, history["start"]))
        write_json(draft / "catalog.json", catalog)
        write_json(draft / "reference.json", Reference.of(snapshots, final.columns.features, history).as_json())
        write_manifest(draft, "boosters", made_from)
        write_rows(new_plots / "importance.csv", ("feature", "gain"), _importance(evaluation, catalog))
    write_json(report, said)
    return said


def _tuned(
    training: pa.Table,
    churn: Churn,
    catalog: Sequence[Mapping[str, Any]],
    params: Train,
    on_trial: Callable[[Trial], None],
) -> Tuned:
    """Parameters by cross-validation of training snapshots: it is given no other."""
    folds = (
        temporal_folds(training, churn.horizon_days, params.min_cutoffs)
        if churn.is_dated
        else customer_folds(training, catalog, params.seed)
    )

    def fit_with(rows: pa.Table, settings: Train) -> Model:
        return fit(learned_from(rows, settings.contacted), catalog, settings)

    return tune(folds, params, fit_with, on_trial)


def predictions(unseen: Unseen, source: tuple[str, float] | None, peers: pa.Table) -> pa.Table:
    """Snapshots and models -> the contract of predictions; the baselines follow, and the model of a cutoff before."""
    rows = unseen.rows
    columns = {name: rows[name] for name in PREDICTIONS.names if name in rows.schema.names}
    columns["repeat"] = pa.array(np.full(rows.num_rows, unseen.repeat), pa.int8())
    columns["spend"] = pa.array(np.zeros(rows.num_rows))
    if source:
        columns["spend"] = pc.multiply(pc.fill_null(rows[source[0]], 0.0), source[1])
    columns["score"] = pa.array(unseen.model.score(rows))
    out = pa.Table.from_arrays([columns[name] for name in PREDICTIONS.names], schema=PREDICTIONS)
    for name, scores in baseline_scores(unseen.learned, rows, peers).items():
        out = out.append_column(name, pa.array(scores))
    before = unseen.previous.score(rows) if unseen.previous else np.full(rows.num_rows, np.nan)
    return out.append_column(PREVIOUS, pa.array(before, from_pandas=True))


def _with_context(panel: Path) -> pa.Table:
    """The snapshots, with the columns of their context.

    Raises:
        DataError: they aren't of the same customers.
    """
    snapshots, context = pq.read_table(panel / "snapshots.parquet"), pq.read_table(panel / "context.parquet")
    for name in ("customer_id", "as_of"):
        if snapshots[name].combine_chunks() != context[name].combine_chunks():
            raise DataError(f"{panel}: snapshots and context aren't of the same customers; run `churnml features`")
    for name in CONTEXT.names[2:]:
        snapshots = snapshots.append_column(CONTEXT.field(name), context[name])
    return snapshots


def _without_twins(training: pa.Table, test: pa.Table, catalog: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Training customers whose features are none of a test customer's: one customer may be there twice."""
    group = twins(pa.concat_tables([training, test]), catalog)
    ours, theirs = group[: training.num_rows], group[training.num_rows :]
    return training.filter(pa.array(~np.isin(ours, theirs)))


def learned_from(rows: pa.Table, contacted: str) -> pa.Table:
    """Training snapshots, without those of customers whom we contacted meanwhile if they are to be left out.

    Raises:
        DataError: everybody was contacted.
    """
    if contacted == "keep":
        return rows
    kept = rows.filter(pc.equal(pc.fill_null(rows["contacted"], 0), 0))
    if not kept.num_rows:
        raise DataError("train.contacted leave_out: everybody was contacted within the label window; keep them")
    return kept


def _split(snapshots: pa.Table, split: str) -> pa.Table:
    rows = snapshots.filter(pc.equal(snapshots["split"], split))
    if not rows.num_rows:
        raise DataError(f"the panel has no {split} snapshots; check panel in params.yaml and run `churnml features`")
    return rows


def _moments(rows: pa.Table) -> list[date]:
    return sorted(set(rows["as_of"].to_pylist()))


def _report(
    snapshots: pa.Table,
    tested: pa.Table,
    history: Mapping[str, Any],
    churn: Churn,
    catalog: Sequence[Mapping[str, Any]],
    evaluation: Model,
) -> dict[str, Any]:
    cutoffs = _cutoffs(snapshots)
    training = snapshots.filter(pc.equal(snapshots["split"], "train"))
    others = [name for name in tested.schema.names if name not in (*PREDICTIONS.names, PREVIOUS)]
    return {
        "cutoffs": cutoffs,
        "contacted": _contacted(snapshots),
        "drift": drift(cutoffs, history, churn.horizon_days) if churn.is_dated else None,
        "suspects": too_good(training, catalog),
        "importance": _importance(evaluation, catalog)[:3],
        "twins": 0 if churn.is_dated else snapshots.num_rows - len(np.unique(twins(snapshots, catalog))),
        "features": len(catalog),
        "test": _rounded(_measured(tested, "score")),
        "baselines": {name: _rounded(_measured(tested, name)) for name in others},
    }


def _cutoffs(snapshots: pa.Table) -> list[dict[str, Any]]:
    """Customers and churn rate of each cutoff; `split` is both where customers are held back."""
    rates = churn_rates(snapshots["as_of"].to_pylist(), snapshots["label"].to_numpy())
    splits: dict[str, set[str]] = {}
    for moment, split in zip(map(str, snapshots["as_of"].to_pylist()), snapshots["split"].to_pylist(), strict=True):
        splits.setdefault(moment, set()).add(split)
    return [
        {
            "as_of": moment,
            "split": " and ".join(sorted(splits[moment], reverse=True)),
            "customers": customers,
            "churn_rate": round(rate, 6),
        }
        for moment, (customers, rate) in rates.items()
    ]


def _contacted(snapshots: pa.Table) -> dict[str, float] | None:
    """Labels of customers whom we contacted within the label window, beside the others'; None where nobody was.

    The difference isn't the effect of contacting: who is contacted was chosen.
    """
    reached, label = pc.fill_null(snapshots["contacted"], 0).to_numpy() == 1, snapshots["label"].to_numpy()
    if not reached.any():
        return None
    others = label[~reached]
    return {
        "snapshots": int(reached.sum()),
        "churn_rate": round(float(label[reached].mean()), 6),
        **({"churn_rate_of_others": round(float(others.mean()), 6)} if len(others) else {}),
    }


def _importance(evaluation: Model, catalog: Sequence[Mapping[str, Any]]) -> list[dict[str, object]]:
    """The twenty features with the largest share of the gain."""
    gain = evaluation.booster.feature_importance("gain")
    share = gain / max(gain.sum(), 1e-300)
    first = sorted(zip(share, [entry["name"] for entry in catalog], strict=True), reverse=True)[:20]
    return [{"feature": name, "gain": round(float(part), 6)} for part, name in first]


def _measured(rows: pa.Table, column: str) -> dict[str, float]:
    label = rows["label"].to_numpy()
    if not 0 < label.sum() < len(label):
        return {}
    return measure(label, rows[column].to_numpy())


def _rounded(numbers: Mapping[str, float]) -> dict[str, float]:
    return {name: round(float(np.float64(value)), 6) for name, value in numbers.items()}

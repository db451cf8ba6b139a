"""The train stage: an evaluation booster, a final one, baselines, and predictions that nobody was fitted on."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from churnml.config import Churn, Train
from churnml.contracts.files import PANEL_KEYS, PREDICTIONS
from churnml.errors import DataError
from churnml.manifest import origin, write_manifest
from churnml.metrics import churn_rates, measure
from churnml.model import Model
from churnml.publish import read_json, replacing, write_json, write_rows
from churnml.train.baselines import baseline_scores
from churnml.train.fit import fit
from churnml.train.rolling import held_back_predictions, rolling_predictions
from churnml.value import spend_feature
from churnml.windows import require_purged

DRIFT = 0.03


def train(
    *, panel: Path, churn: Churn, windows_days: Sequence[int], params: Train, boosters: Path, report: Path, plots: Path
) -> dict[str, Any]:
    """Fit the boosters and predict out of time.

    Args:
        panel: folder with snapshots.parquet, peers.parquet and catalog.json.
        churn: the horizon.
        windows_days: lookback windows; money spent in the longest is kept beside the predictions.
        params: the train section.
        boosters: folder that is replaced by evaluation.txt/.json, final.txt/.json, test.parquet (with the baselines'
            scores), rolling.parquet, the panel's catalog.json and a manifest.
        report: train.json.
        plots: folder that is replaced by importance.csv, for `dvc plots`.

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
    snapshots, catalog = pq.read_table(panel / "snapshots.parquet"), read_json(panel / "catalog.json")
    spent = spend_feature(windows_days)
    peers = pq.read_table(panel / "peers.parquet")
    if peers.num_rows and spent not in snapshots.schema.names:
        raise DataError(f"the panel has no '{spent}', by which value is measured; add rfm to features.families")
    training, test = _split(snapshots, "train"), _split(snapshots, "test")
    if churn.is_dated:
        require_purged(_moments(training), _moments(test), churn.horizon_days)

    def fitted(rows: pa.Table) -> Model:
        return fit(learned_from(rows, params.contacted), catalog, params)

    evaluation, final = fitted(training), fitted(snapshots)
    tested = predictions(test, evaluation, spent)
    for name, scores in baseline_scores(_compared(training, peers), _compared(test, peers)).items():
        tested = tested.append_column(name, pa.array(scores))
    unseen = (
        rolling_predictions(snapshots, churn.horizon_days, params.min_cutoffs, fitted)
        if churn.is_dated
        else held_back_predictions(snapshots, fitted)
    )
    rolled = [predictions(rows, model, spent) for rows, model in unseen]
    said = _report(snapshots, tested, len(catalog))
    with replacing(boosters, plots) as (draft, new_plots):
        evaluation.save(draft, "evaluation")
        final.save(draft, "final")
        pq.write_table(tested, draft / "test.parquet", compression="zstd")
        pq.write_table(pa.concat_tables(rolled), draft / "rolling.parquet", compression="zstd")
        write_json(draft / "catalog.json", catalog)
        write_manifest(draft, "boosters", made_from)
        write_rows(new_plots / "importance.csv", ("feature", "gain"), _importance(evaluation, catalog))
    write_json(report, said)
    return said


def predictions(rows: pa.Table, model: Model, spent: str) -> pa.Table:
    """Snapshots -> the contract of predictions."""
    keys = [rows[name] for name in PANEL_KEYS.names]
    known = spent in rows.schema.names  # without transactions nobody knows what a customer is worth
    spend = pc.fill_null(rows[spent], 0.0) if known else pa.array(np.zeros(rows.num_rows))
    scores = pa.array(model.score(rows))
    return pa.Table.from_arrays([*keys, spend, scores], schema=PREDICTIONS)


def _compared(rows: pa.Table, peers: pa.Table) -> pa.Table:
    """The snapshots' rows of `peers`, in their order, with the label."""
    keys = ["customer_id", "as_of"]
    ours = rows.select([*keys, "label"]).join(peers, keys, join_type="inner")
    return ours.sort_by([("as_of", "ascending"), ("customer_id", "ascending")])


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
    features: int,
) -> dict[str, Any]:
    rates = churn_rates(snapshots["as_of"].to_pylist(), snapshots["label"].to_numpy())
    known = [rate for _, rate in rates.values()]
    splits: dict[str, set[str]] = {}
    for moment, split in zip(map(str, snapshots["as_of"].to_pylist()), snapshots["split"].to_pylist(), strict=True):
        splits.setdefault(moment, set()).add(split)
    return {
        "cutoffs": [
            {
                "as_of": moment,
                "split": " and ".join(sorted(splits[moment])),
                "customers": count,
                "churn_rate": round(rate, 6),
            }
            for moment, (count, rate) in rates.items()
        ],
        "contacted": _contacted(snapshots),
        "churn_rate_drift": round(max(known) - min(known), 6),
        "drifts": max(known) - min(known) > DRIFT,
        "features": features,
        "test": _rounded(_measured(tested, "score")),
        "baselines": {
            name: _rounded(_measured(tested, name)) for name in tested.schema.names if name not in PREDICTIONS.names
        },
    }


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

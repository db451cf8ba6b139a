"""The calibrate stage: never refits; measures, decides on tiers, and packs the bundle."""

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from churnml.bundle import ModelBundle
from churnml.calibrate.history import tier_history
from churnml.calibrate.quality import calibration_table, quality, quality_by_cutoff
from churnml.config import Calibrate, Travelling
from churnml.errors import DataError
from churnml.manifest import origin
from churnml.model import Model
from churnml.publish import read_json, replacing, write_json, write_rows
from churnml.value import value

_CALIBRATION = ("group", "customers", "risk", "churn_rate", "churn_rate_low", "churn_rate_high")
_CUTOFFS = (
    *("as_of", "customers", "churn_rate", "risk", "auc", "auc_low", "auc_high"),
    *("log_loss", "log_loss_low", "log_loss_high"),
)
_TIERS = ("tier", "customers", "churn_rate", "churn_rate_low", "churn_rate_high", "risk", "money_share")


def calibrate(
    *,
    boosters: Path,
    params: Calibrate,
    travelling: Travelling,
    resamples: int,
    seed: int,
    bundle: Path,
    report: Path,
    plots: Path,
) -> dict[str, Any]:
    """Measure the evaluation booster, look back at the tiers, and write the bundle around the final booster.

    Args:
        boosters: folder that train wrote.
        params: the calibrate section.
        travelling: the sections that scoring needs.
        resamples: bootstrap resamples of customers.
        seed: of the bootstrap.
        bundle: folder that is replaced.
        report: metrics.json.
        plots: folder that is replaced by calibration.csv, cutoffs.csv and tiers.csv, for `dvc plots`.

    Returns:
        what the report says.

    Raises:
        DataError: the boosters aren't there, or quality can't be measured.
        BundleError: the boosters aren't what their manifest says.
    """
    if not (boosters / "test.parquet").is_file():
        raise DataError(f"{boosters}: no boosters there; run `churnml train` first")
    made_from = origin(boosters, "churnml train")
    tested, rolling = pq.read_table(boosters / "test.parquet"), pq.read_table(boosters / "rolling.parquet")
    said = quality(tested, resamples, seed)
    worth = value(rolling["spend"].to_numpy(), travelling.features.windows_days[-1], travelling.score.value)
    history = tier_history(rolling, worth, params.tiers, params.order, resamples=resamples, seed=seed)
    said |= {"tiers": history, "cutoffs": quality_by_cutoff(rolling, resamples, seed)}
    packed = ModelBundle(
        Model.load(boosters, "final"),
        travelling,
        params.tiers,
        params.order,
        history,
        tuple(read_json(boosters / "catalog.json")),
        made_from,
    )
    with replacing(bundle, plots) as (new_bundle, new_plots):
        packed.save(new_bundle)
        write_rows(new_plots / "calibration.csv", _CALIBRATION, calibration_table(tested))
        write_rows(new_plots / "cutoffs.csv", _CUTOFFS, said["cutoffs"])
        write_rows(new_plots / "tiers.csv", _TIERS, ({"tier": name, **past} for name, past in history.items()))
    write_json(report, said)
    return said

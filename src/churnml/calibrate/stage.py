"""The calibrate stage: never refits; measures, decides on tiers, and packs the bundle."""

import csv
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from churnml.bundle import ModelBundle
from churnml.calibrate.history import tier_history
from churnml.calibrate.quality import calibration_table, quality
from churnml.config import Calibrate, Travelling
from churnml.errors import DataError
from churnml.model import Model
from churnml.publish import read_json, replacing, write_json
from churnml.value import value

_CALIBRATION = ("group", "customers", "risk", "churn_rate", "churn_rate_low", "churn_rate_high")


def calibrate(
    *,
    boosters: Path,
    catalog: Path,
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
        catalog: catalog.json of the panel.
        params: the calibrate section.
        travelling: the sections that scoring needs.
        resamples: bootstrap resamples of customers.
        seed: of the bootstrap.
        bundle: folder that is replaced.
        report: metrics.json.
        plots: folder that is replaced by calibration.csv.

    Returns:
        what the report says.

    Raises:
        DataError: the boosters aren't there, or quality can't be measured.
    """
    if not (boosters / "test.parquet").is_file():
        raise DataError(f"{boosters}: no boosters there; run `churnml train` first")
    tested, rolling = pq.read_table(boosters / "test.parquet"), pq.read_table(boosters / "rolling.parquet")
    said = quality(tested, resamples, seed)
    worth = value(rolling["spend"].to_numpy(), travelling.features.windows_days[-1], travelling.score.value)
    history = tier_history(rolling, worth, params.tiers, params.order, resamples=resamples, seed=seed)
    said["tiers"] = history
    packed = ModelBundle(
        Model.load(boosters, "final"), travelling, params.tiers, params.order, history, tuple(read_json(catalog))
    )
    with replacing(bundle, plots) as (new_bundle, new_plots):
        packed.save(new_bundle)
        with (new_plots / "calibration.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(_CALIBRATION)
            writer.writerows(calibration_table(tested))
    write_json(report, said)
    return said

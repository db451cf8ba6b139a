"""The lists that would have been made at past cutoffs, from predictions that nobody was fitted on."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from churnml.bundle import ModelBundle
from churnml.calibrate.history import tiers_then
from churnml.calibrate.judged import Judged
from churnml.calibrate.rolling import Rolling
from churnml.contracts.customer import Past
from churnml.errors import DataError
from churnml.manifest import MANIFEST, origin, read_manifest
from churnml.probability import levels_of_json
from churnml.publish import read_json
from churnml.value import value
from churnml.windows import label_end

_SHIFTS = ("trained", "last_cutoff", "same_season")


def past_lists(boosters: Path, bundle: ModelBundle) -> pd.DataFrame:
    """Who would have been in which tier at each cutoff that could be predicted out of time.

    Args:
        boosters: folder that train wrote.
        bundle: how scores become risks and tiers.

    Returns:
        one row per (customer_id, as_of): label, left_on, risk, value, expected_loss, tier (name), rank. Of a
        cross-validation, its first repeat.

    Raises:
        DataError: the boosters aren't there, or no cutoff could be predicted.
    """
    if not (boosters / "rolling.parquet").is_file():
        raise DataError(f"{boosters}: no boosters there; run `churnml train` first")
    origin(boosters, "churnml train")
    learned, params = read_json(boosters / "levels.json"), bundle.params
    levels = {name: levels_of_json(known) for name, known in learned["models"].items()}
    start = date.fromisoformat(learned["start"])
    every = Rolling(
        pq.read_table(boosters / "rolling.parquet"),
        levels if params.churn.is_dated else {},
        start,
        params.churn.horizon_days,
    )
    rolling = every.where(every.rows["repeat"].to_numpy() == 0)
    if not len(rolling.label):
        raise DataError("no cutoff could be predicted by a model fitted before it; lower train.min_cutoffs")
    shift, method = bundle.probability.base_rate, bundle.probability.calibrator.method
    risk = rolling.risk(shift if shift in _SHIFTS else "trained", method)
    worth = value(rolling.rows["spend"].to_numpy(), params.features.windows_days[-1], params.score.value)
    judged = Judged.of(rolling.rows, risk, worth, np.ones((1, len(risk))))
    tier = tiers_then(judged, bundle.decision)
    rows = rolling.rows.select(["customer_id", "as_of", "label", "left_on"]).to_pandas()
    rows["risk"], rows["value"], rows["expected_loss"] = risk, worth, risk * worth
    rows["place"], rows["tier"] = tier, np.array(bundle.decision.names)[tier]
    first = "expected_loss" if bundle.decision.order == "expected_loss" else "risk"
    ordered = rows.sort_values(["as_of", "place", first, "customer_id"], ascending=[True, True, False, True])
    rows["rank"] = (ordered.groupby("as_of").cumcount() + 1).reindex(rows.index)
    lists: pd.DataFrame = rows.drop(columns="place")
    return lists


def past_of(boosters: Path, bundle: ModelBundle, customer: str, as_of: date) -> list[Past] | None:
    """What was said of one customer at the cutoffs before as_of that could be predicted out of time, and what followed.

    Args:
        boosters: folder that train wrote.
        bundle: made from them.
        customer: the id.
        as_of: the moment of knowledge: whether somebody left within a horizon that isn't over by then isn't known.

    Returns:
        in order of time; None: the boosters aren't there, or not those of the bundle, so nobody can tell.
    """
    there = (boosters / "rolling.parquet").is_file() and (boosters / MANIFEST).is_file()
    if not there or bundle.made_from.get("boosters") != read_manifest(boosters).get("sha256"):
        return None
    lists, horizon = past_lists(boosters, bundle), bundle.params.churn.horizon_days
    mine = lists[(lists["customer_id"] == customer) & (lists["as_of"] < as_of)].sort_values("as_of")
    return [
        Past(day, float(risk), str(tier), bool(left) if label_end(day, horizon) <= as_of else None)
        for day, risk, tier, left in zip(mine["as_of"], mine["risk"], mine["tier"], mine["label"], strict=True)
    ]

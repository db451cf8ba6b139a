"""What kind of customer each one is, and what the playbook says is to be done."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from churnml.bundle import ModelBundle
from churnml.config import Playbook
from churnml.contracts.segments import NONE
from churnml.language import Locale, shown
from churnml.playbook import KEYS, chosen
from churnml.score.words import NO_PLAY
from churnml.segments import Life, Texts, change_features, fourfold, kinds, layers, rfm_names, stages

_ACTIVE = "activity_recency_days"


def planned(scored: pd.DataFrame, bundle: ModelBundle, as_of: date, snapshots: Path, context: Path) -> pd.DataFrame:
    """The rows with layer, group, stage, rfm_name and kind, and play, to_do, channel, by_whom, due_on and script.

    Who is in a tier that isn't called, and whom no play fits, has nothing to do; where the tier is called, that is said.

    Args:
        scored: one row per customer, with tier, value, cause, usual_gap_days and rfm; with layer, too, where that was
            decided among others than these.
        bundle: its playbook, tiers and definition of leaving.
        as_of: the moment of knowledge.
        snapshots: features of the same customers, in the same order.
        context: for how long each has been a customer, and silent, in the same order.
    """
    churn, contacted = bundle.params.churn, bundle.decision.contacted
    lived = pq.read_table(context, columns=["tenure_days", "silent_days"])
    tenure, silent = lived["tenure_days"].to_numpy(), _silent(lived["silent_days"].to_numpy(), snapshots)
    life = Life(tenure, silent, scored["usual_gap_days"].to_numpy(dtype=float))
    out = scored.copy()
    if "layer" not in scored:
        out["layer"] = layers(scored["value"].to_numpy())
    called = scored["tier"].isin(contacted).to_numpy()
    out["group"] = fourfold(_texts(out, "layer"), called, life, churn.horizon_days)
    out["stage"] = stages(life, churn.active_within_days or 2 * churn.horizon_days)
    out["rfm_name"] = rfm_names(_texts(scored, "rfm"))
    out["kind"] = kinds(_texts(scored, "cause"), _change(bundle, snapshots, len(scored)))
    known = out.fillna({"cause": NONE})  # causes are looked for among those who are called
    number = chosen(bundle.playbook, {key: _texts(known, key) for key in KEYS}, contacted)
    return _with_plays(out, bundle.playbook, number, called, as_of, bundle.params.project.locale)


def unplayed(scored: pd.DataFrame, contacted: Sequence[str]) -> int:
    """How many are to be contacted, and have no play."""
    return int((scored["tier"].isin(contacted) & ~scored["held"] & scored["play"].isna()).sum())


def _texts(rows: pd.DataFrame, name: str) -> Texts:
    return rows[name].to_numpy(dtype=object)


def _silent(days: np.ndarray, snapshots: Path) -> np.ndarray:
    """Days since the last sign of life of any kind: who doesn't buy but comes every day isn't silent."""
    if _ACTIVE not in pq.read_schema(snapshots).names:
        return days
    return np.asarray(np.fmin(days, pq.read_table(snapshots, columns=[_ACTIVE])[_ACTIVE].to_numpy()))


def _change(bundle: ModelBundle, snapshots: Path, rows: int) -> np.ndarray:
    """What each customer did lately against the time before, by whatever measure shows less; NaN where nothing does."""
    names = pq.read_schema(snapshots).names
    wanted = change_features(names, bundle.params.features.windows_days, bundle.params.churn.horizon_days)
    told = pq.read_table(snapshots, columns=wanted)
    return np.asarray(np.fmin.reduce([np.full(rows, np.nan), *(told[name].to_numpy() for name in wanted)]))


def _with_plays(
    rows: pd.DataFrame, playbook: Playbook, number: np.ndarray, called: np.ndarray, as_of: date, locale: Locale
) -> pd.DataFrame:
    plays = playbook.plays
    days = [pd.Timestamp(as_of + timedelta(days=play.due_days)) for play in plays]
    told = {
        "play": [play.name for play in plays],
        "to_do": [play.action.shown(locale) for play in plays],
        "channel": [play.channel for play in plays],
        "by_whom": [play.by for play in plays],
        "script": [play.script.shown(locale) for play in plays],
    }
    for name, words in told.items():
        rows[name] = np.array([*words, None], dtype=object)[number]  # -1 is the last
    rows["due_on"] = pd.Series([*days, pd.NaT], dtype="datetime64[us]").to_numpy()[number]
    rows.loc[called & (number < 0), "to_do"] = shown(NO_PLAY, "no_play", locale)
    return rows

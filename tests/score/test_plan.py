"""What the pack says of each customer, and of what is to be done."""

import dataclasses
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from churnml.bundle import ModelBundle
from churnml.config import Playbook, starter_playbook
from churnml.contracts.segments import CAUSES, FOURFOLD, KINDS, LAYERS, RFM_NAMES, STAGES
from churnml.manifest import read_manifest
from churnml.pipeline import score_tables
from churnml.score.plan import planned

PERSON = {"action": "Call", "channel": "phone", "by": "sales", "due_days": 2, "script": "Hello"}


@pytest.fixture
def scored(finished):
    """All customers of the finished project."""
    (pack,) = finished.lists.iterdir()
    return pq.read_table(pack / "scored.parquet").to_pandas()


def test_every_customer_has_words_that_are_known(scored):
    """Each column holds words of its table alone."""
    known = {"layer": LAYERS, "group": FOURFOLD, "stage": STAGES, "rfm_name": RFM_NAMES, "kind": KINDS, "cause": CAUSES}
    for column, words in known.items():
        assert set(scored[column].dropna()) <= set(words), column
    assert scored.loc[scored["layer"] == "A", "value"].min() > scored.loc[scored["layer"] == "B", "value"].max()


def test_every_customer_has_the_play_of_the_bundle(finished, scored):
    """Action, channel, role and days are those of one play; the days are counted from as_of."""
    plays = {play.name: play for play in ModelBundle.load(finished.bundle).playbook.plays}
    assert plays == {play.name: play for play in starter_playbook().plays}
    for row in scored.itertuples():
        play = plays[row.play]
        assert (row.to_do, row.channel, row.by_whom, row.script) == (
            play.action.en,
            play.channel,
            play.by,
            play.script.en,
        )
        assert row.due_on.date() == row.as_of + timedelta(days=play.due_days)


def test_who_is_called_and_has_no_play_is_told(finished, engine, tmp_path):
    """In the list, on the terminal and on the first sheet; who isn't called has nothing to do, and nobody need know."""
    few = Playbook.model_validate({"plays": [{"name": "call", "when": {"tier": "high"}, **PERSON}]})
    bundle = dataclasses.replace(ModelBundle.load(finished.bundle), playbook=few)
    pack = score_tables(finished.tables, bundle, engine, None, tmp_path)
    rows = pq.read_table(pack.folder / "scored.parquet").to_pandas()
    idle = rows[(rows["tier"] == "medium") & ~rows["held"]]
    assert f"no play of the playbook fits {len(idle)} customers" in " ".join(pack.warnings)
    assert set(idle["to_do"]) == {"no play fits"}
    assert rows.loc[rows["tier"] == "low", ["to_do", "channel", "by_whom", "due_on", "script"]].isna().all(axis=None)
    assert set(rows.loc[rows["tier"] == "high", "play"]) == {"call"}


def test_the_manifest_has_value_against_risk(finished, scored):
    """Counts and money add up to everybody."""
    (pack,) = finished.lists.iterdir()
    cells = [cell for tier in read_manifest(pack)["grid"].values() for cell in tier.values()]
    assert sum(cell["customers"] for cell in cells) == len(scored)
    assert sum(cell["value"] for cell in cells) == pytest.approx(scored["value"].sum(), abs=0.1)


def test_who_comes_every_day_is_not_silent(finished, scored, tmp_path):
    """Whatever events the definition of leaving counts: the group is about any sign of life."""
    bundle, rows = ModelBundle.load(finished.bundle), len(scored)
    snapshots, context = tmp_path / "snapshots.parquet", tmp_path / "context.parquet"
    lived = {"tenure_days": pa.array([900.0] * rows), "silent_days": pa.array([500.0] * rows)}
    pq.write_table(pa.table(lived), context)
    for days, groups in ((2.0, False), (400.0, True)):
        pq.write_table(pa.table({"activity_recency_days": pa.array([days] * rows)}), snapshots)
        told = planned(scored, bundle, date(2024, 1, 1), snapshots, context)
        assert (told["group"] == "silent").all() == groups

"""A world is its seed and its numbers, and nothing else."""

import hashlib
import io

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

import worlds
from churnml.simulate import VERSION, simulate, world_of

SMALL = {"customers": 150, "seed": 7}


def written(folder, kind="both", twists=(), **said):
    simulate(folder, world_of(kind, twists, 24), twists=twists, **{**SMALL, **said})
    return worlds.files_of(folder)


@pytest.mark.parametrize("part", [11, 37, 149])
def test_the_size_of_the_parts_changes_no_byte(tmp_path, part):
    """Whether customers are simulated in small parts or all at once: the same exports, truth and faults."""
    whole = written(tmp_path / "whole", dirty=True)
    assert written(tmp_path / "parts", dirty=True, part=part) == whole


def test_workbooks_too(tmp_path):
    """Workbooks are the same bytes, whatever the size of the parts; they hold no date of their making."""
    assert written(tmp_path / "one", format="xlsx", dirty=True, part=40) == written(
        tmp_path / "two", format="xlsx", dirty=True
    )


def test_dealt_rows_too(tmp_path):
    """In a shuffled world, parts deal rows to customers of other parts, and still give the same bytes."""
    assert written(tmp_path / "one", twists=["shuffled"], part=40) == written(tmp_path / "two", twists=["shuffled"])


def test_row_groups_do_not_show_the_parts(tmp_path, monkeypatch):
    """Files of the truth that are longer than a row group are the same bytes, too."""
    monkeypatch.setattr("churnml.simulate.spill.ROW_GROUP", 1000)
    one, two = written(tmp_path / "one", part=60), written(tmp_path / "two")
    assert pq.read_metadata(tmp_path / "two/truth/states.parquet").num_row_groups > 1
    assert one == two


def test_another_seed_is_another_world(tmp_path):
    """Every file with rows differs."""
    one, two = written(tmp_path / "one"), written(tmp_path / "two", seed=8)
    assert [name for name in one if name.endswith((".csv", "states.parquet")) and one[name] == two.get(name)] == []


def test_a_customer_is_the_same_however_many_there_are(tmp_path):
    """The first 60 customers of a world of 150 are the customers of a world of 60, day by day."""
    written(tmp_path / "many")
    written(tmp_path / "few", customers=60)
    for name in ("customers", "states", "departures", "contacts"):
        many, few = (pq.read_table(tmp_path / which / f"truth/{name}.parquet") for which in ("many", "few"))
        assert many.filter(pa.array(below(many, 60))).equals(few), name


def below(table, count):
    return [int(customer) < count for customer in table["customer_id"].to_pylist()]


EVERYTHING = ("season", "price_rise", "outage", "growing", "drift", "shuffled", "leak")
FROZEN = {
    ("retail", ()): "5a8aa25ba0a1f50451de8aadfda3a7c55530da44b05f9952bd625ec77f57f1de",
    ("saas", ()): "59d1cd41ab1948d687731e1db343dc30b36d60569a07b2d6dd0d6463716bf383",
    ("both", EVERYTHING): "37758eb0b7ad36aa12f837d1b1f763a865b61f7cfa739379dd94c5f230b537ed",
}
"""Of version 1. A change here means another world: raise VERSION in `simulate/world.py`, and measure its ceilings again."""


@pytest.mark.parametrize(("kind", "twists"), FROZEN)
def test_the_world_is_frozen(tmp_path, kind, twists):
    """Exports and truth of version 1 are these, on every machine: tuning a model must not tune the world."""
    assert VERSION == "1"
    files = written(tmp_path / "w", kind, twists, dirty=True)
    del files["params.yaml"]  # how the world is read may change
    hashed = hashlib.sha256()
    for name, content in sorted(files.items()):
        hashed.update(name.encode() + b"\0" + (plain(content) if name.endswith(".parquet") else content))
    assert hashed.hexdigest() == FROZEN[kind, twists]


def plain(parquet: bytes) -> bytes:
    """The rows of a Parquet file, without what its writer adds."""
    lines = io.BytesIO()
    pyarrow.csv.write_csv(pq.read_table(io.BytesIO(parquet)), lines)
    return lines.getvalue()

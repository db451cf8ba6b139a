"""The same to the bit, or not."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from churnml.features.proof.bits import Difference, differences


@pytest.fixture
def found(tmp_path):
    """Called with two columns of three customers: where they differ."""

    def compared(ours, theirs, kind=None):
        for name, values in (("ours", ours), ("theirs", theirs)):
            names = [f"c{number}" for number in range(len(values))]
            pq.write_table(pa.table({"customer_id": names, "value": pa.array(values, kind)}), tmp_path / name)
        return differences(tmp_path / "ours", tmp_path / "theirs")

    return compared


@pytest.mark.parametrize(
    ("ours", "theirs"), [(None, 0.0), (0.0, -0.0), (float("nan"), None), (0.1 + 0.2, 0.3)], ids=str
)
def test_the_last_bit_counts(found, ours, theirs):
    """Unknown isn't 0, 0 isn't -0, NaN isn't unknown, and .1 + .2 isn't .3."""
    assert found([1.0, ours, 2.0], [1.0, theirs, 2.0], pa.float64()) == [Difference("value", 1, ("c1",))]


def test_the_same_is_the_same(found):
    """NaN equals itself here, unknown does, and so do words."""
    assert found([float("nan"), None, 1.5], [float("nan"), None, 1.5], pa.float64()) == []
    assert found(["a", None], ["a", None], pa.string()) == []
    assert found(["a", None], ["b", "c"], pa.string()) == [Difference("value", 2, ("c0", "c1"))]


def test_other_customers_are_another_population(found):
    """Where somebody is missing nothing else is compared."""
    assert found([1.0, 2.0], [1.0, 2.0, 3.0]) == [Difference("population", 1, ("c2",))]

"""Small panels with a known shape."""

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

CATALOG = [
    {"name": "recency_days", "kind": "number"},
    {"name": "spend_56d", "kind": "number"},
    {"name": "profile_town", "kind": "category"},
]


@pytest.fixture
def catalog():
    """The catalog of `rows`."""
    return CATALOG


@pytest.fixture
def rows():
    """400 labelled snapshots of four monthly cutoffs: the longer the silence, the likelier the customer left."""
    rng = np.random.default_rng(3)
    recency = rng.integers(1, 57, 400).astype(float)
    moments = [date(2024, 1, 1) + timedelta(days=28 * (number // 100)) for number in range(400)]
    return pa.table(
        {
            "customer_id": [f"{number % 100:03d}" for number in range(400)],
            "as_of": pa.array(moments, pa.date32()),
            "split": ["train"] * 300 + ["test"] * 100,
            "label": (rng.random(400) < recency / 80).astype(np.int8),
            "recency_days": recency,
            "spend_56d": rng.lognormal(3, 1, 400),
            "profile_town": rng.choice(["Ash", "Beech"], 400),
        }
    )

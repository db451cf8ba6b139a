"""Four tasks on real data, as others have measured them: the same customers, and the same share of them left."""

import pytest

from churnml.adapters.duckdb import DuckDBEngine
from churnml.config import read_params
from churnml.contracts.files import House
from churnml.pipeline import run_features, run_ingest
from panels import sizes
from tasks import TASKS, write_project


@pytest.mark.parametrize("name", TASKS)
def test_population_and_churn_rate(name, tmp_path):
    """Snapshots and churn rate of the training and of the test cutoffs, to the last customer and printed digit."""
    task, house, engine = TASKS[name], House(tmp_path / "project"), DuckDBEngine("2GB")
    write_project(task, house.root)
    params = read_params(house.params)
    params = params.model_copy(update={"features": params.features.model_copy(update={"families": ("rfm",)})})
    run_ingest(params, house, engine)
    run_features(params, house, engine)
    found = sizes(house.panel / "snapshots.parquet")
    count, rate = found["test"]
    assert (count, round(rate, 3)) == task.size
    if task.trained:
        count, rate = found["train"]
        digits = len(str(task.trained[1]).split(".")[1])
        assert (count, round(rate, digits)) == task.trained

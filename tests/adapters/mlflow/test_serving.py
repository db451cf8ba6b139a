"""Feature rows in, risk out: the same bits that `churnml score` gives."""

import mlflow.pyfunc
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from churnml.adapters.mlflow.serving import Risk
from churnml.bundle import ModelBundle
from churnml.contracts.files import PANEL_KEYS


@pytest.fixture(scope="module")
def panel(finished):
    """Sixty rows of the panel, with some cells missing."""
    rows = pq.read_table(finished.panel / "snapshots.parquet").slice(0, 60)
    assert rows["gap_mean_days"].null_count
    return rows


@pytest.fixture(scope="module")
def model(finished):
    """The model that the bundle holds."""
    return ModelBundle.load(finished.bundle).model


@pytest.fixture(scope="module")
def served(registered):
    """The champion, as MLflow loads it for whoever asks."""
    mlflow.set_tracking_uri(registered.uri)
    return mlflow.pyfunc.load_model("models:/churnml@champion")


def risks(answer):
    assert list(answer.columns) == ["risk"]
    return answer["risk"].tolist()


def changed(panel, name, values, kind):
    """The panel with another column in the place of one."""
    return panel.set_column(panel.schema.names.index(name), name, pa.array(values, kind))


def test_rows_of_the_panel(served, model, panel):
    """All columns of the panel or the features alone, in whatever order: the bits of the bundle."""
    expected = model.score(panel).tolist()
    rows = panel.to_pandas()
    assert risks(served.predict(rows)) == expected
    assert risks(served.predict(rows.drop(columns=PANEL_KEYS.names))) == expected
    assert risks(served.predict(rows[rows.columns[::-1]])) == expected


@pytest.mark.parametrize("values", [["Elm", "Ash", None] * 20, [None] * 60], ids=["unknown and missing", "all missing"])
def test_categories(served, model, panel, values):
    """A category that training hadn't seen is as good as none; none at all is no error."""
    rows = panel.to_pandas()
    rows["profile_town"] = pd.Series(values, dtype=object)
    assert risks(served.predict(rows)) == model.score(changed(panel, "profile_town", values, pa.string())).tolist()


@pytest.mark.parametrize("values", [[None, 40.0, 1e9] * 20, [None] * 60], ids=["some missing", "all missing"])
def test_numbers_may_be_missing(served, model, panel, values):
    """Also where a number is missing in every row, so that nothing says that it would be one."""
    rows = panel.to_pandas()
    rows["gap_mean_days"] = pd.Series(values, dtype=object)
    expected = model.score(changed(panel, "gap_mean_days", values, pa.float64()))
    assert risks(served.predict(rows)) == expected.tolist()


def test_whole_numbers(served, model, panel):
    """Days counted in whole numbers are the same days. MLflow lets 32 bits pass as doubles, and refuses 64."""
    days = list(range(60))
    expected = model.score(changed(panel, "recency_days", [float(day) for day in days], pa.float64())).tolist()
    rows = panel.to_pandas().assign(recency_days=np.array(days, dtype=np.int32))
    assert risks(served.predict(rows)) == expected
    with pytest.raises(mlflow.MlflowException, match="recency_days"):
        served.predict(rows.astype({"recency_days": np.int64}))


@pytest.mark.parametrize("kind", ["int64", "Int64", "float32"])
def test_numbers_of_any_kind(finished, model, panel, kind):
    """Whoever asks the model itself may bring numbers of any type."""
    days = [float(day) for day in range(60)]
    rows = panel.to_pandas().assign(recency_days=pd.Series(days, dtype=kind))
    expected = model.score(changed(panel, "recency_days", days, pa.float64())).tolist()
    assert risks(Risk(ModelBundle.load(finished.bundle)).predict(rows)) == expected


def test_one_row_and_none(served, model, panel):
    """One customer alone gets the risk that they get among others; nobody gets none."""
    rows = panel.to_pandas()
    assert risks(served.predict(rows.iloc[[7]])) == [model.score(panel)[7]]
    assert risks(served.predict(rows.iloc[:0])) == []


def test_answers_stay_with_their_rows(served, panel):
    """The answer has the index of the question."""
    rows = panel.to_pandas().set_index("customer_id")
    assert served.predict(rows).index.tolist() == panel["customer_id"].to_pylist()


def test_a_missing_feature_is_refused(served, panel):
    """A feature that isn't there is never filled."""
    with pytest.raises(mlflow.MlflowException, match=r"missing inputs \['recency_days'\]"):
        served.predict(panel.to_pandas().drop(columns="recency_days"))

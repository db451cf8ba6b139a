"""KPIs from counts that one can check by hand."""

from datetime import date

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from churnml.metrics import share_interval
from churnml.report.kpis import COHORTS, kpis

JANUARY = 24288
FIRST, SECOND, THIRD = (date(2024, month, 1) for month in (1, 2, 3))


def told(folder, engine, scored=None, earlier_until=SECOND, last=THIRD, **counts):
    """The KPIs of these counts, given as rows of words below their names."""
    for name, (columns, *rows) in counts.items():
        cells = {column: [row[place] for row in rows] for place, column in enumerate(columns.split())}
        pq.write_table(pa.table(cells), folder / f"{name}.parquet")
    pack = folder / "scored.parquet"
    if scored is not None:
        pq.write_table(pa.table(scored), pack)
    return kpis(
        counts=folder, earlier_until=earlier_until, last=last, window_days=28, scored=pack, engine=engine, work=folder
    )


def test_churn_is_lost_of_those_at_the_start(tmp_path, engine):
    """4 of 16 left in January; a month in which nobody could leave has no rate."""
    found = told(tmp_path, engine, churn=("month customers gone", (JANUARY, 16, 4), (JANUARY + 1, 0, 0))).churn
    low, high = share_interval(4, 16)
    assert found.to_dict("records") == [
        {"month": FIRST, "customers": 16, "left": 4, "rate": 0.25, "low": low, "high": high}
    ]


def test_retention_of_each_cohort_in_each_month(tmp_path, engine):
    """The share of a cohort that is there in a month; a month in which nobody is there is 0, not missing."""
    rows = ((JANUARY, JANUARY, 4), (JANUARY, JANUARY + 1, 3), (JANUARY + 1, JANUARY + 1, 2))
    found = told(tmp_path, engine, retention=("cohort month active", *rows)).retention
    cells = found[["cohort", "month_number", "customers", "active", "share", "before"]]
    assert [tuple(cell) for cell in cells.to_numpy()] == [
        (FIRST, 0, 4, 4, 1.0, True),
        (FIRST, 1, 4, 3, 0.75, True),
        (FIRST, 2, 4, 0, 0.0, True),
        (SECOND, 0, 2, 2, 1.0, False),
        (SECOND, 1, 2, 0, 0.0, False),
    ]
    assert (found["low"][1], found["high"][1]) == share_interval(3, 4)


def test_the_newest_cohorts_alone(tmp_path, engine):
    """Two years of them."""
    rows = [(JANUARY + place, JANUARY + place, 5) for place in range(30)]
    found = told(tmp_path, engine, retention=("cohort month active", *rows), last=date(2026, 6, 1)).retention
    assert found["cohort"].nunique() == COHORTS
    assert found["cohort"].min() == date(2024, 7, 1)


def test_buying_again(tmp_path, engine):
    """3 of 4."""
    found = told(tmp_path, engine, purchases=("month customers again", (JANUARY + 2, 4, 3))).repurchase
    assert (found["month"][0], found["rate"][0]) == (THIRD, 0.75)


def test_days_per_active_customer(tmp_path, engine):
    """Two customers with 1 and 3 days: 2 on average, with a spread of 1."""
    found = told(tmp_path, engine, active_days=("month customers days squares", (JANUARY, 2, 4, 10))).active_days
    half = 1.959964 / 2**0.5
    assert found.iloc[0].tolist() == [FIRST, 2, 2.0, pytest.approx(2 - half), pytest.approx(2 + half)]


def test_promoters_less_detractors(tmp_path, engine):
    """5 of 10 promote and 2 detract: 30; all who promote are 100, and no interval leaves the scale."""
    rows = ((JANUARY, 10, 5, 2), (JANUARY + 1, 3, 3, 0))
    found = told(tmp_path, engine, nps=("month answers promoters detractors", *rows)).nps
    assert found["nps"].tolist() == [pytest.approx(30), 100]
    half = 100 * 1.959964 * ((0.7 - 0.09) / 10) ** 0.5
    assert (found["low"][0], found["high"][0]) == (pytest.approx(30 - half), pytest.approx(30 + half))
    assert found["high"][1] == 100


def test_value_by_cohort(tmp_path, engine):
    """The mean of who is scored; who wasn't there for all of the 28 days that value is measured in is left out."""
    scored = {
        "customer_id": ["a", "b", "c", "d"],
        "as_of": pa.array([date(2024, 3, 20)] * 4),
        "value": [10.0, 20.0, 7.0, 99.0],
    }
    seen = ("customer_id cohort", ("a", JANUARY), ("b", JANUARY), ("c", JANUARY + 1), ("gone", JANUARY))
    found = told(tmp_path, engine, scored, first_seen=seen).clv
    half = round(1.959964 * 50**0.5 / 2**0.5, 6)
    assert found.to_dict("records") == [
        {"cohort": FIRST, "customers": 2, "mean": 15.0, "low": 15 - half, "high": 15 + half, "before": True}
    ]


def test_nobody_knows_the_value(tmp_path, engine):
    """A value of 0 for all is none."""
    scored = {"customer_id": ["a"], "as_of": pa.array([date(2024, 3, 20)]), "value": [0.0]}
    assert told(tmp_path, engine, scored, first_seen=("customer_id cohort", ("a", JANUARY))).clv is None


def test_what_the_tables_dont_tell(tmp_path, engine):
    """Nothing counted: nothing said, and nothing fails."""
    found = told(tmp_path, engine, last=None)
    assert not any(isinstance(getattr(found, name), pd.DataFrame) for name in found.__dataclass_fields__)

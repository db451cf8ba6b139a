"""The retail world is like real ones: CDNOW and Complete Journey, as `benchmarks/simulator/likeness.py` measures them."""

import duckdb
import pytest

from likeness import likeness

RANGES = {
    # statistic: lowest and highest of what CDNOW and Complete Journey show (docs/simulator.md says which is which)
    "repeat_orders_per_year_mean": (1.41, 64.4),
    "repeat_days_per_year_cv": (0.87, 2.23),
    "gap_days_median": (3, 34),
    "gap_days_p90": (13, 200),
    "gap_cv_median": (0.874, 0.944),
    "churn_28_56": (0.129, 0.748),
    "churn_90_180": (0.055, 0.659),
    "single_day_180d_share": (0.017, 0.626),
    "silent_share": (0.030, 0.238),
    "silent_without_slowdown": (0.47, 0.67),  # Complete Journey, cut at different days of its year
    "order_value_mean_to_median": (1.38, 1.68),
}


@pytest.fixture(scope="module")
def measured(retail):
    """A year of those who were customers before it, as in Complete Journey."""
    folder, end = retail.folder, retail.end
    first = end.replace(year=end.year - 1)
    orders = (
        duckdb.sql(f"""
        SELECT Buyer AS customer_id, CAST(Ordered AS DATE) AS day, sum(Paid) AS amount
        FROM read_csv('{folder}/data/raw/shop/*.csv', types={{'Buyer': 'VARCHAR'}}) WHERE Paid >= 0
        AND Buyer IN (SELECT customer_id FROM '{folder}/truth/customers.parquet' WHERE signed_up_on < DATE '{first}')
        GROUP BY "Order No", Buyer, day""")
        .arrow()
        .read_all()
    )
    return likeness(orders, first, end)


@pytest.mark.parametrize("statistic", RANGES)
def test_a_statistic_lies_between_the_real_ones(measured, statistic):
    """Purchase counts, gaps, churn and silent leavers lie between those of two real data sets."""
    low, high = RANGES[statistic]
    assert low <= measured[statistic] <= high


def test_newcomers_leave_sooner(retail):
    """Churn falls with tenure, as in CDNOW (there by 1.2 to 1.5 times, below 84 days against 168 and more)."""
    [new, old] = retail.one("""
        SELECT avg(hazard_none) FILTER (date_diff('day', signed_up_on, week) < 84),
            avg(hazard_none) FILTER (date_diff('day', signed_up_on, week) >= 168) FROM states JOIN customers USING (customer_id)""")
    assert new > 1.5 * old

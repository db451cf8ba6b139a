"""Points 1, 3 and 4 of what must always hold, from exports to features, whatever the history.

Random tiny histories: ties, duplicates, refunds, free baskets, events of the same second, nights in which clocks are
set forward or back, customers with one event or none before as_of.
"""

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from churnml.config import read_params
from churnml.contracts.files import House
from churnml.features import snapshot, write_peers
from churnml.pipeline import run_ingest

ZONE = ZoneInfo("America/New_York")
AS_OF = date(2024, 3, 11)  # the midnight after the night in which New York set its clocks forward
CLOCKS_SET = [datetime(2023, 11, 5, 6, 30, tzinfo=UTC), datetime(2024, 3, 10, 6, 59, 59, tzinfo=UTC)]
MIDNIGHT = datetime(2024, 3, 11, tzinfo=ZONE).astimezone(UTC)

PARAMS = """\
project: {name: tiny, timezone: America/New_York}
sources:
  - table: transactions
    path: transactions*.csv
    columns: {customer_id: id, occurred_at: at, amount: paid, order_id: basket, product: item, category: kind}
churn: {horizon_days: 28, active_within_days: 150}
panel: {train: ['2024-01-01'], test: ['2024-03-11']}
features: {windows_days: [7, 28, 56], history_days: 200, memory_limit: 1GB}
calibrate: {tiers: [{name: all}]}
"""

MOMENTS = st.one_of(
    st.sampled_from([*CLOCKS_SET, *(moment + timedelta(hours=1) for moment in CLOCKS_SET)]),
    st.integers(-190 * 24, 60 * 24).map(lambda hours: MIDNIGHT + timedelta(hours=hours)),
    st.sampled_from([MIDNIGHT - timedelta(seconds=1), MIDNIGHT, MIDNIGHT + timedelta(seconds=1)]),
)
LINES = st.tuples(
    st.sampled_from(["ann", "bob", "cat", "007"]),
    MOMENTS,
    st.sampled_from(["10.00", "0", "-10.00", "3.33"]),
    st.sampled_from("pqr"),
    st.sampled_from(["", "ham", "egg"]),
    st.sampled_from(["food", "tools"]),
)
# Somebody is in the population, and the history reaches back far enough.
ALWAYS = [("ann", MIDNIGHT - timedelta(days=days), "10.00", "p", "ham", "food") for days in (3, 60, 120, 199)]


def features_of(lines, work):
    """What features and peers say at AS_OF of these lines, by customer and to the bit, and the bytes of both files."""
    house = House(work)
    (work / "data/raw").mkdir(parents=True)
    house.params.write_text(PARAMS, encoding="utf-8")
    rows = [",".join([name, at.isoformat(), *cells]) for name, at, *cells in lines]
    (work / "data/raw/transactions.csv").write_text("\n".join(["id,at,paid,basket,item,kind", *rows]) + "\n")
    params = read_params(house.params)
    engine = _engine()
    run_ingest(params, house, engine)
    how = {"tables": house.tables, "churn": params.churn, "params": params.features, "engine": engine, "as_of": AS_OF}
    snapshot(**how, work=work, out=work / "rows")
    write_peers(**how, work=work, out=work / "peers")
    features = {row["customer_id"]: repr(row) for row in pq.read_table(work / "rows").to_pylist()}
    return features, (work / "rows").read_bytes(), (work / "peers").read_bytes()


def _engine():
    from churnml.adapters.duckdb import DuckDBEngine

    return DuckDBEngine("1GB")


def of(*histories):
    """`features_of` each history, in folders of their own."""
    with TemporaryDirectory() as folder:
        return [features_of(lines, Path(folder) / str(number)) for number, lines in enumerate(histories)]


@settings(max_examples=12, deadline=None, derandomize=True)
@given(lines=st.lists(LINES, max_size=14), repeated=st.integers(0, 3))
def test_1_what_comes_at_or_after_as_of_changes_nothing(lines, repeated):
    """The exports as they were a second before as_of give the features that the full ones give, and the same peers."""
    full = [*ALWAYS, *lines, *lines[:repeated]]
    then = [line for line in full if line[1] < MIDNIGHT]
    # The last event says how far the exports reach; a refund at a later time is no event and no past.
    reaching = ("dan", MIDNIGHT + timedelta(days=1), "1.00", "z", "", "food")
    ours, theirs = of([*then, reaching], [*full, reaching])
    assert ours == theirs


@settings(max_examples=12, deadline=None, derandomize=True)
@given(lines=st.lists(LINES, max_size=14), repeated=st.integers(0, 3), order=st.randoms(use_true_random=False))
def test_3_and_4_neither_order_nor_company_matters(lines, repeated, order: random.Random):
    """Rows in another order give the same bytes; without the other customers, ann's features are the same to the bit."""
    reaching = ("ann", MIDNIGHT - timedelta(hours=1), "1.00", "z", "", "food")
    full = [*ALWAYS, *lines, *lines[:repeated], reaching]
    shuffled = order.sample(full, len(full))
    as_it_is, other_order, alone = of(full, shuffled, [line for line in full if line[0] == "ann"])
    assert as_it_is == other_order
    assert alone[0] == {"ann": as_it_is[0]["ann"]}

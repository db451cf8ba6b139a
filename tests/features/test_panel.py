"""The panel: which cutoffs, which rows, and what is refused."""

from datetime import date, timedelta

import pyarrow.parquet as pq
import pytest

import shelf
from churnml.config import Churn, Features, Panel
from churnml.errors import DataError, LeakageError
from churnml.features import build_panel, snapshot
from churnml.manifest import digest, read_manifest, verify

CHURN = Churn(horizon_days=28, active_within_days=28)
FEATURES = Features(windows_days=(7, 28), history_days=28)
DAYS = [date(2024, 1, 1) + timedelta(days=days) for days in range(0, 141, 7)]  # 2024-01-01 … 2024-05-20
WEEKLY = "customer_id occurred_at amount\n" + "\n".join(f"{name} {day} 10" for name in ("bob", "ann") for day in DAYS)


@pytest.fixture
def build(tmp_path, engine):
    """Called with a panel and transactions: the panel of these transactions."""

    def built(panel, transactions=WEEKLY, churn=CHURN):
        tables = shelf.write_tables(tmp_path / "tables", {"transactions": transactions})
        return build_panel(
            tables=tables, churn=churn, panel=panel, params=FEATURES, engine=engine, out=tmp_path / "panel"
        )

    return built


def dates(*days: str) -> tuple[date, ...]:
    return tuple(date.fromisoformat(day) for day in days)


def test_one_row_per_customer_and_as_of_in_that_order(build, tmp_path):
    """The panel is sorted by as_of, then customer; keys are unique; the split goes with the as_of."""
    built = build(Panel(train=dates("2024-02-01", "2024-03-01"), test=dates("2024-04-01")))
    rows = pq.read_table(tmp_path / "panel/snapshots.parquet").to_pylist()
    assert [(str(row["as_of"]), row["customer_id"], row["split"]) for row in rows] == [
        ("2024-02-01", "ann", "train"),
        ("2024-02-01", "bob", "train"),
        ("2024-03-01", "ann", "train"),
        ("2024-03-01", "bob", "train"),
        ("2024-04-01", "ann", "test"),
        ("2024-04-01", "bob", "test"),
    ]
    assert built.rows == 6


def test_cutoffs_are_counted_back_from_the_newest_complete_label(build):
    """Events end on 05-20: labels of 28 days are complete up to 04-23. Training keeps a horizon's distance from it."""
    built = build(Panel(step_days=14, test=1, min_history_days=28))
    train = dates("2024-01-30", "2024-02-13", "2024-02-27", "2024-03-12", "2024-03-26")
    assert built.cutoffs == [*train, *dates("2024-04-23")]


def test_too_short_a_history_to_count_back(build):
    """Where no training cutoff is left, the message says which numbers to change."""
    with pytest.raises(DataError) as refused:
        build(Panel(step_days=28, test=4, min_history_days=28))
    assert str(refused.value) == (
        "panel: 2024-01-01 to 2024-05-20 leaves no training cutoff before 4 test cutoffs; lower panel.test, step_days "
        "or min_history_days, or export more history"
    )


def test_a_training_label_may_not_reach_into_the_test_period(build, tmp_path):
    """A training window that ends after the first test cutoff is refused, with the newest date that is allowed."""
    with pytest.raises(LeakageError) as refused:
        build(Panel(train=dates("2024-02-01", "2024-03-05"), test=dates("2024-04-01")))
    assert str(refused.value) == (
        "panel.train: 2024-03-05: the 28-day label window ends after the first test cutoff 2024-04-01, so the test "
        "answers would be trained on; use training cutoffs up to 2024-03-04"
    )
    assert not (tmp_path / "panel").exists()


def test_a_label_window_must_be_over(build):
    """Who hasn't bought yet in an unfinished window hasn't left."""
    build(Panel(train=dates("2024-02-01"), test=dates("2024-04-23")))
    with pytest.raises(DataError) as refused:
        build(Panel(train=dates("2024-02-01"), test=dates("2024-04-24")))
    assert str(refused.value) == (
        "panel: 2024-04-24: the label window of 28 days isn't over, the events end on 2024-05-20; use cutoffs up to "
        "2024-04-23"
    )


def test_an_empty_population_is_refused(build):
    """A cutoff after a month of silence has nobody who could leave."""
    days = ("2024-01-20", "2024-03-10", "2024-04-20", "2024-06-01")
    silent = "customer_id occurred_at amount\n" + "\n".join(f"ann {day} 10" for day in days)
    with pytest.raises(DataError) as refused:
        build(Panel(train=dates("2024-03-01"), test=dates("2024-04-01")), silent)
    assert str(refused.value) == (
        "nobody is in the population at 2024-03-01: no event in the 28 days before; change panel or "
        "churn.active_within_days, or export that period"
    )


@pytest.fixture
def scored(tmp_path, engine):
    """Called with transactions and as_of: the moment that was scored."""

    def moment(transactions=WEEKLY, as_of=None):
        tables = shelf.write_tables(tmp_path / "tables", {"transactions": transactions})
        given = {"tables": tables, "churn": CHURN, "params": FEATURES, "engine": engine, "work": tmp_path}
        return snapshot(**given, as_of=as_of and date.fromisoformat(as_of), out=tmp_path / "rows")

    return moment


def test_scoring_needs_a_history_as_long_as_features_look_back(scored):
    """Counts over days that the exports don't cover would be too low without anybody noticing."""
    assert scored(as_of="2024-01-29") == date(2024, 1, 29)
    assert scored(as_of="2024-01-22") == date(2024, 1, 22)  # the shop sells once a week: nothing need be missing
    with pytest.raises(DataError) as refused:
        scored(as_of="2024-01-21")
    assert str(refused.value) == (
        "the events begin on 2024-01-01, but features look back 28 days from 2024-01-21 to 2023-12-24; missing: "
        "2023-12; add the folders of those exports, or the tables that hold them by --history, such as data/tables of the "
        "training"
    )


def test_scoring_after_the_end_of_the_exports_is_refused(scored):
    """The midnight after the last event is the newest moment, and the one that is meant where none is named."""
    assert scored() == date(2024, 5, 21)
    with pytest.raises(
        DataError, match=r"^as_of 2024-05-22: the events end on 2024-05-20, so everybody would look silent"
    ):
        scored(as_of="2024-05-22")


def test_without_tables_the_message_names_the_stage_before(tmp_path, engine):
    """An empty folder sends the user to ingest."""
    with pytest.raises(DataError, match="no tables there; run `churnml ingest` first"):
        snapshot(
            tables=tmp_path,
            churn=CHURN,
            params=FEATURES,
            engine=engine,
            as_of=None,
            work=tmp_path,
            out=tmp_path / "rows",
        )


def test_the_panel_says_which_tables_it_was_made_from(build, tmp_path):
    """Its manifest holds the hashes of its files and the identity of the tables; other tables, another identity."""
    panel = Panel(train=dates("2024-02-01"), test=dates("2024-04-01"))
    identities = []
    for transactions in (WEEKLY, WEEKLY.replace("ann 2024-05-20 10", "ann 2024-05-20 11")):
        build(panel, transactions)
        identities.append(verify(tmp_path / "panel"))
        said = read_manifest(tmp_path / "panel")
        assert (said["kind"], said["made_from"]) == ("panel", {"tables": digest(tmp_path / "tables")})
        assert set(said["files"]) == {
            *("snapshots.parquet", "peers.parquet", "context.parquet"),
            *("catalog.json", "history.json"),
        }
    assert identities[0] != identities[1]

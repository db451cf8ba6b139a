"""The embedded engine: same rows, same bytes."""

from datetime import date

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from churnml.adapters.duckdb import ROW_GROUP, DuckDBEngine
from churnml.errors import DataError

MANY = 2 * ROW_GROUP + 1000


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """A table of a little more than two row groups."""
    path = tmp_path_factory.mktemp("many") / "many.parquet"
    numbers = range(MANY)
    pq.write_table(pa.table({"id": [f"{number * 7919 % MANY:07d}" for number in numbers], "x": numbers}), path)
    return path


def test_a_statement_reads_tables_by_name(engine, tmp_path):
    """Tables are named by their keys; the number of rows comes back."""
    pq.write_table(pa.table({"id": ["a", "b", "a"], "x": [1, 2, 3]}), tmp_path / "any name.parquet")
    rows = engine.run(
        "SELECT id, sum(x) AS x FROM given GROUP BY id ORDER BY id",
        {"given": tmp_path / "any name.parquet"},
        tmp_path / "out",
    )
    assert rows == 2
    assert pq.read_table(tmp_path / "out").to_pylist() == [{"id": "a", "x": 4}, {"id": "b", "x": 2}]


def test_threads_dont_change_the_bytes(many, tmp_path):
    """One thread or four: the same file."""
    sql = "SELECT *, sum(x) OVER (PARTITION BY x % 100) AS s FROM many ORDER BY id"
    for threads in (1, 4):
        DuckDBEngine("1GB", threads=threads).run(sql, {"many": many}, tmp_path / f"{threads}")
    assert (tmp_path / "1").read_bytes() == (tmp_path / "4").read_bytes()


def test_batches_dont_change_the_bytes(engine, many, tmp_path):
    """However the input is cut and the output arrives: row groups of a fixed size, the last one shorter."""
    whole = pq.read_table(many)
    pq.write_table(whole, tmp_path / "small", row_group_size=999)
    pq.write_table(whole.slice(0, 12_345), tmp_path / "head")
    pq.write_table(whole.slice(12_345), tmp_path / "tail")
    engine.run("SELECT * FROM many ORDER BY id", {"many": many}, tmp_path / "one")
    engine.run("SELECT * FROM many ORDER BY id", {"many": tmp_path / "small"}, tmp_path / "two")
    parts = {name: tmp_path / name for name in ("head", "tail")}
    either = "(SELECT * FROM tail UNION ALL SELECT * FROM head)"
    engine.run(f"SELECT * FROM {either} AS both_parts ORDER BY id", parts, tmp_path / "three")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes() == (tmp_path / "three").read_bytes()
    written = pq.ParquetFile(tmp_path / "one").metadata
    sizes = [written.row_group(number).num_rows for number in range(written.num_row_groups)]
    assert sizes == [ROW_GROUP, ROW_GROUP, 1000]


def test_statements_are_stacked_as_one_would_write_their_rows(engine, many, tmp_path):
    """One below the other, in row groups that know nothing of where a statement began; each tells its rows."""
    parts = [f"SELECT {number} AS part, * FROM many WHERE x % 3 = {number} ORDER BY id" for number in range(3)]
    rows = engine.stack([*parts, f"{parts[0]} LIMIT 0"], {"many": many}, tmp_path / "stacked")
    engine.run("SELECT x % 3 AS part, * FROM many ORDER BY part, id", {"many": many}, tmp_path / "one")
    whole = pq.read_table(tmp_path / "one")
    assert rows == [*whole.group_by("part").aggregate([([], "count_all")])["count_all"].to_pylist(), 0]
    assert pq.read_table(tmp_path / "stacked").cast(whole.schema).equals(whole)
    written = pq.ParquetFile(tmp_path / "stacked").metadata
    assert [written.row_group(number).num_rows for number in range(written.num_row_groups)] == [
        ROW_GROUP,
        ROW_GROUP,
        1000,
    ]


def test_an_empty_result_keeps_its_schema(engine, tmp_path):
    """No rows are a table all the same."""
    rows = engine.run(
        "SELECT 'a' AS id, CAST(1 AS DOUBLE) AS x, DATE '2024-01-01' AS day WHERE FALSE", {}, tmp_path / "out"
    )
    assert rows == 0
    assert pq.read_schema(tmp_path / "out").equals(
        pa.schema([("id", pa.string()), ("x", pa.float64()), ("day", pa.date32())])
    )


def test_map_keeps_the_order(engine, many, tmp_path):
    """Batch by batch, row by row, as the table has them."""
    rows = engine.map(many, lambda batch: batch.select(["x"]), tmp_path / "out")
    assert rows == MANY
    assert pq.read_table(tmp_path / "out")["x"].to_pylist() == list(range(MANY))


def test_map_sees_batches_of_a_bounded_size(engine, many, tmp_path):
    """A table larger than memory never is in memory whole."""
    sizes = []

    def measured(batch):
        sizes.append(batch.num_rows)
        return batch

    engine.map(many, measured, tmp_path / "out")
    assert max(sizes) <= ROW_GROUP
    assert sum(sizes) == MANY


def test_map_of_nothing_keeps_the_schema(engine, tmp_path):
    """The function says which columns come out, also of an empty table."""
    schema = pa.schema([("id", pa.string()), ("day", pa.date32())])
    pq.write_table(schema.empty_table(), tmp_path / "empty")
    rows = engine.map(tmp_path / "empty", lambda batch: batch.select(["day"]), tmp_path / "out")
    assert (rows, pq.read_schema(tmp_path / "out").names) == (0, ["day"])


def test_days_dont_depend_on_the_machine(engine, tmp_path, monkeypatch):
    """Instants are read in UTC, whatever the timezone of the machine."""
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    engine.run("SELECT CAST(TIMESTAMPTZ '2024-01-01 23:00:00+00' AS DATE) AS day", {}, tmp_path / "out")
    assert pq.read_table(tmp_path / "out")["day"].to_pylist() == [date(2024, 1, 1)]


def test_a_statement_leaves_nothing_to_the_next_one(tmp_path, many):
    """Neither the names of tables nor, after one that spilled or failed, its folder, which is gone by then."""
    engine = DuckDBEngine("150MB", threads=1)
    wide = "SELECT id, repeat(id, 100) AS text FROM many ORDER BY hash(x)"
    for turn in ("first", "second"):
        folder = tmp_path / turn
        folder.mkdir()
        engine.run(wide, {"many": many}, folder / "out")
        with pytest.raises(duckdb.CatalogException, match="many"):
            engine.run("SELECT * FROM many", {}, folder / "none")
        assert [path.name for path in folder.iterdir()] == ["out"]
    assert (tmp_path / "first/out").read_bytes() == (tmp_path / "second/out").read_bytes()


def test_too_little_memory_is_said_so(tmp_path, many):
    """The message names the setting to raise; nothing is left behind."""
    with pytest.raises(DataError, match=r"ran out of memory at features.memory_limit 1MB; raise it"):
        DuckDBEngine("1MB").run("SELECT list(id ORDER BY x) AS ids FROM many", {"many": many}, tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".spill")] == []

"""What must always hold, whatever else changes; each test is named after its promise."""

import dataclasses
import random
import shutil
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings

import histories
import killing
import shelf
import worlds
from churnml.adapters.duckdb import DuckDBEngine
from churnml.bundle import ModelBundle
from churnml.config import Churn, Features, read_params
from churnml.config.panel import FAMILIES
from churnml.contracts.files import House
from churnml.errors import BundleError, DataError, ExportError
from churnml.features import build_panel, families, snapshot
from churnml.features.history import columns_of, table_paths
from churnml.manifest import verify
from churnml.pipeline import run_ingest, score_export, score_tables

AS_OF = date(2024, 6, 17)  # the first test cutoff of the tiny shop
EVERY_FAMILY = [name for name in FAMILIES if name != "breadth"]  # which needs to know what was bought
DATE_OF_ROW = {"transactions": "when", "contacts": "sent"}


def read_csv(path):
    """A CSV as text, header first."""
    return [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]


def write_csv(path, rows):
    path.write_text("".join(",".join(row) + "\n" for row in rows), encoding="utf-8")


def panel_at(house, as_of):
    """The panel's rows of one cutoff."""
    panel = pq.read_table(house.panel / "snapshots.parquet")
    return panel.filter(pc.equal(panel["as_of"], pa.scalar(as_of, pa.date32())))


def risks(pack):
    """Risk by customer, to the bit."""
    rows = pq.read_table(pack.folder / "scored.parquet").to_pylist()
    return {row["customer_id"]: row["risk"].hex() for row in rows}


def features_of(exports, bundle, engine, work):
    """Features by customer, to the bit, from exports alone."""
    house, travelling = House(work), bundle.params
    (work / "params.yaml").write_text(worlds.PARAMS, encoding="utf-8")
    params = read_params(house.params).model_copy(update={"exports": exports, "sources": travelling.sources})
    run_ingest(params, house, engine)
    how = {"churn": travelling.churn, "params": travelling.features, "engine": engine, "as_of": AS_OF}
    snapshot(tables=house.tables, **how, work=work, out=work / "rows")
    return {row["customer_id"]: repr(row) for row in pq.read_table(work / "rows").to_pylist()}


@pytest.fixture(scope="module")
def bundle(finished):
    """The bundle of the finished project, which takes any file whose name begins like the table's."""
    bundle = ModelBundle.load(finished.bundle)
    sources = tuple(
        source.model_copy(update={"path": source.path.removesuffix("*.csv") + "*"}) for source in bundle.params.sources
    )
    return dataclasses.replace(bundle, params=bundle.params.model_copy(update={"sources": sources}))


@pytest.fixture(scope="module")
def reference(finished, engine, bundle, tmp_path_factory):
    """Features and risks of the exports as they are."""
    exports, work = finished.root / "data/raw", tmp_path_factory.mktemp("reference")
    features = features_of(exports, bundle, engine, work)
    return features, risks(score_export([exports], bundle, engine, AS_OF, work / "lists"))


@settings(max_examples=20, deadline=None, derandomize=True)
@given(pair=histories.pairs())
def test_1_no_leakage(engine, pair):
    """What becomes known at or after as_of, rows or cells of older rows, changes no feature of that as_of by a bit."""
    churn, params = Churn(horizon_days=28, active_within_days=60), Features(windows_days=(7, 28, 56))
    seen = []
    with TemporaryDirectory() as folder:
        for number, history in enumerate(pair):
            tables = histories.write(Path(folder) / str(number), history)
            seen.append(shelf.snapshots(tables, engine, churn=churn, params=params))
        computed = families(params, columns_of(table_paths(tables)))
    features = [
        {name: repr(row | {"label": None, "contacted": None}) for name, row in people.items()} for people in seen
    ]
    assert "ann" in features[0]
    assert features[0] == features[1]
    assert [family.name for family in computed] == EVERY_FAMILY


def test_1_no_leakage_from_exports(finished, engine, bundle, tmp_path):
    """Exports as they were on the day of as_of give the features that the panel of the full exports holds for it."""
    exports = tmp_path / "then"
    shutil.copytree(finished.root / "data/raw", exports)
    for name, when in DATE_OF_ROW.items():
        header, *rows = read_csv(exports / f"{name}.csv")
        rows = [row for row in rows if row[header.index(when)] < str(AS_OF)]
        for row in rows:
            if "replied" in header and row[header.index("replied")] >= str(AS_OF):
                row[header.index("replied")] = row[header.index("reply")] = ""
        write_csv(exports / f"{name}.csv", [header, *rows])
    ours = features_of(exports, bundle, engine, tmp_path)
    theirs = panel_at(finished, AS_OF).to_pylist()
    assert ours == {
        row["customer_id"]: repr(row | {"split": "score", "label": None, "contacted": None}) for row in theirs
    }


def test_2_one_path(finished, engine, bundle, tmp_path):
    """A customer's risk from an export is that of the same snapshot in the panel, bit for bit."""
    panel = panel_at(finished, AS_OF)
    expected = [score.hex() for score in bundle.model.score(panel).tolist()]
    pack = score_export([finished.root / "data/raw"], bundle, engine, AS_OF, tmp_path / "lists")
    assert risks(pack) == dict(zip(panel["customer_id"].to_pylist(), expected, strict=True))


def test_2_one_path_however_long_the_history(finished, engine, bundle, tmp_path):
    """An export that reaches back just as far as features look gives the risks of the full one, bit for bit."""
    exports = tmp_path / "short"
    shutil.copytree(finished.root / "data/raw", exports)
    first = str(AS_OF - timedelta(days=bundle.params.features.reach_days))
    for name, when in DATE_OF_ROW.items():
        header, *rows = read_csv(exports / f"{name}.csv")
        write_csv(exports / f"{name}.csv", [header, *(row for row in rows if row[header.index(when)] >= first)])
    short = score_export([exports], bundle, engine, AS_OF, tmp_path / "short-lists")
    assert risks(short) == risks(score_export([finished.root / "data/raw"], bundle, engine, AS_OF, tmp_path / "lists"))


def rows_shuffled(folder):
    for path in folder.glob("*.csv"):
        header, *rows = read_csv(path)
        random.Random(7).shuffle(rows)
        write_csv(path, [header, *rows])


def columns_reversed(folder):
    for path in folder.glob("*.csv"):
        write_csv(path, [row[::-1] for row in read_csv(path)])


def split_into_files(folder):
    header, *rows = read_csv(folder / "transactions.csv")
    (folder / "transactions.csv").unlink()
    for part in range(3):
        write_csv(folder / f"transactions_{part}.csv", [header, *rows[part::3]])


def typed_parquet(folder):
    for path in folder.glob("*.csv"):
        # What is learned from as text is text in any format: DuckDB would take a reply of `yes` for a boolean.
        text = {"id": "VARCHAR"} | ({"reply": "VARCHAR"} if path.name == "contacts.csv" else {})
        table = duckdb.read_csv(str(path), dtype=text).to_arrow_table()
        pq.write_table(table, path.with_suffix(".parquet"))
        path.unlink()


def others_dropped(folder):
    for path in folder.glob("*.csv"):
        header, *rows = read_csv(path)
        write_csv(path, [header, *(row for row in rows if int(row[header.index("id")]) % 5 == 0)])


@pytest.mark.parametrize(
    "change",
    [rows_shuffled, columns_reversed, split_into_files, typed_parquet, others_dropped],
    ids=lambda f: f.__name__,
)
def test_3_batch_invariance(finished, engine, bundle, reference, change, tmp_path):
    """Neither the shape of the export nor who else is in it changes a customer's features and risk by a bit."""
    exports = tmp_path / "changed"
    shutil.copytree(finished.root / "data/raw", exports)
    change(exports)
    features, risk = reference
    changed = features_of(exports, bundle, engine, tmp_path)
    assert set(changed) == {name for name in features if change is not others_dropped or int(name) % 5 == 0}
    assert changed == {name: features[name] for name in changed}
    rescored = risks(score_export([exports], bundle, engine, AS_OF, tmp_path / "lists"))
    assert rescored == {name: risk[name] for name in changed}


def test_3_batch_invariance_over_folders(finished, engine, bundle, reference, tmp_path):
    """Events that come in two folders, or in tables and a folder, change no risk by a bit."""
    older, newer = tmp_path / "older", tmp_path / "newer"
    shutil.copytree(finished.root / "data/raw", newer)
    older.mkdir()
    for name in DATE_OF_ROW:
        header, *rows = read_csv(newer / f"{name}.csv")
        write_csv(older / f"{name}.csv", [header, *rows[::3]])
        write_csv(newer / f"{name}.csv", [header, *rows[1::3], *rows[2::3]])
    assert risks(score_export([older, newer], bundle, engine, AS_OF, tmp_path / "lists")) == reference[1]
    shutil.copy(newer / "customers.csv", older)
    features_of(older, bundle, engine, tmp_path)
    known = House(tmp_path).tables
    assert risks(score_export([newer], bundle, engine, AS_OF, tmp_path / "more-lists", known)) == reference[1]


def test_4_same_bytes(finished, stages, tmp_path):
    """The whole pipeline, run twice in two folders: the same tables, panel, boosters, bundle, lists and reports."""
    worlds.write_project(tmp_path)
    stages(House(tmp_path))
    ours, theirs = worlds.files_of(tmp_path), worlds.files_of(finished.root)
    assert set(ours) == set(theirs)
    assert [name for name in ours if ours[name] != theirs[name]] == []


@pytest.mark.parametrize("threads", [1, 4])
def test_4_same_bytes_whatever_the_threads(finished, tmp_path, threads):
    """One thread or four of the engine: the same panel."""
    params = read_params(finished.params)
    how = {"churn": params.churn, "panel": params.panel, "params": params.features}
    build_panel(tables=finished.tables, **how, engine=DuckDBEngine("1GB", threads), out=tmp_path / "panel")
    assert worlds.files_of(tmp_path / "panel") == worlds.files_of(finished.panel)


def without_a_column(exports, bundle_folder):
    header, *rows = read_csv(exports / "contacts.csv")
    write_csv(exports / "contacts.csv", [row[:-1] for row in [header, *rows]])


def without_history(exports, bundle_folder):
    header, *rows = read_csv(exports / "transactions.csv")
    write_csv(exports / "transactions.csv", [header, *(row for row in rows if row[1] >= "2024-07-20")])


def with_a_changed_byte(exports, bundle_folder):
    path = bundle_folder / "model.txt"
    path.write_bytes(path.read_bytes().replace(b"leaf_value", b"leaf_valve", 1))


@pytest.mark.parametrize(
    ("breakage", "message"),
    [
        (without_a_column, "contacts.csv.*reply"),
        (without_history, "the events begin on 2024-07-20"),
        (with_a_changed_byte, "model.txt: was changed after it was written"),
    ],
)
def test_6_all_or_nothing(project, engine, breakage, message):
    """A run that is refused leaves the older pack byte for byte, and nothing else behind."""
    exports, out = project.root / "data/raw", project.root / "lists"
    score_export([exports], ModelBundle.load(project.bundle), engine, None, out)
    breakage(exports, project.bundle)
    before = worlds.files_of(project.root)
    with pytest.raises((ExportError, BundleError, DataError), match=message):
        score_export([exports], ModelBundle.load(project.bundle), engine, None, out)
    assert worlds.files_of(project.root) == before
    assert sorted(path.name for path in out.iterdir()) == ["2024-07-29"]


def test_6_all_or_nothing_when_killed(project, engine):
    """Killed at 200 random moments, the folder holds a whole pack; the next run clears away what the killed ones left."""
    (pack,) = project.lists.iterdir()
    moments = random.Random(7)
    for _ in range(200):
        process = killing.started(project)
        process.join(moments.uniform(0.02, 0.7))
        assert process.is_alive()
        process.kill()
        process.join()
        verify(pack)
    score_tables(project.tables, ModelBundle.load(project.bundle), engine, None, project.lists)
    assert [path.name for path in project.lists.iterdir()] == [pack.name]
    assert [path.name for path in project.lists.parent.iterdir() if path.name.startswith(".")] == []


def words_in(path):
    """The bytes of a file; of Parquet its cells, decompressed, and its footer."""
    content = path.read_bytes()
    if path.suffix == ".parquet":
        content += repr(pq.read_table(path).to_pydict()).encode() + repr(pq.read_schema(path).metadata).encode()
    return content


def test_8_nothing_private_leaks(finished):
    """Names and phones are in the exports, in the tables, and, where kept, in the lists; nowhere else."""
    private = worlds.PRIVATE.encode()
    holding = {
        str(path.relative_to(finished.root))
        for path in finished.root.rglob("*")
        if path.is_file() and private in words_in(path)
    }
    allowed = ("data/raw/", "data/tables/", "data/lists/")
    assert [name for name in holding if not name.startswith(allowed)] == []
    assert {"data/tables/customers.parquet", "data/lists/2024-07-29/high.csv"} <= holding


def test_8_only_what_is_kept_reaches_the_lists(finished):
    """score.keep names the name, so the lists hold it; the phone stays behind."""
    assert b"Private-" not in b"".join(words_in(path) for path in finished.lists.rglob("*") if path.is_file())

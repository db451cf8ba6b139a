"""The main job, as a newcomer runs it: a fresh clone, real data, real DVC, a real MLflow store."""

import compileall
import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import mlflow
import nbformat
import pyarrow.parquet as pq
import pytest
from nbclient import NotebookClient

from churnml.adapters.duckdb import DuckDBEngine
from churnml.bundle import ModelBundle
from churnml.contracts.files import House
from churnml.features import snapshot
from churnml.manifest import digest, identity, verify
from churnml.pipeline import run_report, score_export
from clones import fresh_clone, shell
from conftest import run_all

STAGES = ["ingest", "features", "train", "calibrate", "score", "report"]
TEST_CUTOFFS = ["2017-11-05", "2017-12-03"]


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A fresh clone in which `make run` has run."""
    house = fresh_clone(tmp_path_factory.mktemp("journey"))
    shell(house.root, "churnml", "demo", "data/raw")
    shell(house.root, "dvc", "repro")
    return house


def outputs(house: House) -> dict[str, str]:
    """Content hash of everything that must be the same tomorrow."""
    places = [house.root / "data/raw", house.tables, house.quarantine, house.panel, house.boosters, house.bundle,
              house.lists, *(house.reports / name for name in ("metrics.json", "train.json", "report.html"))]  # fmt: skip
    return {path.relative_to(house.root).as_posix(): digest(path) for path in places}


def test_population_and_churn_rates(journey: House) -> None:
    """Task CJ28: 4,445 test snapshots of which 13.1 % left, 19,798 training snapshots of which 12.7 % did."""
    panel = pq.read_table(journey.panel / "snapshots.parquet", columns=["split", "label"]).to_pandas()
    counted = panel.groupby("split")["label"].agg(["size", "mean"]).round(3)
    assert counted.loc["test"].tolist() == [4445, 0.131]
    assert counted.loc["train"].tolist() == [19798, 0.127]


def test_quality_on_unseen_cutoffs(journey: House) -> None:
    """The defaults reach AUC .855 and log loss .290, and beat recency alone beyond its interval."""
    metrics = json.loads((journey.reports / "metrics.json").read_text())
    test, recency = metrics["test"], metrics["baselines"]["recency"]
    assert test["auc"] >= 0.855
    assert test["log_loss"] <= 0.290
    assert test["auc_low"] > recency["auc_high"]
    assert recency["auc"] == pytest.approx(0.755, abs=0.001)


def test_tiers_hold_what_they_promise(journey: House) -> None:
    """High holds the team's capacity; of its like more left than of medium's, and of medium's more than of low's."""
    pack = json.loads((journey.lists / "2018-01-02/manifest.json").read_text())["customers"]
    past = json.loads((journey.reports / "metrics.json").read_text())["tiers"]
    assert pack["high"] == 200
    assert list(pack) == ["high", "medium", "low"]
    assert past["high"]["churn_rate_low"] > past["medium"]["churn_rate_high"]
    assert past["medium"]["churn_rate_low"] > past["low"]["churn_rate_high"]


def test_second_repro_does_nothing(journey: House) -> None:
    """A second `dvc repro` runs no stage and changes no file, though Python has compiled the code meanwhile."""
    before = outputs(journey)
    compileall.compile_dir(journey.root / "src", quiet=1)
    assert list((journey.root / "src/churnml/ingest/__pycache__").iterdir())
    said = shell(journey.root, "dvc", "repro").stdout
    assert "Running stage" not in said
    assert "Data and pipelines are up to date." in said
    assert outputs(journey) == before


def test_summary(journey: House) -> None:
    """`churnml report` is a dozen lines or so that say who, how good, how many and where."""
    lines = shell(journey.root, "churnml", "report", "--no-page").stdout.splitlines()
    assert lines[0] == "complete-journey, as of 2018-01-02: who will not come back within 28 days?"
    assert lines[1].startswith("Population 2,226 customers, active within the last 56 days; ")
    assert lines[1].endswith(" of them are left alone as holdout")
    assert len(lines) <= 14
    assert max(len(line) for line in lines) <= 120


def test_one_run_per_stage_under_one_parent(journey: House) -> None:
    """One `dvc repro` is one parent run with one finished child per executed stage, tagged with hashes."""
    client = mlflow.MlflowClient(f"sqlite:///{journey.root / 'mlflow.db'}")
    runs = client.search_runs([client.get_experiment_by_name("churnml").experiment_id])
    parents = [run for run in runs if "mlflow.parentRunId" not in run.data.tags]
    children = {run.data.tags["churnml.stage"]: run for run in runs if run not in parents}
    assert len(parents) == 1
    assert sorted(children) == sorted(STAGES)
    assert {run.data.tags["mlflow.parentRunId"] for run in children.values()} == {parents[0].info.run_id}
    assert {run.info.status for run in runs} == {"FINISHED"}
    assert children["calibrate"].data.metrics["test.auc"] >= 0.855
    assert children["calibrate"].data.tags["churnml.writes.bundle"] == identity(journey.bundle)
    assert children["score"].data.tags["churnml.reads.bundle"] == identity(journey.bundle)
    assert parents[0].data.metrics["test.auc"] == children["calibrate"].data.metrics["test.auc"]
    [tables] = [given.dataset for given in children["features"].inputs.dataset_inputs]
    assert json.loads(tables.profile)["transactions"] == 1469307
    pictures = {artifact.path for artifact in client.list_artifacts(parents[0].info.run_id, "pictures")}
    pictures_of_stages = ("against", "calibration", "groups", "importance", "past_tiers", "ranking", "rates")
    page = {artifact.path for artifact in client.list_artifacts(children["report"].info.run_id)}
    assert page == {"pictures", "report.html"}
    assert pictures == {f"pictures/{name}.png" for name in pictures_of_stages}
    auc = client.get_metric_history(children["calibrate"].info.run_id, "cutoff.auc")
    assert [point.step for point in auc] == list(range(8))
    assert datetime.fromtimestamp(auc[-1].timestamp / 1000, UTC).date().isoformat() == TEST_CUTOFFS[1]


def test_no_run_id_in_any_output(journey: House) -> None:
    """What stages write holds no id of a run, so that a cached stage stays the same."""
    client = mlflow.MlflowClient(f"sqlite:///{journey.root / 'mlflow.db'}")
    runs = client.search_runs([client.get_experiment_by_name("churnml").experiment_id])
    files = [path for folder in ("data", "models", "reports") for path in (journey.root / folder).rglob("*")]
    text = b"".join(path.read_bytes() for path in [*files, journey.root / "dvc.lock"] if path.is_file())
    assert not [run.info.run_id for run in runs if run.info.run_id.encode() in text]


def test_score_of_an_export_is_the_pipelines(journey: House, tmp_path: Path) -> None:
    """`churnml score data/raw` gives the very lists of the pipeline, and a whole pack."""
    bundle = ModelBundle.load(journey.bundle)
    pack = score_export([journey.root / "data/raw"], bundle, DuckDBEngine("4GB"), None, tmp_path)
    for name in ("high.csv", "medium.csv", "low.csv", "scored.parquet"):
        assert (pack.folder / name).read_bytes() == (journey.lists / "2018-01-02" / name).read_bytes()
    verify(pack.folder)


def test_score_of_a_past_month_is_the_panels(journey: House, tmp_path: Path) -> None:
    """At a past as_of, `churnml score` gives each customer the risk of the same snapshot in the panel, bit for bit."""
    bundle = ModelBundle.load(journey.bundle)
    as_of = date.fromisoformat(TEST_CUTOFFS[1])
    pack = score_export([journey.root / "data/raw"], bundle, DuckDBEngine("4GB"), as_of, tmp_path)
    scored = pq.read_table(pack.folder / "scored.parquet").to_pandas().set_index("customer_id")["risk"]
    panel = pq.read_table(journey.panel / "snapshots.parquet", filters=[("as_of", "=", as_of)])
    assert dict(zip(panel["customer_id"].to_pylist(), bundle.model.score(panel), strict=True)) == scored.to_dict()


def test_second_clone_gives_the_same_bytes(journey: House, tmp_path: Path) -> None:
    """Another fresh clone gives the same tables, panel, boosters, bundle, lists and page, byte for byte.

    There, one process runs all stages, without DVC and MLflow: neither they nor what ran before changes a byte.
    """
    other = fresh_clone(tmp_path)
    shell(other.root, "churnml", "demo", "data/raw")
    engine, pack = DuckDBEngine("4GB"), other.lists / "2018-01-02"
    run_all(other, engine)
    run_report(other, ModelBundle.load(other.bundle), engine, pack, other.reports / "report.html")
    assert outputs(other) == outputs(journey)


@pytest.fixture(scope="module")
def defined(journey: House) -> House:
    """The journey, in which `churnml define` has run, too; no stage and no other test reads what it writes."""
    shell(journey.root, "churnml", "define")
    return journey


def key_figures(house: House) -> dict[str, str]:
    """What the reader of each notebook came for, as the stages wrote it."""
    advice = json.loads((house.reports / "define.json").read_text())["recommendation"]
    metrics = json.loads((house.reports / "metrics.json").read_text())
    return {
        "define_churn": advice["reason"],
        "read_evaluation": metrics["verdict"]["sentence"],
        "compare_experiments": f"{metrics['test']['log_loss']:.4f}",
    }


@pytest.mark.parametrize(("name", "fewest"), [("define_churn", 1), ("read_evaluation", 6), ("compare_experiments", 1)])
def test_notebook_reads_what_was_written(defined: House, name: str, fewest: int) -> None:
    """Each notebook runs on what was written, draws, and says what its reader came for."""
    notebook = nbformat.read(defined.root / f"notebooks/{name}.ipynb", as_version=4)
    assert not [cell for cell in notebook.cells if cell.get("outputs")], "commit notebooks without outputs"
    done = NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(defined.root / "notebooks")}}
    ).execute()
    outputs = [out for cell in done.cells for out in cell.get("outputs", [])]
    assert len([out for out in outputs if "image/png" in out.get("data", {})]) >= fewest
    said = [out.get("text", "") + out.get("data", {}).get("text/html", "") for out in outputs]
    assert key_figures(defined)[name] in "\n".join(said)


def test_no_leak_on_real_data(journey: House, tmp_path: Path) -> None:
    """Deleting all transactions and contacts from a cutoff on changes no feature of that cutoff, bit for bit."""
    as_of, tables = TEST_CUTOFFS[-1], tmp_path / "tables"
    tables.mkdir()
    for name, day in (("transactions", "occurred_on"), ("contacts", "contacted_on")):
        duckdb.sql(
            f"COPY (SELECT * FROM '{journey.tables / name}.parquet' WHERE {day} < DATE '{as_of}') "
            f"TO '{tables / name}.parquet'"
        )
    shutil.copy(journey.tables / "customers.parquet", tables)
    bundle = ModelBundle.load(journey.bundle).params
    parts = {}
    for which, folder in (("whole", journey.tables), ("cut", tables)):
        parts[which] = tmp_path / f"{which}.parquet"
        snapshot(
            tables=folder, churn=bundle.churn, params=bundle.features, engine=DuckDBEngine("4GB"),
            as_of=date.fromisoformat(as_of), work=tmp_path, out=parts[which],
        )  # fmt: skip
    assert parts["whole"].read_bytes() == parts["cut"].read_bytes()

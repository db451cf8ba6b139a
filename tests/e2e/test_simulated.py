"""A simulated company in place of the demo: its exports and params in a fresh clone, real DVC."""

import json
import shutil

import pytest

from churnml.contracts.files import House
from clones import fresh_clone, shell


@pytest.fixture(scope="module", params=["retail", "saas"])
def company(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> House:
    """A clone in which docs/simulator.md was followed, and the pipeline has run."""
    house = fresh_clone(tmp_path_factory.mktemp(request.param))
    shell(
        house.root,
        "churnml",
        "simulate",
        "simulated",
        "--scenario",
        request.param,
        "--customers",
        "1500",
        "--weeks",
        "70",
    )
    shutil.copytree(house.root / "simulated/data/raw", house.root / "data/raw")
    shutil.copy(house.root / "simulated/params.yaml", house.params)
    shell(house.root, "dvc", "repro")
    return house


def test_the_whole_pipeline_runs(company: House) -> None:
    """All stages run on the exports as they are; the model ranks better than recency, and says about what happens."""
    metrics = json.loads((company.reports / "metrics.json").read_text())
    test, recency = metrics["test"], metrics["baselines"]["recency"]
    assert test["auc"] > recency["auc"]
    assert test["risk"] == pytest.approx(test["churn_rate"], abs=0.04)
    [pack] = company.lists.iterdir()
    assert pack.name == "2025-05-05"
    assert (pack / "high.csv").is_file()
    profile = json.loads((company.reports / "ingest.json").read_text())
    assert profile["unmatched_files"] == []
    assert {name: table["set_aside"] for name, table in profile["tables"].items() if table["set_aside"]} == {}


def test_the_truth_is_no_export(company: House) -> None:
    """Nothing of the truth lies where exports are read from."""
    assert not [path for path in (company.root / "data/raw").rglob("*") if "truth" in path.as_posix()]

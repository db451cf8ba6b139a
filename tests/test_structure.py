"""The house: what DVC watches, what the command line loads."""

import subprocess
import sys
from pathlib import Path

import grimp
import pytest
from ruamel.yaml import YAML

REPOSITORY = Path(__file__).parents[1]
STAGES = YAML(typ="safe").load((REPOSITORY / "dvc.yaml").read_text())["stages"]
ROOMS = {
    "ingest": ["ingest", "adapters.duckdb", "pipeline"],
    "features": ["features", "adapters.duckdb", "pipeline"],
    "train": ["train", "pipeline"],
    "calibrate": ["calibrate", "pipeline"],
    "score": ["score", "features", "adapters.duckdb", "pipeline"],
    "report": ["report", "features", "adapters.duckdb", "pipeline"],
}
CHANGES_NO_OUTPUT = {"churnml", "churnml.ports", "churnml.errors", "churnml.progress"}


def test_five_stages_and_the_page_in_sequence() -> None:
    """DVC's stages are the verbs, in the order of the flow; the page comes last."""
    assert list(STAGES) == list(ROOMS)
    assert [stage["cmd"] for stage in STAGES.values()] == [f"churnml {name}" for name in ROOMS]


@pytest.mark.parametrize("stage", STAGES)
def test_dvc_watches_all_code_behind_a_stage(stage: str) -> None:
    """Each module that a stage's room imports, directly or not, lies under one of the stage's deps."""
    graph = grimp.build_graph("churnml")
    behind: set[str] = set()
    for room in (f"churnml.{name}" for name in ROOMS[stage]):
        inside = {room, *graph.find_descendants(room)}
        reached = inside if room == "churnml.pipeline" else inside | graph.find_upstream_modules(room, as_package=True)
        behind |= reached
    files = {module: module.replace(".", "/") for module in behind - CHANGES_NO_OUTPUT}
    watched = [dep.removesuffix(".py") for dep in STAGES[stage]["deps"] if dep.startswith("src/")]
    missed = [
        module
        for module, path in files.items()
        if not any(f"src/{path}" == dep or f"src/{path}".startswith(f"{dep}/") for dep in watched)
    ]
    assert missed == []


def test_help_loads_nothing_heavy() -> None:
    """`churnml --help` imports typer and our own verbs, none of the libraries that stages need."""
    heavy = ["pandas", "numpy", "pyarrow", "duckdb", "lightgbm", "sklearn", "mlflow", "pydantic", "rich", "vl_convert"]
    script = (
        "import sys; from churnml.cli.app import app\n"
        "try: app(['--help'])\n"
        f"except SystemExit: print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_no_path_or_host_of_a_machine() -> None:
    """Nothing in the repository names a machine's folders."""
    tracked = subprocess.run(["git", "ls-files"], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    home = ("/home" + "/", "/root" + "/", "/Users" + "/")
    told = [
        name
        for name in tracked.stdout.splitlines()
        if (REPOSITORY / name).is_file()  # a file may be deleted before git is told
        and any(word in (REPOSITORY / name).read_text(encoding="utf-8", errors="ignore") for word in home)
    ]
    assert told == []

"""Projects whose lists are in Chinese: what the terminal says, too."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

import stores
import worlds
from chinese import is_chinese
from churnml.cli.app import app
from churnml.contracts.files import House


@pytest.fixture
def house(project: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """A finished project with lists in Chinese and exports with faults; we stand in its folder."""
    monkeypatch.chdir(project.root)
    stores.write_empty(Path("mlflow.db"))
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    project.params.write_text(
        project.params.read_text().replace("{name: tiny-shop}", "{name: tiny-shop, locale: zh-CN}")
    )
    travelling = project.bundle / "params.json"
    travelling.write_text(travelling.read_text().replace('"locale": "en"', '"locale": "zh-CN"'))
    worlds.resealed(project.bundle)
    customers, contacts = (project.root / f"data/raw/{name}.csv" for name in ("customers", "contacts"))
    customers.write_text(f"{customers.read_text()}99999,soon,A &amp; B,,Ash\n")
    contacts.write_text(contacts.read_text().replace(",", ";"))
    (project.root / "data/raw/notes.txt").write_text("hello")
    return project


@pytest.mark.parametrize("words", [["ingest"], ["score", "data/raw"]], ids=" ".join)
def test_every_line_is_chinese(house: House, words: list[str]) -> None:
    """Counts, repairs, rules, how files were read, what nothing took, and of `score` what follows but for the folder."""
    done = CliRunner().invoke(app, words)
    assert (done.exit_code, done.stdout) == (0, ""), done.output
    lines = done.stderr.splitlines()
    assert [line for line in lines if not is_chinese(line)] == {
        "ingest": [],
        "score": ["lists/2024-07-29", "lists/2024-07-29.html"],
    }[words[0]]
    assert {
        "  列“name”中 1 个单元格的 HTML 实体已修复",
        "  不是时间（not_a_time）：列“joined”有 1 处，例如 customers.csv 第 242 行",
        "  以分号（;）分隔读取：contacts.csv",
        "未读取，没有数据源与之匹配：notes.txt",
    } <= set(lines)

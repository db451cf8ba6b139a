"""All or nothing: killed at any moment, a place holds the old output or the new one, whole."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from churnml import publish
from churnml.errors import OutputError
from churnml.publish import read_json, replacing, scratch, write_json, write_rows, write_text, writer

FILES = [f"{number}.txt" for number in range(5)]
LOOP = """
import sys
from itertools import cycle
from pathlib import Path
from churnml.publish import replacing

target = Path(sys.argv[1])
for count, version in enumerate(cycle("AB")):
    with replacing(target) as (draft,):
        for number in range(5):
            (draft / f"{number}.txt").write_text(version * 20_000)
    if count == 2:
        print("ready", flush=True)
"""


def fill(folder: Path, version: str) -> None:
    """One version of an output of several files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        (folder / name).write_text(version)


def contents(folder: Path) -> dict[str, str]:
    """Everything in a folder."""
    return {path.name: path.read_text() for path in folder.iterdir()}


@pytest.fixture
def dead() -> Iterator[int]:
    """The id of a process that is gone."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    yield process.pid


def test_swapped_in_whole(tmp_path: Path) -> None:
    """What was written replaces the old folder, old files included, and nothing is left beside it."""
    target = tmp_path / "out"
    fill(target, "old")
    with replacing(target) as (draft,):
        (draft / "new.txt").write_text("new")
        assert contents(target) == dict.fromkeys(FILES, "old")
    assert contents(target) == {"new.txt": "new"}
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_untouched_by_a_failure(tmp_path: Path, failure: type[BaseException]) -> None:
    """Whatever goes wrong before the end leaves all targets as they were and nothing beside them."""
    one, two = tmp_path / "one", tmp_path / "sub/two"
    fill(one, "old")
    with pytest.raises(failure), replacing(one, two) as drafts:
        for draft in drafts:
            fill(draft, "new")
        raise failure
    assert contents(one) == dict.fromkeys(FILES, "old")
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_dir()) == ["one", "sub"]


def test_two_renames_where_no_exchange_exists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A platform without an exchanging rename ends in the same state."""
    monkeypatch.setattr(publish.sys, "platform", "win32")
    target = tmp_path / "out"
    fill(target, "old")
    with replacing(target) as (draft,):
        fill(draft, "new")
    assert contents(target) == dict.fromkeys(FILES, "new")
    assert list(tmp_path.iterdir()) == [target]


def test_killed_at_any_moment(tmp_path: Path) -> None:
    """Forty kills at random moments: each time one version is there whole, and the next run clears the leftovers."""
    target, moments = tmp_path / "out", random.Random(7)
    for _ in range(40):
        process = subprocess.Popen([sys.executable, "-c", LOOP, str(target)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(moments.uniform(0, 0.02))
        process.kill()
        process.wait()
        process.stdout.close()
        found = contents(target)
        assert found in (dict.fromkeys(FILES, "A" * 20_000), dict.fromkeys(FILES, "B" * 20_000))
    with replacing(target) as (draft,):
        fill(draft, "last")
    assert contents(target) == dict.fromkeys(FILES, "last")
    assert list(tmp_path.iterdir()) == [target]


def test_an_output_left_aside_is_restored(tmp_path: Path, dead: int) -> None:
    """A run that was killed between two renames is put right by the next one, even if that one fails."""
    fill(tmp_path / f".out.{writer(dead)}.old", "old")
    with pytest.raises(RuntimeError), replacing(tmp_path / "out"):
        raise RuntimeError
    assert contents(tmp_path / "out") == dict.fromkeys(FILES, "old")


def test_leftovers_of_the_dead_are_cleared(tmp_path: Path, dead: int) -> None:
    """Drafts, scratch folders and files of killed runs go; an old output goes only where its successor is there."""
    fill(tmp_path / "out", "current")
    fill(tmp_path / f".out.{writer(dead)}.new", "half")
    fill(tmp_path / f".out.{writer(dead)}.old", "old")
    fill(tmp_path / f".out-work.x1.{writer(dead)}.new", "scratch")
    (tmp_path / f".report.json.{writer(dead)}.new").write_text("{")
    with scratch(tmp_path / "out"):
        assert contents(tmp_path / "out") == dict.fromkeys(FILES, "current")
    assert list(tmp_path.iterdir()) == [tmp_path / "out"]


def test_leftovers_of_the_living_stay(tmp_path: Path) -> None:
    """What another process is writing, and what isn't ours, is left alone."""
    parent = psutil.Process().ppid()
    theirs = {f".out.{writer(parent)}.new", ".out.0badcafe-1.old", ".cache.new", ".notes.old", "x.1.new"}
    for name in theirs:
        (tmp_path / name).mkdir()
    with replacing(tmp_path / "out"):
        pass
    assert {path.name for path in tmp_path.iterdir()} == {*theirs, "out"}


def test_a_killed_run_with_our_process_id_blocks_nobody(tmp_path: Path) -> None:
    """In a container every run may have the same process id: its leftovers are cleared like any other's."""
    for target in ("one", "two"):
        fill(tmp_path / f".{target}.{writer(os.getpid())}.new", "half")
    with scratch(tmp_path / "one") as work, replacing(tmp_path / "one", tmp_path / "two") as drafts:
        assert [list(draft.iterdir()) for draft in drafts] == [[], []]
        assert work.is_dir()
        for draft in drafts:
            fill(draft, "new")
    assert contents(tmp_path / "two") == dict.fromkeys(FILES, "new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "two"]


def test_a_file_is_not_overwritten_by_a_folder(tmp_path: Path) -> None:
    """A target that is a file is refused before anything is written."""
    target = tmp_path / "out"
    target.write_text("mine")
    with pytest.raises(OutputError) as refused, replacing(tmp_path / "other", target):
        pytest.fail("the body must not run")
    assert str(refused.value) == (
        f"{target}: is a file, a folder is written here; move it away or choose another place"
    )
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("target", [".", "..", "/"])
def test_the_folder_that_one_is_in_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    """Nor one above it."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    with pytest.raises(OutputError) as refused, replacing(Path(target)):
        pytest.fail("the body must not run")
    assert str(refused.value) == (
        f"{target}: is the folder that you are in, or above it, and would be replaced; name another one"
    )


def test_a_place_below_a_file_is_refused(tmp_path: Path) -> None:
    """A path that leads through a file can't be written to, whoever tries."""
    (tmp_path / "file").write_text("mine")
    below = tmp_path / "file/out"
    for attempt in (lambda: replacing(below).__enter__(), lambda: scratch(below).__enter__()):
        with pytest.raises(OutputError, match=r"can't be written .*; choose another place"):
            attempt()
    with pytest.raises(OutputError, match=r"can't be written .*; choose another place"):
        write_text(below, "x")


def test_texts_are_replaced_whole(tmp_path: Path) -> None:
    """A text that can't be written leaves the old one as it was."""
    path = tmp_path / "report.txt"
    write_text(path, "old\n")
    with pytest.raises(UnicodeEncodeError):
        write_text(path, "new\n\ud800")
    assert path.read_bytes() == b"old\n"


def test_texts_leave_nothing_beside_them(tmp_path: Path, dead: int) -> None:
    """Half a text of a killed run is cleared by whoever writes there next."""
    (tmp_path / f".report.txt.{writer(dead)}.new").write_text("half")
    write_text(tmp_path / "other.txt", "whole")
    assert contents(tmp_path) == {"other.txt": "whole"}


def test_json_for_people(tmp_path: Path) -> None:
    """JSON is indented, readable and in the order given, the same bytes everywhere."""
    path = tmp_path / "deep/report.json"
    write_json(path, {"name": "张三", "amounts": [1, 2.5]})
    assert path.read_bytes().decode() == '{\n  "name": "张三",\n  "amounts": [\n    1,\n    2.5\n  ]\n}\n'
    assert read_json(path) == json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("content", [None, "", "{", b"\xff"])
def test_unreadable_json(tmp_path: Path, content: str | bytes | None) -> None:
    """A report that isn't there or is broken is refused with the command that makes it."""
    path = tmp_path / "report.json"
    if content is not None:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(OutputError, match=r"report\.json: can't be read \(\w+\); make it with `dvc repro`"):
        read_json(path)


def test_rows_for_programs(tmp_path: Path) -> None:
    """Plain UTF-8 without a mark, columns as the header says; what isn't known is an empty cell, the same bytes everywhere."""
    path = tmp_path / "deep/plot.csv"
    rows = [{"auc": 0.5, "tier": "高, top", "left": 3}, {"tier": "low", "auc": None}, {"tier": "rest"}]
    write_rows(path, ("tier", "auc"), iter(rows))
    assert path.read_bytes() == 'tier,auc\n"高, top",0.5\nlow,\nrest,\n'.encode()


def test_no_rows_are_a_header(tmp_path: Path) -> None:
    """Nothing measured is an answer, too, and replaces what was there."""
    path = tmp_path / "plot.csv"
    path.write_text("old\n1\n2\n")
    write_rows(path, ("tier", "auc"), [])
    assert path.read_bytes() == b"tier,auc\n"

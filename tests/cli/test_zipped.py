"""A bundle may come as a zip: the same lists as from its folder, and nothing unpacked that isn't a bundle."""

import stat
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from typer.testing import CliRunner

import worlds
from churnml.cli.app import app
from churnml.cli.zipped import unzipped
from churnml.contracts.files import House
from churnml.errors import BundleError


def zipped(bundle: Path, path: Path, within: str = "") -> Path:
    """A zip of a bundle, at its root or in a folder inside."""
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for file in sorted(bundle.rglob("*")):
            archive.write(file, within + file.relative_to(bundle).as_posix())
    return path


def test_a_zip_gives_the_lists_of_its_folder(project: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same bytes, and nothing left behind."""
    monkeypatch.chdir(project.root)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{project.root / 'runs.db'}")
    packs = []
    for model in ("models/bundle", str(zipped(project.bundle, project.root / "bundle.zip"))):
        done = CliRunner().invoke(app, ["score", "data/raw", "--model", model, "--out", f"lists-{len(packs)}"])
        assert done.exit_code == 0, done.stderr
        packs.append(worlds.files_of(project.root / f"lists-{len(packs)}"))
    assert packs[0] == packs[1]


@pytest.mark.parametrize("within", ["", "bundle/"])
def test_the_manifest_lies_at_the_root_or_in_one_folder(finished: House, tmp_path: Path, within: str) -> None:
    """As people zip: what is in the folder, or the folder; what a Mac adds beside it is no part of it."""
    path = zipped(finished.bundle, tmp_path / "bundle.zip", within)
    if within:
        with ZipFile(path, "a") as archive:
            archive.writestr("__MACOSX/bundle/._manifest.json", "x")
            archive.writestr("bundle/.DS_Store", "x")
    (tmp_path / "work").mkdir()
    assert worlds.files_of(unzipped(path, tmp_path / "work")) == worlds.files_of(finished.bundle)


def holding(*members: tuple[str | ZipInfo, str]) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with ZipFile(path, "w") as archive:
            for name, text in members:
                archive.writestr(name, text)

    return write


def encrypted(path: Path) -> None:
    holding(("manifest.json", "{}"))(path)
    content = path.read_bytes()
    for header in (b"PK\x03\x04\x14\x00", b"PK\x01\x02\x14\x03\x14\x00"):
        assert header in content
        content = content.replace(header + b"\x00", header + b"\x01")
    path.write_bytes(content)


def cut(path: Path) -> None:
    holding(("manifest.json", "{}"))(path)
    path.write_bytes(path.read_bytes()[:40])


def damaged(path: Path) -> None:
    holding(("manifest.json", "{}" * 40))(path)
    path.write_bytes(path.read_bytes().replace(b"{}{}{}", b"{}{{}}", 1))


def link() -> ZipInfo:
    info = ZipInfo("model.txt")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


@pytest.mark.parametrize(
    ("write", "said"),
    [
        (lambda path: path.write_text("no zip"), "can't be read as a zip (BadZipFile); "),
        (cut, "can't be read as a zip (BadZipFile); "),
        (damaged, "can't be read as a zip (BadZipFile); "),
        (encrypted, "is encrypted; "),
        (holding(("notes.txt", "x")), "holds no manifest.json at its root or in one folder inside; "),
        (holding(("a/b/manifest.json", "{}")), "holds no manifest.json at its root or in one folder inside; "),
        (holding(("a/manifest.json", "{}"), ("b/manifest.json", "{}")), "holds several bundles; "),
        (holding(("manifest.json", "{}"), ("../evil.txt", "x")), "a name in it leads out of the zip, "),
        (holding(("manifest.json", "{}"), ("/evil.txt", "x")), "a name in it leads out of the zip, "),
        (holding(("manifest.json", "{}"), ("a\\..\\evil.txt", "x")), "a name in it leads out of the zip, "),
        (holding(("manifest.json", "{}"), (link(), "/etc/passwd")), "holds a link or a file that no bundle holds; "),
    ],
    ids=["text", "cut", "damaged", "encrypted", "empty", "deep", "several", "up", "absolute", "backslash", "link"],
)
def test_a_zip_that_is_no_bundle(tmp_path: Path, write: Callable[[Path], object], said: str) -> None:
    """One line that says what is wrong; nothing is written beside the folder that was given."""
    write(tmp_path / "bundle.zip")
    work = tmp_path / "deep/work"
    work.mkdir(parents=True)
    with pytest.raises(BundleError) as refused:
        unzipped(tmp_path / "bundle.zip", work)
    assert str(refused.value).startswith(f"{tmp_path / 'bundle.zip'}: {said}")
    assert "zip the folder of the bundle again" in str(refused.value)
    assert "\n" not in str(refused.value)
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["work"]

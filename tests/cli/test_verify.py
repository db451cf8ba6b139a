"""`churnml verify`: every hash on the way from a list to the exports."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

import worlds
from churnml.cli.app import app
from churnml.contracts.files import House
from churnml.manifest import digest, identity

PACK = Path("data/lists/2024-07-29")


@pytest.fixture
def house(project: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """A finished project, standing in its folder."""
    monkeypatch.chdir(project.root)
    return House()


def test_everything_is_whole(house):
    """Line by line, each thing with its hash, on stdout; nothing in the project is changed."""
    before = worlds.files_of(Path())
    done = CliRunner().invoke(app, ["verify", str(PACK)])
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"{PACK}: whole, sha256 {identity(PACK)}",
        f"models/bundle: whole, sha256 {identity(house.bundle)}",
        f"models/boosters: whole, sha256 {identity(house.boosters)}",
        f"data/panel: whole, sha256 {identity(house.panel)}",
        f"data/tables: whole, sha256 {digest(house.tables)}",
        f"data/raw: whole, sha256 {digest(Path('data/raw'))}",
    ]
    assert worlds.files_of(Path()) == before


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        (PACK / "high.csv", PACK / "high.csv"),
        (PACK / "manifest.json", PACK / "manifest.json"),
        ("models/bundle/tiers.json", "models/bundle/tiers.json"),
        ("models/boosters/final.txt", "models/boosters/final.txt"),
        ("data/panel/snapshots.parquet", "data/panel/snapshots.parquet"),
        ("data/tables/customers.parquet", "data/tables"),
        ("data/raw/contacts.csv", "data/raw/contacts.csv"),
    ],
)
def test_a_changed_byte_is_found(house, changed, named):
    """One byte anywhere on the way: exit 1 and one line that names the place."""
    content = bytearray(Path(changed).read_bytes())
    content[len(content) // 2] ^= 1
    Path(changed).write_bytes(content)
    done = CliRunner().invoke(app, ["verify", str(PACK)])
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith(f"error: {named}: ")


def test_lists_of_another_bundle(house):
    """That the project went on to another bundle doesn't make the lists wrong: it is said, and exit 0."""
    before = identity(house.bundle)[:12]
    (house.bundle / "catalog.json").write_text("[]")
    worlds.resealed(house.bundle)
    done = CliRunner().invoke(app, ["verify", str(PACK)])
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines()[:2] == [
        f"{PACK}: whole, sha256 {identity(PACK)}",
        f"bundle {before}: not here; models/bundle is another one, {identity(house.bundle)[:12]}",
    ]


@pytest.mark.parametrize("path", ["nope", "reports", "params.yaml"])
def test_what_has_no_hash_cant_be_checked(house, path):
    """One line that says what may be named."""
    done = CliRunner().invoke(app, ["verify", path])
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == (
        f"error: {path}: holds no manifest.json, so there is nothing to check it against; name a bundle or a pack\n"
    )

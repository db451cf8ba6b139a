"""A folder is what its manifest says, byte for byte, or it is refused."""

import json
from pathlib import Path

import pytest

from churnml.errors import BundleError
from churnml.manifest import combined, digest, file_digest, identity, origin, read_manifest, verify, write_manifest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three files, one of them in a folder of its own, and their manifest."""
    (tmp_path / "plots").mkdir()
    (tmp_path / "model.txt").write_text("tree\n")
    (tmp_path / "list.bin").write_bytes(bytes(range(20)))
    (tmp_path / "plots/manifest.json").write_text("{}")
    write_manifest(tmp_path, "lists", {"bundle": "b0"}, {"as_of": "2024-03-01", "city": "北京"})
    return tmp_path


def refusal(folder: Path) -> str:
    """What verify says when it refuses."""
    with pytest.raises(BundleError) as refused:
        verify(folder)
    return str(refused.value)


def test_intact(folder: Path) -> None:
    """An untouched folder passes, and its hash stands for all of it."""
    manifest = read_manifest(folder)
    assert verify(folder) == manifest["sha256"]
    assert list(manifest["files"]) == ["list.bin", "model.txt", "plots/manifest.json"]
    assert (manifest["kind"], manifest["made_from"]) == ("lists", {"bundle": "b0"})
    assert (manifest["as_of"], manifest["city"]) == ("2024-03-01", "北京")


def test_any_changed_byte_is_refused(folder: Path) -> None:
    """Each single byte of each file, the manifest's own included, is guarded."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        whole = path.read_bytes()
        for place in range(len(whole)):
            for changed in (whole[place] ^ 1, whole[place] ^ 32, 255 - whole[place]):
                path.write_bytes(whole[:place] + bytes([changed]) + whole[place + 1 :])
                assert refusal(folder).startswith(f"{path}: was changed after it was written")
        path.write_bytes(whole)
    verify(folder)


def test_cut_or_grown_files_are_refused(folder: Path) -> None:
    """One byte less or more is a change, too."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        whole = path.read_bytes()
        for other in (whole[:-1], whole + b"\n", b""):
            path.write_bytes(other)
            assert refusal(folder).startswith(f"{path}: was changed")
        path.write_bytes(whole)


@pytest.mark.parametrize("content", ["[]", "[1]", "1", "null", '"x"', "{}", "\ud83d"])
def test_a_manifest_that_is_none(folder: Path, content: str) -> None:
    """Anything in its place that isn't a manifest is refused like a changed one."""
    (folder / "manifest.json").write_bytes(content.encode("utf-8", "surrogatepass"))
    assert refusal(folder) == (
        f"{folder / 'manifest.json'}: was changed after it was written, or is missing; "
        "restore it from where it came from, or make it again"
    )


def test_missing_manifest(folder: Path) -> None:
    """A folder without manifest is refused."""
    (folder / "manifest.json").unlink()
    assert refusal(folder) == (
        f"{folder}: holds no manifest.json, so there is nothing to check it against; name a bundle or a pack"
    )


@pytest.mark.parametrize("name", ["model.txt", "plots/manifest.json"])
def test_missing_file(folder: Path, name: str) -> None:
    """A file that is listed must be there."""
    (folder / name).unlink()
    assert refusal(folder) == f"{folder / name}: is missing; restore it from where it came from, or make it again"


@pytest.mark.parametrize("name", ["zebra.txt", ".hidden", "plots/extra.png"])
def test_extra_file(folder: Path, name: str) -> None:
    """A file that isn't listed doesn't belong there."""
    (folder / name).write_text("")
    assert refusal(folder) == f"{folder / name}: isn't in the manifest; move it elsewhere"


def test_same_files_same_manifest(folder: Path) -> None:
    """The manifest depends on kind, origin, facts, names and contents; a change of any is another identity."""
    before, facts = (folder / "manifest.json").read_bytes(), {"as_of": "2024-03-01", "city": "北京"}
    write_manifest(folder, "lists", {"bundle": "b0"}, facts)
    assert (folder / "manifest.json").read_bytes() == before
    seen = {json.loads(before)["sha256"]}
    for kind, made_from, said in (
        ("panel", {"bundle": "b0"}, facts),
        ("lists", {"bundle": "b1"}, facts),
        ("lists", {"bundle": "b0"}, {**facts, "as_of": "2024-03-02"}),
    ):
        write_manifest(folder, kind, made_from, said)
        seen.add(verify(folder))
    assert len(seen) == 4


def test_origin_goes_on_from_what_it_was_made_from(folder: Path) -> None:
    """What is made from a folder is made from it and from all that it was made from, the folder itself last."""
    assert list(origin(folder, "churnml train").items()) == [("bundle", "b0"), ("lists", verify(folder))]


def test_origin_of_a_changed_folder_is_refused(folder: Path) -> None:
    """Nothing is said to come from a folder that isn't what its manifest says."""
    (folder / "model.txt").write_text("another tree\n")
    with pytest.raises(BundleError, match=r"model\.txt: was changed after it was written"):
        origin(folder, "churnml train")


def test_identity_is_the_manifests_else_the_contents(folder: Path) -> None:
    """A folder with a manifest is known by the hash that this states; others, and files, by the hash of their content."""
    assert identity(folder) == read_manifest(folder)["sha256"]
    assert identity(folder / "model.txt") == digest(folder / "model.txt")
    (folder / "manifest.json").unlink()
    assert identity(folder) == digest(folder)


def test_hashes_of_files_combine_to_that_of_their_folder(folder: Path) -> None:
    """In whatever order they are named, under the very names that they have in the folder."""
    names = ["plots/manifest.json", "model.txt", "manifest.json", "list.bin"]
    digests = {name: file_digest(folder / name) for name in names}
    assert combined(digests) == combined(dict(sorted(digests.items()))) == digest(folder)
    assert combined({**digests, "model.txt": digests["list.bin"]}) != digest(folder)
    assert combined({name.replace("model", "models"): sha for name, sha in digests.items()}) != digest(folder)


def test_digest_of_a_folder_sees_names_and_contents(folder: Path) -> None:
    """A renamed, changed or added file changes the hash of the folder; the hash of a file is that of its bytes."""
    seen = {digest(folder)}
    (folder / "model.txt").rename(folder / "models.txt")
    seen.add(digest(folder))
    (folder / "models.txt").write_text("tree")
    seen.add(digest(folder))
    (folder / "empty").touch()
    seen.add(digest(folder))
    assert len(seen) == 4
    assert digest(folder / "empty") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

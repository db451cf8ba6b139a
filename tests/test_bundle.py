"""The bundle: everything that scoring needs, whole or refused."""

import dataclasses
import json

import pytest

import worlds
from churnml.bundle import ModelBundle
from churnml.errors import BundleError
from churnml.model import Model


def test_what_was_saved_is_loaded(finished, tmp_path):
    """Saved and loaded again, a bundle is equal in every part, and its files in every byte."""
    bundle = ModelBundle.load(finished.bundle)
    bundle.save(tmp_path)
    again = ModelBundle.load(tmp_path)
    for field in dataclasses.fields(ModelBundle):
        if field.name != "model":
            assert getattr(again, field.name) == getattr(bundle, field.name)
    assert again.model.columns == bundle.model.columns
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        path.name: path.read_bytes() for path in finished.bundle.iterdir()
    }


def test_the_bundle_holds_the_final_booster(finished):
    """What scores is the booster fitted on all labelled cutoffs, not the evaluation booster."""
    bundled = (finished.bundle / "model.txt").read_bytes()
    assert bundled == (finished.boosters / "final.txt").read_bytes()
    assert bundled != (finished.boosters / "evaluation.txt").read_bytes()


def test_nothing_in_it_is_pickled(finished):
    """Text and JSON only: opening a bundle runs no code of whoever made it."""
    for path in finished.bundle.iterdir():
        if path.suffix == ".json":
            json.loads(path.read_text(encoding="utf-8"))
        else:
            assert path.read_text(encoding="utf-8").startswith("tree\nversion=")


@pytest.mark.parametrize(
    "name",
    [
        *("catalog.json", "manifest.json", "model.json", "model.txt", "params.json", "probability.json"),
        *("playbook.json", "reference.json", "tiers.json", "verdict.json"),
    ],
)
def test_a_changed_byte_is_refused(project, name):
    """Every file is under its hash, the manifest too; the message names the file."""
    path = project.bundle / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(BundleError, match=f"{name}: was changed after it was written"):
        ModelBundle.load(project.bundle)


def test_a_missing_or_an_extra_file_is_refused(project):
    """A bundle is whole: nothing less, nothing more."""
    (project.bundle / "notes.txt").write_text("ours", encoding="utf-8")
    with pytest.raises(BundleError, match=r"notes.txt: isn't in the manifest"):
        ModelBundle.load(project.bundle)
    (project.bundle / "notes.txt").unlink()
    (project.bundle / "tiers.json").unlink()
    with pytest.raises(BundleError, match=r"tiers.json: is missing"):
        ModelBundle.load(project.bundle)


def test_no_bundle_is_said_so(tmp_path):
    """The message says how to make one or where to name one."""
    with pytest.raises(BundleError) as refused:
        ModelBundle.load(tmp_path)
    assert str(refused.value) == (
        f"{tmp_path}: no bundle there (no manifest.json); run `dvc repro` or name a bundle with --model"
    )


def test_a_bundle_of_another_version_is_refused(project):
    """Sections that this version doesn't know are named, not guessed."""
    path = project.bundle / "params.json"
    params = json.loads(path.read_text(encoding="utf-8"))
    params["churn"]["grace_days"] = 3
    path.write_text(json.dumps(params), encoding="utf-8")
    worlds.resealed(project.bundle)
    with pytest.raises(BundleError, match=r"made by another version of churnml \(churn.grace_days: unknown key"):
        ModelBundle.load(project.bundle)


def test_the_model_in_it_scores(finished):
    """The loaded model has the columns of the catalog, in its order."""
    bundle = ModelBundle.load(finished.bundle)
    assert isinstance(bundle.model, Model)
    assert bundle.model.columns.features == tuple(entry["name"] for entry in bundle.catalog)
    assert bundle.families == ("rfm", "rhythm", "trend", "lifecycle", "contacts", "profile")

"""params.yaml is read whole or refused in one line that says which key and what to do."""

from pathlib import Path

import pytest
from pydantic import ValidationError

import worlds
from churnml.config import Params, Travelling, read_params
from churnml.errors import ParamsError

REPO = Path(__file__).parents[2]


def read(folder: Path, text: str) -> Params:
    """The parameters in this text."""
    path = folder / "params.yaml"
    path.write_text(text, encoding="utf-8")
    return read_params(path)


def refusal(folder: Path, text: str) -> str:
    """What is said about this text."""
    with pytest.raises(ParamsError) as refused:
        read(folder, text)
    said = str(refused.value)
    assert "\n" not in said
    return said.removeprefix(f"{folder / 'params.yaml'}")


def changed(old: str, new: str) -> str:
    """The parameters of the tiny shop with one thing changed."""
    assert worlds.PARAMS.count(old) == 1
    return worlds.PARAMS.replace(old, new)


def test_our_own_params() -> None:
    """The params.yaml of this repository is valid."""
    params = read_params(REPO / "params.yaml")
    assert params.project.name == "complete-journey"
    assert params.churn.horizon_days == 28


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("project:", "projct:", "projct: unknown key; did you mean 'project'?; project: is missing"),
        ("{name: tiny-shop}", "{name: x, timezon: UTC}", "project.timezon: unknown key; did you mean 'timezone'?"),
        (
            "{name: tiny-shop}",
            "{name: x, z: 1}",
            "project.z: unknown key (known here: name, timezone, locale, currency)",
        ),
        (
            "path: customers*.csv",
            "path: c\n    delimeter: x",
            "sources.2.delimeter: unknown key; did you mean 'delimiter'?",
        ),
        ("share: 0.2", "shar: 0.2", "calibrate.tiers.1.shar: unknown key; did you mean 'share'?"),
        ("score: {", "score: {value: {margn: 1}, ", "score.value.margn: unknown key; did you mean 'margin'?"),
    ],
)
def test_misspelt_keys(tmp_path: Path, old: str, new: str, said: str) -> None:
    """An unknown key is refused at any depth, with the nearest key of that very place."""
    words = refusal(tmp_path, changed(old, new)).removeprefix(": ")
    assert sorted(words.split("; ")) == sorted(said.split("; "))


def test_at_most_three_are_named(tmp_path: Path) -> None:
    """A long list of mistakes is cut after three and counted."""
    text = changed("score: {", "score: {aa: 1, bb: 1, cc: 1, dd: 1, ee: 1, ")
    said = refusal(tmp_path, text)
    assert said.count("unknown key") == 3
    assert said.endswith(" (and 2 more)")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: [1, 2\nc: 3\n", " line 3: expected ',' or ']', but got ':'"),
        ("a: 1\n\tb: 2\n", " line 2: found character '\\t' that cannot start any token"),
        ("a: 1\na: 2\n", ' line 2: found duplicate key "a" with value "2" (original value: "1")'),
        ("- 1\n", ": expected sections (project, sources, churn, panel …), found none"),
        ("", ": expected sections (project, sources, churn, panel …), found none"),
        ("a: 2024-13-01\n", ": month must be in 1..12"),
    ],
)
def test_what_is_no_yaml(tmp_path: Path, text: str, said: str) -> None:
    """A mistake of YAML is named with its line; a file without sections is told what to hold."""
    assert refusal(tmp_path, text) == said


def test_yaml_runs_nothing(tmp_path: Path) -> None:
    """A tag that asks for Python objects is refused."""
    assert "could not determine a constructor" in refusal(tmp_path, "a: !!python/object/apply:os.getcwd []\n")


def test_missing_file(tmp_path: Path) -> None:
    """A missing file is answered with where to run."""
    with pytest.raises(ParamsError) as refused:
        read_params(tmp_path / "params.yaml")
    assert str(refused.value) == (
        f"{tmp_path / 'params.yaml'}: no such file; run churnml in the folder of your params.yaml"
    )


def test_other_encodings(tmp_path: Path) -> None:
    """Parameters are UTF-8; anything else is refused before it is misread."""
    (tmp_path / "params.yaml").write_bytes("name: 北京".encode("gb18030"))
    with pytest.raises(ParamsError, match=r"isn't UTF-8 text; save it as UTF-8, without another change$"):
        read_params(tmp_path / "params.yaml")


@pytest.mark.parametrize(
    "section", ["project", "ingest", "churn", "panel", "features", "train", "calibrate", "score", "track"]
)
def test_sections_are_frozen(tmp_path: Path, section: str) -> None:
    """Nobody can change a parameter after it was read, neither a section nor a key in it."""
    params = read(tmp_path, worlds.PARAMS)
    part = getattr(params, section)
    first = next(iter(type(part).model_fields))
    with pytest.raises(ValidationError, match="frozen"):
        setattr(part, first, getattr(part, first))
    with pytest.raises(ValidationError, match="frozen"):
        setattr(params, section, part)


def test_what_travels_comes_back(tmp_path: Path) -> None:
    """The sections in a bundle are those that were read, and none that scoring doesn't need."""
    params = read(tmp_path, worlds.PARAMS)
    travelled = Travelling.model_validate(params.travelling())
    for section in Travelling.model_fields:
        assert getattr(travelled, section) == getattr(params, section)
    assert set(params.travelling()) == set(Travelling.model_fields)


def test_what_was_learned_from_travels_with_its_kind() -> None:
    """A date or whether a cell is filled is a number in the panel, and read as such again in a new export; what was left out stays out."""
    params = read_params(REPO / "params.yaml")
    profile = {"onboarded": "date", "town": "auto", "level": "number", "owner": "filled"}
    params = params.model_copy(update={"features": params.features.model_copy(update={"profile": profile})})
    travelling = Travelling.model_validate(params.travelling())
    catalog = [{"name": "recency_days", "kind": "number"}, {"name": "profile_onboarded", "kind": "number"}]
    catalog += [{"name": "profile_town", "kind": "category"}, {"name": "profile_owner", "kind": "number"}]
    learned = {"onboarded": "date", "town": "category", "owner": "filled"}
    assert travelling.with_attributes(catalog).features.profile == learned

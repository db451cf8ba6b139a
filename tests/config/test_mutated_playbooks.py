"""Five hundred broken playbooks: each is refused in one line, or works."""

import copy
import json
import random
from pathlib import Path

import numpy as np
import pytest

from churnml.config.playbook import Playbook, playbook_of, read_playbook, starter_playbook
from churnml.contracts.segments import CAUSES, FOURFOLD, LAYERS, STAGES
from churnml.errors import ParamsError
from churnml.playbook import chosen, reviewed

TIERS, CALLED = ["high", "medium", "low"], ["high", "medium"]
STARTER = starter_playbook().model_dump(mode="json", exclude_none=True)
FEW = {"plays": [STARTER["plays"][number] for number in (0, 1, 10, 11, 13, 22, 27)]}
TEXT = Path(__file__).parents[2].joinpath("playbook.yaml").read_text(encoding="utf-8")
FOUR = TEXT[TEXT.index("plays:") : TEXT.index("  - name: value_silent_a")]
DEEP: list = []
for _ in range(200):
    DEEP = [DEEP]
ODD = [
    *(
        None,
        True,
        0,
        -1,
        10**30,
        1.5,
        float("nan"),
        float("inf"),
        "",
        " ",
        "x" * 5000,
        "服务",
        "😀",
        "service",
        "high",
        "A",
        "\x07",
    ),
    *("\ud800", "=1+1", [], [None], ["service", "service"], {}, {"en": 1}, {1: 2}, DEEP, b"x"),
]
LETTERS = ":{}[],-#&*!|>'\"%@`\t\n \u4e2d\x00aZ9"
SEEDS = range(250)


def places(node, path=()):
    """Every place of a nested structure."""
    yield path
    for key, inside in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from places(inside, (*path, key))


def mutated(seed):
    """The starter, or a part of it, with one to three faults."""
    rng = random.Random(seed)
    raw = {"": copy.deepcopy(FEW if seed % 5 else STARTER)}
    for _ in range(rng.randint(1, 3)):
        *above, key = rng.choice([path for path in places(raw) if path])
        node = raw
        for step in above:
            node = node[step]
        fault = rng.choice(["odd", "odd", "gone", "misspelt", "twice", "inside"])
        if fault == "odd":
            node[key] = copy.deepcopy(rng.choice(ODD))
        elif fault == "gone" and above:
            del node[key]
        elif fault == "misspelt" and isinstance(key, str) and len(key) > 2:
            place = rng.randrange(len(key))
            node[key[:place] + rng.choice("exq_") + key[place + 1 :]] = node.pop(key)
        elif fault == "twice" and isinstance(node, list):
            node.append(copy.deepcopy(node[key]))
        else:
            node[key] = rng.choice([[node[key]], {key: node[key]}])
    return raw.get("", {})


def works(make):
    """Whether it was taken; if so, it can be used and travels."""
    try:
        playbook = make()
        review = reviewed(playbook, TIERS, CALLED)
    except ParamsError as refused:
        said = str(refused)
        assert said.strip()
        assert len(said.splitlines()) == 1
        assert len(said) < 1000
        said.encode()
        return False
    assert all(len(line.splitlines()) == 1 for line in review.lines)
    again = json.loads(json.dumps(playbook.model_dump(mode="json"), ensure_ascii=False).encode().decode())
    assert Playbook.model_validate(again) == playbook
    rng = np.random.default_rng(0)
    words = {"tier": TIERS, "layer": [*LAYERS], "cause": [*CAUSES], "group": [*FOURFOLD], "stage": [*STAGES]}
    people = {key: rng.choice(np.array(known, dtype=object), 50) for key, known in words.items()}
    found = chosen(playbook, people, CALLED)
    assert found.max() < len(playbook.plays)
    return True


def test_faults_of_structure():
    """Keys misspelt, doubled, gone, values of any other kind, in any place."""
    taken = [works(lambda seed=seed: playbook_of(mutated(seed), Path("playbook.yaml"))) for seed in SEEDS]
    assert 0 < sum(taken) < len(taken) / 2


def test_faults_of_typing(tmp_path):
    """Letters and lines gone, doubled, or others, as a hand in a hurry leaves them."""
    path, taken = tmp_path / "playbook.yaml", []
    for seed in SEEDS:
        rng, text = random.Random(seed), FOUR
        for _ in range(rng.randint(1, 3)):
            place = rng.randrange(len(text))
            line = text.rfind("\n", 0, place) + 1
            text = rng.choice(
                [
                    text[:place] + text[place + 1 :],
                    text[:place] + rng.choice(LETTERS) + text[place:],
                    text[:line] + "  " + text[line:],
                    text[:line] + text[text.find("\n", line) + 1 :],
                    text[:place],
                ]
            )
        path.write_text(text, encoding="utf-8")
        taken.append(works(lambda: read_playbook(path)))
    assert 0 < sum(taken) < len(taken)


@pytest.mark.parametrize(
    "text", ["a: &a [*a]", "plays: &a [*a]", "[" * 3000, "plays: !!python/object:os.system {}", "\ufeffplays: 1"]
)
def test_what_yaml_allows(tmp_path, text):
    """Structures that hold themselves, or are nested without end, and code."""
    path = tmp_path / "playbook.yaml"
    path.write_text(text, encoding="utf-8")
    assert not works(lambda: read_playbook(path))

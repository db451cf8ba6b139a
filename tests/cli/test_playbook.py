"""playbook.yaml beside params.yaml, and what `churnml calibrate` says of it."""

import json

import pytest
from typer.testing import CliRunner

import worlds
from churnml.cli.app import app

PLAY = "{name: call, when: {contacted: true}, action: Call, channel: phone, by: sales, due_days: 2, script: Hello}"


def calibrated(house, text):
    (house.root / "playbook.yaml").write_text(text, encoding="utf-8")
    return CliRunner().invoke(app, ["calibrate"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (PLAY.replace("phone", "fone"), "play 1 (call) channel: no channel 'fone'; did you mean 'phone'?"),
        (PLAY.replace("contacted: true", "tier: hig"), "'call' names the tier 'hig', which calibrate.tiers of params.yaml doesn't; "
         "did you mean 'high'? (high, medium, low)"),
    ],
)  # fmt: skip
def test_a_wrong_playbook_is_refused(tracked, text, said):
    """In one line, with exit code 2, and no output changes."""
    before = worlds.files_of(tracked.root)
    done = calibrated(tracked, f"plays: [{text}]\n")
    assert done.exit_code == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    after = worlds.files_of(tracked.root)
    assert {name for name in after if after[name] != before.get(name)} == {"playbook.yaml"}


def test_gaps_and_dead_plays_are_told(tracked):
    """On the terminal and in metrics.json; the bundle holds the playbook."""
    done = calibrated(tracked, f"plays: [{PLAY}, {PLAY.replace('call', 'again')}]\n")
    assert done.exit_code == 0, done.output
    assert "playbook: low: no play\n" in done.stderr
    assert "playbook: 'again' is never reached: earlier plays take all its customers (call)\n" in done.stderr
    assert json.loads((tracked.reports / "metrics.json").read_text())["playbook"]["gaps"] == ["low: no play"]
    assert [play["name"] for play in json.loads((tracked.bundle / "playbook.json").read_text())["plays"]] == [
        "call",
        "again",
    ]

"""playbook.yaml: what is understood, and what is refused in one line."""

from pathlib import Path

import pytest

from churnml.config.playbook import CHANNELS, ROLES, Playbook, read_playbook, starter_playbook
from churnml.errors import ParamsError

REPOSITORY = Path(__file__).parents[2]
PLAY = "name: call, action: Call them, channel: phone, by: account_manager, due_days: 2, script: 'Hello'"


def read(folder, *plays):
    path = folder / "playbook.yaml"
    path.write_text("plays:\n" + "".join(f"  - {{{play}}}\n" for play in plays), encoding="utf-8")
    return read_playbook(path)


def refused(folder, *plays):
    with pytest.raises(ParamsError) as error:
        read(folder, *plays)
    said = str(error.value)
    assert "\n" not in said
    return said.removeprefix(f"{folder / 'playbook.yaml'}: ")


def changed(was, now):
    assert was in PLAY
    return PLAY.replace(was, now)


def test_the_starter_is_the_repository_s(tmp_path):
    """A project without a playbook has the one that the repository shows."""
    assert (
        read_playbook(tmp_path / "playbook.yaml") == starter_playbook() == read_playbook(REPOSITORY / "playbook.yaml")
    )
    shipped = REPOSITORY / "src/churnml/config/starter/playbook.yaml"
    assert shipped.read_bytes() == (REPOSITORY / "playbook.yaml").read_bytes()


def test_one_word_is_a_list_of_one_and_one_language_serves_for_both(tmp_path):
    """What people write first works."""
    (play,) = read(tmp_path, PLAY + ", when: {cause: service, layer: [A]}").plays
    assert play.when.cause == ("service",)
    assert [play.action.shown(locale) for locale in ("en", "zh-CN")] == ["Call them", "Call them"]
    (play,) = read(tmp_path, changed("action: Call them", "action: {zh-CN: 打电话}")).plays
    assert play.action.shown("en") == "打电话"


def test_a_script_is_one_line(tmp_path):
    """So is a cell of a list, however it was folded."""
    (play,) = read(tmp_path, changed("'Hello'", r'"Hello,\n  how are you?\n"')).plays
    assert play.script.shown("en") == "Hello, how are you?"


def test_it_survives_json():
    """It travels in the bundle."""
    starter = starter_playbook()
    assert Playbook.model_validate_json(starter.model_dump_json()) == starter


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("script: 'Hello'", "scrip: 'Hello'", "play 1 (call) scrip: unknown key; did you mean 'script'?; play 1 (call) script: is missing"),
        ("channel: phone", "channel: fone", "play 1 (call) channel: no channel 'fone'; did you mean 'phone'? "
         "(phone, visit, chat_group, message, mail, app, coupon, survey)"),
        ("by: account_manager", "by: acount_manager", "play 1 (call) by: no role 'acount_manager'; did you mean 'account_manager'? "
         "(account_manager, team_lead, service, sales, product, marketing, finance, automatic)"),
        ("due_days: 2", "due_days: 0", "play 1 (call) due_days: input should be greater than or equal to 1"),
        ("due_days: 2", "due_days: .nan", "play 1 (call) due_days: input should be a valid integer"),
        ("name: call", "name: Call me", "play 1 (Call me) name: expected a short name in small letters, such as call_at_risk"),
        ("'Hello'", "{de: Hallo}", "play 1 (call) script.de: unknown key (known here: en, zh-CN); play 1 (call) script.en: is missing; "
         "play 1 (call) script.zh-CN: is missing"),
        ("'Hello'", "[7]", "play 1 (call) script: expected text, or {en: …, zh-CN: …}"),
        ("'Hello'", r'"Hello\x07"', "play 1 (call) script.en: holds characters that nobody can read; write it again; "
         "play 1 (call) script.zh-CN: holds characters that nobody can read; write it again"),
        ("'Hello'", "'  '", "play 1 (call) script.en: is empty; say something, or take the play out; play 1 (call) script.zh-CN: is empty; "
         "say something, or take the play out"),
    ],
)  # fmt: skip
def test_a_wrong_play_is_refused(tmp_path, was, now, said):
    """Which play, which key, and the nearest word."""
    assert refused(tmp_path, changed(was, now)) == said


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("{cause: servise}", "play 1 (call) when: no cause 'servise'; did you mean 'service'? "
         "(service, value, competitor, operations, relationship, none)"),
        ("{group: loyalty}", "play 1 (call) when: no group 'loyalty'; did you mean 'loyal'? (loyal, at_risk, new, silent, regular)"),
        ("{stag: new}", "play 1 (call) when.stag: unknown key; did you mean 'stage'?"),
        ("{layer: []}", "play 1 (call) when.layer: an empty list fits nobody; name some, or leave the key out"),
        ("{layer: [A, A]}", "play 1 (call) when.layer: 'A' is listed twice"),
        ("{tier: high, contacted: true}", "play 1 (call) when: tier and contacted say the same in two ways; keep one of them"),
    ],
)  # fmt: skip
def test_a_wrong_condition_is_refused(tmp_path, when, said):
    """An unknown word would fit nobody, silently."""
    assert refused(tmp_path, f"{PLAY}, when: {when}") == said


@pytest.mark.parametrize("words", [CHANNELS, ROLES])
def test_each_word_is_there_in_both_languages(words):
    """No word is missing, and none stands for two things."""
    for language in (0, 1):
        said = [pair[language].strip() for pair in words.values()]
        assert all(said)
        assert len(set(said)) == len(said)


@pytest.mark.parametrize("gift", ["offer: true", "offer: false, channel: coupon"])
@pytest.mark.parametrize("when", ["{}", "{cause: [competitor, service]}", "{cause: none}"])
def test_nothing_is_given_away_where_price_is_not_the_cause(tmp_path, gift, when):
    """A discount for a slow answer teaches customers to complain."""
    play = f"{PLAY.replace('channel: phone, ', '')}, when: {when}, {gift}"
    play = play if "channel" in gift else f"{play}, channel: phone"
    assert "where price isn't the cause only makes customers cheaper; say cause: [competitor]" in refused(
        tmp_path, play
    )
    assert read(tmp_path, play.replace(when, "{cause: competitor}"))


def test_two_plays_of_one_name_are_refused(tmp_path):
    """Their effects could not be told apart."""
    assert refused(tmp_path, PLAY, PLAY) == "plays: 'call' is listed twice"


@pytest.mark.parametrize(
    "text", ["", "plays", "- plays", "plays: {}", "plays: []", "plays: [1]", "plays: [[]]", "plays: 3"]
)
def test_what_is_no_playbook_is_refused(tmp_path, text):
    """In one line, whatever it is."""
    path = tmp_path / "playbook.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ParamsError, match=r"^[^\n]+$"):
        read_playbook(path)

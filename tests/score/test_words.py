"""The pack's words, in each language."""

import string

import pytest

from churnml.contracts import listed
from churnml.language import shown
from churnml.score import words

TABLES = {name: table for words_of in (words, listed) for name, table in vars(words_of).items() if name.isupper()}


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("language", [0, 1])
def test_one_word_for_one_thing(table: str, language: int) -> None:
    """No word is missing, and none stands for two things."""
    said = [pair[language] for pair in TABLES[table].values()]
    assert all(word.strip() == word and word for word in said)
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("table", TABLES)
def test_both_languages_say_the_same_facts(table: str) -> None:
    """A sentence has the same places for numbers and names in both languages."""
    for pair in TABLES[table].values():
        facts = [{field for _, field, _, _ in string.Formatter().parse(text) if field} for text in pair]
        assert facts[0] == facts[1]


def test_what_is_explained_is_a_column() -> None:
    """The first sheet explains columns, by the names that they have."""
    assert set(words.MEANINGS) <= set(words.COLUMNS)


def test_headers_keep_the_names_of_the_code_in_english() -> None:
    """Whoever reads the files with a program finds the documented names."""
    assert [english for english, _ in words.COLUMNS.values()] == list(words.COLUMNS)


def test_a_name_without_a_word_is_shown_as_it_is() -> None:
    """A tier that somebody called vip is vip in every language."""
    assert [shown(listed.TIERS, name, "zh-CN") for name in ("high", "vip")] == ["高", "vip"]
    assert [shown(listed.TIERS, name, "en") for name in ("high", "vip")] == ["high", "vip"]

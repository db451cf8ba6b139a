"""What topics and words there are, against the catalog and against each other."""

import re
from string import Formatter

import pytest

from churnml.config import Features
from churnml.contracts.files import ATTRIBUTE
from churnml.contracts.segments import NONE
from churnml.contracts.tables import TABLES
from churnml.features.catalog import catalog, families, told
from churnml.reasons.causes import TELLING
from churnml.reasons.facts import Facts
from churnml.reasons.topics import TOPICS

COLUMNS = {
    table.name: [name for column in table.columns for name in dict.fromkeys((column.name, column.day))]
    for table in TABLES.values()
}
GENERAL = {"month", "recent", "longest", "currency"}
STATEMENTS = [
    pytest.param(topic, statement, id=f"{topic.name}-{place}")
    for topic in TOPICS
    for place, statement in enumerate(topic.statements)
]


def described(windows_days=(7, 14, 28, 56, 112), **more):
    """Cause of each feature of all tables with all columns, and of what is told beside them."""
    params = Features(windows_days=windows_days, **more)
    return {entry["name"]: entry["cause"] for entry in catalog([*families(params, COLUMNS), *told(COLUMNS)])}


def named(feature, windows_days=(7, 14, 28, 56, 112)):
    """A feature's name with its windows."""
    return Facts({}, windows_days).named(feature)


def places(words):
    """What is in braces, in the order of the alphabet."""
    return sorted(name for _, name, _, _ in Formatter().parse(words) if name is not None)


@pytest.mark.parametrize(
    "windows_days", [(7, 14, 28, 56, 112), (10, 30, 60, 90), (7, 21, 35), (28,), (7,), (1, 365)], ids=str
)
def test_each_feature_belongs_to_one_topic(windows_days):
    """None is missed and no patterns overlap, with a year to compare with, too."""
    every = described(windows_days, history_days=364 + 2 * windows_days[-1])
    found = {feature: [topic.name for topic in TOPICS if topic.has(feature)] for feature in every}
    assert {feature: names for feature, names in found.items() if len(names) != 1} == {}


def test_each_topic_has_a_feature():
    """No topic waits for features that nobody computes."""
    assert [topic.name for topic in TOPICS if not any(map(topic.has, described()))] == []


def test_attributes_belong_to_no_topic():
    """An attribute's name is the owner's and may be anything: it is a topic of its own."""
    names = [f"{ATTRIBUTE}{name}" for name in (*described(), "town")]
    assert [name for name in names for topic in TOPICS if topic.has(name)] == []


def test_topics_have_different_names():
    """A name stands for one topic."""
    assert len({topic.name for topic in TOPICS}) == len(TOPICS)


@pytest.mark.parametrize(("topic", "statement"), STATEMENTS)
def test_a_statement_speaks_of_a_feature_of_its_topic(topic, statement):
    """One that the catalog has, so that its cause is known."""
    assert named(statement.feature) in described()
    assert topic.has(named(statement.feature))


@pytest.mark.parametrize("name", sorted({one.topic for one in TELLING}))
def test_what_tells_is_a_topic_that_speaks_for_a_cause(name):
    """Evidence for no cause would decide, and say that nothing is clear."""
    [topic] = [topic for topic in TOPICS if topic.name == name]
    causes = described()
    assert NONE not in {causes[named(statement.feature)] for statement in topic.statements}


def test_what_is_told_beside_the_catalog_says_its_cause_itself():
    """The same as the entry says; what is learned from leaves it to the catalog."""
    beside = {feature.name for family in told(COLUMNS) for feature in family.features}
    for topic in TOPICS:
        for statement in topic.statements:
            assert topic.learned == (statement.feature not in beside)
            assert statement.cause == ("" if topic.learned else described()[statement.feature])


def test_nothing_tells_twice():
    """Each topic has one place in the order of evidence, but for one that stands further on without its condition."""
    for place, one in enumerate(TELLING):
        before = [other for other in TELLING[:place] if other.topic == one.topic]
        assert len(before) <= 1
        assert not before or (before[0].if_ is not None and one.if_ is None)


@pytest.mark.parametrize(("topic", "statement"), STATEMENTS)
def test_both_languages_say_the_same_numbers(topic, statement):
    """Each number of the customer's in both; what is general, such as a window's length, may be left to one."""
    english, chinese = places(statement.en), places(statement.zh)
    assert [name for name in english if name not in GENERAL] == [name for name in chinese if name not in GENERAL]
    assert set(english) - GENERAL == set(statement.filled)


@pytest.mark.parametrize(("topic", "statement"), STATEMENTS)
def test_each_language_is_itself(topic, statement):
    """English is plain ASCII but for the arrow; Chinese has Chinese, and no English word but NPS."""
    english, chinese = (re.sub(r"\{\w+\}", "", words) for words in (statement.en, statement.zh))
    assert english.replace("→", "").isascii()
    assert re.search(r"[一-鿿]", chinese) or "NPS" in chinese
    assert set(re.findall(r"[A-Za-z]+", chinese)) <= {"NPS"}

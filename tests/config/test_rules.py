"""rules.yaml is read whole or refused in one line that names the rule, the place and what to do."""

import pytest

from churnml.config import STARTER_RULES, Rules, read_rules, rules_of
from churnml.errors import ParamsError

RULE = """\
rules:
  - name: it
    title: It
    when: {feature: recency_days, at_least: 30}
    then: Call
"""


def refusal(folder, text):
    """What is said about this text."""
    path = folder / "rules.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ParamsError) as refused:
        read_rules(path)
    said = str(refused.value)
    assert "\n" not in said
    return said.removeprefix(f"{path}: ")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("then:", "than:", "rule 'it'.than: unknown key; did you mean 'then'?; rule 'it'.then: is missing"),
        ("at_least", "at_leest", "rule 'it'.when.at_leest: unknown key; did you mean 'at_least'?"),
        ("at_least: 30", "at_least: many", "rule 'it'.when.at_least: input should be a valid number, unable to parse string as a number"),
        ("at_least: 30", "at_least: true", "rule 'it'.when.at_least: expected a number, not true or false"),
        ("at_least: 30", "above: 30, below: 3", "rule 'it'.when: no number is that high and that low at once; exchange them"),
        (
            ", at_least: 30", "",
            "rule 'it'.when: say what to compare it with: above, at_least, below, at_most, is, is_not, in, known, over_days, "
            "rises_by, falls_by, changed_by, changed",
        ),
        (
            "{feature: recency_days, at_least: 30}", "{all: [{feature: a, above: 1}, {risk: {at_least: 1}, value: {above: 3}}]}",
            "rule 'it'.when.all.1: a condition is about one of feature, attribute, event, all, any, not, risk, value, "
            "expected_loss, tier, to_call; not risk and value at once; put them below all or any",
        ),
        (
            "{feature: recency_days, at_least: 30}", "{event: {table: activty}, within_days: 3}",
            "rule 'it'.when.event: no table 'activty'; did you mean 'activity'? (customers, transactions, activity, tickets, "
            "surveys, subscriptions, cancellations, contacts)",
        ),
        (
            "{feature: recency_days, at_least: 30}",
            "{event: {table: subscriptions, column: auto_renew, says: ['no']}, within_days: 3}",
            "rule 'it'.when.event: subscriptions has no text with a history called 'auto_renew' (customer_id, "
            "subscription_id, plan, cancel_reason)",
        ),
        (
            "{feature: recency_days, at_least: 30}", "{event: {table: activity, column: event, says: ['{as_of}']}, within_days: 3}",
            "rule 'it'.when.event.says: braces and signs that nobody can see can't be looked for; remove them",
        ),
        (
            "feature: recency_days, at_least: 30", "risk: {at_least: 0.3}, within_days: 3",
            "rule 'it'.when: within_days doesn't go with risk; beside it may stand nothing",
        ),
        ("    then: Call", "    then: Call\n    due_days: 8", "rule 'it'.due_days: input should be less than or equal to 7"),
        ("    then: Call", "    then: Call\n    due_days: 0", "rule 'it'.due_days: input should be greater than or equal to 1"),
        ("    then: Call", "    then: Call\n    replaces: [thas]", "rule 'it' replaces 'thas', which isn't there"),
        ("    then: Call", "    then: Call\n    replaces: [it]", "rule 'it' replaces itself, directly or by way of another one"),
        ("feature: recency_days, at_least: 30", "risk: {at_least: 30}",
         "rule 'it'.when.risk: at_least 30: a risk is a share from 0 to 1; 30 % is 0.3"),
        ("feature: recency_days, at_least: 30", "risk: {above: -1}", "rule 'it'.when.risk: above -1: a risk is a share from 0 to 1"),
        ("feature: recency_days, at_least: 30", "tier: []", "rule 'it'.when.tier: the list is empty; name at least one"),
        ("feature: recency_days, at_least: 30", f"all: [{', '.join(['{to_call: true}'] * 51)}]",
         "rule 'it'.when.all: expected at most 50, found 51"),
        ("    then: Call", "    then: Call\n    urgency: urgnt",
         "rule 'it'.urgency: input should be 'urgent', 'normal' or 'watch'; did you mean 'urgent'?"),
        ("name: it", "name: a b", "rule 'a b'.name: expected a short name of letters, digits and _, without spaces, such as no_login_30d"),
        ("name: it", "name: all", "rule 'all'.name: 'all' stands for all rules together in rules.csv; call this one otherwise"),
        ("title: It", "title: [It]", "rule 'it'.title: expected text, or {en: …, zh-CN: …}"),
        ("title: It", "title: {zh: 它}", "rule 'it'.title.zh: unknown key (known here: en, zh-CN); rule 'it'.title.en: is missing; rule 'it'.title.zh-CN: is missing"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(old, new, said, tmp_path):
    """By the name of the rule, not by its number."""
    assert refusal(tmp_path, RULE.replace(old, new)) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "expected rules, as in rules: [{name: …, when: …, then: …}], found none"),
        ("rules: [*a]", "undefined alias"),
        ("rules: &a [*a]", "says more than anybody reads"),
        ("a: &a [1, 1, 1]\n" + "".join(f"{n}: &{n} [*{p}, *{p}, *{p}]\n" for p, n in zip("abcdefghij", "bcdefghijk", strict=True)), "says more"),
        ("rules: " + "[" * 3000 + "]" * 3000, "brackets within brackets"),
    ],
)  # fmt: skip
def test_a_file_that_nobody_wrote_is_refused(text, said, tmp_path):
    """Empty, broken, deep, or multiplying by aliases: one line, at once."""
    assert said in refusal(tmp_path, text)


@pytest.mark.parametrize("title", ["{en: It}", "{zh-CN: It}", "{en: It, zh-CN: }", "It"])
def test_one_language_is_enough(title, tmp_path):
    """As in playbook.yaml: what is said in one only is shown in both."""
    path = tmp_path / "rules.yaml"
    path.write_text(RULE.replace("title: It", f"title: {title}"), encoding="utf-8")
    (rule,) = read_rules(path).rules
    assert [rule.title.shown("en"), rule.title.shown("zh-CN")] == ["It", "It"]


def test_one_text_stands_for_both_languages(tmp_path):
    """And each language can have its own."""
    path = tmp_path / "rules.yaml"
    path.write_text(RULE.replace("title: It", "title: {en: It, zh-CN: 它}"), encoding="utf-8")
    (rule,) = read_rules(path).rules
    assert [rule.title.shown("en"), rule.title.shown("zh-CN"), rule.then.shown("zh-CN")] == ["It", "它", "Call"]


def test_without_a_file_the_starter_rules_hold(tmp_path):
    """A project gets along without rules.yaml; an empty list of rules means none."""
    assert rules_of(tmp_path / "rules.yaml") == read_rules(STARTER_RULES)
    (tmp_path / "rules.yaml").write_text("rules: []", encoding="utf-8")
    assert rules_of(tmp_path / "rules.yaml").rules == ()


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_another_encoding_is_refused_with_what_to_do(encoding, tmp_path):
    """As Chinese editors and spreadsheets save it."""
    path = tmp_path / "rules.yaml"
    path.write_bytes(RULE.replace("It", "沉默").encode(encoding))
    with pytest.raises(ParamsError) as refused:
        rules_of(path)
    assert str(refused.value) == f"{path}: isn't UTF-8 text; save it as UTF-8, without another change"


def test_a_folder_of_that_name_is_no_file(tmp_path):
    """It doesn't mean the starter rules: somebody meant something by it."""
    path = tmp_path / "rules.yaml"
    path.mkdir()
    with pytest.raises(ParamsError) as refused:
        rules_of(path)
    assert str(refused.value) == f"{path}: is a folder, and should be a file; rename or remove it"


def test_what_travels_says_the_same():
    """As JSON and read again, rules are equal."""
    rules = read_rules(STARTER_RULES)
    assert Rules.model_validate(rules.model_dump(mode="json", exclude_none=True)) == rules


@pytest.mark.parametrize(("weekly", "days", "most"), [(20, 28, 80), (20, 7, 20), (1, 1, 1), (None, 28, None)])
def test_the_budget_of_a_list(weekly, days, most):
    """That of the days until the next one, and never nobody."""
    assert Rules(weekly_budget_per_owner=weekly, list_every_days=days).list_budget == most

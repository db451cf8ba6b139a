"""500 mutated rules files: each is refused in one line, or works on a tiny shop. Nothing else ever happens."""

import copy
import json
import random

from ruamel.yaml import YAML

import ruled
from churnml.alerts import because, decide, fires
from churnml.config import STARTER_RULES, Features, Rules, read_rules
from churnml.errors import ParamsError
from churnml.features import require_known

FILES, BATCH = 500, 40
MORE = """
  - {name: spent_less, title: t, when: {feature: spend_28d, over_days: 28, falls_by: 5}, then: t}
  - {name: moved, title: t, when: {not: {feature: last_action, over_days: 14, changed: true}}, then: t}
  - {name: worth, title: t, when: {all: [{value: {above: 50}}, {risk: {at_least: 0.3}}, {tier: [high]}]}, then: t}
  - {name: trial, title: t, when: {attribute: trial_ends_on, within_days: 3}, then: t}
  - {name: often, title: t, when: {event: {table: contacts}, within_days: 90, after_days: 3, times: 2}, then: t}
  - {name: plan, title: t, when: {feature: last_action, in: [mail, call]}, then: t}
"""
TABLES = {
    "transactions": "customer_id occurred_at amount\nann 2024-02-01 10\nann 2024-01-01 40\nbob 2024-02-20 5",
    "activity": "customer_id occurred_at event feature\nann 2024-01-20 login api\nbob 2024-02-27 trial_ended api",
    "contacts": "customer_id contacted_at action answered_at\nann 2024-01-20 mail -\nann 2024-02-02 call -",
    "tickets": "customer_id opened_at kind resolved_at first_response_at\nbob 2024-02-20 complaint - -",
    "surveys": "customer_id answered_at score kind\nbob 2024-02-20 2 nps",
    "customers": "customer_id signed_up_at trial_ends_on\nann 2023-01-01 2024-02-28\nbob - -",
}
PARAMS = Features(profile={"trial_ends_on": "date"})
STRANGE = [
    None, "", " ", 0, -1, 3.5, True, False, [], {}, [[]], float("nan"), float("inf"), 10**400, 1e308, "沉默客户", "登录", "yes",
    "x" * 5000, "'; DROP TABLE transactions; --", '"', "{as_of}", "{table}", "%s", "\x00".replace("\x00", "\u200b"), "a\nb",
    "silent_30d", "feature", ["high", 3], {"en": "a"}, {"en": None, "zh-CN": ""}, "2024-01-01", "recency_days", "profile_x",
    "complaints_0d", "complaints_9999d", "spend_3d", 1_000_000, -(10**30), {"at_least": "30"}, "is", "12",
]  # fmt: skip


def places(node, path=()):
    """Every place of a file that something stands at."""
    found = [path] if path else []
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in inner:
        found += places(child, (*path, key))
    return found


def misspelt(word, rng):
    """A word with one letter less, more or exchanged."""
    place = rng.randrange(len(word)) if word else 0
    return rng.choice(
        [word[:place] + word[place + 1 :], word[:place] + rng.choice("_aé沉 ") + word[place:], word.upper()]
    )


def mutate(content, rng):
    """One change somewhere: deleted, renamed, replaced, misspelt, doubled, wrapped, or put elsewhere."""
    *way, key = rng.choice(places(content))
    parent = content
    for step in way:
        parent = parent[step]
    how = rng.choice(["delete", "rename", "replace", "replace", "misspell", "double", "wrap", "graft"])
    if how == "delete":
        del parent[key]
    elif how == "rename" and isinstance(parent, dict):
        other = rng.choice(
            ["feature", "event", "not", "all", "any", "is", "in", "known", "over_days", "within_days", "then"]
        )
        parent[misspelt(key, rng) if rng.random() < 0.5 else other] = parent.pop(key)
    elif how == "misspell" and isinstance(parent[key], str):
        parent[key] = misspelt(parent[key], rng)
    elif how == "double" and isinstance(parent, list):
        parent.insert(key, copy.deepcopy(parent[key]))
    elif how == "wrap":
        parent[key] = rng.choice([{"not": parent[key]}, {"all": [parent[key]]}, [parent[key]], {"any": parent[key]}])
    elif how == "graft":
        parent[key] = copy.deepcopy(_at(content, rng.choice(places(content))))
    else:
        parent[key] = copy.deepcopy(rng.choice(STRANGE))


def _at(content, path):
    for step in path:
        content = content[step]
    return content


def written(content):
    """The file, as its owner would have left it."""
    text = json.dumps(content, ensure_ascii=False, indent=1)  # JSON is YAML, but for these two
    return text.replace("NaN", ".nan").replace("Infinity", ".inf")


def files(rng):
    """Mutated files: mostly of a few rules, changed once to three times; some cut off or with a sign exchanged."""
    text = STARTER_RULES.read_text(encoding="utf-8") + MORE
    whole = YAML(typ="safe", pure=True).load(text)
    for _ in range(FILES):
        if rng.random() < 0.1:
            place = rng.randrange(len(text))
            yield text[:place] + rng.choice(["", "{", "]", "\t", "&a *a", ": :", "\ufeff", text[place + 1 :]])
            continue
        content = {**whole, "rules": copy.deepcopy(rng.sample(whole["rules"], 2))}
        for rule in content["rules"]:
            rule.pop("replaces", None)
        for _ in range(rng.randint(1, 3)):
            if places(content):
                mutate(content, rng)
        yield written(content)


def test_refused_in_one_line_or_at_work(tmp_path, engine):
    """What is refused is refused before anything is computed; whatever isn't can be judged, told of and worded."""
    path, working, refused = tmp_path / "rules.yaml", [], 0
    for text in files(random.Random(7)):
        path.write_text(text, encoding="utf-8")
        try:
            rules = read_rules(path)
            require_known(rules, PARAMS, ["high", "low"], path)
        except ParamsError as error:
            assert "\n" not in str(error)
            assert len(str(error)) < 1000
            refused += 1
            continue
        assert Rules.model_validate(rules.model_dump(mode="json", exclude_none=True)) == rules
        working += rules.rules
    assert refused > FILES / 4
    assert len(working) > FILES / 4
    for begin in range(0, len(working), BATCH):
        batch = working[begin : begin + BATCH]
        at_work(
            Rules(rules=tuple(r.model_copy(update={"name": f"r{n}", "replaces": ()}) for n, r in enumerate(batch))),
            tmp_path,
            engine,
        )


def at_work(rules, folder, engine):
    """Judge rules, decide and say why, in both languages."""
    what, people = ruled.known(rules, folder, TABLES, engine, params=PARAMS)
    true = fires(rules, people, list(what.asleep))
    told = decide(rules, ruled.shelf.AS_OF, people.assign(rank=[1, 2], held=False), true)
    assert told.states["alerted"] == sum(int(flags.sum()) for flags in true.values())
    for rule in rules.rules:
        for locale in ("en", "zh-CN"):
            said = because(rule.when, people[true[rule.name]], what.told, locale)
            assert [type(words) for words in said] == [str] * int(true[rule.name].sum())

"""The only reader of params.yaml and of the other files that people write."""

import re
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from churnml.config.params import Params
from churnml.config.rules import Rules
from churnml.errors import ParamsError, did_you_mean

STARTER_RULES = Path(__file__).parent / "starter/rules.yaml"
"""The rules of a project that has none of its own."""

_DEEPEST, _LONGEST, _SHORT, _MANY = 40, 20_000, 60, 20

_COUNTED = re.compile(
    r"(?:Tuple|List|Dictionary) should have (at least|at most) (\d+) items? after validation, not (\d+)"
)
_BRANCH = re.compile(r"constrained-|\w+\[")  # how pydantic names the branches of a union, which no user wrote


_EXPECTED = {
    "model_type": "expected keys below it, as in {a: b}",
    "dict_type": "expected keys below it, as in {a: b}",
    "string_pattern_mismatch": "isn't written as it should be (memory like 4GB, names of tiers in small letters)",
    "tuple_type": "expected a list, as in [a, b]",
}


def read_params(path: Path) -> Params:
    """Read and check params.yaml.

    Raises:
        ParamsError: the file is missing, isn't YAML, or a key or value is wrong; one line says which and what to do.
    """
    raw = read_yaml(path, "run churnml in the folder of your params.yaml")
    if not isinstance(raw, dict):
        raise ParamsError(f"{path}: expected sections (project, sources, churn, panel …), found none")
    try:
        return Params.model_validate(raw)
    except ValidationError as error:
        raise ParamsError(f"{path}: {in_one_line(error, Params)}") from error


def read_rules(path: Path) -> Rules:
    """Read and check rules.yaml.

    Raises:
        ParamsError: as `read_params`; rules are called by their names.
    """
    raw = read_yaml(path, "it is to lie beside params.yaml")
    if not isinstance(raw, dict):
        raise ParamsError(f"{path}: expected rules, as in rules: [{{name: …, when: …, then: …}}], found none")
    try:
        return Rules.model_validate(raw)
    except ValidationError as error:
        raise ParamsError(f"{path}: {_with_names(in_one_line(error, Rules), raw.get('rules'))}") from error


def rules_of(path: Path) -> Rules:
    """The rules in this file, or the starter rules where there is none."""
    return read_rules(path if path.exists() else STARTER_RULES)


def read_yaml(path: Path, missing: str) -> Any:
    """What a file of ours says, whatever it is.

    Args:
        path: of the file.
        missing: what to do where it isn't there.

    Raises:
        ParamsError: the file is missing, isn't YAML, or says so much that nobody wrote it by hand.
    """
    # Imported here: only the CLI's verbs read params, and --help must not wait for a YAML parser.
    from ruamel.yaml import YAML  # noqa: PLC0415
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415

    try:
        raw = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ParamsError(f"{path}: no such file; {missing}") from None
    except UnicodeDecodeError as error:
        raise ParamsError(f"{path}: isn't UTF-8 text; save it as UTF-8, without another change") from error
    except IsADirectoryError as error:
        raise ParamsError(f"{path}: is a folder, and should be a file; rename or remove it") from error
    except OSError as error:
        raise ParamsError(f"{path}: can't be read ({error.strerror or type(error).__name__})") from error
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" line {mark.line + 1}" if mark else ""
        problem = (getattr(error, "problem", None) or "not YAML").splitlines()[0]
        raise ParamsError(f"{path}{where}: {problem}") from error
    except RecursionError as error:
        raise ParamsError(f"{path}: brackets within brackets, more than anybody reads; write it flatter") from error
    except ValueError as error:  # such as a bare date that no calendar has
        raise ParamsError(f"{path}: {error}".splitlines()[0]) from error
    _require_readable(path, raw)
    return raw


def _require_readable(path: Path, raw: Any) -> None:
    """Refuse what is deep or long beyond reading, as a file whose aliases multiply is."""
    waiting, seen = [(raw, 0)], 0
    while waiting:
        here, depth = waiting.pop()
        seen += 1
        if depth > _DEEPEST or seen > _LONGEST:
            raise ParamsError(f"{path}: says more than anybody reads, or contains itself; write it without & and *")
        inner = (*here.keys(), *here.values()) if isinstance(here, dict) else here if isinstance(here, list) else ()
        waiting += [(one, depth + 1) for one in inner]


def _with_names(said: str, rules: Any) -> str:
    """Places in words: the third rule by its name."""

    def named(found: re.Match[str]) -> str:
        place = int(found[1])
        rule = rules[place] if isinstance(rules, list) and place < len(rules) else None
        name = rule.get("name") if isinstance(rule, dict) else None
        if not isinstance(name, str) or not name.strip() or len(name) > _SHORT:
            return f"rule {place + 1}{found[2]}"
        return f"rule '{' '.join(name.split())}'{found[2]}"

    return re.sub(r"(?<![\w.])rules\.(\d+)([.:])", named, said)


def in_one_line(error: ValidationError, model: type[BaseModel]) -> str:
    """What is wrong with which key, at most three of them.

    Args:
        error: as pydantic raised it.
        model: the model that refused.
    """
    unknown_first = sorted(error.errors(), key=lambda item: item["type"] != "extra_forbidden")
    said = list(dict.fromkeys(_one(item["loc"], item["type"], _plain(item), model) for item in unknown_first))
    more = f" (and {len(said) - 3} more)" if len(said) > 3 else ""
    return "; ".join(said[:3]) + more


def _one(loc: tuple[int | str, ...], kind: str, message: str, model: type[BaseModel]) -> str:
    where = ".".join(str(part) for part in loc if not _BRANCH.match(str(part)))
    if kind == "extra_forbidden":
        known = _keys_at(loc[:-1], model)
        few = known if len(known) <= _MANY else [*known[: _MANY // 2], "…"]
        return f"{where}: unknown key" + (did_you_mean(str(loc[-1]), known) or f" (known here: {', '.join(few)})")
    if kind == "missing":
        return f"{where}: is missing"
    text = _EXPECTED.get(kind) or message.removeprefix("Value error, ")
    return f"{where}: {text[0].lower() + text[1:]}" if where else text


def _plain(item: ErrorDetails) -> str:
    """What pydantic says, in words of people: how many a list holds, and the choice that was meant."""
    message = item["msg"]
    if item["type"] == "literal_error":
        choices = re.findall(r"'([^']+)'", item["ctx"]["expected"])
        return message + (_meant(item["input"], choices) if isinstance(item["input"], str) else "")
    if item["type"] == "too_short" and item["ctx"].get("actual_length") == 0:
        return "the list is empty; name at least one"
    return _COUNTED.sub(r"expected \1 \2, found \3", message)


def _meant(word: str, choices: list[str]) -> str:
    """The only choice that a word begins, whatever its capitals and hyphens; or the nearest one."""
    begun = [choice for choice in choices if word.strip() and _bare(choice).startswith(_bare(word))]
    return did_you_mean(begun[0] if len(begun) == 1 else word, choices)


def _bare(word: str) -> str:
    return word.strip().casefold().replace("_", "-")


def _keys_at(loc: tuple[int | str, ...], model: type[BaseModel]) -> list[str]:
    """The keys that a place in params.yaml may hold."""
    here: type[BaseModel] = model
    for part in loc:
        if isinstance(part, int):
            continue
        field = _fields(here).get(part)
        inner = _models_in(field.annotation if field else None)
        if not inner:
            return []
        here = inner[0]
    return list(_fields(here))


def _fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """By the words of the file."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for argument in getattr(annotation, "__args__", ()) for model in _models_in(argument)]

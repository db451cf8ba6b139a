"""The only reader of params.yaml."""

import re
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from churnml.config.params import Params
from churnml.errors import ParamsError, did_you_mean

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
    raw = read_yaml(path)
    if not isinstance(raw, dict):
        raise ParamsError(f"{path}: expected sections (project, sources, churn, panel …), found none")
    try:
        return Params.model_validate(raw)
    except ValidationError as error:
        raise ParamsError(f"{path}: {in_one_line(error, Params)}") from error


def read_yaml(path: Path) -> object:
    """What a YAML file holds.

    Raises:
        ParamsError: the file is missing or isn't YAML; one line says what and where.
    """
    # Imported here: only the CLI's verbs read params, and --help must not wait for a YAML parser.
    from ruamel.yaml import YAML  # noqa: PLC0415
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415

    try:
        return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ParamsError(f"{path}: no such file; run churnml in the folder of your params.yaml") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ParamsError(f"{path}: can't be read as UTF-8 text ({type(error).__name__})") from error
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" line {mark.line + 1}" if mark else ""
        problem = (getattr(error, "problem", None) or "not YAML").splitlines()[0]
        raise ParamsError(f"{path}{where}: {problem}") from error
    except RecursionError:
        raise ParamsError(f"{path}: is nested too deeply") from None
    except ValueError as error:  # such as a bare date that no calendar has
        raise ParamsError(f"{path}: {error}") from error


def in_one_line(error: ValidationError, model: type[BaseModel]) -> str:
    """What is wrong with which key, at most three of them.

    Args:
        error: as pydantic raised it.
        model: the model that refused.
    """
    unknown_first = sorted(error.errors(), key=lambda item: item["type"] != "extra_forbidden")
    said = list(dict.fromkeys(_one(item["loc"], item["type"], item["msg"], model) for item in unknown_first))
    more = f" (and {len(said) - 3} more)" if len(said) > 3 else ""
    return "; ".join(said[:3]) + more


def _one(loc: tuple[int | str, ...], kind: str, message: str, model: type[BaseModel]) -> str:
    where = ".".join(str(part) for part in loc if not _BRANCH.match(str(part)))
    if kind == "extra_forbidden":
        known = _keys_at(loc[:-1], model)
        return f"{where}: unknown key" + (did_you_mean(str(loc[-1]), known) or f" (known here: {', '.join(known)})")
    if kind == "missing":
        return f"{where}: is missing"
    text = _EXPECTED.get(kind) or message.removeprefix("Value error, ")
    return f"{where}: {text[0].lower() + text[1:]}" if where else text


def _keys_at(loc: tuple[int | str, ...], model: type[BaseModel]) -> list[str]:
    """The keys that a place in params.yaml may hold."""
    here: type[BaseModel] = model
    for part in loc:
        if isinstance(part, int):
            continue
        field = here.model_fields.get(part)
        inner = _models_in(field.annotation if field else None)
        if not inner:
            return []
        here = inner[0]
    return [field.alias or name for name, field in here.model_fields.items()]


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for argument in getattr(annotation, "__args__", ()) for model in _models_in(argument)]

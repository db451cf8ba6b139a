"""Rules that nobody could judge with any tables are refused: unknown words, and words compared with numbers."""

from collections.abc import Sequence
from pathlib import Path

from churnml.config import Condition, Features, Rules
from churnml.contracts.files import ATTRIBUTE
from churnml.errors import ParamsError, did_you_mean
from churnml.features.entry import Feature
from churnml.features.named import LONGEST, WINDOW, every, everywhere, named


def require_known(rules: Rules, params: Features, tiers: Sequence[str], where: Path) -> None:
    """Refuse rules that name what churnml knows nothing of, whatever tables there are.

    Args:
        rules: of the project.
        params: its windows and attributes.
        tiers: names of its tiers.
        where: the file, for the message.

    Raises:
        ParamsError: naming the rule, the word and the nearest one.
    """
    for rule in rules.rules:
        for leaf in rule.when.leaves():
            try:
                _require_sensible(leaf, params, tiers)
            except ValueError as error:
                raise ParamsError(f"{where}: rule '{rule.name}': {error}") from error


def _require_sensible(leaf: Condition, params: Features, tiers: Sequence[str]) -> None:
    """Raises ValueError where a leaf names what nobody knows, or compares a word with a number."""
    for name in leaf.tier or ():
        if name not in tiers:
            raise ValueError(f"no tier '{name}'{did_you_mean(name, list(tiers))} ({', '.join(tiers)})")
    if leaf.feature is None and leaf.attribute is None:
        return
    name = leaf.column
    attribute = name.removeprefix(ATTRIBUTE) if name.startswith(ATTRIBUTE) else None
    if attribute is not None:
        if params.attributes.get(attribute, "auto") not in ("date", "auto") and leaf.within_days is not None:
            raise ValueError(f"'{attribute}' is no date (features.profile), so within_days says nothing of it")
        return
    columns = everywhere(params)
    family = named(name, params, columns, LONGEST)
    if family is None:
        families = every(params.windows_days, LONGEST, params, columns)
        known = [feature.name for family in families for feature in family.features]
        raise ValueError(f"no feature '{name}'{_nearest(name, known)}")
    _require_kind(leaf, family.features[0])


def _nearest(name: str, known: list[str]) -> str:
    window = WINDOW.search(name)
    if window and not 0 < int(window[1]) <= LONGEST:
        return f"; a window has 1 to {LONGEST} days"
    windowed = [one for one in known if WINDOW.sub("", one) == name]
    if windowed:
        return f"; say of how many days, such as {windowed[-1]} (any number of days)"
    exact = [WINDOW.sub(f"_{window[1]}d", one) for one in known] if window else known
    return did_you_mean(name, exact) or "; data/panel/catalog.json lists what there is"


def _require_kind(leaf: Condition, feature: Feature) -> None:
    words = [word for word in (leaf.is_, leaf.is_not, *(leaf.in_ or ())) if isinstance(word, str)]
    if feature.kind == "number" and words:
        raise ValueError(f"{feature.name} is a number, and never '{words[0]}'; compare it with a number")
    numeric = leaf.bounds or leaf.rises_by or leaf.falls_by or leaf.changed_by
    if feature.kind == "category" and numeric:
        raise ValueError(f"{feature.name} is a word and has no size; use is, is_not or in")

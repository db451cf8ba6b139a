"""Where tuning looks: LightGBM's parameters, each with its range, around the regularised ones."""

from collections.abc import Mapping
from dataclasses import dataclass

from churnml.train.fit import meanings

Param = float | int | str | bool


@dataclass(frozen=True)
class Range:
    """Values that a parameter may take, ends included.

    Attributes:
        low: the least.
        high: the greatest.
        log: whether orders of magnitude are equally likely, rather than values.
        whole: whether only whole numbers are meant.
    """

    low: float
    high: float
    log: bool = False
    whole: bool = False

    def holds(self, value: Param) -> bool:
        """Whether a value is one of these.

        >>> Range(4, 32, whole=True).holds(8), Range(0.5, 1.0).holds("all"), Range(0.1, 100.0, log=True).holds(0)
        (True, False, False)
        """
        if isinstance(value, bool | str) or (self.whole and value != int(value)):
            return False
        return self.low <= value <= self.high


SPACE: Mapping[str, Range] = {
    "learning_rate": Range(0.01, 0.1, log=True),
    "num_leaves": Range(4, 32, log=True, whole=True),
    "min_child_samples": Range(20, 400, log=True, whole=True),
    "feature_fraction": Range(0.2, 1.0),
    "bagging_fraction": Range(0.5, 1.0),
    "lambda_l2": Range(0.1, 100.0, log=True),
}
"""Not `rounds`: at a given number of trees the learning rate says how much is learned, and more trees cost time."""

_ALONGSIDE: Mapping[str, Param] = {"bagging_freq": 1}
"""Without it LightGBM ignores bagging_fraction."""


def in_our_words(params: Mapping[str, Param]) -> dict[str, Param]:
    """Params in which what is searched goes by the name that it has here; LightGBM knows several.

    >>> in_our_words({"eta": 0.05, "max_depth": 3})
    {'learning_rate': 0.05, 'max_depth': 3}
    """
    meaning = meanings()
    ours = {meaning[name]: name for name in [*SPACE, *_ALONGSIDE]}
    return {ours.get(meaning.get(name, name), name): value for name, value in params.items()}


def joined(standing: Mapping[str, Param], proposed: Mapping[str, float]) -> dict[str, Param]:
    """What a trial hands to LightGBM: what it proposes, in four digits that one can copy, and the rest as it stands."""
    numbers = {name: int(value) if SPACE[name].whole else float(f"{value:.4g}") for name, value in proposed.items()}
    return {**_ALONGSIDE, **standing, **numbers}

"""Is the past still a guide? Churn rates and volumes at the newest cutoffs, against those a year before or all earlier ones."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from churnml.probability import reference

DRIFT = 0.03
"""Difference of churn rates from which on the level of risks isn't to be trusted."""

VOLUME = 0.6
"""Rows per customer, as a share of those before (or the other way round), below which something else is counted."""

FEWEST_ROWS = 200


def drift(cutoffs: Sequence[Mapping[str, Any]], history: Mapping[str, Any], horizon_days: int) -> dict[str, Any]:
    """What changed at the test cutoffs, beyond chance.

    Each test cutoff is compared with the cutoff of the same season a year before where there is one with six months of
    history before it, and with all training cutoffs where there isn't: then nobody can tell a season from a change.

    Args:
        cutoffs: as_of, split, customers, churn_rate of each.
        history: of the panel: start, and volumes (cutoff -> table -> rows per customer and day).
        horizon_days: over which volumes were counted.

    Returns:
        churn_rate (test cutoffs), expected (of what they are compared with), difference, seasons (whether all test
        cutoffs had a year before), inputs (tables whose volume changed: name, then, now), warnings (sentences).
    """
    training = [one for one in cutoffs if one["split"] == "train"]
    tested = [one for one in cutoffs if one["split"] == "test"]
    known = {str(one["as_of"]): one for one in training}
    start = date.fromisoformat(history["start"])
    found = {str(one["as_of"]): reference(list(known), date.fromisoformat(str(one["as_of"])), start) for one in tested}
    pairs = [(one, [known[day]] if (day := found[str(one["as_of"])]) else training) for one in tested]
    seasons = all(found.values())
    rate, size = _pooled(tested)
    expected = float(
        np.average([_pooled(before)[0] for _, before in pairs], weights=[one["customers"] for one, _ in pairs])
    )
    least = min(_pooled(before)[1] for _, before in pairs) * len(pairs) if seasons else _pooled(training)[1]
    noise = 2 * float(np.sqrt(expected * (1 - expected) * (1 / size + 1 / max(least, 1))))
    difference = rate - expected
    warnings = []
    before = "in the same season a year before" if seasons else "at the training cutoffs"
    if abs(difference) > max(DRIFT, noise):
        warnings.append(
            f"the churn rate drifts: {rate:.1%} left at the newest cutoffs, {expected:.1%} {before}"
            f"{'' if seasons else ' (there is no such season a year before to compare with)'}; don't trust the level of risks"
        )
    inputs = _inputs(pairs, history["volumes"], horizon_days)
    warnings += [
        f"{one['table']} has {one['now']:.3g} rows per customer and day at the newest cutoffs, {one['then']:.3g} {before}: "
        f"is the same still counted?"
        for one in inputs
    ]
    numbers = {"churn_rate": rate, "expected": expected, "difference": difference}
    return {
        **{name: round(value, 6) for name, value in numbers.items()},
        "seasons": seasons,
        "inputs": inputs,
        "warnings": warnings,
    }


def _pooled(cutoffs: Sequence[Mapping[str, Any]]) -> tuple[float, int]:
    size = sum(one["customers"] for one in cutoffs)
    return sum(one["customers"] * one["churn_rate"] for one in cutoffs) / size, size


def _inputs(
    pairs: Sequence[tuple[Mapping[str, Any], Sequence[Mapping[str, Any]]]],
    volumes: Mapping[str, Mapping[str, float]],
    horizon_days: int,
) -> list[dict[str, Any]]:
    """Tables of which customers have far more rows, or far fewer, than before."""
    tables = sorted({table for counted in volumes.values() for table in counted})
    found = []
    for table in tables:
        now = float(np.mean([volumes[str(one["as_of"])].get(table, 0.0) for one, _ in pairs]))
        then = float(
            np.mean([np.mean([volumes[str(each["as_of"])].get(table, 0.0) for each in before]) for _, before in pairs])
        )
        rows = max(now, then) * horizon_days * sum(one["customers"] for one, _ in pairs)
        if rows >= FEWEST_ROWS and min(now, then) < VOLUME * max(now, then):
            found.append({"table": table, "then": round(then, 6), "now": round(now, 6)})
    return found

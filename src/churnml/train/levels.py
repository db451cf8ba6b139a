"""What a model says of the cutoffs that it learned from, beside what happened: the base rates that scoring may shift to."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import pyarrow as pa

from churnml.model import Model
from churnml.probability import Level, Levels, shift_to


def levels(model: Model, rows: pa.Table) -> dict[str, Level]:
    """A level per cutoff, in order of time.

    The model was fitted on these rows: what it still gets wrong about the level of a cutoff is what its features don't
    tell of it, such as a season.

    Args:
        model: fitted on the rows.
        rows: labelled snapshots.
    """
    moments = np.array([str(day) for day in rows["as_of"].to_pylist()])
    score, label = model.score(rows), rows["label"].to_numpy()
    found = {}
    for moment in np.unique(moments):
        here = moments == moment
        rate, risk = float(label[here].mean()), float(score[here].mean())
        shift = shift_to(score[here], rate)
        found[str(moment)] = Level(int(here.sum()), round(rate, 6), round(risk, 6), round(shift, 6))
    return found


def levels_as_json(learned: Mapping[str, Levels], start: str) -> dict[str, Any]:
    """For levels.json: the day of the first event, and the levels of each model: evaluation, final, and by cutoff."""
    models = {name: {day: asdict(level) for day, level in known.items()} for name, known in learned.items()}
    return {"start": start, "models": models}

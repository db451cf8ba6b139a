"""What really went on, in `truth/`: nothing of it may reach a model, all of it may judge one."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from churnml.publish import write_json
from churnml.simulate.calendar import DAY
from churnml.simulate.draws import Floats, Ints
from churnml.simulate.people import GAP_SHAPES
from churnml.simulate.spill import Growing
from churnml.simulate.tables import Told
from churnml.simulate.words import ARMS
from churnml.simulate.world import ACTIONS, CAUSES, VERSION, World

WHY = (*CAUSES, "none")
MANNERS = ("cancelled", "ran out", "silent")
_DIGITS = 7


class Truth:
    """The files of `truth/`, growing part by part."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files = {name: Growing(folder / f"{name}.parquet") for name in TRUTHS}

    def add(self, told: Told) -> None:
        """Write down the truth about some customers."""
        for name, of in TRUTHS.items():
            self._files[name].add(of(told))

    def close(self, world: World, facts: Mapping[str, Any]) -> dict[str, int]:
        """Close all files, and write `world.json`.

        Args:
            world: all that is planted is written down.
            facts: further things worth knowing.

        Returns:
            rows by file.
        """
        for file in self._files.values():
            file.close()
        planted = {name: value for name, value in asdict(world).items() if name != "start"}
        said = {"version": VERSION, **facts, "start": world.start.isoformat(), "causes": CAUSES, "actions": ACTIONS}
        write_json(self._folder / "world.json", {**said, "planted": planted})
        return {name: file.rows for name, file in self._files.items()}


def customers(told: Told) -> pa.Table:
    """What each customer is like; grain: customer."""
    people = told.lived.people
    return pa.table(
        {
            "customer_id": told.ids(np.arange(len(people))),
            "signed_up_on": _dates(told, people.signed_up),
            "shops": people.shops,
            "subscribes": people.subscribes,
            "orders_per_day": _rounded(np.where(people.shops, people.order_rate, 0.0)),
            "visits_per_day": _rounded(people.visit_rate),
            "gap_shape": np.array(GAP_SHAPES)[people.regularity],
            "loose": _rounded(people.loose),
            "frailty": _rounded(people.frailty),
            "price_sensitive": _rounded(people.price_sensitive),
            "complains": _rounded(people.complains),
            "cheer": _rounded(people.cheer),
            "yearly": people.yearly,
            "cared": people.cared,
            "diligence": _rounded(people.diligence),
        }
    )


def states(told: Told) -> pa.Table:
    """How alive customers are; grain: customer and week (its first day), only while they are customers.

    `hazard` is the chance of leaving on any day of that week, given that the customer is still there; it is the sum of
    the hazards by cause. Nobody is at risk in the week of the sign-up or of coming back.
    """
    rows = told.happened("truth_states")
    hazard = np.zeros(len(rows["who"]))
    for cause in WHY:
        hazard = hazard + rows[f"hazard_{cause}"]
    return pa.table(
        {
            "customer_id": told.ids(rows["who"], rows["at"]),
            "week": _dates(told, rows["at"] // DAY),
            "hazard": _rounded(hazard),
            **{f"hazard_{cause}": _rounded(rows[f"hazard_{cause}"]) for cause in WHY},
            "orders_per_day": _rounded(rows["orders_per_day"]),
            "visits_per_day": _rounded(rows["visits_per_day"]),
            "mood": _rounded(rows["mood"]),
        }
    )


def departures(told: Told) -> pa.Table:
    """Who decided to leave, on which day, why and how, and when they came back; grain: departure."""
    rows, back = told.happened("truth_departures"), told.happened("truth_returns")
    who, left = rows["who"], rows["at"] // DAY
    returned = _next_return(who, left, back["who"], back["at"] // DAY)
    return pa.table(
        {
            "customer_id": told.ids(who, rows["at"]),
            "left_on": _dates(told, left),
            "cause": _named(WHY, rows["cause"]),
            "manner": _named(MANNERS, rows["manner"]),
            "returned_on": _dates(told, returned, returned >= 0),
        }
    )


def contacts(told: Told) -> pa.Table:
    """What each contact of a retention list did, or would have done; grain: customer and list.

    `hazard_before` and `hazard_if_treated` are chances of leaving on a day of that week; `reached` says whether the action
    took place while the customer was there.
    """
    rows = told.happened("truth_contacts")
    return pa.table(
        {
            "customer_id": told.ids(rows["who"], rows["at"]),
            "week": _dates(told, rows["at"] // DAY),
            "action": _named(ACTIONS, rows["action"]),
            "arm": _named(ARMS, rows["arm"]),
            "alive": rows["alive"] == 1,
            "reached": rows["reached"] == 1,
            "hazard_before": _rounded(rows["before"]),
            "hazard_if_treated": _rounded(rows["after"]),
        }
    )


TRUTHS = {"customers": customers, "states": states, "departures": departures, "contacts": contacts}
"""The files of the truth."""


def _next_return(who: Ints, left: Ints, back_who: Ints, back_day: Ints) -> Ints:
    """For each departure, the day of the customer's next return, or -1."""
    span = 1 << 20
    events = back_who * span + back_day
    place = np.searchsorted(events, who * span + left)
    found = np.append(events, -1)[place]
    return np.where(found // span == who, found % span, -1)


def _dates(told: Told, day: Ints, known: np.ndarray | None = None) -> pa.Array:
    dates = np.datetime64(told.world.start, "D") + day.astype("m8[D]")
    return pa.array(dates, pa.date32(), mask=None if known is None else ~known)


def _rounded(values: Floats) -> pa.Array:
    """Seven decimals: enough to judge by, and the same on every processor."""
    return pa.array(values.round(_DIGITS))


def _named(names: Sequence[str], index: Ints) -> pa.Array:
    return pa.array(names, pa.string()).take(pa.array(index))

"""What the page says of earlier times: the months before those who left did, and the figures of each month."""

from functools import partial
from pathlib import Path
from typing import Any

from churnml.contracts.files import House
from churnml.features import write_lives, write_months
from churnml.ports import Engine
from churnml.report import History, Seen, kpis, look_back


def earlier(seen: Seen, house: House, engine: Engine, work: Path) -> History:
    """Tables and predictions -> what is said of earlier times, as far as they are there.

    Args:
        seen: lists, with the tables and predictions that are theirs.
        house: predictions come with its tables.
        engine: where the SQL runs.
        work: a folder for work in progress.
    """
    params, past, counts = seen.bundle.params, None, work / "months"
    how: dict[str, Any] = {"churn": params.churn, "engine": engine, "work": work}
    if seen.boosters is not None and seen.panel is not None and any(house.tables.glob("*.parquet")):
        # Who left is told by predictions; what they had done, by the tables that these were made from.
        lives, rows = partial(write_lives, **how, tables=house.tables), seen.panel / "snapshots.parquet"
        given: dict[str, Any] = {"boosters": seen.boosters, "snapshots": rows, "bundle": seen.bundle}
        past = look_back(**given, write_lives=lives, engine=engine, work=work)
    if seen.tables is None:
        return History(past)
    counts.mkdir()
    months = write_months(**how, tables=seen.tables, params=params.features, out=counts)
    told = kpis(
        counts=counts,
        earlier_until=months.earlier_until,
        last=months.whole[-1] if months.whole else None,
        window_days=params.features.windows_days[-1],
        scored=seen.pack / "scored.parquet",
        engine=engine,
        work=work,
    )
    return History(past, told, months.of_contracts)

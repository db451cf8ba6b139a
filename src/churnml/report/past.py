"""All that is said of those who left: their last months, who they were, what money went with them, typical cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

import pandas as pd
import pyarrow.parquet as pq

from churnml.bundle import ModelBundle
from churnml.ports import Engine
from churnml.report.looking_back import MONTH_DAYS, MONTHS, LastMonths, last_months, who_left
from churnml.report.losses import WEEK_DAYS, WEEKS, Cases, Losses, cases, losses, write_leavers
from churnml.report.similar import Departures, write_pairs, write_unseen

RESAMPLES, SEED = 300, 7


class WriteLives(Protocol):
    """`churnml.features.write_lives` on the tables of the project."""

    def __call__(self, *, people: Path, part_days: int, parts: int, out: Path) -> None:
        """Write what some people did in equal parts of time before a day."""
        ...


@dataclass(frozen=True)
class Past:
    """Those who left.

    Attributes:
        departures: how many there are, and how many of them are looked at.
        newest: the cutoffs that count as newest, those of the test.
        earlier: the others.
        last: their last months; None: too few are known long enough.
        groups: who left, by group.
        losses: money by cause; None: nobody knows the value.
        cases: typical ones; None: there are none.
    """

    departures: Departures
    newest: Sequence[date]
    earlier: Sequence[date]
    last: LastMonths | None
    groups: pd.DataFrame
    losses: Losses | None
    cases: Cases | None


def look_back(
    *, boosters: Path, snapshots: Path, bundle: ModelBundle, write_lives: WriteLives, engine: Engine, work: Path
) -> Past | None:
    """Look back at those who left at past cutoffs.

    Args:
        boosters: folder of the predictions and of the evaluation booster.
        snapshots: of the panel; needn't be there.
        bundle: made from these boosters.
        write_lives: tells what people did.
        engine: where the SQL runs.
        work: a folder for work in progress.

    Returns:
        None where leaving has no day, or nobody left.
    """
    params = bundle.params
    if not params.churn.is_dated or not (boosters / "rolling.parquet").is_file():
        return None
    unseen, people, lives = (work / f"{name}.parquet" for name in ("unseen", "people", "lives"))
    write_unseen(boosters, engine, unseen)
    departures = write_pairs(unseen, params.features.windows_days[-1], engine, work, people)
    if not departures.there:
        return None
    write_lives(people=people, part_days=MONTH_DAYS, parts=MONTHS, out=lives)
    newest, earlier = _cutoffs(unseen, engine, work)
    lost = None
    if snapshots.is_file():
        lost = losses(
            boosters=boosters, snapshots=snapshots, unseen=unseen, bundle=bundle, resamples=RESAMPLES, seed=SEED,
            engine=engine, work=work,
        )  # fmt: skip
    return Past(
        departures=departures,
        newest=newest,
        earlier=earlier,
        last=last_months(lives, RESAMPLES, SEED),
        groups=who_left(unseen, [*earlier, *newest], newest),
        losses=lost,
        cases=_cases(lost, write_lives, work) if lost else None,
    )


def _cutoffs(unseen: Path, engine: Engine, work: Path) -> tuple[list[date], list[date]]:
    """Those of the test, and those before."""
    out = work / "cutoffs.parquet"
    engine.run(
        "SELECT as_of, max(split) AS split FROM unseen GROUP BY as_of ORDER BY as_of", {"unseen": unseen}, out
    )  # fmt: skip
    rows = pq.read_table(out).to_pylist()
    told = {is_test: [row["as_of"] for row in rows if (row["split"] == "test") is is_test] for is_test in (True, False)}
    return told[True], told[False]


def _cases(lost: Losses, write_lives: WriteLives, work: Path) -> Cases | None:
    people, lives = work / "leavers_people.parquet", work / "leavers_lives.parquet"
    write_leavers(lost.leavers, people)
    write_lives(people=people, part_days=WEEK_DAYS, parts=WEEKS, out=lives)
    return cases(lost.leavers, lives)

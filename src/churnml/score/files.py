"""The files that people open: a CSV per tier, who was left alone or out, what changed, and one workbook with the lists."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from churnml.score.calls import Files, of_calls, of_changes, of_holdout, of_unscored
from churnml.score.cover import Counts, Told, write_cover
from churnml.score.looks import Formats
from churnml.score.sheets import in_book, tabs, write_sheets
from churnml.score.written import write_rows
from churnml.segments import grid, layer_shares
from churnml.spreadsheet import workbook

__all__ = ["Files", "write_files"]


def write_files(
    folder: Path,
    how: Files,
    scored: pd.DataFrame,
    unscored: pd.DataFrame,
    changes: pd.DataFrame,
    said: Mapping[str, str],
    alerts: int = 0,
) -> None:
    """Write `<tier>.csv` for each tier, `holdout.csv`, `unscored.csv`, `changes.csv` and `lists.xlsx`.

    Where there is nobody, a file has its header alone.

    Args:
        folder: of the pack; it exists.
        how: language, currency, tiers, columns to keep.
        scored: one row per customer: rank (from 1, over all), customer_id, tier, held (left alone as holdout), risk (0..1),
            value and expected_loss (currency), days_since_purchase, usual_gap_days, recent_spend, rfm, before (the tier on
            the list before), layer, group, to_do, channel, by_whom, due_on, script, and the columns to keep.
        unscored: one row per customer without a risk: customer_id, reason, last_seen, and the columns to keep.
        changes: one row per customer: customer_id, change, tier_before, tier_now, risk_before, risk_now (0..1), and the
            columns to keep.
        said: tier -> what happened to its like; "" -> what holds for all, may be empty.
        alerts: customers in alerts.csv.
    """
    scored = scored.sort_values("rank", ignore_index=True)
    calls, tier, held = of_calls(scored, how), scored["tier"].to_numpy(object), scored["held"].to_numpy(bool)
    called = {name: np.flatnonzero((tier == name) & ~held) for name in how.tiers}
    for name, rows in called.items():
        write_rows(folder / f"{name}.csv", calls, rows, how.csv_ids)
    write_rows(folder / "holdout.csv", of_holdout(calls, scored, how), np.flatnonzero(held), how.csv_ids)
    write_rows(folder / "unscored.csv", of_unscored(unscored, how), np.arange(len(unscored)), how.csv_ids)
    write_rows(folder / "changes.csv", of_changes(changes, how), np.arange(len(changes)), how.csv_ids)
    sheets = tabs(how, called)
    counts = Counts(
        {name: int((tier == name).sum()) for name in how.tiers},
        {name: int(((tier == name) & held).sum()) for name in how.tiers},
        len(unscored),
        len(changes),
        grid(*(scored[name].to_numpy() for name in ("layer", "tier", "value", "expected_loss"))),
        layer_shares(scored["layer"].to_numpy(), scored["value"].to_numpy()),
        alerts,
    )
    told = Told(how, counts, sheets, [in_book(column, how).name for column in calls], said)
    with workbook(folder / "lists.xlsx") as book:
        formats = Formats(book, how.currency)
        write_cover(book, formats, told)
        write_sheets(book, formats, how, calls, sheets)

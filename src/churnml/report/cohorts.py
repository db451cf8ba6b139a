"""Cohorts: of the customers first seen in a month, how many are still there in the months after."""

from collections.abc import Iterator
from datetime import date

import pandas as pd

from churnml.language import Words
from churnml.metrics import share_interval
from churnml.report.head import percent
from churnml.report.parts import Both, Cell, Column, Grid, Row, Table, both, same, word

FOLLOWED = 6
"""Months after which it is said in a sentence how many are still there."""

WORDS: Words = {
    "followed": (
        "Of {customers} customers first seen in {first} to {last}, {share} ({low} to {high}) were still there {count} months later.",
        "{first} 至 {last} 首次出现的 {customers} 位客户中，{count} 个月后仍活跃的占 {share}（{low} 至 {high}）。",
    ),
    "retention": ("Who is still there: cohorts by month", "同期群留存"),
    "retention_note": (
        "Of the customers first seen in a month, the share {there} in the months after; never customers at the end / at the start. Intervals are in the table.",
        "某月首次出现的客户中，在之后各月{there}的比例；不使用期末 ÷ 期初。置信区间见数据表。",
    ),
    "with_event": ("with an event", "有活动"),
    "with_contract": ("with a running contract", "有有效合同"),
    "earlier_note": (
        " * No true cohort: who is first seen so soon after the data begin may have been a customer before.",
        "* 非真实同期群：数据起始不久即出现的客户，此前可能已是客户。",
    ),
    "corner": ("first seen (customers) ↓ · months after →", "首次出现（客户数）↓ · 之后第几个月 →"),
    "month_number": ("months after", "之后第几个月"),
    "active": ("still there", "仍活跃"),
    "share": ("share", "比例"),
    "true": ("true cohort", "真实同期群"),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
    "cohort": ("first seen", "首次出现"),
    "customers": ("customers", "客户数"),
    "low": ("from", "下限"),
    "high": ("to", "上限"),
}  # fmt: skip


def month_of(day: date) -> str:
    """A month as it is written in both languages.

    >>> month_of(date(2024, 3, 1))
    '2024-03'
    """
    return f"{day:%Y-%m}"


def marked(cohort: date, before: bool) -> str:
    """A cohort, with a star if it is no true one."""
    return month_of(cohort) + ("*" if before else "")


def starred(note: Both, frame: pd.DataFrame) -> Both:
    """A note, with what the star means if there is one."""
    more = word(WORDS, "earlier_note") if frame["before"].any() else ("", "")
    return note[0] + more[0], note[1] + more[1]


def followed(retention: pd.DataFrame) -> Iterator[Both]:
    """All true cohorts together, as many months later as some of them can be followed."""
    cohorts = retention[~retention["before"]]
    count = min(FOLLOWED, int(cohorts["month_number"].max()) if len(cohorts) else 0)
    if count < 1:
        return
    there = cohorts[cohorts["month_number"] == count]
    active, customers = int(there["active"].sum()), int(there["customers"].sum())
    low, high = share_interval(active, customers)
    yield both(
        WORDS, "followed", customers=f"{customers:,}", first=month_of(there["cohort"].min()),
        last=month_of(there["cohort"].max()), share=percent(active / customers), low=percent(low), high=percent(high),
        count=count,
    )  # fmt: skip


def retained(frame: pd.DataFrame, contracts: bool) -> Grid:
    """A cohort per row, a month per column."""
    cohorts = sorted(set(frame["cohort"]))
    last = int(frame["month_number"].max())
    first_rows = frame.drop_duplicates("cohort").set_index("cohort")
    cells: list[list[Cell | None]] = []
    for cohort in cohorts:
        shares = frame[frame["cohort"] == cohort].set_index("month_number")["share"]
        cells.append(
            [
                Cell([same(f"{100 * shares[number]:.0f}\u00a0%")], float(shares[number]))
                if number in shares.index
                else None
                for number in range(last + 1)
            ]
        )
    there = word(WORDS, "with_contract" if contracts else "with_event")
    note = starred(both(WORDS, "retention_note", there=there), frame)
    titles = [
        _cohort(cohort, int(first_rows.loc[cohort, "customers"]), bool(first_rows.loc[cohort, "before"]))
        for cohort in cohorts
    ]
    rows: list[Row] = [
        {
            **{str(name): cell for name, cell in row.items()},
            "cohort": month_of(row["cohort"]),
            "true": "no" if row["before"] else "yes",
        }
        for row in frame.to_dict("records")
    ]
    columns = (
        Column("cohort", word(WORDS, "cohort")),
        Column("month_number", word(WORDS, "month_number"), "count"),
        Column("customers", word(WORDS, "customers"), "count"),
        Column("active", word(WORDS, "active"), "count"),
        Column("share", word(WORDS, "share"), "share"),
        Column("low", word(WORDS, "low"), "share"),
        Column("high", word(WORDS, "high"), "share"),
        Column("true", word(WORDS, "true"), words=WORDS),
    )
    return Grid(
        name="cohorts", title=word(WORDS, "retention"), corner=word(WORDS, "corner"),
        across=[same(str(number)) for number in range(last + 1)], down=titles, cells=cells, columns=(),
        table=Table("cohorts", columns, rows), note=note, small=True,
    )  # fmt: skip


def _cohort(cohort: date, customers: int, before: bool) -> Both:
    """In one line: a row of the heat map is low."""
    return same(f"{marked(cohort, before)}\N{NO-BREAK SPACE}({customers:,})")

"""KPIs by month and cohort: churn, retention, repurchase, active days, NPS and value, each with its formula."""

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from churnml.language import Words
from churnml.report.charts import COUNT, MONEY, SHARE, told
from churnml.report.cohorts import followed, marked, month_of, retained, starred
from churnml.report.head import money, percent, points
from churnml.report.kpis import Kpis
from churnml.report.lines import over_time
from churnml.report.looking_back import difference
from churnml.report.parts import (
    Both,
    Column,
    Kind,
    Part,
    Picture,
    Section,
    Table,
    Text,
    Tile,
    Tiles,
    both,
    joined,
    same,
    word,
)

WORDS: Words = {
    "title": ("KPIs", "关键指标"),
    "none": (
        "The tables hold no whole month of events yet, so nothing can be counted by month.",
        "数据表中尚无完整自然月的记录，无法按月统计。",
    ),
    "no_tables": (
        "The tables behind these lists aren't here, so nothing can be counted by month.",
        "本名单所用的数据表不在此处，无法按月统计。",
    ),
    "churn_now": (
        "{customers} customers could leave at the start of {month}; {rate} of them did within {days} days ({low} to {high})",
        "{month} 月初有 {customers} 位客户可能流失，其中 {rate} 在 {days} 天内流失（{low} 至 {high}）",
    ),
    "churn_more": (", {points} points more than of those a month before.", "，较上月上升 {points} 个百分点。"),
    "churn_less": (", {points} points less than of those a month before.", "，较上月下降 {points} 个百分点。"),
    "churn_same": (", not clearly more or less than of those a month before ({before}).", "，与上月（{before}）无明显差别。"),
    "churn_first": (".", "。"),
    "month": ("month", "月份"),
    "before": ("{month}: {number}", "{month}：{number}"),
    "rate": ("churn rate", "流失率"),
    "customers": ("customers", "客户数"),
    "left": ("left", "流失"),
    "low": ("from", "下限"),
    "high": ("to", "上限"),
    "churn": ("Churn rate by month", "各月流失率"),
    "churn_note": (
        "Customers who left within {days} days / customers who could leave on the first of the month. Months whose {days} days aren't over aren't shown.",
        "{days} 天内流失的客户数 ÷ 月初可能流失的客户数。{days} 天观察期未结束的月份不显示。",
    ),
    "repurchase": ("Repurchase rate by month", "各月复购率"),
    "repurchase_rate": ("repurchase rate", "复购率"),
    "again": ("bought again", "复购客户"),
    "repurchase_note": (
        "Customers with two or more purchases / customers with a purchase, in the month and the two before it.",
        "当月及前两个月内，购买两次及以上的客户数 ÷ 有购买的客户数。",
    ),
    "active_days": ("Active days per active customer", "活跃客户的月均活跃天数"),
    "mean_days": ("days", "天数"),
    "active_days_note": (
        "Days of the month with activity (where that isn't recorded: with a purchase), mean over the customers who had any.",
        "客户当月有活动（无活动记录时为有购买）的天数，对当月有活动的客户取平均。",
    ),
    "nps": ("Net promoter score by month", "各月净推荐值（NPS）"),
    "nps_number": ("NPS", "NPS"),
    "answers": ("answers", "回答数"),
    "promoters": ("promoters", "推荐者"),
    "detractors": ("detractors", "贬损者"),
    "nps_note": (
        "Share of answers of 9 or 10 less the share of answers of 0 to 6, from -100 to 100.",
        "9–10 分占比减 0–6 分占比，取值 −100 至 100。",
    ),
    "clv": ("Value of those still there, by month in which they were first seen", "现有客户价值（按首次出现月份）"),
    "clv_mean": ("value per customer", "人均价值"),
    "clv_note": (
        "Mean expected margin over {days} days, by the value model {model}. Who was first seen in the last {window} days is left out: their spending isn't known for long enough.",
        "未来 {days} 天预期毛利的平均值，价值模型：{model}。最近 {window} 天内首次出现的客户历史不足，未计入。",
    ),
    "recent_spend": ("recent_spend (as if all stayed)", "recent_spend（假设客户不流失）"),
    "clv_model": ("clv (customers leave at the rate of earlier cutoffs)", "clv（按以往流失率衰减）"),
    "cohort": ("first seen", "首次出现"),
}  # fmt: skip


def monthly(
    told_: Kpis | None, *, days: int, window: int, model: str, value_days: int, currency: str, contracts: bool
) -> Section:
    """What happened by month.

    Args:
        told_: the KPIs; None: the tables aren't there.
        days: horizon of the label.
        window: days of the window that value is measured in.
        model: of the value.
        value_days: horizon of the value.
        currency: of all money.
        contracts: whether a running contract shows who is still there.
    """
    title = word(WORDS, "title")
    if told_ is None:
        return Section("kpis", title, [Text(word(WORDS, "no_tables"), "soft")])
    tiles = list(_tiles(told_, currency))
    if not tiles and told_.retention is None:
        return Section("kpis", title, [Text(word(WORDS, "none"), "soft")])
    parts: list[Part] = []
    if sentences := list(_sentences(told_, days)):
        parts.append(Text(joined(sentences), "lead"))
    if tiles:
        parts.append(Tiles(tiles))
    parts += _pictures(told_, days)
    if told_.retention is not None:
        parts.append(retained(told_.retention, contracts))
    if told_.clv is not None and len(told_.clv) > 1:
        note = both(
            WORDS,
            "clv_note",
            days=value_days,
            window=window,
            model=word(WORDS, "clv_model" if model == "clv" else model),
        )
        note = starred(note, told_.clv)
        parts.append(_line(told_.clv, "clv", "cohort", "mean", "clv_mean", "money", note, ("customers",), zero=True))
    return Section("kpis", title, parts)


def _sentences(told_: Kpis, days: int) -> Iterator[Both]:
    if told_.churn is not None:
        rows = told_.churn.to_dict("records")
        now = rows[-1]
        said = both(
            WORDS, "churn_now", customers=f"{now['customers']:,}", month=month_of(now["month"]), rate=percent(now["rate"]), days=days,
            low=percent(now["low"]), high=percent(now["high"]),
        )  # fmt: skip
        yield _glued(said, _change(rows))
    if told_.retention is not None:
        yield from followed(told_.retention)


def _change(rows: Sequence[Any]) -> Both:
    """Against the month before, if it is the month before."""
    if len(rows) < 2:
        return word(WORDS, "churn_first")
    before, now = rows[-2:]
    change, low, high = difference(now["left"], now["customers"], before["left"], before["customers"])
    if low <= 0 <= high:
        return both(WORDS, "churn_same", before=percent(before["rate"]))
    return both(WORDS, "churn_more" if change > 0 else "churn_less", points=points(abs(change)).lstrip("+"))


def _glued(first: Both, then: Both) -> Both:
    return first[0] + then[0], first[1] + then[1]


def _tiles(told_: Kpis, currency: str) -> Iterator[Tile]:
    """The newest month of each, and the one before."""
    for name, rows, column, form in (
        ("rate", told_.churn, "rate", percent),
        ("repurchase_rate", told_.repurchase, "rate", percent),
        ("active_days", told_.active_days, "mean", _tenth),
        ("nps_number", told_.nps, "nps", _whole),
    ):
        if rows is None:
            continue
        english, chinese = word(WORDS, name)
        month, beside = month_of(rows["month"].iloc[-1]), same("")
        if len(rows) > 1:
            before = rows.iloc[-2]
            beside = both(WORDS, "before", month=month_of(before["month"]), number=form(before[column]))
        label = f"{english[0].upper()}{english[1:]}, {month}", f"{chinese}（{month}）"
        yield Tile(label, same(form(rows[column].iloc[-1])), beside)
    if told_.clv is not None:
        mean = float((told_.clv["mean"] * told_.clv["customers"]).sum() / told_.clv["customers"].sum())
        label = word(WORDS, "clv_mean")
        yield Tile((label[0].capitalize(), label[1]), same(money(mean, currency)))


def _tenth(number: float) -> str:
    return f"{number:.1f}"


def _whole(number: float) -> str:
    return f"{number:+.0f}"


def _pictures(told_: Kpis, days: int) -> Iterator[Part]:
    if told_.churn is not None and len(told_.churn) > 1:
        note = both(WORDS, "churn_note", days=days)
        yield _line(told_.churn, "churn", "month", "rate", "rate", "share", note, ("customers", "left"), zero=True)
    if told_.repurchase is not None and len(told_.repurchase) > 1:
        note, counts = word(WORDS, "repurchase_note"), ("customers", "again")
        yield _line(
            told_.repurchase, "repurchase", "month", "rate", "repurchase_rate", "share", note, counts, zero=False
        )
    if told_.active_days is not None and len(told_.active_days) > 1:
        note = word(WORDS, "active_days_note")
        yield _line(
            told_.active_days, "active_days", "month", "mean", "mean_days", "number", note, ("customers",), zero=True
        )
    if told_.nps is not None and len(told_.nps) > 1:
        note, answers = word(WORDS, "nps_note"), ("answers", "promoters", "detractors")
        yield _line(told_.nps, "nps", "month", "nps", "nps_number", "number", note, answers, zero=True)


def _line(
    frame: pd.DataFrame,
    name: str,
    x: str,
    y: str,
    called: str,
    kind: Kind,
    note: Both,
    more: Sequence[str],
    *,
    zero: bool,
) -> Picture:
    """A number by month, with its interval."""
    form = ",.0f" if name == "nps" else {"share": SHARE, "money": MONEY}.get(kind, ".1f")
    rows = [
        {**{one: row[one] for one in (y, "low", "high", *more)}, x: marked(row[x], bool(row.get("before")))}
        for row in frame.to_dict("records")
    ]
    columns = (
        Column(x, word(WORDS, x)),
        Column(y, word(WORDS, called), kind),
        Column("low", word(WORDS, "low"), kind),
        Column("high", word(WORDS, "high"), kind),
        *(Column(one, word(WORDS, one), "count") for one in more),
    )
    hover = told(
        (x, word(WORDS, x), ""),
        *((one.name, one.title, form) for one in columns[1:4]),
        *((one.name, one.title, COUNT) for one in columns[4:]),
    )
    lines = [(y, same(""), "ours")]  # the axis names it
    spec, height = over_time(
        rows, lines, word(WORDS, called), form, hover, x=x, low="low", high="high", zero=zero, height=200
    )  # fmt: skip
    return Picture(word(WORDS, name), spec, Table(f"kpi_{name}", columns, rows), note, height, half=True)

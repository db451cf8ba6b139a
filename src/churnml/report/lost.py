"""Pictures of what left with those who left: money by cause, and the weeks of typical cases."""

from datetime import date

import pandas as pd

from churnml.contracts.segments import CAUSES
from churnml.language import Words
from churnml.report.charts import COUNT, MONEY, SHARE, bars, drawn, rows_of, told
from churnml.report.losses import Losses
from churnml.report.parts import Both, Column, Picture, Row, Table, both, same, word

WORDS: Words = {
    "lost": ("Money lost by cause", "各原因造成的流失金额"),
    "lost_note": (
        "Value of those who left at the newest cutoffs, by the cause that a list would have stated; 95 % intervals by a bootstrap of customers. A stated cause may be the wrong one.",
        "最近截止日流失客户的价值，按名单会给出的原因划分；95% 区间来自对客户的自助抽样。给出的原因可能有误。",
    ),
    "cause": ("cause", "原因"),
    "customers": ("customers", "客户数"),
    "money": ("value that left", "流失价值"),
    "share": ("share", "占比"),
    "case": ("Customer {customer}: {cause}; left on {left_on}, worth {worth}", "客户 {customer}：{cause}；{left_on} 流失，价值 {worth}"),
    "case_note": ("A dot per week in which something happened; the larger, the more.", "每周有事件则画一个点；点越大次数越多。"),
    "quiet": ("in these 26 weeks no {lanes}", "这 26 周内没有：{lanes}"),
    "week": ("week from", "起始周"),
    "lane": ("what", "内容"),
    "count": ("how many", "次数"),
    "low": ("from", "下限"),
    "high": ("to", "上限"),
    "in_money": ("{what}, {currency}", "{what}（{currency}）"),
}  # fmt: skip

LANES: Words = {
    "orders": ("orders", "订单"),
    "active_days": ("active days", "活跃天数"),
    "tickets": ("tickets", "工单"),
    "complaints": ("complaints", "投诉"),
    "surveys": ("survey answers", "调查回答"),
    "contacts": ("contacts from us", "我方联系"),
}


def lost_by_cause(lost: Losses, currency: str) -> Picture:
    """Money that left, by cause."""
    rows: list[Row] = [
        {**{str(name): cell for name, cell in row.items()}, "from": row["low"] * lost.money, "to": row["high"] * lost.money}
        for row in lost.by_cause.to_dict("records")
    ]  # fmt: skip
    title = both(WORDS, "in_money", what=word(WORDS, "money"), currency=currency)
    columns = (
        Column("cause", word(WORDS, "cause"), words=CAUSES),
        Column("customers", word(WORDS, "customers"), "count"),
        Column("money", title, "money"),
        Column("from", word(WORDS, "low"), "money"),
        Column("to", word(WORDS, "high"), "money"),
        Column("share", word(WORDS, "share"), "share"),
    )
    hover = told(
        ("cause", word(WORDS, "cause"), ""),
        *((one.name, one.title, MONEY) for one in columns[1:5]),
        ("share", word(WORDS, "share"), SHARE),
    )
    spec, height = bars("cause", "money", title, MONEY, len(rows), hover, low="from", high="to")
    return Picture(word(WORDS, "lost"), spec, Table("lost", columns, rows), word(WORDS, "lost_note"), height)


def bubbles(number: int, weeks: pd.DataFrame, *, customer: str, cause: Both, left_on: date, worth: str) -> Picture:
    """The weeks of one customer before leaving: a line per kind of event, a dot per week."""
    sums = weeks.groupby("lane", sort=False)["count"].sum()
    there = [lane for lane in sums.index if sums[lane] > 0] or [sums.index[0]]
    rows: list[Row] = [
        {"week": row["week_start"].isoformat(), "lane": row["lane"], "count": int(row["count"])}
        for row in weeks[weeks["lane"].isin(there)].to_dict("records")
    ]
    columns = (
        Column("week", word(WORDS, "week"), "day"),
        Column("lane", word(WORDS, "lane"), words=LANES),
        Column("count", word(WORDS, "count"), "count"),
    )
    hover = told(
        ("week", word(WORDS, "week"), ""), ("lane", word(WORDS, "lane"), ""), ("count", word(WORDS, "count"), COUNT)
    )
    axis = {
        "title": None,
        "labelAngle": 0,
        "labelOverlap": "greedy",
        "labelSeparation": 12,
        "domain": False,
        "ticks": False,
        "labelPadding": 6,
    }
    place = {"x": {"field": "week", "type": "ordinal", "axis": axis}, "y": rows_of("lane"), "tooltip": hover}
    size = {
        "field": "count",
        "type": "quantitative",
        "legend": None,
        "scale": {"type": "linear", "domain": [0, max(1, int(weeks["count"].max()))], "range": [0, 220]},
    }
    layers = [{"mark": {"type": "circle", "color": "role:ours", "opacity": 0.85}, "encoding": {**place, "size": size}}]
    quiet = [word(LANES, lane) for lane in sums.index if sums[lane] == 0]
    note = word(WORDS, "case_note")
    if quiet:
        never = both(WORDS, "quiet", lanes=(", ".join(one for one, _ in quiet), "、".join(one for _, one in quiet)))
        note = f"{note[0]} {never[0].capitalize()}.", f"{note[1]}{never[1]}。"
    height = 30 * len(there) + 50
    title = both(WORDS, "case", customer=same(customer), cause=cause, left_on=left_on, worth=worth)
    return Picture(title, drawn(layers, height), Table(f"case_{number + 1}", columns, rows), note, height)

"""Pictures with two sides: those who left in blue with dots, those who stayed in grey with diamonds, both with intervals."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from churnml.language import Words
from churnml.report.charts import COUNT, SHARE, across, drawn, rows_of, titled, told
from churnml.report.lines import named
from churnml.report.looking_back import MONTHS, LastMonths
from churnml.report.parts import Both, Column, Picture, Spec, Table, both, word

_SIDES = (("left", "ours", "circle", -6), ("stayed", "other", "diamond", 6))
"""Column, role, shape, and by how many pixels it stands off, so that intervals don't cover each other."""

WORDS: Words = {
    "left": ("left", "流失客户"),
    "stayed": ("stayed", "留存客户"),
    "measure": ("measure", "指标"),
    "changes": ("The last month against the three before", "最后一个月与此前三个月相比"),
    "changes_note": (
        "Change of the mean per customer, with 95 % intervals (bootstrap of pairs); at 0 nothing changed. Compare the two: a change of both is none of leaving.",
        "人均值的变化及 95% 区间（成对自助法）；0 表示无变化。请对比两者：双方共有的变化与流失无关。",
    ),
    "change": ("change", "变化"),
    "low": ("from", "下限"),
    "high": ("to", "上限"),
    "left_last": ("left, last month", "流失客户，最后一月"),
    "left_before": ("left, a month before that", "流失客户，此前月均"),
    "stayed_last": ("stayed, last month", "留存客户，最后一月"),
    "stayed_before": ("stayed, a month before that", "留存客户，此前月均"),
    "ends": ("{side}, {end}", "{side}，{end}"),
    "month": ("months", "月份"),
    "month_0": ("last month", "最后一月"),
    "month_1": ("1 before", "前 1 月"),
    "month_2": ("2 before", "前 2 月"),
    "month_3": ("3 before", "前 3 月"),
    "per_month": ("{what} per customer and 28 days", "每客户每 28 天的{what}"),
    "hours": ("{what}, hours", "{what}（小时）"),
    "in_money": ("{what}, {currency}", "{what}（{currency}）"),
    "groups": ("Who left, at the newest cutoffs and before", "谁在流失：最近截止日与以往对比"),
    "groups_alone": ("Who left, at the newest cutoffs", "谁在流失：最近的截止日"),
    "groups_note": (
        "Share of the customers of a group that left, with 95 % intervals. Of twenty groups one differs by chance: what is said to have changed holds for all groups together.",
        "各组客户的流失比例及 95% 区间。二十个分组中会有一个偶然出现差异；文字中的结论已对多组比较做了校正。",
    ),
    "group": ("group", "分组"),
    "new": ("newest", "最近"),
    "old": ("before", "以往"),
    "customers_new": ("customers, newest", "客户数，最近"),
    "customers_old": ("customers, before", "客户数，以往"),
    "share_left": ("share that left", "流失比例"),
}  # fmt: skip


def two_sided(
    rows: list[dict[str, Any]],
    y: str,
    title: Both,
    form: str,
    hover: list[dict[str, Any]],
    names: Mapping[str, Both],
    *,
    zero_line: bool,
) -> tuple[Spec, int]:
    """Two dots with their intervals per row, named in the first row: columns `left` and `stayed`, with `…_low` and `…_high`."""
    axis, scale = titled(title, form), {"zero": True, "nice": True}
    layers: list[dict[str, Any]] = []
    if zero_line:
        layers.append(
            {
                "data": {"values": [{"at": 0}]},
                "mark": {"type": "rule", "color": "role:other", "strokeWidth": 2},
                "encoding": {"x": across("at", axis, scale=scale)},
            }
        )
    for column, role, shape, off in _SIDES:
        if column not in names:
            continue
        base = {"y": rows_of(y), "tooltip": hover}
        rule = {"type": "rule", "color": f"role:{role}", "strokeWidth": 2, "yOffset": off}
        point = {
            "type": "point",
            "filled": True,
            "size": 70,
            "shape": shape,
            "color": f"role:{role}",
            "opacity": 1,
            "yOffset": off,
        }
        text = {
            "type": "text",
            "dy": -11 if off < 0 else 13,
            "yOffset": off,
            "color": f"role:{role}",
            "text": names[column],
        }
        place = across(column, axis, scale=scale)
        layers.append(
            {
                "mark": rule,
                "encoding": {
                    **base,
                    "x": across(f"{column}_low", axis, scale=scale),
                    "x2": {"field": f"{column}_high"},
                },
            }
        )
        layers.append({"mark": point, "encoding": {**base, "x": place}})
        layers += named(
            {
                "transform": [{"window": [{"op": "row_number", "as": "place"}]}, {"filter": "datum.place == 1"}],
                "mark": text,
                "encoding": {"y": rows_of(y), "x": place},
            }
        )  # fmt: skip
    height = 46 * len(rows) + 60
    return drawn(layers, height), height


def changes(last: LastMonths, measures: Words) -> Picture:
    """How much each measure changed, for those who left and those who stayed."""
    rows: list[dict[str, Any]] = []
    for measure, mine in last.changes.groupby("measure", sort=False):
        row: dict[str, Any] = {"measure": measure}
        for one in mine.to_dict("records"):
            side = one["side"]
            row |= {side: one["change"], f"{side}_low": one["change_low"], f"{side}_high": one["change_high"]}
            row |= {f"{side}_last": one["last"], f"{side}_before": one["before"]}
        rows.append(row)
    columns = (
        Column("measure", word(WORDS, "measure"), words=measures),
        *_both_sides("share"),
        *(
            Column(f"{side}_{when}", word(WORDS, f"{side}_{when}"), "number")
            for side in ("left", "stayed")
            for when in ("last", "before")
        ),
    )
    hover = told(
        ("measure", word(WORDS, "measure"), ""),
        *((one.name, one.title, "+.0%") for one in columns[1:7]),
        *((one.name, one.title, ",.2f") for one in columns[7:]),
    )
    names = {side: word(WORDS, side) for side in ("left", "stayed")}
    spec, height = two_sided(rows, "measure", word(WORDS, "change"), "+.0%", hover, names, zero_line=True)
    return Picture(
        word(WORDS, "changes"), spec, Table("last_months", columns, rows), word(WORDS, "changes_note"), height
    )


def _both_sides(kind: Any) -> tuple[Column, ...]:
    found = []
    for side in ("left", "stayed"):
        name = word(WORDS, side)
        found.append(Column(side, name, kind))
        found += [
            Column(f"{side}_{end}", both(WORDS, "ends", side=name, end=word(WORDS, end)), kind)
            for end in ("low", "high")
        ]
    return tuple(found)


def months(last: LastMonths, measure: str, what: Both, currency: str) -> Picture:
    """One measure in each of the four months."""
    mine = last.months[last.months["measure"] == measure]
    rows: list[dict[str, Any]] = []
    for month in reversed(range(MONTHS)):
        row: dict[str, Any] = {"month": f"month_{month}"}
        for one in mine[mine["month"] == month].to_dict("records"):
            row |= {one["side"]: one["mean"], f"{one['side']}_low": one["low"], f"{one['side']}_high": one["high"]}
        rows.append(row)
    columns = (Column("month", word(WORDS, "month"), words=WORDS), *_both_sides("number"))
    hover = told(("month", word(WORDS, "month"), ""), *((one.name, one.title, ",.2f") for one in columns[1:]))
    axis = titled(None, ",.2~f")
    layers: list[dict[str, Any]] = []
    names: list[dict[str, Any]] = []
    days = {
        "field": "month",
        "type": "ordinal",
        "sort": None,
        "scale": {"type": "point", "padding": 0.7},
        "axis": {"title": None, "labelAngle": 0, "domain": False, "ticks": False, "labelPadding": 6},
    }
    higher = "left" if rows[-1]["left"] >= rows[-1]["stayed"] else "stayed"
    for side, role, shape, off in reversed(_SIDES):
        value = {"field": side, "type": "quantitative", "axis": axis, "scale": {"zero": True}}
        dash = {"strokeDash": [4, 3]} if role == "other" else {}
        shown = {"filled": True, "size": 60, "shape": shape, "color": f"role:{role}", "opacity": 1}
        line = {"type": "line", "color": f"role:{role}", "strokeWidth": 2, "point": shown, **dash}
        rule = {"type": "rule", "color": f"role:{role}", "strokeWidth": 2, "xOffset": off // 2}
        ends = {"y": {**value, "field": f"{side}_low"}, "y2": {"field": f"{side}_high"}}
        layers.append({"mark": rule, "encoding": {"x": days, "tooltip": hover, **ends}})
        layers.append({"mark": line, "encoding": {"x": days, "tooltip": hover, "y": value}})
        names += named(
            {
                "transform": [{"window": [{"op": "row_number", "as": "place"}]}, {"filter": f"datum.place == {MONTHS}"}],
                "mark": {"type": "text", "align": "left", "dx": 9, "dy": -7 if side == higher else 9, "color": f"role:{role}", "text": word(WORDS, side)},
                "encoding": {"x": days, "y": value},
            }
        )  # fmt: skip
    title = both(WORDS, "per_month", what=what)
    if measure == "reply_hours":
        title = both(WORDS, "hours", what=what)
    if measure == "spend":
        title = both(WORDS, "in_money", what=title, currency=currency)
    title = title[0][0].upper() + title[0][1:], title[1]
    table = Table(f"last_months_{measure}", columns, rows)
    return Picture(title, drawn([*layers, *names], 190), table, height=230, half=True)


def groups_then(frame: pd.DataFrame, name: Callable[[str, str], Both]) -> Picture:
    """Share that left by group, at the newest cutoffs and before."""
    titles: dict[str, Both] = {}
    rows = []
    for row in frame.to_dict("records"):
        key = f"{row['by']}: {row['group']}"
        titles[key] = name(row["by"], row["group"])
        ends = {
            f"{side}{end}": row[f"rate_{when}{end}"]
            for side, when in (("left", "new"), ("stayed", "old"))
            for end in ("", "_low", "_high")
        }
        rows.append(
            {"group": key, "customers_new": row["customers_new"], "customers_old": row["customers_old"], **ends}
        )
    before = bool(frame["customers_old"].gt(0).any())
    names = {"left": word(WORDS, "new"), **({"stayed": word(WORDS, "old")} if before else {})}
    columns = [
        Column("group", word(WORDS, "group"), words=titles),
        Column("customers_new", word(WORDS, "customers_new"), "count"),
    ]
    if before:
        columns.append(Column("customers_old", word(WORDS, "customers_old"), "count"))
    for side, called in names.items():
        columns.append(Column(side, called, "share"))
        columns += [
            Column(f"{side}_{end}", both(WORDS, "ends", side=called, end=word(WORDS, end)), "share")
            for end in ("low", "high")
        ]
    hover = told(
        ("group", word(WORDS, "group"), ""),
        *((one.name, one.title, COUNT if one.kind == "count" else SHARE) for one in columns[1:]),
    )
    spec, height = two_sided(rows, "group", word(WORDS, "share_left"), SHARE, hover, names, zero_line=False)
    title = word(WORDS, "groups" if before else "groups_alone")
    return Picture(title, spec, Table("who_left", tuple(columns), rows), word(WORDS, "groups_note"), height)

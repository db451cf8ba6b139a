"""Looking back: the last months of those who left beside similar customers who stayed, who left, and what it cost."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from churnml.contracts.segments import CAUSES, NONE
from churnml.language import Words
from churnml.report.evaluation import GROUPS
from churnml.report.head import money, percent, points
from churnml.report.looking_back import LastMonths
from churnml.report.losses import Cases, Losses
from churnml.report.lost import bubbles, lost_by_cause
from churnml.report.parts import Both, Part, Section, Text, both, joined, word
from churnml.report.past import Past
from churnml.report.sides import changes, groups_then, months

DRAWN = 4
"""Measures whose months are drawn."""

WORDS: Words = {
    "title": ("Looking back", "流失回顾"),
    "none": (
        "Nobody who left at past cutoffs is known here, so there is nothing to look back at.",
        "此处没有以往流失客户的信息，无法回顾。",
    ),
    "lead": (
        "In their last month, customers who left had {left} against the three months before; similar customers who stayed: {stayed}.",
        "与此前三个月相比，流失客户在最后一个月{left}；相似的留存客户：{stayed}。",
    ),
    "and": (" and ", "、"),
    "nothing": (
        "In their last month nothing that is known set those who left clearly apart from similar customers who stayed.",
        "在最后一个月，已知的各项指标都未能把流失客户与相似的留存客户明显区分开来。",
    ),
    "too_few": (
        "Too few of those who left were there for the four months that are compared.",
        "有足够历史（四个月）可供比较的流失客户太少。",
    ),
    "fewer": ("{share} fewer {what}", "{what}减少 {share}"),
    "more": ("{share} more {what}", "{what}增加 {share}"),
    "twice": ("twice as many {what}", "{what}翻倍"),
    "shorter": ("a {share} shorter {what}", "{what}缩短 {share}"),
    "longer": ("a {share} longer {what}", "{what}延长 {share}"),
    "less": ("spent {share} less", "消费减少 {share}"),
    "spent": ("spent {share} more", "消费增加 {share}"),
    "changed": ("{change} {what}", "{what} {change}"),
    "basis": (
        "Compared are {pairs} who left with as many who stayed, of {there} departures at the cutoffs {first} to {last}. Similar: could have left at the same cutoff, same third by money, same segment, nearest in money per day. {rule}",
        "比较对象：截止日 {first} 至 {last} 的 {there} 次流失中的 {pairs} 位，及同样数量的留存客户。相似指：同一截止日、消费同属一个三分位、同一分群、日均消费最接近。{rule}",
    ),
    "from_event": (
        "All are looked at from the day before an event: of those who left it is their last one, of those who stayed the last one up to then; that event itself isn't counted.",
        "双方都从某次活动的前一天起回看：流失客户为最后一次活动，留存客户为同日或之前最近一次活动；该次活动本身不计。",
    ),
    "from_leaving": ("All are looked at from the day before the customer left.", "双方都从该客户流失的前一天起回看。"),
    "group_more": (
        "At the newest cutoffs {now} of the customers with {group} left, {points} points more than before ({before}).",
        "在最近的截止日，{group}的客户有 {now} 流失，较以往（{before}）上升 {points} 个百分点。",
    ),
    "group_less": (
        "At the newest cutoffs {now} of the customers with {group} left, {points} points less than before ({before}).",
        "在最近的截止日，{group}的客户有 {now} 流失，较以往（{before}）下降 {points} 个百分点。",
    ),
    "group_same": (
        "In no group is the share that leaves clearly another one at the newest cutoffs than before.",
        "各分组在最近截止日的流失率与以往相比均无明显变化。",
    ),
    "money": (
        "With the {count} customers who left at the newest cutoffs went {money} of what they would have brought over {days} days",
        "在最近的截止日流失的 {count} 位客户，带走了未来 {days} 天 {money} 的价值",
    ),
    "money_cause": (
        "; {share} of it ({low} to {high}) for {cause}.",
        "；其中 {share}（{low} 至 {high}）归因于{cause}。",
    ),
    "money_none": (
        "; for none of them do the tables tell a clear cause.",
        "；现有数据表无法说明其中任何一位的明确原因。",
    ),
    "money_unknown": (" For {share} of it no clear cause can be told.", "其中 {share} 的原因不明。"),
    "scaled": (
        "Causes were looked for with {taken} of them, chosen by a hash of the id, and scaled to all.",
        "原因仅对其中 {taken} 位（按编号哈希选取）分析，并按比例推算至全部。",
    ),
    "cases": ("Typical cases", "典型案例"),
    "cases_note": (
        "Of each cause the customer in the middle by value; customers appear by id alone.",
        "每类原因取价值居中的一位客户；客户仅以编号出现。",
    ),
}

MEASURES: Words = {
    "active_days": ("active days", "活跃天数"),
    "orders": ("orders", "订单数"),
    "spend": ("money spent", "消费金额"),
    "complaints": ("complaints", "投诉数"),
    "reply_hours": ("wait for a first reply", "首次回复等待时间"),
    "contacts": ("contacts from us", "我方联系次数"),
}


def back(past: Past | None, *, definition: str, value_days: int, currency: str) -> Section:
    """What happened before they left.

    Args:
        past: those who left; None: there are none.
        definition: of leaving.
        value_days: horizon of the value.
        currency: of all money.
    """
    title = word(WORDS, "title")
    if past is None:
        return Section("back", title, [Text(word(WORDS, "none"), "soft")])
    rule = word(WORDS, "from_event" if definition == "inactivity" else "from_leaving")
    parts: list[Part] = [*_last_months(past, rule, currency), *_groups(past.groups)]
    if past.losses is not None:
        parts += _money(past.losses, value_days, currency)
    if past.cases is not None:
        parts += _cases(past.cases, currency)
    return Section("back", title, parts)


def _last_months(past: Past, rule: Both, currency: str) -> Iterator[Part]:
    last = past.last
    if last is None:
        yield Text(word(WORDS, "too_few"), "soft")
        return
    yield Text(quoted(last), "lead")
    cutoffs, there = past.departures.cutoffs, past.departures.there
    yield Text(
        both(
            WORDS, "basis", pairs=f"{last.pairs:,}", there=f"{there:,}", first=cutoffs[0], last=cutoffs[-1], rule=rule
        ),
        "soft",
    )
    yield changes(last, MEASURES)
    drawn = [name for name in MEASURES if name in set(last.months["measure"])]
    clear = set(sayable(last))
    for name in sorted(drawn, key=lambda name: name not in clear)[:DRAWN]:
        yield months(last, name, word(MEASURES, name), currency)


def sayable(last: LastMonths) -> list[str]:
    """Measures that changed for those who left, clearly and clearly apart from those who stayed."""
    rows = last.changes[last.changes["side"] == "left"]
    return list(rows[rows["change_clear"] & rows["apart_clear"]]["measure"])


def quoted(last: LastMonths) -> Both:
    """The sentence that people quote, where the intervals allow one."""
    rows = {(row["measure"], row["side"]): row for row in last.changes.to_dict("records")}
    clear = sayable(last)
    if not clear:
        return word(WORDS, "nothing")
    left = [_changed(name, rows[name, "left"]) for name in clear]
    stayed = [
        both(WORDS, "changed", what=word(MEASURES, name), change=f"{100 * rows[name, 'stayed']['change']:+.0f}\u00a0%")
        for name in clear
    ]
    return both(
        WORDS,
        "lead",
        left=_listed(left),
        stayed=(", ".join(one for one, _ in stayed), "，".join(one for _, one in stayed)),
    )


def _changed(name: str, row: Mapping[Any, Any]) -> Both:
    """One change in words: the share, or twice as many where the interval holds it."""
    change, low, high = row["change"], row["change_low"], row["change_high"]
    ends = sorted((abs(low), abs(high)))
    share = (
        f"{100 * abs(change):.0f}\u00a0% ({100 * ends[0]:.0f} to {100 * ends[1]:.0f}\u00a0%)",
        f"{100 * abs(change):.0f}%（{100 * ends[0]:.0f}% 至 {100 * ends[1]:.0f}%）",
    )
    kinds = {"spend": ("less", "spent"), "reply_hours": ("shorter", "longer")}.get(name, ("fewer", "more"))
    if kinds[1] == "more" and 0.9 <= change <= 1.1:
        return both(WORDS, "twice", what=word(MEASURES, name))
    return both(WORDS, kinds[change > 0], share=share, what=word(MEASURES, name))


def _listed(parts: Sequence[Both]) -> Both:
    """One, two and three."""
    if len(parts) == 1:
        return parts[0]
    english = ", ".join(one for one, _ in parts[:-1]) + WORDS["and"][0] + parts[-1][0]
    return english, WORDS["and"][1].join(one for _, one in parts)


def group_name(by: str, group: str) -> Both:
    """A group of a grouping, in words."""
    english, chinese = word(GROUPS, by), word(GROUPS, group)
    return f"{english[0]}: {chinese[0]}", f"{english[1]}：{chinese[1]}"


def _groups(rows: pd.DataFrame) -> Iterator[Part]:
    if not len(rows):
        return
    if rows["customers_old"].gt(0).any():
        said = [
            both(
                WORDS, "group_more" if row["change"] > 0 else "group_less", group=group_name(row["by"], row["group"]),
                now=percent(row["rate_new"]), before=percent(row["rate_old"]), points=points(abs(row["change"])).lstrip("+"),
            )
            for row in rows[rows["clear"]].to_dict("records")
        ]  # fmt: skip
        yield Text(joined(said) if said else word(WORDS, "group_same"))
    yield groups_then(rows, group_name)


def _money(lost: Losses, value_days: int, currency: str) -> Iterator[Part]:
    first = both(WORDS, "money", count=f"{lost.there:,}", money=money(lost.money, currency), days=value_days)
    rows = lost.by_cause.to_dict("records")
    known = [row for row in rows if row["cause"] != NONE]
    if known:
        top = known[0]
        then = both(
            WORDS, "money_cause", share=percent(top["share"]), low=percent(top["low"]), high=percent(top["high"]),
            cause=word(CAUSES, top["cause"]),
        )  # fmt: skip
        for row in rows[len(known) :]:
            more = both(WORDS, "money_unknown", share=percent(row["share"]))
            then = then[0] + more[0], then[1] + more[1]
    else:
        then = word(WORDS, "money_none")
    yield Text((first[0] + then[0], first[1] + then[1]), "lead")
    if lost.taken < lost.there:
        yield Text(both(WORDS, "scaled", taken=f"{lost.taken:,}"), "soft")
    if known:
        yield lost_by_cause(lost, currency)


def _cases(found: Cases, currency: str) -> Iterator[Part]:
    yield Text(word(WORDS, "cases"), "lead")
    yield Text(word(WORDS, "cases_note"), "soft")
    for number, case in enumerate(found.cases.to_dict("records")):
        weeks = found.weeks[found.weeks["customer_id"] == case["customer_id"]]
        left_on: date = case["left_on"]
        yield bubbles(
            number, weeks, customer=case["customer_id"], cause=word(CAUSES, case["cause"]), left_on=left_on,
            worth=money(case["value"], currency),
        )  # fmt: skip

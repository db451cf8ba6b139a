"""Who came and who went since the lists before, and what rules fired; whoever is named is named by id."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from churnml.contracts.listed import TIERS, WAITS
from churnml.contracts.segments import CAUSES
from churnml.language import Words
from churnml.report.charts import COUNT, bars, told
from churnml.report.parts import Cell, Column, Grid, Part, Picture, Table, Text, both, same, word
from churnml.report.seen import Seen

TOP = 50
"""Customers that a cell names."""

WORDS: Words = {
    "customers": ("customers", "客户数"),
    "customer_id": ("customer", "客户编号"),
    "risk": ("risk", "流失风险"),
    "value": ("value", "客户价值"),
    "loss": ("expected loss", "预期损失"),
    "tier": ("tier", "等级"),
    "cause": ("cause", "原因类别"),
    "moves": ("From the lists before to these", "与上期名单相比的变化"),
    "moves_note": (
        "Down: the tier before. Across: the tier now. Open a cell for the ids.",
        "行：上期等级；列：本期等级。点开可查看客户编号。",
    ),
    "moves_corner": ("before ↓ · now →", "上期 ↓ · 本期 →"),
    "new": ("not on the lists before", "上期不在名单中"),
    "gone": ("no longer looked at", "本期不再评分"),
    "no_previous": (
        "These lists were made without lists before them, so nothing can be said of who came and who went.",
        "本名单没有参照更早的名单，因此无法比较变化。",
    ),
    "entered": (
        "Not counting who is left alone: {entered} customers came to the lists that are called, {recovered} who were on them are on none now, and {gone} who were on them can't leave any more: most of them have left.",
        "不计对照组：{entered} 位客户新进入需联系的名单，{recovered} 位已移出名单，{gone} 位原在名单中的客户本期不再评分（多数已流失）。",
    ),
    "before": ("before", "上期"),
    "now": ("now", "本期"),
    "alerts": ("New alerts by rule", "各规则的新预警"),
    "rule": ("rule", "预警规则"),
    "alerted": ("alerted", "已预警"),
    "no_alerts": ("No rule fired for anybody.", "没有规则被触发。"),
    "asleep": ("{count} rules sleep, since what they need isn't there.", "{count} 条规则因缺少所需数据而休眠。"),
}


def moves(seen: Seen) -> Iterator[Part]:
    """From the tier before to the tier now: every customer of either list is in one cell."""
    if seen.previous is None:
        yield Text(word(WORDS, "no_previous"), "soft")
        return
    names = seen.bundle.decision.names
    before = seen.previous[["customer_id", "tier", "held"]].rename(columns={"tier": "was", "held": "was_held"})
    all_ = seen.scored.drop(columns="before").merge(before, on="customer_id", how="outer")
    all_["was"], all_["tier"] = all_["was"].fillna("new"), all_["tier"].fillna("gone")
    down, across = [*names, "new"], [*names, "gone"]
    rows: list[dict[str, Any]] = []
    cells: list[list[Cell | None]] = []
    for was in down:
        line: list[Cell | None] = []
        for now in across:
            mine = all_[(all_["was"] == was) & (all_["tier"] == now)]
            if not len(mine):
                line.append(None)
                continue
            rows.append({"was": was, "tier": now, "customers": len(mine)})
            top = mine.sort_values(["expected_loss", "customer_id"], ascending=[False, True]).head(TOP)
            top = top.assign(tier=top["tier"].where(top["tier"] != "gone", None))
            changed = was != now
            line.append(Cell([same(f"{len(mine):,}")], 0.5 if changed else 0.0, ids_of(top) if changed else ()))
        cells.append(line)
    words: Words = {**TIERS, "new": WORDS["new"], "gone": WORDS["gone"]}
    yield Text(both(WORDS, "entered", **_counts(seen, all_)))
    yield Grid(
        name="moves",
        title=word(WORDS, "moves"),
        corner=word(WORDS, "moves_corner"),
        across=[word(words, name) for name in across],
        down=[word(words, name) for name in down],
        cells=cells,
        columns=id_columns(seen),
        table=Table(
            "moves",
            (
                Column("was", word(WORDS, "before"), words=words),
                Column("tier", word(WORDS, "now"), words=words),
                Column("customers", word(WORDS, "customers"), "count"),
            ),
            rows,
        ),
        note=word(WORDS, "moves_note"),
    )


def _counts(seen: Seen, all_: pd.DataFrame) -> dict[str, str]:
    """How many came and went, as changes.csv counts them."""
    mine = all_[~(all_["held"].eq(True) | all_["was_held"].eq(True))]
    was, is_ = mine["was"].isin(seen.contacted), mine["tier"].isin(seen.contacted)
    gone = mine["tier"] == "gone"
    found = {"entered": is_ & ~was, "recovered": was & ~is_ & ~gone, "gone": was & gone}
    return {name: f"{int(rows.sum()):,}" for name, rows in found.items()}


def alerts(seen: Seen) -> Iterator[Part]:
    """Of how many customers each rule is true, and how many are told of."""
    if seen.alerts is None:
        return
    counts = seen.alerts[seen.alerts["state"] != "over"].groupby(["rule", "state"]).size().unstack(fill_value=0)
    states = ["alerted", *WAITS]
    rules = {rule.name: (rule.title.shown("en"), rule.title.shown("zh-CN")) for rule in seen.bundle.rules.rules}
    rows: list[dict[str, Any]] = [
        {"rule": rule, **{state: int(counts[state].get(rule, 0)) if state in counts else 0 for state in states}}
        for rule in [name for name in rules if name in counts.index]
    ]
    rows.sort(key=lambda row: -int(row["alerted"]))
    asleep = seen.manifest.get("alerts", {}).get("asleep", {})
    if not rows:
        yield Text(word(WORDS, "no_alerts"), "soft")
    else:
        columns = (
            Column("rule", word(WORDS, "rule"), words=rules),
            Column("alerted", word(WORDS, "alerted"), "count"),
            *(Column(state, word(WAITS, state), "count") for state in WAITS),
        )
        hover = told(
            ("rule", word(WORDS, "rule"), ""),
            *((column.name, column.title, COUNT) for column in columns[1:]),
        )
        spec, height = bars("rule", "alerted", word(WORDS, "customers"), COUNT, len(rows), hover, above=True)
        yield Picture(word(WORDS, "alerts"), spec, Table("alerts", columns, rows), height=height)
    if asleep:
        yield Text(both(WORDS, "asleep", count=len(asleep)), "soft")


def id_columns(seen: Seen) -> tuple[Column, ...]:
    """What is told of a customer whom a cell names."""
    causes = (Column("cause", word(WORDS, "cause"), words=CAUSES),) if "cause" in seen.scored else ()
    return (
        Column("customer_id", word(WORDS, "customer_id"), "id"),
        Column("risk", word(WORDS, "risk"), "share"),
        Column("value", word(WORDS, "value"), "money"),
        Column("loss", word(WORDS, "loss"), "money"),
        Column("tier", word(WORDS, "tier"), words=TIERS),
        *causes,
    )


def ids_of(rows: pd.DataFrame) -> list[list[Any]]:
    """Customers in the order of `id_columns`; what isn't known is None."""
    names = ["customer_id", "risk", "value", "expected_loss", "tier", *(["cause"] if "cause" in rows else [])]
    found = rows.reindex(columns=names).astype(object)
    return [[None if pd.isna(cell) else cell for cell in row] for row in found.to_numpy().tolist()]

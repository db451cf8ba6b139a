"""Two bundles on the same customers: what each says, and for whom it makes a difference."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from churnml.bundle import ModelBundle
from churnml.contracts.listed import TIERS
from churnml.language import Words
from churnml.report.charts import SHARE, intervals, told
from churnml.report.head import WORDS as HEAD
from churnml.report.head import percent
from churnml.report.parts import Cell, Column, Grid, Part, Picture, Section, Table, Text, both, same, word
from churnml.report.seen import Seen

WORDS: Words = {
    "title": ("Compared", "对比"),
    "who": (
        "This bundle ({ours}) against the other ({theirs}), on the same tables as of {as_of}. The verdict on the other: {verdict}.",
        "本模型（{ours}）与另一模型（{theirs}）对比，同一批数据，截至 {as_of}。对另一模型的评价：{verdict}。",
    ),
    "same_call": (
        "{ours} are to call by this one, {theirs} by the other, {both} by both. On average this one says {risk}, the other {other}.",
        "本模型需联系 {ours} 人，另一模型 {theirs} 人，两者相同 {both} 人。平均风险：本模型 {risk}，另一模型 {other}。",
    ),
    "definition": (
        "They mean different things by leaving, so their risks can't be held against each other.",
        "两个模型对流失的定义不同，风险不可直接比较。",
    ),
    "tiers": ("What happened to the like of each tier at earlier cutoffs, by bundle", "各等级同类客户以往的流失率（按模型）"),
    "tier": ("tier", "等级"),
    "bundle": ("bundle", "模型"),
    "ours": ("this one", "本模型"),
    "theirs": ("the other", "另一模型"),
    "of": ("{tier}, {bundle}", "{tier}，{bundle}"),
    "left": ("left then", "以往流失率"),
    "low": ("from", "下限"),
    "high": ("to", "上限"),
    "customers": ("customers", "客户数"),
    "axis": ("share that left", "流失比例"),
    "moves": ("Who is in another tier", "等级不同的客户"),
    "moves_note": ("Down: the tier by this bundle. Across: by the other. Open a cell for the ids.", "行：本模型等级；列：另一模型等级。点开可查看客户编号。"),
    "corner": ("this ↓ · other →", "本模型 ↓ · 另一模型 →"),
    "nowhere": ("not looked at", "未评分"),
    "customer_id": ("customer", "客户编号"),
    "risk": ("risk here", "本模型风险"),
    "other_risk": ("risk there", "另一模型风险"),
}  # fmt: skip

TOP = 50


@dataclass(frozen=True)
class Rival:
    """Another bundle, and what it says of the same customers.

    Attributes:
        bundle: the other one.
        scored: customer_id, risk, tier, held.
    """

    bundle: ModelBundle
    scored: pd.DataFrame


def compare(seen: Seen, rival: Rival) -> Section:
    """What two bundles say of the same customers."""
    ours, theirs = seen.bundle.digest[:12], rival.bundle.digest[:12]
    verdict = word(HEAD, str(rival.bundle.verdict.get("word", "unknown")))
    parts: list[Part] = [
        Text(both(WORDS, "who", ours=ours, theirs=theirs, as_of=seen.manifest["as_of"], verdict=verdict)),
        Text(_same_call(seen, rival)),
    ]
    if seen.bundle.params.churn != rival.bundle.params.churn:
        parts.append(Text(word(WORDS, "definition"), "warning"))
    return Section("compare", word(WORDS, "title"), [*parts, _tiers(seen, rival), _moves(seen, rival)])


def _same_call(seen: Seen, rival: Rival) -> tuple[str, str]:
    ours = set(seen.called["customer_id"])
    there = rival.scored
    theirs = set(there.loc[there["tier"].isin(rival.bundle.decision.contacted) & ~there["held"], "customer_id"])
    return both(
        WORDS, "same_call", ours=f"{len(ours):,}", theirs=f"{len(theirs):,}", both=f"{len(ours & theirs):,}",
        risk=percent(float(seen.scored["risk"].mean())), other=percent(float(there["risk"].mean())),
    )  # fmt: skip


def _tiers(seen: Seen, rival: Rival) -> Picture:
    rows: list[dict[str, Any]] = []
    titles = {}
    for name in dict.fromkeys([*seen.bundle.decision.names, *rival.bundle.decision.names]):
        for which, bundle, scored in (("ours", seen.bundle, seen.scored), ("theirs", rival.bundle, rival.scored)):
            past = bundle.history.get(name)
            if past is None:
                continue
            titles[f"{name} {which}"] = both(WORDS, "of", tier=word(TIERS, name), bundle=word(WORDS, which))
            rows.append(
                {
                    "tier": f"{name} {which}",
                    "customers": int((scored["tier"] == name).sum()),
                    "left": past["churn_rate"],
                    "low": past["churn_rate_low"],
                    "high": past["churn_rate_high"],
                }
            )
    columns = (
        Column("tier", word(WORDS, "tier"), words=titles),
        Column("customers", word(WORDS, "customers"), "count"),
        *(Column(name, word(WORDS, name), "share") for name in ("left", "low", "high")),
    )
    hover = told(("tier", word(WORDS, "tier"), ""), *((one.name, one.title, SHARE) for one in columns[2:]))
    spec, height = intervals("tier", word(WORDS, "axis"), SHARE, len(rows), hover, x="left", low="low", high="high")
    return Picture(word(WORDS, "tiers"), spec, Table("compare_tiers", columns, rows), height=height)


def _moves(seen: Seen, rival: Rival) -> Grid:
    theirs = rival.scored[["customer_id", "risk", "tier"]].rename(columns={"risk": "other_risk", "tier": "other"})
    all_ = seen.scored[["customer_id", "risk", "tier"]].merge(theirs, on="customer_id", how="outer")
    all_[["tier", "other"]] = all_[["tier", "other"]].fillna("nowhere")
    down = [*seen.bundle.decision.names, *(["nowhere"] if (all_["tier"] == "nowhere").any() else [])]
    across = [*rival.bundle.decision.names, *(["nowhere"] if (all_["other"] == "nowhere").any() else [])]
    cells = [
        [_cell(all_[(all_["tier"] == one) & (all_["other"] == other)], one != other) for other in across]
        for one in down
    ]
    words: Words = {**TIERS, "nowhere": WORDS["nowhere"]}
    counts = all_.groupby(["tier", "other"]).size()
    rows = [
        {"tier": one, "other": other, "customers": int(counts[(one, other)])}
        for one in down
        for other in across
        if (one, other) in counts.index
    ]
    columns = (
        Column("tier", word(WORDS, "ours"), words=words),
        Column("other", word(WORDS, "theirs"), words=words),
        Column("customers", word(WORDS, "customers"), "count"),
    )
    return Grid(
        name="compare", title=word(WORDS, "moves"), corner=word(WORDS, "corner"), across=[word(words, one) for one in across],
        down=[word(words, one) for one in down], cells=cells, columns=_named(), table=Table("compare", columns, rows),
        note=word(WORDS, "moves_note"),
    )  # fmt: skip


def _named() -> Sequence[Column]:
    return (
        Column("customer_id", word(WORDS, "customer_id"), "id"),
        Column("risk", word(WORDS, "risk"), "share"),
        Column("other_risk", word(WORDS, "other_risk"), "share"),
    )


def _cell(rows: pd.DataFrame, elsewhere: bool) -> Cell | None:
    if not len(rows):
        return None
    first = rows.assign(most=rows[["risk", "other_risk"]].max(axis=1)).sort_values(
        ["most", "customer_id"], ascending=[False, True]
    )
    shown = first[["customer_id", "risk", "other_risk"]].head(TOP).astype(object)
    named = [[None if pd.isna(cell) else cell for cell in row] for row in shown.to_numpy().tolist()]
    return Cell([same(f"{len(rows):,}")], 0.5 if elsewhere else 0.0, named if elsewhere else ())

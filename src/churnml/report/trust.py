"""Whether to believe it: said against happened, who is caught, how it went at each cutoff, and what the model can't see."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from churnml.contracts.listed import REASONS
from churnml.language import Words
from churnml.metrics import auc
from churnml.report.evaluation import BASELINES, against, calibration, groups, ranking, rates
from churnml.report.gain import gain
from churnml.report.head import percent
from churnml.report.parts import Column, Part, Section, Table, Text, Titled, both, word
from churnml.report.seen import Seen

WORDS: Words = {
    "title": ("Trust", "可信度"),
    "lead": (
        "Of {departures} times that somebody left, {in_time} had been in the first tier before; of those who ever were in it, half were there {days} days or more before leaving.",
        "在 {departures} 次流失中，{in_time} 的客户事先已进入首要等级；曾进入该等级的客户中，一半在流失前 {days} 天或更早就已进入。",
    ),
    "lead_late": (
        "Of {departures} times that somebody left, {in_time} had been in the first tier before, {late} came into it only afterwards.",
        "在 {departures} 次流失中，{in_time} 的客户事先已进入首要等级，{late} 在流失之后才进入。",
    ),
    "lead_none": (
        "Of {departures} times that somebody left, nobody had been in the first tier before.",
        "在 {departures} 次流失中，没有客户事先进入首要等级。",
    ),
    "no_drift": ("Between the cutoffs of the training nothing drifted.", "训练期内各截止日之间未发现漂移。"),
    "drift": ("It drifts: {what}.", "存在漂移：{what}。"),
    "checks": ("These exports against the training: {count} of {all} checks need a look", "本期导出与训练数据对比：{all} 项检查中有 {count} 项需关注"),
    "checks_fine": ("These exports look like those of the training: {all} checks, nothing to look at.", "本期导出与训练数据一致：{all} 项检查均正常。"),
    "check": ("check", "检查"),
    "where": ("where", "位置"),
    "training": ("in training", "训练时"),
    "now": ("now", "现在"),
    "verdict": ("verdict", "结论"),
    "rule": ("rule", "规则"),
    "unscored": ("{count} customers have no risk: {why}.", "{count} 位客户没有风险评分：{why}。"),
    "counted": ("{count} {why}", "{why} {count} 位"),
    "contacted": (
        "Of those whom you contacted within the label window {touched} left, of all others {others}: who stayed because of a call counts as staying.",
        "在观察期内被联系过的客户有 {touched} 流失，其余客户为 {others}：因被联系而留下的客户也按留存计算。",
    ),
    "blind": ("What the model can't see", "模型看不到什么"),
    "no_tables": ("It knows nothing of what these tables would tell, since they aren't exported: {tables}.", "以下数据表未导出，模型无法利用：{tables}。"),
    "only_bundle": (
        "Pictures of the evaluation are with the pipeline that trained this bundle; what follows is what the bundle itself says.",
        "评估图表保存在训练该模型的项目中；以下仅为模型自带的信息。",
    ),
}  # fmt: skip

TABLES: Words = {
    "transactions": ("purchases", "交易"),
    "activity": ("activity", "活跃行为"),
    "tickets": ("tickets", "工单"),
    "surveys": ("surveys", "调查"),
    "subscriptions": ("contracts", "合同"),
    "cancellations": ("cancellations", "退订"),
    "contacts": ("contacts", "联系记录"),
    "customers": ("customers", "客户"),
}


def trust(seen: Seen) -> Section:
    """Calibration, gain, backtest, rates, lead time, drift, and what can't be seen."""
    parts: list[Part] = []
    if not seen.measured:
        parts.append(Text(word(WORDS, "only_bundle"), "soft"))
    else:
        parts += [*_calibration(seen), *_gain(seen), *_over_time(seen), *_groups(seen)]
    parts += [*_drift(seen), *_checks(seen), *_blind(seen)]
    return Section("trust", word(WORDS, "title"), parts)


def _calibration(seen: Seen) -> Iterator[Part]:
    rows = seen.plot("calibration")
    if rows:
        yield calibration(rows)


def _gain(seen: Seen) -> Iterator[Part]:
    tested = seen.predictions("test")
    if tested is None or not len(tested) or not tested["label"].any():
        return
    order = "expected_loss" if seen.bundle.decision.order == "expected_loss" else "order_risk"
    yield gain(tested, seen.measured, seen.first_share, order)


def _over_time(seen: Seen) -> Iterator[Part]:
    cutoffs = seen.measured.get("cutoffs", [])
    if len(cutoffs) > 1:
        rolling = seen.predictions("rolling")
        there = [name for name in ("recency", "rfm", "logistic", "bg_nbd") if rolling is not None and name in rolling]
        rows = []
        for one in cutoffs:
            mine = rolling[rolling["as_of"].astype(str) == one["as_of"]] if rolling is not None else None
            rows.append({**one, **{name: _auc(mine, name) for name in there}})
        yield ranking(rows, there)
    differences = {name: one for name, one in seen.measured["backtest"]["differences"].items() if name in BASELINES}
    if differences:
        yield against([{"against": name, **one} for name, one in differences.items()])
    if len(cutoffs) > 1:
        yield rates(cutoffs)
    lead = seen.measured.get("lead_time")
    if lead:
        late = lead["warned"] - lead["in_time"]
        filled = {"departures": f"{lead['departures']:,}", "in_time": percent(lead["in_time"]), "late": percent(late)}
        days = lead.get("days_50")
        name = "lead_none" if days is None else "lead" if days > 0 else "lead_late"
        yield Text(both(WORDS, name, **filled, days=f"{days or 0:.0f}"))


def _auc(rows: pd.DataFrame | None, name: str) -> float | None:
    if rows is None or rows["label"].nunique() < 2 or rows[name].isna().any():
        return None
    return auc(rows["label"].to_numpy(), rows[name].to_numpy(), np.ones(len(rows)))


def _groups(seen: Seen) -> Iterator[Part]:
    if seen.measured.get("groups"):
        yield groups(seen.measured["groups"])


def _drift(seen: Seen) -> Iterator[Part]:
    drift = seen.trained.get("drift") or {}
    if seen.trained:
        warnings = drift.get("warnings") or []
        yield Text(both(WORDS, "drift", what="; ".join(map(str, warnings))) if warnings else word(WORDS, "no_drift"))


def _checks(seen: Seen) -> Iterator[Part]:
    if not seen.checks:
        return
    open_ = [row for row in seen.checks if row["verdict"] not in ("fine", "正常")]
    if not open_:
        yield Text(both(WORDS, "checks_fine", all=len(seen.checks)))
        return
    columns = tuple(
        Column(name, word(WORDS, name)) for name in ("check", "where", "training", "now", "verdict", "rule")
    )
    title = both(WORDS, "checks", count=len(open_), all=len(seen.checks))
    yield Titled(title, Table("checks", columns, open_), folded=False)


def _blind(seen: Seen) -> Iterator[Part]:
    said = []
    aside = seen.manifest.get("unscored", {})
    if aside:
        why = [both(WORDS, "counted", count=f"{count:,}", why=word(REASONS, name)) for name, count in aside.items()]
        said.append(
            both(
                WORDS,
                "unscored",
                count=f"{sum(aside.values()):,}",
                why=(", ".join(one for one, _ in why), "、".join(one for _, one in why)),
            )
        )
    fed = {source.table for source in seen.bundle.params.sources}
    absent = [word(TABLES, name) for name in TABLES if name not in fed]
    if absent:
        said.append(
            both(WORDS, "no_tables", tables=(", ".join(one for one, _ in absent), "、".join(one for _, one in absent)))
        )
    contacted = seen.trained.get("contacted")
    if contacted:
        said.append(
            both(
                WORDS,
                "contacted",
                touched=percent(contacted["churn_rate"]),
                others=percent(contacted["churn_rate_of_others"]),
            )
        )
    if said:
        yield Text(word(WORDS, "blind"), "lead")
        yield from (Text(one) for one in said)

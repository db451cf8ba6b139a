"""What was measured on customers whom the model hadn't seen, as pictures. They stand in the page and in MLflow alike."""

from collections.abc import Sequence
from typing import Any

from churnml.contracts.listed import TIERS
from churnml.language import Words
from churnml.metrics import share_interval
from churnml.report.charts import COUNT, NUMBER, SHARE, across, bars, drawn, intervals, titled, told
from churnml.report.lines import over_time
from churnml.report.parts import Both, Column, Picture, Row, Table, word

BASELINES: Words = {
    "recency": ("recency alone", "仅看最近购买"),
    "rfm": ("RFM score", "RFM 评分"),
    "logistic": ("logistic regression", "逻辑回归"),
    "bg_nbd": ("BG/NBD", "BG/NBD"),
    "previous": ("last month's model", "上一期模型"),
}

WORDS: Words = {
    "tier": ("tier", "等级"),
    "past_tiers": ("What happened to the like of each tier at earlier cutoffs", "各等级同类客户以往的流失率"),
    "money_share": ("share of the money that left", "流失金额占比"),
    "importance": ("What the model looks at", "模型关注的特征"),
    "feature": ("feature", "特征"),
    "gain_share": ("share of the gain", "增益占比"),
    "calibration": ("Said against happened, on customers the model hadn't seen", "预测与实际对比（模型未见过的客户）"),
    "calibration_note": (
        "One dot per tenth of the customers. On the line, as many left as was said; the lines through the dots are 95 % intervals.",
        "每个点代表十分之一的客户；落在斜线上表示实际流失与预测一致；竖线为 95% 区间。",
    ),
    "group": ("tenth", "十分位"),
    "customers": ("customers", "客户数"),
    "risk": ("risk that was said", "预测风险"),
    "churn_rate": ("share that left", "实际流失率"),
    "low": ("from", "下限"),
    "high": ("to", "上限"),
    "exact": ("as said", "与预测一致"),
    "ours": ("churnml", "churnml"),
    "over_time": ("Ranking at each cutoff, always predicted from what was known before it", "各截止日的排序能力（仅用此前已知信息）"),
    "over_time_note": (
        "AUC: how often one who leaves comes before one who stays; 0.5 is chance. The model with its 95 % interval.",
        "AUC：流失客户排在留存客户之前的比例，0.5 为随机；蓝色竖线为模型的 95% 区间。",
    ),
    "auc": ("AUC", "AUC"),
    "as_of": ("cutoff", "截止日"),
    "against": ("How much better than what is simple, at all cutoffs together", "与简单方法相比的优势（所有截止日合计）"),
    "against_note": (
        "The model's AUC minus theirs on the same customers, with its 95 % interval; right of zero the model is better.",
        "同一批客户上模型 AUC 减去对方 AUC 及 95% 区间；零右侧表示模型更好。",
    ),
    "difference": ("AUC, ours minus theirs", "AUC 差（模型 − 对方）"),
    "who": ("held against", "对比对象"),
    "rates": ("How many left at each cutoff, and how many were said to", "各截止日的实际流失率与预测"),
    "happened": ("left", "实际流失"),
    "said": ("said", "预测"),
    "said_axis": ("share that leaves", "流失比例"),
    "groups": ("Does an average hide anybody? Said and happened by group", "分组的预测与实际"),
    "by": ("group", "分组"),
    "note": ("note", "备注"),
}  # fmt: skip

GROUPS: Words = {
    "tenure": ("tenure", "客户年限"),
    "value": ("value", "客户价值"),
    "segment": ("segment", "客户分群"),
    "region": ("region", "地区"),
    "plan": ("plan", "套餐"),
    "under 90 days": ("under 90 days", "不足 90 天"),
    "90 to 364 days": ("90 to 364 days", "90 至 364 天"),
    "a year and longer": ("a year and longer", "一年及以上"),
    "lowest third": ("lowest third", "最低三分之一"),
    "middle third": ("middle third", "中间三分之一"),
    "highest third": ("highest third", "最高三分之一"),
    "unknown": ("unknown", "未知"),
    "others": ("others", "其他"),
    "more leave than said": ("more leave than said", "实际流失多于预测"),
    "more stay than said": ("more stay than said", "实际流失少于预测"),
    "no order can be shown": ("no order can be shown", "看不出排序能力"),
    "recency ranks better": ("recency ranks better", "仅看最近购买更好"),
    "too few to tell": ("too few to tell", "样本太少"),
}
"""How calibrate tells groups apart, and what it notes of them; names of segments are shown as they are."""


def calibration(rows: Sequence[Row]) -> Picture:
    """Tenths of customers by the risk that was said.

    Args:
        rows: group, customers, risk, churn_rate with its interval.
    """
    rows = [{name: _number(cell) for name, cell in row.items()} for row in rows]
    top = 1.05 * max([0.01, *(row["churn_rate_high"] or 0.0 for row in rows), *(row["risk"] or 0.0 for row in rows)])
    scale = {"domain": [0, top], "nice": False}
    x, y = (titled(word(WORDS, name), SHARE) for name in ("risk", "churn_rate"))
    hover = told(
        ("group", word(WORDS, "group"), COUNT),
        ("customers", word(WORDS, "customers"), COUNT),
        ("risk", word(WORDS, "risk"), SHARE),
        ("churn_rate", word(WORDS, "churn_rate"), SHARE),
        ("churn_rate_low", word(WORDS, "low"), SHARE),
        ("churn_rate_high", word(WORDS, "high"), SHARE),
    )
    place = {"x": across("risk", x, scale=scale), "tooltip": hover}
    line = [{"x": 0, "y": 0}, {"x": top, "y": top}]
    layers = [
        {
            "data": {"values": line},
            "mark": {"type": "line", "color": "role:other", "strokeWidth": 2, "strokeDash": [4, 3]},
            "encoding": {"x": across("x", x, scale=scale), "y": across("y", y, scale=scale)},
        },
        {
            "data": {"values": line[1:]},
            "mark": {"type": "text", "align": "right", "dx": -30, "dy": 16, "color": "role:other", "text": word(WORDS, "exact")},
            "encoding": {"x": across("x", x, scale=scale), "y": across("y", y, scale=scale)},
        },
        {
            "mark": {"type": "rule", "color": "role:ours", "strokeWidth": 2},
            "encoding": {**place, "y": across("churn_rate_low", y, scale=scale), "y2": {"field": "churn_rate_high"}},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 70, "color": "role:ours", "opacity": 1},
            "encoding": {**place, "y": across("churn_rate", y, scale=scale)},
        },
    ]  # fmt: skip
    columns = (
        Column("group", word(WORDS, "group"), "count"),
        Column("customers", word(WORDS, "customers"), "count"),
        Column("risk", word(WORDS, "risk"), "share"),
        Column("churn_rate", word(WORDS, "churn_rate"), "share"),
        Column("churn_rate_low", word(WORDS, "low"), "share"),
        Column("churn_rate_high", word(WORDS, "high"), "share"),
    )
    table = Table("calibration", columns, rows)
    return Picture(word(WORDS, "calibration"), drawn(layers, 320), table, word(WORDS, "calibration_note"), 360)


def against(rows: Sequence[Row]) -> Picture:
    """What the model is better than.

    Args:
        rows: against, auc with its interval: differences.
    """
    numbers = ("auc", "auc_low", "auc_high")
    rows = [{"against": row["against"], **{name: _number(row[name]) for name in numbers}} for row in rows]
    columns = (
        Column("against", word(WORDS, "who"), words=BASELINES),
        Column("auc", word(WORDS, "difference"), "number"),
        Column("auc_low", word(WORDS, "low"), "number"),
        Column("auc_high", word(WORDS, "high"), "number"),
    )
    form = "+.3f"
    hover = told(
        ("against", word(WORDS, "who"), ""),
        *((column.name, column.title, form) for column in columns[1:]),
    )
    spec, height = intervals(
        "against", word(WORDS, "difference"), form, len(rows), hover, x="auc", low="auc_low", high="auc_high", at=0.0
    )
    return Picture(word(WORDS, "against"), spec, Table("against", columns, rows), word(WORDS, "against_note"), height)


def ranking(rows: Sequence[Row], baselines: Sequence[str]) -> Picture:
    """AUC at each cutoff.

    Args:
        rows: as_of, auc with its interval, and the AUC of baselines by their names.
        baselines: those that are told; the first is drawn.
    """
    numbers = ("auc", "auc_low", "auc_high", *baselines)
    rows = [{"as_of": row["as_of"], **{name: _number(row.get(name)) for name in numbers}} for row in rows]
    columns = (
        Column("as_of", word(WORDS, "as_of"), "day"),
        Column("auc", word(WORDS, "ours"), "number"),
        Column("auc_low", word(WORDS, "low"), "number"),
        Column("auc_high", word(WORDS, "high"), "number"),
        *(Column(name, word(BASELINES, name), "number") for name in baselines),
    )
    hover = told(("as_of", word(WORDS, "as_of"), ""), *((one.name, one.title, NUMBER) for one in columns[1:]))
    lines: list[tuple[str, Both, str]] = [("auc", word(WORDS, "ours"), "ours")]
    lines += [(name, word(BASELINES, name), "other") for name in baselines[:1]]
    spec, height = over_time(rows, lines, word(WORDS, "auc"), ".2f", hover, low="auc_low", high="auc_high", zero=False)
    table = Table("ranking", columns, rows)
    return Picture(word(WORDS, "over_time"), spec, table, word(WORDS, "over_time_note"), height)


def rates(rows: Sequence[Row]) -> Picture:
    """How many left at each cutoff, and how many were said to.

    Args:
        rows: as_of, customers, churn_rate, risk.
    """
    filled = []
    for row in rows:
        customers, rate = int(row["customers"]), float(row["churn_rate"])
        low, high = share_interval(round(rate * customers), customers)
        filled.append(
            {**row, "customers": customers, "churn_rate": rate, "risk": float(row["risk"]), "low": low, "high": high}
        )
    columns = (
        Column("as_of", word(WORDS, "as_of"), "day"),
        Column("customers", word(WORDS, "customers"), "count"),
        Column("churn_rate", word(WORDS, "happened"), "share"),
        Column("low", word(WORDS, "low"), "share"),
        Column("high", word(WORDS, "high"), "share"),
        Column("risk", word(WORDS, "said"), "share"),
    )
    hover = told(
        ("as_of", word(WORDS, "as_of"), ""),
        ("customers", word(WORDS, "customers"), COUNT),
        *((one.name, one.title, SHARE) for one in columns[2:]),
    )
    spec, height = over_time(
        filled,
        [("churn_rate", word(WORDS, "happened"), "ours"), ("risk", word(WORDS, "said"), "other")],
        word(WORDS, "said_axis"), SHARE, hover, low="low", high="high",
    )  # fmt: skip
    return Picture(word(WORDS, "rates"), spec, Table("rates", columns, filled), height=height)


def groups(rows: Sequence[Row]) -> Picture:
    """Said and happened by group of customers.

    Args:
        rows: by, group, snapshots, churn_rate with its interval, risk, note.
    """
    numbers = ("snapshots", "churn_rate", "churn_rate_low", "churn_rate_high", "risk", "auc")
    titles: dict[str, Both] = {}
    notes: dict[str, Both] = {}
    filled = []
    for row in rows:
        name, note = f"{row['by']}: {row['group']}", str(row.get("note") or "")
        by, group = word(GROUPS, str(row["by"])), word(GROUPS, str(row["group"]))
        titles[name] = (f"{by[0]}: {group[0]}", f"{by[1]}：{group[1]}")
        told_of = [word(GROUPS, one) for one in note.split("; ")]
        notes[note] = ("; ".join(one for one, _ in told_of), "；".join(one for _, one in told_of))
        filled.append({**{one: _number(row.get(one)) for one in numbers}, "group": name, "note": note or None})
    columns = (
        Column("group", word(WORDS, "by"), words=titles),
        Column("snapshots", word(WORDS, "customers"), "count"),
        Column("churn_rate", word(WORDS, "happened"), "share"),
        Column("churn_rate_low", word(WORDS, "low"), "share"),
        Column("churn_rate_high", word(WORDS, "high"), "share"),
        Column("risk", word(WORDS, "said"), "share"),
        Column("auc", word(WORDS, "auc"), "number"),
        Column("note", word(WORDS, "note"), words=notes),
    )
    hover = told(
        ("group", word(WORDS, "by"), ""),
        ("snapshots", word(WORDS, "customers"), COUNT),
        *((one.name, one.title, SHARE) for one in columns[2:6]),
    )
    spec, height = intervals(
        "group", word(WORDS, "said_axis"), SHARE, len(rows), hover, x="churn_rate", low="churn_rate_low",
        high="churn_rate_high", second=("risk", word(WORDS, "said"), word(WORDS, "happened")),
    )  # fmt: skip
    return Picture(word(WORDS, "groups"), spec, Table("groups", columns, filled), height=height)


def past_tiers(rows: Sequence[Row]) -> Picture:
    """What happened to the like of each tier at earlier cutoffs.

    Args:
        rows: tier, customers, churn_rate with its interval, risk, money_share.
    """
    numbers = ("customers", "churn_rate", "churn_rate_low", "churn_rate_high", "risk", "money_share")
    filled = [{"tier": row["tier"], **{name: _number(row[name]) for name in numbers}} for row in rows]
    columns = (
        Column("tier", word(WORDS, "tier"), words=TIERS),
        Column("customers", word(WORDS, "customers"), "count"),
        Column("churn_rate", word(WORDS, "happened"), "share"),
        Column("churn_rate_low", word(WORDS, "low"), "share"),
        Column("churn_rate_high", word(WORDS, "high"), "share"),
        Column("risk", word(WORDS, "said"), "share"),
        Column("money_share", word(WORDS, "money_share"), "share"),
    )
    hover = told(("tier", word(WORDS, "tier"), ""), *((one.name, one.title, SHARE) for one in columns[2:]))
    spec, height = intervals(
        "tier", word(WORDS, "said_axis"), SHARE, len(rows), hover, x="churn_rate", low="churn_rate_low",
        high="churn_rate_high", second=("risk", word(WORDS, "said"), word(WORDS, "happened")),
    )  # fmt: skip
    return Picture(word(WORDS, "past_tiers"), spec, Table("past_tiers", columns, filled), height=height)


def importance(rows: Sequence[Row]) -> Picture:
    """What the model looks at.

    Args:
        rows: feature, gain.
    """
    filled = [{"feature": row["feature"], "gain": _number(row["gain"])} for row in rows]
    columns = (Column("feature", word(WORDS, "feature")), Column("gain", word(WORDS, "gain_share"), "share"))
    hover = told(("feature", word(WORDS, "feature"), ""), ("gain", word(WORDS, "gain_share"), SHARE))
    spec, height = bars("feature", "gain", word(WORDS, "gain_share"), SHARE, len(rows), hover)
    return Picture(word(WORDS, "importance"), spec, Table("importance", columns, filled), height=height)


def _number(cell: Any) -> float | None:
    return float(cell) if cell not in ("", None) else None

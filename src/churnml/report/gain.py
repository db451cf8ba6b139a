"""Who is caught when only some can be called."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from churnml.language import Words
from churnml.report.charts import SHARE, across, drawn, titled, told
from churnml.report.evaluation import BASELINES
from churnml.report.head import percent
from churnml.report.lines import named
from churnml.report.parts import Column, Picture, Table, both, same, word

WORDS: Words = {
    "gain": ("Who is caught when only some can be called", "只联系一部分客户时能找到多少流失客户"),
    "gain_note": (
        "By risk alone. Dotted: how many the first tier holds ({share} of all). It is filled by {order}, so at the test cutoffs it held {recall} of those who left ({low} to {high}){money}.",
        "仅按风险排序。虚竖线：首要等级的人数（占 {share}）。该等级按{order}排序，因此在测试期包含 {recall} 的流失客户（{low} 至 {high}）{money}。",
    ),
    "gain_money": (" and {share} of the money that left", "和 {share} 的流失金额"),
    "expected_loss": ("risk times value", "风险 × 价值"),
    "order_risk": ("risk", "风险"),
    "gain_plain": (
        "Of those who leave, the share that is among the first to be called by risk.",
        "按风险排序，最先联系的客户中包含的流失客户比例。",
    ),
    "called": ("share of customers called", "联系的客户比例"),
    "caught": ("share of leavers among them", "其中包含的流失客户比例"),
    "ours": ("churnml", "churnml"),
    "best": ("nobody could do better", "理论上限"),
    "lift": ("lift", "提升倍数"),
}  # fmt: skip


def gain(tested: pd.DataFrame, measured: Mapping[str, Any], room: float, order: str) -> Picture:
    """Share of leavers among the first to be called by risk.

    Args:
        tested: label, score and baselines of unseen customers.
        measured: metrics.json.
        room: share of customers that the first tier holds.
        order: by what it is filled, a word of ours.
    """
    label = tested["label"].to_numpy()
    steps = np.round(np.arange(0, 1.0001, 0.05), 2)
    simple = "recency" if "recency" in tested else None
    curves = {"ours": caught(label, tested["score"].to_numpy(), steps)}
    if simple:
        curves["recency"] = caught(label, tested[simple].to_numpy(), steps)
    curves["best"] = np.minimum(1.0, steps / label.mean())
    rows = [
        {
            "called": float(step),
            **{name: float(curve[place]) for name, curve in curves.items()},
            "lift": float(curves["ours"][place] / step) if step else None,
        }
        for place, step in enumerate(steps)
    ]
    titles: Words = {**BASELINES, "ours": WORDS["ours"], "best": WORDS["best"]}
    columns = (
        Column("called", word(WORDS, "called"), "share"),
        *(Column(name, word(titles, name), "share") for name in curves),
        Column("lift", word(WORDS, "lift"), "number"),
    )
    hover = told(*((one.name, one.title, SHARE) for one in columns[:-1]), ("lift", word(WORDS, "lift"), ".1f"))
    x, y = titled(word(WORDS, "called"), "~%"), titled(word(WORDS, "caught"), "~%")
    layers: list[dict[str, Any]] = []
    names: list[dict[str, Any]] = []
    for name, role, at in (("best", "other", 0.25), ("recency", "other", 0.5), ("ours", "ours", 0.35)):
        if name not in curves:
            continue
        dash = {"strokeDash": [4, 3]} if role == "other" else {}
        place = {"x": across("called", x), "y": across(name, y)}
        layers.append(
            {
                "mark": {"type": "line", "color": f"role:{role}", "strokeWidth": 2, **dash},
                "encoding": {**place, "tooltip": hover},
            }
        )
        names += named(
            {
                "transform": [{"filter": f"abs(datum.called - {at}) < 0.001"}],
                "mark": {
                    "type": "text",
                    "align": "left",
                    "dx": 8,
                    "dy": 10,
                    "color": f"role:{role}",
                    "text": word(titles, name),
                },
                "encoding": place,
            }
        )
    layers.append(
        {
            "mark": {"type": "point", "filled": True, "size": 40, "color": "role:ours", "opacity": 1},
            "encoding": {"x": across("called", x), "y": across("ours", y), "tooltip": hover},
        }
    )
    layers.append(
        {
            "data": {"values": [{"at": room}]},
            "mark": {"type": "rule", "color": "role:bad", "strokeWidth": 2, "strokeDash": [2, 2]},
            "encoding": {"x": across("at", x)},
        }
    )
    test = measured.get("test", {})
    note, lost = word(WORDS, "gain_plain"), test.get("money_at_capacity")
    money = same("") if lost is None else both(WORDS, "gain_money", share=percent(lost))
    if "recall_at_capacity" in test:
        note = both(
            WORDS, "gain_note", share=percent(room), recall=percent(test["recall_at_capacity"]), order=word(WORDS, order),
            low=percent(test["recall_at_capacity_low"]), high=percent(test["recall_at_capacity_high"]), money=money,
        )  # fmt: skip
    return Picture(word(WORDS, "gain"), drawn([*layers, *names], 280), Table("gain", columns, rows), note, 330)


def caught(label: np.ndarray, score: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """Share of leavers among the first so many; what is equally likely is called in an even mixture."""
    order = np.argsort(-score, kind="stable")
    ranked, even = score[order], label[order].astype(float)
    _, place, count = np.unique(-ranked, return_inverse=True, return_counts=True)
    even = (np.bincount(place, weights=even) / count)[place]
    found = np.concatenate([[0.0], np.cumsum(even)]) / max(label.sum(), 1)
    return np.asarray(np.interp(steps * len(label), np.arange(len(label) + 1), found))

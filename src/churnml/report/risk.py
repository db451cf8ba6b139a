"""Who is at risk, and what it is worth: value against risk, tiers against capacity, who came and who went, alerts."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from churnml.contracts.listed import TIERS
from churnml.language import Words
from churnml.report.changes import TOP, alerts, id_columns, ids_of, moves
from churnml.report.charts import COUNT, SHARE, intervals, told
from churnml.report.head import money
from churnml.report.parts import Both, Cell, Column, Grid, Part, Picture, Section, Table, Text, both, same, word
from churnml.report.seen import Seen

RISKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5)
"""Where bands of risk meet."""

_FIFTHS = (0.2, 0.4, 0.6, 0.8)
WORDS: Words = {
    "title": ("Risk", "风险"),
    "heat": ("Where the money at risk lies: value against risk", "风险金额分布：客户价值 × 流失风险"),
    "heat_note": (
        "A cell says how many customers, and what they are expected to take with them in {currency}; the darker, the more. Open one for the ids of its first {top}.",
        "单元格给出客户数与预期损失（{currency}）；颜色越深，损失越大。点开可查看前 {top} 位客户的编号。",
    ),
    "counts_note": (
        "A cell says how many customers; the darker, the more. Open one for the ids of its first {top}.",
        "单元格给出客户数；颜色越深，客户越多。点开可查看前 {top} 位客户的编号。",
    ),
    "corner": ("value ↓ · risk →", "价值 ↓ · 风险 →"),
    "customers": ("customers", "客户数"),
    "risk_band": ("risk", "风险区间"),
    "value_band": ("value", "价值区间"),
    "loss": ("expected loss", "预期损失"),
    "tier": ("tier", "等级"),
    "all_values": ("all", "全部"),
    "under": ("under {high}", "{high} 以下"),
    "from": ("{low} and more", "{low} 及以上"),
    "between": ("{low} to {high}", "{low} 至 {high}"),
    "tiers": ("Tiers: what is said of them, and what happened to their like", "各等级：预测的风险与同类客户以往的去留"),
    "tiers_note": (
        "Blue: the share of their like that left at earlier cutoffs, with what the next list may show (95 %). Grey: the mean risk said now.",
        "蓝色：同类客户以往的流失率及下一期的 95% 预测区间；灰色：本期平均风险。",
    ),
    "rooms": ("Who fits in: {tiers}.", "名单与可联系人数：{tiers}。"),
    "room_of": ("{count} in {tier}, which has room for {room}", "“{tier}” {count} 人（可联系 {room} 人）"),
    "room_none": ("{count} in {tier}", "“{tier}” {count} 人"),
    "left": ("left then", "以往流失"),
    "said": ("said now", "本期预测"),
    "share_axis": ("share that leaves", "流失比例"),
    "capacity": ("room", "可联系人数"),
    "held": ("left alone", "对照组"),
    "expected": ("expected to leave", "预计流失人数"),
    "low": ("from", "下限"),
    "high": ("to", "上限"),
}


def risk(seen: Seen) -> Section:
    """Value against risk, tiers, changes, alerts."""
    picture = _tiers(seen)
    parts: list[Part] = [_heat(seen), Text(_rooms(picture.table)), picture, *moves(seen), *alerts(seen)]
    return Section("risk", word(WORDS, "title"), parts)


def risk_bands(risks: np.ndarray) -> tuple[np.ndarray, list[Both]]:
    """The band of each risk, from low to high, and what the bands are called; empty ones at both ends are left out."""
    edges = np.array(RISKS)
    return _banded(risks, edges, [percent_edge(edge) for edge in RISKS])


def value_bands(values: np.ndarray, currency: str) -> tuple[np.ndarray, list[Both]]:
    """Fifths of value, parted at round amounts, from low to high; one band where nobody's value is known."""
    if not (values > 0).any():
        return np.zeros(len(values), dtype=int), [word(WORDS, "all_values")]
    edges = np.unique([round_amount(float(np.quantile(values, share))) for share in _FIFTHS])
    edges = edges[edges > 0]
    return _banded(values, edges, [money(float(edge), currency) for edge in edges])


def round_amount(amount: float) -> float:
    """To two digits.

    >>> round_amount(1234.5), round_amount(0.0)
    (1200.0, 0.0)
    """
    return float(f"{amount:.1e}")


def percent_edge(share: float) -> str:
    """A border between bands."""
    return f"{100 * share:g} %"


def _banded(numbers: np.ndarray, edges: np.ndarray, words: Sequence[str]) -> tuple[np.ndarray, list[Both]]:
    place = np.searchsorted(edges, numbers, side="right")
    titles = [both(WORDS, "under", high=words[0])]
    titles += [both(WORDS, "between", low=low, high=high) for low, high in pairwise(words)]
    titles.append(both(WORDS, "from", low=words[-1]))
    first, last = (int(place.min()), int(place.max())) if len(place) else (0, 0)
    return place - first, titles[first : last + 1]


def _heat(seen: Seen) -> Grid:
    scored = seen.scored
    across, risks = risk_bands(scored["risk"].to_numpy())
    down, values = value_bands(scored["value"].to_numpy(), seen.currency)
    lost = np.bincount(down * len(risks) + across, weights=scored["expected_loss"], minlength=len(values) * len(risks))
    most = float(lost.max()) or 1.0
    ordered = scored.assign(_place=down * len(risks) + across)
    first = ordered.sort_values(["expected_loss", "risk", "customer_id"], ascending=[False, False, True])
    named = {place: rows.head(TOP) for place, rows in first.groupby("_place")}
    counts = np.bincount(ordered["_place"], minlength=len(lost))
    cells: list[list[Cell | None]] = []
    rows = []
    for row in reversed(range(len(values))):
        line: list[Cell | None] = []
        for column in range(len(risks)):
            place = row * len(risks) + column
            if not counts[place]:
                line.append(None)
                continue
            words = [same(f"{counts[place]:,}")]
            if seen.worth:
                words.append(same(f"{lost[place]:,.0f}"))
            weight = float(np.sqrt(lost[place] / most)) if seen.worth else float(counts[place] / counts.max())
            line.append(Cell(words, weight, ids_of(named[place])))
            rows.append(
                {
                    "value_band": values[row][0],
                    "risk_band": risks[column][0],
                    "customers": int(counts[place]),
                    "loss": float(lost[place]),
                }
            )
        cells.append(line)
    codes = {title[0]: title for title in (*values, *risks)}
    return Grid(
        name="heat",
        title=word(WORDS, "heat" if seen.worth else "heat_counts"),
        corner=word(WORDS, "corner"),
        across=risks,
        down=values[::-1],
        cells=cells,
        columns=id_columns(seen),
        table=Table(
            "heat",
            (
                Column("value_band", word(WORDS, "value_band"), words=codes),
                Column("risk_band", word(WORDS, "risk_band"), words=codes),
                Column("customers", word(WORDS, "customers"), "count"),
                Column("loss", word(WORDS, "loss"), "money"),
            ),
            rows,
        ),
        note=both(WORDS, "heat_note", top=TOP, currency=seen.currency)
        if seen.worth
        else both(WORDS, "counts_note", top=TOP),
    )


def _rooms(tiers: Table) -> Both:
    """How many are on each list, beside how many the team can call."""
    said = [
        both(
            WORDS,
            "room_none" if row["capacity"] is None else "room_of",
            count=f"{row['customers']:,}",
            tier=word(TIERS, row["tier"]),
            room=f"{row['capacity'] or 0:,}",
        )
        for row in tiers.rows
    ]
    return both(WORDS, "rooms", tiers=("; ".join(one for one, _ in said), "；".join(one for _, one in said)))


def _tiers(seen: Seen) -> Picture:
    rows = []
    for tier in seen.bundle.decision.tiers:
        mine = seen.scored[seen.scored["tier"] == tier.name]
        on_list = mine[~mine["held"]]
        past = seen.bundle.history.get(tier.name, {})
        room = tier.capacity if tier.capacity is not None else None
        if room is None and tier.share is not None:
            room = round(tier.share * len(seen.scored))
        rows.append(
            {
                "tier": tier.name,
                "customers": len(on_list),
                "capacity": room,
                "held": int(mine["held"].sum()),
                "said": float(mine["risk"].mean()) if len(mine) else None,
                **(
                    {"left": past["churn_rate"], "low": past["next_low"], "high": past["next_high"]}
                    if past.get("customers")
                    else dict.fromkeys(("left", "low", "high"))
                ),
                "expected": float(mine["risk"].sum()),
                "loss": float(mine["expected_loss"].sum()),
            }
        )
    columns = (
        Column("tier", word(WORDS, "tier"), words=TIERS),
        Column("customers", word(WORDS, "customers"), "count"),
        Column("capacity", word(WORDS, "capacity"), "count"),
        Column("held", word(WORDS, "held"), "count"),
        Column("said", word(WORDS, "said"), "share"),
        Column("left", word(WORDS, "left"), "share"),
        Column("low", word(WORDS, "low"), "share"),
        Column("high", word(WORDS, "high"), "share"),
        Column("expected", word(WORDS, "expected"), "count"),
        Column("loss", word(WORDS, "loss"), "money"),
    )
    hover = told(
        ("tier", word(WORDS, "tier"), ""),
        ("customers", word(WORDS, "customers"), COUNT),
        ("capacity", word(WORDS, "capacity"), COUNT),
        ("said", word(WORDS, "said"), SHARE),
        ("left", word(WORDS, "left"), SHARE),
        ("low", word(WORDS, "low"), SHARE),
        ("high", word(WORDS, "high"), SHARE),
    )
    spec, height = intervals(
        "tier",
        word(WORDS, "share_axis"),
        SHARE,
        len(rows),
        hover,
        x="left",
        low="low",
        high="high",
        second=("said", word(WORDS, "said"), word(WORDS, "left")),
    )
    return Picture(word(WORDS, "tiers"), spec, Table("tiers", columns, rows), word(WORDS, "tiers_note"), height)

"""What drives the risk, and how risk moves with it: exact contributions, and what happened by the values of a feature."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from churnml.language import Words
from churnml.metrics import share_interval
from churnml.model import Model
from churnml.reasons import topic_name
from churnml.report.charts import NUMBER, SHARE, across, bars, drawn, rows_of, titled, told
from churnml.report.parts import Both, Column, Picture, Table, both, same, word

SAMPLE = 2_000
"""Snapshots of test cutoffs whose contributions are looked at."""

LOOKED_AT = 50_000
"""Snapshots of test cutoffs in which it is counted how risk moves."""

DRIVERS, MOVES, BINS = 12, 6, 6
"""Drivers that are named; how many are looked at closely; into how many parts their values are cut."""

WORDS: Words = {
    "customers": ("customers", "客户数"),
    "drivers": ("What drives the risk, over all customers", "影响风险的主要因素（全部客户）"),
    "drivers_note": (
        "Mean size of what each adds to the log odds, like ones together, on {count} snapshots that the model hadn't seen (exact TreeSHAP).",
        "各因素对风险对数几率贡献的平均绝对值（同类合并），取自模型未见过的 {count} 个样本（精确 TreeSHAP）。",
    ),
    "driver": ("driver", "因素"),
    "weight": ("mean effect, log odds", "平均影响（对数几率）"),
    "direction": ("direction", "方向"),
    "up": ("the more, the riskier", "越大风险越高"),
    "down": ("the more, the safer", "越大风险越低"),
    "mixed": ("in no one direction", "方向不一"),
    "moves": ("How risk moves with: {driver}", "风险如何随之变化：{driver}"),
    "moves_note": (
        "{count} snapshots that the model hadn't seen. Bars: the share that left, with its 95 % interval. Diamonds: the mean score of the model.",
        "模型未见过的 {count} 个样本。柱：实际流失率及 95% 区间；菱形：模型平均预测。",
    ),
    "band": ("from … to", "区间"),
    "left": ("left", "实际流失率"),
    "said": ("said", "模型预测"),
    "low": ("from", "下限"),
    "high": ("to", "上限"),
    "share": ("share that leaves", "流失比例"),
    "others": ("others", "其他"),
    "unknown": ("unknown", "未知"),
}


@dataclass(frozen=True)
class Driver:
    """Features that mean the same, by what they add to the score.

    Attributes:
        feature: the weightiest of them.
        weight: mean absolute sum of what all add, in log odds.
        direction: up, down or mixed: how the first one's values go with what it adds.
    """

    feature: str
    weight: float
    direction: str


def drivers(model: Model, rows: pa.Table) -> list[Driver]:
    """What drives the score, the weightiest first; features that mean the same count as one.

    Args:
        model: its booster tells what each feature adds.
        rows: snapshots that it hadn't seen.
    """
    added = model.contributions(rows)[:, :-1]
    features = model.columns.features
    together: dict[str, list[int]] = {}
    for place, name in enumerate(features):
        together.setdefault(topic_name(name), []).append(place)
    sizes = np.abs(added).mean(axis=0)
    matrix = model.columns.matrix(rows)
    found = []
    for places in together.values():
        weight = float(np.abs(added[:, places].sum(axis=1)).mean())
        first = max(places, key=lambda place: float(sizes[place]))
        name = features[first]
        found.append(
            Driver(name, weight, _direction(matrix[:, first], added[:, first], name in model.columns.categories))
        )
    return sorted((one for one in found if one.weight > 0), key=lambda one: (-one.weight, one.feature))


def _direction(values: np.ndarray, added: np.ndarray, category: bool) -> str:
    """Whether more means more risk, by rank correlation above a half."""
    known = ~np.isnan(values)
    if category or known.sum() < 10:
        return "mixed"
    ranks = [np.unique(one[known], return_inverse=True)[1].astype(float) for one in (values, added)]
    if min(float(one.std()) for one in ranks) == 0:
        return "mixed"
    together = float(np.corrcoef(np.stack(ranks))[0, 1])
    return "up" if together > 0.5 else "down" if together < -0.5 else "mixed"


def _amount(number: float) -> str:
    """To three digits.

    >>> _amount(4081.2), _amount(0.07222), _amount(21.0)
    ('4,080', '0.0722', '21')
    """
    return f"{round(float(f'{number:.3g}'), 4):,.10g}"


def _bands(values: pa.ChunkedArray) -> Iterator[tuple[str, np.ndarray]]:
    """What the values are cut into, from low to high, and who is in it; unknown last."""
    if pa.types.is_string(values.type) or pa.types.is_boolean(values.type):
        texts = np.asarray(values.cast(pa.string()).fill_null("unknown").to_pylist(), dtype=object)
        names, counts = np.unique(texts.astype(str), return_counts=True)
        ordered = names[np.argsort(-counts, kind="stable")]
        for name in ordered[:BINS]:
            yield str(name), texts == name
        if len(ordered) > BINS:
            yield "others", np.isin(texts.astype(str), ordered[BINS:])
        return
    numbers = np.asarray(values.cast(pa.float64()).to_numpy(), dtype=float)
    known = ~np.isnan(numbers)
    if known.any():
        borders = np.unique(np.quantile(numbers[known], np.linspace(0, 1, BINS + 1)[1:-1]))
        place = np.searchsorted(borders, numbers, side="left")
        for band in range(len(borders) + 1):
            mine = known & (place == band)
            if mine.any():
                low, high = float(numbers[mine].min()), float(numbers[mine].max())
                yield (_amount(low) if low == high else f"{_amount(low)} – {_amount(high)}"), mine
    if (~known).any():
        yield "unknown", ~known


def moves(
    number: int,
    driver: Driver,
    catalog: Mapping[str, Mapping[str, Any]],
    values: pa.ChunkedArray,
    scores: np.ndarray,
    label: np.ndarray,
) -> Picture:
    """Said and happened by the values of a feature.

    Args:
        number: of the picture.
        driver: its feature.
        catalog: by name.
        values: of the feature, one per snapshot.
        scores: of the model.
        label: 1 left.
    """
    said = meaning(catalog[driver.feature]) if driver.feature in catalog else same(driver.feature)
    rows = [
        {"band": band, "customers": int(mine.sum()), "said": float(scores[mine].mean()), **_left(label[mine])}
        for band, mine in _bands(values)
    ]
    unknown: Words = {name: WORDS[name] for name in ("unknown", "others")}
    columns = (
        Column("band", word(WORDS, "band"), words=unknown),
        Column("customers", word(WORDS, "customers"), "count"),
        Column("left", word(WORDS, "left"), "share"),
        Column("low", word(WORDS, "low"), "share"),
        Column("high", word(WORDS, "high"), "share"),
        Column("said", word(WORDS, "said"), "share"),
    )
    hover = told(
        ("band", said, ""),
        ("customers", word(WORDS, "customers"), ",.0f"),
        *((one.name, one.title, SHARE) for one in columns[2:]),
    )
    axis = titled(word(WORDS, "share"), SHARE)
    place = {"y": rows_of("band"), "tooltip": hover}
    layers = [
        {"mark": {"type": "bar", "color": "role:ours", "opacity": 0.45}, "encoding": {**place, "x": across("left", axis)}},
        {
            "mark": {"type": "rule", "color": "role:ours", "strokeWidth": 2},
            "encoding": {**place, "x": across("low", axis), "x2": {"field": "high"}},
        },
        {
            "mark": {"type": "point", "filled": True, "shape": "diamond", "size": 80, "color": "role:ink", "opacity": 1},
            "encoding": {**place, "x": across("said", axis)},
        },
    ]  # fmt: skip
    height = 26 * len(rows) + 50
    table = Table(f"moves_{number + 1}", columns, rows)
    return Picture(
        both(WORDS, "moves", driver=said),
        drawn(layers, height),
        table,
        both(WORDS, "moves_note", count=f"{len(label):,}"),
        height,
        half=True,
    )


def _left(label: np.ndarray) -> dict[str, float]:
    low, high = share_interval(int(label.sum()), len(label))
    return {"left": float(label.mean()), "low": low, "high": high}


def meaning(entry: Mapping[str, Any]) -> Both:
    """What a feature says, with its unit."""
    said: Mapping[str, str] = entry["meaning"]
    return said["en"], said["zh-CN"]


def weights(found: Sequence[Driver], catalog: Mapping[str, Mapping[str, Any]], count: int) -> Picture:
    """How much each driver weighs, and in which direction.

    Args:
        found: drivers, the weightiest first.
        catalog: by name.
        count: of the snapshots that were looked at.
    """
    names: Words = {one.feature: meaning(catalog[one.feature]) for one in found if one.feature in catalog}
    directions: Words = {name: WORDS[name] for name in ("up", "down", "mixed")}
    columns = (
        Column("driver", word(WORDS, "driver"), words=names),
        Column("weight", word(WORDS, "weight"), "number"),
        Column("direction", word(WORDS, "direction"), words=directions),
    )
    rows = [{"driver": one.feature, "weight": one.weight, "direction": one.direction} for one in found]
    hover = told(
        ("driver", word(WORDS, "driver"), ""),
        ("weight", word(WORDS, "weight"), NUMBER),
        ("direction", word(WORDS, "direction"), ""),
    )
    spec, height = bars(
        "driver", "weight", word(WORDS, "weight"), ".2f", len(rows), hover, beside="direction", above=True
    )
    note = both(WORDS, "drivers_note", count=f"{count:,}")
    return Picture(word(WORDS, "drivers"), spec, Table("drivers", columns, rows), note, height)

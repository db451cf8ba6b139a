"""Why they leave: causes by tier and group, what drives the risk, and how risk moves with it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from churnml.contracts.listed import TIERS
from churnml.contracts.segments import CAUSES, FOURFOLD
from churnml.errors import BundleError
from churnml.language import Words
from churnml.metrics import share_interval
from churnml.model import Model
from churnml.reasons import topic_name
from churnml.report.charts import NUMBER, SHARE, across, bars, drawn, rows_of, titled, told
from churnml.report.parts import Both, Cell, Column, Grid, Part, Picture, Section, Table, Text, both, same, word
from churnml.report.seen import Seen

SAMPLE = 2_000
"""Snapshots of test cutoffs whose contributions are looked at."""

DRIVERS, MOVES, BINS = 12, 6, 6
"""Drivers that are named; how many are looked at closely; into how many parts their values are cut."""

WORDS: Words = {
    "title": ("Why", "原因"),
    "causes": ("Causes of those to call, by tier", "需联系客户的原因（按等级）"),
    "groups": ("Causes of those to call, by group", "需联系客户的原因（按客户分组）"),
    "causes_note": (
        "Customers, and what they are expected to take with them in {currency}. No clear cause: nothing in the data says why.",
        "客户数与预期损失（{currency}）。“原因不明”表示数据中没有明确证据。",
    ),
    "corner": ("cause ↓", "原因 ↓"),
    "cause": ("cause", "原因类别"),
    "tier": ("tier", "等级"),
    "group": ("group", "客户分组"),
    "customers": ("customers", "客户数"),
    "loss": ("expected loss", "预期损失"),
    "nobody": ("Nobody is to be called, so there is no cause to show.", "没有需联系的客户，因此没有原因可示。"),
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
        "Test cutoffs. Bars: the share that left, with its 95 % interval. Diamonds: the mean score of the model.",
        "测试期数据。柱：实际流失率及 95% 区间；菱形：模型平均预测。",
    ),
    "value": ("{meaning}", "{meaning}"),
    "unit": ("{meaning} ({unit})", "{meaning}（{unit}）"),
    "band": ("from … to", "区间"),
    "left": ("left", "实际流失率"),
    "said": ("said", "模型预测"),
    "low": ("from", "下限"),
    "high": ("to", "上限"),
    "share": ("share that leaves", "流失比例"),
    "unknown": ("unknown", "未知"),
    "no_panel": (
        "What drives the model is with the pipeline that trained it.",
        "模型的影响因素保存在训练该模型的项目中。",
    ),
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


def why(seen: Seen) -> Section:
    """Causes, drivers, and how risk moves with them."""
    parts: list[Part] = [*_causes(seen), *_drivers(seen)]
    return Section("why", word(WORDS, "title"), parts)


def _causes(seen: Seen) -> Iterator[Part]:
    called = seen.called
    if not len(called) or "cause" not in called or called["cause"].isna().all():
        yield Text(word(WORDS, "nobody"), "soft")
        return
    yield _cross(seen, called, "tier", TIERS, seen.contacted, "causes")
    there = [name for name in FOURFOLD if (called["group"] == name).any()]
    yield _cross(seen, called, "group", FOURFOLD, there, "groups")


def _cross(seen: Seen, called: Any, by: str, words: Words, names: Sequence[str], title: str) -> Grid:
    causes = [name for name in CAUSES if (called["cause"] == name).any()]
    most = max(1.0, float(called.groupby(["cause", by]).size().max()))
    cells: list[list[Cell | None]] = []
    rows = []
    for cause in causes:
        line: list[Cell | None] = []
        for name in names:
            mine = called[(called["cause"] == cause) & (called[by] == name)]
            if not len(mine):
                line.append(None)
                continue
            loss = float(mine["expected_loss"].sum())
            told_of = [same(f"{len(mine):,}"), *([same(f"{loss:,.0f}")] if seen.worth else [])]
            line.append(Cell(told_of, float(len(mine) / most)))
            rows.append({"cause": cause, by: name, "customers": len(mine), "loss": loss})
        cells.append(line)
    columns = (
        Column("cause", word(WORDS, "cause"), words=CAUSES),
        Column(by, word(WORDS, by), words=words),
        Column("customers", word(WORDS, "customers"), "count"),
        Column("loss", word(WORDS, "loss"), "money"),
    )
    return Grid(
        name=title, title=word(WORDS, title), corner=word(WORDS, "corner"), across=[word(words, name) for name in names],
        down=[word(CAUSES, cause) for cause in causes], cells=cells, columns=(), table=Table(title, columns, rows),
        note=both(WORDS, "causes_note", currency=seen.currency),
    )  # fmt: skip


def _drivers(seen: Seen) -> Iterator[Part]:
    rows = _unseen(seen)
    if rows is None or not rows.num_rows:
        yield Text(word(WORDS, "no_panel"), "soft")
        return
    model = Model.load(seen.boosters, "evaluation") if seen.boosters else seen.bundle.model
    sample = rows.take(_sample(rows.num_rows))
    found = drivers(model, sample)[:DRIVERS]
    catalog = {str(entry["name"]): entry for entry in seen.bundle.catalog}
    yield _weights(found, catalog, sample.num_rows)
    scores, label = model.score(rows), rows["label"].to_numpy()
    for number, driver in enumerate(found[:MOVES]):
        yield moves(number, driver, catalog, rows[driver.feature], scores, label)


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


def meaning(entry: Mapping[str, Any]) -> Both:
    """What a feature says, with its unit."""
    said: Mapping[str, str] = entry["meaning"]
    return said["en"], said["zh-CN"]


def _weights(found: Sequence[Driver], catalog: Mapping[str, Mapping[str, Any]], count: int) -> Picture:
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
    unknown: Words = {"unknown": WORDS["unknown"]}
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
        both(WORDS, "moves", driver=said), drawn(layers, height), table, word(WORDS, "moves_note"), height, half=True
    )


def _amount(number: float) -> str:
    """To three digits.

    >>> _amount(4081.2), _amount(0.07222), _amount(21.0)
    ('4,080', '0.0722', '21')
    """
    return f"{float(f'{number:.3g}'):,.10g}"


def _left(label: np.ndarray) -> dict[str, float]:
    low, high = share_interval(int(label.sum()), len(label))
    return {"left": float(label.mean()), "low": low, "high": high}


def _bands(values: pa.ChunkedArray) -> Iterator[tuple[str, np.ndarray]]:
    """What the values are cut into, from low to high, and who is in it; unknown last."""
    if pa.types.is_string(values.type) or pa.types.is_boolean(values.type):
        texts = np.asarray(values.cast(pa.string()).fill_null("unknown").to_pylist(), dtype=object)
        names, counts = np.unique(texts.astype(str), return_counts=True)
        for name in names[np.argsort(-counts, kind="stable")][:BINS]:
            yield str(name), texts == name
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


def _unseen(seen: Seen) -> pa.Table | None:
    path = seen.panel / "snapshots.parquet" if seen.panel else None
    if path is None or not path.is_file():
        return None
    rows = pq.read_table(path, filters=[("split", "==", "test")])
    rows = rows.filter(pc.is_valid(rows["label"]))
    try:
        seen.bundle.model.columns.matrix(rows.slice(0, 1))
    except BundleError:
        return None
    return rows


def _sample(count: int) -> np.ndarray:
    """Places of at most so many rows, evenly over all."""
    return np.unique(np.linspace(0, count - 1, min(count, SAMPLE)).astype(int))

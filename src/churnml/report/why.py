"""Why they leave: causes by tier and group, what drives the risk, and how risk moves with it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from churnml.contracts.listed import TIERS
from churnml.contracts.segments import CAUSES, FOURFOLD
from churnml.errors import BundleError
from churnml.language import Words
from churnml.model import Model
from churnml.report.drivers import DRIVERS, LOOKED_AT, MOVES, SAMPLE, drivers, moves, weights
from churnml.report.parts import Cell, Column, Grid, Part, Section, Table, Text, both, same, word
from churnml.report.seen import Seen

WORDS: Words = {
    "causes": ("Causes of those to call, by tier", "需联系客户的原因（按等级）"),
    "groups": ("Causes of those to call, by group", "需联系客户的原因（按客户分组）"),
    "tier": ("tier", "等级"),
    "group": ("group", "客户分组"),
    "title": ("Why", "原因"),
    "causes_note": (
        "Customers, and what they are expected to take with them in {currency}. No clear cause: nothing in the data says why.",
        "客户数与预期损失（{currency}）。“原因不明”表示数据中没有明确证据。",
    ),
    "corner": ("cause ↓", "原因 ↓"),
    "cause": ("cause", "原因类别"),
    "customers": ("customers", "客户数"),
    "loss": ("expected loss", "预期损失"),
    "nobody": ("Nobody is to be called, so there is no cause to show.", "没有需联系的客户，因此没有原因可示。"),
    "no_panel": (
        "What drives the model is with the pipeline that trained it.",
        "模型的影响因素保存在训练该模型的项目中。",
    ),
}


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
    sample = rows.take(evenly(rows.num_rows, SAMPLE))
    found = drivers(model, sample)[:DRIVERS]
    catalog = {str(entry["name"]): entry for entry in seen.bundle.catalog}
    yield weights(found, catalog, sample.num_rows)
    scores, label = model.score(rows), rows["label"].to_numpy()
    for number, driver in enumerate(found[:MOVES]):
        yield moves(number, driver, catalog, rows[driver.feature], scores, label)


def _unseen(seen: Seen) -> pa.Table | None:
    path = seen.panel / "snapshots.parquet" if seen.panel else None
    if path is None or not path.is_file():
        return None
    rows = _tested(path)
    try:
        seen.bundle.model.columns.matrix(rows.slice(0, 1))
    except BundleError:
        return None
    return rows


def _tested(path: Path) -> pa.Table:
    """Labelled snapshots of test cutoffs, at most `LOOKED_AT`, evenly over all; a row group at a time."""
    told = pq.read_table(path, columns=["split", "label"])
    places = np.flatnonzero(pc.and_(pc.equal(told["split"], "test"), pc.is_valid(told["label"])).to_numpy())
    places, start = places[evenly(len(places), LOOKED_AT)], 0
    parts: list[pa.Table] = []
    with pq.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            count = file.metadata.row_group(group).num_rows
            mine = places[(places >= start) & (places < start + count)] - start
            if len(mine) or not parts:
                parts.append(file.read_row_group(group).take(pa.array(mine)))
            start += count
    return pa.concat_tables(parts)


def evenly(count: int, most: int) -> np.ndarray:
    """At most so many places out of `count`, evenly over all.

    >>> evenly(3, 5).tolist(), evenly(10, 4).tolist()
    ([0, 1, 2], [0, 3, 6, 9])
    """
    return np.unique(np.linspace(0, count - 1, min(count, most)).astype(int))

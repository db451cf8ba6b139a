"""Pictures as PNG, for MLflow: the very ones that stand in the page."""

import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from churnml.language import Locale
from churnml.report.evaluation import against, calibration, groups, importance, past_tiers, ranking, rates
from churnml.report.html import plain, written
from churnml.report.parts import Picture, Row, Section
from churnml.report.theme import coloured, theme

_WIDTH, _SCALE = 760, 2.0

PICTURES: Mapping[str, Callable[[Sequence[Row]], Sequence[Picture]]] = {
    "calibration": lambda rows: [calibration(rows)],
    "cutoffs": lambda rows: [ranking(rows, []), rates(rows)],
    "tiers": lambda rows: [past_tiers(rows)],
    "against": lambda rows: [against(rows)],
    "groups": lambda rows: [groups(rows)],
    "importance": lambda rows: [importance(rows)],
}
"""File of `reports/plots/` -> what is drawn from it."""


def draw(plots: Path, out: Path, locale: Locale = "en") -> list[Path]:
    """Draw every file of a folder of plots that has a picture.

    Args:
        plots: `reports/plots/train` or `reports/plots/calibrate`.
        out: folder of the PNG files.
        locale: of the words.

    Returns:
        the pictures.
    """
    found: list[Picture] = []
    for name, pictures in PICTURES.items():
        path = plots / f"{name}.csv"
        rows = read(path) if path.is_file() else []
        found += pictures(rows) if rows else []
    return [png(one, out, locale) for one in found]


def draw_all(sections: Sequence[Section], out: Path, locale: Locale) -> list[Path]:
    """Every picture of a page."""
    return [png(part, out, locale) for one in sections for part in one.parts if isinstance(part, Picture)]


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a plot."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def png(picture: Picture, out: Path, locale: Locale) -> Path:
    """One picture, on white."""
    import vl_convert

    config = theme("light")
    spec = coloured(_in(picture.spec, locale), config.pop("roles"))
    spec |= {
        "width": _WIDTH,
        "title": {"text": picture.title[locale == "zh-CN"], "anchor": "start"},
        "data": {"name": "rows", "values": _rows(picture, locale)},
        "background": "white",
        "padding": 12,
    }
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{picture.name}.png"
    path.write_bytes(vl_convert.vegalite_to_png(spec, scale=_SCALE, config={**config, "font": "sans-serif"}))
    return path


def _in(spec: Any, locale: Locale) -> Any:
    """A spec in one language."""
    if isinstance(spec, tuple):
        return spec[locale == "zh-CN"]
    if isinstance(spec, Mapping):
        return {key: _in(value, locale) for key, value in spec.items()}
    return [_in(value, locale) for value in spec] if isinstance(spec, list) else spec


def _rows(picture: Picture, locale: Locale) -> list[dict[str, Any]]:
    """What the page reads from its table: texts as people read them, numbers as they are."""
    texts = {column.name: column for column in picture.table.columns if column.kind in ("text", "id", "day")}

    def cell(name: str, value: Any) -> Any:
        value = plain(value)
        return value if value is None or name not in texts else written(value, texts[name])[locale == "zh-CN"]

    names = [column.name for column in picture.table.columns]
    return [{name: cell(name, row.get(name)) for name in names} for row in picture.table.rows]

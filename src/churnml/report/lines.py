"""Lines over days, each named where it ends."""

from collections.abc import Mapping, Sequence
from typing import Any

from churnml.report.charts import drawn, titled
from churnml.report.parts import Both, Row, Spec


def over_time(
    rows: Sequence[Row],
    lines: Sequence[tuple[str, Both, str]],
    title: Both,
    form: str,
    hover: Sequence[Mapping[str, Any]],
    *,
    x: str = "as_of",
    low: str = "",
    high: str = "",
    zero: bool = True,
    height: int = 220,
) -> tuple[Spec, int]:
    """Lines over days, each named at its end, the first with its interval.

    Args:
        rows: what is drawn, in order of time.
        lines: column, name, role; the first is ours.
        title: of the numbers.
        form: of the numbers.
        hover: what is told.
        x: column of days.
        low: lower end of the interval of the first line.
        high: upper end.
        zero: the axis begins at 0.
        height: in pixels.

    Returns:
        the spec, and its height.
    """
    axis = titled(title, form)
    scale = {"zero": zero}
    days = {
        "field": x,
        "type": "ordinal",
        "axis": {
            "title": None,
            "labelAngle": 0,
            "labelOverlap": True,
            "domain": False,
            "ticks": False,
            "labelPadding": 6,
        },
    }
    base = {"x": days, "tooltip": list(hover)}
    layers: list[dict[str, Any]] = []
    if low:
        layers.append(
            {
                "mark": {"type": "rule", "color": "role:ours", "strokeWidth": 2},
                "encoding": {
                    **base,
                    "y": {"field": low, "type": "quantitative", "axis": axis, "scale": scale},
                    "y2": {"field": high},
                },
            }
        )
    above = _highest([column for column, _, _ in lines], rows)
    for column, name, role in reversed(lines):
        value = {"field": column, "type": "quantitative", "axis": axis, "scale": scale}
        mark = {
            "type": "line",
            "color": f"role:{role}",
            "strokeWidth": 2,
            "point": {"filled": True, "size": 50, "color": f"role:{role}", "opacity": 1},
            **({"strokeDash": [4, 3]} if role == "other" else {}),
        }
        layers.append({"mark": mark, "encoding": {**base, "y": value}})
        layers += named(
            {
                "transform": [
                    {"filter": f"isValid(datum[{column!r}])"},
                    {"window": [{"op": "row_number", "as": "place"}]},
                    {"joinaggregate": [{"op": "max", "field": "place", "as": "last"}]},
                    {"filter": "datum.place == datum.last"},
                ],
                "mark": {
                    "type": "text",
                    "align": "right",
                    "dy": -12 if column == above else 15,
                    "dx": 4,
                    "color": f"role:{role}",
                    "text": name,
                },
                "encoding": {"x": days, "y": value},
            }
        )
    return drawn(layers, height), height + 40


def named(layer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A name in a picture, readable over the lines that it crosses."""
    behind = {**layer["mark"], "stroke": "role:card", "strokeWidth": 4, "strokeJoin": "round"}
    return [{**layer, "mark": behind}, dict(layer)]


def _highest(columns: Sequence[str], rows: Sequence[Row]) -> str:
    """Which line ends highest, so that names don't cross."""
    ends = {name: next((row[name] for row in reversed(rows) if row[name] is not None), 0.0) for name in columns}
    return max(columns, key=lambda name: float(ends[name]))

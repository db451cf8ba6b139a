"""Pictures that need no legend, in Vega-Lite: what is drawn is named where it is drawn, and every number has its interval.

Colours are roles, so that the page can be light or dark: `ours` for what churnml says, `other` for what it is held against,
`bad` for what to look at. Blue and orange are told apart by all; no meaning lies in red and green.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from churnml.report.parts import Both, Spec

_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
SHARE, MONEY, COUNT, NUMBER = ".1~%", ",.0f", ",.0f", ".3f"
_ROW = 30
"""Height of a row in pixels."""


def titled(title: Both | None, format_: str, **more: Any) -> dict[str, Any]:
    """An axis with numbers."""
    return {"title": title, "format": format_, "tickCount": 5, **more}


def told(*columns: tuple[str, Both, str]) -> list[dict[str, Any]]:
    """What is shown on hover: name of a column, what it is called, format ('' for words)."""
    kinds = {True: "quantitative", False: "nominal"}
    return [
        {"field": name, "title": title, "type": kinds[bool(form)], **({"format": form} if form else {})}
        for name, title, form in columns
    ]


def drawn(layers: Sequence[Mapping[str, Any]], height: int, **shared: Any) -> Spec:
    """A picture as wide as its place."""
    return {
        "$schema": _SCHEMA,
        "width": "container",
        "height": height,
        "autosize": {"type": "fit", "contains": "padding"},
        "data": {"name": "rows"},
        "layer": list(layers),
        **shared,
    }


def across(field: str, axis: Mapping[str, Any] | None, **more: Any) -> dict[str, Any]:
    """A number from left to right."""
    return {"field": field, "type": "quantitative", "axis": axis, **more}


def rows_of(field: str) -> dict[str, Any]:
    """Words from top to bottom, in the order of the rows."""
    axis = {"title": None, "ticks": False, "domain": False, "labelPadding": 8}
    return {"field": field, "type": "nominal", "sort": None, "axis": axis}


def bars(
    y: str,
    x: str,
    title: Both,
    form: str,
    count: int,
    hover: Sequence[Mapping[str, Any]],
    *,
    role: str = "ours",
    low: str = "",
    high: str = "",
    beside: str = "",
    above: bool = False,
) -> tuple[Spec, int]:
    """One bar per row with its number at its end, its interval if there is one, and a word beside the number.

    Long names stand above their bars.

    Returns:
        the spec, and its height.
    """
    axis = titled(title, form, grid=False)
    place = {**rows_of(y), "axis": None} if above else rows_of(y)
    base = {"y": place, "tooltip": list(hover)}
    step = _ROW + 16 if above else _ROW
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "bar", "color": f"role:{role}", "height": 18, **({"yOffset": 8} if above else {})},
            "encoding": {**base, "x": across(x, axis)},
        },
    ]
    end = x
    if low:
        end = high
        layers.append(
            {
                "mark": {"type": "rule", "strokeWidth": 2, "color": "role:ink"},
                "encoding": {**base, "x": across(low, axis), "x2": {"field": high}},
            }
        )
    more = f" + '   ' + datum[{beside!r}]" if beside else ""
    layers.append(
        {
            "transform": [{"calculate": f"format(datum[{x!r}], {form!r}){more}", "as": "number"}],
            "mark": {"type": "text", "align": "left", "dx": 5, "color": "role:ink", **({"dy": 8} if above else {})},
            "encoding": {**base, "x": across(end, axis), "text": {"field": "number", "type": "nominal"}},
        }
    )
    if above:
        name = {"type": "text", "align": "left", "dy": -11, "x": 0, "color": "role:ink", "limit": {"expr": "width"}}
        layers.append({"mark": name, "encoding": {**base, "text": {"field": y, "type": "nominal"}}})
    height = step * count + 50
    room = {"padding": {"left": 5, "top": 5, "bottom": 5, "right": 45}}  # for a number behind its bar
    return drawn(layers, height, **room), height


def intervals(
    y: str,
    title: Both,
    form: str,
    count: int,
    hover: Sequence[Mapping[str, Any]],
    *,
    x: str,
    low: str,
    high: str,
    zero: bool = True,
    at: float | None = None,
    second: tuple[str, Both, Both] | None = None,
) -> tuple[Spec, int]:
    """One dot with its interval per row; a line where nothing would be; a second dot in grey, and both named in the first row.

    Args:
        y: column of words.
        title: of the numbers.
        form: of the numbers.
        count: of rows.
        hover: what is told.
        x: column of the numbers, with `low` and `high`, the ends of their intervals.
        low: see `x`.
        high: see `x`.
        zero: the axis begins at 0.
        at: where a line stands.
        second: another column, its name, and the name of the first.

    Returns:
        the spec, and its height.
    """
    scale = {"zero": zero, "nice": True}
    axis = titled(title, form)
    base = {"y": rows_of(y), "tooltip": list(hover)}
    layers: list[dict[str, Any]] = []
    if at is not None:
        layers.append(
            {
                "data": {"values": [{"at": at}]},
                "mark": {"type": "rule", "color": "role:other", "strokeWidth": 2},
                "encoding": {"x": across("at", axis, scale=scale)},
            }
        )
    layers += [
        {
            "mark": {"type": "rule", "color": "role:ours", "strokeWidth": 2},
            "encoding": {**base, "x": across(low, axis, scale=scale), "x2": {"field": high}},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 70, "color": "role:ours", "opacity": 1},
            "encoding": {**base, "x": across(x, axis, scale=scale)},
        },
    ]
    if second:
        other, name, first = second
        layers.append(
            {
                "mark": {
                    "type": "point",
                    "filled": True,
                    "size": 70,
                    "shape": "diamond",
                    "color": "role:other",
                    "opacity": 1,
                },
                "encoding": {**base, "x": across(other, axis, scale=scale)},
            }
        )
        layers += [
            _name_of_first(y, x, first, "role:ours", axis, scale),
            _name_of_first(y, other, name, "role:other", axis, scale, below=True),
        ]
    height = (_ROW + (8 if second else 0)) * count + 50
    return drawn(layers, height), height


def _name_of_first(
    y: str, x: str, name: Both, style: str, axis: Mapping[str, Any], scale: Mapping[str, Any], *, below: bool = False
) -> dict[str, Any]:
    """What a dot is called, at the first row."""
    return {
        "transform": [
            {"filter": f"isValid(datum[{x!r}])"},
            {"window": [{"op": "row_number", "as": "place"}]},
            {"filter": "datum.place == 1"},
        ],
        "mark": {"type": "text", "dy": 14 if below else -13, "color": style, "text": name},
        "encoding": {"y": rows_of(y), "x": across(x, axis, scale=scale)},
    }

"""Roles and their colours, by light and by dark. Blue and orange are told apart by all; no meaning lies in red and green."""

from collections.abc import Mapping
from typing import Any

_ROLE = "role:"
_SANS = 'system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif'
_INK: Mapping[str, Mapping[str, Any]] = {
    "light": {
        "ink": "#1d2329", "soft": "#5c6670", "line": "#dde2e7", "ours": "#1f5fa8", "other": "#7a848e", "bad": "#b8480f", "card": "#ffffff",
        "ramp": ["#eef4fb", "#a9c8e8", "#5b93cd", "#1f5fa8", "#0d3a6e"],
    },
    "dark": {
        "ink": "#e6e9ec", "soft": "#a3adb7", "line": "#353d45", "ours": "#7db3ec", "other": "#98a3ae", "bad": "#ff9a5c", "card": "#1d2329",
        "ramp": ["#1f2a36", "#2a4a6d", "#3b74ad", "#6aa6e4", "#c2ddf8"],
    },
}  # fmt: skip


def theme(name: str) -> dict[str, Any]:
    """What the roles look like: `light` or `dark`; Vega-Lite's `config`."""
    ink = _INK[name]
    quiet = {"labelColor": ink["soft"], "titleColor": ink["soft"], "tickColor": ink["line"], "domainColor": ink["line"]}
    return {
        "background": None,
        "font": _SANS,
        "view": {"stroke": None},
        "axis": {
            **quiet,
            "gridColor": ink["line"],
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "labelLimit": 300,
        },
        "text": {"color": ink["ink"], "fontSize": 12},
        "range": {"ramp": ink["ramp"], "heatmap": ink["ramp"]},
        "roles": {role: ink[role] for role in ("ours", "other", "bad", "ink", "soft", "line", "card")},
    }


def coloured(spec: Any, roles: Mapping[str, str]) -> Any:
    """A spec whose roles are colours.

    >>> coloured({"mark": {"color": "role:ours"}}, {"ours": "#1f5fa8"})
    {'mark': {'color': '#1f5fa8'}}
    """
    if isinstance(spec, str):
        return roles[spec.removeprefix(_ROLE)] if spec.startswith(_ROLE) else spec
    if isinstance(spec, Mapping):
        return {key: coloured(value, roles) for key, value in spec.items()}
    return [coloured(value, roles) for value in spec] if isinstance(spec, list) else spec
